"""The list of events: the map's twin for eyes, ears and keyboards."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.drawing.palette import COLOUR_GROUPS
from dashboard.elements.parts import show_part
from dashboard.writing.card import event_rows

PAGE = 10


def event_list(
    events: pd.DataFrame, *, key: str, on_chosen: Callable[[str], None] | None = None
) -> None:
    """Draw events as a list, latest first, some at a time.

    Parameters
    ----------
    events : DataFrame
        Rows of ``Atlas.events``.
    key : str
        Name of the list on its page.
    on_chosen : callable, optional
        Called with the ``event_id`` of the row whose button is pressed.
    """
    say, atlas = state.words(), state.atlas()
    shown = st.session_state.get(f"{key}_shown", PAGE)
    latest = events.iloc[::-1].iloc[:shown]
    data = {
        "kind": "events",
        "rows": event_rows(latest, atlas, say),
        "marks": {
            group.code: {
                "colour": group.colour,
                "letter": group.letter,
                "hollow": group.hollow,
            }
            for group in COLOUR_GROUPS
        },
        "words": {
            "label": say["latest_events"],
            "show": say["show_on_map"] if on_chosen else "",
        },
    }

    def chosen() -> None:
        if on_chosen is not None:
            on_chosen(st.session_state[f"{key}_list"]["chosen"])

    show_part(data, key=f"{key}_list", on_chosen=chosen)
    if len(events) > shown:

        def more() -> None:
            st.session_state[f"{key}_shown"] = shown + PAGE

        st.button(
            say("more_events", count=len(events) - shown),
            key=f"{key}_more",
            on_click=more,
        )
