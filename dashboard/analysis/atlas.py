"""The atlas: the record joined to the map, ready for every question of the pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.analysis.cube import EventCube, build_cube
from data.contract import TABLES
from data.deaths import add_tolls
from data.groups import GroupNames, GroupTies
from data.record import Record, read_record
from geo.boundaries import Boundaries, load_boundaries
from geo.join import locate_events
from geo.regions import Regions, load_region_names
from geo.report import region_disagreements

# What a boundary set is called in links and tables, and its column in the events.
BOUNDARY_SETS = {
    "sahel": "admin1",
    "mali-9": "region_9",
    "mali-10": "region_10",
    "mali-20": "region_20",
}
OPEN_SET = "sahel"
"""The boundary set of a reader who has chosen none."""

# Countries whose every region is offered; of others only those with an event, for
# nothing was looked for in the rest.
_COVERED = ("BF", "ML", "NE")
# From the finest to the coarsest: how well a place is known.
PRECISIONS = ["site", "town", "area", "region", "country"]
# From the firmest to the weakest: how well a perpetrator is known.
CERTAINTIES = ["claimed", "attributed", "suspected", "unknown"]
ACTOR_CLASSES = [
    "jnim",
    "is-sahel",
    "other-jihadist",
    "separatist",
    "militia",
    "state",
    "foreign",
    "unknown",
]
TARGET_CLASSES = {
    "military": "security-forces",
    "gendarmerie_police": "security-forces",
    "peacekeepers": "security-forces",
    "foreign_forces": "security-forces",
    "armed_group": "armed-group",
    "militia": "armed-group",
    "civilians": "civilians",
    "officials": "civilians",
    "aid_workers": "civilians",
    "town": "civilians",
    "market": "economy",
    "convoy_transport": "economy",
    "infrastructure": "economy",
}
_CLASS_OF_CATEGORY = {
    "jihadist": "other-jihadist",
    "separatist": "separatist",
    "militia": "militia",
    "state_force": "state",
    "government": "state",
    "foreign_force": "foreign",
    "peacekeepers": "foreign",
}
_UMBRELLAS = ["jnim", "is-sahel"]


# Every block of combining marks: accents of Latin, Arabic and other letters.
_MARKS = re.compile(
    "["
    + "".join(
        sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.combining(sign)
    )
    + "]+"
)


def fold(text: str) -> str:
    """Return a text without accents and case, for search."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


@dataclass(frozen=True, eq=False)
class Atlas:
    """The record, the regions, and the events joined to both.

    Shared by all readers and never changed: take copies to work on.

    Attributes
    ----------
    record : Record
        The curated tables.
    boundaries : Boundaries
        Polygons that the events were joined to.
    regions : Regions
        Names and population of the regions of each boundary set.
    events : DataFrame
        The ``events`` table, sorted by first day, with the columns of
        ``geo.join.locate_events`` (point, regions, ``located_by``), of
        ``data.deaths.add_tolls`` (deaths, people), and

        * ``group_ids`` : frozenset of str, every group with a role in it, and the
          groups these belonged to on that day
        * ``perpetrator_id`` : str or NA, the best-known perpetrator
        * ``certainty`` : str, how well it is known
        * ``actor_class`` : str, one of ``ACTOR_CLASSES``
        * ``target_class`` : str, see ``TARGET_CLASSES``
        * ``harmed`` : frozenset of str, sides with people killed or hurt
        * ``claimant_types`` : frozenset of str, who speaks of it
        * ``sources`` : int, documents behind it
        * ``haystack`` : str, its texts without accents and case, for search
    """

    record: Record
    boundaries: Boundaries
    regions: Regions
    events: pd.DataFrame

    @cached_property
    def group_names(self) -> GroupNames:
        """Resolver of group spellings."""
        return GroupNames(self.record.group_names)

    @cached_property
    def first_day(self) -> pd.Timestamp:
        """First day of the earliest event."""
        return self.events["date_start"].min()

    @cached_property
    def last_day(self) -> pd.Timestamp:
        """Last day of the latest event."""
        return self.events["date_end"].max()

    @cached_property
    def _labels(self) -> Mapping[tuple[str, str, str], str]:
        table = self.record.vocabulary
        return {
            (field, code, language): words
            for language in ("en", "fr")
            for field, code, words in zip(
                table["field"], table["code"], table[f"label_{language}"], strict=True
            )
        }

    def label(self, field: str, code: str, language: str) -> str:
        """Return the words for a code; the code itself where none are written."""
        return self._labels.get((field, code, language), code)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], str]:
        names: dict[tuple[str, str], str] = {}
        for language in ("en", "fr"):
            for table, key, column in [
                (self.record.groups, "group_id", "short"),
                (self.record.places, "place_id", "name"),
                (self.record.operations, "operation_id", "name"),
            ]:
                for row_id, words in zip(
                    table[key], table[f"{column}_{language}"], strict=True
                ):
                    names[row_id, language] = words
        return names

    def name(self, row_id: str, language: str) -> str:
        """Return the short name of a group, place or operation; else its id."""
        return self._names.get((row_id, language), row_id)

    @cached_property
    def _offered(self) -> Mapping[str, list[str]]:
        offered = {name: self.regions.ids(name) for name in BOUNDARY_SETS}
        struck = set(self.events["admin1"].dropna())
        offered["sahel"] = [
            region_id
            for region_id in offered["sahel"]
            if region_id in struck or region_id.startswith(_COVERED)
        ]
        return offered

    @cached_property
    def _cubes(self) -> dict[str, EventCube]:
        return {}

    def cube(self, boundary_set: str) -> EventCube:
        """Return the running sums of the events by the regions of a set."""
        if boundary_set not in self._cubes:
            regions, column = self.region_ids(boundary_set), BOUNDARY_SETS[boundary_set]
            self._cubes[boundary_set] = build_cube(
                self.events, column, regions, ACTOR_CLASSES
            )
        return self._cubes[boundary_set]

    def region_ids(self, boundary_set: str) -> list[str]:
        """Return the regions of a set that the record looks at, in its order."""
        return self._offered[boundary_set]

    def subject_name(self, subject_id: str, language: str) -> str:
        """Return the name of an operation, or place and day of an event."""
        if subject_id not in self._place_and_day:
            return self.name(subject_id, language)
        place_id, day = self._place_and_day[subject_id]
        if not isinstance(place_id, str):
            return f"{day:%Y-%m-%d}"
        return f"{self.name(place_id, language)}, {day:%Y-%m-%d}"

    @cached_property
    def _place_and_day(self) -> Mapping[str, tuple[Any, pd.Timestamp]]:
        events = self.events
        where_and_when = zip(events["place_id"], events["date_start"], strict=True)
        return dict(zip(events["event_id"], where_and_when, strict=True))

    @cached_property
    def earlier(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Relation and id of the earlier events an event is tied to, by its id."""
        links = self.record.event_links
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for key, relation, other in zip(
            links["event_id"], links["relation"], links["earlier_event_id"], strict=True
        ):
            found[key] = (*found.get(key, ()), (relation, other))
        return found

    @cached_property
    def later(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Relation and id of the later events tied to an event, by its id."""
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for key, ties in self.earlier.items():
            for relation, other in ties:
                found[other] = (*found.get(other, ()), (relation, key))
        return found

    @cached_property
    def region_disagreements(self) -> pd.DataFrame:
        """Events whose point lies in another region than is written of their place."""
        return region_disagreements(self.record, self.boundaries)

    @cached_property
    def perpetrators(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Group and certainty of each perpetrator, by ``event_id``."""
        roles = self.record.event_groups
        roles = roles[roles["role"].eq("perpetrator")]
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for event_id, *named in zip(
            roles["event_id"], roles["group_id"], roles["certainty"], strict=True
        ):
            found[event_id] = (*found.get(event_id, ()), (named[0], named[1]))
        return found


def load_atlas(folder: Path = TABLES) -> Atlas:
    """Read the record, join it to the regions and derive what the pages need.

    Raises
    ------
    data.contract.BrokenTables
        If the tables have faults; it holds all of them.
    """
    record = read_record(folder)
    boundaries = load_boundaries()
    regions = load_region_names(boundaries)
    return Atlas(record, boundaries, regions, join_events(record, boundaries, regions))


def join_events(
    record: Record, boundaries: Boundaries, regions: Regions
) -> pd.DataFrame:
    """Return the events with place, toll, groups and text; see ``Atlas.events``."""
    events = record.events.sort_values(["date_start", "event_id"], ignore_index=True)
    events = locate_events(events, record.places, boundaries)
    events = _no_finer_than_the_point(events, record.places)
    events = _stand_in_points(events, regions)
    events = add_tolls(events, record.claims)
    events = _add_groups(events, record)
    events["target_class"] = events["target_type"].map(TARGET_CLASSES)
    events["harmed"] = _sets(events, record, "side", _HURTING)
    events["claimant_types"] = _sets(events, record, "claimant_type")
    counts = record.event_sources.groupby("event_id").size()
    events["sources"] = events["event_id"].map(counts).fillna(0).astype(int)
    events["haystack"] = _haystack(events, record)
    return events


def _no_finer_than_the_point(
    events: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Call no event finer than the point it is drawn at.

    A camp in a town may be known to the site while only the town's point is.
    """
    points = places.set_index("place_id")["point_precision"]
    of_point = events["place_id"].map(points)
    rank = PRECISIONS.index
    coarser = events["point_from"].eq("place") & (
        of_point.map(rank, na_action="ignore") > events["location_precision"].map(rank)
    )
    precision = events["location_precision"].where(~coarser, of_point)
    return events.assign(location_precision=precision)


def _stand_in_points(events: pd.DataFrame, regions: Regions) -> pd.DataFrame:
    """Give an event known only to its region the label point of that region.

    It is drawn there as a wash, never as a dot; ``point_from`` says ``region``. An
    event whose place has no point at all cannot be finer than its region.
    """
    points = regions.table.set_index(["boundary_set", "region_id"])
    columns = ["label_latitude", "label_longitude"]
    bare = events["latitude"].isna() & events["location_precision"].ne("country")
    for boundary_set in ("mali-20", "sahel"):
        known = events[BOUNDARY_SETS[boundary_set]]
        here = bare & known.isin(points.loc[boundary_set].index)
        label = points.loc[boundary_set].reindex(known[here])[columns]
        events.loc[here, ["latitude", "longitude"]] = label.to_numpy()
        events.loc[here, "point_from"] = "region"
        events.loc[here, "location_precision"] = "region"
        bare &= ~here
    events.loc[bare, "location_precision"] = "country"
    return events


_HURTING = {"killed", "wounded", "killed_or_wounded", "missing", "abducted", "captured"}


def _add_groups(events: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Add ``group_ids``, ``perpetrator_id``, ``certainty`` and ``actor_class``."""
    roles = record.event_groups.copy()
    roles["rank"] = roles["certainty"].map(CERTAINTIES.index)
    days = events.set_index("event_id")["date_start"]
    umbrellas = GroupTies(record.group_links).above

    groups: dict[str, set[str]] = {key: set() for key in events["event_id"]}
    for event_id, group_id in zip(roles["event_id"], roles["group_id"], strict=True):
        groups[event_id] |= umbrellas(group_id, days[event_id])

    first = (
        roles[roles["role"].eq("perpetrator")]
        .sort_values(["rank"], kind="stable")
        .drop_duplicates("event_id")
        .set_index("event_id")
    )
    category = record.groups.set_index("group_id")["category"]
    table = events.assign(
        group_ids=[frozenset(groups[key]) for key in events["event_id"]],
        perpetrator_id=events["event_id"].map(first["group_id"]),
        certainty=events["event_id"].map(first["certainty"]).fillna("unknown"),
    )
    classes = []
    for group_id, day in zip(table["perpetrator_id"], days, strict=True):
        if not isinstance(group_id, str):
            classes.append("unknown")
            continue
        above = umbrellas(group_id, day)
        umbrella = next((name for name in _UMBRELLAS if name in above), None)
        fallback = _CLASS_OF_CATEGORY.get(category.get(group_id, ""), "unknown")
        classes.append(umbrella or fallback)
    table["actor_class"] = classes
    return table


def _sets(
    events: pd.DataFrame, record: Record, column: str, metrics: set[str] | None = None
) -> list[frozenset[str]]:
    """Return for each event the values its claims (or its operation's) hold."""
    claims = record.claims[record.claims[column].notna()]
    if metrics is not None:
        claims = claims[claims["metric"].isin(metrics) & claims["stance"].eq("asserts")]
        # "Nobody was killed" harms nobody.
        claims = claims[claims["high"].fillna(claims["low"]).ne(0).fillna(True)]
    by_event = claims.groupby("event_id")[column].agg(frozenset)
    by_operation = claims.groupby("operation_id")[column].agg(frozenset)
    nothing: frozenset[str] = frozenset()
    return [
        by_event.get(event, nothing) | by_operation.get(operation, nothing)
        for event, operation in zip(
            events["event_id"], events["operation_id"], strict=True
        )
    ]


def _haystack(events: pd.DataFrame, record: Record) -> pd.Series:
    """Return the searchable text of each event in both languages."""
    places = record.places.set_index("place_id")
    groups = record.groups
    spellings = pd.concat(
        [
            record.group_names.loc[
                record.group_names["dataset"].eq("general"), ["group_id", "name"]
            ],
            *(
                groups[["group_id", column]].set_axis(["group_id", "name"], axis=1)
                for column in ("name_en", "name_fr", "short_en", "short_fr")
            ),
        ]
    )
    names = spellings.groupby("group_id")["name"].agg(" ".join)
    words = record.event_groups.assign(
        text=record.event_groups["group_id"].map(names).fillna("")
    )
    named = words.groupby("event_id")["text"].agg(" ".join)
    parts = [
        events[column]
        for column in [
            "event_id",
            "summary_en",
            "summary_fr",
            "target_en",
            "target_fr",
            "site_en",
            "site_fr",
        ]
    ]
    parts += [
        events["place_id"].map(places[column])
        for column in ["name_en", "name_fr", "other_names"]
    ]
    parts.append(events["event_id"].map(named))
    texts = zip(*(part.fillna("").astype(object) for part in parts), strict=True)
    return pd.Series([fold(" ".join(text)) for text in texts], events.index, "str")
