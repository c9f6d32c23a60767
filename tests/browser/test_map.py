"""Map, time strip and list: what the hand does, figures and address follow."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.analysis.filter import EventFilter
from dashboard.drawing.packing import to_date, to_day
from dashboard.writing.card import event_card
from dashboard.writing.headline import headline
from tests.browser.reading import (
    DESKTOP,
    EN,
    PHONE,
    WORDS,
    expect_query,
    expect_told,
    figures,
    map_ready,
    overflow,
    pixel_of,
    query_of,
    text_of,
    told,
)

pytestmark = pytest.mark.browser


def window(page) -> tuple[date, date]:
    start, end = told(page, "window").split(",")
    return to_date(int(start)).date(), to_date(int(end)).date()


@pytest.fixture
def follows(real_atlas):
    """Return the function that waits until all of the page is about some days."""

    def check(page, start, end):
        first, last = real_atlas.first_day.date(), real_atlas.last_day.date()
        whole = start <= first and end >= last
        chosen = EventFilter() if whole else EventFilter(start=start, end=end)
        events = chosen.apply(real_atlas)
        sentence = headline(chosen, events, real_atlas, EN)
        expect(text_of(page, sentence)).to_be_visible()
        expect_told(page, "window", f"{to_day(start)},{to_day(end)}")
        expect_told(page, "count", len(events))
        assert figures(page)[EN["figure_events"]] == EN.number(len(events))
        days = {"from": None, "to": None}
        if not whole:
            days = {"from": start.isoformat(), "to": end.isoformat()}
        expect_query(page, **days)

    return check


def test_a_dragged_handle(open_page, follows):
    page = open_page("map", "lang=en")
    map_ready(page)
    whole = window(page)
    page.locator(".strip").scroll_into_view_if_needed()
    box = page.locator(".handle.start .grip").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 260, y, steps=6)
    held = window(page)
    assert held[0] > whole[0] and held[1] == whole[1]
    assert "from" not in query_of(page)  # the hand is still on it
    page.mouse.up()
    follows(page, *window(page))
    assert window(page) == held


def test_the_keyboard_moves_the_handles(open_page, real_atlas, follows):
    page = open_page("map", "lang=en")
    map_ready(page)
    first, last = window(page)
    assert (first, last) == (real_atlas.first_day.date(), real_atlas.last_day.date())
    page.locator(".handle.start").focus()
    for key, start in [
        ("ArrowRight", date(first.year, first.month + 1, 1)),
        ("ArrowLeft", first),
        ("End", None),
        ("Home", first),
    ]:
        page.keyboard.press(key)
        at = window(page)
        assert at[1] == last
        assert at[0] == start or (start is None and at[0] > date(last.year - 1, 1, 1))
        follows(page, *at)
    page.keyboard.press("Tab")
    focused = "document.activeElement.shadowRoot.activeElement.className"
    assert page.evaluate(focused) == "handle end"
    page.keyboard.press("PageDown")
    end = window(page)[1]
    assert end < last
    follows(page, first, end)
    assert page.evaluate(focused) == "handle end"  # the focus stays where it was
    spoken = page.locator(".handle.end").get_attribute("aria-valuetext")
    assert str(end.year) in spoken


def test_play_and_pause(open_page, follows):
    days = {"from": "2014-01-01", "to": "2014-12-31"}
    page = open_page("map", {"lang": "en", **days})
    map_ready(page)
    follows(page, date(2014, 1, 1), date(2014, 12, 31))
    page.get_by_role("button", name=EN["map_play"], exact=True).click()
    expect_told(page, "playing", 1)
    page.wait_for_function(
        """([end]) => {
          for (const node of document.querySelectorAll('*')) {
            const map = node.shadowRoot?.querySelector('.sahel-map');
            if (map) return Number(map.dataset.window.split(',')[1]) > end;
          }
        }""",
        arg=[to_day("2015-01-31")],
    )
    assert query_of(page)["to"] == days["to"]  # not before it comes to rest
    page.get_by_role("button", name=EN["map_pause"], exact=True).click()
    expect_told(page, "playing", 0)
    start, end = window(page)
    assert start == date(2014, 1, 1) and end > date(2014, 12, 31)
    follows(page, start, end)
    page.get_by_role("button", name=EN["map_whole"], exact=True).click()
    expect_query(page, **dict.fromkeys(days))


def test_the_list_opens_the_card(open_page, real_atlas):
    page = open_page("map", "lang=en")
    map_ready(page)
    event_id = real_atlas.events["event_id"].iloc[-3]
    button = page.get_by_role("button", name=EN["show_on_map"]).nth(2)
    button.click()
    said = event_card(event_id, real_atlas, EN)
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_have_text(said["title"])
    labels = card.locator(".card-lines dt").all_inner_texts()
    values = card.locator(".card-lines dd").all_inner_texts()
    assert [list(row) for row in zip(labels, values, strict=True)] == said["lines"]
    expect(card.locator(".card-claims li")).to_have_count(len(said["claims"]))
    links = card.locator("a")
    addresses = [source["url"] for source in said["sources"] if source["url"]]
    assert [link.get_attribute("href") for link in links.all()] == addresses
    for link in links.all():
        assert "noopener" in link.get_attribute("rel")
    expect_query(page, event=event_id)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_show_on_the_map_shows_it(open_page, size):
    """The button may stand far below the map: card and mark come into view."""
    page = open_page("map", "lang=en", size=size)
    map_ready(page)
    page.get_by_role("button", name=EN["show_on_map"]).nth(5).click()
    title = page.locator(".card-title")
    expect(title).to_be_visible()
    expect(title).to_be_in_viewport()


@pytest.mark.parametrize("how", ["by its link", "from the list"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_card_covers_its_mark(open_page, real_atlas, size, how):
    """A long card, of an event in the west of the map, where a card opens."""
    events = real_atlas.events
    west = events[events["longitude"].lt(-7.5) & events["latitude"].between(12, 13.5)]
    west = west[west["location_precision"].isin(["site", "town"])]
    spoken = west["event_id"].map(real_atlas.record.claims["event_id"].value_counts())
    row = west.loc[spoken.fillna(0).idxmax()]
    query = {"lang": "en", "q": row["event_id"]}
    if how == "by its link":
        query["event"] = row["event_id"]
    page = open_page("map", query, size=size)
    map_ready(page)
    if how == "from the list":
        page.get_by_role("button", name=EN["show_on_map"]).click()
    expect(page.locator(".card-title")).to_have_text(row["summary_en"])
    page.wait_for_timeout(1000)  # the map has come to rest
    x, y = pixel_of(page, row["latitude"], row["longitude"])
    frame, card = (page.locator(it).bounding_box() for it in (".frame", ".card"))
    assert inside(x, y, frame)
    assert not inside(x, y, card)


def inside(x, y, box) -> bool:
    across = box["x"] <= x <= box["x"] + box["width"]
    return across and box["y"] <= y <= box["y"] + box["height"]


def lone_event(atlas):
    """Return a small event known to its town, by itself on its spot."""
    events = atlas.events
    alone = events["location_precision"].isin(["site", "town"])
    alone &= events["operation_id"].isna() & (events["deaths_best"] > 0)
    return events[alone].iloc[-1]


def test_a_click_on_a_mark_opens_its_card_and_escape_closes_it(open_page, real_atlas):
    row = lone_event(real_atlas)
    page = open_page("map", {"lang": "en", "q": row["event_id"]})
    map_ready(page)
    expect_told(page, "drawn", 1)
    page.locator(".frame").scroll_into_view_if_needed()
    page.mouse.click(*pixel_of(page, row["latitude"], row["longitude"]))
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_have_text(row["summary_en"])
    expect_query(page, event=row["event_id"])
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".leaflet-control-zoom-in").click()
    expect(card).to_be_hidden()
    # Asked for once more, it comes once more.
    page.get_by_role("button", name=EN["show_on_map"]).click()
    expect(card.locator(".card-title")).to_have_text(row["summary_en"])


def test_a_finger_on_a_mark_opens_its_card(open_page, real_atlas):
    row = lone_event(real_atlas)
    page = open_page("map", {"lang": "fr", "q": row["event_id"]}, size=PHONE)
    map_ready(page)
    page.locator(".map-box").scroll_into_view_if_needed()
    page.touchscreen.tap(*pixel_of(page, row["latitude"], row["longitude"]))
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_have_text(row["summary_fr"])
    assert overflow(page) <= 0
    card.get_by_role("button", name=WORDS["fr"]["map_close"]).tap()
    expect(card).to_be_hidden()


def test_a_link_to_an_event_opens_its_card(open_page, real_atlas):
    row = lone_event(real_atlas)
    page = open_page("map", {"lang": "fr", "event": row["event_id"]})
    expect(page.locator(".card-title")).to_have_text(row["summary_fr"])


def test_the_whole_page_can_be_reached_from_the_keyboard(open_page):
    page = open_page("map", "lang=en&from=2026-01-01")
    map_ready(page)
    focused = """() => {
      let node = document.activeElement;
      while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
      return node.getAttribute('aria-label') || node.textContent.trim();
    }"""
    page.get_by_test_id("stSidebar").get_by_role("heading").first.click()
    reached = []
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
    stops = [
        EN["groups"],
        EN["reset"],
        EN["page_compare"],
        EN["measure_none"],
        EN["map_map"],
        EN["map_zoom_in"],
        EN["map_play"],
        EN["map_handle_start"],
        EN["map_handle_end"],
        EN["door_compare"],
    ]
    assert [stop for stop in stops if stop not in reached] == []
    assert any(it.startswith(EN["show_on_map"]) for it in reached)
    order = [reached.index(stop) for stop in stops]
    assert order == sorted(order)  # as on the screen
