"""An event layer in which every text tries to be more than text."""

from __future__ import annotations

import tomllib
from pathlib import Path

from dashboard.drawing import palette
from dashboard.drawing.event_layer import EventLayer
from dashboard.drawing.packing import pack_events, to_day
from tests.front import world
from tests.front.world import HOSTILE

WORDS = Path(__file__).with_name("en.toml")


def event_layer() -> EventLayer:
    """Return all made events; legend, words and cards full of hostile text."""
    packed = pack_events(world.events(), palette.GROUP_CODES, palette.TARGET_CODES)
    words = tomllib.loads(WORDS.read_text("utf-8"))
    groups = palette.legend_groups(world.GROUP_LABELS["en"])
    groups[0]["label"] = HOSTILE
    period = [to_day("2012-01-01"), to_day("2026-06-30")]
    message = {
        "language": "en",
        "words": {**words, "map_attribution": HOSTILE},
        "groups": groups,
        "targets": palette.legend_targets(world.TARGET_LABELS["en"]),
        "precisions": world.PRECISION_LABELS["en"],
        "extent": period,
        "window": period,
        "operations": world.operations(packed),
        "milestones": [{"day": to_day("2020-08-18"), "label": HOSTILE, "major": True}],
    }
    cards = {event_id: world.card(event_id) for event_id in packed.order}
    return EventLayer(packed, message, cards)
