"""Timbuktu beside Bamako, and a third: the page says what the analysis says."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.analysis.comparison import Area, compare_areas
from dashboard.analysis.filter import EventFilter, write_query
from tests.browser.reading import WORDS, choose, expect_query, go, map_ready

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
    maps = page.locator(".sahel-map")
    map_ready(page, len(keys))
    counts = [str(row["figures"].events) for row in table.values()]
    for place, count in enumerate(counts):
        expect(maps.nth(place)).to_have_attribute("data-count", count)
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


def test_small_maps_have_one_scale(open_page):
    page = open_page("compare", "lang=en")
    map_ready(page, 2)
    views = [it.get_attribute("data-view") for it in page.locator(".sahel-map").all()]
    assert len({view.split(",")[2] for view in views}) == 1


def test_a_third_area_and_a_town(open_page, real_atlas):
    page = open_page("compare", "lang=en")
    map_ready(page, 2)
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
