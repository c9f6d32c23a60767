"""What events add up to, each toll once, and never more than was collected."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.analysis.counts import (
    SCALES,
    KeyFigures,
    Period,
    Scale,
    count_by_region,
    count_by_step,
    coverage,
    coverage_beside_ucdp,
    figures_before,
    key_figures,
    period_of,
    shares,
    step_for,
    thin_parts,
)
from dashboard.analysis.filter import EventFilter


@pytest.mark.parametrize(
    ("period", "days", "before"),
    [
        pytest.param(
            Period(date(2024, 3, 1), date(2024, 3, 1)), 1,
            Period(date(2024, 2, 29), date(2024, 2, 29)), id="one day",
        ),
        pytest.param(
            Period(date(2024, 3, 1), date(2024, 3, 31)), 31,
            Period(date(2024, 1, 30), date(2024, 2, 29)), id="a month",
        ),
        pytest.param(
            Period(date(2024, 1, 1), date(2024, 12, 31)), 366,
            Period(date(2022, 12, 31), date(2023, 12, 31)), id="a leap year",
        ),
    ],
)  # fmt: skip
def test_the_period_before_has_as_many_days(period, days, before):
    assert period.days == days
    assert period.before() == before
    assert before.days == days


def test_a_reversed_period_is_refused():
    with pytest.raises(ValueError, match="start 2024-02-01 is after end 2024-01-01"):
        Period(date(2024, 2, 1), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        pytest.param(
            {}, Period(date(2024, 1, 10), date(2025, 3, 1)), id="the whole record"
        ),
        pytest.param(
            {"start": date(2024, 6, 1)}, Period(date(2024, 6, 1), date(2025, 3, 1)),
            id="from a day",
        ),
        pytest.param(
            {"end": date(2024, 6, 1)}, Period(date(2024, 1, 10), date(2024, 6, 1)),
            id="until a day",
        ),
        pytest.param(
            {"start": date(2030, 1, 1)}, Period(date(2030, 1, 1), date(2030, 1, 1)),
            id="from a day after the record",
        ),
        pytest.param(
            {"end": date(2000, 1, 1)}, Period(date(2000, 1, 1), date(2000, 1, 1)),
            id="until a day before the record",
        ),
        pytest.param(
            {"start": date(2000, 1, 1), "end": date(2001, 1, 1)},
            Period(date(2000, 1, 1), date(2001, 1, 1)), id="both before the record",
        ),
    ],
)  # fmt: skip
def test_period_of(atlas, asked, period):
    assert period_of(atlas, EventFilter(**asked)) == period


def test_key_figures_count_a_shared_toll_once(atlas):
    assert key_figures(atlas.events) == KeyFigures(
        events=6,
        deaths_low=10 + 20 + 3,
        deaths_best=13 + 25 + 3,
        deaths_high=14 + 30 + 3,
        tolls=4,
        without_toll=1,
        operations=1,
        places=5,
    )


def test_key_figures_of_one_site_of_an_operation(atlas):
    figures = key_figures(EventFilter(precision="site").apply(atlas))
    assert (figures.events, figures.deaths_best, figures.tolls) == (1, 25, 1)


def test_key_figures_of_nothing(atlas):
    assert key_figures(atlas.events.iloc[:0]) == KeyFigures(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("start", "end", "events"),
    [
        pytest.param(None, date(2024, 3, 31), None, id="from the beginning"),
        # 10 January to 10 February: the record begins on its first day.
        pytest.param(date(2024, 2, 11), date(2024, 3, 13), 1, id="to the first day"),
        pytest.param(date(2024, 2, 10), date(2024, 3, 13), None, id="a day too far"),
        pytest.param(date(2024, 6, 1), date(2024, 7, 1), 2, id="a month"),
        pytest.param(date(2024, 3, 4), date(2024, 3, 8), 0, id="in both periods"),
        pytest.param(date(2024, 3, 6), date(2024, 3, 10), 1, id="wholly before"),
        pytest.param(date(2024, 10, 1), None, 2, id="until the last day"),
        # The record was closed on 30 June 2025.
        pytest.param(date(2025, 7, 1), date(2025, 7, 31), 0, id="up to the cut-off"),
        pytest.param(date(2025, 7, 2), date(2025, 7, 31), None, id="past the cut-off"),
        pytest.param(date(2030, 1, 1), None, None, id="outside the record"),
    ],
)
def test_figures_before(atlas, start, end, events):
    figures = figures_before(atlas, EventFilter(start=start, end=end))
    assert (figures.events if figures else None) == events


def test_the_period_before_keeps_the_other_limits(atlas):
    asked = EventFilter(
        start=date(2024, 6, 1), end=date(2024, 7, 1), region_ids=frozenset({"ML-7"})
    )
    figures = figures_before(atlas, asked)
    assert figures is not None
    assert (figures.events, figures.deaths_best) == (1, 25)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (1, "month"),
        (4 * 366, "month"),
        (4 * 366 + 1, "quarter"),
        (9 * 366, "quarter"),
        (9 * 366 + 1, "year"),
    ],
)
def test_step_for(days, step):
    start = pd.Timestamp("2012-01-01")
    end = start + pd.Timedelta(days=days - 1)
    assert step_for(Period(start.date(), end.date())) == step


def counted(table: pd.DataFrame) -> list[tuple[str, int]]:
    return [
        (f"{start:%Y-%m-%d}", int(events))
        for start, events in zip(table["start"], table["events"], strict=True)
    ]


def test_count_by_month_has_the_quiet_months_too(atlas):
    period = Period(date(2024, 1, 10), date(2024, 6, 2))
    events = EventFilter(start=period.start, end=period.end).apply(atlas)
    assert counted(count_by_step(events, period, "month")) == [
        ("2024-01-01", 1),
        ("2024-02-01", 0),
        ("2024-03-01", 1),
        ("2024-04-01", 0),
        ("2024-05-01", 2),
        ("2024-06-01", 0),
    ]


def test_count_by_quarter_and_year(atlas):
    period = Period(date(2024, 1, 10), date(2025, 3, 1))
    assert counted(count_by_step(atlas.events, period, "quarter")) == [
        ("2024-01-01", 2),
        ("2024-04-01", 2),
        ("2024-07-01", 0),
        ("2024-10-01", 0),
        ("2025-01-01", 2),
    ]
    assert counted(count_by_step(atlas.events, period, "year")) == [
        ("2024-01-01", 4),
        ("2025-01-01", 2),
    ]


def test_an_event_under_way_is_counted_at_the_start(atlas):
    """The event from 1 to 5 March meets days that begin on 4 March."""
    period = Period(date(2024, 3, 4), date(2024, 4, 30))
    events = EventFilter(start=period.start, end=period.end).apply(atlas)
    assert counted(count_by_step(events, period, "month")) == [
        ("2024-03-01", 1),
        ("2024-04-01", 0),
    ]


def test_count_nothing_by_step(atlas):
    period = Period(date(2024, 8, 15), date(2024, 9, 15))
    assert counted(count_by_step(atlas.events.iloc[:0], period, "month")) == [
        ("2024-08-01", 0),
        ("2024-09-01", 0),
    ]


def test_count_by_step_and_class(atlas):
    period = Period(date(2024, 1, 10), date(2025, 3, 1))
    table = count_by_step(atlas.events, period, "year", by="actor_class")
    rows = [(row.start.year, row.actor_class, row.events) for row in table.itertuples()]
    assert rows == [
        (2024, "jnim", 3),
        (2024, "state", 1),
        (2025, "other-jihadist", 1),
        (2025, "unknown", 1),
    ]


def test_every_event_is_counted_once_by_each_step(atlas):
    period = period_of(atlas, EventFilter())
    for step in ("month", "quarter", "year"):
        assert count_by_step(atlas.events, period, step)["events"].sum() == 6


def test_shares(atlas):
    expected = pd.DataFrame(
        {
            "code": ["civilians", "military", "peacekeepers", "infrastructure"],
            "events": [2, 2, 1, 1],
            "share": [2 / 6, 2 / 6, 1 / 6, 1 / 6],
        }
    )
    table = shares(atlas.events, "target_type")
    pd.testing.assert_frame_equal(
        table.sort_values("code", ignore_index=True),
        expected.sort_values("code", ignore_index=True),
        check_dtype=False,
    )
    assert table["events"].is_monotonic_decreasing


def test_shares_of_nothing(atlas):
    assert shares(atlas.events.iloc[:0], "target_type").empty


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1, 0), (0, 0), (0.1, 1), (4.9, 1), (5, 2), (14, 2), (15, 3), (999, 3)],
)
def test_class_of(value, expected):
    assert Scale((5, 15)).class_of(value) == expected


def test_scales_have_five_classes_beside_nothing():
    assert {name: len(scale.breaks) for name, scale in SCALES.items()} == {
        "events": 4,
        "deaths": 4,
        "rate": 4,
    }


def test_count_by_region_has_the_quiet_regions_too(atlas):
    events = EventFilter(end=date(2024, 12, 31)).apply(atlas)
    expected = pd.DataFrame(
        {
            "events": [1, 2, 1],
            "deaths_low": [10, 20, 20],
            "deaths_best": [13, 25, 25],
            "deaths_high": [14, 30, 30],
            "population": pd.array([1_000_000, 200_000, pd.NA], "Int64"),
            "rate": pd.array([0.1, 1.0, pd.NA], "Float64"),
        },
        index=pd.Index(["ML-5", "ML-6", "ML-7"], name="region_id"),
    )
    table = count_by_region(events, atlas, "mali-9")
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_count_by_region_of_the_ten(atlas):
    table = count_by_region(atlas.events, atlas, "mali-10")
    assert table["events"].to_dict() == {"ML-5": 1, "ML-6": 1, "ML-7": 2, "ML-10": 1}
    assert table["rate"].isna().all()


def test_a_toll_is_counted_once_within_a_region(make_atlas, world):
    world["events"][3]["place_id"] = "ml-middle"
    joined = make_atlas(world)
    table = count_by_region(joined.events, joined, "mali-9")
    assert table.loc["ML-6", ["events", "deaths_best"]].to_list() == [3, 25]


def test_count_no_event_by_region(atlas):
    table = count_by_region(atlas.events.iloc[:0], atlas, "mali-9")
    assert table["events"].to_list() == [0, 0, 0]
    assert table["deaths_high"].to_list() == [0, 0, 0]


def test_coverage(atlas):
    expected = pd.DataFrame(
        {
            "events": [4, 2],
            "deaths_low": [30, 3],
            "deaths_best": [38, 3],
            "deaths_high": [44, 3],
            "with_toll": [3, 2],
            "two_sources": [1, 0],
        },
        index=pd.Index([2024, 2025], name="year"),
    )
    pd.testing.assert_frame_equal(
        coverage(atlas.events), expected, check_index_type=False, check_dtype=False
    )


def test_coverage_beside_ucdp(make_atlas, world):
    """A year without an edition is missing, one without events is none."""
    world["events"][4] |= {"date_start": "2026-01-01", "date_end": "2026-01-31"}
    world["events"][5] |= {"date_start": "2026-03-01", "date_end": "2026-03-01"}
    table = coverage_beside_ucdp(make_atlas(world), "ML")
    assert table["events"].to_dict() == {2024: 4, 2025: 0, 2026: 2}
    assert table["ucdp_events"].to_list() == [40, pd.NA, pd.NA]
    assert table["ucdp_deaths"].to_list() == [120, pd.NA, pd.NA]
    nowhere = coverage_beside_ucdp(make_atlas(world), "NE")
    assert nowhere["events"].to_list() == [0, 0, 0]
    assert nowhere["ucdp_deaths"].isna().all()


def test_thin_parts(atlas):
    thin = thin_parts(atlas, ["ML", "NE"])
    assert thin.years == {"ML": [(2024, 4), (2025, 2)], "NE": [(2024, 0), (2025, 0)]}
    assert thin.regions == [("NE-6", 0), ("ML-5", 1), ("ML-6", 2), ("ML-7", 2)]
    kinds = dict(thin.kinds)
    assert kinds["attack"] == 2
    assert kinds["blockade"] == 0
    assert list(kinds.values()) == sorted(kinds.values())
