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


def shown_at(page: Page, wanted: Mapping[str, Any], after: float = 0) -> float:
    """Wait until a page shows something; return since when.

    Parameters
    ----------
    page : Page
        An open page.
    wanted : mapping
        ``title``: True; ``marks``: circles of a folium map; ``count``: events of
        our map; ``window``: its first and last day. None stands for any value.
    after : float
        Nothing counts that was drawn before it (wall seconds).

    Returns
    -------
    float
        Wall seconds.
    """
    found = page.wait_for_function(
        "(question) => bench.when(question)",
        arg={"after": after * 1000, "wanted": dict(wanted)},
        timeout=60_000,
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
