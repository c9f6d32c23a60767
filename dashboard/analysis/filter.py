"""The one question the reader asks, as a value: what to show.

It is made by the controls, feeds map, figures, charts, table and exports, and is
written to the address bar, from which ``read_query`` makes it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import pandas as pd

from dashboard.analysis.atlas import (
    ACTOR_CLASSES,
    BOUNDARY_SETS,
    OPEN_SET,
    PRECISIONS,
    TARGET_CLASSES,
    Atlas,
    fold,
)
from geo.distance import haversine_km

MAX_TEXT = 80
MAX_DISTANCE_KM = 1000
MAX_DEATHS = 10_000
# The years that a link may name; wider than any record, narrower than nonsense.
YEARS = (1989, 2100)

# Filter field -> name in the address bar, for the fields that are sets of codes.
SET_PARAMETERS = {
    "actor_classes": "actor",
    "target_classes": "target_class",
    "group_ids": "group",
    "countries": "country",
    "region_ids": "region",
    "event_types": "type",
    "target_types": "target",
    "tactics": "tactic",
    "harmed": "harmed",
    "claimant_types": "claimant",
    "certainties": "certainty",
}
# Every parameter of the address bar that belongs to the filter.
FILTER_PARAMETERS = {
    "from",
    "to",
    "set",
    "near",
    "km",
    "min",
    "precision",
    "members",
    "q",
    *SET_PARAMETERS.values(),
}


@dataclass(frozen=True)
class EventFilter:
    """What the reader asked to see; an empty field sets no limit.

    Frozen, so that it can be a cache key and be shared between pages.

    Attributes
    ----------
    start, end : date or None
        Days, both inclusive. An event is shown when its interval meets them.
    actor_classes, target_classes : frozenset of str
        Who struck and what, in the classes that the map's colours and shapes stand for.
    group_ids : frozenset of str
        Groups with any role in the event.
    with_members : bool
        Whether a group stands for the groups that belonged to it on that day too.
    countries : frozenset of str
        ISO 3166-1 alpha-2.
    region_ids : frozenset of str
        Regions of ``boundary_set``.
    boundary_set : str
        One of ``BOUNDARY_SETS``.
    near_place : str
        ``place_id``; with ``within_km`` keeps what lies around it.
    within_km : int
        Kilometres around ``near_place``.
    event_types, target_types, tactics, harmed, claimant_types, certainties
        Codes of the vocabulary; ``harmed`` holds sides with people killed or hurt.
    min_deaths : int
        Least deaths, by the best estimate.
    precision : str
        The coarsest place precision shown; empty for all.
    text : str
        Literal text to find, without regard to accents and case.
    """

    start: date | None = None
    end: date | None = None
    actor_classes: frozenset[str] = frozenset()
    target_classes: frozenset[str] = frozenset()
    group_ids: frozenset[str] = frozenset()
    with_members: bool = True
    countries: frozenset[str] = frozenset()
    region_ids: frozenset[str] = frozenset()
    boundary_set: str = OPEN_SET
    near_place: str = ""
    within_km: int = 0
    event_types: frozenset[str] = frozenset()
    target_types: frozenset[str] = frozenset()
    tactics: frozenset[str] = frozenset()
    harmed: frozenset[str] = frozenset()
    claimant_types: frozenset[str] = frozenset()
    certainties: frozenset[str] = frozenset()
    min_deaths: int = 0
    precision: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")
        if self.boundary_set not in BOUNDARY_SETS:
            raise ValueError(
                f"boundary_set is {self.boundary_set!r}, expected one of "
                f"{sorted(BOUNDARY_SETS)}"
            )

    def beyond_the_browser(self) -> EventFilter:
        """Return the same question without what the map filters by itself.

        The browser must hold the events of other days, classes and tolls, or it could
        not show them at once when the reader asks.
        """
        return replace(
            self,
            start=None,
            end=None,
            actor_classes=frozenset(),
            target_classes=frozenset(),
            min_deaths=0,
        )

    @property
    def is_open(self) -> bool:
        """Whether it sets no limit at all (a choice of boundaries is none)."""
        return replace(self, boundary_set=OPEN_SET, with_members=True) == EventFilter()

    def mask(self, atlas: Atlas, events: pd.DataFrame | None = None) -> pd.Series:
        """Return which events pass.

        Parameters
        ----------
        atlas : Atlas
            Places and ties between groups.
        events : DataFrame, optional
            Rows of ``atlas.events``; all of them by default.

        Returns
        -------
        Series of bool
            On the index of ``events``.
        """
        events = atlas.events if events is None else events
        keep = pd.Series(True, index=events.index)
        if self.start:
            keep &= events["date_end"] >= pd.Timestamp(self.start)
        if self.end:
            keep &= events["date_start"] <= pd.Timestamp(self.end)
        if self.group_ids:
            keep &= _meets(events["group_ids"], self.group_ids)
            if not self.with_members:
                keep &= events["event_id"].isin(self._named_events(atlas))
        if self.region_ids:
            keep &= events[BOUNDARY_SETS[self.boundary_set]].isin(self.region_ids)
        if self.near_place:
            keep &= self._near(atlas, events)
        for column, wanted in [
            ("actor_class", self.actor_classes),
            ("target_class", self.target_classes),
            ("country", self.countries),
            ("event_type", self.event_types),
            ("target_type", self.target_types),
            ("certainty", self.certainties),
        ]:
            if wanted:
                keep &= events[column].isin(wanted)
        if self.tactics:
            used = events["tactics"].fillna("").str.split(";")
            keep &= _meets(used, self.tactics)
        if self.harmed:
            keep &= _meets(events["harmed"], self.harmed)
        if self.claimant_types:
            keep &= _meets(events["claimant_types"], self.claimant_types)
        if self.min_deaths:
            keep &= (events["deaths_best"] >= self.min_deaths).fillna(False)
        if self.precision:
            fine = PRECISIONS[: PRECISIONS.index(self.precision) + 1]
            keep &= events["location_precision"].isin(fine)
        if self.text.strip():
            for word in fold(self.text).split():
                keep &= events["haystack"].str.contains(word, regex=False)
        return keep.astype(bool)

    def apply(self, atlas: Atlas) -> pd.DataFrame:
        """Return the events that pass, in the atlas's order (by first day)."""
        return atlas.events[self.mask(atlas)]

    def _named_events(self, atlas: Atlas) -> set[str]:
        roles = atlas.record.event_groups
        return set(roles.loc[roles["group_id"].isin(self.group_ids), "event_id"])

    def _near(self, atlas: Atlas, events: pd.DataFrame) -> pd.Series:
        places = atlas.record.places.set_index("place_id")
        place = places.loc[self.near_place]
        distance = haversine_km(
            events["latitude"], events["longitude"], place.latitude, place.longitude
        )
        # A point that stands for a whole region says nothing about a distance.
        placed = events["location_precision"].isin(["site", "town", "area"])
        return placed & (distance <= (self.within_km or 25))


def _meets(cells: pd.Series, wanted: frozenset[str]) -> pd.Series:
    """Return which cells (collections of codes) share a code with ``wanted``."""
    return pd.Series([not wanted.isdisjoint(cell) for cell in cells], cells.index)


@dataclass(frozen=True)
class Dropped:
    """A value of a link that was not used, and why (a key of the catalogue)."""

    parameter: str
    reason: str


@dataclass(frozen=True)
class Known:
    """The codes a link may name: everything else is dropped with a notice."""

    codes: Mapping[str, frozenset[str]]
    places: frozenset[str]
    regions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, atlas: Atlas) -> Known:
        """Collect the codes of an atlas."""
        words = atlas.record.vocabulary.groupby("field")["code"].agg(frozenset)
        places = atlas.record.places
        return cls(
            codes={
                "actor_classes": frozenset(ACTOR_CLASSES),
                "target_classes": frozenset(TARGET_CLASSES.values()),
                "group_ids": frozenset(filterable_groups(atlas)),
                "countries": frozenset(atlas.events["country"].dropna()),
                "event_types": words["event_type"],
                "target_types": words["target_type"],
                "tactics": words["tactics"],
                "harmed": words["side"],
                "claimant_types": words["claimant_type"],
                "certainties": words["certainty"],
            },
            places=frozenset(places.loc[places["latitude"].notna(), "place_id"]),
            regions={
                name: frozenset(atlas.regions.ids(name)) for name in BOUNDARY_SETS
            },
        )


def filterable_groups(atlas: Atlas) -> list[str]:
    """Return the armed groups that some event names, or that have members there.

    A community is never among them: it is no actor.
    """
    groups = atlas.record.groups
    armed = set(groups.loc[groups["is_armed_actor"], "group_id"])
    named = set().union(*atlas.events["group_ids"]) if len(atlas.events) else set()
    return sorted(armed & named)


def write_query(chosen: EventFilter) -> dict[str, str]:
    """Return the filter as parameters of the address bar; only what sets a limit."""
    query: dict[str, str] = {}
    if chosen.start:
        query["from"] = chosen.start.isoformat()
    if chosen.end:
        query["to"] = chosen.end.isoformat()
    for name, parameter in SET_PARAMETERS.items():
        values = getattr(chosen, name)
        if values:
            query[parameter] = ",".join(sorted(values))
    if not chosen.with_members:
        query["members"] = "no"
    if chosen.boundary_set != OPEN_SET:
        query["set"] = chosen.boundary_set
    if chosen.near_place:
        query["near"] = chosen.near_place
        query["km"] = str(chosen.within_km or 25)
    if chosen.min_deaths:
        query["min"] = str(chosen.min_deaths)
    if chosen.precision:
        query["precision"] = chosen.precision
    if chosen.text.strip():
        query["q"] = chosen.text.strip()
    return query


def read_query(
    query: Mapping[str, str], known: Known
) -> tuple[EventFilter, list[Dropped]]:
    """Make the filter of a link; what it does not understand is dropped and told.

    Parameters
    ----------
    query : mapping of str to str
        Parameters of the address bar, from anybody.
    known : Known
        The codes a link may name.

    Returns
    -------
    EventFilter
        With safe defaults in place of what was dropped.
    list of Dropped
        One entry for each parameter with a value that was not used.
    """
    values: dict[str, Any] = {}
    dropped: list[Dropped] = []

    def drop(parameter: str, reason: str) -> None:
        dropped.append(Dropped(parameter, reason))

    for name, parameter in [("start", "from"), ("end", "to")]:
        if parameter in query:
            day = _read_day(query[parameter])
            if day is None:
                drop(parameter, "not_a_day")
            else:
                values[name] = day
    if "start" in values and "end" in values and values["start"] > values["end"]:
        del values["start"], values["end"]
        drop("from", "start_after_end")
    if "set" in query:
        if query["set"] in known.regions:
            values["boundary_set"] = query["set"]
        else:
            drop("set", "unknown_code")
    regions = known.regions.get(str(values.get("boundary_set", OPEN_SET)), frozenset())
    for name, parameter in SET_PARAMETERS.items():
        if parameter in query:
            allowed = regions if name == "region_ids" else known.codes[name]
            asked = set(query[parameter].split(","))
            values[name] = frozenset(asked & allowed)
            if asked - allowed:
                drop(parameter, "unknown_code")
    kilometres = _read_number(query.get("km", "25"), 1, MAX_DISTANCE_KM)
    if kilometres is None:
        drop("km", "not_a_number")
    if "near" in query:
        if query["near"] in known.places:
            values["near_place"] = query["near"]
            values["within_km"] = kilometres or 25
        else:
            drop("near", "unknown_code")
    if "min" in query:
        deaths = _read_number(query["min"], 0, MAX_DEATHS)
        if deaths is None:
            drop("min", "not_a_number")
        values["min_deaths"] = deaths or 0
    if "precision" in query:
        if query["precision"] in PRECISIONS:
            values["precision"] = query["precision"]
        else:
            drop("precision", "unknown_code")
    if "members" in query:
        if query["members"] in {"yes", "no"}:
            values["with_members"] = query["members"] == "yes"
        else:
            drop("members", "unknown_code")
    if "q" in query:
        if len(query["q"]) <= MAX_TEXT and query["q"].isprintable():
            values["text"] = query["q"].strip()
        else:
            drop("q", "too_long")
    return EventFilter(**values), dropped


def _read_day(text: str) -> date | None:
    """Return the day of an ISO date within ``YEARS``, else None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def _read_number(text: str, least: int, most: int) -> int | None:
    """Return a whole number between two bounds, else None; five digits at most."""
    if not re.fullmatch(r"[0-9]{1,5}", text):
        return None
    number = int(text)
    return number if least <= number <= most else None


# Each field is either a set of codes, or written by hand in write_query.
assert SET_PARAMETERS.keys() <= {entry.name for entry in fields(EventFilter)}  # noqa: S101
