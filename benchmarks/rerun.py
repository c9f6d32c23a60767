"""What one rerun of each page costs the server: what counts with many readers."""

from __future__ import annotations

import json
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figures, Row, ratio
from benchmarks.reader import chromium, new_reader, open_page, shown_at
from benchmarks.servers import BARE, OURS, PLAIN, ROOT, lay_out, serving
from dashboard.analysis.atlas import Atlas, load_atlas

ROUNDS = 10
VIEWS = ("map", "compare", "claims", "events", "method")
GROUPS = ("jnim", "is-sahel")
TOP = 9
PROFILED = 6
REST_MS = 700


class Log:
    """What ``benchmarks.watched`` writes of the runs of a server."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def runs(self) -> list[dict[str, float]]:
        """Return all runs so far."""
        if not self.path.exists():
            return []
        return [*map(json.loads, self.path.read_text(encoding="utf-8").splitlines())]

    def wait_for_more(self, than: int) -> None:
        """Wait until there are more runs than a number.

        Raises
        ------
        RuntimeError
            If there are none within half a minute.
        """
        for _ in range(600):
            if len(self.runs()) > than:
                return
            time.sleep(0.05)
        raise RuntimeError(f"no rerun came after run {than}")


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Rerun each page in turn, round after round.

    Parameters
    ----------
    rounds : int
        How often each page is rerun.

    Returns
    -------
    list of Figures
        CPU time of the server's process, and what of our pages takes it.
    """
    atlas = load_atlas()
    with TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        lay_out(folder, atlas)
        names = [(BARE, ""), (PLAIN, ""), *((OURS, view) for view in VIEWS)]
        costs = {
            name: _costs(browser, folder, atlas, *name, rounds=rounds) for name in names
        }
        shares = {view: _shares(browser, folder, atlas, view) for view in VIEWS}
    return [_table(costs), _share_table(shares)]


@contextmanager
def _rerunning(
    browser: Browser, folder: Path, atlas: Atlas, page: str, view: str, profiles: str
) -> Iterator[tuple[Log, Callable[[], int]]]:
    """Open a page of a watched server; give its log and a function that reruns it.

    The function returns the number of the first run that it caused.
    """
    path = "" if view == "map" else view  # the first page has no path of its own
    log = Log(folder / f"{page}-{view}-{time.time_ns()}.jsonl")
    with (
        serving(page, folder, watched=[str(log.path), profiles]) as server,
        new_reader(browser) as reader,
    ):
        shown, _ = open_page(reader, f"{server.address}/{path}?lang=en")
        shown_at(shown, {"title": True})
        shown.wait_for_timeout(4 * REST_MS)
        changes = _changes(shown, atlas, page)

        def rerun() -> int:
            before = len(log.runs())
            next(changes)
            log.wait_for_more(before)
            shown.wait_for_timeout(REST_MS)
            return before

        # The first run after a change loads what no later one needs.
        rerun()
        rerun()
        yield log, rerun


def _changes(page: Page, atlas: Atlas, name: str) -> Iterator[None]:
    """Change the filter of a page, for ever; the bare page is asked to rerun."""
    turn = 0
    while name == BARE:
        page.keyboard.press("r")
        yield
    many = name == OURS
    chooser = page.get_by_test_id("stMultiSelect" if many else "stSelectbox").first
    while True:
        group = GROUPS[turn % len(GROUPS)]
        turn += 1
        for words in (atlas.name(group, "en") if many else group, "All"):
            if many and words == "All":
                chooser.locator("[aria-label='Clear all']").last.click()
            else:
                chooser.locator("input").click()
                chooser.locator("input").fill(words)
                page.get_by_role("option", name=words, exact=True).click()
            yield
            page.keyboard.press("Escape")


def _costs(
    browser: Browser, folder: Path, atlas: Atlas, page: str, view: str, rounds: int
) -> tuple[list[float], list[float]]:
    """Return milliseconds of CPU of each rerun: whole process, and its script."""
    with _rerunning(browser, folder, atlas, page, view, "-") as (log, rerun):
        firsts = [rerun() for _ in range(rounds + 1)]
        runs = log.runs()
    process, script = [], []
    for first, following in pairwise(firsts):
        process.append((runs[following]["process"] - runs[first]["process"]) * 1000)
        script.append(sum(run["thread"] for run in runs[first:following]) * 1000)
    return process, script


def _shares(
    browser: Browser, folder: Path, atlas: Atlas, view: str
) -> list[tuple[str, float]]:
    """Return our functions of a page by their share of a run, the greatest first."""
    with TemporaryDirectory() as profiles:
        with _rerunning(browser, folder, atlas, OURS, view, profiles) as (log, rerun):
            first = rerun()
            for _ in range(PROFILED):
                rerun()
            whole = len(log.runs())
        # One profile for each run, in the order of their names.
        files = sorted(Path(profiles).glob("*.prof"))[first:whole]
        stats = pstats.Stats(*map(str, files))
    found = []
    for (file, _, name), (_, _, _, taken, _) in stats.stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        if not path.is_relative_to(ROOT) or name.startswith("<"):
            continue
        told = f"{path.relative_to(ROOT).as_posix()}: {name}"
        found.append((told, taken / stats.total_tt))  # type: ignore[attr-defined]
    return sorted(found, key=lambda it: -it[1])[:TOP]


def _table(costs: dict[tuple[str, str], tuple[list[float], list[float]]]) -> Figures:
    plain = costs[PLAIN, ""][0]
    rows = []
    for (page, view), (process, script) in costs.items():
        beside = ratio(process, plain) if page == OURS else ""
        rows.append(
            Row((f"{page} {view}".strip(), "all of the process"), process, beside)
        )
        rows.append(Row(("", "of it the script"), script))
    busiest = median(costs[OURS, "map"][0])
    return Figures(
        title="Milliseconds of the server's CPU for one rerun",
        columns=("page", "what"),
        beside="times the plain page",
        rows=rows,
        digits=0,
        remarks=[
            f"One core can serve at most {1000 / busiest:.0f} changes of the map's "
            "filter a second, from all readers together.",
        ],
    )


def _share_table(shares: dict[str, list[tuple[str, float]]]) -> Figures:
    rows = [
        Row((view if place == 0 else "", told), [], f"{share:.0%}")
        for view, found in shares.items()
        for place, (told, share) in enumerate(found)
    ]
    return Figures(
        title="Our functions by their share of a run, callees included (cProfile)",
        columns=("page", "function"),
        beside="share of the run",
        rows=rows,
    )
