"""The same events as one would draw them first: folium, a marker for each event.

The rows lie beside this file, joined and cleaned, so that the page neither checks nor
joins anything. No tiles: their host cannot be reached, and no ground takes their place.
"""

from pathlib import Path

import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

STATIC = "/app/static"
# Folium fetches its scripts from other hosts. Leaflet is the copy that the dashboard
# ships; of jQuery, folium's popups use one function, which dollar.js holds.
folium.Map.default_js = [
    ("leaflet", f"{STATIC}/leaflet-1.9.4/leaflet.js"),
    ("dollar", f"{STATIC}/dollar.js"),
]
folium.Map.default_css = [("leaflet_css", f"{STATIC}/leaflet-1.9.4/leaflet.css")]


@st.cache_data
def read_events() -> pd.DataFrame:
    """Return the events that have a point, one row for each."""
    return pd.read_csv(Path(__file__).with_name("events.csv"), keep_default_na=False)


st.set_page_config(layout="wide")
st.title("Events in Mali")
events = read_events()
groups = sorted({name for cell in events["groups"] for name in cell.split(";") if name})
chosen = st.sidebar.selectbox("Group", ["All", *groups])
if chosen != "All":
    events = events[[chosen in cell.split(";") for cell in events["groups"]]]

chart = folium.Map(location=[17, -3], zoom_start=6, tiles=None)
for event in events.itertuples():
    folium.CircleMarker(
        location=[event.latitude, event.longitude],
        radius=event.radius,
        color=event.colour,
        fill=True,
        popup=folium.Popup(event.summary, parse_html=True, max_width=300),
    ).add_to(chart)
st_folium(chart, height=540, use_container_width=True, returned_objects=[])
st.text(f"{len(events)} events")
