"""The map and its time strip as one Streamlit component.

The script lives in ``static/map`` and runs in the browser. Words, labels and cards
travel in the JSON header of a message and are only ever set as text.

The events themselves are a component of their own, which shows nothing. Streamlit sends
a message anew when anything in it has changed; that of the events never does, so that a
changed filter sends the map one bit for each event, and of the events their hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.analysis.filter import MAX_DEATHS
from dashboard.drawing import vendor
from dashboard.drawing.packing import PackedEvents, to_date
from dashboard.drawing.palette import GROUP_CODES, TARGET_CODES

STATIC = Path(__file__).parent / "static"

_TOLD = ("window", "limits")
"""What the reader chooses on the map and Python elsewhere, each with a turn of its own:
a message says up to which turn Python has heard, so that it undoes nothing newer."""

SECTIONS = ("packed", "visible")
"""Parts of a message that travel as bytes behind its JSON header, where it has them."""

# Streamlit sends this text with every changed message, so it only opens the door.
# Modules name each other without a version: a browser that knows an older one is told
# once to fetch each of them anew.
_DOOR = """
const version = '%(version)s';
const base = new URL('app/static/map/streamlit.js?v=' + version, document.baseURI).href;

async function open() {
  try {
    const known = localStorage.getItem('sahel-map');
    if (known !== null && known !== version) {
      const anew = (name) => fetch(new URL(name, base), {cache: 'reload'});
      await Promise.all(%(files)s.map(anew));
    }
    localStorage.setItem('sahel-map', version);
  } catch (refused) {
    console.warn(refused); // a browser that keeps nothing has nothing old either
  }
  return import(base);
}

const door = open();

export default async function (component) {
  return (await door).%(act)s(component, base);
}
"""


@dataclass(frozen=True)
class MapLimits:
    """What the legend of the map lets pass; an empty field sets no limit.

    Attributes
    ----------
    groups, targets : frozenset of str
        Codes of the legend.
    deaths : int
        Least deaths.
    """

    groups: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    deaths: int = 0


@dataclass(frozen=True)
class MapReply:
    """What the reader did with the map.

    Attributes
    ----------
    window : tuple of date, or None
        First and last day chosen on the strip; None until the reader chose.
    limits : MapLimits or None
        What the legend lets pass; None until the reader chose.
    clicked : int or None
        Packed position of the event clicked since the last run.
    view : tuple of float, or None
        Latitude, longitude and zoom; only where the caller asked for them.
    """

    window: tuple[date, date] | None = None
    limits: MapLimits | None = None
    clicked: int | None = None
    view: tuple[float, float, float] | None = None


def share_events(packed: PackedEvents) -> None:
    """Send the events to the browser, once, for all maps of the page.

    Parameters
    ----------
    packed : PackedEvents
        The events. Maps find them by the digest of their layout, and wait for them.

    Notes
    -----
    The element is empty; where on the page it stands does not matter.
    """
    message = {"digest": packed.layout["digest"], "packed": packed.buffer}
    _component("sahel_events", "share")(
        key="sahel_events", data=envelope(message), height="content"
    )


def event_map(
    message: Mapping[str, Any],
    *,
    key: str,
    height: int = 540,
    report_view: bool = False,
    on_window: Callable[[], None] | None = None,
    on_limits: Callable[[], None] | None = None,
    on_click: Callable[[], None] | None = None,
) -> MapReply:
    """Show the map with its legend, cards and time strip.

    Parameters
    ----------
    message : mapping
        What to show, as ``dashboard.writing.map_message`` makes it. ``visible`` is
        bytes; everything else is plain JSON. The events of its ``layout`` are those
        of :func:`share_events`.
    key : str
        Streamlit's key. As long as it stays the same, the view, the open card and
        the focus survive every change.
    height : int, default 540
        Height of the map in pixels; the strip comes below it.
    report_view : bool, default False
        Tell Python where the map is moved to. Each move then reruns the page.
    on_window, on_limits, on_click : callable, optional
        Called before the rerun, as for any Streamlit widget.

    Returns
    -------
    MapReply
        What the reader chose.
    """
    # Linked maps speak with one voice, so what was heard of them is kept together.
    turns = st.session_state.setdefault(
        f"{message.get('linked') or key}_turns", dict.fromkeys(_TOLD, 0)
    )

    def heard(name: str, then: Callable[[], None] | None) -> Callable[[], None]:
        def changed() -> None:
            turn = (st.session_state[key].get(name) or {}).get("turn")
            turns[name] = turn if type(turn) is int else 0
            (then or _nothing)()

        return changed

    own = {"height": height, "memory": key, "report_view": report_view}
    result = _component("sahel_map", "show")(
        key=key,
        data=envelope({**message, **own, "turns": turns}),
        height="content",
        on_window_change=heard("window", on_window),
        on_limits_change=heard("limits", on_limits),
        on_view_change=_nothing,
        on_clicked_change=on_click or _nothing,
    )
    return read_reply(result)


def read_reply(state: Any) -> MapReply:
    """Read the component's state, in which anything may stand.

    Parameters
    ----------
    state : mapping
        ``window``, ``limits``, ``clicked`` and ``view`` as the browser sent them, or
        what ``st.session_state[key]`` holds inside a callback.

    Returns
    -------
    MapReply
        Fields the browser did not send, or not in the expected form, are None.
    """
    window = state.get("window") or {}
    clicked = state.get("clicked") or {}
    view = state.get("view") or {}
    days = [window.get("start"), window.get("end")]
    place = [view.get("lat"), view.get("lon"), view.get("zoom")]
    index = clicked.get("index")
    return MapReply(
        window=_dates(days),
        limits=_limits(state.get("limits") or {}),
        clicked=index if type(index) is int and index >= 0 else None,
        view=tuple(map(float, place)) if all(map(_is_number, place)) else None,  # type: ignore[arg-type]
    )


def envelope(message: Mapping[str, Any]) -> bytes:
    """Write a message as one block of bytes, the same for the same message.

    Parameters
    ----------
    message : mapping
        Those of ``SECTIONS`` that it has as bytes, everything else as plain JSON.

    Returns
    -------
    bytes
        Length of the header (4 bytes, little-endian), the header as JSON, and the
        sections at the offsets the header gives, each on a multiple of 8.
    """
    header = {name: value for name, value in message.items() if name not in SECTIONS}
    present = [name for name in SECTIONS if name in message]
    header["sections"] = {name: [0, 0] for name in present}
    # The header names offsets that depend on its own length: leave room for them.
    room = len(_json(header)) + 24 * len(present)
    start = -(-(4 + room) // 8) * 8
    sections, body = {}, bytearray()
    for name in present:
        sections[name] = [start + len(body), len(message[name])]
        body += message[name]
        body += bytes(-len(body) % 8)
    header["sections"] = sections
    text = _json(header)
    filled = text + b" " * (start - 4 - len(text))
    return len(filled).to_bytes(4, "little") + filled + bytes(body)


@cache
def static_version() -> str:
    """Return a short hash of the component's files: it changes when one does."""
    digest = hashlib.sha256()
    for path in [*_files(), *_vendored()]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def ground_url() -> str:
    """Return the address of the ground description, for ``message["ground"]``."""
    path = STATIC / "ground" / "ground.json"
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"app/static/ground/ground.json?v={version}"


def _files() -> list[Path]:
    """Return the files the browser loads for the component."""
    return sorted((STATIC / "map").glob("*.*"))


def _vendored() -> list[Path]:
    """Return the files of the library the component stands on."""
    return sorted(vendor.folder().glob("leaflet.*"))


@cache
def _component(name: str, act: str) -> Any:
    """Register a component, once for each process; ``act`` is what its door does."""
    names = [path.name for path in _files()]
    names += [f"../vendor/{path.parent.name}/{path.name}" for path in _vendored()]
    door = {"version": static_version(), "files": json.dumps(names), "act": act}
    return st.components.v2.component(name, js=_DOOR % door)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _dates(days: list[Any]) -> tuple[date, date] | None:
    if not all(type(day) is int and 0 <= day <= 65535 for day in days):
        return None
    start, end = (to_date(day).date() for day in days)
    return (start, end) if start <= end else None


def _limits(said: Any) -> MapLimits | None:
    groups, targets = (
        _codes(said.get(name), allowed)
        for name, allowed in [("groups", GROUP_CODES), ("targets", TARGET_CODES)]
    )
    deaths = said.get("deaths")
    if groups is None or targets is None or type(deaths) is not int:
        return None
    return MapLimits(groups, targets, min(max(deaths, 0), MAX_DEATHS))


def _codes(said: Any, allowed: tuple[str, ...]) -> frozenset[str] | None:
    if type(said) is not list or not all(code in allowed for code in said):
        return None
    return frozenset(said)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and value == value


def _nothing() -> None:
    """Do nothing: a state without a callback has no default."""
