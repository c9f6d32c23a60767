"""What the reader asks for is what sentence, figures, map, list and files show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.analysis.counts import figures_before, key_figures
from dashboard.analysis.filter import EventFilter, write_query
from dashboard.drawing.packing import to_day
from dashboard.writing.card import event_card
from dashboard.writing.export import COLUMNS, CREDIT, LICENCE
from dashboard.writing.headline import headline
from tests.browser.reading import (
    EN,
    PHONE,
    WORDS,
    caught,
    choose,
    csv_rows,
    download,
    expect_query,
    expect_told,
    figures,
    geojson_features,
    go,
    grid_rows,
    map_ready,
    text_of,
    told,
    type_day,
)

pytestmark = pytest.mark.browser

JNIM_2024 = EventFilter(
    start=date(2024, 1, 1), end=date(2024, 12, 31), group_ids=frozenset({"jnim"})
)


@pytest.fixture
def agree(real_atlas):
    """Return the function that holds the map's page to the tables."""

    def check(page, chosen, language="en"):
        say = WORDS[language]
        events = chosen.apply(real_atlas)
        now = key_figures(events)
        expect(text_of(page, headline(chosen, events, real_atlas, say))).to_be_visible()
        expect_told(page, "count", len(events))
        drawn = events["location_precision"].ne("country").sum()
        expect_told(page, "drawn", drawn)
        assert figures(page) == {
            say["figure_events"]: say.number(now.events),
            say["figure_deaths"]: say.span(now.deaths_low, now.deaths_high),
            say["figure_operations"]: say.number(now.operations),
            say["figure_places"]: say.number(now.places),
        }
        best = page.locator(".figures .tile").nth(1)
        expect(best).to_contain_text(say("best_of", count=now.deaths_best))
        before = figures_before(real_atlas, chosen)
        if before is not None and now.events + before.events >= 5:
            change = say("change_before", change=say.change(now.events, before.events))
            expect(page.locator(".figures .tile").first).to_contain_text(change)
        latest = events.iloc[::-1].head(10)
        expect(page.locator(".event")).to_have_count(len(latest))
        titles = page.locator(".event h4").all_inner_texts()
        for title, summary in zip(titles, latest[f"summary_{language}"], strict=True):
            assert title.endswith(summary)
        rest = page.get_by_role(
            "button", name=say("more_events", count=len(events) - 10)
        )
        expect(rest).to_have_count(int(len(events) > 10))
        return events

    return check


@pytest.mark.parametrize(
    "language, days",
    [("en", ("20240101", "20241231")), ("fr", ("01012024", "31122024"))],
)
def test_days_and_group_through_the_widgets(
    open_page, real_atlas, agree, language, days
):
    say = WORDS[language]
    page = open_page("map", {"lang": language})
    map_ready(page)
    agree(page, EventFilter(), language)
    type_day(page, say["from_day"], days[0])
    expect_query(page, **{"from": "2024-01-01"})
    type_day(page, say["to_day"], days[1])
    expect_query(page, to="2024-12-31")
    choose(page, say["groups"], real_atlas.name("jnim", language))
    expect_query(page, group="jnim")

    events = agree(page, JNIM_2024, language)
    window = [to_day(JNIM_2024.start), to_day(JNIM_2024.end)]
    expect_told(page, "window", ",".join(map(str, window)))
    address = page.url

    go(page, "events", language)
    sentence = headline(JNIM_2024, events, real_atlas, say)
    expect(text_of(page, sentence)).to_be_visible()
    expect(grid_rows(page)).to_have_attribute("aria-rowcount", str(len(events) + 1))
    expect_query(page, **write_query(JNIM_2024))
    rows = csv_rows(download(page, "CSV"))
    assert [row["event_id"] for row in rows] == events["event_id"].to_list()

    # Whoever is sent the link sees the same.
    other = open_page(path=address[address.index("/", 8) :])
    map_ready(other)
    agree(other, JNIM_2024, language)
    expect_told(other, "window", ",".join(map(str, window)))


CHOICES = [
    EventFilter(region_ids=frozenset({"ML-6", "ML-BKO"})),
    EventFilter(region_ids=frozenset({"ml23-menaka"}), boundary_set="mali-20"),
    EventFilter(near_place="ml-gao", within_km=60, min_deaths=10),
    EventFilter(start=date(2025, 6, 2), end=date(2025, 6, 2)),
    EventFilter(
        event_types=frozenset({"explosion"}),
        target_types=frozenset({"military", "peacekeepers"}),
        precision="town",
    ),
    EventFilter(
        group_ids=frozenset({"jnim"}),
        with_members=False,
        certainties=frozenset({"claimed"}),
        claimant_types=frozenset({"insurgent"}),
        harmed=frozenset({"security_forces"}),
    ),
    EventFilter(text="Timbuktu airport"),
]


@pytest.mark.parametrize("chosen", CHOICES, ids=lambda it: "-".join(write_query(it)))
def test_a_link_shows_what_it_says(open_page, agree, chosen):
    page = open_page("map", {"lang": "en", **write_query(chosen)})
    map_ready(page)
    events = agree(page, chosen)
    assert len(events)  # the case says something
    expect_query(page, lang="en", **write_query(chosen))
    assert page.get_by_text("not understood").count() == 0


def test_reset_shows_everything(open_page, agree):
    page = open_page("map", {"lang": "en", **write_query(JNIM_2024), "min": "5"})
    map_ready(page)
    button = page.get_by_role("button", name=EN["reset"], exact=True)
    button.click()
    agree(page, EventFilter())
    expect(button).to_be_disabled()
    nothing = dict.fromkeys(["from", "to", "group", "min"])
    expect_query(page, **nothing)


def test_the_shared_address_is_that_of_the_view(open_page):
    query = {"lang": "en", **write_query(JNIM_2024)}
    page = open_page("events", query)
    page.get_by_text(EN["share"], exact=True).click()
    shown = page.get_by_test_id("stCode").inner_text().strip()
    assert shown.startswith(page.url.split("?")[0] + "?")
    for name, value in query.items():
        assert f"{name}={value}" in shown


def test_days_typed_in_the_wrong_order_are_put_right(open_page):
    page = open_page("events", {"lang": "en", "to": "2024-03-31"})
    type_day(page, EN["from_day"], "20240601")
    expect_query(page, **{"from": "2024-03-31", "to": "2024-06-01"})
    assert caught(page) == []


def test_no_choice_moves_the_view_or_closes_the_card(open_page, real_atlas):
    events = real_atlas.events
    event_id = events[events["group_ids"].map(lambda ids: "jnim" in ids)].iloc[-1][
        "event_id"
    ]
    page = open_page("map", {"lang": "en", "event": event_id})
    map_ready(page)
    card = page.locator(".card-title")
    expect(card).to_have_text(event_card(event_id, real_atlas, EN)["title"])
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".leaflet-control-zoom-in").click()
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    page.wait_for_timeout(400)  # the zoom has come to rest
    view = told(page, "view")
    mark = "document.querySelector('[data-testid=stMain]').dataset.mine = '1'"
    page.evaluate(mark)
    page.locator(".map-box").evaluate("box => { box.mine = true; }")

    def stays(language="en"):
        assert told(page, "view") == view
        assert page.locator(".map-box").evaluate("box => box.mine")
        title = event_card(event_id, real_atlas, WORDS[language])["title"]
        expect(card).to_have_text(title)

    chosen = EventFilter(group_ids=frozenset({"jnim"}))
    choose(page, EN["groups"], real_atlas.name("jnim", "en"))
    expect_told(page, "count", len(chosen.apply(real_atlas)))
    stays()
    legend = page.locator(".legend")
    for measure in ("events", "deaths", "rate"):
        page.get_by_role("radio", name=EN[f"measure_{measure}"], exact=True).click()
        expect(
            legend.get_by_role("heading", name=EN[f"measure_{measure}"])
        ).to_be_visible()
        expect_query(page, measure=measure)
        stays()
    for name in ("mali-10", "mali-20"):
        choose(page, EN["boundary_set"], EN["set_" + name.replace("-", "_")])
        expect_query(page, set=name)
        hint = "measure_no_polygons" if name == "mali-10" else "approximate_layer"
        expect(page.get_by_text(EN[hint], exact=True)).to_be_visible()
        stays()
    chosen = replace(chosen, boundary_set="mali-20", start=date(2020, 1, 1))
    type_day(page, EN["from_day"], "20200101")
    expect_told(page, "count", len(chosen.apply(real_atlas)))
    stays()
    page.get_by_role("button", name=EN["layers"]).click()
    page.get_by_text(EN["layer_relief"], exact=True).click()
    page.keyboard.press("Escape")
    stays()
    page.get_by_role("radio", name="Français").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(WORDS["fr"]["map_title"])
    stays("fr")


def test_the_view_is_kept_where_the_reader_leaves_and_returns(open_page):
    page = open_page("map", "lang=en")
    map_ready(page)
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(400)  # the zoom has come to rest
    before = [float(number) for number in told(page, "view").split(",")]
    go(page, "method")
    go(page, "map")
    map_ready(page)
    after = [float(number) for number in told(page, "view").split(",")]
    pixel = 360 / 256 / 2 ** before[2]
    assert after == pytest.approx(before, abs=pixel)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_downloads_hold_exactly_what_is_shown(open_page, real_atlas, language):
    chosen = EventFilter(start=date(2023, 1, 1), region_ids=frozenset({"ML-6", "ML-7"}))
    events = chosen.apply(real_atlas)
    page = open_page("events", {"lang": language, **write_query(chosen)})
    expect(grid_rows(page)).to_have_attribute("aria-rowcount", str(len(events) + 1))
    rows = csv_rows(download(page, "CSV"))
    features = geojson_features(download(page, "GeoJSON"))
    assert list(rows[0]) == COLUMNS
    cited = real_atlas.record.event_sources.merge(real_atlas.record.sources)
    titles = cited.groupby("event_id")["title"].agg(list)
    for table in (rows, [feature["properties"] for feature in features]):
        assert [row["event_id"] for row in table] == events["event_id"].to_list()
        for row in table:
            assert row["licence"] == f"{CREDIT}, {LICENCE}"
            assert row["data_cut_off"] == f"{real_atlas.record.cut_off:%Y-%m-%d}"
            assert all(title in row["sources"] for title in titles[row["event_id"]])
    summaries = events[f"summary_{language}"].to_list()
    assert [row["summary"].removeprefix("'") for row in rows] == summaries
    drawn = events["location_precision"].isin(["site", "town", "area"])
    assert [feature["geometry"] is not None for feature in features] == drawn.to_list()
    assert "NaN" not in json.dumps(features)


def test_the_table_is_sorted_by_a_click_on_its_heading(open_page, real_atlas):
    page = open_page("events", "lang=en&from=2025-01-01")
    latest = EventFilter(start=date(2025, 1, 1)).apply(real_atlas)
    first = grid_rows(page).locator("tr[aria-rowindex='2'] td")
    expect(first.first).to_have_text(f"{latest['date_start'].max():%Y-%m-%d}")
    box = page.get_by_test_id("data-grid-canvas").first.bounding_box()
    page.mouse.click(box["x"] + 30, box["y"] + 15)
    expect(first.first).to_have_text(f"{latest['date_start'].min():%Y-%m-%d}")


def test_more_events_are_added_to_the_list(open_page):
    page = open_page("map", "lang=en")
    expect(page.locator(".event")).to_have_count(10)
    page.get_by_role("button", name="more events").click()
    expect(page.locator(".event")).to_have_count(20)


def test_the_filter_on_a_phone(open_page, real_atlas):
    page = open_page("map", "lang=fr", size=PHONE)
    say = WORDS["fr"]
    map_ready(page)
    page.get_by_test_id("stExpandSidebarButton").tap()
    choose(page, say["regions"], "Mopti")
    chosen = EventFilter(region_ids=frozenset({"ML-5"}))
    expect_query(page, region="ML-5")
    expect_told(page, "count", len(chosen.apply(real_atlas)))
