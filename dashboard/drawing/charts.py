"""Charts as finished Vega-Lite specifications, on scales given by the caller.

A specification is a plain dict: it costs no validation on each run, and text in it is
drawn on a canvas, where it can be nothing but text.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.drawing.palette import COLOUR_GROUPS

_BARE = {"domain": False, "ticks": False, "grid": False, "title": None}
# Vega-Lite's expressions see the locale only through these formats, so months and
# years are written as numbers, which read alike in English and French.
_TIME = {"month": "%m/%Y", "quarter": "%m/%Y", "year": "%Y"}


def trend(
    counts: pd.DataFrame,
    *,
    step: str,
    most: int,
    words: dict[str, str],
    description: str,
) -> dict[str, Any]:
    """Draw counts by step as bars.

    Parameters
    ----------
    counts : DataFrame
        As returned by ``count_by_step``: ``start`` and ``events``.
    step : {"month", "quarter", "year"}
        Length of a step.
    most : int
        End of the vertical scale, the same for all charts shown side by side.
    words : dict
        ``events`` and ``start``, titles of the tooltip.
    description : str
        What a screen reader says of the chart.

    Returns
    -------
    dict
        A Vega-Lite specification with its data inside.
    """
    rows = [
        {"start": start.strftime("%Y-%m-%d"), "events": int(events)}
        for start, events in zip(counts["start"], counts["events"], strict=True)
    ]
    unit = {"month": "yearmonth", "quarter": "yearquarter", "year": "year"}[step]
    return {
        "description": description,
        "data": {"values": rows},
        "mark": {"type": "bar", "color": "#0072B2"},
        "height": 140,
        "encoding": {
            "x": {
                "field": "start",
                "type": "temporal",
                "timeUnit": unit,
                "axis": {**_BARE, "format": "%Y", "labelOverlap": True, "ticks": True},
            },
            "y": {
                "field": "events",
                "type": "quantitative",
                "scale": {"domain": [0, max(most, 1)]},
                "axis": {"title": None, "tickMinStep": 1, "tickCount": 3},
            },
            "tooltip": [
                {
                    "field": "start",
                    "type": "temporal",
                    "format": _TIME[step],
                    "title": words["start"],
                },
                {"field": "events", "type": "quantitative", "title": words["events"]},
            ],
        },
    }


def share_bars(
    table: pd.DataFrame, *, labels: dict[str, str], description: str
) -> dict[str, Any]:
    """Draw shares as horizontal bars from 0 to 100 %, with the counts beside them.

    Parameters
    ----------
    table : DataFrame
        As returned by ``shares``: ``code``, ``events``, ``share``.
    labels : dict
        Words of each code.
    description : str
        What a screen reader says of the chart.
    """
    colours = {group.code: group.colour for group in COLOUR_GROUPS}
    rows = [
        {
            "label": labels.get(code, code),
            "share": share,
            "events": int(events),
            "colour": colours.get(code, "#56B4E9"),
        }
        for code, events, share in zip(
            table["code"], table["events"], table["share"], strict=True
        )
    ]
    base = {
        "y": {
            "field": "label",
            "type": "nominal",
            "sort": None,
            # One width for all, so that charts side by side start at one place.
            "axis": {
                **_BARE,
                "labelLimit": 170,
                "minExtent": 175,
                "maxExtent": 175,
                "labelFontSize": 12,
            },
        }
    }
    return {
        "description": description,
        "data": {"values": rows},
        "height": {"step": 24},
        "layer": [
            {
                "mark": {"type": "bar", "height": 16},
                "encoding": {
                    **base,
                    "x": {
                        "field": "share",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1.1]},
                        "axis": {
                            **_BARE,
                            "format": ".0%",
                            "values": [0, 0.5, 1],
                        },
                    },
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
                "encoding": {
                    **base,
                    "x": {"field": "share", "type": "quantitative"},
                    "text": {"field": "events", "type": "quantitative"},
                    "color": {"value": {"expr": "theme_text"}},
                },
            },
        ],
        "params": [{"name": "theme_text", "value": "#888888"}],
    }
