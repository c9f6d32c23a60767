"""The contract is kept, or every breach is told with file, line and column."""

from __future__ import annotations

import shutil
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.contract import (
    CONTRACT,
    BrokenTables,
    Fault,
    check_tables,
    columns_of,
    read_rows,
    schema_of,
    table_names,
)
from data.record import Record, check_record, read_record, read_table

TABLE_NAMES = [
    "events",
    "event_groups",
    "event_sources",
    "operations",
    "reactions",
    "patterns",
    "claims",
    "sources",
    "groups",
    "group_names",
    "group_links",
    "places",
    "milestones",
    "statements",
    "event_links",
    "settled_pairs",
    "unsourced",
    "ucdp_years",
    "vocabulary",
]


@pytest.fixture
def folder(tmp_path, world, write_tables) -> Path:
    """Return a folder with the small world, sound."""
    return write_tables(tmp_path / "tables", world)


@pytest.fixture
def faults_of(tmp_path, world, write_tables):
    """Return the function that writes the changed world and checks it."""

    # The contract does not ask which words there are, and one is checked sooner.
    del world["vocabulary"][1:]

    def check(**options) -> list[Fault]:
        return check_tables(write_tables(tmp_path / "tables", world), **options)

    return check


def test_the_contract_names_the_tables():
    assert table_names() == TABLE_NAMES


def test_an_unknown_table_is_named():
    with pytest.raises(KeyError, match="the contract holds no table 'victims'"):
        schema_of("victims")


def test_the_small_world_is_sound(folder):
    assert check_tables(folder) == []
    assert check_record(folder) == []


def test_a_sound_record_is_read(folder):
    record = read_record(folder)
    assert len(record.events) == 6
    assert record.cut_off == pd.Timestamp("2025-06-30")
    claims = record.claims.set_index("claim_id")
    assert claims.at["c2", "low"] == 12
    assert claims.at["c2", "attributed"]
    # Missing is not zero, and not the text "nan".
    assert pd.isna(claims.at["c4", "low"])
    assert claims["quote"].isna().sum() == 9
    assert record.events["date_end"].dtype.kind == "M"


def test_a_table_keeps_the_contracts_columns(folder):
    for table in TABLE_NAMES:
        rows = read_table(folder / f"{table}.csv", table)
        assert rows.columns.to_list() == columns_of(table)


def test_the_text_na_is_a_text(folder, write_tables, world):
    world["groups"][1]["short_en"] = "NA"
    write_tables(folder, world)
    assert read_record(folder).groups["short_en"].to_list()[1] == "NA"


def test_missing_file(folder):
    (folder / "claims.csv").unlink()
    assert check_tables(folder) == [
        Fault("claims.csv", 0, "", "no such file", "a table")
    ]


def test_no_folder_at_all(tmp_path):
    faults = check_tables(tmp_path / "nowhere")
    assert [fault.file for fault in faults] == sorted(f"{it}.csv" for it in TABLE_NAMES)


def test_missing_and_unknown_column(folder):
    path = folder / "vocabulary.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("label_fr", "label_de", 1), encoding="utf-8")
    assert check_tables(folder) == [
        Fault(
            "vocabulary.csv",
            1,
            "",
            "missing ['label_fr'], unknown ['label_de']",
            "the columns ['field', 'code', 'label_en', 'label_fr', 'meaning_en', "
            "'meaning_fr']",
        )
    ]


def test_columns_out_of_order(folder):
    (folder / "event_sources.csv").write_text(
        "source_id,event_id,locator\ns-paper,ml-2024-01-10-west,\n", encoding="utf-8"
    )
    assert check_tables(folder) == [
        Fault(
            "event_sources.csv",
            1,
            "",
            "the order ['source_id', 'event_id', 'locator']",
            "the columns ['event_id', 'source_id', 'locator']",
        )
    ]


def test_an_empty_file_has_no_columns(folder):
    (folder / "event_sources.csv").write_bytes(b"")
    assert check_tables(folder) == [
        Fault(
            "event_sources.csv",
            1,
            "",
            "missing ['event_id', 'source_id', 'locator'], unknown []",
            "the columns ['event_id', 'source_id', 'locator']",
        )
    ]


def test_not_utf_8(folder):
    (folder / "event_sources.csv").write_bytes("event_id,é\n".encode("cp1252"))
    assert check_tables(folder) == [
        Fault("event_sources.csv", 0, "", "byte 9 is not UTF-8", "UTF-8 text")
    ]


def test_an_open_quote(folder):
    path = folder / "event_sources.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[-1] += '"p. 3'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert check_tables(folder) == [
        Fault(
            "event_sources.csv",
            0,
            "",
            "unexpected end of data, in the row from line 8",
            "comma-separated values",
        )
    ]


# table, row, column, cell, found, expected
BAD_CELLS = [
    pytest.param(
        "events", 0, "date_start", "10/01/2024",
        '"10/01/2024"', "a day such as 2024-09-17", id="day as in French",
    ),
    pytest.param(
        "events", 0, "date_start", "2024-1-10",
        '"2024-1-10"', "a day such as 2024-09-17", id="day without zeros",
    ),
    pytest.param(
        "events", 1, "date_end", "2024-02-30",
        '"2024-02-30"', "a day such as 2024-09-17", id="30 February",
    ),
    pytest.param(
        "events", 0, "location_precision", "exact",
        '"exact"', "one of ['site', 'town', 'area', 'region', 'country']",
        id="code of no list",
    ),
    pytest.param(
        "events", 0, "summary_fr", "", "an empty cell", "a value", id="required",
    ),
    pytest.param(
        "events", 2, "latitude", "95.5", '"95.5"', "a value up to 90", id="latitude",
    ),
    pytest.param(
        "events", 2, "longitude", "1,5", '"1,5"', "a number", id="decimal comma",
    ),
    pytest.param(
        "events", 2, "longitude", "1_5", '"1_5"', "a number", id="number by Python",
    ),
    pytest.param(
        "events", 0, "tactics", "small arms",
        '"small arms"', "text like ^[a-z_]+(;[a-z_]+)*$", id="pattern",
    ),
    pytest.param(
        "claims", 0, "low", "-1", '"-1"', "a value from 0", id="below zero",
    ),
    pytest.param(
        "claims", 0, "low", "9.5", '"9.5"', "a whole number", id="half a person",
    ),
    pytest.param(
        "claims", 0, "low", "dozens", '"dozens"', "a whole number", id="word",
    ),
    pytest.param(
        "claims", 0, "low", "1_0", '"1_0"', "a whole number", id="integer by Python",
    ),
    pytest.param(
        "claims", 0, "low", "١٢", '"١٢"', "a whole number", id="Arabic digits",
    ),
    pytest.param(
        "claims", 0, "high", "9" * 20,
        f'"{"9" * 20}"', "a whole number", id="more than a column holds",
    ),
    pytest.param(
        "claims", 0, "attributed", "yes", '"yes"', "true or false", id="boolean",
    ),
    pytest.param(
        "sources", 1, "url", "javascript:alert(1)",
        '"javascript:alert(1)"', "text like ^https?://\\S+$", id="address",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "column", "cell", "found", "expected"), BAD_CELLS
)
def test_bad_cell(
    tmp_path, world, write_tables, table, row, column, cell, found, expected
):
    """One table alone is checked as a contribution is."""
    world[table][row][column] = cell
    folder = write_tables(tmp_path, {table: world[table]})
    assert check_tables(folder, partial=True) == [
        Fault(f"{table}.csv", row + 2, column, found, expected)
    ]


DANGLING = [
    ("events", 0, "place_id", "places"),
    ("events", 0, "operation_id", "operations"),
    ("claims", 0, "superseded_by", "claims"),
    ("group_links", 0, "other_group_id", "groups"),
]


@pytest.mark.parametrize(("table", "row", "column", "other"), DANGLING)
def test_dangling_reference(world, faults_of, table, row, column, other):
    world[table][row][column] = "nowhere"
    assert faults_of() == [
        Fault(f"{table}.csv", row + 2, column, '"nowhere"', f"a key of {other}")
    ]


def test_two_rows_with_one_key(world, faults_of):
    world["event_groups"].append(dict(world["event_groups"][0], certainty="suspected"))
    assert faults_of() == [
        Fault(
            "event_groups.csv",
            9,
            "",
            "the same as in line 2",
            "a key that no other row has",
        )
    ]


def test_one_id_twice_is_told_as_key_and_as_value(world, faults_of):
    world["sources"].append(dict(world["sources"][0]))
    assert faults_of() == [
        Fault(
            "sources.csv",
            4,
            "",
            "the same as in line 2",
            "a key that no other row has",
        ),
        Fault(
            "sources.csv",
            4,
            "source_id",
            '"s-army", the same as in line 2',
            "a value that no other row has",
        ),
    ]


def test_a_row_too_short_and_one_too_long(folder):
    with (folder / "event_sources.csv").open("a", encoding="utf-8") as file:
        file.write("ml-2024-01-10-west\nml-2024-01-10-west,s-army,p. 2,more\n")
    faults = [fault for fault in check_tables(folder) if "one cell" in fault.expected]
    assert [(fault.line, fault.column) for fault in faults] == [
        (9, "locator"),
        (9, "source_id"),
        (10, ""),
    ]


def test_a_blank_line_is_told(folder):
    path = folder / "event_sources.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert (9, "one cell for each column") in [
        (fault.line, fault.expected) for fault in check_tables(folder)
    ]


def test_lines_are_those_of_an_editor(world, faults_of):
    world["events"][0]["note_en"] = "a note\nof three\nlines"
    world["events"][1]["event_type"] = "raid"
    world["events"][2]["location_precision"] = "exact"
    faults = faults_of()
    assert [(fault.line, fault.column) for fault in faults] == [
        (5, "event_type"),
        (6, "location_precision"),
    ]


def test_rows_know_their_lines(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,"x\ny"\n2,z\n', encoding="utf-8")
    assert list(read_rows(path)) == [
        (1, ["a", "b"]),
        (2, ["1", "x\ny"]),
        (4, ["2", "z"]),
    ]


def test_a_space_before_a_quote_is_not_guessed_away(folder):
    """Some readers look at the first rows and guess a dialect from them."""
    path = folder / "event_sources.csv"
    rows = ['ml-2024-01-10-west, "s-army", "p. 2, line 3"']
    path.write_text("event_id,source_id,locator\n" + rows[0] + "\n", encoding="utf-8")
    assert Fault(
        "event_sources.csv",
        2,
        "",
        'one more cell, " line 3""',
        "one cell for each column",
    ) in check_tables(folder)


def test_all_faults_are_told_at_once(world, faults_of):
    world["claims"][3]["stance"] = "thinks"
    world["events"][0]["date_start"] = "soon"
    world["events"][4]["place_id"] = "ml-nowhere"
    world["vocabulary"][0]["label_en"] = ""
    assert [str(fault) for fault in faults_of()] == [
        "claims.csv line 5, column stance: expected one of "
        "['asserts', 'denies', 'doubts', 'silent'], found \"thinks\"",
        "events.csv line 2, column date_start: expected a day such as 2024-09-17, "
        'found "soon"',
        'events.csv line 6, column place_id: expected a key of places, found "ml-nowhere"',
        "vocabulary.csv line 2, column label_en: expected a value, found an empty cell",
    ]


def test_a_missing_table_hides_no_other_fault(folder):
    (folder / "reactions.csv").unlink()
    (folder / "statements.csv").write_text("text\n", encoding="utf-8")
    path = folder / "sources.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2025-06-29", "today"), encoding="utf-8")
    assert [
        (fault.file, fault.line, fault.column) for fault in check_tables(folder)
    ] == [
        ("reactions.csv", 0, ""),
        ("sources.csv", 2, "read_on"),
        ("statements.csv", 1, ""),
    ]


def test_broken_tables_hold_all_faults(folder):
    (folder / "claims.csv").unlink()
    (folder / "events.csv").unlink()
    with pytest.raises(BrokenTables) as broken:
        read_record(folder)
    assert [fault.file for fault in broken.value.faults] == ["claims.csv", "events.csv"]
    assert str(broken.value) == (
        "claims.csv: expected a table, found no such file\n"
        "events.csv: expected a table, found no such file"
    )


def test_the_rules_break_a_record_too(tmp_path, world, write_tables):
    world["events"][0]["date_end"] = "2024-01-09"
    with pytest.raises(BrokenTables, match="a day on or after 2024-01-10"):
        read_record(write_tables(tmp_path, world))


def test_a_contribution_may_be_partial(tmp_path, world, write_tables):
    part = {"event_sources": world["event_sources"][:1]}
    part["event_sources"][0]["source_id"] = "only-in-the-record"
    folder = write_tables(tmp_path, part)
    assert check_tables(folder, partial=True) == []
    assert len(check_tables(folder)) == len(TABLE_NAMES) - 1


def test_a_contribution_keeps_the_contract_all_the_same(tmp_path, world, write_tables):
    part = {"events": world["events"][:1]}
    part["events"][0]["event_type"] = "raid"
    folder = write_tables(tmp_path, part)
    assert [
        (fault.line, fault.column) for fault in check_tables(folder, partial=True)
    ] == [(2, "event_type")]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_faults_or_a_table(tmp_path, body):
    path = tmp_path / "event_sources.csv"
    path.write_bytes(b"event_id,source_id,locator\n" + body)
    if not check_tables(tmp_path, partial=True):
        read_table(path, "event_sources")


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    cell=st.one_of(
        st.text(max_size=12),
        st.from_regex(r"\A[-+]?[0-9_.e]{1,25}\Z"),
        st.from_regex(r"\A[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}\Z"),
    ),
    place=st.sampled_from(
        [("claims", "low"), ("claims", "said_on"), ("places", "latitude")]
    ),
)
def test_what_passes_the_check_can_be_read(tmp_path, world, write_tables, cell, place):
    table, column = place
    part = {table: [dict(world[table][0])]}
    part[table][0][column] = cell
    folder = write_tables(tmp_path / table, part)
    if not check_tables(folder, partial=True):
        read_table(folder / f"{table}.csv", table)


@pytest.fixture
def frictionless_finds(folder):
    """Return what the library of the contract's own standard says of the folder."""
    shutil.copy(CONTRACT, folder)

    def find() -> set[tuple[str, int, str]]:
        report = frictionless.Package(str(folder / CONTRACT.name)).validate()
        return {
            (f"{task.name}.csv", error.row_number, error.field_name)
            for task in report.tasks
            for error in task.errors
        }

    return find


def test_frictionless_agrees_that_the_world_is_sound(frictionless_finds):
    assert frictionless_finds() == set()


# What Python's own readers take for a number or a day, and others do not.
ONLY_FOR_PYTHON = {"2024-1-10", "1_5", "1_0", "١٢", "9" * 20}


@pytest.mark.parametrize(
    ("table", "row", "column", "cell"), [case.values[:4] for case in BAD_CELLS]
)
def test_frictionless_agrees_about_a_bad_cell(
    world, folder, write_tables, frictionless_finds, table, row, column, cell
):
    world[table][row][column] = cell
    write_tables(folder, world)
    ours = {(fault.file, fault.line, fault.column) for fault in check_tables(folder)}
    here = (f"{table}.csv", row + 2, column)
    assert here in ours
    assert (here in frictionless_finds()) == (cell not in ONLY_FOR_PYTHON)


def test_record_and_contract_hold_the_same_tables():
    assert list(Record.__dataclass_fields__) == TABLE_NAMES
