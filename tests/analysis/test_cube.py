"""The running sums count what the table counts, for any days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis import counts
from dashboard.analysis.atlas import ACTOR_CLASSES
from dashboard.analysis.counts import Period, count_by_step, events_by_region
from dashboard.analysis.cube import build_cube
from dashboard.analysis.filter import EventFilter

REGIONS = ["ML-5", "ML-6", "ML-7"]
DAYS = st.dates(date(2023, 11, 1), date(2025, 6, 1))


@pytest.fixture(scope="module")
def cube(atlas):
    return build_cube(atlas.events, "region_9", REGIONS, ACTOR_CLASSES)


@settings(max_examples=200, deadline=None)
@given(days=st.tuples(DAYS, DAYS).map(sorted))
def test_a_range_of_days(atlas, cube, days):
    shown = EventFilter(start=days[0], end=days[1]).apply(atlas)
    counted = cube.between(*days)
    assert counted.sum() == len(shown)
    for place, region in enumerate(REGIONS):
        here = shown[shown["region_9"].eq(region)]
        assert counted[place].sum() == len(here)
    for place, group in enumerate(ACTOR_CLASSES):
        assert counted[:, place].sum() == (shown["actor_class"] == group).sum()


@settings(max_examples=100, deadline=None)
@given(days=st.tuples(DAYS, DAYS).map(sorted))
def test_steps_are_those_of_the_charts(atlas, cube, days):
    period = Period(*days)
    expected = count_by_step(
        EventFilter(start=days[0], end=days[1]).apply(atlas), period, "month"
    )
    edges = [start.date() for start in expected["start"]]
    counted = cube.by_step(*days, edges)
    assert counted.sum(axis=(1, 2)).tolist() == expected["events"].to_list()


ACTORS = st.frozensets(st.sampled_from(ACTOR_CLASSES), max_size=3)


@pytest.mark.parametrize("more", [{}, {"text": "middle"}, {"min_deaths": 5}])
@settings(max_examples=60, deadline=None)
@given(
    days=st.tuples(st.none() | DAYS, st.none() | DAYS),
    actors=ACTORS,
    boundary_set=st.sampled_from(["sahel", "mali-9", "mali-20"]),
)
def test_many_events_are_counted_by_region_as_few_are(
    atlas, days, actors, boundary_set, more
):
    """With the sums or without, for filters they can answer and others."""
    start, end = days
    if start and end and start > end:
        start, end = end, start
    chosen = EventFilter(
        start=start, end=end, actor_classes=actors, boundary_set=boundary_set, **more
    )
    few = events_by_region(atlas, chosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "_MANY", 1)
        many = events_by_region(atlas, chosen)
    assert many.to_dict() == few.to_dict()


def test_the_sums_are_asked_where_they_can_answer(atlas, monkeypatch):
    monkeypatch.setattr(counts, "_MANY", 1)
    asked = []
    cube = atlas.cube
    monkeypatch.setattr(
        type(atlas), "cube", lambda self, name: (asked.append(name), cube(name))[1]
    )
    events_by_region(atlas, EventFilter(start=date(2024, 1, 1)))
    events_by_region(atlas, EventFilter(text="middle"))
    assert asked == ["sahel"]


def test_many_events_of_chance():
    """Long and short intervals, all regions, some of none."""
    random = np.random.default_rng(2)
    n = 5000
    start = pd.Timestamp("2012-01-01") + pd.to_timedelta(
        random.integers(0, 900, n), "D"
    )
    events = pd.DataFrame(
        {
            "date_start": start,
            "date_end": start + pd.to_timedelta(random.choice([0, 0, 3, 90], n), "D"),
            "region_9": random.choice([*REGIONS, None], n),
            "actor_class": random.choice(ACTOR_CLASSES, n),
        }
    )
    cube = build_cube(events, "region_9", REGIONS, ACTOR_CLASSES)
    for _ in range(50):
        first = date(2011, 12, 1) + timedelta(int(random.integers(0, 1100)))
        last = first + timedelta(int(random.integers(0, 400)))
        meets = (events["date_start"] <= pd.Timestamp(last)) & (
            events["date_end"] >= pd.Timestamp(first)
        )
        expected = (
            events[meets]
            .groupby(["region_9", "actor_class"])
            .size()
            .unstack(fill_value=0)
            .reindex(index=REGIONS, columns=ACTOR_CLASSES, fill_value=0)
        )
        np.testing.assert_array_equal(cube.between(first, last)[:3], expected)
        assert cube.between(first, last).sum() == meets.sum()


def test_days_in_the_wrong_order(cube):
    with pytest.raises(ValueError, match="start 2024-02-01 is after end 2024-01-01"):
        cube.between(date(2024, 2, 1), date(2024, 1, 1))


def test_no_events(atlas):
    with pytest.raises(ValueError, match="no events to sum up"):
        build_cube(atlas.events.iloc[:0], "region_9", REGIONS, ACTOR_CLASSES)
