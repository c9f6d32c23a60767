"""A contribution is added whole or not at all."""

from __future__ import annotations

import pytest

from data.__main__ import main
from data.contract import BrokenTables, Fault
from data.merge import merge_tables
from data.record import read_record


@pytest.fixture
def record(tmp_path, world, write_tables):
    """Return the folder of the record."""
    return write_tables(tmp_path / "record", world)


@pytest.fixture
def contribute(tmp_path, write_tables):
    """Return the function that writes a contribution's rows to a folder."""
    return lambda rows: write_tables(tmp_path / "contribution", rows)


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def new_event(world) -> dict:
    """Return the rows of one event more."""
    event_id = "ml-2023-05-01-west"
    return {
        "events": [
            {
                **world["events"][0],
                "event_id": event_id,
                "date_start": "2023-05-01",
                "date_end": "2023-05-01",
            }
        ],
        "event_groups": [{**world["event_groups"][0], "event_id": event_id}],
        "event_sources": [{"event_id": event_id, "source_id": "s-paper"}],
        "claims": [{**world["claims"][2], "claim_id": "c20", "event_id": event_id}],
    }


def test_rows_are_added_in_the_order_of_their_keys(record, contribute, new_event):
    added = merge_tables(contribute(new_event), record)
    assert added == {"events": 1, "event_groups": 1, "event_sources": 1, "claims": 1}
    events = read_record(record).events["event_id"].to_list()
    assert events == sorted(events)
    assert events[0] == "ml-2023-05-01-west"
    assert len(events) == 7


def test_other_tables_stay_as_they_are(record, contribute, new_event):
    before = contents(record)
    merge_tables(contribute(new_event), record)
    after = contents(record)
    assert {name for name in before if before[name] != after[name]} == {
        "claims.csv",
        "event_groups.csv",
        "event_sources.csv",
        "events.csv",
    }
    assert after.keys() == before.keys()


def test_identical_rows_are_passed_over(record, contribute, world):
    part = {"sources": world["sources"], "groups": world["groups"][:1]}
    before = contents(record)
    assert merge_tables(contribute(part), record) == {"sources": 0, "groups": 0}
    assert contents(record) == before


def test_a_clash_is_told_cell_by_cell(record, contribute, world):
    before = contents(record)
    row = {**world["sources"][1], "title": "Another year", "published": ""}
    with pytest.raises(BrokenTables) as broken:
        merge_tables(contribute({"sources": [world["sources"][0], row]}), record)
    assert list(broken.value.faults) == [
        Fault("sources.csv", 3, "published", '""', '"2025-06-01"'),
        Fault("sources.csv", 3, "title", '"Another year"', '"The year"'),
    ]
    assert contents(record) == before


def test_a_fault_of_the_contribution_is_told_and_nothing_written(
    record, contribute, new_event
):
    before = contents(record)
    new_event["events"][0]["event_type"] = "raid"
    with pytest.raises(BrokenTables, match=r"events\.csv line 2, column event_type"):
        merge_tables(contribute(new_event), record)
    assert contents(record) == before


def test_a_fault_of_the_whole_is_told_and_nothing_written(
    record, contribute, new_event
):
    before = contents(record)
    new_event["event_sources"] = []
    with pytest.raises(BrokenTables, match="has no row in event_sources"):
        merge_tables(contribute(new_event), record)
    assert contents(record) == before


def test_a_reference_that_only_the_whole_can_check(record, contribute, new_event):
    before = contents(record)
    new_event["claims"][0]["source_id"] = "s-nowhere"
    with pytest.raises(BrokenTables, match="expected a key of sources"):
        merge_tables(contribute(new_event), record)
    assert contents(record) == before


def test_the_command_line_lists_faults(tmp_path, world, write_tables, capsys):
    part = {"events": world["events"][:1]}
    assert main(["check", str(write_tables(tmp_path / "a", part))]) == 0
    assert capsys.readouterr().out == "no fault found\n"
    part["events"][0]["event_type"] = "raid"
    assert main(["check", str(write_tables(tmp_path / "b", part))]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("events.csv line 2, column event_type: expected one of [")
    assert out[-1] == "1 faults"


def test_the_command_line_checks_the_record(capsys):
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "no fault found\n"


def test_the_command_line_tells_why_it_did_not_merge(
    tmp_path, world, write_tables, capsys
):
    part = {"events": world["events"][:1]}
    part["events"][0]["event_type"] = "raid"
    assert main(["merge", str(write_tables(tmp_path, part))]) == 1
    assert "column event_type" in capsys.readouterr().err
