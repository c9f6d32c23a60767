"""Every page opens: both languages, desk and phone, whatever the link says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.reading import (
    LANGUAGES,
    PAGES,
    PHONE,
    SIZES,
    WORDS,
    all_texts,
    caught,
    expect_query,
    expect_told,
    figures,
    foot_of,
    go,
    grid_rows,
    link_to,
    map_ready,
    overflow,
    spoken_cells,
    text_of,
    unnamed,
)

pytestmark = pytest.mark.browser

LOCALES = {"en": "en-GB", "fr": "fr-FR"}


@pytest.fixture
def open_sound(open_page, real_atlas):
    """Return the function that opens a page and holds it to what holds for all."""

    def open_it(name, language, query=None, **options):
        say = WORDS[language]
        asked = {"lang": language, **(query or {})}
        page = open_page(name, asked, locale=LOCALES[language], **options)
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text(say[f"{name}_title"])
        cut_off = real_atlas.record.cut_off.date()
        expect(text_of(page, foot_of(language, cut_off))).to_be_visible()
        if name in ("map", "compare"):
            map_ready(page, 1 if name == "map" else 3)  # two maps and their strip
        if name == "claims":
            expect(page.locator(".claim").first).to_be_visible()
        if name in ("events", "method"):
            expect(grid_rows(page).locator("td").first).to_be_attached()
        assert caught(page) == []
        assert overflow(page) <= 0
        return page

    return open_it


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens(open_sound, picture, name, language, size):
    page = open_sound(name, language, size=SIZES[size])
    assert unnamed(page) == []
    assert all_texts(page) & phrases_of_the_other(language) == set()
    for at in range(page.get_by_test_id("stDataFrame").count()):
        assert "None" not in spoken_cells(page, at)
    if size == "desktop":
        for other in PAGES:
            expect(link_to(page, other, language)).to_be_visible()
    picture(page, f"{name}-{language}-{size}")


def phrases_of_the_other(language):
    """Return the phrases that only the other language has."""
    own, other = (
        {
            phrase
            for phrase in WORDS[tongue].phrases.values()
            if isinstance(phrase, str) and "{" not in phrase
        }
        for tongue in (language, "fr" if language == "en" else "en")
    )
    return {phrase for phrase in other - own if len(phrase) > 3}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_opens_in_the_dark(open_sound, picture, language, size):
    page = open_sound("map", language, size=SIZES[size], color_scheme="dark")
    expect(page.locator(".sahel-map.dark")).to_be_visible()
    picture(page, f"map-dark-{language}-{size}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_the_browser_is_taken(open_page, language):
    page = open_page("map", locale=LOCALES[language])
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(WORDS[language]["map_title"])


def test_the_language_is_chosen_on_the_page(open_sound):
    page = open_sound("map", "en")
    page.get_by_role("radio", name="Français").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(WORDS["fr"]["map_title"])
    expect_query(page, lang="fr")
    page.get_by_role("radio", name="Français").click()  # the choice stays
    expect(link_to(page, "map", "fr")).to_be_visible()
    go(page, "events", "fr")
    expect_query(page, lang="fr")


def test_the_phone_has_pages_and_filter_in_its_drawer(open_sound):
    page = open_sound("events", "fr", size=PHONE)
    say = WORDS["fr"]
    page.get_by_test_id("stExpandSidebarButton").tap()
    sidebar = page.get_by_test_id("stSidebar")
    for name in PAGES:
        expect(sidebar.get_by_role("link", name=say[f"page_{name}"])).to_be_visible()
    expect(sidebar.get_by_role("combobox", name=say["groups"])).to_be_visible()
    sidebar.get_by_role("link", name=say["page_map"]).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["map_title"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_where_nothing_passes(open_sound, real_atlas, language):
    page = open_sound("map", language, {"q": "nothing holds this"})
    say = WORDS[language]
    expect(text_of(page, say["no_events"])).to_be_visible()
    expect_told(page, "count", 0)
    assert set(figures(page).values()) == {"0"}
    go(page, "events", language)
    expect(text_of(page, say["no_events"])).to_be_visible()
    go(page, "compare", language)
    nothing = say("too_few_events", count=0)
    expect(page.get_by_text(nothing, exact=True)).to_have_count(6)
    go(page, "claims", language)  # a ledger is of one event, whatever the filter shows
    expect(page.locator(".claim").first).to_be_visible()
    go(page, "method", language)  # where the sentence sends the reader
    assert caught(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_outside_the_record(open_sound, real_atlas, language):
    days = {"from": "2090-01-01", "to": "2090-12-31"}
    page = open_sound("map", language, days)
    first, last = real_atlas.first_day.date(), real_atlas.last_day.date()
    sentence = WORDS[language]("outside_record", first=first, last=last)
    expect(text_of(page, sentence)).to_be_visible()
    expect_told(page, "count", 0)
    go(page, "events", language)
    expect(text_of(page, sentence)).to_be_visible()
    for name in ("compare", "claims", "method"):
        go(page, name, language)
        assert caught(page) == []
    expect_query(page, **days)
