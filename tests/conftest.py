"""A small world that can be checked by eye, and the real record, read once.

The world has six events. Its regions are squares, one degree wide:

    | ML-5 Mopti | ML-6 Timbuktu | ML-7 Gao |

=====  ==========================  ======  =========  =====================  ==========
event  days                        region  precision  perpetrator            deaths
=====  ==========================  ======  =========  =====================  ==========
west   10 January 2024             ML-5    town       katiba, part of jnim   10, 13, 14
middle 1 or up to 5 March 2024     ML-6    town       fama                   "dozens"
mine   31 May 2024, operation      ML-6    site       jnim                   20, 25, 30
east   31 May 2024, the same       ML-7    area       jnim                   the same
gao    January 2025                ML-7    region     katiba, on its own     3, 3, 3
mali   1 March 2025                none    country    nobody named           0, 0, 0
=====  ==========================  ======  =========  =====================  ==========
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from dashboard.analysis.atlas import Atlas, join_events, load_atlas
from data.contract import TABLES, columns_of
from data.record import Record, read_record, read_table
from geo.boundaries import Boundaries
from geo.regions import Regions

Rows = dict[str, list[dict[str, Any]]]

EVENTS = {
    "west": "ml-2024-01-10-west",
    "middle": "ml-2024-03-01-middle",
    "mine": "ml-2024-05-31-mine",
    "east": "ml-2024-05-31-east",
    "gao": "ml-2025-01-01-gao",
    "mali": "ml-2025-03-01-mali",
}


def _event(name: str, start: str, end: str, precision: str, **more: Any) -> dict:
    return {
        "event_id": EVENTS[name],
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "target_en": f"target of {name}",
        "target_fr": f"cible de {name}",
        "summary_en": f"What happened in {name}.",
        "summary_fr": f"Ce qui s’est passé à {name}.",
        **more,
    }


def _claim(number: int, who: str, metric: str, **more: Any) -> dict:
    claimants = {
        "army": ("Army", "Armée", "government", "s-army"),
        "jnim": ("JNIM", "GSIM", "insurgent", "s-paper"),
        "paper": ("Paper", "Journal", "media", "s-paper"),
        "un": ("UN mission", "Mission de l’ONU", "un", "s-paper"),
    }
    english, french, kind, source = claimants[who]
    return {
        "claim_id": f"c{number}",
        "claimant_en": english,
        "claimant_fr": french,
        "claimant_type": kind,
        "metric": metric,
        "stance": "asserts",
        "attributed": "true",
        "source_id": source,
        **more,
    }


def _group(
    group_id: str, category: str, armed: bool, english: str, french: str
) -> dict:
    return {
        "group_id": group_id,
        "name_en": f"The {english}",
        "name_fr": f"Le {french}",
        "short_en": english,
        "short_fr": french,
        "category": category,
        "is_armed_actor": str(armed).lower(),
    }


def _place(place_id: str, name: tuple[str, str], kind: str, **more: Any) -> dict:
    english, french = name
    return {
        "place_id": place_id,
        "name_en": english,
        "name_fr": french,
        "country": "ML",
        "kind": kind,
        "source_id": "s-paper",
        **more,
    }


def _vocabulary() -> list[dict]:
    """Return words made of the codes: ``Small arms``, ``Small arms (fr)``."""
    with (TABLES / "vocabulary.csv").open(encoding="utf-8", newline="") as file:
        codes = [(row["field"], row["code"]) for row in csv.DictReader(file)]
    return [
        {
            "field": field,
            "code": code,
            "label_en": code.replace("_", " ").capitalize(),
            "label_fr": code.replace("_", " ").capitalize() + " (fr)",
        }
        for field, code in codes
    ]


_WORLD: Rows = {
    "events": [
        _event(
            "west", "2024-01-10", "2024-01-10", "day",
            place_id="ml-west", location_precision="town", event_type="attack",
            tactics="small_arms;raid", target_type="military",
        ),
        _event(
            "middle", "2024-03-01", "2024-03-05", "within_days",
            place_id="ml-middle", location_precision="town",
            event_type="civilian_violence", tactics="execution",
            target_type="civilians",
        ),
        _event(
            "mine", "2024-05-31", "2024-05-31", "day",
            place_id="ml-middle", site_en="the north gate", site_fr="la porte nord",
            latitude="0.75", longitude="1.5", location_precision="site",
            event_type="explosion", tactics="ied_mine", target_type="peacekeepers",
            operation_id="op-may",
        ),
        _event(
            "east", "2024-05-31", "2024-05-31", "day",
            place_id="ml-east", location_precision="area", event_type="attack",
            target_type="military", operation_id="op-may",
        ),
        _event(
            "gao", "2025-01-01", "2025-01-31", "month",
            place_id="ml-gao-region", location_precision="region",
            event_type="abduction", target_type="civilians",
        ),
        _event(
            "mali", "2025-03-01", "2025-03-01", "day",
            place_id="ml-mali", location_precision="country", event_type="sabotage",
            target_type="infrastructure",
        ),
    ],
    "event_groups": [
        {"event_id": EVENTS[name], "group_id": group, "role": role, "certainty": sure}
        for name, group, role, sure in [
            ("west", "katiba", "perpetrator", "claimed"),
            ("west", "fama", "target", "attributed"),
            ("middle", "fama", "perpetrator", "attributed"),
            ("mine", "jnim", "perpetrator", "suspected"),
            ("east", "jnim", "perpetrator", "attributed"),
            ("gao", "katiba", "perpetrator", "suspected"),
            ("mali", "fama", "target", "attributed"),
        ]
    ],
    "event_sources": [
        {"event_id": EVENTS["west"], "source_id": "s-army", "locator": "p. 2"},
        *(
            {"event_id": event_id, "source_id": "s-paper"}
            for event_id in EVENTS.values()
        ),
    ],
    "operations": [
        {
            "operation_id": "op-may", "name_en": "The May operation",
            "name_fr": "L’opération de mai", "date_start": "2024-05-31",
            "date_end": "2024-05-31", "date_precision": "day",
            "kind": "simultaneous", "source_id": "s-paper",
        },
    ],
    "reactions": [
        {
            "reaction_id": "r-curfew", "date_start": "2024-06-01",
            "date_end": "2024-06-02", "date_precision": "span",
            "operation_id": "op-may", "text_en": "A curfew.",
            "text_fr": "Un couvre-feu.", "source_id": "s-paper",
        },
    ],
    "patterns": [
        {
            "pattern_id": "pt-roads", "period_en": "2024", "period_fr": "2024",
            "group_id": "jnim", "text_en": "Roads are cut.",
            "text_fr": "Des routes sont coupées.", "source_id": "s-paper",
        },
    ],
    "claims": [
        _claim(
            1, "army", "killed", event_id=EVENTS["west"], side="security_forces",
            low="10", high="10", said_on="2024-01-11",
        ),
        _claim(
            2, "paper", "killed", event_id=EVENTS["west"], side="victims",
            low="12", high="14", said_on="2024-01-12",
            quote="Between twelve and fourteen fell",
        ),
        _claim(3, "jnim", "responsibility", event_id=EVENTS["west"]),
        _claim(
            4, "paper", "killed", event_id=EVENTS["middle"], side="civilians",
            wording="dozens",
        ),
        _claim(
            5, "army", "killed", event_id=EVENTS["middle"], side="civilians",
            stance="silent",
        ),
        _claim(
            6, "paper", "killed", operation_id="op-may", side="victims",
            low="20", high="20",
        ),
        _claim(
            7, "un", "killed", operation_id="op-may", side="victims",
            low="30", high="30",
        ),
        _claim(
            8, "paper", "arrested", reaction_id="r-curfew", side="civilians",
            low="4", high="4",
        ),
        _claim(
            9, "paper", "killed", event_id=EVENTS["gao"], side="civilians",
            low="3", wording="at least",
        ),
        _claim(
            10, "paper", "killed", event_id=EVENTS["mali"], side="victims",
            low="0", high="0",
        ),
    ],
    "sources": [
        {
            "source_id": "s-army", "publisher": "Army", "title": "Communiqué 7",
            "read_on": "2025-06-29", "language": "fr", "kind": "government",
        },
        {
            "source_id": "s-paper", "publisher": "Paper", "author": "A. Writer",
            "title": "The year", "url": "https://paper.example/year",
            "published": "2025-06-01", "read_on": "2025-06-30", "language": "en",
            "kind": "news",
        },
    ],
    "groups": [
        _group("fama", "state_force", True, "Army", "Armée"),
        _group("herders", "community", False, "Herders", "Éleveurs"),
        _group("jnim", "jihadist", True, "JNIM", "GSIM"),
        _group("katiba", "jihadist", True, "Katiba", "Katiba"),
    ],
    "group_names": [
        {
            "group_id": group, "name": name, "dataset": dataset, "language": "en",
            "valid_from": start, "valid_to": end, "match": match,
        }
        for group, name, dataset, start, end, match in [
            ("fama", "Government of Mali", "ucdp", "", "", "exact"),
            ("fama", "Military Forces of Mali", "acled", "", "", "prefix"),
            ("jnim", "GSIM", "general", "2017-03-02", "", "exact"),
            ("katiba", "The Brigade", "general", "2015-01-01", "2020-12-31", "exact"),
            ("jnim", "The Brigade", "general", "2021-01-01", "", "exact"),
            ("katiba", "The Brigade", "ucdp", "", "", "exact"),
        ]
    ],
    "group_links": [
        {
            "link_id": "l1", "group_id": "katiba", "relation": "part_of",
            "other_group_id": "jnim", "valid_from": "2017-03-02",
            "valid_to": "2024-06-30", "source_id": "s-paper",
        },
        {
            "link_id": "l2", "group_id": "jnim", "relation": "fights",
            "other_group_id": "fama", "source_id": "s-paper",
        },
    ],
    "places": [
        _place(
            "ml-west", ("West", "Ouest"), "town", latitude="0.5", longitude="0.5",
            point_precision="town", region_9="ML-5", region_10="ML-5",
            region_20="ml23-mopti", other_names="Tînariwene",
        ),
        _place(
            "ml-middle", ("Middle", "Milieu"), "town", latitude="0.25",
            longitude="1.5", point_precision="town",
        ),
        _place(
            "ml-east", ("East", "Est"), "village", latitude="0.5", longitude="2.5",
            point_precision="area",
        ),
        _place(
            "ml-gao-region", ("Gao", "Gao"), "region", region_9="ML-7",
            region_10="ML-7",
        ),
        _place("ml-mali", ("Mali", "Mali"), "country"),
    ],
    "milestones": [
        {
            "milestone_id": "m-coup", "date_start": "2024-02-01",
            "date_end": "2024-02-01", "date_precision": "day", "title_en": "A coup",
            "title_fr": "Un coup d’État", "kind": "coup", "scope": "mali",
            "recurs": "false", "major": "true", "source_id": "s-paper",
        },
    ],
    "statements": [
        {
            "statement_id": "st-more", "text_en": "There is more of it.",
            "text_fr": "Il y en a davantage.", "test_en": "Counts by year",
            "test_fr": "Nombre par an", "testable": "now", "source_id": "s-paper",
            "locator": "L1",
        },
    ],
    "event_links": [
        {
            "event_id": EVENTS["mine"], "earlier_event_id": EVENTS["middle"],
            "relation": "reprisal", "note_en": "For the village.",
            "note_fr": "Pour le village.", "source_id": "s-paper",
        },
    ],
    "settled_pairs": [
        {
            "first_id": EVENTS["east"], "second_id": EVENTS["mine"],
            "verdict": "distinct", "reason_en": "Two places of one operation.",
        },
        {
            "first_id": EVENTS["west"], "second_id": "ml-2024-01-11-west",
            "verdict": "same", "reason_en": "One attack, told with two days.",
        },
    ],
    "unsourced": [
        {
            "lead_id": "ml-2024-ford", "country": "ML", "about_when_en": "early 2024",
            "about_when_fr": "début 2024", "place_en": "The ford",
            "place_fr": "Le gué", "what_en": "A boat is said to have been stopped.",
            "what_fr": "Un bateau aurait été arrêté.",
            "why_en": "No published document was found.",
            "why_fr": "Aucun document publié trouvé.",
        },
    ],
    "ucdp_years": [
        {
            "country": "ML", "year": "2024", "events": "40", "deaths_low": "100",
            "deaths_best": "120", "deaths_high": "150", "civilian_deaths": "30",
            "source_id": "s-paper",
        },
    ],
    "vocabulary": _vocabulary(),
}  # fmt: skip


@pytest.fixture
def world() -> Rows:
    """Return the rows of the small world, to change and write."""
    return copy.deepcopy(_WORLD)


def _write_tables(folder: Path, rows: Rows) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for table, lines in rows.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns_of(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
    return folder


@pytest.fixture(scope="session")
def write_tables() -> Callable[[Path, Rows], Path]:
    """Return the function that writes rows as the CSV files of a folder."""
    return _write_tables


class SmallRegions(Regions):
    """Regions of the small world, with people in round numbers."""

    def population(self, boundary_set: str, census_year: int) -> pd.Series:
        """Return people by region; Gao was not counted."""
        people = {"ML-5": 1_000_000, "ML-6": 200_000}
        return pd.Series(
            people if boundary_set in {"mali-9", "sahel"} else {}, dtype="int64"
        )


def _regions() -> SmallRegions:
    nine = [("ML-5", "Mopti", "Mopti"), ("ML-6", "Timbuktu", "Tombouctou")]
    nine += [("ML-7", "Gao", "Gao")]
    newer = [("ml23-mopti", "Mopti", "Mopti"), ("ml23-gao", "Gao", "Gao")]
    newer += [("ml23-tombouctou", "Timbuktu", "Tombouctou")]
    newer += [("ml23-taoudenit", "Taoudenit", "Taoudénit")]
    ten = [*nine, ("ML-10", "Taoudenit", "Taoudénit")]
    niger = ("NE-6", "Tillaberi (Niger)", "Tillabéri (Niger)")
    label_longitude = {"ML-5": 0.5, "ML-6": 1.5, "ML-7": 2.5, "NE-6": 3.5}
    return SmallRegions(
        pd.DataFrame(
            [
                (boundary_set, *region, 0.9, label_longitude.get(region[0]))
                for boundary_set, regions in [
                    ("sahel", [*nine, niger]),
                    ("mali-9", nine),
                    ("mali-10", ten),
                    ("mali-20", newer),
                ]
                for region in regions
            ],
            columns=[
                "boundary_set",
                "region_id",
                "name_en",
                "name_fr",
                "label_latitude",
                "label_longitude",
            ],
        )
    )


def _boundaries() -> Boundaries:
    def layer(**columns: list) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry="geometry", crs="EPSG:4326")

    return Boundaries(
        mali=layer(
            region_id=["ML-5", "ML-6", "ML-7"],
            geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)],
        ),
        mali_2023=layer(
            region_id=["ml23-mopti", "ml23-tombouctou", "ml23-taoudenit", "ml23-gao"],
            parent_region_9=["ML-5", "ML-6", "ML-6", "ML-7"],
            geometry=[
                box(0, 0, 1, 1),
                box(1, 0, 2, 0.5),
                box(1, 0.5, 2, 1),
                box(2, 0, 3, 1),
            ],
        ),
        neighbours=layer(
            region_id=["NE-6"], country=["NE"], geometry=[box(3, 0, 4, 1)]
        ),
        countries=layer(
            country=["ML", "NE"], geometry=[box(0, 0, 3, 1), box(3, 0, 4, 1)]
        ),
    )


@pytest.fixture(scope="session")
def make_atlas(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Rows], Atlas]:
    """Return the function that makes an atlas of rows on the square regions."""

    def make(rows: Rows) -> Atlas:
        folder = _write_tables(tmp_path_factory.mktemp("world"), rows)
        # tests/data holds the small world to its contract; here it is only read.
        record = Record(
            **{name: read_table(folder / f"{name}.csv", name) for name in rows}
        )
        boundaries, regions = _boundaries(), _regions()
        events = join_events(record, boundaries, regions)
        return Atlas(record, boundaries, regions, events)

    return make


@pytest.fixture(scope="session")
def atlas(make_atlas: Callable[[Rows], Atlas]) -> Atlas:
    """Return the atlas of the small world. Never change it."""
    return make_atlas(copy.deepcopy(_WORLD))


@pytest.fixture(scope="session")
def ids() -> dict[str, str]:
    """Return the ``event_id`` of each event of the small world by its short name."""
    return dict(EVENTS)


@pytest.fixture(scope="session")
def names() -> Callable[[pd.Series], list[str]]:
    """Return the function that turns ``event_id`` into short names."""
    short = {event_id: name for name, event_id in EVENTS.items()}

    def name(event_ids: pd.Series) -> list[str]:
        return [short[event_id] for event_id in event_ids]

    return name


@pytest.fixture(scope="session")
def real_record() -> Record:
    """Return the record of the project. Never change it."""
    return read_record()


@pytest.fixture(scope="session")
def real_atlas() -> Atlas:
    """Return the atlas of the project. Never change it."""
    return load_atlas()
