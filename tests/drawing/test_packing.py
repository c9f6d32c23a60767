"""Events as packed columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


ROWS = st.lists(
    st.tuples(
        st.integers(0, 60_000),  # first day
        st.sampled_from([0, 0, 0, 1, 30, 300]) | st.integers(0, 5_000),  # span
        st.none() | st.integers(0, UNKNOWN_DEATHS - 1),
        st.integers(0, 10),  # group
        st.integers(0, 5),  # target
        st.sampled_from(PRECISIONS),
    ),
    max_size=80,
)


@given(
    rows=ROWS, groups=st.sampled_from([2, 8, 11]), targets=st.sampled_from([2, 4, 6])
)
@settings(max_examples=60, deadline=None)
def test_whatever_goes_in_comes_out(rows, groups, targets):
    """Every coding, chosen by what the rows hold, gives back the same numbers."""
    group_codes = [f"g{k}" for k in range(groups)]
    target_codes = [f"t{k}" for k in range(targets)]
    events = make_events(
        *(
            {
                "date_start": to_date(day),
                "date_end": to_date(min(day + span, 65_535)),
                "deaths_best": deaths,
                "colour_group": group_codes[group % groups],
                "target_class": target_codes[target % targets],
                "location_precision": precision,
            }
            for day, span, deaths, group, target, precision in rows
        ),
        {},
    )
    packed = pack_events(events, [*group_codes, "jnim"], [*target_codes, "civilians"])
    table = unpack_events(packed).loc[events["event_id"]]
    assert [to_date(day) for day in table["day_start"]] == list(events["date_start"])
    ends = table["day_start"].astype(int) + table["span"]
    assert [to_date(day) for day in ends] == list(events["date_end"])
    unknown = events["deaths_best"].fillna(UNKNOWN_DEATHS)
    assert list(table["deaths"]) == list(unknown)
    codes = [*group_codes, "jnim"]
    assert [codes[code] for code in table["group"]] == list(events["colour_group"])
    codes = [*target_codes, "civilians"]
    assert [codes[code] for code in table["target"]] == list(events["target_class"])
    precision = [PRECISIONS[code] for code in table["precision"]]
    assert precision == list(events["location_precision"])


def coding_of(packed, name):
    """Return how a column is packed, None where it shares a byte with others."""
    columns = {column["name"]: column for column in packed.layout["columns"]}
    return columns[name]["coding"] if name in columns else None


@pytest.mark.parametrize(
    "column, rows, coding",
    [
        pytest.param("deaths", [{"deaths_best": 300}] * 600, "table", id="few tolls"),
        pytest.param(
            "deaths",
            [{"deaths_best": 300 + k} for k in range(600)],
            "plain",
            id="many tolls",
        ),
        pytest.param("span", [{}] * 600, "sparse", id="all of one day"),
        pytest.param(
            "span",
            [{"date_end": "2026-09-17"}] * 300 + [{}] * 300,
            "table",
            id="half last years",
        ),
        pytest.param("group", [{}], None, id="groups that fit into three bits"),
    ],
)
def test_a_column_takes_the_smallest_coding(column, rows, coding):
    assert coding_of(pack_events(make_events(*rows), GROUPS, TARGETS), column) == coding


def test_too_many_groups_stand_apart():
    codes = [f"g{k}" for k in range(9)]
    packed = pack_events(make_events({"colour_group": "g8"}), codes, TARGETS)
    assert coding_of(packed, "group") == coding_of(packed, "precision") == "plain"
    assert unpack_events(packed)["group"].to_list() == [8]


def test_an_event_takes_eight_bytes_at_most():
    random = np.random.default_rng(3)
    n = 20_000
    start = pd.to_datetime("2012-01-01") + pd.to_timedelta(
        random.integers(0, 5000, n), "D"
    )
    spans = np.where(random.random(n) < 0.3, random.integers(1, 366, n), 0)
    events = pd.DataFrame(
        {
            "event_id": [f"e{k:05}" for k in range(n)],
            "date_start": start,
            "date_end": start + pd.to_timedelta(spans, "D"),
            "longitude": random.uniform(-18, 17, n),
            "latitude": random.uniform(3, 28, n),
            "colour_group": random.choice(GROUPS, n),
            "target_class": random.choice(TARGETS, n),
            "deaths_best": pd.array(random.poisson(3, n), "Int64"),
            "location_precision": random.choice(PRECISIONS, n),
        }
    )
    packed = pack_events(events, GROUPS, TARGETS)
    # The distinct days weigh 3 bytes each, whatever the number of events.
    assert len(packed.buffer) <= 8 * n + 3 * 5000 + 8
    assert len(packed.visible(np.ones(n))) == n / 8


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
    assert packed.visible([True, False]) == b"\x02"
    assert packed.index_of("e0") == 1
    assert packed.index_of("gone") is None


def test_same_events_same_bytes():
    events = make_events({}, {"latitude": 15.0})
    one = pack_events(events, GROUPS, TARGETS)
    other = pack_events(events.iloc[::-1], GROUPS, TARGETS)
    assert one == other
