"""The row of key figures, as ranges, each with its change from the period before."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.analysis.comparison import TOO_FEW
from dashboard.analysis.counts import KeyFigures
from dashboard.elements.parts import show_part


def show_figures(now: KeyFigures, before: KeyFigures | None, *, key: str) -> None:
    """Draw the key figures of some events.

    Parameters
    ----------
    now : KeyFigures
        What is shown.
    before : KeyFigures or None
        The period of as many days before it; None where the record lacks it.
    key : str
        Name of the row on its page.
    """
    say = state.words()
    deaths = say.span(now.deaths_low, now.deaths_high)
    best = say("best_of", count=now.deaths_best)
    tiles = [
        _tile("events", say.number(now.events), now, before, "events"),
        _tile("deaths", deaths, now, before, "deaths_best", best),
        _tile("operations", say.number(now.operations), now, before, "operations"),
        _tile("places", say.number(now.places), now, before, "places"),
    ]
    show_part({"kind": "figures", "tiles": tiles}, key=key)
    remark = say("tolls_behind", count=now.tolls, without=now.without_toll)
    if before is None:
        remark += " " + say["no_period_before"]
    st.caption(remark)


def _tile(
    key: str,
    value: str,
    now: KeyFigures,
    before: KeyFigures | None,
    name: str,
    *remarks: str,
) -> dict[str, Any]:
    """Return one figure with what is to be said under it."""
    say = state.words()
    told = [*remarks]
    if before is not None:
        if now.events + before.events < TOO_FEW:
            told.append(say["too_few_change"])
        else:
            change = say.change(getattr(now, name), getattr(before, name))
            told.append(say("change_before", change=change))
    return {"label": say[f"figure_{key}"], "value": value, "remarks": told}
