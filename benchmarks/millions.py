"""What the server does with millions of events: joining and counting them.

The points and events are made (``benchmarks.crowd``); joined are they to the real
regions. Each answer is held against the other way's before its time counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks.crowd import crowd
from benchmarks.figures import Figures, Row, ratio, verdict
from dashboard.analysis.atlas import ACTOR_CLASSES
from dashboard.analysis.cube import EventCube, build_cube
from geo.boundaries import Boundaries, load_boundaries
from geo.join import _units_of, locate_events

ROUNDS = 5
EVENTS = 2_500_000
_RANGES = 50  # date ranges asked in each round, on both sides


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Join and count 2,500,000 made events again and again.

    Parameters
    ----------
    rounds : int
        How often each way is measured.

    Returns
    -------
    list of Figures
        Seconds of the join, milliseconds of a count by region, month and actor.
    """
    events = crowd(EVENTS)
    boundaries = load_boundaries()
    return [_join(events, boundaries, rounds), _count(events, boundaries, rounds)]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _located(events: pd.DataFrame, boundaries: Boundaries) -> pd.DataFrame:
    """Return the region of every event in every set, by its own point."""
    no_places = pd.DataFrame({"place_id": [], "latitude": [], "longitude": []})
    return locate_events(events[["latitude", "longitude"]], no_places, boundaries)


def _join(events: pd.DataFrame, boundaries: Boundaries, rounds: int) -> Figures:
    """Join by the grid with exact borders, and by geopandas."""
    points = events[["latitude", "longitude"]]
    units = boundaries.units[["region_id", "geometry"]]

    longitude, latitude = (points[name].to_numpy() for name in points.columns[::-1])
    no_hint = np.full(len(points), None, dtype=object)
    ids = np.array([*units["region_id"], None], dtype=object)

    def ours() -> pd.Series:
        # The step of locate_events that sjoin does too; no tolerance, as it has none.
        unit, _ = _units_of(longitude, latitude, no_hint, boundaries, 0)
        return pd.Series(ids[unit], dtype="str")

    def whole() -> pd.DataFrame:
        return _located(events, boundaries)

    def theirs() -> pd.Series:
        frame = gpd.GeoDataFrame(
            geometry=gpd.points_from_xy(points["longitude"], points["latitude"]),
            crs=units.crs,
        )
        joined = gpd.sjoin(frame, units, how="left", predicate="intersects")
        # A point on a border is in two: the lower id has it, as in ours.
        return joined.sort_values("region_id").groupby(level=0)["region_id"].first()

    raster = _timed(lambda: boundaries.raster)
    one, other = ours(), theirs()
    if not one.fillna("").eq(other.fillna("")).all():
        raise AssertionError("the two joins differ")
    taken: dict[str, list[float]] = {"ours": [], "theirs": [], "whole": []}
    for _ in range(rounds):
        taken["ours"].append(_timed(ours))
        taken["whole"].append(_timed(whole))
        taken["theirs"].append(_timed(theirs))
    times = ratio(taken["theirs"], taken["ours"])
    found = np.median(taken["theirs"]) / np.median(taken["ours"])
    return Figures(
        title=f"Seconds to join {EVENTS:,} points to regions",
        columns=("by",),
        beside="times ours",
        rows=[
            Row(("grid and exact borders: region",), taken["ours"], ""),
            Row(("geopandas.sjoin: region",), taken["theirs"], times),
            Row(
                ("locate_events: region in every set, country, nearest within 5 km",),
                taken["whole"],
                ratio(taken["whole"], taken["ours"]),
            ),
        ],
        remarks=[
            f"The grid was laid in {raster:.2f} s, once. Both give every point the "
            "same region.",
            f"Aim {'met' if found >= 20 else 'MISSED'}: geopandas.sjoin takes "
            f"{found:.0f} times as long, the aim is at least 20.",
        ],
    )


def _count(events: pd.DataFrame, boundaries: Boundaries, rounds: int) -> Figures:
    """Count by region, month and actor in ranges of days, by sums and by pandas."""
    located = _located(events, boundaries)
    regions = sorted(located["admin1"].dropna().unique())
    table = pd.DataFrame(
        {
            "date_start": events["date_start"],
            "date_end": events["date_end"],
            "admin1": pd.Categorical(located["admin1"], regions),
            "actor_class": pd.Categorical(events["colour_group"], ACTOR_CLASSES),
        }
    ).sort_values("date_start", ignore_index=True)
    started = time.perf_counter()
    cube = build_cube(table, "admin1", regions, ACTOR_CLASSES)
    built = time.perf_counter() - started
    taken: dict[str, list[float]] = {"ours": [], "theirs": []}
    random = np.random.default_rng(4)
    for _ in range(rounds):
        for _ in range(_RANGES // rounds):
            start = cube.first_day + timedelta(int(random.integers(0, 4000)))
            end = start + timedelta(int(random.integers(30, 1500)))
            began = time.perf_counter()
            ours = _by_month(cube, start, end)
            middle = time.perf_counter()
            theirs = _grouped(table, start, end, regions)
            taken["theirs"].append((time.perf_counter() - middle) * 1000)
            taken["ours"].append((middle - began) * 1000)
            if ours[:, :-1].sum() != theirs.sum():
                raise AssertionError(f"the two counts of {start} to {end} differ")
    return Figures(
        title=f"Milliseconds to count {EVENTS:,} events by region, month and actor, "
        "in any range of days",
        columns=("by",),
        beside="times ours",
        rows=[
            Row(("running sums (analysis.cube)",), taken["ours"], ""),
            Row(
                ("pandas, categories, sorted by day",),
                taken["theirs"],
                ratio(taken["theirs"], taken["ours"]),
            ),
        ],
        remarks=[
            f"The sums were made in {built:.1f} s, once, and take "
            f"{(cube.begun.nbytes + cube.ended.nbytes) / 1e6:.0f} MB.",
            verdict("a count", float(np.median(taken["ours"])), 5, "ms"),
        ],
        digits=2,
    )


def _by_month(cube: EventCube, start: date, end: date) -> np.ndarray:
    months = pd.date_range(pd.Timestamp(start).replace(day=1), end, freq="MS")
    return cube.by_step(start, end, [month.date() for month in months])


def _grouped(
    table: pd.DataFrame, start: date, end: date, regions: list[str]
) -> pd.Series:
    meets = table["date_start"].le(pd.Timestamp(end))
    meets &= table["date_end"].ge(pd.Timestamp(start))
    rows = table[meets]
    month = rows["date_start"].clip(lower=pd.Timestamp(start)).dt.to_period("M")
    keys = [rows["admin1"], month, rows["actor_class"]]
    return rows.groupby(keys, observed=True).size()
