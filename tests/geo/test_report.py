"""Doubles are proposed and settled; places that contradict their points are named."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.report import close_pairs, main, region_disagreements, unsettled_pairs


def pairs_of(atlas) -> list[tuple[str, str]]:
    pairs = close_pairs(atlas.record)
    return list(zip(pairs["first_id"], pairs["second_id"], strict=True))


def twin(world, ids, **other) -> str:
    """Add an event like ``west`` that differs in what is given; return its id."""
    event_id = "ml-2024-01-11-twin"
    first = world["events"][0]
    world["events"].append({**first, "event_id": event_id, **other})
    world["event_groups"].append(
        {"event_id": event_id, "group_id": "jnim", "role": "perpetrator",
         "certainty": "attributed"}
    )  # fmt: skip
    return event_id


def days(start: str, end: str) -> dict[str, str]:
    return {"date_start": start, "date_end": end, "date_precision": "within_days"}


def test_sites_of_one_operation_are_no_doubles(atlas):
    assert pairs_of(atlas) == []


@pytest.mark.parametrize(
    ("other", "proposed"),
    [
        pytest.param(days("2024-01-11", "2024-01-11"), True, id="the next day"),
        pytest.param(days("2024-01-09", "2024-01-09"), True, id="the day before"),
        pytest.param(days("2024-01-12", "2024-01-12"), False, id="two days later"),
        pytest.param(days("2024-01-01", "2024-01-31"), True, id="some day around it"),
        pytest.param({"latitude": "0.7", "longitude": "0.6"}, True, id="25 km away"),
        pytest.param({"latitude": "0.9", "longitude": "0.6"}, False, id="46 km away"),
        pytest.param({"place_id": "ml-middle"}, False, id="at another place"),
    ],
)
def test_a_close_pair_is_proposed(make_atlas, world, ids, other, proposed):
    """``west`` is by a part of JNIM, its twin by JNIM: one actor on that day."""
    event_id = twin(world, ids, **other)
    expected = [(ids["west"], event_id)] if proposed else []
    assert pairs_of(make_atlas(world)) == sorted(map(tuple, map(sorted, expected)))


def test_two_events_at_a_place_without_a_point_are_close(make_atlas, world, ids):
    world["places"][0] |= {"latitude": "", "longitude": ""}
    event_id = twin(world, ids)
    pairs = close_pairs(make_atlas(world).record)
    assert pairs["second_id"].to_list() == [ids["west"]] or pairs[
        "second_id"
    ].to_list() == [event_id]
    assert pairs["km"].isna().all()


@pytest.mark.parametrize(
    ("group", "proposed"), [("herders", False), ("unknown", True), ("katiba", True)]
)
def test_an_actor_is_common_or_unknown(make_atlas, world, ids, group, proposed):
    world["groups"].append(
        {**world["groups"][0], "group_id": "unknown", "category": "other"}
    )
    twin(world, ids)
    world["event_groups"][-1]["group_id"] = group
    assert bool(pairs_of(make_atlas(world))) is proposed


def test_civilians_tie_nothing(make_atlas, world, ids):
    world["groups"].append(
        {**world["groups"][0], "group_id": "civilians", "category": "civilians"}
    )
    event_id = twin(world, ids)
    world["event_groups"][-1]["group_id"] = "civilians"
    world["event_groups"].append(
        {"event_id": ids["west"], "group_id": "civilians", "role": "target",
         "certainty": "attributed"}
    )  # fmt: skip
    assert event_id
    assert pairs_of(make_atlas(world)) == []


@pytest.mark.parametrize("turned", [False, True])
def test_a_settled_pair_is_not_asked_again(make_atlas, world, ids, turned):
    first, second = sorted([ids["west"], twin(world, ids)], reverse=turned)
    world["settled_pairs"].append(
        {"first_id": first, "second_id": second, "verdict": "distinct",
         "reason_en": "One at the camp, one at the market."}
    )  # fmt: skip
    record = make_atlas(world).record
    assert len(close_pairs(record)) == 1
    assert unsettled_pairs(record).empty


def test_a_region_that_the_point_contradicts_is_named(make_atlas, world, ids):
    world["places"][0] |= {"longitude": "1.25"}
    atlas = make_atlas(world)
    found = region_disagreements(atlas.record, atlas.boundaries)
    assert found[["event_id", "curated", "polygon"]].to_numpy().tolist() == [
        [ids["west"], "ML-5", "ML-6"]
    ]


def test_the_middle_of_a_region_contradicts_nothing(make_atlas, world):
    world["places"][0] |= {"longitude": "1.25", "point_precision": "region"}
    atlas = make_atlas(world)
    assert region_disagreements(atlas.record, atlas.boundaries).empty


def test_every_close_pair_of_the_record_is_settled(real_record):
    pairs = unsettled_pairs(real_record)
    assert pairs[["first_id", "second_id"]].to_numpy().tolist() == []


def test_every_settled_pair_was_asked(real_record):
    """A pair that nobody would propose need not be settled; a slip of an id is told."""
    settled = real_record.settled_pairs
    distinct = settled[settled["verdict"].eq("distinct")]
    asked = set(
        map(frozenset, close_pairs(real_record)[["first_id", "second_id"]].values)
    )
    given = set(map(frozenset, distinct[["first_id", "second_id"]].values))
    assert given - asked == set()


def test_the_command_names_both(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out
    assert "0 close pairs are not settled" in told
    assert "ml-anefis is in ML-8, its point ML-7" in told


def test_columns(real_record):
    pairs = close_pairs(real_record)
    assert pairs.columns.to_list() == ["first_id", "second_id", "days", "km"]
    assert pairs["days"].isin([0, 1]).all()
    assert (pairs["first_id"] < pairs["second_id"]).all()
    assert isinstance(pairs, pd.DataFrame)
