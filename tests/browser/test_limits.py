"""The legend's switches and least deaths: marks at once, all else when they settle."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.analysis.atlas import ACTOR_CLASSES
from dashboard.analysis.counts import key_figures
from dashboard.analysis.filter import EventFilter, write_query
from dashboard.drawing.packing import to_date
from dashboard.drawing.palette import TARGET_CODES
from dashboard.writing.headline import headline
from tests.browser.reading import (
    DESKTOP,
    EN,
    PHONE,
    WORDS,
    csv_rows,
    download,
    expect_query,
    expect_told,
    figures,
    go,
    map_ready,
    overflow,
    pixel_of,
    text_of,
    told,
)
from tests.browser.running import ROOT, free_port, running

pytestmark = pytest.mark.browser

ALL_BUT_JNIM = frozenset(ACTOR_CLASSES) - {"jnim"}


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def switch(page, code):
    return page.locator(f".switch[data-code='{code}']")


def window(page) -> tuple[date, date]:
    first, last = map(int, told(page, "window").split(","))
    return to_date(first).date(), to_date(last).date()


def least(page):
    return page.locator(".least select")


def tallies(page) -> dict[str, int]:
    """Return the number beside each row of the legend, by its code."""
    rows = page.locator(".switch").evaluate_all(
        "rows => rows.map(row => [row.dataset.code, row.querySelector('.tally').textContent])"
    )
    return {code: int(re.sub(r"\D", "", number)) for code, number in rows}


def pressed(page) -> set[str]:
    """Return the codes of the rows that are on."""
    return set(
        page.locator(".switch[aria-pressed='true']").evaluate_all(
            "rows => rows.map(row => row.dataset.code)"
        )
    )


@pytest.fixture
def marks(real_atlas):
    """Return the function that holds the drawn marks to a filter, now or soon."""

    def check(page, chosen):
        events = chosen.apply(real_atlas)
        expect_told(page, "count", len(events))
        expect_told(page, "drawn", events["location_precision"].ne("country").sum())
        counted = tallies(page)
        for field, column, codes in [
            ("actor_classes", "actor_class", ACTOR_CLASSES),
            ("target_classes", "target_class", TARGET_CODES),
        ]:
            limits = getattr(chosen, field)
            # A row that is off tells what it would add.
            free = replace(chosen, **{field: frozenset()}).apply(real_atlas)
            expected = free[column].value_counts()
            assert {code: counted[code] for code in codes} == {
                code: int(expected.get(code, 0)) for code in codes
            }
            assert pressed(page) & set(codes) == (limits or set(codes))
        return events

    return check


@pytest.fixture
def settled(real_atlas, marks):
    """Return the function that holds all of the page to a filter."""

    def check(page, chosen, language="en"):
        say = WORDS[language]
        events = marks(page, chosen)
        expect(text_of(page, headline(chosen, events, real_atlas, say))).to_be_visible()
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
        now = key_figures(events)
        assert figures(page)[say["figure_events"]] == say.number(now.events)
        deaths = say.span(now.deaths_low, now.deaths_high)
        assert figures(page)[say["figure_deaths"]] == deaths
        latest = events.iloc[::-1].head(10)
        expect(page.locator(".event")).to_have_count(len(latest))
        titles = page.locator(".event h4").all_inner_texts()
        for title, summary in zip(titles, latest[f"summary_{language}"], strict=True):
            assert title.endswith(summary)
        query = write_query(chosen)
        names = ("actor", "target_class", "min", "from", "to")
        expect_query(page, **{name: query.get(name) for name in names})
        return events

    return check


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_kind_of_limit_and_all_together(open_page, marks, settled, language):
    say = WORDS[language]
    page = open_page("map", {"lang": language})
    map_ready(page)
    view = told(page, "view")

    switch(page, "jnim").click()
    chosen = EventFilter(actor_classes=ALL_BUT_JNIM)
    marks(page, chosen)
    settled(page, chosen, language)
    assert say["actor_jnim"] in page.get_by_test_id("stMain").inner_text()

    switch(page, "civilians").dblclick()
    chosen = replace(chosen, target_classes=of("civilians"))
    settled(page, chosen, language)

    least(page).select_option("10")
    chosen = replace(chosen, min_deaths=10)
    marks(page, chosen)
    settled(page, chosen, language)

    switch(page, "jnim").click()
    chosen = replace(chosen, actor_classes=frozenset())
    settled(page, chosen, language)

    name = say["map_show_all"].replace("{name}", say["map_legend_targets"])
    page.get_by_role("button", name=name, exact=True).click()
    least(page).select_option("0")
    settled(page, EventFilter(), language)
    assert told(page, "view") == view


def test_marks_go_before_python_hears(open_page, marks):
    page = open_page("map", "lang=en")
    map_ready(page)
    page.context.set_offline(True)
    switch(page, "state").click()
    marks(page, EventFilter(actor_classes=frozenset(ACTOR_CLASSES) - {"state"}))
    assert "actor=" not in page.url
    page.context.set_offline(False)


@pytest.mark.parametrize("deaths", [1, 7, 25])
def test_least_deaths_is_what_the_tables_say(open_page, settled, real_atlas, deaths):
    """A toll that an operation's sites share is drawn at none and yet holds for all."""
    chosen = EventFilter(min_deaths=deaths)
    page = open_page("map", {"lang": "en", **write_query(chosen)})
    map_ready(page)
    events = settled(page, chosen)
    assert events["toll_id"].ne(events["event_id"]).any()
    expect(least(page)).to_have_value(str(deaths))
    unknown = int(real_atlas.events["deaths_best"].isna().sum())
    said = EN.part("map_")["map_without_figure_many"].replace("{n}", str(unknown))
    expect(page.locator(".without")).to_have_text(said)
    least(page).select_option("0")
    settled(page, EventFilter())
    expect(page.locator(".without")).to_have_text("")


def test_only_this_and_all(open_page, settled):
    page = open_page("map", "lang=en")
    map_ready(page)
    row = page.get_by_role("listitem").filter(has=switch(page, "militia"))
    row.hover()
    row.locator(".only").click()
    settled(page, EventFilter(actor_classes=of("militia")))
    expect(row.locator(".only")).to_be_hidden()
    # To put out the last one would leave nothing: all come back.
    switch(page, "militia").click()
    settled(page, EventFilter())


def test_the_keyboard(open_page, settled):
    page = open_page("map", "lang=en")
    map_ready(page)
    focused = "document.activeElement.shadowRoot.activeElement.dataset.code"
    switch(page, "jnim").focus()
    page.keyboard.press("Space")
    settled(page, EventFilter(actor_classes=ALL_BUT_JNIM))
    assert page.evaluate(focused) == "jnim"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "is-sahel"
    page.keyboard.press("Shift+Enter")
    settled(page, EventFilter(actor_classes=of("is-sahel")))
    assert page.evaluate(focused) == "is-sahel"  # no rerun took the focus
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # on "All", which goes and leaves the focus beside it
    settled(page, EventFilter())
    assert page.evaluate(focused) == "jnim"


def test_a_finger_on_a_phone(open_page, settled):
    page = open_page("map", "lang=fr", size=PHONE)
    map_ready(page)
    page.locator(".legend-toggle").tap()
    switch(page, "separatist").tap()
    chosen = EventFilter(actor_classes=frozenset(ACTOR_CLASSES) - {"separatist"})
    settled(page, chosen, "fr")
    # Folded, the legend still shows what is off.
    page.locator(".legend-toggle").tap()
    expect(page.locator(".legend-brief .off")).to_have_count(1)
    page.locator(".legend-toggle").tap()
    page.get_by_role("listitem").filter(has=switch(page, "state")).locator(
        ".only"
    ).tap()
    settled(page, EventFilter(actor_classes=of("state")), "fr")
    assert overflow(page) <= 0
    small = page.locator(".switch, .only, .all, .least select").evaluate_all(
        """nodes => nodes.filter(node => node.checkVisibility())
             .map(node => node.getBoundingClientRect())
             .filter(({width, height}) => width < 44 || height < 44).length"""
    )
    assert small == 0


def test_view_and_card_survive(open_page, real_atlas, settled):
    events = real_atlas.events
    alone = events["location_precision"].isin(["site", "town"])
    alone &= events["operation_id"].isna() & events["actor_class"].eq("jnim")
    row = events[alone].iloc[-1]
    page = open_page("map", {"lang": "en", "q": row["event_id"]})
    map_ready(page)
    page.locator(".frame").scroll_into_view_if_needed()
    page.mouse.click(*pixel_of(page, row["latitude"], row["longitude"]))
    title = page.locator(".card-title")
    expect(title).to_have_text(row["summary_en"])
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    view = told(page, "view")
    asked = EventFilter(text=row["event_id"])
    for press, chosen in [
        (
            lambda: switch(page, "jnim").click(),
            replace(asked, actor_classes=ALL_BUT_JNIM),
        ),
        (lambda: switch(page, "jnim").click(), asked),
        (lambda: least(page).select_option("200"), replace(asked, min_deaths=200)),
    ]:
        press()
        expect_told(page, "count", len(chosen.apply(real_atlas)))
        query = write_query(chosen)
        expect_query(page, actor=query.get("actor"), min=query.get("min"))
        page.wait_for_timeout(300)
        expect(title).to_have_text(row["summary_en"])
        assert told(page, "view") == view


def test_a_late_echo_undoes_nothing(open_page, settled):
    """Press again and again while the answers to the first presses come in."""
    page = open_page("map", "lang=en")
    map_ready(page)
    seen = []
    for code in ("jnim", "state", "militia", "foreign", "separatist"):
        switch(page, code).click()
        page.wait_for_timeout(270)  # just long enough for Python to be told
        seen.append(told(page, "groups"))
    assert [len(text.split(",")) for text in seen] == [7, 6, 5, 4, 3]
    off = {"jnim", "state", "militia", "foreign", "separatist"}
    settled(page, EventFilter(actor_classes=frozenset(ACTOR_CLASSES) - off))


def test_days_and_limits_do_not_undo_each_other(open_page, settled):
    page = open_page("map", "lang=en")
    map_ready(page)
    page.locator(".handle.start").focus()
    for _ in range(9):
        page.keyboard.press("PageUp")
    start = window(page)[0]
    switch(page, "jnim").click()  # before the days have settled
    page.locator(".handle.start").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    assert window(page)[0] < start
    first, last = window(page)
    settled(page, EventFilter(start=first, end=last, actor_classes=ALL_BUT_JNIM))


def test_the_sidebar_and_the_legend_are_one(open_page, settled):
    page = open_page("map", "lang=en")
    map_ready(page)
    switch(page, "jnim").dblclick()
    settled(page, EventFilter(actor_classes=of("jnim")))
    # The sidebar does not open by itself; opened, it shows the same.
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_text(EN["actor_classes"])).to_be_hidden()
    side.get_by_text(EN["more_filters"]).click()
    box = side.get_by_test_id("stMultiSelect").filter(has_text=EN["actor_classes"])
    expect(box).to_contain_text(EN["actor_jnim"])
    box.get_by_role("button", name="Clear all").click()
    settled(page, EventFilter())
    side.get_by_role("spinbutton", name=EN["min_deaths"]).fill("3")
    page.keyboard.press("Enter")
    settled(page, EventFilter(min_deaths=3))
    expect(least(page)).to_have_value("3")
    side.get_by_role("button", name=EN["reset"]).click()
    settled(page, EventFilter())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_link_reopens_the_view_and_files_follow(
    open_page, real_atlas, settled, language
):
    chosen = EventFilter(
        start=date(2022, 1, 1),
        end=date(2025, 12, 31),
        actor_classes=of("jnim", "is-sahel"),
        target_classes=of("security-forces"),
        min_deaths=5,
    )
    page = open_page("map", {"lang": language, **write_query(chosen)})
    map_ready(page)
    events = settled(page, chosen, language)
    assert len(events)
    go(page, "events", language)
    assert {row["event_id"] for row in csv_rows(download(page, "CSV"))} == set(
        events["event_id"]
    )
    go(page, "map", language)
    map_ready(page)
    settled(page, chosen, language)


def test_the_server_goes_and_comes_back(open_page, tmp_path, settled, faults):
    """What was settled and what was pressed while it was away are both still there."""
    port = free_port()
    with running(ROOT, tmp_path, port) as started:
        page = open_page("map", "lang=en", at=started)
        map_ready(page)
        switch(page, "jnim").click()
        settled(page, EventFilter(actor_classes=ALL_BUT_JNIM))
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(600)
        view = told(page, "view")
    page.locator(".handle.start").focus()
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    least(page).select_option("1")
    first, last = window(page)
    expect_told(page, "deaths", 1)
    page.wait_for_timeout(1000)
    with running(ROOT, tmp_path, port):
        chosen = EventFilter(
            start=first, end=last, actor_classes=ALL_BUT_JNIM, min_deaths=1
        )
        settled(page, chosen)
        assert told(page, "view") == view
        assert window(page) == (first, last)
        # And it goes on working.
        switch(page, "jnim").click()
        settled(page, replace(chosen, actor_classes=frozenset()))
    faults.clear()  # of a server that is away the browser complains, and rightly


NO_CANVAS = "HTMLCanvasElement.prototype.getContext = () => null;"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_without_a_canvas_all_but_the_map_works(open_page, real_atlas, language, size):
    say = WORDS[language]
    page = open_page(path="/_stcore/health", size=size)
    page.add_init_script(NO_CANVAS)
    chosen = EventFilter(actor_classes=of("jnim"))
    address = page.url.replace("/_stcore/health", "")
    page.goto(f"{address}/?lang={language}&actor=jnim")
    expect(page.locator(".undrawn")).to_have_text(say["map_undrawn"])
    events = chosen.apply(real_atlas)
    assert figures(page)[say["figure_events"]] == say.number(len(events))
    expect(page.locator(".event")).to_have_count(10)
    page.goto(f"{address}/compare?lang={language}")
    expect(page.locator(".undrawn")).to_have_count(2)
    expect(page.locator("[role=graphics-document]")).to_have_count(8)
