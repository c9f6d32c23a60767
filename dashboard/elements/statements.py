"""The analysts' sentences that data can test, and what is only a pattern."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state


def show_statements() -> None:
    """List the statements with the test that would answer each, and the patterns."""
    say, atlas = state.words(), state.atlas()
    language = say.language
    record = atlas.record
    st.header(say["statements_title"])
    st.text(say["statements_lead"])
    titles = record.sources.set_index("source_id")["title"]
    table = record.statements
    st.dataframe(
        pd.DataFrame(
            {
                "text": table[f"text_{language}"],
                "test": table[f"test_{language}"],
                "testable": [
                    atlas.label("testable", code, language)
                    for code in table["testable"]
                ],
                "source": _cited(table, titles),
            }
        ),
        hide_index=True,
        column_config={
            "text": st.column_config.TextColumn(say["statement"], width="large"),
            "test": st.column_config.TextColumn(say["test"], width="large"),
            "testable": st.column_config.TextColumn(say["testable"]),
            "source": st.column_config.TextColumn(say["source"]),
        },
    )
    st.header(say["patterns_title"])
    st.text(say["patterns_lead"])
    patterns = record.patterns
    st.dataframe(
        pd.DataFrame(
            {
                "text": patterns[f"text_{language}"],
                "period": patterns[f"period_{language}"],
                "source": _cited(patterns, titles),
            }
        ),
        hide_index=True,
        column_config={
            "text": st.column_config.TextColumn(say["what"], width="large"),
            "period": st.column_config.TextColumn(say["when"]),
            "source": st.column_config.TextColumn(say["source"]),
        },
    )


def _cited(rows: pd.DataFrame, titles: pd.Series) -> pd.Series:
    """Return the document behind each row, and where in it if that is known."""
    return rows["source_id"].map(titles) + (", " + rows["locator"]).fillna("")
