"""The record joined to the map: every event once, nothing finer than is known."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.analysis.atlas import (
    ACTOR_CLASSES,
    BOUNDARY_SETS,
    CERTAINTIES,
    PRECISIONS,
    TARGET_CLASSES,
)
from data.contract import schema_of


def codes_of(table: str, column: str) -> list[str]:
    (field,) = [it for it in schema_of(table)["fields"] if it["name"] == column]
    return field["constraints"]["enum"]


@pytest.fixture
def columns(atlas, names):
    """Return the function that gives columns of the events, by their short names."""

    def of(*wanted: str) -> dict[str, list]:
        table = atlas.events[list(wanted)].astype(object)
        rows = table.where(table.notna(), None).to_numpy().tolist()
        return dict(zip(names(atlas.events["event_id"]), rows, strict=True))

    return of


def test_every_event_is_there_once_by_its_first_day(atlas, names):
    assert names(atlas.events["event_id"]) == [
        "west",
        "middle",
        "east",
        "mine",
        "gao",
        "mali",
    ]


def test_days_of_the_atlas(atlas):
    assert atlas.first_day == pd.Timestamp("2024-01-10")
    assert atlas.last_day == pd.Timestamp("2025-03-01")


def test_regions(columns):
    assert columns("region_9", "region_10", "region_20", "located_by") == {
        "west": ["ML-5", "ML-5", "ml23-mopti", "place"],
        "middle": ["ML-6", "ML-6", "ml23-tombouctou", "polygon"],
        "east": ["ML-7", "ML-7", "ml23-gao", "polygon"],
        "mine": ["ML-6", "ML-10", "ml23-taoudenit", "polygon"],
        "gao": ["ML-7", "ML-7", None, "place"],
        "mali": [None, None, None, "none"],
    }


def test_points(columns):
    """An event known to its region stands where the region's name does on the map."""
    points = columns("latitude", "longitude", "point_from", "location_precision")
    assert points == {
        "west": [0.5, 0.5, "place", "town"],
        "middle": [0.25, 1.5, "place", "town"],
        "east": [0.5, 2.5, "place", "area"],
        "mine": [0.75, 1.5, "event", "site"],
        "gao": [0.9, 2.5, "region", "region"],
        "mali": [None, None, "none", "country"],
    }


def test_an_event_at_a_place_without_a_point_is_no_finer_than_its_region(
    make_atlas, world, ids
):
    world["events"][4] |= {"location_precision": "town"}
    row = make_atlas(world).events.set_index("event_id").loc[ids["gao"]]
    assert row["location_precision"] == "region"


@pytest.mark.parametrize(
    ("said", "point", "precision"),
    [
        pytest.param("site", "town", "town", id="a camp of a town"),
        pytest.param("site", "area", "area", id="a camp of an area"),
        pytest.param("town", "site", "town", id="the point is finer"),
        pytest.param("site", "", "site", id="nothing known of the point"),
    ],
)
def test_an_event_is_no_finer_than_its_point(
    make_atlas, world, ids, said, point, precision
):
    world["events"][0]["location_precision"] = said
    world["places"][0]["point_precision"] = point
    row = make_atlas(world).events.set_index("event_id").loc[ids["west"]]
    assert row["location_precision"] == precision


def test_tolls(columns):
    tolls = columns("toll_id", "deaths_low", "deaths_best", "deaths_high")
    assert {name: row[1:] for name, row in tolls.items()} == {
        "west": [10, 13, 14],
        "middle": [None, None, None],
        "east": [20, 25, 30],
        "mine": [20, 25, 30],
        "gao": [3, 3, 3],
        "mali": [0, 0, 0],
    }
    assert tolls["mine"][0] == tolls["east"][0] == "op-may"


def test_groups(columns):
    assert columns("group_ids", "perpetrator_id", "certainty", "actor_class") == {
        "west": [{"katiba", "jnim", "fama"}, "katiba", "claimed", "jnim"],
        "middle": [{"fama"}, "fama", "attributed", "state"],
        "east": [{"jnim"}, "jnim", "attributed", "jnim"],
        "mine": [{"jnim"}, "jnim", "suspected", "jnim"],
        # The katiba left in June 2024.
        "gao": [{"katiba"}, "katiba", "suspected", "other-jihadist"],
        "mali": [{"fama"}, None, "unknown", "unknown"],
    }


def test_the_best_known_perpetrator_is_named(make_atlas, world, ids):
    world["event_groups"].insert(
        0,
        {
            "event_id": ids["west"], "group_id": "fama", "role": "perpetrator",
            "certainty": "suspected",
        },
    )  # fmt: skip
    del world["event_groups"][2]
    row = make_atlas(world).events.set_index("event_id").loc[ids["west"]]
    assert (row["perpetrator_id"], row["certainty"]) == ("katiba", "claimed")


def test_voices_and_documents(columns):
    assert columns("harmed", "claimant_types", "sources") == {
        "west": [
            {"security_forces", "victims"}, {"government", "media", "insurgent"}, 2,
        ],
        # The army was silent of its victims; the paper said dozens.
        "middle": [{"civilians"}, {"government", "media"}, 1],
        "east": [{"victims"}, {"media", "un"}, 1],
        "mine": [{"victims"}, {"media", "un"}, 1],
        "gao": [{"civilians"}, {"media"}, 1],
        # Nobody was killed.
        "mali": [set(), {"media"}, 1],
    }  # fmt: skip


def test_texts_to_search_in_both_languages(atlas, ids):
    texts = atlas.events.set_index("event_id")["haystack"]
    for word in ("west", "ouest", "tinariwene", "katiba", "ce qui s’est passe"):
        assert word in texts[ids["west"]]
    assert ids["west"] in texts[ids["west"]]
    assert "nan" not in texts[ids["middle"]].split()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Small arms"), ("fr", "Small arms (fr)")]
)
def test_label(atlas, language, words):
    assert atlas.label("tactics", "small_arms", language) == words
    assert atlas.label("tactics", "sorcery", language) == "sorcery"


@pytest.mark.parametrize(
    ("row_id", "english", "french"),
    [
        ("jnim", "JNIM", "GSIM"),
        ("ml-west", "West", "Ouest"),
        ("op-may", "The May operation", "L’opération de mai"),
        ("nobody", "nobody", "nobody"),
    ],
)
def test_name(atlas, row_id, english, french):
    assert atlas.name(row_id, "en") == english
    assert atlas.name(row_id, "fr") == french


def test_subject_name(atlas, ids):
    assert atlas.subject_name("op-may", "fr") == "L’opération de mai"
    assert atlas.subject_name(ids["west"], "fr").startswith("Ouest, ")
    assert atlas.subject_name("nobody", "en") == "nobody"


def test_an_event_of_no_place_is_named_by_its_day(make_atlas, world, ids):
    world["events"][2]["place_id"] = ""
    name = make_atlas(world).subject_name(ids["mine"], "en")
    assert "nan" not in name
    assert name == "2024-05-31"


def test_the_atlas_knows_every_code_of_the_contract():
    assert codes_of("events", "location_precision") == PRECISIONS
    assert codes_of("event_groups", "certainty") == CERTAINTIES
    assert sorted(codes_of("events", "target_type")) == sorted(TARGET_CLASSES)


def test_every_event_has_a_class(real_atlas):
    assert set(real_atlas.events["actor_class"]) <= set(ACTOR_CLASSES)
    assert real_atlas.events["target_class"].notna().all()


def test_the_join_loses_no_event(real_atlas, real_record):
    assert sorted(real_atlas.events["event_id"]) == sorted(
        real_record.events["event_id"]
    )


def test_an_event_has_at_most_one_region_of_each_set(real_atlas):
    for boundary_set, column in BOUNDARY_SETS.items():
        known = set(real_atlas.regions.ids(boundary_set))
        assert set(real_atlas.events[column].dropna()) <= known
