"""Each rule that spans columns or tables, broken once, with the exact fault."""

from __future__ import annotations

import pandas as pd
import pytest

from data.contract import Fault
from data.record import check_record, read_table
from data.rules import RULES, check_rules


@pytest.fixture
def faults_of(tmp_path, world, write_tables):
    """Return the function that writes the changed world and checks the rules."""

    def check() -> list[Fault]:
        folder = write_tables(tmp_path / "tables", world)
        tables = {name: read_table(folder / f"{name}.csv", name) for name in world}
        return check_rules(tables, folder)

    return check


def test_the_small_world_keeps_every_rule(faults_of):
    assert faults_of() == []


def test_every_rule_is_run():
    assert [rule.__name__ for rule in RULES] == [
        "dates_in_order",
        "day_is_one_day",
        "no_event_after_reading",
        "events_have_a_place",
        "events_are_complete",
        "claims_have_one_subject",
        "claims_keep_words",
        "operations_have_members",
        "links_go_back",
        "settled_pairs_are_as_they_were_left",
        "leads_hold_no_figures",
        "spellings_do_not_clash",
        "codes_are_explained",
        "sources_are_used",
        "places_do_not_contain_themselves",
    ]


def test_an_interval_ends_after_it_begins(world, faults_of):
    world["events"][1]["date_end"] = "2024-02-29"
    assert faults_of() == [
        Fault("events.csv", 3, "date_end", "2024-02-29", "a day on or after 2024-03-01")
    ]


@pytest.mark.parametrize(
    ("table", "start", "end"),
    [
        ("group_links", "valid_from", "valid_to"),
        ("group_names", "valid_from", "valid_to"),
        ("groups", "active_from", "active_to"),
        ("milestones", "date_start", "date_end"),
        ("operations", "date_start", "date_end"),
        ("reactions", "date_start", "date_end"),
    ],
)
def test_every_interval_is_in_order(world, faults_of, table, start, end):
    world[table][0] |= {start: "2021-05-02", end: "2021-05-01"}
    assert faults_of() == [
        Fault(f"{table}.csv", 2, end, "2021-05-01", "a day on or after 2021-05-02")
    ]


@pytest.mark.parametrize("left_out", ["date_start", "date_end"])
def test_an_interval_has_both_days_or_none(world, faults_of, left_out):
    world["milestones"][0][left_out] = ""
    assert faults_of() == [
        Fault("milestones.csv", 2, "date_end", "one day of two", "both days or none")
    ]


def test_an_interval_may_have_no_days(world, faults_of):
    world["milestones"][0] |= {"date_start": "", "date_end": "", "date_precision": ""}
    assert faults_of() == []


def test_a_day_is_one_day(world, faults_of):
    world["events"][1]["date_precision"] = "day"
    assert faults_of() == [
        Fault(
            "events.csv",
            3,
            "date_end",
            "2024-03-05",
            "the first day, since date_precision is day",
        )
    ]


def test_no_event_after_the_last_reading(world, faults_of):
    world["events"][5] |= {"date_start": "2025-07-01", "date_end": "2025-07-01"}
    assert faults_of() == [
        Fault("events.csv", 7, "date_end", "2025-07-01", "a day until 2025-06-30")
    ]


def test_an_event_on_the_day_of_the_last_reading(world, faults_of):
    world["events"][5] |= {"date_start": "2025-06-30", "date_end": "2025-06-30"}
    assert faults_of() == []


def test_half_a_point(world, faults_of):
    world["events"][2]["longitude"] = ""
    assert faults_of() == [
        Fault("events.csv", 4, "longitude", "half a point", "both numbers or none")
    ]


def test_an_event_is_somewhere(world, faults_of):
    world["events"][0]["place_id"] = ""
    assert faults_of() == [
        Fault("events.csv", 2, "place_id", "an empty cell", "a place or a point")
    ]


def test_a_point_is_a_place(world, faults_of):
    world["events"][0] |= {"place_id": "", "latitude": "0.5", "longitude": "0.5"}
    assert faults_of() == []


@pytest.mark.parametrize(
    ("table", "what"), [("event_sources", "a source"), ("event_groups", "a group")]
)
def test_an_event_has_sources_and_groups(world, faults_of, ids, table, what):
    world[table] = [row for row in world[table] if row["event_id"] != ids["gao"]]
    assert faults_of() == [
        Fault("events.csv", 6, "event_id", f"{ids['gao']} has no row in {table}", what)
    ]


def test_an_event_has_a_claim(world, faults_of, ids):
    del world["claims"][8]
    assert faults_of() == [
        Fault(
            "events.csv",
            6,
            "event_id",
            f"{ids['gao']} has no claim",
            "a claim of it or of its operation",
        )
    ]


def test_the_claim_of_its_operation_is_enough(world, faults_of):
    """The events of the operation have none of their own."""
    del world["claims"][5:7]
    assert [fault.line for fault in faults_of()] == [4, 5]


SUBJECTS = (
    "one of ['event_id', 'operation_id', 'reaction_id', 'pattern_id', 'milestone_id']"
)


def test_a_claim_with_two_subjects(world, faults_of):
    world["claims"][0]["pattern_id"] = "pt-roads"
    assert faults_of() == [Fault("claims.csv", 2, "event_id", "2 subjects", SUBJECTS)]


def test_a_claim_without_subject(world, faults_of):
    world["claims"][7]["reaction_id"] = ""
    assert faults_of() == [Fault("claims.csv", 9, "event_id", "0 subjects", SUBJECTS)]


@pytest.mark.parametrize("metric", ["assessment", "materiel"])
def test_a_general_assessment_needs_no_subject(world, faults_of, metric):
    world["claims"][7] |= {
        "reaction_id": "", "metric": metric, "side": "", "low": "", "high": "",
    }  # fmt: skip
    assert faults_of() == []


def test_low_is_not_above_high(world, faults_of):
    world["claims"][1]["low"] = "15"
    assert faults_of() == [Fault("claims.csv", 3, "high", "15 to 14", "low up to high")]


@pytest.mark.parametrize(
    "metric",
    [
        "killed", "wounded", "killed_or_wounded", "captured", "missing", "abducted",
        "arrested", "attackers",
    ],
)  # fmt: skip
def test_figures_of_people_say_whose(world, faults_of, metric):
    world["claims"][7] |= {"metric": metric, "side": ""}
    assert faults_of() == [
        Fault("claims.csv", 9, "side", "an empty cell", "whose people are counted")
    ]


@pytest.mark.parametrize("column", ["low", "high"])
def test_who_is_silent_gives_no_figure(world, faults_of, column):
    world["claims"][4][column] = "0"
    assert faults_of() == [
        Fault("claims.csv", 6, column, "0", "no figure, since the stance is silent")
    ]


def test_who_asserts_gives_a_figure_or_words(world, faults_of):
    world["claims"][3]["wording"] = ""
    assert faults_of() == [
        Fault("claims.csv", 5, "wording", "no figure and no words", "one of the two")
    ]


@pytest.mark.parametrize("column", ["low", "high"])
def test_one_figure_is_enough(world, faults_of, column):
    world["claims"][3] |= {"wording": "", column: "24"}
    assert faults_of() == []


def test_an_operation_has_two_events(world, faults_of):
    world["events"][3]["operation_id"] = ""
    # The event that left has no claim of its own; the claims' operation stays.
    assert faults_of()[-1] == Fault(
        "operations.csv",
        2,
        "operation_id",
        "op-may with 1 events",
        "two events or more",
    )


def spelling(group: str, start: str, end: str) -> dict:
    return {
        "group_id": group,
        "name": "The Brigade",
        "dataset": "acled",
        "language": "en",
        "valid_from": start,
        "valid_to": end,
        "match": "exact",
    }


@pytest.mark.parametrize(
    ("spellings", "clashes"),
    [
        pytest.param(
            [("jnim", "2020-01-01", "2020-12-31"), ("katiba", "2021-01-01", "")],
            [],
            id="one after the other",
        ),
        pytest.param(
            [("jnim", "2020-01-01", "2021-01-01"), ("katiba", "2021-01-01", "")],
            [(9, "The Brigade for katiba", "days not taken by jnim")],
            id="one day in common",
        ),
        pytest.param(
            [("jnim", "", ""), ("katiba", "", "2019-12-31")],
            [(9, "The Brigade for katiba", "days not taken by jnim")],
            id="no days means all days",
        ),
        pytest.param(
            [("jnim", "2020-01-01", ""), ("jnim", "2021-01-01", "")],
            [],
            id="twice the same group",
        ),
        pytest.param(
            [
                ("jnim", "2020-01-01", "2020-12-31"),
                ("jnim", "2020-02-01", "2020-02-28"),
                ("katiba", "2020-06-01", "2020-06-30"),
            ],
            [(10, "The Brigade for katiba", "days not taken by jnim")],
            id="under the first, after the second",
        ),
    ],
)
def test_a_spelling_means_one_group_on_a_day(world, faults_of, spellings, clashes):
    world["group_names"] += [spelling(*it) for it in spellings]
    assert faults_of() == [
        Fault("group_names.csv", line, "name", found, expected)
        for line, found, expected in clashes
    ]


def test_spellings_clash_whatever_their_case(world, faults_of):
    clash = spelling("jnim", "", "")
    world["group_names"] += [
        clash,
        {**clash, "group_id": "katiba", "name": "THE BRIGADE"},
    ]
    assert [(fault.line, fault.found) for fault in faults_of()] == [
        (9, "THE BRIGADE for katiba")
    ]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("event_type", "attack"),
        ("milestone_kind", "coup"),
        ("place_kind", "town"),
        ("source_kind", "news"),
        ("operation_kind", "chain"),
        ("side", "victims"),
    ],
)
def test_the_vocabulary_explains_each_code(world, faults_of, field, code):
    world["vocabulary"] = [
        row
        for row in world["vocabulary"]
        if (row["field"], row["code"]) != (field, code)
    ]
    assert faults_of() == [
        Fault("vocabulary.csv", 0, field, "no row", f"words for the code {code}")
    ]


def test_a_tactic_without_words(world, faults_of):
    world["events"][0]["tactics"] = "raid;sorcery"
    (fault,) = faults_of()
    assert (fault.file, fault.line, fault.column) == ("events.csv", 2, "tactics")
    assert fault.found == "sorcery"
    assert fault.expected.startswith("one of ['abduction', 'air_strike', 'ambush',")


def test_a_source_nothing_rests_on(world, faults_of):
    world["sources"].append({**world["sources"][0], "source_id": "s-unread"})
    assert faults_of() == [
        Fault(
            "sources.csv",
            4,
            "source_id",
            "s-unread",
            "a source that some row rests on",
        )
    ]


@pytest.mark.parametrize(
    ("around", "lines"),
    [
        pytest.param({"ml-west": "ml-west"}, [2], id="in itself"),
        pytest.param(
            {"ml-west": "ml-middle", "ml-middle": "ml-west"}, [2, 3], id="in each other"
        ),
        pytest.param(
            {"ml-west": "ml-middle", "ml-middle": "ml-mali"}, [], id="a chain"
        ),
    ],
)
def test_a_place_does_not_contain_itself(world, faults_of, around, lines):
    for place in world["places"]:
        place["part_of"] = around.get(place["place_id"], "")
    faults = faults_of()
    assert [fault.line for fault in faults] == lines
    assert {fault.expected for fault in faults} <= {"a chain that ends"}


def test_a_tie_leads_back(world, faults_of):
    link = world["event_links"][0]
    link["event_id"], link["earlier_event_id"] = (
        link["earlier_event_id"],
        link["event_id"],
    )
    world["event_links"].append(dict(link, event_id=link["earlier_event_id"]))
    assert faults_of() == [
        Fault(
            "event_links.csv", line, "earlier_event_id", "ml-2024-05-31-mine",
            f"an event before {event_id}",
        )
        for line, event_id in [(2, "ml-2024-03-01-middle"), (3, "ml-2024-05-31-mine")]
    ]  # fmt: skip


def test_a_settled_pair_stays_settled(world, faults_of):
    """A dropped double must not come back, nor half of two distinct events go."""
    world["settled_pairs"][0]["verdict"] = "same"
    world["settled_pairs"][1]["verdict"] = "distinct"
    assert [(fault.line, fault.expected) for fault in faults_of()] == [
        (2, "no event"),
        (3, "an event of the record"),
    ]


def test_a_lead_without_a_source_has_no_figure(world, faults_of):
    world["unsourced"][0]["what_en"] = "12 are said to have died."
    assert [(fault.file, fault.column) for fault in faults_of()] == [
        ("unsourced.csv", "what_en")
    ]


def test_breaches_of_several_rules_are_told_at_once(world, faults_of):
    world["claims"][1]["low"] = "15"
    world["claims"][4]["high"] = "2"
    world["events"][0]["note_en"] = "two\nlines"
    world["events"][1]["date_precision"] = "day"
    world["places"][0]["part_of"] = "ml-west"
    assert [(fault.file, fault.line, fault.column) for fault in faults_of()] == [
        ("claims.csv", 3, "high"),
        ("claims.csv", 6, "high"),
        ("events.csv", 4, "date_end"),
        ("places.csv", 2, "part_of"),
    ]


def test_a_record_is_held_to_the_rules(world, tmp_path, write_tables):
    world["events"][1]["date_precision"] = "day"
    faults = check_record(write_tables(tmp_path, world))
    assert [(fault.file, fault.line) for fault in faults] == [("events.csv", 3)]


def test_rules_wait_for_the_contract(world, tmp_path, write_tables):
    world["claims"][1]["low"] = "many"
    world["events"][1]["date_precision"] = "day"
    faults = check_record(write_tables(tmp_path, world))
    assert [(fault.file, fault.line) for fault in faults] == [("claims.csv", 3)]


def test_a_rule_does_not_change_the_tables(world, tmp_path, write_tables):
    folder = write_tables(tmp_path, world)
    tables = {name: read_table(folder / f"{name}.csv", name) for name in world}
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    check_rules(tables, folder)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
