"""Page: every event the filter shows, as a table to search, sort and download."""

import streamlit as st

from dashboard import state
from dashboard.elements.downloads import download_buttons
from dashboard.elements.notices import empty_notice
from dashboard.elements.tables import event_table
from dashboard.writing.headline import headline

say, atlas, chosen = state.words(), state.atlas(), state.chosen_filter()
events = chosen.apply(atlas)

st.title(say["events_title"])
st.text(headline(chosen, events, atlas, say))
if events.empty:
    empty_notice()
else:
    event_table(events)
    st.caption(say["table_hint"])
    download_buttons(events)
