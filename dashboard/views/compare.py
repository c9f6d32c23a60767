"""Page: regions and towns side by side, on shared scales."""

import streamlit as st

from dashboard import state
from dashboard.analysis.comparison import compare_areas
from dashboard.elements.comparison import (
    choose_areas,
    show_areas,
    show_maps,
    show_shares,
    show_trends,
)

say, atlas, chosen = state.words(), state.atlas(), state.chosen_filter()

st.title(say["compare_title"])
st.text(say["compare_lead"])
areas = choose_areas(chosen)
table = compare_areas(atlas, chosen, areas)
show_areas(table)
st.header(say["trend_title"])
show_trends(table)
st.header(say["maps_title"])
show_maps(table)
st.header(say["shares_title"])
show_shares(table)
