"""A reader: headless Chromium that reaches this machine and nothing else."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PROBE = Path(__file__).with_name("probe.js")
VIEWPORT = {"width": 1280, "height": 800}

# Other hosts have no address here. (Playwright's own routes would switch the
# browser's cache off, and each request would pass through Python.)
ARGUMENTS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Message:
    """A message of the WebSocket between server and browser.

    Attributes
    ----------
    at : float
        When the browser sent or got it, in seconds of the wall clock.
    way : str
        ``out`` to the server or ``in`` from it.
    size : int
        Bytes before compression.
    body : bytes
        The message.
    """

    at: float
    way: str
    size: int
    body: bytes


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium.

    Raises
    ------
    RuntimeError
        If there is none.
    """
    if CHROMIUM is None:
        raise RuntimeError("no chromium found: install it, or set CHROMIUM to its path")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def new_reader(browser: Browser) -> Iterator[BrowserContext]:
    """Open a reader with an empty cache; a request to another host is an error.

    Raises
    ------
    RuntimeError
        If a page asked another host.
    """
    context = browser.new_context(viewport=VIEWPORT, locale="en-GB")  # type: ignore[arg-type]
    context.add_init_script(path=PROBE)
    foreign: list[str] = []

    def note(address: str) -> None:
        if not address.startswith(("http://127.0.0.1:", "data:", "blob:")):
            foreign.append(address)

    context.on("request", lambda request: note(request.url))
    yield context
    context.close()
    if foreign:
        raise RuntimeError(f"a page asked other hosts: {foreign}")


def open_page(context: BrowserContext, address: str) -> tuple[Page, float]:
    """Open an address; return the page, and when it was asked for (wall seconds)."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    return page, float(page.evaluate("performance.timeOrigin")) / 1000


def shown_at(
    page: Page, wanted: Mapping[str, Any], after: float = 0, patience: float = 60
) -> float:
    """Wait until a page shows something; return since when.

    Parameters
    ----------
    page : Page
        An open page.
    wanted : mapping
        ``title``: True; ``marks``: circles of a folium map; ``told``: events it says
        it has drawn; ``instances``: points of a WebGL layer; ``count``: events of our
        map; ``window``: its first and last day. None stands for any value.
    after : float
        Nothing counts that was drawn before it (wall seconds).
    patience : float
        Seconds after which it is given up.

    Returns
    -------
    float
        Wall seconds.
    """
    found = page.wait_for_function(
        "(question) => bench.when(question)",
        arg={"after": after * 1000, "wanted": dict(wanted)},
        timeout=patience * 1000,
        polling=20,
    )
    return float(found.json_value()) / 1000


def acted_at(page: Page, kind: str) -> float:
    """Return when the reader's last ``pointerup`` or ``keydown`` was (wall seconds)."""
    return float(page.evaluate("(kind) => bench.actions[kind]", kind)) / 1000


def messages_since(page: Page, moment: float) -> list[Message]:
    """Return what server and browser said to each other since a moment."""
    said = page.evaluate("(after) => bench.said(after)", moment * 1000)
    return [
        Message(
            at=message["at"] / 1000,
            way=message["way"],
            size=message["size"],
            body=base64.b64decode(message["data"]),
        )
        for message in said
    ]


def kind_of(message: Message) -> str:
    """Return what a message of the server brings: ``map``, ``finished`` or else."""
    read = ForwardMsg.FromString(message.body)
    kind = read.WhichOneof("type")
    if kind == "script_finished":
        return "finished"
    if kind == "ref_hash":
        # Streamlit names a large message that the browser has already: the map's.
        return "map"
    component = read.delta.new_element.bidi_component
    return "map" if component.component_name.endswith("sahel_map") else ""


def map_files(page: Page) -> list[tuple[float, float]]:
    """Return when each file of our map was asked for and was there (wall seconds)."""
    found = page.evaluate(
        """() => performance.getEntriesByType('resource')
             .filter(({name}) => /app[/]static[/](map|ground|vendor)/.test(name))
             .filter(({name}) => !name.endsWith('.jpg'))
             .map(({startTime, responseEnd}) =>
               [startTime, responseEnd].map((it) => performance.timeOrigin + it))"""
    )
    return [(asked / 1000, there / 1000) for asked, there in found]


def busy_between(page: Page, begin: float, end: float) -> float:
    """Return the seconds in which the page's one thread was busy without a pause.

    Parameters
    ----------
    page : Page
        An open page.
    begin, end : float
        Moments in wall seconds. Tasks under 50 ms are not counted.
    """
    tasks = page.evaluate(
        """() => new Promise((tell) => {
             const told = (list) => tell(list.getEntries().map((task) =>
               [performance.timeOrigin + task.startTime, task.duration]));
             new PerformanceObserver(told).observe({type: 'longtask', buffered: true});
             setTimeout(() => tell([]), 500);
           })"""
    )
    spans = [(at / 1000, (at + length) / 1000) for at, length in tasks]
    return sum(max(0.0, min(end, upto) - max(begin, at)) for at, upto in spans)
