"""Events as columns of numbers: what travels to the browser, and nothing else.

No text is packed. Colours, labels and the words of a card are sent apart from the
points, and the browser finds them by the codes and positions written here.

The layout names every column with its coding, so a reader of the buffer asks the
layout and never counts bytes. Each column takes the smallest coding that holds it,
which comes to seven or eight bytes an event in tables of many:

=========  ==================================================================
coding     how to read it
=========  ==================================================================
plain      ``data``: one value for each event
table      ``data``: one code for each event, a position in ``table``
bits       ``data``: one number for each event, cut into the ``fields`` (name
           and bits each), the first in the lowest bits
runs       ``data``: values, each standing ``counts`` times in a row
sparse     ``data``: values of the events at the positions ``at``; 0 elsewhere
=========  ==================================================================

``data``, ``counts`` and ``at`` are arrays of the buffer: ``dtype`` (``u1``, ``u2`` or
``u4``, little-endian), ``offset`` in bytes and ``length`` in values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
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
_KIND = (("group", 3), ("target", 2), ("precision", 3))  # bits of one byte


@dataclass(frozen=True)
class PackedEvents:
    """Events in one buffer, sorted by their first day.

    Attributes
    ----------
    buffer : bytes
        The arrays of the columns, one after the other.
    layout : dict
        How to read the buffer; plain JSON. ``n``, ``bbox``, ``epoch``,
        ``max_span`` (days), ``digest`` (of the buffer) and ``columns``, each with
        ``name``, ``coding`` and what the coding asks for, see the module.
    order : tuple of str
        Event ids in packed order: the browser says 7, this says which event.
    rows : array of int
        The row of each event in the table that was packed.
    unplaced : int
        Events counted but not drawn, for want of a point within the box.
    """

    buffer: bytes
    layout: dict[str, Any]
    order: tuple[str, ...]
    rows: npt.NDArray[np.intp] = field(compare=False, repr=False)
    unplaced: int

    @cached_property
    def _positions(self) -> pd.Index:
        """Return the ids as an index, which is made once and then finds at once."""
        return pd.Index(self.order, dtype=object)

    def index_of(self, event_id: str) -> int | None:
        """Return the position of an event, or None where it is not packed."""
        position = int(self._positions.get_indexer([event_id])[0])
        return position if position >= 0 else None

    def visible(self, kept: npt.ArrayLike) -> bytes:
        """Return one bit for each event in packed order, the first in the lowest.

        Parameters
        ----------
        kept : array of bool
            One value for each row of the table that was packed, in its order.

        Returns
        -------
        bytes
            Set are the bits of the rows that are kept.
        """
        bits = np.asarray(kept, dtype=bool)[self.rows]
        return np.packbits(bits, bitorder="little").tobytes()


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

    events = events.assign(row=np.arange(len(events)))
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

    kinds = {
        "group": _codes(events, "colour_group", group_codes),
        "target": _codes(events, "target_class", target_codes),
        "precision": precision,
    }
    buffer = bytearray()
    tolls = deaths.fillna(UNKNOWN_DEATHS).to_numpy(dtype=np.int64)
    columns = [
        _plain(buffer, "lon", _scaled(longitude, west, east, inside)),
        _plain(buffer, "lat", _scaled(latitude, south, north, inside)),
        _runs(buffer, "day_start", start),
        _smallest(buffer, "span", span),
        _smallest(buffer, "deaths", tolls),
        *_kinds(buffer, kinds),
    ]
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
        rows=events["row"].to_numpy(),
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
        Indexed by ``event_id`` in packed order: ``lon`` and ``lat`` in degrees,
        ``day_start``, ``span``, ``deaths``, ``group``, ``target`` and ``precision``
        as numbers.
    """
    n = packed.layout["n"]
    values: dict[str, np.ndarray] = {}
    for column in packed.layout["columns"]:
        name, data = column["name"], _read(packed.buffer, column["data"])
        match column["coding"]:
            case "plain":
                values[name] = data
            case "table":
                values[name] = np.asarray(column["table"], dtype=np.uint16)[data]
            case "runs":
                values[name] = np.repeat(data, _read(packed.buffer, column["counts"]))
            case "sparse":
                values[name] = np.zeros(n, dtype=data.dtype)
                values[name][_read(packed.buffer, column["at"])] = data
            case "bits":
                low = 0
                for field, bits in column["fields"]:
                    values[field] = (data >> low) & ((1 << bits) - 1)
                    low += bits
    table = pd.DataFrame(values, index=pd.Index(packed.order, name="event_id"))
    west, south, east, north = packed.layout["bbox"]
    table["lon"] = west + table["lon"] * ((east - west) / _STEPS)
    table["lat"] = south + table["lat"] * ((north - south) / _STEPS)
    return table


def _append(buffer: bytearray, values: np.ndarray) -> dict[str, Any]:
    """Add an array to the buffer in the narrowest type; return where it lies."""
    most = int(values.max(initial=0))
    dtype = "u1" if most < 256 else "u2" if most < 65536 else "u4"
    # A view of wide numbers has to begin on a multiple of their width.
    buffer += bytes(-len(buffer) % 4)
    place = {"dtype": dtype, "offset": len(buffer), "length": len(values)}
    buffer += values.astype(f"<{dtype}").tobytes()
    return place


def _read(buffer: bytes, place: Mapping[str, Any]) -> np.ndarray:
    """Return an array of the buffer."""
    return np.frombuffer(buffer, f"<{place['dtype']}", place["length"], place["offset"])


def _plain(buffer: bytearray, name: str, values: np.ndarray) -> dict[str, Any]:
    return {"name": name, "coding": "plain", "data": _append(buffer, values)}


def _runs(buffer: bytearray, name: str, values: np.ndarray) -> dict[str, Any]:
    """Pack a sorted column as its distinct values with their counts."""
    distinct, counts = np.unique(values, return_counts=True)
    return {
        "name": name,
        "coding": "runs",
        "data": _append(buffer, distinct),
        "counts": _append(buffer, counts),
    }


def _smallest(buffer: bytearray, name: str, values: np.ndarray) -> dict[str, Any]:
    """Pack a column as it is, by a table or by its values other than 0."""
    at = np.flatnonzero(values)
    table, codes = np.unique(values, return_inverse=True)
    width = 1 if values.max(initial=0) < 256 else 2
    sizes = {
        "plain": width * len(values),
        # Written out in the layout, a value of the table takes some five letters.
        "table": len(values) + 5 * len(table) if len(table) <= 256 else np.inf,
        "sparse": (4 + width) * len(at),
    }
    match min(sizes, key=lambda coding: sizes[coding]):
        case "table":
            data = _append(buffer, codes)
            return {
                "name": name, "coding": "table", "data": data, "table": table.tolist()
            }  # fmt: skip
        case "sparse":
            data, places = _append(buffer, values[at]), _append(buffer, at)
            return {"name": name, "coding": "sparse", "data": data, "at": places}
    return _plain(buffer, name, values)


def _kinds(buffer: bytearray, kinds: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Pack group, target and precision into one byte, or apart if they do not fit."""
    if any(kinds[name].max(initial=0) >> bits for name, bits in _KIND):
        return [_plain(buffer, name, kinds[name]) for name, _ in _KIND]
    packed, low = np.zeros(len(kinds["group"]), dtype=np.int64), 0
    for name, bits in _KIND:
        packed |= kinds[name] << low
        low += bits
    fields = [list(field) for field in _KIND]
    data = _append(buffer, packed)
    return [{"name": "kind", "coding": "bits", "data": data, "fields": fields}]


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
