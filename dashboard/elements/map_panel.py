"""The map of a page: what it shows, and what a click or a moved window means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dashboard import state
from dashboard.analysis.comparison import Area, home_of
from dashboard.analysis.filter import EventFilter
from dashboard.drawing.packing import PackedEvents
from dashboard.map_view import event_map, ground_url, read_reply, share_events
from dashboard.writing.card import event_card
from dashboard.writing.catalogue import LANGUAGES, catalogue
from dashboard.writing.map_message import MEASURES, map_frame, map_message, pack_atlas

_MAP = "map"
_LINKED = "compare"
_LAYERS = ("relief", "rivers", "towns")


@st.cache_resource(show_spinner=False)
def packed_events() -> PackedEvents:
    """Return all events packed, once for all readers."""
    return pack_atlas(state.atlas())


@st.cache_resource(show_spinner=False)
def _frames() -> dict[str, dict[str, Any]]:
    """Return what all messages of a language share, by language; not to be changed."""
    return {
        language: map_frame(state.atlas(), packed_events(), catalogue(language))
        for language in LANGUAGES
    }


def send_events() -> None:
    """Send the events to the browser, for all maps of the page."""
    share_events(packed_events())


def open_event(event_id: str) -> None:
    """Open the card of an event on the map."""
    state.set_page_value("event", event_id)


def show_map(chosen: EventFilter) -> None:
    """Draw the map and the time strip, and carry back what the reader does there."""
    say, atlas = state.words(), state.atlas()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = _choose_measure()
        layers = _choose_layers()
    _boundary_remarks(chosen, measure)
    message = map_message(
        atlas,
        packed_events(),
        chosen,
        say,
        ground=ground_url(),
        measure=measure,
        layers=layers,
        selected=_selected(),
        frame=_frames()[say.language],
    )
    _show(message, _MAP, on_click=_clicked)
    # Below the map, and in no container: Streamlit would mount both anew whenever an
    # element above them comes or goes.
    send_events()
    undrawn = chosen.apply(atlas)["location_precision"].eq("country").sum()
    if undrawn:
        st.caption(say("not_drawn", count=int(undrawn)))


def _show(message: dict[str, Any], key: str, **options: Any) -> None:
    """Draw a map whose strip and legend are controls of the filter."""
    event_map(
        message,
        key=key,
        on_window=partial(_window_moved, key),
        on_limits=partial(_limits_set, key),
        **options,
    )


def _limits_set(key: str) -> None:
    """Make the limits of the legend those of the filter."""
    limits = read_reply(st.session_state[key]).limits
    if limits is None:
        return
    state.choose(
        replace(
            state.chosen_filter(),
            actor_classes=limits.groups,
            target_classes=limits.targets,
            min_deaths=limits.deaths,
        )
    )


def _window_moved(key: str) -> None:
    """Make the window of the strip the days of the filter."""
    window = read_reply(st.session_state[key]).window
    if window is None:
        return
    atlas = state.atlas()
    start, end = window
    # The whole record is no limit, and the link then names no days.
    whole = start <= atlas.first_day.date() and end >= atlas.last_day.date()
    days = (None, None) if whole else (start, end)
    state.choose(replace(state.chosen_filter(), start=days[0], end=days[1]))


def _clicked() -> None:
    """Open the card of the event that was clicked."""
    index = read_reply(st.session_state[_MAP]).clicked
    order = packed_events().order
    if index is not None and index < len(order):
        open_event(order[index])


def _selected() -> dict[str, Any] | None:
    """Return the open event with its card; drop one that the record lacks."""
    event_id = state.page_value("event")
    if not event_id:
        return None
    index = packed_events().index_of(event_id)
    if index is None:
        state.drop_from_link("event", "unknown_code")
        state.set_page_value("event", "")
        return None
    return {"index": index, "card": event_card(event_id, state.atlas(), state.words())}


def _choose_measure() -> str:
    """Let the reader colour the regions; return the measure or an empty text."""
    say = state.words()
    asked = state.page_value("measure")
    if asked and asked not in MEASURES:
        state.drop_from_link("measure", "unknown_code")
        state.set_page_value("measure", "")
        asked = ""
    st.session_state["w_measure"] = asked or "none"

    def changed() -> None:
        value = st.session_state["w_measure"]
        state.set_page_value("measure", value if value in MEASURES else "")

    st.segmented_control(
        say["measure"],
        ["none", *MEASURES],
        format_func=lambda it: say[f"measure_{it}"],
        key="w_measure",
        on_change=changed,
    )
    return asked


def _boundary_remarks(chosen: EventFilter, measure: str) -> None:
    """Say what the chosen boundaries cannot show, or show only roughly."""
    say = state.words()
    if measure and chosen.boundary_set == "mali-10":
        st.info(say["measure_no_polygons"])
    if chosen.boundary_set == "mali-20":
        st.caption(say["approximate_layer"])


def _choose_layers() -> dict[str, bool]:
    """Let the reader choose what the ground shows."""
    say = state.words()
    with st.popover(say["layers"], icon=":material/layers:"):
        return {
            name: st.toggle(say[f"layer_{name}"], value=True, key=f"w_layer_{name}")
            for name in _LAYERS
        }


def show_small_map(area: Area) -> None:
    """Draw a small map of an area's events, linked to those beside it."""
    chosen = state.chosen_filter()
    home = home_of(area, state.atlas(), chosen.boundary_set)
    own = {"linked": _LINKED, "compact": True, "home": home}
    _show({**_message(area.within(chosen)), **own}, f"map_{area.key}", height=300)


def show_shared_strip(areas: Iterable[Area]) -> None:
    """Draw the time strip that the small maps share: the events of all of them."""
    chosen = state.chosen_filter()
    messages = [_message(area.within(chosen)) for area in areas]
    masks = [np.frombuffer(message["visible"], np.uint8) for message in messages]
    seen = np.bitwise_or.reduce(masks).tobytes()
    own = {"linked": _LINKED, "bar": True, "visible": seen}
    _show({**messages[0], **own}, "map_strip")


def _message(chosen: EventFilter) -> dict[str, Any]:
    """Return the message of a small map."""
    say = state.words()
    return map_message(
        state.atlas(),
        packed_events(),
        chosen,
        say,
        ground=ground_url(),
        frame=_frames()[say.language],
    )
