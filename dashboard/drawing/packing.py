"""Events as columns of numbers: what travels to the browser, and nothing else.

No text is packed. Colours, labels and the words of a card are sent apart from the
points, and the browser finds them by the codes and positions written here.

The layout names every column with its type and offset, so a reader of the buffer
asks the layout and never counts bytes: a later, tighter packing changes this module
and no one else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

EPOCH = pd.Timestamp("1989-01-01")
"""Day 0. UCDP's events begin in this year."""

BBOX = (-18.0, 3.0, 17.0, 28.0)
"""West, south, east, north, in degrees: the area the map knows."""

UNKNOWN_DEATHS = 65535
"""Stands for a toll nobody gives; 0 means that somebody says nobody died."""

PRECISIONS = ("site", "town", "area", "region", "country")
"""How well the place is known; the position in this tuple is the packed code."""

NOT_DRAWN = PRECISIONS.index("country")

_STEPS = 65535  # of longitude and latitude over the box: 59 m or less
_COLUMNS = (
    ("lon", "u2"),
    ("lat", "u2"),
    ("day_start", "u2"),
    ("span", "u2"),
    ("deaths", "u2"),
    ("group", "u1"),
    ("target", "u1"),
    ("precision", "u1"),
)


@dataclass(frozen=True)
class PackedEvents:
    """Events in one buffer, sorted by their first day.

    Attributes
    ----------
    buffer : bytes
        The columns, one after the other.
    layout : dict
        How to read the buffer; plain JSON. ``n``, ``bbox``, ``epoch``,
        ``max_span`` (days), ``digest`` (of the buffer) and ``columns``, each with
        ``name``, ``dtype`` (``u1`` or ``u2``, little-endian) and ``offset``.
    order : tuple of str
        Event ids in packed order: the browser says 7, this says which event.
    unplaced : int
        Events counted but not drawn, for want of a point within the box.
    """

    buffer: bytes
    layout: dict[str, Any]
    order: tuple[str, ...]
    unplaced: int

    def index_of(self, event_id: str) -> int | None:
        """Return the position of an event, or None where it is not packed."""
        try:
            return self.order.index(event_id)
        except ValueError:
            return None

    def visible(self, event_ids: Iterable[str]) -> bytes:
        """Return one byte for each event: 1 where it is in ``event_ids``."""
        kept = set(event_ids)
        return bytes(event_id in kept for event_id in self.order)


def to_day(moment: Any) -> int:
    """Return the days from :data:`EPOCH` to a date."""
    return int((pd.Timestamp(moment).normalize() - EPOCH).days)


def to_date(day: int) -> pd.Timestamp:
    """Return the date that lies ``day`` days after :data:`EPOCH`."""
    return EPOCH + pd.Timedelta(days=day)


def pack_events(
    events: pd.DataFrame,
    group_codes: Sequence[str],
    target_codes: Sequence[str],
) -> PackedEvents:
    """Pack events for the map.

    Parameters
    ----------
    events : DataFrame
        One row for each event: ``event_id``, ``date_start`` and ``date_end``
        (inclusive), ``longitude`` and ``latitude`` (degrees, missing where
        unknown), ``colour_group``, ``target_class``, ``deaths_best`` (missing where
        nobody gives a figure) and ``location_precision``.
    group_codes, target_codes : sequence of str
        All codes in the order of the legend; an event stores the position.

    Returns
    -------
    PackedEvents
        Sorted by first day, then last day, then event id.

    Raises
    ------
    ValueError
        If a column is missing, a code or precision is not listed, a date is missing
        or ends before it starts, or a day or toll does not fit its column.

    Notes
    -----
    An event without a point in the box, or known to its country only, keeps its row
    with the precision ``country``: it is counted, never drawn.
    """
    wanted = {
        "event_id", "date_start", "date_end", "longitude", "latitude",
        "colour_group", "target_class", "deaths_best", "location_precision",
    }  # fmt: skip
    if missing := sorted(wanted - set(events.columns)):
        raise ValueError(f"events lack the columns {missing}")

    events = events.sort_values(["date_start", "date_end", "event_id"])
    start = _days(events, "date_start")
    span = _days(events, "date_end") - start
    if (span < 0).any():
        late = events["event_id"].to_numpy()[span < 0].tolist()
        raise ValueError(f"events end before they start: {late}")

    west, south, east, north = BBOX
    longitude = events["longitude"].to_numpy(dtype=float, na_value=np.nan)
    latitude = events["latitude"].to_numpy(dtype=float, na_value=np.nan)
    inside = (longitude >= west) & (longitude <= east)
    inside &= (latitude >= south) & (latitude <= north)
    precision = _codes(events, "location_precision", PRECISIONS)
    precision[~inside] = NOT_DRAWN
    inside &= precision != NOT_DRAWN

    deaths = events["deaths_best"].astype("Int64")
    if ((deaths < 0) | (deaths >= UNKNOWN_DEATHS)).any():
        raise ValueError(f"deaths_best must lie from 0 to {UNKNOWN_DEATHS - 1}")

    values = {
        "lon": _scaled(longitude, west, east, inside),
        "lat": _scaled(latitude, south, north, inside),
        "day_start": start,
        "span": span,
        "deaths": deaths.fillna(UNKNOWN_DEATHS).to_numpy(dtype=np.int64),
        "group": _codes(events, "colour_group", group_codes),
        "target": _codes(events, "target_class", target_codes),
        "precision": precision,
    }
    buffer = bytearray()
    columns = []
    for name, dtype in _COLUMNS:
        columns.append({"name": name, "dtype": dtype, "offset": len(buffer)})
        buffer += values[name].astype(f"<{dtype}").tobytes()
    layout = {
        "n": len(events),
        "bbox": list(BBOX),
        "epoch": f"{EPOCH:%Y-%m-%d}",
        "max_span": int(span.max(initial=0)),
        "digest": hashlib.sha256(buffer).hexdigest()[:16],
        "columns": columns,
    }
    return PackedEvents(
        buffer=bytes(buffer),
        layout=layout,
        order=tuple(events["event_id"].astype(str)),
        unplaced=int((~inside).sum()),
    )


def unpack_events(packed: PackedEvents) -> pd.DataFrame:
    """Return the packed columns as a table, as the browser reads them.

    Parameters
    ----------
    packed : PackedEvents
        The events.

    Returns
    -------
    DataFrame
        Indexed by ``event_id`` in packed order, one column for each column of the
        layout; ``lon`` and ``lat`` in degrees.
    """
    n = packed.layout["n"]
    table = pd.DataFrame(
        {
            column["name"]: np.frombuffer(
                packed.buffer, f"<{column['dtype']}", n, column["offset"]
            )
            for column in packed.layout["columns"]
        },
        index=pd.Index(packed.order, name="event_id"),
    )
    west, south, east, north = packed.layout["bbox"]
    table["lon"] = west + table["lon"] * ((east - west) / _STEPS)
    table["lat"] = south + table["lat"] * ((north - south) / _STEPS)
    return table


def _days(events: pd.DataFrame, column: str) -> np.ndarray:
    """Return a date column as days since the epoch."""
    dates = pd.to_datetime(events[column])
    if dates.isna().any():
        without = events.loc[dates.isna(), "event_id"].tolist()
        raise ValueError(f"events without {column}: {without}")
    days = (dates.dt.normalize() - EPOCH).dt.days.to_numpy(dtype=np.int64)
    if ((days < 0) | (days > 65535)).any():
        odd = events["event_id"].to_numpy()[(days < 0) | (days > 65535)].tolist()
        raise ValueError(f"{column} lies outside {EPOCH:%Y-%m-%d} to 2168: {odd}")
    return days


def _codes(events: pd.DataFrame, column: str, codes: Sequence[str]) -> np.ndarray:
    """Return a text column as positions in ``codes``."""
    positions = pd.Index(codes).get_indexer(events[column])
    if (positions < 0).any():
        unknown = sorted(set(events[column][positions < 0].astype(str)))
        raise ValueError(f"{column} is not one of {list(codes)} (found {unknown})")
    return positions


def _scaled(
    degrees: np.ndarray, low: float, high: float, inside: np.ndarray
) -> np.ndarray:
    """Return degrees as steps over the box, 0 where there is no point."""
    steps = np.zeros(len(degrees), dtype=np.int64)
    steps[inside] = np.rint((degrees[inside] - low) / (high - low) * _STEPS)
    return steps
