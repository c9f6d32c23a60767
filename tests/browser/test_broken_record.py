"""A record that cannot be read: a sentence, and where to mend it. Never a traceback."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.record import check_record
from tests.browser.reading import (
    EN,
    LANGUAGES,
    PHONE,
    WORDS,
    all_texts,
    caught,
    grid_rows,
    map_ready,
    overflow,
    spoken_cells,
)
from tests.browser.running import copy_checkout, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Start a copy of the app whose files the tests break, one at a time.

    None of them opens it unbroken: what was read once is read no more.
    """
    folder = copy_checkout(tmp_path_factory.mktemp("broken"))
    with running(folder, tmp_path_factory.mktemp("elsewhere")) as started:
        yield folder, started


@pytest.fixture
def copied_folder(copied):
    """Return the folder of the copy; what a test changes there is put back."""
    folder, _ = copied
    paths = [*folder.glob("data/tables/*.*"), *folder.glob("geo/*/*.*")]
    before = {path: path.read_bytes() for path in paths if path.is_file()}
    yield folder
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


@pytest.fixture
def open_broken(open_page, copied, copied_folder):
    """Return the function that opens the copy and holds it to what holds for all."""

    def open_it(language="en", **options):
        page = open_page("map", {"lang": language}, at=copied[1], **options)
        expect(page.get_by_test_id("stAlert").first).to_be_visible()
        assert caught(page) == []
        told = "\n".join(all_texts(page))
        assert str(copied_folder) not in told
        assert not re.search(r"Traceback|\.py\b|(?<![:\w/])/(tmp|home|work)/", told)
        expect(page.locator(".sahel-map")).to_have_count(0)
        return page

    return open_it


def alter(folder: Path, table: str, line: int, old: str, new: str) -> None:
    """Change the first such text of one line of a table."""
    path = folder / "data" / "tables" / f"{table}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), "utf-8")


def dated_line(folder: Path, table: str, column: str) -> tuple[int, str]:
    """Return the first line of a table with a day in a column, and that day."""
    with (folder / "data" / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row[column]:
                return reader.line_num, row[column]
    raise AssertionError(f"{table} has no {column}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_cell(open_broken, copied_folder, language):
    line, day = dated_line(copied_folder, "group_links", "valid_from")
    alter(copied_folder, "group_links", line, day, "31/12/2012")
    page = open_broken(language)
    say = WORDS[language]
    told = say("tables_broken", count=1)
    expect(page.get_by_text(told, exact=True)).to_be_visible()
    headings = [say[it] for it in ("file", "line", "column", "expected", "found")]
    expect(grid_rows(page).locator("th")).to_have_text(headings)
    cells = spoken_cells(page)
    assert cells[:3] == ["group_links.csv", str(line), "valid_from"]
    assert '"31/12/2012"' in cells


def test_a_broken_cell_is_the_only_fault(open_broken, copied_folder):
    """The rows that name the event of the broken cell are sound."""
    line, day = dated_line(copied_folder, "events", "date_start")
    # The event's id holds the same day: the cell is meant, with its commas.
    alter(copied_folder, "events", line, f",{day},", ",31/12/2012,")
    page = open_broken()
    expect(grid_rows(page).locator("td").first).to_have_text("events.csv")
    expect(grid_rows(page)).to_have_attribute("aria-rowcount", "2")


def test_all_faults_at_once(open_broken, copied_folder):
    alter(copied_folder, "claims", 2, ",media,", ",MEDIA,")
    alter(copied_folder, "places", 2, "area", "planet")
    tables = copied_folder / "data" / "tables"
    faults = check_record(tables)
    assert len(faults) > 1
    page = open_broken()
    told = EN("tables_broken", count=len(faults))
    expect(page.get_by_text(told, exact=True)).to_be_visible()
    rows = str(len(faults) + 1)
    expect(grid_rows(page)).to_have_attribute("aria-rowcount", rows)
    files = {fault.file for fault in faults}
    assert files <= set(spoken_cells(page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_table(open_broken, copied_folder, language):
    (copied_folder / "data/tables/claims.csv").unlink()
    page = open_broken(language)
    expect(page.get_by_text(WORDS[language]("tables_broken", count=1))).to_be_visible()
    expect(grid_rows(page).locator("td").first).to_have_text("claims.csv")


def test_bytes_that_are_no_text(open_broken, copied_folder):
    (copied_folder / "data/tables/events.csv").write_bytes(b"event_id\xff\xfe\x00")
    page = open_broken()
    expect(page.get_by_text(EN("tables_broken", count=1))).to_be_visible()
    expect(grid_rows(page).locator("td").first).to_have_text("events.csv")


def test_a_cell_that_is_markup(open_broken, copied_folder):
    line, day = dated_line(copied_folder, "group_links", "valid_from")
    hostile = "<img src=x onerror=window.hacked=1>![x](http://evil.example/y)"
    alter(copied_folder, "group_links", line, day, hostile)
    page = open_broken()
    expect(grid_rows(page).locator("td").first).to_be_attached()
    assert f'"{hostile}"' in spoken_cells(page)
    assert page.evaluate("window.hacked") is None


def test_faults_on_a_phone(open_broken, copied_folder):
    (copied_folder / "data/tables/groups.csv").unlink()
    page = open_broken("fr", size=PHONE)
    assert overflow(page) <= 0


# What the app reads before its first page.
LAYERS = [
    "geo/layers/mali_regions.geojson",
    "geo/layers/mali_regions_2023_approx.geojson",
    "geo/layers/sahel_regions.geojson",
    "geo/layers/countries.geojson",
    "geo/tables/regions.csv",
]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_missing_layer(open_broken, copied_folder, layer):
    (copied_folder / layer).unlink()
    page = open_broken("fr")
    told = WORDS["fr"]("layers_broken", name=Path(layer).name)
    expect(page.get_by_text(told, exact=True)).to_be_visible()


@pytest.mark.parametrize("content", ["", "{", '{"type": "FeatureCollection"}'])
def test_a_layer_that_is_none(open_broken, copied_folder, content):
    (copied_folder / LAYERS[0]).write_text(content)
    page = open_broken()
    start = EN["layers_broken"].split("{")[0]
    expect(page.get_by_text(start)).to_be_visible()


@pytest.mark.parametrize("content", [None, "region_id\n"], ids=["none", "short"])
def test_the_people_are_missing(open_page, tmp_path, content):
    """A table that only some pages ask for."""
    folder = copy_checkout(tmp_path / "copy")
    path = folder / "geo/tables/population.csv"
    path.unlink() if content is None else path.write_text(content)
    with running(folder, tmp_path) as started:
        page = open_page("compare", "lang=en", at=started)
        said = page.get_by_test_id("stAlert").or_(page.get_by_test_id("stException"))
        expect(said.first).to_be_visible()
        assert caught(page) == []
        expect(said.first).to_contain_text(EN["layers_broken"].split("{")[0])


def test_a_mended_table_opens_on_reload(open_page, tmp_path, faults):
    """As the sentence says: mend it and reload the page."""
    folder = copy_checkout(tmp_path / "copy")
    path = folder / "data/tables/groups.csv"
    content = path.read_bytes()
    path.unlink()
    with running(folder, tmp_path) as started:
        page = open_page("map", "lang=en", at=started)
        expect(page.get_by_test_id("stAlert").first).to_be_visible()
        path.write_bytes(content)
        page.reload()
        map_ready(page)
        assert caught(page) == []


def test_a_missing_ground_leaves_the_events(open_page, tmp_path, faults):
    """The map's own ground is drawn by the browser: without it the events stay."""
    folder = copy_checkout(tmp_path / "copy")
    with running(folder, tmp_path) as started:
        ground = folder / "dashboard" / "static" / "ground" / "relief.jpg"
        ground.unlink()
        page = open_page("map", "lang=en", at=started)
        map_ready(page)
        assert caught(page) == []
    assert all("relief.jpg" in fault for fault in faults)
    faults.clear()
