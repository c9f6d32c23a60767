"""The same made events as folium and pydeck draw them; a control that hides one group.

``?n=`` says how many and ``?how=`` by what: ``geojson`` (folium's marks that can be
clicked, all in one layer), ``heat`` (its density image) or ``pydeck``.
"""

import folium
import pandas as pd
import pydeck
import streamlit as st
from folium.plugins import HeatMap
from folium.template import Template
from streamlit_folium import st_folium

from benchmarks.crowd import crowd
from dashboard.drawing import palette

STATIC = "/app/static"
# As on the plain page: no other host can be asked.
folium.Map.default_js = [
    ("leaflet", f"{STATIC}/leaflet-1.9.4/leaflet.js"),
    ("dollar", f"{STATIC}/dollar.js"),
]
folium.Map.default_css = [("leaflet_css", f"{STATIC}/leaflet-1.9.4/leaflet.css")]
HeatMap.default_js = [("leaflet-heat", f"{STATIC}/leaflet-heat.js")]
COLOURS = {group.code: group.colour for group in palette.COLOUR_GROUPS}


class Told(folium.MacroElement):
    """Says in the page that the map is drawn, and with how many events."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        requestAnimationFrame(() => requestAnimationFrame(() => {
            const told = document.createElement('i');
            told.className = 'bench-drawn';
            told.dataset.count = {{ this.count }};
            document.querySelectorAll('.bench-drawn').forEach((old) => old.remove());
            document.body.append(told);
        }));
        {% endmacro %}
        """
    )

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


@st.cache_resource
def placed_events(n: int) -> pd.DataFrame:
    """Return the events that have a place."""
    events = crowd(n)
    return events[events["location_precision"] != "country"]


def as_geojson(events: pd.DataFrame) -> dict:
    """Return the events as points with a name and a colour."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {"event_id": event_id, "colour": COLOURS[group]},
            }
            for event_id, lon, lat, group in zip(
                events["event_id"],
                events["longitude"],
                events["latitude"],
                events["colour_group"],
                strict=True,
            )
        ],
    }


st.set_page_config(layout="wide")
how = st.query_params.get("how", "geojson")
events = placed_events(int(st.query_params.get("n", 10_000)))
hidden = st.selectbox("Hide", ["nothing", *palette.GROUP_CODES])
events = events[events["colour_group"] != hidden]

if how == "pydeck":
    layer = pydeck.Layer(
        "ScatterplotLayer",
        events[["longitude", "latitude"]],
        get_position="[longitude, latitude]",
        get_radius=4,
        radius_units="'pixels'",
        get_fill_color=[213, 94, 0, 200],
        pickable=True,
    )
    view = pydeck.ViewState(longitude=-3, latitude=16, zoom=4.5)
    st.pydeck_chart(pydeck.Deck([layer], initial_view_state=view, map_provider=None))
else:
    chart = folium.Map(location=[16, -3], zoom_start=5, tiles=None)
    if how == "heat":
        HeatMap(events[["latitude", "longitude"]].to_numpy().tolist()).add_to(chart)
    else:
        folium.GeoJson(
            as_geojson(events),
            marker=folium.CircleMarker(radius=4, fill=True),
            style_function=lambda feature: {"color": feature["properties"]["colour"]},
            popup=folium.GeoJsonPopup(["event_id"]),
        ).add_to(chart)
    chart.add_child(Told(len(events)))
    st_folium(chart, height=540, use_container_width=True, returned_objects=[])
