"""Tables of events, in the reader's words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.writing.card import perpetrators_in_words, place_in_words

# In a cell of which nothing is known; Streamlit's own is an English word.
NOTHING_KNOWN = "–"


def event_table(events: pd.DataFrame) -> None:
    """Draw events as a sortable table, latest first.

    Its cells are text columns, which show markup as it is written.
    """
    say, atlas = state.words(), state.atlas()
    language = say.language
    latest = events.iloc[::-1]
    rows = list(latest.itertuples())
    table = pd.DataFrame(
        {
            "date": latest["date_start"].dt.date.to_list(),
            "until": latest["date_end"].dt.date.to_list(),
            "place": [place_in_words(row, atlas, say) for row in rows],
            "who": [perpetrators_in_words(row.event_id, atlas, say) for row in rows],
            "type": [
                atlas.label("event_type", row.event_type, language) for row in rows
            ],
            "low": latest["deaths_low"].to_list(),
            "best": latest["deaths_best"].to_list(),
            "high": latest["deaths_high"].to_list(),
            "target": [getattr(row, f"target_{language}") for row in rows],
            "precision": [
                atlas.label("location_precision", row.location_precision, language)
                for row in rows
            ],
            "sources": latest["sources"].to_list(),
            "summary": latest[f"summary_{language}"].to_list(),
            "event_id": latest["event_id"].to_list(),
        }
    )
    shown = "DD/MM/YYYY" if language == "fr" else "YYYY-MM-DD"
    day = st.column_config.DateColumn
    text = st.column_config.TextColumn
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        height=520,
        placeholder=NOTHING_KNOWN,
        column_config={
            "date": day(say["from_day"], format=shown),
            "until": day(say["to_day"], format=shown),
            "place": text(say["where"], width="medium"),
            "who": text(say["who"], width="medium"),
            "type": text(say["what"]),
            "low": number(say["deaths_low"], format="%d"),
            "best": number(say["deaths_best"], format="%d"),
            "high": number(say["deaths_high"], format="%d"),
            "target": text(say["target"], width="medium"),
            "precision": text(say["precision"]),
            "sources": number(say["sources"], format="%d"),
            "summary": text(say["summary"], width="large"),
            "event_id": text(say["event_id"]),
        },
    )
