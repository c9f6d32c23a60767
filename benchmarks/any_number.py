"""The map at 10,000 to 1,000,000 events, beside what folium and pydeck make of them."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as TooLate

from benchmarks.crowd import crowd
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
from benchmarks.servers import (
    BARE,
    CROWD_OURS,
    CROWD_THEIRS,
    Server,
    lay_out_crowd,
    serving,
)
from dashboard.drawing.packing import PackedEvents, pack_events
from dashboard.drawing.palette import GROUP_CODES, TARGET_CODES

ROUNDS = 3
SIZES = (10_000, 100_000, 400_000, 1_000_000)
MANY = 400_000
PATIENCE = 75  # seconds after which a page is given up
FRAMES = 180
REST_MS = 1500

GEOJSON, HEAT, PYDECK = "folium GeoJson", "folium HeatMap", "st.pydeck_chart"
THEIRS = {GEOJSON: "geojson", HEAT: "heat", PYDECK: "pydeck"}
OURS = "this map, by its legend"
OURS_CONTROL = "this map, by a control of Python's"

AIMS = {10_000: 0.15, 100_000: 0.2, 400_000: 0.3, 1_000_000: 0.6}  # seconds
TIMES = {GEOJSON: (50, 10_000), HEAT: (30, 400_000), PYDECK: (10, 100_000)}
"""How many times as long each may take, and from how many events on."""
FIRST_AIM, BYTES_AIM, READ_AIM, HIT_AIM = 1.5, 8.0, 200, 10
MOVING_AIM, GROWING_AIM, LEAST_AIM = 60, 40, 15  # frames a second

# Seconds from a changed filter to the drawn map, by who draws how many events. An empty
# list stands for a page that was given up.
Taken = dict[tuple[str, int], list[float]]


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Measure all of it.

    Parameters
    ----------
    rounds : int
        How often each is measured, where it does not take minutes.

    Returns
    -------
    list of Figures
        Changed filters, first maps, frames, reading and finding, bytes.
    """
    taken: Taken = {}
    packs = {n: _packed(n) for n in (MANY, SIZES[-1])}
    with TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        has_heat = lay_out_crowd(folder)
        for n, packed in packs.items():
            (folder / "static" / f"{n}.bin").write_bytes(packed.buffer)
        with serving(CROWD_OURS, folder) as ours, serving(BARE, folder) as bare:
            sizes = {}
            for n in SIZES:
                with new_reader(browser) as reader:
                    taken[OURS, n] = _legend_changes(reader, ours, n, rounds)
                with new_reader(browser) as reader:
                    taken[OURS_CONTROL, n], sizes[n] = _our_changes(
                        reader, ours, n, rounds
                    )
            first = _first_maps(browser, ours, bare, rounds)
            frames = _frames(browser, ours)
            reading = _reading(browser, ours, packs, rounds)
        with serving(CROWD_THEIRS, folder) as theirs:
            for name, how in THEIRS.items():
                if name == HEAT and not has_heat:
                    continue
                for n in SIZES:
                    with new_reader(browser) as reader:
                        taken[name, n] = _their_changes(reader, theirs, how, n, rounds)
                    if not taken[name, n]:
                        break  # nor will it end with more
    return [
        _change_table(taken),
        _first_table(first),
        _frames_table(frames),
        _reading_table(reading),
        _bytes_table(packs[MANY], sizes),
    ]


def _packed(n: int) -> PackedEvents:
    return pack_events(crowd(n), GROUP_CODES, TARGET_CODES)


# Changed filters --------------------------------------------------------------------


def _legend_changes(
    reader: BrowserContext, server: Server, n: int, rounds: int
) -> list[float]:
    """Switch a group off and on again in the legend, as a reader does."""
    groups = crowd(n)["colour_group"]
    page, _ = open_page(reader, f"{server.address}/?n={n}")
    shown_at(page, {"count": n}, patience=PATIENCE)
    seconds = []
    for turn in range(rounds + 1):
        code = GROUP_CODES[turn % 3]
        for count in (int((groups != code).sum()), n):
            page.wait_for_timeout(REST_MS)
            page.locator(f'.sahel-map button.switch[data-code="{code}"]').click()
            acted = acted_at(page, "pointerup")
            seconds.append(shown_at(page, {"count": count}, acted) - acted)
    return seconds[2:]  # the first turn also compiles what no later one needs


def _our_changes(
    reader: BrowserContext, server: Server, n: int, rounds: int
) -> tuple[list[float], int]:
    """Hide a group and show it again; return seconds, and bytes sent for a change."""
    groups = crowd(n)["colour_group"]
    page, _ = open_page(reader, f"{server.address}/?n={n}")
    shown_at(page, {"count": n}, patience=PATIENCE)
    seconds, size = [], 0
    _hide(page, "unknown")  # the first change also loads what no later one needs
    for turn in range(rounds):
        for hidden in (GROUP_CODES[turn % 3], "nothing"):
            acted = _hide(page, hidden)
            count = int((groups != hidden).sum())
            seconds.append(shown_at(page, {"count": count}, acted) - acted)
            page.wait_for_timeout(REST_MS)
            # A mask that the browser has had already is sent by its name alone.
            said = messages_since(page, acted)
            sent = [it.size for it in said if it.way == "in" and kind_of(it) == "map"]
            size = max([size, *sent])
    return seconds, size


def _their_changes(
    reader: BrowserContext, server: Server, how: str, n: int, rounds: int
) -> list[float]:
    """Do the same on one of the other pages, until its time is used up."""
    events = crowd(n)
    placed = events.loc[events["location_precision"] != "country", "colour_group"]
    sign = "instances" if how == "pydeck" else "told"
    begin = time.monotonic()
    page, _ = open_page(reader, f"{server.address}/?n={n}&how={how}")
    seconds: list[float] = []
    try:
        shown_at(page, {sign: len(placed)}, patience=PATIENCE)
        for turn in range(rounds):
            for hidden in (GROUP_CODES[turn % 3], "nothing"):
                acted = _hide(page, hidden)
                count = int((placed != hidden).sum())
                drawn = shown_at(page, {sign: count}, acted, patience=PATIENCE)
                seconds.append(drawn - acted)
                if time.monotonic() - begin > 2 * PATIENCE:
                    return seconds
    except TooLate:
        pass
    return seconds


def _hide(page: Page, group: str) -> float:
    """Choose the group to hide; return when (wall seconds)."""
    chooser = page.get_by_test_id("stSelectbox").locator("input")
    page.wait_for_timeout(REST_MS)
    chooser.click()
    chooser.fill(group)
    page.get_by_role("option", name=group, exact=True).click()
    return acted_at(page, "pointerup")


def _change_table(taken: Taken) -> Figures:
    rows, remarks = [], []
    for n in SIZES:
        ours = taken[OURS, n]
        rows.append(Row((f"{n:,}", OURS), ours))
        slower = taken[OURS_CONTROL, n]
        times = f"{median(slower) / median(ours):.0f}"
        rows.append(Row((f"{n:,}", OURS_CONTROL), slower, times))
        remarks.append(verdict(f"{n:,} events", median(ours), AIMS[n], "s"))
        for name in THEIRS:
            seconds = taken.get((name, n))
            if seconds is None:
                continue
            if not seconds:
                rows.append(Row((f"{n:,}", name), (), f"more than {PATIENCE} s"))
                continue
            longer = median(seconds) / median(ours)
            rows.append(Row((f"{n:,}", name), seconds, f"{longer:.0f}"))
            least, begin = TIMES[name]
            if n >= begin:
                word = "met" if longer >= least else "MISSED"
                remarks.append(
                    f"Aim {word}: {n:,} events, {name} takes {longer:.0f} times as "
                    f"long, the aim is at least {least}."
                )
    return Figures(
        title="Seconds from a changed filter to the drawn map",
        columns=("events", "drawn by"),
        beside="times the legend",
        rows=rows,
        remarks=remarks,
    )


# The first map ----------------------------------------------------------------------


def _first_maps(
    browser: Browser, ours: Server, bare: Server, rounds: int
) -> dict[str, list[float]]:
    """Open both pages in turn, each for a new reader."""
    seconds = defaultdict(list)
    pages: list[tuple[str, str, dict[str, Any]]] = [
        (BARE, bare.address, {"title": True}),
        (OURS, f"{ours.address}/?n={MANY}", {"count": MANY}),
    ]
    for _ in range(rounds):
        for name, address, wanted in pages:
            with new_reader(browser) as reader:
                page, asked = open_page(reader, address)
                seconds[name].append(shown_at(page, wanted) - asked)
    return seconds


def _first_table(first: dict[str, list[float]]) -> Figures:
    bare, ours = first[BARE], first[OURS]
    times = median(ours) / median(bare)
    return Figures(
        title=f"Seconds to the first map of {MANY:,} events, a new reader",
        columns=("page",),
        beside="times the bare page",
        rows=[Row((BARE,), bare), Row((OURS,), ours, ratio(ours, bare))],
        remarks=[verdict("first map", times, FIRST_AIM, "x the bare page")],
    )


# Frames -----------------------------------------------------------------------------


def _frames(browser: Browser, server: Server) -> dict[tuple[str, ...], list[float]]:
    """Drag and play the strip in each way to draw; return the gaps between frames."""
    gaps: dict[tuple[str, ...], list[float]] = {}
    with new_reader(browser) as reader:
        page, _ = open_page(reader, f"{server.address}/?n={MANY}")
        shown_at(page, {"count": MANY})
        page.evaluate(Path(__file__).with_name("frames.js").read_text("utf-8"))
        for mode in ("Marks", "Bins", "Heat"):
            page.get_by_role("button", name=mode, exact=True).click()
            for window in ("Moving", "Growing"):
                _set_window(page, window)
                gaps[mode, window, "dragged"] = _drag(page, window)
                _set_window(page, window)
                page.locator(".play").click()
                page.wait_for_timeout(100)
                gaps[mode, window, "played"] = page.evaluate(
                    f"benchFrames.playing({{frames: {FRAMES}}})"
                )
                if page.locator(".sahel-map").get_attribute("data-playing") == "1":
                    page.locator(".play").click()
    return gaps


def _set_window(page: Page, window: str) -> None:
    """Set 90 days of the record's last years, or all days up to its last years."""
    page.locator(".whole").click()
    page.get_by_role("button", name=window, exact=True).click()
    if window == "Moving":
        page.locator(".handle.start").press("End")
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        for _ in range(3):
            page.keyboard.press("Shift+PageDown")
    else:
        page.locator(".handle.end").focus()
        for _ in range(3):
            page.keyboard.press("PageDown")
    page.wait_for_timeout(REST_MS)


def _drag(page: Page, window: str) -> list[float]:
    """Put the mouse down on the window, or on its end, and move it in every frame."""
    page.locator(".plot").scroll_into_view_if_needed()
    grip = page.locator(".band" if window == "Moving" else ".handle.end .grip")
    box = grip.bounding_box()
    if box is None:
        raise RuntimeError("the time strip is not there")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    ask = {"frames": FRAMES, "x": x, "y": y, "reach": 200}
    gaps: list[float] = page.evaluate(f"benchFrames.dragging({json.dumps(ask)})")
    page.mouse.up()
    return gaps


def _frames_table(gaps: dict[tuple[str, ...], list[float]]) -> Figures:
    rows, remarks = [], []
    for (mode, window, how), times in gaps.items():
        rate = 1000 / median(times)
        aim = MOVING_AIM if window == "Moving" else GROWING_AIM
        # A display that refreshes 60 times a second shows 59.9 by this clock.
        word = "met" if rate >= aim - 0.5 else "MISSED"
        slowest = 1000 / sorted(times)[int(0.95 * len(times))]
        rows.append(
            Row(
                (mode, window, how, f"{rate:.0f}", f"{slowest:.0f}"),
                (),
                f"{aim}, {word}",
            )
        )
        if slowest < LEAST_AIM:
            remarks.append(
                f"Aim MISSED: {mode}, {window}, {how}: one frame in twenty comes at "
                f"{slowest:.0f} a second or less; none should be under {LEAST_AIM}."
            )
    return Figures(
        title=f"Frames a second at {MANY:,} events while the window moves",
        columns=("drawn as", "window", "how", "median", "slowest in twenty"),
        beside="aim",
        rows=rows,
        remarks=remarks,
    )


# Reading, finding and bytes ---------------------------------------------------------


def _reading(
    browser: Browser, server: Server, packs: dict[int, PackedEvents], rounds: int
) -> dict[int, dict[str, list[float]]]:
    found = {}
    with new_reader(browser) as reader:
        page, _ = open_page(reader, f"{server.address}/?n={SIZES[0]}")
        shown_at(page, {"count": SIZES[0]})
        page.evaluate(Path(__file__).with_name("frames.js").read_text("utf-8"))
        for n, packed in packs.items():
            ask: dict[str, Any] = {
                "packed": f"app/static/{n}.bin",
                "layout": packed.layout,
                "rounds": 3 * rounds,
            }
            found[n] = page.evaluate("(ask) => benchFrames.reading(ask)", ask)
    return found


def _reading_table(reading: dict[int, dict[str, list[float]]]) -> Figures:
    names = {
        "read": "read the packed events",
        "stamps": "find those under a pixel, marks",
        "bins": "the same, bins",
        "heat": "the same, heat",
    }
    rows = [
        Row((f"{n:,}", names[name]), times)
        for n, found in reading.items()
        for name, times in found.items()
    ]
    slowest = max(
        median(times) for name, times in reading[MANY].items() if name != "read"
    )
    most = SIZES[-1]
    return Figures(
        title="Milliseconds in the browser",
        columns=("events", "what"),
        beside="",
        rows=rows,
        digits=1,
        remarks=[
            verdict(
                f"read {most:,} events", median(reading[most]["read"]), READ_AIM, "ms"
            ),
            verdict(f"find at {MANY:,} events", slowest, HIT_AIM, "ms"),
        ],
    )


def _bytes_table(packed: PackedEvents, sizes: dict[int, int]) -> Figures:
    each = len(packed.buffer) / packed.layout["n"]
    rows = [Row((f"an event, once ({MANY:,} events)",), (), f"{each:.2f}")]
    rows += [
        Row((f"a filter changed in Python, {n:,} events, in all",), (), f"{size:,}")
        for n, size in sizes.items()
    ]
    rows.append(Row(("a window changed in the browser",), (), "0"))
    return Figures(
        title="Bytes that the map's messages take",
        columns=("what",),
        beside="bytes",
        rows=rows,
        remarks=[verdict("an event", each, BYTES_AIM, "bytes")],
    )
