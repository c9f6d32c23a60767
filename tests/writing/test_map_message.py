"""What the map is told to draw: numbers, codes, and words apart."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.analysis.filter import EventFilter
from dashboard.drawing.packing import to_day
from dashboard.writing.catalogue import catalogue
from dashboard.writing.map_message import choropleth, map_message, pack_atlas

ENGLISH, FRENCH = catalogue("en"), catalogue("fr")


@pytest.fixture(scope="module")
def packed(atlas):
    return pack_atlas(atlas)


@pytest.fixture
def told(atlas, packed):
    """Return the function that makes the message of a filter."""

    def tell(say=ENGLISH, measure="", **asked):
        chosen = EventFilter(**asked)
        return map_message(atlas, packed, chosen, say, ground="g", measure=measure)

    return tell


def day(text: str) -> int:
    return to_day(text)


def test_every_event_is_packed_once(atlas, packed):
    assert sorted(packed.order) == sorted(atlas.events["event_id"])


@pytest.mark.parametrize(
    ("asked", "window"),
    [
        pytest.param({}, ("2024-01-10", "2025-03-01"), id="the whole record"),
        pytest.param(
            {"start": date(2024, 3, 1)}, ("2024-03-01", "2025-03-01"), id="from a day"
        ),
        pytest.param(
            {"start": date(2030, 1, 1)}, ("2030-01-01", "2030-01-01"), id="after it"
        ),
        pytest.param(
            {"end": date(2000, 1, 1)}, ("2000-01-01", "2000-01-01"), id="before it"
        ),
    ],
)
def test_the_window_is_never_reversed(told, asked, window):
    message = told(**asked)
    assert message["window"] == [day(it) for it in window]
    assert message["extent"] == [day("2024-01-10"), day("2025-03-01")]


def test_what_the_browser_filters_is_no_mask(told):
    """It must hold what it hides, or it could not show it at once."""
    whole = told()["visible"]
    assert told(start=date(2025, 1, 1))["visible"] == whole
    asked = {
        "actor_classes": frozenset({"state", "jnim"}),
        "target_classes": frozenset({"civilians"}),
        "min_deaths": 7,
    }
    message = told(**asked)
    assert message["visible"] == whole
    assert message["limits"] == {
        "groups": ["jnim", "state"], "targets": ["civilians"], "deaths": 7,
    }  # fmt: skip
    assert told()["limits"] == {"groups": [], "targets": [], "deaths": 0}
    assert told(text="porte nord")["visible"] != whole


def test_operations_are_drawn_with_their_toll(told, packed, ids):
    (operation,) = told()["operations"]
    members = {packed.order[index] for index in operation["members"]}
    assert members == {ids["mine"], ids["east"]}
    assert operation["label"] == ("The May operation (Deaths: 20–30, best estimate 25)")


def test_a_shared_toll_is_told_apart(told, packed, ids):
    """It is drawn at none of its sites, and yet a least number of deaths meets it."""
    tolls = {packed.order[at]: deaths for at, deaths in told()["tolls"]}
    assert tolls == {ids["mine"]: 25, ids["east"]: 25}


def test_milestones_that_are_dated_and_do_not_recur(make_atlas, world):
    once = world["milestones"][0]
    world["milestones"] += [
        {**once, "milestone_id": "m-day", "recurs": "true"},
        {**once, "milestone_id": "m-when", "date_start": "", "date_end": ""},
    ]
    joined = make_atlas(world)
    message = map_message(joined, pack_atlas(joined), EventFilter(), FRENCH, ground="g")
    assert message["milestones"] == [
        {
            "day": day("2024-02-01"),
            "day_end": day("2024-02-01"),
            "label": "Un coup d’État",
            "major": True,
        }
    ]


def test_only_words_of_the_map_travel(told):
    words = told(FRENCH)["words"]
    assert words["map_play"] == FRENCH["map_play"]
    assert all(key.startswith("map_") for key in words)


@pytest.mark.parametrize(
    ("measure", "classes"),
    [
        pytest.param(
            "events", {"ML-5": (1, "Mopti: 1"), "ML-6": (1, "Timbuktu: 2"),
                       "ML-7": (1, "Gao: 2")}, id="events",
        ),
        pytest.param(
            "deaths", {"ML-5": (1, "Mopti: 13"), "ML-6": (1, "Timbuktu: 25"),
                       "ML-7": (1, "Gao: 28")}, id="deaths",
        ),
        # Gao was not counted: no rate, and no colour that would say none.
        pytest.param(
            "rate", {"ML-5": (1, "Mopti: 0.1"), "ML-6": (2, "Timbuktu: 1")}, id="rate"
        ),
    ],
)  # fmt: skip
def test_choropleth(atlas, measure, classes):
    drawn = choropleth(
        atlas.events, atlas, EventFilter(boundary_set="mali-9"), measure, ENGLISH
    )
    assert drawn is not None
    assert {
        region: (value["class"], value["label"])
        for region, value in drawn["values"].items()
    } == classes
    assert len(drawn["classes"]) == 6


def test_the_classes_do_not_follow_the_filter(atlas):
    few = EventFilter(text="porte nord")
    labels = [
        [
            it["label"]
            for it in choropleth(rows, atlas, few, "events", FRENCH)["classes"]
        ]
        for rows in (atlas.events, few.apply(atlas))
    ]
    assert labels[0] == labels[1]


@pytest.mark.parametrize(
    ("boundary_set", "measure"),
    [("mali-10", "events"), ("mali-9", ""), ("mali-9", "constructor")],
)
def test_no_choropleth(atlas, boundary_set, measure):
    chosen = EventFilter(boundary_set=boundary_set)
    assert choropleth(atlas.events, atlas, chosen, measure, ENGLISH) is None
