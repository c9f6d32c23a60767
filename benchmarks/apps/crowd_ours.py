"""Made events on the dashboard's own map; a control that hides one group.

``?n=`` says how many. The page stands for the dashboard's, without figures and list, so
that what is measured is the map.
"""

import gc
import tomllib
from pathlib import Path

import pandas as pd
import streamlit as st

import dashboard.writing
from benchmarks.crowd import FIRST, LAST, crowd
from dashboard.drawing import palette
from dashboard.drawing.packing import pack_events, to_day
from dashboard.map_view import (
    MapLimits,
    event_map,
    ground_url,
    read_reply,
    share_events,
)

st.set_page_config(layout="wide")
phrases = Path(dashboard.writing.__file__).with_name("en.toml").read_text("utf-8")


@st.cache_resource
def packed_events(n: int):
    """Return the events packed, and the group of each by its place in the codes."""
    events = crowd(n)
    packed = pack_events(events, palette.GROUP_CODES, palette.TARGET_CODES)
    groups = pd.Categorical(events["colour_group"], palette.GROUP_CODES).codes
    # As the dashboard does once its atlas is loaded, see dashboard/state.py.
    gc.collect()
    gc.freeze()
    return packed, groups


packed, groups = packed_events(int(st.query_params.get("n", 10_000)))
# A reader without a browser (benchmarks/readers.py) says it in the address.
hidden = st.query_params.get("hide") or st.selectbox(
    "Hide", ["nothing", *palette.GROUP_CODES]
)
codes = {code: place for place, code in enumerate(palette.GROUP_CODES)}
period = [to_day(FIRST), to_day(LAST)]
# What the legend said comes back, as in the dashboard: else the map would undo it.
limits = read_reply(st.session_state.get("map") or {}).limits or MapLimits()
share_events(packed)
event_map(
    {
        "language": "en",
        "words": {
            key: phrase
            for key, phrase in tomllib.loads(phrases).items()
            if key.startswith("map_")
        },
        "ground": ground_url(),
        "layout": packed.layout,
        "visible": packed.visible(groups != codes.get(hidden, -1)),
        "window": period,
        "limits": {
            "groups": sorted(limits.groups),
            "targets": sorted(limits.targets),
            "deaths": limits.deaths,
        },
        "extent": period,
        "groups": palette.legend_groups({code: code for code in palette.GROUP_CODES}),
        "targets": palette.legend_targets(
            {code: code for code in palette.TARGET_CODES}
        ),
        "precisions": ["site", "town", "area", "region", "country"],
        "operations": [],
        "milestones": [],
        "choropleth": None,
        "regions_layer": "mali-9",
        "layers": {},
        "selected": None,
        "view": None,
    },
    key="map",
)
