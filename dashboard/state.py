"""What a reader's session holds: the atlas, the words, the filter, the address bar."""

from __future__ import annotations

import gc

import streamlit as st

from dashboard.analysis.atlas import Atlas, load_atlas
from dashboard.analysis.filter import (
    FILTER_PARAMETERS,
    Dropped,
    EventFilter,
    Known,
    read_query,
    write_query,
)
from dashboard.writing.catalogue import LANGUAGES, Catalogue, catalogue

# Parameters of single pages that live in the address bar beside the filter, and the
# longest value a link may give them; each page checks what they mean.
PAGE_PARAMETERS = {"areas": 200, "about": 120, "event": 120, "measure": 20}


@st.cache_resource(show_spinner=False)
def atlas() -> Atlas:
    """Return the atlas, loaded once for all readers."""
    loaded = load_atlas()
    # Streamlit collects garbage after every run; what is loaded once and never freed
    # need not be walked each time.
    gc.collect()
    gc.freeze()
    return loaded


@st.cache_resource(show_spinner=False)
def known() -> Known:
    """Return the codes that a link may name."""
    return Known.of(atlas())


def words() -> Catalogue:
    """Return the words of the reader's language."""
    return catalogue(language())


def language() -> str:
    """Return the reader's language: chosen, in the link, or the browser's."""
    chosen = st.session_state.get("language")
    if chosen not in LANGUAGES:
        asked = st.query_params.get("lang", "")
        browser = (st.context.locale or "fr")[:2].lower()
        chosen = next((tag for tag in (asked, browser) if tag in LANGUAGES), "en")
        st.session_state["language"] = chosen
    return chosen


def open_link() -> None:
    """Read the address bar once a session; later the session writes it."""
    if "chosen" in st.session_state:
        return
    given = {name: st.query_params.get_all(name) for name in st.query_params}
    # Of two values for one thing none is the reader's for certain.
    query = {name: values[0] for name, values in given.items() if len(values) == 1}
    chosen, dropped = read_query(query, known())
    dropped += [Dropped(name, "twice") for name in given if name not in query]
    page = {}
    for name, longest in PAGE_PARAMETERS.items():
        value = query.get(name, "")
        if value and (len(value) > longest or not value.isprintable()):
            dropped.append(Dropped(name, "too_long"))
        elif value:
            page[name] = value
    if query.get("lang", language()) not in LANGUAGES:
        dropped.append(Dropped("lang", "unknown_code"))
    expected = {"lang", *PAGE_PARAMETERS, *FILTER_PARAMETERS}
    dropped += [Dropped(name, "unknown_name") for name in query if name not in expected]
    st.session_state["chosen"] = chosen
    st.session_state["page"] = page
    st.session_state["dropped"] = dropped


def chosen_filter() -> EventFilter:
    """Return what the reader asked for."""
    return st.session_state["chosen"]


def choose(chosen: EventFilter) -> None:
    """Set what the reader asks for, from now on and on every page."""
    st.session_state["chosen"] = chosen


def dropped_from_link() -> list[Dropped]:
    """Return what of the opened link was not used."""
    return st.session_state["dropped"]


def drop_from_link(parameter: str, reason: str) -> None:
    """Add to what of the opened link was not used, once."""
    notice = Dropped(parameter, reason)
    if notice not in st.session_state["dropped"]:
        st.session_state["dropped"].append(notice)


def page_value(name: str, default: str = "") -> str:
    """Return a page's own parameter."""
    return st.session_state["page"].get(name, default)


def set_page_value(name: str, value: str) -> None:
    """Set a page's own parameter; an empty value removes it."""
    if value:
        st.session_state["page"][name] = value
    else:
        st.session_state["page"].pop(name, None)


def write_link() -> None:
    """Write filter, language and the pages' own parameters to the address bar."""
    query = {"lang": language(), **write_query(chosen_filter())}
    query |= st.session_state["page"]
    if {name: st.query_params[name] for name in st.query_params} != query:
        st.query_params.from_dict(query)
