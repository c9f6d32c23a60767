"""The controls of the sidebar: one filter, on every page the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard import state
from dashboard.analysis.atlas import BOUNDARY_SETS, PRECISIONS, fold
from dashboard.analysis.filter import (
    MAX_TEXT,
    EventFilter,
    filterable_groups,
    write_query,
)
from dashboard.writing.catalogue import LANGUAGES
from dashboard.writing.sentence import code_in_words

_LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


def _bind(field: str, value: Any, read: Callable[[Any], Any] = lambda it: it) -> dict:
    """Return the arguments that tie a widget to a field of the filter.

    The filter in the session is the truth: the widget shows it, and a change of the
    widget makes a new filter before anything is drawn.
    """
    key = f"w_{field}"
    st.session_state[key] = value

    def changed() -> None:
        chosen = state.chosen_filter()
        state.choose(replace(chosen, **{field: read(st.session_state[key])}))

    return {"key": key, "on_change": changed}


def language_switch() -> None:
    """Let the reader choose the language."""
    key = "w_language"
    st.session_state[key] = state.language()

    def changed() -> None:
        # A click on the language in force clears the control: the choice stays.
        st.session_state["language"] = st.session_state[key] or state.language()

    st.segmented_control(
        "Langue / Language",
        LANGUAGES,
        format_func=_LANGUAGE_NAMES.__getitem__,
        key=key,
        on_change=changed,
        label_visibility="collapsed",
    )


def filter_panel() -> None:
    """Draw every control of the filter and keep the session's filter in step."""
    say = state.words()
    chosen = state.chosen_filter()
    st.subheader(say["filter"])
    _dates(chosen)
    _groups(chosen)
    _codes(chosen, "countries")
    _regions(chosen)
    _codes(chosen, "event_types", "target_types")
    _text(chosen)
    # A link shows what it limits; a press in the map's legend moves no sidebar.
    expanded = st.session_state.setdefault("more_filters", _is_used(chosen))
    more = _folded(say["more_filters"], "more_filters", expanded=expanded)
    if more.open:
        with more:
            _codes(chosen, "actor_classes", "target_classes", "tactics", "harmed")
            _deaths_and_precision(chosen)
            _codes(chosen, "claimant_types", "certainties")
            _distance(chosen)
    st.button(
        say["reset"],
        on_click=lambda: state.choose(EventFilter()),
        disabled=chosen.is_open,
        width="stretch",
    )
    share = _folded(say["share"], "share")
    if share.open:
        with share:
            st.caption(say["share_hint"])
            st.code(_link(), language=None, wrap_lines=True)


def _folded(label: str, key: str, *, expanded: bool = False) -> Any:
    """Return a part that opens on a click; what is in it is drawn only when open.

    Every control costs the browser time before the first map.
    """
    return st.expander(label, expanded=expanded, key=f"w_{key}", on_change="rerun")


def _is_used(chosen: EventFilter) -> bool:
    """Return whether a control of the folded part sets a limit."""
    return bool(
        chosen.actor_classes
        or chosen.target_classes
        or chosen.tactics
        or chosen.harmed
        or chosen.min_deaths
        or chosen.precision
        or chosen.claimant_types
        or chosen.certainties
        or chosen.near_place
    )


def _link() -> str:
    """Return the whole address of this view."""
    page = st.session_state["page"]
    query = {"lang": state.language(), **write_query(state.chosen_filter()), **page}
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(query)}"


def _dates(chosen: EventFilter) -> None:
    say = state.words()
    first, last = date(1989, 1, 1), date(2100, 12, 31)
    shown = "DD/MM/YYYY" if say.language == "fr" else "YYYY-MM-DD"

    def changed() -> None:
        start, end = st.session_state["w_start"], st.session_state["w_end"]
        if start and end and start > end:
            # Both were meant; the order was a slip.
            start, end = end, start
        state.choose(replace(state.chosen_filter(), start=start, end=end))

    for key, value, label in [
        ("w_start", chosen.start, "from_day"),
        ("w_end", chosen.end, "to_day"),
    ]:
        st.session_state[key] = value
        st.date_input(
            say[label],
            value=None,
            min_value=first,
            max_value=last,
            format=shown,
            key=key,
            on_change=changed,
        )


def _groups(chosen: EventFilter) -> None:
    say, atlas = state.words(), state.atlas()
    options = sorted(
        filterable_groups(atlas), key=lambda it: fold(atlas.name(it, say.language))
    )
    st.multiselect(
        say["groups"],
        options,
        format_func=lambda it: atlas.name(it, say.language),
        placeholder=say["all"],
        **_bind("group_ids", sorted(chosen.group_ids), frozenset),
    )
    if chosen.group_ids:
        st.toggle(say["with_members"], **_bind("with_members", chosen.with_members))


def _regions(chosen: EventFilter) -> None:
    say, atlas = state.words(), state.atlas()
    sets = list(BOUNDARY_SETS)
    key = "w_boundary_set"
    st.session_state[key] = chosen.boundary_set

    def set_changed() -> None:
        # A region of one set is no region of another: the choice starts anew.
        state.choose(
            replace(
                state.chosen_filter(),
                boundary_set=st.session_state[key],
                region_ids=frozenset(),
            )
        )
        state.set_page_value("areas", "")

    st.multiselect(
        say["regions"],
        atlas.region_ids(chosen.boundary_set),
        format_func=lambda it: atlas.regions.name(
            chosen.boundary_set, it, say.language
        ),
        placeholder=say["all"],
        **_bind("region_ids", sorted(chosen.region_ids), frozenset),
    )
    st.selectbox(
        say["boundary_set"],
        sets,
        format_func=lambda it: say["set_" + it.replace("-", "_")],
        key=key,
        on_change=set_changed,
    )


def _codes(chosen: EventFilter, *names: str) -> None:
    say, atlas = state.words(), state.atlas()
    for name in names:
        label = partial(code_in_words, name, atlas=atlas, say=say)
        codes = sorted(state.known().codes[name], key=lambda it: fold(label(it)))
        st.multiselect(
            say[name],
            codes,
            format_func=label,
            placeholder=say["all"],
            **_bind(name, sorted(getattr(chosen, name)), frozenset),
        )


def _text(chosen: EventFilter) -> None:
    say = state.words()
    st.text_input(
        say["text"],
        max_chars=MAX_TEXT,
        placeholder=say["text_hint"],
        **_bind("text", chosen.text, lambda it: " ".join(it.split())),
    )


def _deaths_and_precision(chosen: EventFilter) -> None:
    say, atlas = state.words(), state.atlas()
    st.number_input(
        say["min_deaths"],
        min_value=0,
        max_value=10_000,
        step=1,
        **_bind("min_deaths", chosen.min_deaths, int),
    )
    st.selectbox(
        say["precision"],
        ["", *PRECISIONS[:-1]],
        format_func=lambda it: (
            atlas.label("location_precision", it, say.language) if it else say["all"]
        ),
        **_bind("precision", chosen.precision),
    )


def _distance(chosen: EventFilter) -> None:
    say, atlas = state.words(), state.atlas()
    options = sorted(
        state.known().places, key=lambda it: fold(atlas.name(it, say.language))
    )
    st.selectbox(
        say["near_place"],
        ["", *options],
        format_func=lambda it: atlas.name(it, say.language) if it else say["anywhere"],
        **_bind("near_place", chosen.near_place),
    )
    if chosen.near_place:
        st.slider(
            say["kilometres_around"],
            5,
            300,
            step=5,
            **_bind("within_km", min(max(chosen.within_km or 25, 5), 300)),
        )
