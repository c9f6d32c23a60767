"""A started app, and a browser that may reach nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.reading import DESKTOP, path_of
from tests.browser.running import ROOT, Running, running
from tests.front.conftest import ARGUMENTS, CHROMIUM

# Names are never asked of a server outside: whatever has one is not found.
BLIND = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
OWN_HOSTS = {"127.0.0.1", "localhost"}
# What Streamlit writes to the console where an address names no page of it.
NO_PAGE = "The page that you have requested does not seem to exist."
# Streamlit looks for itself below the page's own address before it does so at the root.
PROBE = re.compile(r"http://127\.0\.0\.1:\d+/\w+/_stcore/(health|host-config)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests first: Playwright runs once at a time in a process.

    Their browser is closed after each file, that of ``tests/front`` with the session.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: here not in item.path.parents)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Open Debian's Chromium for the tests of one file."""
    if CHROMIUM is None:
        pytest.skip("no chromium: install the package chromium or set CHROMIUM")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, BLIND]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The app of this checkout, started once for all tests."""
    with running(ROOT, tmp_path_factory.mktemp("elsewhere")) as started:
        yield started


@pytest.fixture
def faults() -> list[str]:
    """What no page may do; the test fails if something is in it at the end."""
    return []


@pytest.fixture
def open_page(browser, app: Running, faults: list[str]) -> Iterator[Callable]:
    """Return the function that opens a page in a browser of its own.

    A request or connection to another host, a message of error and a dialog fail the
    test, whatever else it looks at.
    """
    contexts = []

    def open_it(
        name: str = "map",
        query: dict[str, object] | str = "",
        *,
        at: Running | None = None,
        path: str | None = None,
        size: dict = DESKTOP,
        locale: str = "en-GB",
        **options,
    ):
        context = browser.new_context(**size, locale=locale, **options)
        contexts.append(context)
        guard(context, faults)
        page = context.new_page()
        page.goto((at or app).address + (path or path_of(name, query)))
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not faults


def guard(context, faults: list[str]) -> None:
    """Note in ``faults`` what a page of the context does that none may do."""

    def is_own(address: str) -> bool:
        parts = urlsplit(address)
        if parts.scheme in ("data", "blob", "about"):
            return True
        return parts.scheme in ("http", "ws") and parts.hostname in OWN_HOSTS

    def decide(route) -> None:
        if is_own(route.request.url):
            route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            route.abort()

    def heard(message) -> None:
        missing = "404" in message.text and PROBE.fullmatch(message.location["url"])
        expected = missing or message.text.startswith(NO_PAGE)
        if message.type == "error" and not expected:
            faults.append(f"{message.text} ({message.location['url']})")

    def watch(page) -> None:
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: check(request.url))
        page.on("websocket", lambda socket: check(socket.url))

    def check(address: str) -> None:
        if not is_own(address):
            faults.append(f"asked for {address}")

    context.route("**/*", decide)
    context.on("page", watch)


@pytest.fixture
def picture() -> Callable:
    """Return the function that keeps a picture of a whole page, where one is asked for.

    ``SCREENSHOTS=folder`` says where to.
    """
    folder = os.environ.get("SCREENSHOTS")

    def take(page, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        size = page.viewport_size
        main = page.get_by_test_id("stMain")
        high = main.evaluate("main => main.scrollHeight") if main.count() else 0
        page.set_viewport_size({**size, "height": min(max(high + 80, 844), 12_000)})
        page.wait_for_timeout(1200)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
        page.set_viewport_size(size)

    return take
