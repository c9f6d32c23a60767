"""Counts and sums of events: key figures, series over time, regions on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from dashboard.analysis.atlas import ACTOR_CLASSES, BOUNDARY_SETS, Atlas
from dashboard.analysis.filter import EventFilter
from data.deaths import DEATHS, sum_deaths


@dataclass(frozen=True)
class Period:
    """Some days in a row, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def before(self) -> Period:
        """Return the period of as many days that ends the day before."""
        end = self.start - timedelta(days=1)
        return Period(end - timedelta(days=self.days - 1), end)


def period_of(atlas: Atlas, chosen: EventFilter) -> Period:
    """Return the days asked for, or those of the whole record.

    Where only one end is asked for and lies beyond the record, it is the only day:
    the days between it and the record were not asked for.
    """
    start = chosen.start or atlas.first_day.date()
    end = chosen.end or atlas.last_day.date()
    if start > end:
        return Period(chosen.start or end, chosen.end or start)
    return Period(start, end)


@dataclass(frozen=True)
class KeyFigures:
    """What some events add up to; deaths are people, each toll counted once."""

    events: int
    deaths_low: int
    deaths_best: int
    deaths_high: int
    tolls: int
    without_toll: int
    operations: int
    places: int


def key_figures(events: pd.DataFrame) -> KeyFigures:
    """Add up events as returned by ``EventFilter.apply``."""
    total = sum_deaths(events)
    return KeyFigures(
        events=len(events),
        deaths_low=int(total["deaths_low"]),
        deaths_best=int(total["deaths_best"]),
        deaths_high=int(total["deaths_high"]),
        tolls=int(total["tolls"]),
        without_toll=int(events["deaths_best"].isna().sum()),
        operations=int(events["operation_id"].nunique()),
        places=int(events["place_id"].nunique()),
    )


def figures_before(atlas: Atlas, chosen: EventFilter) -> KeyFigures | None:
    """Return the figures of the period before, or None where it is not covered.

    An event whose interval meets both periods is counted in the later one only. The
    period before must lie within the record: before its first event and after its
    cut-off nothing was collected, and no data is not no event.
    """
    if chosen.start is None:
        return None
    earlier = period_of(atlas, chosen).before()
    if pd.Timestamp(earlier.start) < atlas.first_day:
        return None
    if pd.Timestamp(earlier.end) > atlas.record.cut_off:
        return None
    asked = replace(chosen, start=earlier.start, end=earlier.end)
    events = atlas.events[asked.mask(atlas) & ~chosen.mask(atlas)]
    return key_figures(events)


STEPS = {"month": "MS", "quarter": "QS", "year": "YS"}


def step_for(period: Period) -> str:
    """Return the step that keeps a chart of the period under some sixty bars."""
    if period.days <= 366 * 4:
        return "month"
    return "quarter" if period.days <= 366 * 9 else "year"


def count_by_step(
    events: pd.DataFrame, period: Period, step: str, by: str | None = None
) -> pd.DataFrame:
    """Count events by the step of their first day, empty steps included.

    Parameters
    ----------
    events : DataFrame
        Rows of ``Atlas.events``.
    period : Period
        Days to cover. An event that began before is counted in the first step.
    step : {"month", "quarter", "year"}
        Length of a step.
    by : str, optional
        Column to split the counts by.

    Returns
    -------
    DataFrame
        With ``start`` (first day of the step), ``events`` (int) and the column
        ``by``; with ``by``, only steps and values that have events.
    """
    first = pd.Timestamp(period.start)
    days = events["date_start"].clip(lower=first)
    starts = days.dt.to_period({"month": "M", "quarter": "Q", "year": "Y"}[step])
    starts = starts.dt.start_time
    if by is not None:
        counted = events.groupby([starts.rename("start"), events[by]]).size()
        return counted.rename("events").reset_index()
    steps = pd.date_range(
        pd.Period(first, {"month": "M", "quarter": "Q", "year": "Y"}[step]).start_time,
        pd.Timestamp(period.end),
        freq=STEPS[step],
    )
    counted = starts.value_counts().reindex(steps, fill_value=0)
    return counted.rename_axis("start").rename("events").reset_index()


def shares(events: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return counts and shares of the values of a column, most frequent first.

    Returns
    -------
    DataFrame
        With ``code``, ``events`` (int) and ``share`` (0 to 1).
    """
    counted = events[column].value_counts()
    table = counted.rename_axis("code").rename("events").reset_index()
    table["share"] = table["events"] / max(len(events), 1)
    return table


@dataclass(frozen=True)
class Scale:
    """Classes of a choropleth, fixed for the whole product.

    ``breaks`` are the lowest values of the second and later classes; a value of 0 is
    a class of its own. They never follow the filter: a colour means one thing.
    """

    breaks: tuple[float, ...]

    def class_of(self, value: float) -> int:
        """Return 0 for nothing, then 1 for values under the first break, and so on."""
        if value <= 0:
            return 0
        return 1 + sum(value >= edge for edge in self.breaks)


# Chosen by hand on the whole record so that each class is used by some region.
SCALES = {
    "events": Scale((10, 30, 60, 120)),
    "deaths": Scale((50, 200, 600, 1500)),
    "rate": Scale((1, 2, 10, 50)),
}
# The census whose population the rates use, by boundary set.
RATE_CENSUS = 2022


# From so many events on, running sums through time pay for their memory.
_MANY = 20_000


def events_by_region(atlas: Atlas, chosen: EventFilter) -> pd.Series:
    """Count the events that pass a filter in each region of its set.

    Where there are many events and the filter limits nothing but days and actors (as
    the time strip and the legend do), the counts come from ``Atlas.cube`` and no event
    is looked at.

    Returns
    -------
    Series of int
        Indexed by ``region_id`` in the order of the set, quiet regions included.
    """
    regions = atlas.region_ids(chosen.boundary_set)
    rest = replace(chosen, start=None, end=None, actor_classes=frozenset())
    if len(atlas.events) >= _MANY and rest.is_open:
        period = period_of(atlas, chosen)
        counted = atlas.cube(chosen.boundary_set).between(period.start, period.end)
        actors = chosen.actor_classes or set(ACTOR_CLASSES)
        kept = [code in actors for code in ACTOR_CLASSES]
        return pd.Series(counted[:-1, kept].sum(axis=1), regions)
    column = chosen.apply(atlas)[BOUNDARY_SETS[chosen.boundary_set]]
    return column.value_counts().reindex(regions, fill_value=0)


def count_by_region(
    events: pd.DataFrame, atlas: Atlas, boundary_set: str
) -> pd.DataFrame:
    """Count events and deaths in each region of a set, quiet regions included.

    Parameters
    ----------
    events : DataFrame
        Rows of ``Atlas.events``.
    atlas : Atlas
        Regions and their population.
    boundary_set : str
        One of ``BOUNDARY_SETS``.

    Returns
    -------
    DataFrame
        Indexed by ``region_id`` in the order of the set, with ``events`` (int),
        ``deaths_low``, ``deaths_best``, ``deaths_high`` (int, people),
        ``population`` (Int64, people, census of 2022) and ``rate`` (events per
        100,000 people, NA without population). A toll shared by sites in two regions
        counts in both, so deaths need not add up to the total.
    """
    column = BOUNDARY_SETS[boundary_set]
    regions = atlas.region_ids(boundary_set)
    inside = events[events[column].isin(regions)]
    once = inside.drop_duplicates([column, "toll_id"])
    table = pd.DataFrame(index=pd.Index(regions, name="region_id"))
    table["events"] = inside[column].value_counts()
    deaths = once.groupby(column)[DEATHS].sum()
    table = table.join(deaths).fillna(0).astype(int)
    population = atlas.regions.population(boundary_set, RATE_CENSUS)
    table["population"] = population.reindex(table.index).astype("Int64")
    table["rate"] = table["events"] / table["population"].astype("Float64") * 100_000
    return table


def coverage_beside_ucdp(atlas: Atlas, country: str) -> pd.DataFrame:
    """Return ``coverage`` of one country beside what UCDP counts there.

    Parameters
    ----------
    atlas : Atlas
        The joined record, with its table ``ucdp_years``.
    country : str
        ISO 3166-1 alpha-2.

    Returns
    -------
    DataFrame
        The columns of ``coverage``, and ``ucdp_events`` and ``ucdp_deaths`` (people
        killed, best estimate, every side), Int64, missing in years without an
        edition. Every year from the first to the last event of the record.
    """
    here = coverage(atlas.events[atlas.events["country"].eq(country)])
    years = range(atlas.first_day.year, atlas.last_day.year + 1)
    here = here.reindex(pd.Index(years, name="year"), fill_value=0)
    theirs = atlas.record.ucdp_years
    theirs = theirs[theirs["country"].eq(country)].set_index("year")
    here["ucdp_events"] = theirs["events"].reindex(here.index)
    here["ucdp_deaths"] = theirs["deaths_best"].reindex(here.index)
    return here


THIN = 10
"""Below so many events, a region or a kind is called thin."""
_THIN_YEARS = 3


@dataclass(frozen=True)
class ThinParts:
    """Where the record holds little, each part with its number of events.

    Attributes
    ----------
    years : dict of str to list of tuple of int
        The years with fewest events, by country.
    regions, kinds : list of tuple of str and int
        Those below ``THIN``, fewest first; every kind of the vocabulary is asked.
    """

    years: dict[str, list[tuple[int, int]]]
    regions: list[tuple[str, int]]
    kinds: list[tuple[str, int]]


def thin_parts(atlas: Atlas, countries: list[str]) -> ThinParts:
    """Find years, regions and kinds of which the record holds little."""
    events = atlas.events
    years = {}
    for country in countries:
        counted = coverage_beside_ucdp(atlas, country)["events"].sort_values(
            kind="stable"
        )
        fewest = counted.head(_THIN_YEARS)
        years[country] = sorted((int(year), int(n)) for year, n in fewest.items())
    regions = [
        key
        for key in atlas.region_ids("sahel")
        if any(key.startswith(country) for country in countries)
    ]
    words = atlas.record.vocabulary
    kinds = words.loc[words["field"].eq("event_type"), "code"].to_list()
    return ThinParts(
        years, _below(events["admin1"], regions), _below(events["event_type"], kinds)
    )


def _below(column: pd.Series, codes: list[str]) -> list[tuple[str, int]]:
    """Return the codes that stand in fewer than ``THIN`` rows, fewest first."""
    counted = column.value_counts().reindex(codes, fill_value=0)
    few = counted[counted < THIN].sort_values(kind="stable")
    return [(str(code), int(count)) for code, count in few.items()]


def coverage(events: pd.DataFrame) -> pd.DataFrame:
    """Return events, tolls and documents by year: where the record is thin.

    Returns
    -------
    DataFrame
        Indexed by ``year``, with ``events``, ``deaths_low``, ``deaths_best``,
        ``deaths_high``, ``with_toll`` and ``two_sources`` (events with two
        documents or more), all int.
    """
    year = events["date_start"].dt.year.rename("year")
    table = events.groupby(year).size().rename("events").to_frame()
    table = table.join(
        events.drop_duplicates("toll_id").groupby(year)[DEATHS].sum().astype(int)
    )
    table["with_toll"] = events["deaths_best"].notna().groupby(year).sum()
    table["two_sources"] = events["sources"].ge(2).groupby(year).sum()
    return table.fillna(0).astype(int)
