"""Regions and towns side by side, each against itself in the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.analysis.counts import RATE_CENSUS, figures_before, key_figures
from dashboard.analysis.filter import EventFilter

# Below this many events a share or a change is chance, and the page says so.
TOO_FEW = 5
TOWN_KM = 25
MOST_AREAS = 4
# A map of one area shows at least so many degrees, some 130 km: nearer there is little
# on the ground to tell where one is.
LEAST_DEGREES = 1.2
FIRST_AREAS = ("ML-6", "ML-BKO")


@dataclass(frozen=True)
class Area:
    """A region of a boundary set, or a town with what lies around it.

    ``key`` is a ``region_id`` or a ``place_id``; place ids are lower case, region ids
    of Mali start with ``ML-`` or ``ml23-``.
    """

    key: str
    is_town: bool = False

    def within(self, chosen: EventFilter) -> EventFilter:
        """Return the reader's question narrowed to this area."""
        if self.is_town:
            return replace(
                chosen,
                near_place=self.key,
                within_km=TOWN_KM,
                region_ids=frozenset(),
            )
        return replace(chosen, region_ids=frozenset({self.key}), near_place="")


def home_of(area: Area, atlas: Atlas, boundary_set: str) -> list[list[float]]:
    """Return the box a map of an area opens on: all that the record places there.

    Parameters
    ----------
    area : Area
        A region or a town.
    atlas : Atlas
        The joined record.
    boundary_set : str
        The set the region belongs to.

    Returns
    -------
    list of list of float
        South and west, north and east, in degrees. It does not follow the filter, so
        that maps opened on different days show the same ground.
    """
    events = area.within(EventFilter(boundary_set=boundary_set)).apply(atlas)
    points = events.loc[
        events["location_precision"].isin(["site", "town", "area"]),
        ["latitude", "longitude"],
    ].dropna()
    if area.is_town:
        places = atlas.record.places.set_index("place_id")
        points = places.loc[[area.key], ["latitude", "longitude"]]
    elif points.empty:
        regions = atlas.regions.table.set_index(["boundary_set", "region_id"])
        columns = ["label_latitude", "label_longitude"]
        points = regions.loc[[(boundary_set, area.key)], columns]
    low, high = points.min().to_numpy(float), points.max().to_numpy(float)
    grown = (LEAST_DEGREES - (high - low)).clip(min=0.1) / 2
    return [(low - grown).round(3).tolist(), (high + grown).round(3).tolist()]


def read_areas(
    text: str, atlas: Atlas, boundary_set: str, towns: frozenset[str]
) -> tuple[list[Area], bool]:
    """Make the areas of a link such as ``ML-6,ML-BKO,ml-gao``.

    Returns
    -------
    list of Area
        At most four, each once; Timbuktu and Bamako where none is left.
    bool
        Whether something was dropped.
    """
    regions = set(atlas.regions.ids(boundary_set))
    asked = [key for key in text.split(",") if key]
    areas = [
        Area(key, is_town=key in towns)
        for key in dict.fromkeys(asked)
        if key in regions or key in towns
    ]
    dropped = len(areas) < len(asked) or len(areas) > MOST_AREAS
    areas = areas[:MOST_AREAS]
    if not areas:
        ids = atlas.regions.ids(boundary_set)
        first = [key for key in _opening(boundary_set) if key in ids]
        areas = [Area(key) for key in first]
    return areas, dropped


def _opening(boundary_set: str) -> tuple[str, ...]:
    """Return the two areas the page opens on: Timbuktu and Bamako."""
    if boundary_set == "mali-20":
        return "ml23-tombouctou", "ml23-bamako"
    return FIRST_AREAS


@dataclass(frozen=True)
class Quiet:
    """The longest time without an event between two events."""

    days: int
    after: pd.Timestamp
    until: pd.Timestamp


def longest_quiet(events: pd.DataFrame) -> Quiet | None:
    """Return the longest gap between events, None where there are fewer than two.

    The gap runs from the last day of all events so far to the first day of the next.
    """
    ordered = events.sort_values("date_start")
    ends = ordered["date_end"].cummax().shift()
    gaps = (ordered["date_start"] - ends).dt.days
    if gaps.notna().sum() == 0:
        return None
    widest = gaps.idxmax()
    return Quiet(
        max(int(gaps[widest]) - 1, 0), ends[widest], ordered.at[widest, "date_start"]
    )


def compare_areas(
    atlas: Atlas, chosen: EventFilter, areas: list[Area]
) -> dict[Area, dict[str, object]]:
    """Return what happened in each area, now and in the period before.

    Parameters
    ----------
    atlas : Atlas
        The joined record.
    chosen : EventFilter
        The reader's question; its own regions and distance are replaced by each area.
    areas : list of Area
        What to compare.

    Returns
    -------
    dict of Area to dict
        For each area, in order:

        * ``events`` : DataFrame, the rows of ``atlas.events``
        * ``figures`` : KeyFigures
        * ``before`` : KeyFigures or None, the period before (None if not covered)
        * ``first``, ``last`` : Timestamp or None, first and last event
        * ``quiet`` : Quiet or None
        * ``population`` : int or None, people, census of 2022; None for a town
        * ``events_rate``, ``deaths_rate`` : float or None, per 100,000 people over
          the whole period
        * ``too_few`` : bool, fewer than ``TOO_FEW`` events
    """
    table = {}
    for area in areas:
        asked = area.within(chosen)
        events = asked.apply(atlas)
        figures = key_figures(events)
        people = None
        if not area.is_town:
            known = atlas.regions.population(chosen.boundary_set, RATE_CENSUS)
            if area.key in known.index and pd.notna(known[area.key]):
                people = int(known[area.key])
        table[area] = {
            "events": events,
            "figures": figures,
            "before": figures_before(atlas, asked),
            "first": events["date_start"].min() if len(events) else None,
            "last": events["date_start"].max() if len(events) else None,
            "quiet": longest_quiet(events),
            "population": people,
            "events_rate": figures.events / people * 100_000 if people else None,
            "deaths_rate": figures.deaths_best / people * 100_000 if people else None,
            "too_few": figures.events < TOO_FEW,
        }
    return table
