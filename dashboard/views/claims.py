"""Page: who says what of one event or operation."""

import streamlit as st

from dashboard import state
from dashboard.analysis.ledger import ledger, reactions_to
from dashboard.elements.claims import choose_subject, show_ledger, show_reactions
from dashboard.elements.plain import plain
from dashboard.elements.statements import show_statements
from dashboard.writing.card import subject_headline

say, atlas = state.words(), state.atlas()

st.title(say["claims_title"])
st.text(say["claims_lead"])
subject = choose_subject()
st.header(plain(atlas.subject_name(subject, say.language)))
st.text(subject_headline(subject, atlas, say))
show_ledger(ledger(atlas, subject))
show_reactions(reactions_to(atlas, subject))
show_statements()
