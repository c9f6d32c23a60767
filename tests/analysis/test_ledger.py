"""Who says what of one thing, each claim once and with its source."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.analysis.ledger import (
    METRIC_ORDER,
    disputed_subjects,
    ledger,
    reactions_to,
)
from data.contract import schema_of


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        # Army's side comes before all victims; responsibility comes last.
        pytest.param("west", ["c1", "c2", "c3"], id="an event"),
        pytest.param("middle", ["c5", "c4"], id="words after silence, undated"),
        pytest.param("mine", ["c6", "c7", "c8"], id="a site has its operation's"),
        pytest.param("gao", ["c9"], id="one claim"),
    ],
)
def test_ledger_of_an_event(atlas, ids, subject, claims):
    assert sorted(ledger(atlas, ids[subject])["claim_id"]) == sorted(claims)


def test_ledger_of_an_operation_has_its_reactions_too(atlas):
    table = ledger(atlas, "op-may")
    assert table["claim_id"].to_list() == ["c6", "c7", "c8"]
    assert table["subject_id"].to_list() == ["op-may", "op-may", "r-curfew"]


def test_ledger_of_nothing(atlas):
    assert ledger(atlas, "nobody").empty


def test_a_ledger_is_read_by_metric_side_and_day(atlas, ids):
    table = ledger(atlas, ids["west"])
    assert table[["metric", "side"]].fillna("").to_numpy().tolist() == [
        ["killed", "security_forces"],
        ["killed", "victims"],
        ["responsibility", ""],
    ]


def test_a_claim_brings_its_source(atlas, ids):
    table = ledger(atlas, ids["west"]).set_index("claim_id")
    columns = ["publisher", "title", "url"]
    assert table.loc["c2", columns].to_list() == [
        "Paper",
        "The year",
        "https://paper.example/year",
    ]
    assert table.at["c2", "published"] == pd.Timestamp("2025-06-01")
    assert table.at["c1", "publisher"] == "Army"


def test_the_claims_of_an_operation_include_those_on_its_sites(make_atlas, world, ids):
    world["claims"][3] |= {"event_id": ids["mine"]}
    world["claims"][4] |= {"event_id": ids["middle"]}
    table = ledger(make_atlas(world), "op-may")
    assert set(table["claim_id"]) == {"c4", "c6", "c7", "c8"}


def test_replaced_claims_stay_in_the_ledger(make_atlas, world, ids):
    world["claims"][0]["superseded_by"] = "c2"
    table = ledger(make_atlas(world), ids["west"]).set_index("claim_id")
    assert table.at["c1", "superseded_by"] == "c2"


def test_later_and_higher_claims_come_later(make_atlas, world, ids):
    same = {**world["claims"][1], "said_on": "2024-01-11"}
    world["claims"] += [
        {**same, "claim_id": "d1", "low": "14"},
        {**same, "claim_id": "d2", "low": "9"},
        {**same, "claim_id": "d3", "low": ""},
        {**same, "claim_id": "d4", "said_on": ""},
    ]
    table = ledger(make_atlas(world), ids["west"])
    victims = table[table["side"].eq("victims")]
    assert victims["claim_id"].to_list() == ["d3", "d2", "d1", "c2", "d4"]


def test_every_metric_has_its_place():
    (field,) = [it for it in schema_of("claims")["fields"] if it["name"] == "metric"]
    assert sorted(METRIC_ORDER) == sorted(field["constraints"]["enum"])


def test_disputed_subjects(atlas, ids):
    table = disputed_subjects(atlas)
    rows = [
        (row.subject_id, row.is_operation, row.voices, row.deaths_low, row.deaths_high)
        for row in table.fillna({"deaths_low": -1, "deaths_high": -1}).itertuples()
    ]
    assert rows == [
        ("op-may", True, 2, 20, 30),
        (ids["middle"], False, 2, -1, -1),
        (ids["west"], False, 3, 10, 14),
    ]


def test_reactions_to(make_atlas, world):
    world["reactions"] += [
        {
            **world["reactions"][0], "reaction_id": "r-later", "date_start": "",
            "date_end": "", "date_precision": "",
        },
        {
            **world["reactions"][0], "reaction_id": "r-first",
            "date_start": "2024-05-31", "date_end": "2024-05-31",
        },
    ]  # fmt: skip
    joined = make_atlas(world)
    assert reactions_to(joined, "op-may")["reaction_id"].to_list() == [
        "r-first",
        "r-curfew",
        "r-later",
    ]
    assert reactions_to(joined, "nobody").empty
