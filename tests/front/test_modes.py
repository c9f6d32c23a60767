"""Marks, bins and heat, where events are too many for one path each."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.drawing import palette
from dashboard.drawing.event_layer import EventLayer, save_offline
from dashboard.drawing.ground import ground_map
from dashboard.drawing.packing import pack_events, to_day
from tests.front import world
from tests.front.test_front import PHONE, pixel_of, told, until

pytestmark = pytest.mark.browser

ALONE = (21.3, -0.5)
MODES = ("Marks", "Bins", "Heat")
HOW = dict(zip(MODES, ("stamps", "bins", "heat"), strict=True))


def choose(page: Page, mode: str) -> None:
    page.get_by_role("button", name=mode, exact=True).click()
    until(page, "how", HOW[mode])


def placed(events, mode: str) -> int:
    """Return how many events a mode draws: aggregates leave out whole regions."""
    vague = {"Marks": ["country"]}.get(mode, ["country", "region"])
    return int((~events["location_precision"].isin(vague)).sum())


def pixel(page: Page, latitude: float, longitude: float, right: int = 0) -> list[int]:
    """Return the colour of the canvas at a point of the earth, or right of it."""
    x, y = pixel_of(page, latitude, longitude)
    return page.locator(".leaflet-events-pane canvas").evaluate(
        """(canvas, [x, y]) => {
          const box = canvas.getBoundingClientRect();
          const at = (v) => Math.round(v * canvas.width / box.width);
          const place = [at(x - box.left), at(y - box.top)];
          return [...canvas.getContext('2d').getImageData(...place, 1, 1).data];
        }""",
        [x + right, y],
    )


def near(colour: list[int], wanted: str, slack: int = 6) -> bool:
    channels = [int(wanted[k : k + 2], 16) for k in (1, 3, 5)]
    return all(abs(a - b) <= slack for a, b in zip(colour, channels, strict=False))


@pytest.mark.parametrize("mode", MODES)
def test_what_is_drawn_is_what_the_table_says(open_page, mode):
    page = open_page("?many=1")
    events = world.many()
    choose(page, mode)
    assert told(page, "count") == str(len(events))
    until(page, "drawn", placed(events, mode))

    page.get_by_role("combobox", name="hide").click()
    page.get_by_role("option", name="jnim").click()
    page.keyboard.press("Escape")
    rest = events[events["colour_group"] != "jnim"]
    until(page, "count", len(rest))
    until(page, "drawn", placed(rest, mode))
    assert told(page, "how") == HOW[mode]  # the rerun changed nothing else

    page.get_by_role("button", name="set 2024").click()
    until(page, "window", f"{to_day('2024-01-01')},{to_day('2024-12-31')}")
    in_2024 = rest[(rest["date_end"] >= "2024") & (rest["date_start"] < "2025")]
    until(page, "drawn", placed(in_2024, mode))


def test_aggregates_say_what_they_leave_out(open_page):
    page = open_page("?many=1")
    note = page.locator(".map-note")
    expect(note).to_be_hidden()
    for mode in ("Bins", "Heat"):
        choose(page, mode)
        expect(note).to_have_text(
            "41 events known to their region only are not counted here."
        )
        expect(page.locator(".scale-classes li")).to_have_text(
            ["1", "2–4", "5–9", "10–24", "25–99", "100–499", "500+"]
        )
    choose(page, "Marks")
    expect(note).to_be_hidden()
    expect(page.locator(".scale")).to_be_hidden()


def test_a_stamp_has_the_colour_of_its_group_and_the_small_lies_on_top(open_page):
    page = open_page("?many=1")
    jnim, state, sahel = (palette.COLOUR_GROUPS[k].colour for k in (0, 5, 1))
    middle = pixel(page, *ALONE)
    assert near(middle, jnim) and middle[3] > 200
    beside = pixel(page, *ALONE, right=24)
    assert near(beside, state) and beside[3] > 200
    assert pixel(page, *ALONE, right=-60)[3] == 0
    hollow = pixel(page, 19, -7, right=10)
    assert near(hollow, sahel, slack=12) and hollow[3] < 120


@pytest.mark.parametrize("mode", ["Bins", "Heat"])
def test_an_aggregate_has_the_colour_of_its_class(open_page, mode):
    page = open_page("?many=1")
    choose(page, mode)
    ramp = ["#FDE0DD", "#FCC5C0", "#FA9FB5"]
    colour = pixel(page, *ALONE, right=0 if mode == "Heat" else 9)
    assert any(near(colour, one, slack=14) for one in ramp)
    assert pixel(page, 24, -11)[3] == 0


@pytest.mark.parametrize("mode", MODES)
def test_a_click_finds_the_events_of_a_point(open_page, mode):
    page = open_page("?many=1")
    choose(page, mode)
    page.mouse.click(*pixel_of(page, *ALONE))
    card = page.locator(".card")
    expect(card.locator(".choice")).to_have_count(2)  # one lies on the other
    card.locator(".choice").first.click()
    expect(card.locator(".card-title")).to_contain_text("Made event")
    page.keyboard.press("Escape")

    page.mouse.click(*pixel_of(page, 16, -8))
    expect(card.locator(".card-title")).to_contain_text("events here")
    shown = int(card.locator(".card-title").inner_text().split()[0])
    assert shown >= 100
    expect(card.locator(".choice")).to_have_count(30)
    expect(card.locator(".card-note")).to_contain_text(f"{shown - 30} more")


@pytest.mark.parametrize("mode", MODES)
def test_a_finger_finds_them_too(open_page, mode):
    page = open_page("?many=1", **PHONE)
    page.get_by_role("button", name=mode, exact=True).tap()
    until(page, "how", HOW[mode])
    page.locator(".map-box").scroll_into_view_if_needed()
    page.touchscreen.tap(*pixel_of(page, *ALONE))
    expect(page.locator(".card .choice").first).to_be_visible()


def test_a_point_of_a_region_opens_its_events(open_page):
    page = open_page("?many=1")
    page.mouse.click(*pixel_of(page, 23.5, -6))
    expect(page.locator(".card-title")).to_have_text("40 events here")


def test_the_switch_works_by_keyboard_and_says_its_state(open_page):
    page = open_page()
    bins = page.get_by_role("button", name="Bins", exact=True)
    expect(page.get_by_role("group", name="Draw events as")).to_be_visible()
    bins.focus()
    page.keyboard.press("Enter")
    until(page, "how", "bins")
    expect(bins).to_have_attribute("aria-pressed", "true")
    marks = page.get_by_role("button", name="Marks", exact=True)
    expect(marks).to_have_attribute("aria-pressed", "false")
    marks.press("Space")
    until(page, "how", "paths")


def test_hexagons_stay_where_they_are_when_the_map_moves(open_page):
    page = open_page("?many=1")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(500)
    choose(page, "Bins")
    place = (14.0, -4.0)
    # Within one hexagon and beyond its neighbours, away from edges and figures.
    offsets = (-24, -6, -3, 0, 3, 6, 24)
    before = [pixel(page, *place, right=right) for right in offsets]
    page.locator(".map-box").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(700)
    assert [pixel(page, *place, right=right) for right in offsets] == before
    assert before[0] == [0, 0, 0, 0] != before[3]


def test_too_many_for_marks_are_a_density(open_page):
    """300,000 events take no test through a server: the layer is asked itself."""
    page = open_page()
    ways = page.evaluate(
        """async () => {
          const {EventsLayer} = await import('/app/static/map/events_layer.js');
          const {Modes} = await import('/app/static/map/modes.js');
          const ask = (mode, n) => EventsLayer.prototype._choose.call({mode}, n);
          const box = document.createElement('div');
          const modes = new Modes(box, {onMode() {}});
          const say = (key) => key;
          modes.label({say, number: String, count: (key, n) => `${key} ${n}`});
          modes.tell({how: 'heat', inView: 300001, aside: 0});
          return [ask('marks', 4000), ask('marks', 4001), ask('marks', 300000),
                  ask('marks', 300001), ask('bins', 300001),
                  box.querySelector('.map-note').textContent];
        }"""
    )
    assert ways == ["paths", "stamps", "stamps", "heat", "bins", "dense 300001"]


def test_a_saved_page_has_all_modes(browser, tmp_path):
    events = world.many()
    packed = pack_events(events, palette.GROUP_CODES, palette.TARGET_CODES)
    words = Path(__file__).with_name("en.toml").read_text("utf-8")
    period = [to_day("2012-01-01"), to_day("2026-06-30")]
    message = {
        "language": "en",
        "words": tomllib.loads(words),
        "groups": palette.legend_groups(world.GROUP_LABELS["en"]),
        "targets": palette.legend_targets(world.TARGET_LABELS["en"]),
        "precisions": world.PRECISION_LABELS["en"],
        "extent": period,
        "window": period,
    }
    fmap = ground_map()
    EventLayer(packed, message).add_to(fmap)
    save_offline(fmap, tmp_path / "map.html")
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url))
    page.goto(f"file://{tmp_path}/map.html")
    page.wait_for_selector(".sahel-map[data-ready='1']")
    for mode in MODES:
        choose(page, mode)
        until(page, "drawn", placed(events, mode))
    page.mouse.click(*pixel_of(page, *ALONE))
    expect(page.locator(".card .choice")).to_have_count(2)
    assert [it for it in faults if not it.startswith(("file:", "data:"))] == []
    page.close()


def test_a_changed_filter_does_not_send_the_events_again(open_page):
    page = open_page("?many=1")
    sizes: list[int] = []

    def listen(socket) -> None:
        socket.on("framereceived", lambda frame: sizes.append(len(frame)))

    page.on("websocket", listen)
    page.reload()
    page.wait_for_selector(".sahel-map[data-ready='1']")
    events = world.many()
    packed = pack_events(events, palette.GROUP_CODES, palette.TARGET_CODES)
    until(page, "count", len(events))
    assert max(sizes) > len(packed.buffer)
    sizes.clear()
    page.get_by_role("combobox", name="hide").click()
    page.get_by_role("option", name="jnim").click()
    until(page, "count", int((events["colour_group"] != "jnim").sum()))
    assert 0 < max(sizes) < len(packed.buffer) / 2
