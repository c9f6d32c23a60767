"""Events as packed columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.drawing.packing import (
    NOT_DRAWN,
    PRECISIONS,
    UNKNOWN_DEATHS,
    pack_events,
    to_date,
    to_day,
    unpack_events,
)

GROUPS, TARGETS = ("jnim", "state"), ("civilians", "economy")


def make_events(*rows: dict) -> pd.DataFrame:
    """Return events; each row says only what is not ordinary about it."""
    ordinary = {
        "date_start": "2024-09-17",
        "date_end": "2024-09-17",
        "longitude": -7.98,
        "latitude": 12.61,
        "colour_group": "jnim",
        "target_class": "civilians",
        "deaths_best": 70,
        "location_precision": "site",
    }
    table = pd.DataFrame(
        [{"event_id": f"e{k}", **ordinary, **row} for k, row in enumerate(rows)]
    )
    for column in ("date_start", "date_end"):
        table[column] = pd.to_datetime(table[column])
    table["deaths_best"] = table["deaths_best"].astype("Int64")
    return table


def test_round_trip():
    events = make_events(
        {"date_start": "2012-01-17", "date_end": "2012-01-31", "deaths_best": None},
        {"colour_group": "state", "target_class": "economy", "deaths_best": 0},
        {"date_start": "1989-01-01", "date_end": "1989-01-01", "longitude": -18},
    )
    packed = pack_events(events, GROUPS, TARGETS)
    assert packed.order == ("e2", "e0", "e1")
    table = unpack_events(packed)
    assert table.loc["e0", "day_start"] == to_day("2012-01-17")
    assert table["span"].to_dict() == {"e2": 0, "e0": 14, "e1": 0}
    assert table["deaths"].to_dict() == {"e2": 70, "e0": UNKNOWN_DEATHS, "e1": 0}
    assert table["group"].to_dict() == {"e2": 0, "e0": 0, "e1": 1}
    assert table["target"].to_dict() == {"e2": 0, "e0": 0, "e1": 1}
    assert table.loc["e2", "lon"] == -18
    np.testing.assert_allclose(
        table.loc["e1", ["lon", "lat"]], [-7.98, 12.61], atol=3e-4
    )
    assert packed.layout["max_span"] == 14
    assert packed.unplaced == 0


@pytest.mark.parametrize("seed", range(5))
def test_round_trip_of_many(seed):
    random = np.random.default_rng(seed)
    n = 300
    start = pd.Timestamp("2012-01-01") + pd.to_timedelta(
        random.integers(0, 5000, n), "D"
    )
    events = pd.DataFrame(
        {
            "event_id": [f"e{k:03}" for k in range(n)],
            "date_start": start,
            "date_end": start + pd.to_timedelta(random.integers(0, 400, n), "D"),
            "longitude": random.uniform(-18, 17, n),
            "latitude": random.uniform(3, 28, n),
            "colour_group": random.choice(GROUPS, n),
            "target_class": random.choice(TARGETS, n),
            "deaths_best": pd.array(random.integers(0, 500, n), "Int64"),
            "location_precision": random.choice(PRECISIONS, n),
        }
    )
    packed = pack_events(events, GROUPS, TARGETS)
    table = unpack_events(packed)
    events = events.set_index("event_id").loc[list(packed.order)]
    assert table["day_start"].is_monotonic_increasing
    assert [to_date(day) for day in table["day_start"]] == list(events["date_start"])
    ends = table["day_start"].astype(int) + table["span"]
    assert [to_date(day) for day in ends] == list(events["date_end"])
    assert [GROUPS[code] for code in table["group"]] == list(events["colour_group"])
    assert [TARGETS[code] for code in table["target"]] == list(events["target_class"])
    assert list(table["deaths"]) == list(events["deaths_best"])
    precision = [PRECISIONS[code] for code in table["precision"]]
    assert precision == list(events["location_precision"])
    drawn = table["precision"] < NOT_DRAWN
    for packed_name, name in (("lon", "longitude"), ("lat", "latitude")):
        off = (table[packed_name] - events[name])[drawn].abs()
        assert off.max() < 0.0003  # degrees


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"longitude": None, "latitude": None}, id="no point"),
        pytest.param({"longitude": 45.0}, id="outside the box"),
        pytest.param({"location_precision": "country"}, id="country only"),
    ],
)
def test_events_without_a_place_are_counted_not_drawn(row):
    packed = pack_events(make_events(row, {}), GROUPS, TARGETS)
    table = unpack_events(packed)
    assert table["precision"].to_dict() == {"e0": NOT_DRAWN, "e1": 0}
    assert packed.layout["n"] == 2
    assert packed.unplaced == 1


@pytest.mark.parametrize(
    "row, message",
    [
        pytest.param({"colour_group": "x"}, "colour_group is not one of", id="group"),
        pytest.param({"target_class": "x"}, "target_class is not one of", id="target"),
        pytest.param({"location_precision": "exact"}, "is not one of", id="precision"),
        pytest.param({"date_end": "2024-09-16"}, r"end before .*'e0'", id="order"),
        pytest.param({"date_start": None}, r"without date_start: \['e0'\]", id="date"),
        pytest.param({"date_start": "1960-01-01"}, "lies outside", id="too early"),
        pytest.param({"deaths_best": -1}, "deaths_best must lie", id="negative"),
        pytest.param({"deaths_best": 65535}, "deaths_best must lie", id="reserved"),
    ],
)
def test_what_does_not_fit_is_refused(row, message):
    with pytest.raises(ValueError, match=message):
        pack_events(make_events(row), GROUPS, TARGETS)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"lack the columns \['latitude'\]"):
        pack_events(make_events({}).drop(columns="latitude"), GROUPS, TARGETS)


def test_no_events_at_all():
    packed = pack_events(make_events({}).iloc[:0], GROUPS, TARGETS)
    assert packed.layout["n"] == 0
    assert packed.order == ()
    assert packed.visible([]) == b""


def test_visible_and_index():
    packed = pack_events(make_events({}, {"date_start": "2020-01-01"}), GROUPS, TARGETS)
    assert packed.order == ("e1", "e0")
    assert packed.visible(["e0", "of another table"]) == b"\x00\x01"
    assert packed.index_of("e0") == 1
    assert packed.index_of("gone") is None


def test_same_events_same_bytes():
    events = make_events({}, {"latitude": 15.0})
    one = pack_events(events, GROUPS, TARGETS)
    other = pack_events(events.iloc[::-1], GROUPS, TARGETS)
    assert one == other
