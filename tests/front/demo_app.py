"""A page with nothing but the map, on made events, for the browser tests.

Query parameters choose the case: ``?lang=fr``, ``?many=1``, ``?theme=...`` is
Streamlit's own.
"""

import tomllib
from pathlib import Path

import streamlit as st

from dashboard.drawing import palette
from dashboard.drawing.packing import pack_events, to_date, to_day
from dashboard.map_view import event_map, share_events
from tests.front import world

st.set_page_config(layout="wide")
language = st.query_params.get("lang", "en")
words = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))


@st.cache_resource
def packed_events(many: bool):
    events = world.many() if many else world.events()
    packed = pack_events(events, palette.GROUP_CODES, palette.TARGET_CODES)
    return packed, events["colour_group"]


packed, colour_groups = packed_events("many" in st.query_params)
hidden = st.multiselect("hide", palette.GROUP_CODES, key="hidden")
visible = packed.visible(~colour_groups.isin(hidden))

if st.button("set 2024"):
    st.session_state.window = [to_day("2024-01-01"), to_day("2024-12-31")]
window = st.session_state.setdefault(
    "window", [to_day("2012-01-01"), to_day("2026-06-30")]
)
selected = st.session_state.get("selected")


limits = st.session_state.setdefault(
    "limits", {"groups": [], "targets": [], "deaths": 0}
)


def take_window() -> None:
    chosen = st.session_state.map["window"]
    st.session_state.window = [chosen["start"], chosen["end"]]


def take_limits() -> None:
    chosen = st.session_state.map["limits"]
    names = ("groups", "targets", "deaths")
    st.session_state.limits = {name: chosen[name] for name in names}


def take_click() -> None:
    st.session_state.selected = st.session_state.map["clicked"]["index"]


regions = (
    {f"ML-{k}": {"class": k % 5, "label": str(k)} for k in range(1, 9)}
    if "choropleth" in st.query_params
    else None
)
share_events(packed)
reply = event_map(
    {
        "language": language,
        "words": words,
        "ground": st.query_params.get("ground", "app/static/ground/ground.json"),
        "layout": packed.layout,
        "visible": visible,
        "window": window,
        "limits": limits,
        "extent": [to_day("2012-01-01"), to_day("2026-06-30")],
        "groups": palette.legend_groups(world.GROUP_LABELS[language]),
        "targets": palette.legend_targets(world.TARGET_LABELS[language]),
        "precisions": world.PRECISION_LABELS[language],
        "operations": world.operations(packed),
        "milestones": world.milestones(language),
        "choropleth": regions
        and {
            "values": regions,
            "classes": [
                {"colour": colour, "label": f"{4 * k} – {4 * k + 3}"}
                for k, colour in enumerate(palette.SEQUENTIAL[:5])
            ],
            "title": "Events by region",
        },
        "regions_layer": "mali-9",
        "layers": {},
        "selected": None
        if selected is None
        else {
            "index": selected,
            "card": world.card(packed.order[selected]),
        },
        "view": None,
        "compact": "compact" in st.query_params,
    },
    key="map",
    height=520,
    on_window=take_window,
    on_limits=take_limits,
    on_click=take_click,
)
st.text(f"reply: {reply.window} {reply.clicked}")
st.text(f"runs: {st.session_state.setdefault('runs', 0)}")
st.session_state.runs += 1
st.text(f"window: {to_date(window[0]):%Y-%m-%d} {to_date(window[1]):%Y-%m-%d}")
st.text(f"limits: {limits['groups']} {limits['targets']} {limits['deaths']}")
st.text(f"selected: {None if selected is None else packed.order[selected]}")
