"""Counts by region, time and actor for any days, without looking at the events again.

Two sums that run through time answer every range of days: how many events had begun
by its last day, less how many had ended before its first. So an answer takes the same
few microseconds for a thousand events and for millions, and it is exact, for the days
of an event are whole days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Counts = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class EventCube:
    """Events by day, region and actor class, summed up through time.

    Attributes
    ----------
    regions : tuple of str
        Regions in order; an event of no region is counted behind the last of them.
    groups : tuple of str
        Actor classes in order.
    first_day : date
        The day the sums begin with.
    begun, ended : ndarray of int32
        Events whose first day (last day) lies before day ``k`` of the cube, with
        the shape (days + 1, regions + 1, groups).
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    first_day: date
    begun: Counts
    ended: Counts

    def _at(self, sums: Counts, day: date) -> Counts:
        """Return the sums of everything before a day, which may lie outside."""
        return sums[min(max((day - self.first_day).days, 0), len(sums) - 1)]

    def between(self, start: date, end: date) -> Counts:
        """Count the events whose days meet a range, both ends included.

        Returns
        -------
        ndarray of int32
            Of the shape (regions + 1, groups).

        Raises
        ------
        ValueError
            If ``start`` is after ``end``.
        """
        if start > end:
            raise ValueError(f"start {start} is after end {end}")
        following = date.fromordinal(end.toordinal() + 1)
        return self._at(self.begun, following) - self._at(self.ended, start)

    def by_step(self, start: date, end: date, edges: list[date]) -> Counts:
        """Count the events of a range by the step of their first day.

        Parameters
        ----------
        start, end : date
            The range, both ends included. What began before it and still lasted is
            counted in the first step, as in ``counts.count_by_step``.
        edges : list of date
            First day of each step, in order; the first step holds ``start``.

        Returns
        -------
        ndarray of int32
            Of the shape (steps, regions + 1, groups).
        """
        following = date.fromordinal(end.toordinal() + 1)
        borders = [*(max(edge, start) for edge in edges), following]
        sums = np.stack([self._at(self.begun, day) for day in borders])
        counts = np.diff(sums, axis=0)
        counts[0] += sums[0] - self._at(self.ended, start)
        return counts


def build_cube(
    events: pd.DataFrame, column: str, regions: list[str], groups: list[str]
) -> EventCube:
    """Sum events up through time.

    Parameters
    ----------
    events : DataFrame
        ``date_start``, ``date_end``, ``actor_class`` and ``column``.
    column : str
        The column of the regions.
    regions, groups : list of str
        Regions and actor classes, in the order wanted.

    Returns
    -------
    EventCube
        Of ``days x regions x actor classes`` whole numbers, twice: 26 MB for fifteen
        years, 60 regions and ten classes, however many events there are.

    Raises
    ------
    ValueError
        If there are no events.
    """
    if events.empty:
        raise ValueError("no events to sum up")
    first, last = events["date_start"].min(), events["date_end"].max()
    region = pd.Index(regions).get_indexer(events[column])
    region = np.where(region < 0, len(regions), region)
    group = pd.Index(groups).get_indexer(events["actor_class"])
    shape = ((last - first).days + 1, len(regions) + 1, len(groups))

    def summed(column: str) -> Counts:
        day = (events[column] - first).dt.days.to_numpy()
        cells = np.ravel_multi_index((day, region, group), shape)
        counted = np.bincount(cells, minlength=np.prod(shape)).reshape(shape)
        sums = np.zeros((shape[0] + 1, *shape[1:]), dtype=np.int32)
        np.cumsum(counted, axis=0, out=sums[1:])
        return sums

    return EventCube(
        tuple(regions),
        tuple(groups),
        first.date(),
        summed("date_start"),
        summed("date_end"),
    )
