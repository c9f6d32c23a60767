"""Tables full of tricks: whatever a cell holds is read as text, wherever it is shown."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.analysis.ledger import ledger
from tests.browser.reading import (
    EN,
    LANGUAGES,
    WORDS,
    caught,
    choose,
    csv_rows,
    download,
    foreign_elements,
    geojson_features,
    grid_rows,
    map_ready,
    spoken_cells,
)
from tests.browser.running import copy_checkout, running

pytestmark = pytest.mark.browser

HOSTILE = (
    "=1+1 <img src=http://evil.example/i onerror=window.hacked=1>"
    " </script><script>window.hacked=1</script> {{7*7}} ` ${1}"
    " ![x](http://evil.example/y) [go](javascript:window.hacked=1)"
    " <a href=http://evil.example/z>z</a> :red[q] $x^2$ **bold**"
)
OPERATION = "op-bamako-2024-09-17"
# Every column of free text that some page shows, by table.
FREE = {
    "events": [
        "summary_en",
        "summary_fr",
        "target_en",
        "target_fr",
        "site_en",
        "site_fr",
    ],
    "claims": ["claimant_en", "claimant_fr", "quote", "wording"],
    "sources": ["publisher", "title", "author"],
    "places": ["name_en", "name_fr", "other_names"],
    "operations": ["name_en", "name_fr", "note_en", "note_fr"],
    "groups": ["name_en", "name_fr", "short_en", "short_fr"],
    "milestones": ["title_en", "title_fr"],
    "reactions": ["text_en", "text_fr"],
    "statements": ["text_en", "text_fr", "test_en", "test_fr"],
    "patterns": ["text_en", "text_fr", "period_en", "period_fr"],
    "vocabulary": ["label_en", "label_fr", "meaning_en", "meaning_fr"],
    "group_links": ["note_en", "note_fr"],
}


def rewrite(path: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the rows of a table, and nothing of how it is written."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), list(reader.fieldnames or [])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, real_atlas):
    """Start a copy of the app in which every free text is hostile."""
    folder = copy_checkout(tmp_path_factory.mktemp("hostile"))
    for table, columns in FREE.items():

        def change(rows, columns=columns):
            for row in rows:
                for column in columns:
                    if row[column]:
                        row[column] = HOSTILE

        rewrite(folder / "data" / "tables" / f"{table}.csv", change)
    with running(folder, tmp_path_factory.mktemp("elsewhere")) as started:
        yield started


@pytest.fixture
def open_hostile(open_page, hostile):
    """Return the function that opens a page of the hostile copy, and looks at it."""
    pages = []

    def open_it(name, **query):
        query.setdefault("lang", "en")
        page = open_page(name, query, at=hostile)
        pages.append(page)
        title = WORDS[query["lang"]][f"{name}_title"]
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        foot = WORDS[query["lang"]]["foot"].split("{cut_off}")[1]
        expect(page.get_by_text(foot)).to_be_visible()
        return page

    yield open_it
    for page in pages:
        assert page.evaluate("window.hacked") is None
        assert foreign_elements(page) == []
        assert caught(page) == []


@pytest.fixture(scope="module")
def event_id(real_atlas):
    """An event with a place, a quote, and claims of its own."""
    claims = real_atlas.record.claims
    quoted = set(claims.loc[claims["quote"].notna(), "event_id"].dropna())
    events = real_atlas.events
    found = events["event_id"].isin(quoted) & events["location_precision"].eq("town")
    found &= events["operation_id"].isna() & events["perpetrator_id"].notna()
    return events.loc[found, "event_id"].iloc[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_card_and_list(open_hostile, event_id, language):
    page = open_hostile("map", event=event_id, lang=language)
    map_ready(page)
    card = page.locator(".card")
    expect(card.locator(".card-title")).to_have_text(HOSTILE)
    expect(card.locator(".claimant").first).to_have_text(HOSTILE)
    expect(card.locator("dd").nth(3)).to_have_text(HOSTILE)  # the target
    expect(card.locator("dd").nth(4)).to_contain_text(HOSTILE)  # the place
    expect(card.locator(".card-sources li").first).to_contain_text(HOSTILE)
    rows = page.locator(".event h4")
    expect(rows).to_have_count(10)
    for text in rows.all_text_contents():
        assert text.endswith(HOSTILE)
    button = page.locator(".event button").first
    assert HOSTILE in button.get_attribute("aria-label")
    ticks = page.locator(".strip ol li").all_text_contents()
    assert ticks and all(HOSTILE in tick for tick in ticks)
    tick = page.locator(".tick").first
    tick.focus()
    expect(page.locator(".tip")).to_contain_text(HOSTILE)


def test_a_search_for_the_text_itself(open_hostile):
    page = open_hostile("map", q="{{7*7}} ` ${1}")
    map_ready(page)
    expect(page.get_by_text("“{{7*7}} ` ${1}”")).to_be_visible()
    expect(page.locator(".event")).to_have_count(10)


def test_the_sentence_and_the_controls(open_hostile):
    page = open_hostile("map", group="jnim", near="ml-gao", type="attack")
    sentence = page.get_by_text("limited to")
    expect(sentence).to_contain_text(f"{HOSTILE} and their parts")
    expect(sentence).to_contain_text(f"of {HOSTILE}")
    expect(sentence).to_contain_text(f"kind {HOSTILE}")
    page.get_by_role("combobox", name=EN["target_types"], exact=True).click()
    options = page.get_by_role("option").filter(has_text=HOSTILE)
    expect(options.nth(3)).to_be_visible()


def test_the_ledger(open_hostile, real_atlas):
    page = open_hostile("claims", about=OPERATION)
    expect(page.get_by_role("heading", level=2).first).to_have_text(HOSTILE)
    claims = ledger(real_atlas, OPERATION)
    expect(page.locator(".claim")).to_have_count(len(claims))
    for name in page.locator(".claim h4").all_text_contents():
        assert name == HOSTILE
    expect(page.locator(".claim blockquote").first).to_have_text(f"“{HOSTILE}”")
    expect(page.locator(".claim a").first).to_contain_text(HOSTILE)
    expect(page.locator(".note").first).to_contain_text(HOSTILE)
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    for at in range(2):  # statements and patterns
        cells = grid_rows(page, at).locator("td")
        expect(cells.first).to_have_text(HOSTILE)


def test_the_ledger_of_an_event(open_hostile, event_id):
    page = open_hostile("claims", about=event_id)
    day = event_id[3:13]
    heading = page.get_by_role("heading", level=2).first
    expect(heading).to_have_text(f"{HOSTILE}, {day}")


def test_the_events_and_their_files(open_hostile, real_atlas):
    page = open_hostile("events")
    events = real_atlas.events
    expect(grid_rows(page)).to_have_attribute("aria-rowcount", str(len(events) + 1))
    cells = spoken_cells(page)
    assert HOSTILE in cells
    rows = csv_rows(download(page, "CSV"))
    assert len(rows) == len(events)
    for column in ("summary", "target", "place"):
        shown = {row[column] for row in rows} - {""}
        assert shown == {"'" + HOSTILE}  # no spreadsheet takes it for a formula
    assert all("<http" in row["sources"] for row in rows if "http" in row["sources"])
    for row in rows:
        for cell in row.values():
            assert not re.match(r"\s*[=+@\t\r]|\s*-(?!\d)", cell)
    features = geojson_features(download(page, "GeoJSON"))
    assert {it["properties"]["summary"] for it in features} == {HOSTILE}


def test_the_table_offers_no_file_of_live_formulas(open_hostile):
    """Streamlit's own button writes the cells as they stand: it must not be there."""
    page = open_hostile("events")
    table = page.get_by_test_id("stDataFrame").first
    table.hover()
    button = table.get_by_role("button", name="Download as CSV")
    if button.count():
        page.evaluate("window.showSaveFilePicker = undefined")
        with page.expect_download() as waiting:
            button.click()
        content = waiting.value.path().read_bytes()
        for row in csv_rows(content):
            assert not any(cell.startswith("=") for cell in row.values())


def test_the_comparison(open_hostile):
    page = open_hostile("compare", areas="ml-gao,ML-BKO,ml-timbuktu,ml-tombouctou")
    map_ready(page, page.locator(".sahel-map").count())
    around = EN("town_around", name=HOSTILE, km=25)
    heading = page.get_by_test_id("stColumn").get_by_role("heading", level=3)
    expect(heading.first).to_have_text(around)
    expect(
        page.get_by_test_id("stCaptionContainer").get_by_text(around).first
    ).to_be_visible()
    box = page.get_by_role("combobox", name=EN["areas"], exact=True)
    expect(box).to_be_visible()


def test_the_method(open_hostile):
    page = open_hostile("method")
    tables = page.get_by_test_id("stDataFrame")
    expect(tables).to_have_count(11)
    hostile = 0
    for at, table in enumerate(tables.all()):
        table.scroll_into_view_if_needed()
        expect(grid_rows(page, at).locator("td").first).to_be_attached()
        hostile += HOSTILE in spoken_cells(page, at)
    assert hostile >= 3  # groups, ties, vocabulary


def test_a_hostile_group_is_chosen(open_hostile):
    page = open_hostile("map")
    map_ready(page)
    choose(page, EN["groups"], HOSTILE)
    expect(page.get_by_text("limited to")).to_contain_text(HOSTILE)
