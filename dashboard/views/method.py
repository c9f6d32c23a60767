"""Page: what counts, how figures are derived, what is missing, who owns what."""

import streamlit as st

from dashboard import state
from dashboard.elements.method import (
    show_boundaries,
    show_contents,
    show_coverage,
    show_groups,
    show_leads,
    show_licences,
    show_report,
    show_vocabulary,
)

say = state.words()

st.title(say["method_title"])
st.markdown(say["method_events"])
st.header(say["deaths"])
st.markdown(say["method_deaths"])
st.header(say["boundaries_title"])
show_boundaries()
st.header(say["coverage_title"])
show_coverage()
st.header(say["report_title"])
show_report()
st.header(say["leads_title"])
show_leads()
st.header(say["contents_title"])
show_contents()
st.header(say["groups_title"])
show_groups()
st.header(say["vocabulary_title"])
show_vocabulary()
st.header(say["limits_title"])
st.markdown(say["method_limits"])
st.header(say["licences_title"])
show_licences()
