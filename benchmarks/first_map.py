"""How long until the first map is drawn, beside a bare page and a plain folium page."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figures, Row, ratio, verdict
from benchmarks.reader import (
    busy_between,
    chromium,
    kind_of,
    map_files,
    messages_since,
    new_reader,
    open_page,
    shown_at,
)
from benchmarks.servers import (
    BARE,
    OURS,
    PAGES,
    PLAIN,
    Server,
    drawable,
    lay_out,
    serving,
)
from dashboard.analysis.atlas import load_atlas

ROUNDS = 9
AIM = 1.5

STARTED = "from starting the server"
OPENED = "a new reader, server warm"
AGAIN = "the same reader again"
SETTINGS = (STARTED, OPENED, AGAIN)

TITLE = "the title is there"
ANSWERS = "the server answers"
ASKED = "the browser asks for the page's elements"
TOLD = "the map's message is there"
SCRIPT = "the map's first file is asked for"
FILES = "the map's last file is there"
DRAWN = "the map is drawn"
BUSY = "the browser's thread was busy for"
STEPS = (ANSWERS, ASKED, TITLE, TOLD, SCRIPT, FILES, DRAWN, BUSY)

# Seconds by page, setting and step.
Taken = dict[tuple[str, str, str], list[float]]


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Measure each page in turn, round after round.

    Parameters
    ----------
    rounds : int
        How often each page's server is started.

    Returns
    -------
    list of Figures
        Seconds with ratios to the bare page, the course of a first visit to ours, and
        how much the server sends for it.
    """
    atlas = load_atlas()
    wanted: dict[str, dict[str, Any]] = {
        BARE: {"title": True},
        PLAIN: {"marks": len(drawable(atlas))},
        OURS: {"count": len(atlas.events)},
    }
    taken: Taken = defaultdict(list)
    sizes: dict[str, int] = {}
    with TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        lay_out(folder, atlas)
        for _ in range(rounds):
            for name in PAGES:
                with serving(name, folder) as server:
                    sizes[name] = _visit(browser, server, name, wanted[name], taken)
    return [_table(taken), _course_table(taken), _traffic(sizes)]


def _visit(
    browser: Browser, server: Server, name: str, wanted: dict[str, Any], taken: Taken
) -> int:
    """Visit a new server three times; return the bytes sent to one new reader."""
    address = f"{server.address}/?lang=en"
    with new_reader(browser) as first:
        page, _ = open_page(first, address)
        drawn = shown_at(page, wanted)
        taken[name, STARTED, ANSWERS].append(server.answered - server.started)
        _note(page, name, STARTED, server.started, drawn, taken)
    with new_reader(browser) as second:
        page, asked = open_page(second, address)
        _note(page, name, OPENED, asked, shown_at(page, wanted), taken)
        sent = sum(one.size for one in messages_since(page, 0) if one.way == "in")
        page.close()
        page, asked = open_page(second, address)
        _note(page, name, AGAIN, asked, shown_at(page, wanted), taken)
    return sent


def _note(
    page: Page, name: str, setting: str, begin: float, drawn: float, taken: Taken
) -> None:
    """Add the steps of a visit that began and was drawn at these moments."""
    page.wait_for_timeout(500)
    said = messages_since(page, 0)
    steps = {
        ASKED: next(one.at for one in said if one.way == "out"),
        TITLE: shown_at(page, {"title": True}),
        DRAWN: drawn,
    }
    if name == OURS:
        files = map_files(page)
        told = (one.at for one in said if one.way == "in" and kind_of(one) == "map")
        steps[TOLD] = next(told)
        steps[SCRIPT] = min(asked for asked, _ in files)
        steps[FILES] = max(there for _, there in files)
    for step, moment in steps.items():
        taken[name, setting, step].append(moment - begin)
    taken[name, setting, BUSY].append(busy_between(page, begin, drawn))


def _table(taken: Taken) -> Figures:
    rows, remarks = [], []
    for setting in SETTINGS:
        bare = taken[BARE, setting, DRAWN]
        for name in PAGES:
            seconds = taken[name, setting, DRAWN]
            beside = ratio(seconds, bare) if name != BARE else ""
            rows.append(Row((setting, name), seconds, beside))
        times = median(taken[OURS, setting, DRAWN]) / median(bare)
        remarks.append(verdict(setting, times, AIM, "x the bare page"))
    return Figures(
        title="Seconds to the first map (of the bare page: to its title)",
        columns=("", "page"),
        beside="times the bare page",
        rows=rows,
        remarks=remarks,
    )


def _course_table(taken: Taken) -> Figures:
    rows = [
        Row((setting, name, step), taken[name, setting, step])
        for setting in (STARTED, OPENED)
        for name in (BARE, OURS)
        for step in STEPS
        if taken[name, setting, step] and (name, step) != (BARE, DRAWN)
    ]
    return Figures(
        title="The course of a first visit, seconds since its beginning",
        columns=("", "page", "step"),
        beside="",
        rows=rows,
    )


def _traffic(sizes: dict[str, int]) -> Figures:
    rows = [Row((name,), [], f"{size / 1000:.1f}") for name, size in sizes.items()]
    return Figures(
        title="What the server sends a new reader over the WebSocket",
        columns=("page",),
        beside="kB before compression",
        rows=rows,
    )
