"""Page: the map in time, and the key figures of what the filter shows."""

import streamlit as st

from dashboard import state
from dashboard.analysis.counts import figures_before, key_figures
from dashboard.elements.figures import show_figures
from dashboard.elements.listing import event_list
from dashboard.elements.map_panel import open_event, show_map
from dashboard.elements.notices import empty_notice
from dashboard.writing.headline import headline

say, atlas, chosen = state.words(), state.atlas(), state.chosen_filter()
events = chosen.apply(atlas)

st.title(say["map_title"])
st.text(headline(chosen, events, atlas, say))
show_figures(key_figures(events), figures_before(atlas, chosen), key="figures")
if events.empty:
    empty_notice()
show_map(chosen)
with st.container(horizontal=True):
    st.page_link("views/compare.py", label=say["door_compare"])
    st.page_link("views/claims.py", label=say["door_claims"])
    st.page_link("views/events.py", label=say["door_events"])
st.header(say["latest_events"])
event_list(events, key="latest", on_chosen=open_event)
