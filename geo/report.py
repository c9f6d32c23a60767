"""What a curator must look at: events that may be one, and places that contradict.

``python -m geo.report`` prints both for the record, and ends with 1 while a close pair
of events is not settled in the table ``settled_pairs``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.contract import TABLES
from data.groups import GroupTies
from data.record import Record, read_record
from geo.boundaries import Boundaries, load_boundaries
from geo.distance import haversine_km
from geo.join import locate_events

PAIR_DAYS = 1
"""Days that may lie between two leads to one event: outlets differ by a day."""
PAIR_KM = 30.0
"""Kilometres that may lie between them: outlets name the village or its town."""
# Says nothing of who acted, so it may be anybody.
_NOBODY = {"unknown", "unidentified-jihadists", "unidentified-militia"}
# On the side of the victims of most events; sharing it ties nothing.
_EVERYWHERE = {"civilians"}


def close_pairs(record: Record) -> pd.DataFrame:
    """Propose pairs of events that may be one attack told twice.

    A pair is proposed when the intervals of both meet or lie ``PAIR_DAYS`` apart, the
    points lie within ``PAIR_KM`` (or, without points, both name one place), and an
    actor is common to both, an unknown one being anybody's. Sites of one operation are
    told apart by the operation itself and are not proposed.

    Returns
    -------
    DataFrame
        ``first_id``, ``second_id`` (in the order of the ids), ``days`` between them
        and ``km``; one row for each pair, sorted.
    """
    events = record.events.sort_values("event_id", ignore_index=True)
    places = record.places.set_index("place_id")
    points = [
        events[name].where(events[name].notna(), events["place_id"].map(places[name]))
        for name in ("latitude", "longitude")
    ]
    first, last = (
        events[name].to_numpy().astype("datetime64[D]").astype(int)
        for name in ("date_start", "date_end")
    )
    gap = np.maximum(first[:, None] - last[None, :], first[None, :] - last[:, None])
    one, other = np.nonzero(np.triu(gap <= PAIR_DAYS, k=1))
    distance = haversine_km(
        points[0].to_numpy()[one],
        points[1].to_numpy()[one],
        points[0].to_numpy()[other],
        points[1].to_numpy()[other],
    )
    place = events["place_id"].fillna("").to_numpy(dtype=object)
    here = (place[one] == place[other]) & (place[one] != "")
    near = np.where(np.isnan(distance), here, distance <= PAIR_KM)
    actors = _actors(record, events)
    operation = events["operation_id"].fillna("").to_numpy(dtype=object)
    ids = events["event_id"].to_numpy(dtype=object)
    rows = [
        (ids[a], ids[b], max(int(gap[a, b]), 0), float(km))
        for a, b, km in zip(one[near], other[near], distance[near], strict=True)
        if not (operation[a] and operation[a] == operation[b])
        and _overlap(actors[ids[a]], actors[ids[b]])
    ]
    return pd.DataFrame(rows, columns=["first_id", "second_id", "days", "km"])


def unsettled_pairs(record: Record) -> pd.DataFrame:
    """Return the close pairs that no row of ``settled_pairs`` speaks of."""
    pairs = close_pairs(record)
    settled = record.settled_pairs
    known = set(zip(settled["first_id"], settled["second_id"], strict=True))
    known |= {(second, first) for first, second in known}
    asked = zip(pairs["first_id"], pairs["second_id"], strict=True)
    return pairs[[pair not in known for pair in asked]].reset_index(drop=True)


def _actors(record: Record, events: pd.DataFrame) -> dict[str, set[str]]:
    """Return the groups of each event and those they belonged to on its first day."""
    above = GroupTies(record.group_links).above
    day = dict(zip(events["event_id"], events["date_start"], strict=True))
    actors: dict[str, set[str]] = {key: set() for key in events["event_id"]}
    roles = record.event_groups
    for event_id, group_id in zip(roles["event_id"], roles["group_id"], strict=True):
        actors[event_id] |= above(group_id, day[event_id])
    return actors


def _overlap(one: set[str], other: set[str]) -> bool:
    shared = one & other - _EVERYWHERE
    return bool(shared or one & _NOBODY or other & _NOBODY)


def region_disagreements(record: Record, boundaries: Boundaries) -> pd.DataFrame:
    """Name every event whose point lies in another region than its text says.

    The curated region of an event's place comes from what is written of it; here it is
    held against the polygon the event's point lies in. The curated one goes first
    everywhere, so nothing moves; but one of the two may be wrong.

    Returns
    -------
    DataFrame
        ``event_id``, ``place_id``, ``curated`` and ``polygon`` (ids of first-level
        units; ``polygon`` is missing where the point lies in none), ``outside_km``
        (how far from the nearest unit, where that was asked).
    """
    curated = locate_events(record.events, record.places, boundaries)
    told = curated["located_by"].eq("place") & curated["point_from"].ne("none")
    # A point that stands for a region or a country says nothing of its own.
    kept = record.places.set_index("place_id")["point_precision"]
    precision = curated["place_id"].map(kept)
    of_place = curated["point_from"].eq("place") & precision.isin(["region", "country"])
    asked = curated[told & ~of_place]
    bare = asked[["event_id", "latitude", "longitude"]]
    polygon = locate_events(bare, record.places.iloc[:0], boundaries)
    differs = asked["admin1"].ne(polygon["admin1"]) | polygon["admin1"].isna()
    return pd.DataFrame(
        {
            "event_id": asked["event_id"],
            "place_id": asked["place_id"],
            "curated": asked["admin1"],
            "polygon": polygon["admin1"],
            "outside_km": polygon["outside_km"].round(1),
        }
    )[differs].reset_index(drop=True)


def main(arguments: list[str] | None = None) -> int:
    """Print what must be looked at; return 1 while a close pair is not settled."""
    parser = argparse.ArgumentParser(prog="python -m geo.report", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=TABLES)
    record = read_record(parser.parse_args(arguments).folder)
    pairs = unsettled_pairs(record)
    summary = record.events.set_index("event_id")["summary_en"]
    for row in pairs.itertuples():
        print(f"{row.first_id} | {row.second_id}: {row.days} days, {row.km:.0f} km")
        print(f"    {summary[row.first_id]}\n    {summary[row.second_id]}")
    print(f"{len(pairs)} close pairs are not settled in settled_pairs.csv\n")
    found = region_disagreements(record, load_boundaries())
    for row in found.itertuples():
        polygon = row.polygon if isinstance(row.polygon, str) else "no region"
        print(
            f"{row.event_id}: {row.place_id} is in {row.curated}, its point {polygon}"
        )
    print(f"{len(found)} events whose region and point disagree")
    return 1 if len(pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
