"""The row of key figures, as ranges, each with its change from the period before."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.analysis.counts import KeyFigures


def show_figures(now: KeyFigures, before: KeyFigures | None) -> None:
    """Draw the key figures; a change is grey, since more is neither good nor bad."""
    say = state.words()
    deaths = say.span(now.deaths_low, now.deaths_high)
    values = [
        ("figure_events", say.number(now.events), "events"),
        ("figure_deaths", deaths, "deaths_best"),
        ("figure_best", say.number(now.deaths_best), "deaths_best"),
        ("figure_operations", say.number(now.operations), "operations"),
        ("figure_places", say.number(now.places), "places"),
    ]
    with st.container(horizontal=True, gap="small"):
        for key, text, name in values:
            change = None
            if before is not None and key != "figure_deaths":
                difference = say.change(getattr(now, name), getattr(before, name))
                change = say("change_before", change=difference)
            st.metric(
                say[key],
                text,
                change,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=190,
                help=say[f"{key}_help"],
            )
    remark = say("tolls_behind", count=now.tolls, without=now.without_toll)
    if before is None:
        remark += " " + say["no_period_before"]
    st.caption(remark)
