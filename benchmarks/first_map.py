"""How long until the first map is drawn, beside a bare page and a plain folium page."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figures, Row, ratio, verdict
from benchmarks.reader import chromium, messages_since, new_reader, open_page, shown_at
from benchmarks.servers import BARE, OURS, PAGES, PLAIN, drawable, lay_out, serving
from dashboard.analysis.atlas import load_atlas

ROUNDS = 9
AIM = 1.5

STARTED = "from starting the server to the first map"
OPENED = "a new reader, server warm"
AGAIN = "the same reader again, browser's cache warm"
TITLE = "until the title"
SETTINGS = (STARTED, OPENED, AGAIN)


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Measure each page in turn, round after round.

    Parameters
    ----------
    rounds : int
        How often each page's server is started.

    Returns
    -------
    list of Figures
        Seconds, ratios to the bare page, and what travels for a first map.
    """
    atlas = load_atlas()
    wanted = {
        BARE: {"title": True},
        PLAIN: {"marks": len(drawable(atlas))},
        OURS: {"count": len(atlas.events)},
    }
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    sizes: dict[str, int] = {}
    with TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        lay_out(folder, atlas)
        for _ in range(rounds):
            for page in PAGES:
                with serving(page, folder) as server:
                    for setting, taken in _visits(
                        browser, f"{server.address}/?lang=en", wanted[page],
                        server.started, sizes, page,
                    ).items():
                        seconds[page, setting].append(taken)
    return [*_tables(seconds), _traffic(sizes)]


def _visits(
    browser: Browser,
    address: str,
    wanted: dict,
    started: float,
    sizes: dict[str, int],
    name: str,
) -> dict[str, float]:
    """Visit a new server three times; return seconds by setting."""
    taken = {}
    with new_reader(browser) as first:
        page, _ = open_page(first, address)
        taken[STARTED] = shown_at(page, wanted) - started
    with new_reader(browser) as second:
        page, asked = open_page(second, address)
        taken[OPENED] = shown_at(page, wanted) - asked
        taken[f"{OPENED}, {TITLE}"] = shown_at(page, {"title": True}) - asked
        sizes[name] = _bytes_in(page)
        page.close()
        page, asked = open_page(second, address)
        taken[AGAIN] = shown_at(page, wanted) - asked
    return taken


def _bytes_in(page: Page) -> int:
    """Return the bytes that the server sent over the WebSocket once all is shown."""
    page.wait_for_timeout(500)
    return sum(one.size for one in messages_since(page, 0) if one.way == "in")


def _tables(seconds: dict[tuple[str, str], list[float]]) -> list[Figures]:
    rows = []
    for setting in (STARTED, OPENED, f"{OPENED}, {TITLE}", AGAIN):
        for page in PAGES:
            taken = seconds[page, setting]
            beside = ratio(taken, seconds[BARE, setting]) if page != BARE else ""
            rows.append(Row((setting, page), taken, beside))
    table = Figures(
        title="Seconds to the first map (the bare page: to its title)",
        columns=("", "page"),
        beside="times the bare page",
        rows=rows,
        remarks=[
            verdict(
                f"first map, {setting}",
                ratio_of(seconds, setting),
                AIM,
                "x the bare page",
            )
            for setting in SETTINGS
        ],
    )
    return [table]


def ratio_of(seconds: dict[tuple[str, str], list[float]], setting: str) -> float:
    """Return how many times the bare page's median ours takes."""
    from statistics import median

    return median(seconds[OURS, setting]) / median(seconds[BARE, setting])


def _traffic(sizes: dict[str, int]) -> Figures:
    rows = [Row((page,), [], f"{size / 1000:.1f}") for page, size in sizes.items()]
    return Figures(
        title="What the server sends for a first map over the WebSocket",
        columns=("page",),
        beside="kB before compression",
        rows=rows,
    )
