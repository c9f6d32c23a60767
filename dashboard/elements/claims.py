"""The claims ledger: choice of event or operation, rows by claimant, reactions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.analysis.ledger import disputed_subjects
from dashboard.elements.parts import show_part
from dashboard.writing.card import source_in_words
from dashboard.writing.ledger_rows import ledger_groups

# The two attacks of the source documents; the page opens on the first.
SHOWCASES = ("op-bamako-2024-09-17", "op-timbouctou-2025-06-02")


def choose_subject() -> str:
    """Let the reader choose an event or operation; return its id.

    The choice is in the address bar (``about``); one that the record does not hold is
    dropped with a notice.
    """
    say, atlas = state.words(), state.atlas()
    subjects = disputed_subjects(atlas)
    ids = subjects["subject_id"].to_list()
    ids = [key for key in SHOWCASES if key in ids] + [
        key for key in ids if key not in SHOWCASES
    ]
    asked = state.page_value("about")
    if asked and asked not in ids:
        if asked in set(atlas.events["event_id"]):
            ids.append(asked)
        else:
            state.drop_from_link("about", "unknown_code")
            state.set_page_value("about", "")
            asked = ""
    voices = dict(zip(subjects["subject_id"], subjects["voices"], strict=True))
    st.session_state["w_about"] = asked or ids[0]

    def changed() -> None:
        state.set_page_value("about", st.session_state["w_about"])

    def named(key: str) -> str:
        name = atlas.subject_name(key, say.language)
        return say("subject_option", name=name, count=int(voices.get(key, 1)))

    subject = st.selectbox(
        say["choose_subject"],
        ids,
        format_func=named,
        key="w_about",
        on_change=changed,
    )
    return subject or ids[0]


def show_ledger(claims: pd.DataFrame) -> None:
    """Draw the ledger; say how to read it, and that there is none where it is empty."""
    say, atlas = state.words(), state.atlas()
    if claims.empty:
        st.info(say["no_claims"])
        return
    st.caption(say["ledger_hint"])
    groups = ledger_groups(claims, atlas, say)
    show_part({"kind": "ledger", "groups": groups, "words": {}}, key="ledger")


def show_reactions(reactions: pd.DataFrame) -> None:
    """List what was done and said afterwards, each with its source."""
    say, atlas = state.words(), state.atlas()
    if reactions.empty:
        return
    st.header(say["reactions"])
    sources = atlas.record.sources.set_index("source_id")
    rows = []
    for row in reactions.itertuples():
        source = sources.loc[row.source_id]
        place = f", {row.locator}" if isinstance(row.locator, str) else ""
        rows.append(
            {
                "when": say.interval(row.date_start, row.date_end, row.date_precision),
                "text": getattr(row, f"text_{say.language}"),
                "source": {
                    "text": source_in_words(source, say) + place,
                    "url": source.url if isinstance(source.url, str) else "",
                },
            }
        )
    show_part({"kind": "notes", "rows": rows}, key="reactions")
