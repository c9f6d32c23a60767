"""The message that tells the map what to draw: numbers, codes, and words apart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.analysis.counts import (
    RATE_CENSUS,
    SCALES,
    count_by_region,
    events_by_region,
    period_of,
)
from dashboard.analysis.filter import EventFilter
from dashboard.drawing.packing import PackedEvents, pack_events, to_day
from dashboard.drawing.palette import (
    GROUP_CODES,
    SEQUENTIAL,
    TARGET_CODES,
    legend_groups,
    legend_targets,
)
from dashboard.writing.card import deaths_in_words
from dashboard.writing.catalogue import Catalogue

MEASURES = ("events", "deaths", "rate")


def pack_atlas(atlas: Atlas) -> PackedEvents:
    """Pack all events of an atlas, once for all readers."""
    columns = atlas.events.rename(columns={"actor_class": "colour_group"})
    # A toll shared by the sites of an operation is drawn at none of them: as many
    # marks of its size as there are sites would show it as many times.
    own = columns["toll_id"].eq(columns["event_id"])
    columns["deaths_best"] = columns["deaths_best"].where(own)
    return pack_events(columns, GROUP_CODES, TARGET_CODES)


def shared_tolls(atlas: Atlas, packed: PackedEvents) -> list[list[int]]:
    """Return position and deaths of the events that share one toll.

    It is drawn at none of them, and yet it is what a least number of deaths is held to.
    """
    events = atlas.events.set_index("event_id").loc[list(packed.order)]
    deaths = events["deaths_best"].where(events["toll_id"].ne(events.index))
    return [[at, int(n)] for at, n in enumerate(deaths) if pd.notna(n)]


def _operation_label(
    operation_id: str, events: pd.DataFrame, atlas: Atlas, say: Catalogue
) -> str:
    """Return the name of an operation, with its toll where its sites share one."""
    name = atlas.name(operation_id, say.language)
    first = events.iloc[0]
    if first["toll_id"] != operation_id:
        return name
    toll = say("label_value", label=say["deaths"], value=deaths_in_words(first, say))
    return say("name_in_brackets", name=name, remark=toll)


def _measured(
    events: pd.DataFrame, atlas: Atlas, chosen: EventFilter, measure: str
) -> pd.Series:
    """Return a measure by region, missing where it cannot be known."""
    if measure == "deaths":
        return count_by_region(events, atlas, chosen.boundary_set)["deaths_best"]
    counts = events_by_region(atlas, chosen)
    if measure == "events":
        return counts
    people = atlas.regions.population(chosen.boundary_set, RATE_CENSUS)
    return counts / people.reindex(counts.index).astype("Float64") * 100_000


def choropleth(
    events: pd.DataFrame,
    atlas: Atlas,
    chosen: EventFilter,
    measure: str,
    say: Catalogue,
) -> dict[str, Any] | None:
    """Return colours and labels of the regions for a measure, None without one.

    The classes are those of ``SCALES`` whatever the filter shows. Regions of the
    2012/2016 ten have no polygons of their own, so that set has no choropleth.
    """
    if measure not in MEASURES or chosen.boundary_set == "mali-10":
        return None
    scale = SCALES[measure]
    digits = 1 if measure == "rate" else 0
    values = {}
    for region_id, value in _measured(events, atlas, chosen, measure).items():
        if pd.isna(value):
            continue
        name = atlas.regions.name(chosen.boundary_set, str(region_id), say.language)
        text = say("label_value", label=name, value=say.number(float(value), digits))
        values[region_id] = {"class": scale.class_of(float(value)), "label": text}
    edges = [say.number(edge, 1) for edge in scale.breaks]
    labels = [say["nothing"], say("less_than", number=edges[0])]
    labels += [
        say("from_to_under", low=low, high=high) for low, high in pairwise(edges)
    ]
    labels.append(say("or_more", number=edges[-1]))
    return {
        "values": values,
        "classes": [
            {"colour": colour, "label": label}
            for colour, label in zip(SEQUENTIAL, labels, strict=True)
        ],
        "title": say[f"measure_{measure}"],
    }


def map_frame(atlas: Atlas, packed: PackedEvents, say: Catalogue) -> dict[str, Any]:
    """Return what of a map's message is the same whatever the filter shows.

    Parameters
    ----------
    atlas : Atlas
        The joined record.
    packed : PackedEvents
        All of its events, see ``pack_atlas``.
    say : Catalogue
        Words of the language.

    Returns
    -------
    dict
        How the events are packed, legend, operations, milestones and words.
    """
    language = say.language
    position = {event_id: place for place, event_id in enumerate(packed.order)}
    operations = [
        {
            "members": [position[key] for key in rows["event_id"] if key in position],
            "label": _operation_label(str(operation_id), rows, atlas, say),
        }
        for operation_id, rows in atlas.events.groupby("operation_id")
    ]
    milestones = atlas.record.milestones
    dated = milestones[milestones["date_start"].notna() & ~milestones["recurs"]]
    return {
        "language": language,
        "words": say.part("map_"),
        "layout": packed.layout,
        "extent": [to_day(atlas.first_day), to_day(atlas.last_day)],
        "groups": legend_groups({code: say[f"actor_{code}"] for code in GROUP_CODES}),
        "targets": legend_targets(
            {code: say[f"target_{code}"] for code in TARGET_CODES}
        ),
        "precisions": [
            atlas.label("location_precision", code, language)
            for code in ("site", "town", "area", "region", "country")
        ],
        "tolls": shared_tolls(atlas, packed),
        "operations": operations,
        "milestones": [
            {
                "day": to_day(row.date_start),
                "day_end": to_day(row.date_end),
                "label": getattr(row, f"title_{language}"),
                "major": bool(row.major),
            }
            for row in dated.sort_values("date_start").itertuples()
        ],
    }


def map_message(
    atlas: Atlas,
    packed: PackedEvents,
    chosen: EventFilter,
    say: Catalogue,
    *,
    ground: str,
    measure: str = "",
    layers: Mapping[str, bool] | None = None,
    selected: dict[str, Any] | None = None,
    frame: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the map component draws for a filter.

    Parameters
    ----------
    atlas : Atlas
        The joined record.
    packed : PackedEvents
        All of its events, see ``pack_atlas``.
    chosen : EventFilter
        What to show. Its dates become the window of the time strip; its classes and
        least deaths the limits of the legend; all else a mask.
    say : Catalogue
        Words of the language.
    ground : str
        Address of the ground below the app's own.
    measure : str
        One of ``MEASURES`` to colour the regions, else empty.
    layers : mapping, optional
        Which parts of the ground to show.
    selected : dict, optional
        ``index`` and ``card`` of the open event.
    frame : mapping, optional
        What ``map_frame`` returned for this atlas and language, if it is at hand.

    Returns
    -------
    dict
        See ``static/map/main.js``.
    """
    visible = chosen.beyond_the_browser().mask(atlas)
    shown = chosen.apply(atlas)
    period = period_of(atlas, chosen)
    if period.start > atlas.last_day.date() or period.end < atlas.first_day.date():
        # The strip ends with the record: its last day is not what was asked for.
        visible &= False
    return {
        **(frame or map_frame(atlas, packed, say)),
        "ground": ground,
        "visible": packed.visible(visible),
        "window": [to_day(period.start), to_day(period.end)],
        "limits": {
            "groups": [code for code in GROUP_CODES if code in chosen.actor_classes],
            "targets": [code for code in TARGET_CODES if code in chosen.target_classes],
            "deaths": chosen.min_deaths,
        },
        "choropleth": choropleth(shown, atlas, chosen, measure, say),
        "regions_layer": (
            "mali-20-approx" if chosen.boundary_set == "mali-20" else "mali-9"
        ),
        "layers": dict(layers or {"relief": True, "rivers": True, "towns": True}),
        "selected": selected,
        "view": None,
    }
