"""What the app says about itself: faults of the tables, of a link, the cut-off."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.analysis.counts import period_of
from dashboard.elements.tables import NOTHING_KNOWN
from data.contract import BrokenTables


def cannot_open(broken: BrokenTables) -> None:
    """Say that the tables have faults, and list all of them."""
    say = state.words()
    st.error(say("tables_broken", count=len(broken.faults)))
    st.dataframe(
        {
            say["file"]: [fault.file for fault in broken.faults],
            say["line"]: [fault.line or None for fault in broken.faults],
            say["column"]: [fault.column for fault in broken.faults],
            say["expected"]: [fault.expected for fault in broken.faults],
            say["found"]: [fault.found for fault in broken.faults],
        },
        hide_index=True,
        placeholder=NOTHING_KNOWN,
    )


def cannot_draw(error: OSError | ValueError | KeyError) -> None:
    """Say that a layer of the map is missing or broken."""
    # Only the name of a file is told: its folder is the reader's own affair.
    file = getattr(error, "filename", None)
    name = Path(file).name if file else "geo/layers"
    st.error(state.words()("layers_broken", name=name))


def link_notices() -> None:
    """Say once, until dismissed, which values of the opened link were not used."""
    say = state.words()
    dropped = state.dropped_from_link()
    if not dropped:
        return
    with st.container(border=True):
        st.warning(say("link_dropped", count=len(dropped)))
        for notice in dropped[:12]:
            # The name may come from anybody's link: shown as text, cut short.
            name = notice.parameter[:30]
            st.text(say("label_value", label=name, value=say[f"why_{notice.reason}"]))
        st.button(say["understood"], on_click=dropped.clear)


def empty_notice() -> None:
    """Say why nothing is shown: outside the record's days, or nothing passed."""
    say, atlas, chosen = state.words(), state.atlas(), state.chosen_filter()
    period = period_of(atlas, chosen)
    first, last = atlas.first_day.date(), atlas.last_day.date()
    if period.end < first or period.start > last:
        st.info(say("outside_record", first=first, last=last))
    else:
        st.info(say["no_events"])


def page_foot() -> None:
    """Say on every page until when data were collected, and what this is not."""
    say = state.words()
    st.divider()
    st.caption(say("foot", cut_off=state.atlas().record.cut_off.date()))
