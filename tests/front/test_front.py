"""The map and its time strip in a real browser, with no other host to be reached."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.drawing.packing import to_day
from tests.front import world

pytestmark = pytest.mark.browser

FIRST, LAST = to_day("2012-01-01"), to_day("2026-06-30")
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def told(page: Page, name: str) -> str:
    """Return what the map says of itself."""
    return page.locator(".sahel-map").get_attribute(f"data-{name}") or ""


def window(page: Page) -> tuple[int, int]:
    start, end = told(page, "window").split(",")
    return int(start), int(end)


def until(page: Page, name: str, value: object) -> None:
    expect(page.locator(".sahel-map")).to_have_attribute(f"data-{name}", str(value))


def pixel_of(page: Page, latitude: float, longitude: float) -> tuple[float, float]:
    """Return where a point of the earth is on the screen."""

    def mercator(lat: float, lon: float) -> tuple[float, float]:
        sine = math.sin(math.radians(lat))
        y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
        return (lon + 180) / 360, y

    lat, lon, zoom = map(float, told(page, "view").split(","))
    box = page.locator(".map-box").bounding_box()
    assert box is not None
    (x0, y0), (x1, y1) = mercator(lat, lon), mercator(latitude, longitude)
    scale = 256 * 2**zoom
    return (
        box["x"] + box["width"] / 2 + (x1 - x0) * scale,
        box["y"] + box["height"] / 2 + (y1 - y0) * scale,
    )


def click_event(page: Page, event_id: str) -> None:
    row = world.events().set_index("event_id").loc[event_id]
    page.mouse.click(*pixel_of(page, row["latitude"], row["longitude"]))


def runs(page: Page) -> int:
    return int(page.get_by_text(re.compile(r"^runs: ")).inner_text().split()[1])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_first_sight(open_page, language):
    page = open_page(f"?lang={language}")
    assert told(page, "drawn") == "53"  # all but the one known to its country only
    assert told(page, "count") == "54"
    assert window(page) == (FIRST, LAST)
    summary = {
        "en": "1 Jan 2012 – 30 Jun 2026 · 54 events · 1 without a place on the map",
        "fr": "1 janv. 2012 – 30 juin 2026 · 54 événements · 1 sans lieu sur la carte",
    }[language]
    shown = page.locator(".summary").inner_text().replace("\xa0", " ")
    assert shown == summary
    label = page.locator(".leaflet-events-pane canvas").get_attribute("aria-label")
    assert label.startswith("54 ")
    assert runs(page) == 0  # mounting tells Python nothing


def test_every_word_has_a_phrase(open_page):
    """A missing phrase shows as its bare key, which holds an underscore."""
    page = open_page()
    page.mouse.click(*pixel_of(page, 19.9, 2.85))
    texts = page.locator(".sahel-map").inner_text()
    texts += " ".join(
        page.locator(".sahel-map [aria-label]").evaluate_all(
            "nodes => nodes.map(node => node.getAttribute('aria-label'))"
        )
    )
    assert not re.findall(r"\b[a-z]+_[a-z]+\b", texts)


def test_dragging_a_handle_filters_in_the_browser(open_page):
    page = open_page()
    page.locator(".strip").scroll_into_view_if_needed()
    box = page.locator(".handle.start .grip").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 300, y, steps=8)
    start, end = window(page)
    assert start > FIRST and end == LAST
    assert int(told(page, "drawn")) < 53
    page.wait_for_timeout(500)
    assert runs(page) == 0  # the hand is still on it
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^reply: \(datetime"))).to_be_visible()
    assert runs(page) == 1
    assert window(page) == (start, end)
    assert page.locator(".handle.start").get_attribute("aria-valuenow") == str(start)


def test_dragging_the_window_keeps_its_length(open_page):
    page = open_page()
    page.get_by_role("button", name="set 2024").click()
    until(page, "window", f"{to_day('2024-01-01')},{to_day('2024-12-31')}")
    page.locator(".strip").scroll_into_view_if_needed()
    box = page.locator(".band").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - box["width"] * 2, y, steps=6)
    page.mouse.up()
    start, end = window(page)
    assert start < to_day("2023-01-01")
    assert 364 <= end - start <= 366


@pytest.mark.parametrize(
    "handle, key, expected",
    [
        pytest.param("start", "ArrowRight", ("2012-02-01", "2026-06-30"), id="later"),
        pytest.param("start", "PageUp", ("2012-11-01", "2026-06-30"), id="ten steps"),
        pytest.param("start", "End", ("2026-06-30", "2026-06-30"), id="start to end"),
        pytest.param("end", "ArrowLeft", ("2012-01-01", "2026-05-31"), id="earlier"),
        pytest.param("end", "PageDown", ("2012-01-01", "2025-08-31"), id="ten back"),
        pytest.param("end", "Home", ("2012-01-01", "2012-01-01"), id="end to start"),
        pytest.param("start", "ArrowLeft", ("2012-01-01", "2026-06-30"), id="at edge"),
    ],
)
def test_keys_of_a_handle(open_page, handle, key, expected):
    page = open_page()
    page.locator(f".handle.{handle}").focus()
    page.keyboard.press(key)
    assert window(page) == tuple(map(to_day, expected))


def test_shift_moves_the_whole_window(open_page):
    page = open_page()
    page.get_by_role("button", name="set 2024").click()
    until(page, "window", f"{to_day('2024-01-01')},{to_day('2024-12-31')}")
    page.locator(".handle.end").focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert window(page) == (to_day("2023-12-01"), to_day("2024-11-30"))
    expect(page.get_by_text("window: 2023-12-01 2024-11-30")).to_be_visible()
    focused = page.evaluate("document.activeElement.shadowRoot.activeElement.className")
    assert focused == "handle end"  # the rerun took the focus from nobody


def test_space_plays_and_pauses(open_page):
    page = open_page()
    page.get_by_role("button", name="Moving", exact=True).click()
    page.locator(".handle.end").focus()
    page.keyboard.press("Space")
    until(page, "playing", 1)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    before = window(page)
    page.wait_for_timeout(1800)
    page.keyboard.press("Space")
    until(page, "playing", 0)
    start, end = window(page)
    assert start > before[0] and end > before[1]
    page.wait_for_timeout(900)
    told_python = page.get_by_text(re.compile(r"^window: ")).inner_text()
    assert [to_day(day) for day in told_python.split()[1:]] == [start, end]
    # At most one word to Python for the mode, and one when the play came to rest.
    assert runs(page) <= 2


def test_growing_play_reaches_the_end_and_stops(open_page):
    page = open_page()
    page.locator(".handle.end").focus()
    page.keyboard.press("PageDown")
    for _ in range(2):  # four times as fast
        page.locator(".speed").click()
    page.locator(".play").click()
    until(page, "playing", 1)
    expect(page.locator(".sahel-map")).to_have_attribute(
        "data-playing", "0", timeout=8000
    )
    assert window(page) == (FIRST, LAST)


def test_reduced_motion_jumps_by_whole_steps(open_page):
    page = open_page(reduced_motion="reduce")
    page.locator(".handle.end").focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    first = window(page)[1]
    page.keyboard.press("Space")
    page.wait_for_timeout(1900)
    second = window(page)[1]
    assert to_day("2024-01-31") >= second > first - 1
    assert second in {to_day("2024-01-31"), to_day("2023-12-31"), first}
    page.keyboard.press("Space")


def test_card_shows_hostile_text_as_text(open_page):
    page = open_page()
    click_event(page, "hostile")
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_have_text(f"{world.HOSTILE} (hostile)")
    expect(card.locator(".card-claims li").nth(1)).to_contain_text(world.HOSTILE)
    assert card.locator("img, script").count() == 0
    links = card.locator("a")
    assert links.count() == 1  # the javascript: address stays text
    assert links.get_attribute("href") == "https://example.org/a"
    assert links.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.get_by_role("button", name="set 2024").click()
    until(page, "window", f"{to_day('2024-01-01')},{to_day('2024-12-31')}")
    expect(card).to_be_hidden()  # what the reader closed stays closed


def test_an_update_keeps_view_card_and_page(open_page):
    page = open_page()
    click_event(page, "lone")
    expect(page.locator(".card-title")).to_have_text("Made event (lone)")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    view = told(page, "view")
    page.evaluate(
        "[...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')]"
        ".map((node) => node.shadowRoot.querySelector('.sahel-map'))"
        ".find(Boolean).dataset.mine = '1'"
    )
    page.get_by_role("combobox", name="hide").click()
    page.get_by_role("option", name="jnim").click()
    expect(page.locator(".sahel-map")).not_to_have_attribute("data-count", "54")
    events = world.events()
    assert told(page, "count") == str((events["colour_group"] != "jnim").sum())
    assert told(page, "view") == view
    assert told(page, "mine") == "1"
    expect(page.locator(".card-title")).to_have_text("Made event (lone)")


def test_an_echo_does_not_fight_the_hand(open_page):
    page = open_page()
    page.locator(".handle.start").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(260)  # the first choice is on its way to Python
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    assert window(page)[0] == to_day("2012-07-01")
    expect(page.get_by_text("window: 2012-07-01 2026-06-30")).to_be_visible()


def test_chooser_where_several_lie_on_one_point(open_page):
    page = open_page()
    page.mouse.click(*pixel_of(page, 12.61, -7.98))
    choices = page.locator(".card .choice")
    expect(choices.first).to_be_visible()
    assert choices.count() >= 3
    expect(page.locator(".card-title")).to_have_text(re.compile(r"\d+ events here"))
    choices.last.click()
    expect(page.locator(".card-title")).to_have_text(re.compile("Made event"))


def test_star_of_an_operation_lists_its_events(open_page):
    page = open_page()
    page.locator(".handle.start").focus()
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(400)
    events = world.events().set_index("event_id")
    members = [
        pixel_of(page, *events.loc[name, ["latitude", "longitude"]])
        for name in ("big", "made-01")
    ]
    middle = [sum(axis) / 2 for axis in zip(*members, strict=True)]
    page.mouse.click(*middle)
    expect(page.locator(".card-title")).to_have_text(f"Twin strikes {world.HOSTILE}")
    assert page.locator(".card .choice").count() == 2


def test_milestones_are_named_for_all(open_page):
    page = open_page()
    names = page.locator(".strip ol li")
    assert names.count() == 8
    first = page.locator(".tick").first
    first.focus()
    expect(page.locator(".tip")).to_have_text(re.compile("Coup of March 2012"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip")).to_have_text(re.compile("Operation Serval"))


def test_choropleth_and_its_classes(open_page):
    page = open_page("?choropleth=1")
    legend = page.locator(".legend")
    expect(legend).to_contain_text("Events by region")
    assert legend.locator(".swatch").count() == 5


def test_a_missing_ground_leaves_the_events(open_page):
    page = open_page("?ground=app/static/ground/none.json")
    assert told(page, "drawn") == "53"
    assert told(page, "fault") == "ground"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(open_page, scheme):
    page = open_page("?lang=fr", color_scheme=scheme, **PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert page.locator(".legend-body").is_hidden()
    assert page.locator(".legend-brief .icon").first.is_visible()
    page.locator(".legend-toggle").tap()
    assert page.locator(".legend-body").is_visible()
    small = page.locator(".sahel-map *").evaluate_all(
        """nodes => nodes.filter(node => node.childNodes.length &&
             [...node.childNodes].some(child => child.nodeType === 3 &&
               child.data.trim())).map(node => [node.className.toString(),
               parseFloat(getComputedStyle(node).fontSize)])
             .filter(([, size]) => size < 11)"""
    )
    assert small == []
    low = page.locator(".tools button").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().height)"
    )
    assert min(low) >= 44


def test_touch_opens_a_sheet(open_page):
    page = open_page(**PHONE)
    page.locator(".map-box").scroll_into_view_if_needed()
    row = world.events().set_index("event_id").loc["hostile"]
    page.touchscreen.tap(*pixel_of(page, row["latitude"], row["longitude"]))
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_contain_text("(hostile)")
    frame, sheet = page.locator(".frame").bounding_box(), card.bounding_box()
    assert abs(sheet["y"] + sheet["height"] - frame["y"] - frame["height"]) < 3
    card.locator(".card-close").tap()
    expect(card).to_be_hidden()


def test_a_region_says_its_value(open_page):
    page = open_page("?choropleth=1")
    page.mouse.click(*pixel_of(page, 23.0, -4.0))  # the far north of Tombouctou
    expect(page.locator(".card-title")).to_have_text("6")
    expect(page.locator(".card-note")).to_have_text("Events by region")


def test_compact_has_no_strip_and_a_folded_legend(open_page):
    page = open_page("?compact=1")
    assert page.locator(".strip").is_hidden()
    assert page.locator(".legend-body").is_hidden()
    page.locator(".legend-toggle").click()
    assert page.locator(".legend-body").is_visible()


def test_mark_has_the_colour_of_its_group(open_page):
    page = open_page()
    row = world.events().set_index("event_id").loc["lone"]
    x, y = pixel_of(page, row["latitude"], row["longitude"])
    red, green, blue, alpha = page.locator(".leaflet-events-pane canvas").evaluate(
        """(canvas, [x, y]) => {
          const box = canvas.getBoundingClientRect();
          const at = (v) => Math.round(v * canvas.width / box.width);
          const [px, py] = [at(x - box.left + 25), at(y - box.top)];
          return [...canvas.getContext('2d').getImageData(px, py, 1, 1).data];
        }""",
        [x, y],
    )
    assert {red, green, blue} <= set(range(0x8C - 2, 0x8C + 3))  # state forces
    assert alpha > 200
