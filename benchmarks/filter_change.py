"""How long from a change of the filter to the drawn map, beside a plain folium page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from benchmarks.figures import Figures, Row, ratio, verdict
from benchmarks.reader import (
    acted_at,
    chromium,
    kind_of,
    messages_since,
    new_reader,
    open_page,
    shown_at,
)
from benchmarks.servers import OURS, PLAIN, drawable, lay_out, serving
from dashboard.analysis.atlas import Atlas, load_atlas
from dashboard.analysis.filter import EventFilter

ROUNDS = 15
AIM = 0.5
GROUPS = ("jnim", "is-sahel")

CHOSEN = "a group chosen in the sidebar"
CLEARED = "all groups again"
STRIP = "the time strip moved by a key"

# Long enough for a page to have done whatever follows a change.
REST_MS = 1200


@dataclass(frozen=True)
class Course:
    """What happened after one change, in seconds since the reader's hand.

    Attributes
    ----------
    asked, answered, told, drawn, finished : float
        The browser asked the server; its first answer came; the map's message came;
        the map was drawn; the server said that its script was done.
    messages, size, map_size : int
        What came back: messages, their bytes, and the bytes of the map's message.
    """

    asked: float
    answered: float
    told: float
    drawn: float
    finished: float
    messages: int
    size: int
    map_size: int


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Change the filter of both pages in turn.

    Parameters
    ----------
    rounds : int
        How often each change is made.

    Returns
    -------
    list of Figures
        Seconds to the drawn map, and the course of a change of ours.
    """
    atlas = load_atlas()
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    courses: dict[str, list[Course]] = defaultdict(list)
    with TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        lay_out(folder, atlas)
        with (
            serving(PLAIN, folder) as plain_server,
            serving(OURS, folder) as our_server,
            new_reader(browser) as reader,
        ):
            plain, _ = open_page(reader, plain_server.address)
            ours, _ = open_page(reader, f"{our_server.address}/?lang=en")
            shown_at(plain, {"marks": None})
            shown_at(ours, {"count": len(atlas.events)})
            pages = {
                PLAIN: _plain_changes(plain, atlas),
                OURS: _our_changes(ours, atlas),
            }
            # The first change also loads what no later one needs.
            for page in pages.values():
                for _ in range(2):
                    next(page)
            for _ in range(2 * rounds):
                for name, page in pages.items():
                    change, acted, drawn = next(page)
                    seconds[name, change].append(drawn - acted)
                    if name == OURS:
                        courses[change].append(_course(ours, acted, drawn))
            for _ in range(rounds):
                seconds[OURS, STRIP].append(_move_strip(ours))
    return [_table(seconds), _course_table(courses)]


def _our_changes(page: Page, atlas: Atlas) -> Iterator[tuple[str, float, float]]:
    """Choose a group and clear it, for ever; yield what, when asked, when drawn."""
    chooser = page.get_by_test_id("stMultiSelect").first
    turn = 0
    while True:
        group = GROUPS[turn % len(GROUPS)]
        turn += 1
        name = atlas.name(group, "en")
        chosen = replace(EventFilter(), group_ids=frozenset({group}))
        _front(page)
        chooser.locator("input").click()
        chooser.locator("input").fill(name)
        page.get_by_role("option", name=name, exact=True).click()
        acted = acted_at(page, "pointerup")
        yield CHOSEN, acted, shown_at(page, {"count": len(chosen.apply(atlas))}, acted)
        page.keyboard.press("Escape")
        _front(page)
        chooser.locator("[aria-label='Clear all']").last.click()
        acted = acted_at(page, "pointerup")
        yield CLEARED, acted, shown_at(page, {"count": len(atlas.events)}, acted)
        page.keyboard.press("Escape")


def _plain_changes(page: Page, atlas: Atlas) -> Iterator[tuple[str, float, float]]:
    """Do the same on the plain page, whose control takes one group at a time."""
    chooser = page.get_by_test_id("stSelectbox").locator("input")
    events = drawable(atlas)
    turn = 0
    while True:
        group = GROUPS[turn % len(GROUPS)]
        turn += 1
        marks = int(events["group_ids"].map(lambda ids, it=group: it in ids).sum())
        for change, name, wanted in [
            (CHOSEN, group, marks),
            (CLEARED, "All", len(events)),
        ]:
            _front(page)
            chooser.click()
            chooser.fill(name)
            page.get_by_role("option", name=name, exact=True).click()
            acted = acted_at(page, "pointerup")
            yield change, acted, shown_at(page, {"marks": wanted}, acted)


def _move_strip(page: Page) -> float:
    """Move the first day by ten months and back; return seconds to the drawn map."""
    handle = page.locator(".sahel-map .handle.start")
    _front(page)
    before = handle.get_attribute("aria-valuenow")
    end = page.locator(".sahel-map .handle.end").get_attribute("aria-valuenow")
    handle.press("PageUp")
    acted = acted_at(page, "keydown")
    after = handle.get_attribute("aria-valuenow")
    if after == before:
        raise RuntimeError(f"the time strip did not move from day {before}")
    drawn = shown_at(page, {"window": f"{after},{end}"}, acted)
    _front(page)
    handle.press("Home")
    return drawn - acted


def _front(page: Page) -> None:
    """Bring a page to the front and let it come to rest."""
    page.bring_to_front()
    page.wait_for_timeout(REST_MS)


def _course(page: Page, acted: float, drawn: float) -> Course:
    """Return the course of a change that was drawn at a moment."""
    page.wait_for_timeout(REST_MS)
    said = messages_since(page, acted)
    asked = next(one for one in said if one.way == "out")
    answers = [one for one in said if one.way == "in" and one.at >= asked.at]
    kinds = [kind_of(one) for one in answers]
    told = answers[kinds.index("map")]
    finished = answers[kinds.index("finished")]
    answers = answers[: kinds.index("finished") + 1]
    return Course(
        asked=asked.at - acted,
        answered=answers[0].at - acted,
        told=told.at - acted,
        drawn=drawn - acted,
        finished=finished.at - acted,
        messages=len(answers),
        size=sum(one.size for one in answers),
        map_size=told.size,
    )


def _table(seconds: dict[tuple[str, str], list[float]]) -> Figures:
    rows = []
    for change in (CHOSEN, CLEARED):
        theirs, ours = seconds[PLAIN, change], seconds[OURS, change]
        rows.append(Row((change, PLAIN), theirs))
        rows.append(Row((change, OURS), ours, ratio(ours, theirs)))
    rows.append(Row((STRIP, OURS), seconds[OURS, STRIP]))
    return Figures(
        title="Seconds from the reader's hand to the drawn map",
        columns=("change", "page"),
        beside="times the plain page",
        rows=rows,
        digits=3,
        remarks=[verdict(CHOSEN, median(seconds[OURS, CHOSEN]), AIM, "s")],
    )


def _course_table(courses: dict[str, list[Course]]) -> Figures:
    steps = {
        "the browser asks the server": lambda it: it.asked,
        "the server's first answer is there": lambda it: it.answered,
        "the map's message is there": lambda it: it.told,
        "the map is drawn": lambda it: it.drawn,
        "the server is done with the page": lambda it: it.finished,
    }
    chosen = courses[CHOSEN]
    rows = [Row((step,), [*map(read, chosen)]) for step, read in steps.items()]
    size = median(one.size for one in chosen) / 1000
    map_size = median(one.map_size for one in chosen) / 1000
    count = median(one.messages for one in chosen)
    return Figures(
        title=f"The course of {CHOSEN}, seconds since the reader's hand (ours)",
        columns=("step",),
        beside="",
        rows=rows,
        digits=3,
        remarks=[
            f"What comes back: {count:.0f} messages of {size:.1f} kB in all before "
            f"compression, the map's message {map_size:.1f} kB of them.",
        ],
    )
