"""Colours, letters and shapes, fixed for the whole product and every export.

Colour says who, shape says what was struck, area says how many died. Colours are
Okabe and Ito's colour-blind-safe set; since colour must never be the only sign, each
also has a letter. State forces and their partners are grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ColourGroup:
    """A class of actors that shares one colour."""

    code: str
    colour: str
    letter: str
    hollow: bool = False


@dataclass(frozen=True)
class TargetClass:
    """A class of targets that shares one shape."""

    code: str
    shape: str


COLOUR_GROUPS = (
    ColourGroup("jnim", "#D55E00", "J"),
    ColourGroup("is-sahel", "#0072B2", "I"),
    ColourGroup("other-jihadist", "#E69F00", "A"),
    ColourGroup("separatist", "#009E73", "S"),
    ColourGroup("militia", "#CC79A7", "M"),
    ColourGroup("state", "#8C8C8C", "G"),
    ColourGroup("foreign", "#4D4D4D", "X"),
    ColourGroup("unknown", "#595959", "?", hollow=True),
)
"""In the order of the legend; positions are packed, so new ones go at the end."""

TARGET_CLASSES = (
    TargetClass("security-forces", "circle"),
    TargetClass("civilians", "diamond"),
    TargetClass("armed-group", "square"),
    TargetClass("economy", "triangle"),
)
"""In the order of the legend; positions are packed, so new ones go at the end."""

SEQUENTIAL = ("#F1EEF6", "#D0D1E6", "#A6BDDB", "#74A9CF", "#2B8CBE", "#045A8D")
"""Classes of a choropleth, from few to many; lightness alone tells them apart."""

GROUP_CODES = tuple(group.code for group in COLOUR_GROUPS)
TARGET_CODES = tuple(target.code for target in TARGET_CLASSES)


def legend_groups(labels: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the colour groups as the map's message wants them.

    Parameters
    ----------
    labels : mapping
        Label in the reader's language for each code of :data:`COLOUR_GROUPS`.

    Returns
    -------
    list of dict
        ``code``, ``label``, ``colour``, ``letter`` and ``hollow``, in legend order.
    """
    return [
        {
            "code": group.code,
            "label": labels[group.code],
            "colour": group.colour,
            "letter": group.letter,
            "hollow": group.hollow,
        }
        for group in COLOUR_GROUPS
    ]


def legend_targets(labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the target classes as the map's message wants them.

    Parameters
    ----------
    labels : mapping
        Label in the reader's language for each code of :data:`TARGET_CLASSES`.

    Returns
    -------
    list of dict
        ``code``, ``label`` and ``shape``, in legend order.
    """
    return [
        {"code": target.code, "label": labels[target.code], "shape": target.shape}
        for target in TARGET_CLASSES
    ]
