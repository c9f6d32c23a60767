"""Timbuktu beside Bamako, and a third: the page says what the analysis says."""

from __future__ import annotations

import math
from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.analysis.atlas import ACTOR_CLASSES
from dashboard.analysis.comparison import Area, compare_areas, home_of
from dashboard.analysis.filter import EventFilter, write_query
from dashboard.drawing.packing import to_date
from tests.browser.reading import (
    DESKTOP,
    PHONE,
    WORDS,
    choose,
    expect_query,
    go,
    map_ready,
    overflow,
)

pytestmark = pytest.mark.browser

NAMES = {
    "en": {
        "ML-6": "Timbuktu region",
        "ML-BKO": "Bamako district",
        "ML-7": "Gao region",
    },
    "fr": {
        "ML-6": "région de Tombouctou",
        "ML-BKO": "district de Bamako",
        "ML-7": "région de Gao",
    },
}


def maps(page):
    """Return the small maps, without the strip they share."""
    return page.locator(".sahel-map.compact")


def columns(page):
    """Return the columns of figures, one for each area."""
    metrics = page.get_by_test_id("stMetric")
    return page.get_by_test_id("stColumn").filter(has=metrics)


def expect_areas(page, atlas, chosen, keys, language="en"):
    """Hold the columns to what the analysis returns."""
    say = WORDS[language]
    areas = [
        Area(key, is_town="-" in key and not key.startswith("ML-")) for key in keys
    ]
    table = compare_areas(atlas, chosen, areas)
    found = columns(page)
    expect(found).to_have_count(len(keys))
    for place, (area, row) in enumerate(table.items()):
        now = row["figures"]
        column = found.nth(place)
        name = NAMES[language].get(area.key)
        if name is None:
            name = say("town_around", name=atlas.name(area.key, language), km=25)
        expect(column.get_by_role("heading", level=3)).to_have_text(name)
        values = column.get_by_test_id("stMetricValue")
        expect(values.nth(0)).to_have_text(say.number(now.events))
        deaths = say.span(now.deaths_low, now.deaths_high)
        expect(values.nth(1)).to_have_text(deaths)
        lines = {say["figure_best"]: say.number(now.deaths_best)}
        if row["events_rate"] is not None:
            lines[say["rate_events"]] = say.number(row["events_rate"], 2)
            lines[say["rate_deaths"]] = say.number(row["deaths_rate"], 1)
            lines[say["population"]] = say.number(row["population"])
        if row["first"] is not None:
            lines[say["first_event"]] = say.day(row["first"])
            lines[say["last_event"]] = say.day(row["last"])
        if row["quiet"] is not None:
            quiet = row["quiet"]
            lines[say["longest_quiet"]] = say(
                "quiet_days", count=quiet.days, after=quiet.after, until=quiet.until
            )
        for label, value in lines.items():
            text = say("label_value", label=label, value=value)
            expect(column.get_by_text(text, exact=True)).to_be_visible()
    map_ready(page, len(keys) + 1)  # and the strip they share
    counts = [str(row["figures"].events) for row in table.values()]
    for place, count in enumerate(counts):
        expect(maps(page).nth(place)).to_have_attribute("data-count", count)
    return table


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_opens_on_timbuktu_and_bamako(open_page, real_atlas, language):
    page = open_page("compare", {"lang": language})
    table = expect_areas(page, real_atlas, EventFilter(), ["ML-6", "ML-BKO"], language)
    assert all(row["figures"].events >= 5 for row in table.values())
    # Both trends, six shares: each chart says what it shows.
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(8)
    expect(page.locator("[role=graphics-document]")).to_have_count(8)
    for chart in page.locator("[role=graphics-document]").all():
        said = chart.get_attribute("aria-label")
        assert any(name in said for name in NAMES[language].values())


def at(page, place):
    """Return latitude, longitude and zoom of a small map."""
    view = maps(page).nth(place).get_attribute("data-view")
    return tuple(map(float, view.split(",")))


def drag(page, place, across, down):
    """Drag a small map by pixels, without a throw at the end."""
    box = page.locator(".map-box").nth(place)
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    x, y = frame["x"] + frame["width"] * 0.7, frame["y"] + frame["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y + down, steps=8)
    page.wait_for_timeout(300)
    page.mouse.up()
    page.wait_for_timeout(500)


def pixels(here, there):
    """Return how far apart two views are, in pixels at the zoom of the first."""

    def mercator(latitude):
        sine = math.sin(math.radians(latitude))
        return 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)

    scale = 256 * 2 ** here[2]
    return (
        (there[1] - here[1]) / 360 * scale,
        (mercator(there[0]) - mercator(here[0])) * scale,
    )


def test_small_maps_open_on_their_areas(open_page, real_atlas):
    page = open_page("compare", "lang=en&areas=ML-6,ml-gao")
    map_ready(page, 3)
    for place, area in enumerate([Area("ML-6"), Area("ml-gao", is_town=True)]):
        (south, west), (north, east) = home_of(area, real_atlas, "sahel")
        latitude, longitude, _ = at(page, place)
        assert longitude == pytest.approx((west + east) / 2, abs=0.05)
        assert south < latitude < north


def test_small_maps_move_together(open_page):
    page = open_page("compare", "lang=en&areas=ML-6,ML-BKO,ml-gao")
    map_ready(page, 4)
    homes = [at(page, place) for place in range(3)]
    assert len({home[2] for home in homes}) > 1  # a region and a town differ in scale

    drag(page, 0, -70, 30)
    moved = [pixels(home, at(page, place)) for place, home in enumerate(homes)]
    assert moved[0][0] == pytest.approx(70, abs=8)
    for other in moved[1:]:
        assert other == pytest.approx(moved[0], abs=2)

    maps(page).nth(1).locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(500)
    assert [at(page, k)[2] - homes[k][2] for k in range(3)] == [0.5] * 3

    switch = page.get_by_role("button", name=WORDS["en"]["map_together"])
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    before = [at(page, place) for place in range(3)]
    drag(page, 2, 60, 0)
    assert at(page, 2) != before[2]
    assert [at(page, 0), at(page, 1)] == before[:2]

    switch.click()
    maps(page).nth(2).locator(".home").click()
    page.wait_for_timeout(800)
    for place, home in enumerate(homes):
        assert pixels(home, at(page, place)) == pytest.approx((0, 0), abs=2)
        assert at(page, place)[2] == home[2]


def test_one_strip_moves_all_maps_and_the_filter(open_page, real_atlas):
    page = open_page("compare", "lang=en")
    expect_areas(page, real_atlas, EventFilter(), ["ML-6", "ML-BKO"])
    expect(page.locator(".strip:visible")).to_have_count(1)
    page.locator(".bar .handle.start").focus()
    for _ in range(10):
        page.keyboard.press("PageUp")
    windows = {
        it.get_attribute("data-window") for it in page.locator(".sahel-map").all()
    }
    assert len(windows) == 1  # at once, in the browser
    first = to_date(int(windows.pop().split(",")[0])).date()
    chosen = EventFilter(start=first, end=real_atlas.last_day.date())
    expect_query(page, **{"from": first.isoformat()})
    expect_areas(page, real_atlas, chosen, ["ML-6", "ML-BKO"])
    both = (Area("ML-6"), Area("ML-BKO"))
    total = sum(len(area.within(chosen).apply(real_atlas)) for area in both)
    expect(page.locator(".bar")).to_have_attribute("data-count", str(total))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_limit_on_one_map_is_that_of_all(open_page, real_atlas, size):
    page = open_page("compare", "lang=fr", size=size)
    map_ready(page, 3)
    one = maps(page).nth(0)
    one.locator(".legend-toggle").click()
    one.locator(".switch[data-code='state']").click()
    kept = frozenset(ACTOR_CLASSES) - {"state"}
    expect_areas(
        page, real_atlas, EventFilter(actor_classes=kept), ["ML-6", "ML-BKO"], "fr"
    )
    expect_query(page, actor=",".join(sorted(kept)))
    off = maps(page).nth(1).locator(".switch[aria-pressed='false']")
    expect(off).to_have_attribute("data-code", "state")
    assert overflow(page) <= 0
    address = page.url
    other = open_page(path=address[address.index("/", 8) :], size=size)
    expect_areas(
        other, real_atlas, EventFilter(actor_classes=kept), ["ML-6", "ML-BKO"], "fr"
    )


def test_a_third_area_and_a_town(open_page, real_atlas):
    page = open_page("compare", "lang=en")
    map_ready(page, 3)
    choose(page, WORDS["en"]["areas"], "Gao region")
    expect_query(page, areas="ML-6,ML-BKO,ML-7")
    expect_areas(page, real_atlas, EventFilter(), ["ML-6", "ML-BKO", "ML-7"])
    address = page.url
    other = open_page(path=address[address.index("/", 8) :])
    expect_areas(other, real_atlas, EventFilter(), ["ML-6", "ML-BKO", "ML-7"])
    towns = open_page("compare", "lang=en&areas=ml-gao,ML-7")
    expect_areas(towns, real_atlas, EventFilter(), ["ml-gao", "ML-7"])


def test_against_the_period_before(open_page, real_atlas):
    chosen = EventFilter(start=date(2024, 1, 1), end=date(2025, 12, 31))
    page = open_page("compare", {"lang": "en", **write_query(chosen)})
    table = expect_areas(page, real_atlas, chosen, ["ML-6", "ML-BKO"])
    say = WORDS["en"]
    for place, row in enumerate(table.values()):
        change = say.change(row["figures"].events, row["before"].events)
        delta = columns(page).nth(place).get_by_test_id("stMetricDelta")
        expect(delta).to_have_text(say("change_before", change=change))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_too_few_to_say(open_page, real_atlas, language):
    chosen = EventFilter(start=date(2024, 9, 1), end=date(2024, 9, 30))
    page = open_page("compare", {"lang": language, **write_query(chosen)})
    table = expect_areas(page, real_atlas, chosen, ["ML-6", "ML-BKO"], language)
    assert any(row["too_few"] for row in table.values())
    say = WORDS[language]
    for row in table.values():
        if row["too_few"]:
            told = say("too_few_events", count=row["figures"].events)
            expect(page.get_by_text(told, exact=True).first).to_be_visible()
    deltas = page.get_by_test_id("stMetricDelta").all_inner_texts()
    assert say["too_few"] in [text.strip() for text in deltas]


def test_the_filter_is_that_of_the_map(open_page, real_atlas):
    chosen = EventFilter(group_ids=frozenset({"jnim"}))
    page = open_page("map", {"lang": "en", **write_query(chosen)})
    map_ready(page)
    go(page, "compare")
    expect_areas(page, real_atlas, chosen, ["ML-6", "ML-BKO"])
    expect_query(page, group="jnim")
