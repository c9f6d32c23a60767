"""The barest Streamlit page: what Streamlit itself takes before anybody's code."""

import streamlit as st

st.title("A bare page")
st.text("Nothing is read, nothing is drawn.")
