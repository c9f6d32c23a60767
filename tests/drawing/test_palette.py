"""Colours, letters and shapes."""

from __future__ import annotations

from itertools import combinations

import pytest

from dashboard.drawing.palette import (
    COLOUR_GROUPS,
    GROUP_CODES,
    SEQUENTIAL,
    TARGET_CLASSES,
    legend_groups,
    legend_targets,
)


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_no_sign_is_used_twice():
    for values in (
        [group.colour for group in COLOUR_GROUPS],
        [group.letter for group in COLOUR_GROUPS],
        [group.code for group in COLOUR_GROUPS],
        [target.shape for target in TARGET_CLASSES],
    ):
        assert len(set(values)) == len(values)


def test_order_is_fixed():
    """Positions are packed: a code may be added at the end, never moved."""
    assert GROUP_CODES[:8] == (
        "jnim", "is-sahel", "other-jihadist", "separatist",
        "militia", "state", "foreign", "unknown",
    )  # fmt: skip
    codes = [target.code for target in TARGET_CLASSES]
    assert codes[:4] == ["security-forces", "civilians", "armed-group", "economy"]


@pytest.mark.parametrize("group", COLOUR_GROUPS, ids=lambda group: group.code)
def test_letters_can_be_read_on_their_colour(group):
    paper = "#FFFFFF" if group.hollow else group.colour
    inks = [group.colour] if group.hollow else ["#000000", "#FFFFFF"]
    assert max(contrast(ink, paper) for ink in inks) >= 4.5


def test_classes_of_a_choropleth_darken_step_by_step():
    steps = [luminance(colour) for colour in SEQUENTIAL]
    assert steps == sorted(steps, reverse=True)
    assert all(a - b > 0.03 for a, b in combinations(steps, 2))


def test_legend_entries():
    labels = {code: code.upper() for code in GROUP_CODES}
    first, *_, last = legend_groups(labels)
    assert first == {
        "code": "jnim", "label": "JNIM", "colour": "#D55E00", "letter": "J",
        "hollow": False,
    }  # fmt: skip
    assert last["hollow"] is True
    targets = legend_targets({t.code: t.code for t in TARGET_CLASSES})
    assert [target["shape"] for target in targets] == [
        "circle", "diamond", "square", "triangle",
    ]  # fmt: skip
