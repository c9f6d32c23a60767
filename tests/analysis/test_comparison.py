"""Regions and towns side by side."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.analysis.comparison import (
    MOST_AREAS,
    TOO_FEW,
    Area,
    Quiet,
    compare_areas,
    home_of,
    longest_quiet,
    read_areas,
)
from dashboard.analysis.counts import KeyFigures
from dashboard.analysis.filter import EventFilter

TOWNS = frozenset({"ml-west", "ml-middle"})


@pytest.mark.parametrize(
    ("text", "areas", "dropped"),
    [
        pytest.param(
            "ML-6,ml-west", [Area("ML-6"), Area("ml-west", is_town=True)], False,
            id="a region and a town",
        ),
        pytest.param("ML-7", [Area("ML-7")], False, id="one"),
        pytest.param("ML-7,ML-7", [Area("ML-7")], True, id="one twice"),
        pytest.param("ML-7,ML-11", [Area("ML-7")], True, id="one known of two"),
        pytest.param(
            "ml-middle,ML-5,ML-6,ML-7,ml-west",
            [Area("ml-middle", is_town=True), Area("ML-5"), Area("ML-6"), Area("ML-7")],
            True, id="five",
        ),
        pytest.param(",,ML-7,", [Area("ML-7")], False, id="commas"),
        pytest.param("", [Area("ML-6")], False, id="nothing"),
        pytest.param("<script>,NaN", [Area("ML-6")], True, id="nothing known"),
        pytest.param("ml-east", [Area("ML-6")], True, id="a town not offered"),
    ],
)  # fmt: skip
def test_read_areas(atlas, text, areas, dropped):
    """The page opens on Timbuktu and Bamako; the small world has no Bamako."""
    assert read_areas(text, atlas, "mali-9", TOWNS) == (areas, dropped)


@pytest.mark.parametrize(
    ("area", "box"),
    [
        # West lies at 0.5 north and 0.5 east; one place is grown to the least box.
        pytest.param(
            Area("ml-west", is_town=True), [[-0.1, -0.1], [1.1, 1.1]], id="a town"
        ),
        # All of Gao's events but the one known to its region: at 0.5 and 2.5.
        pytest.param(Area("ML-7"), [[-0.1, 1.9], [1.1, 3.1]], id="a region"),
        # Nothing happened there: around the point its name stands at.
        pytest.param(Area("NE-6"), [[0.3, 2.9], [1.5, 4.1]], id="a quiet region"),
    ],
)
def test_home_of(atlas, area, box):
    assert home_of(area, atlas, "sahel") == box


def test_a_home_holds_all_that_is_placed_in_its_area(real_atlas):
    (south, west), (north, east) = home_of(Area("ML-6"), real_atlas, "sahel")
    inside = EventFilter(region_ids=frozenset({"ML-6"})).apply(real_atlas)
    placed = inside[inside["location_precision"].isin(["site", "town", "area"])]
    assert placed["latitude"].between(south, north).all()
    assert placed["longitude"].between(west, east).all()


def test_the_page_opens_on_timbuktu_and_bamako(real_atlas):
    for boundary_set, keys in {
        "mali-9": ["ML-6", "ML-BKO"],
        "mali-10": ["ML-6", "ML-BKO"],
        "mali-20": ["ml23-tombouctou", "ml23-bamako"],
    }.items():
        areas, dropped = read_areas("", real_atlas, boundary_set, frozenset())
        assert [area.key for area in areas] == keys
        assert not dropped


def test_regions_of_another_set_are_dropped(atlas):
    areas, dropped = read_areas("ML-5,ML-6", atlas, "mali-20", TOWNS)
    assert [area.key for area in areas] == ["ml23-tombouctou"]
    assert dropped


def test_an_area_replaces_the_readers_own_place():
    asked = EventFilter(
        region_ids=frozenset({"ML-5"}), near_place="ml-east", within_km=90, text="x"
    )
    region = Area("ML-6").within(asked)
    assert (region.region_ids, region.near_place) == (frozenset({"ML-6"}), "")
    town = Area("ml-west", is_town=True).within(asked)
    assert (town.region_ids, town.near_place, town.within_km) == (
        frozenset(),
        "ml-west",
        25,
    )
    assert region.text == town.text == "x"


def events_on(*days: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(days, columns=["date_start", "date_end"])
    return table.astype("datetime64[us]")


def quiet(days: int, after: str, until: str) -> Quiet:
    return Quiet(days, pd.Timestamp(after), pd.Timestamp(until))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([], None, id="no event"),
        pytest.param([("2024-01-01", "2024-01-01")], None, id="one event"),
        pytest.param(
            [("2024-01-01", "2024-01-01"), ("2024-01-05", "2024-01-05")],
            quiet(3, "2024-01-01", "2024-01-05"), id="three days between",
        ),
        pytest.param(
            [("2024-01-05", "2024-01-05"), ("2024-01-01", "2024-01-01")],
            quiet(3, "2024-01-01", "2024-01-05"), id="in any order",
        ),
        pytest.param(
            [("2024-01-01", "2024-01-01"), ("2024-01-02", "2024-01-02")],
            quiet(0, "2024-01-01", "2024-01-02"), id="the next day",
        ),
        pytest.param(
            [("2024-01-01", "2024-01-01"), ("2024-01-01", "2024-01-01")],
            quiet(0, "2024-01-01", "2024-01-01"), id="the same day",
        ),
        pytest.param(
            [
                ("2024-01-01", "2024-06-30"),
                ("2024-02-01", "2024-02-01"),
                ("2024-07-05", "2024-07-05"),
            ],
            quiet(4, "2024-06-30", "2024-07-05"), id="under a long event",
        ),
        pytest.param(
            [
                ("2024-01-01", "2024-01-01"),
                ("2024-01-11", "2024-01-11"),
                ("2024-01-14", "2024-01-14"),
            ],
            quiet(9, "2024-01-01", "2024-01-11"), id="the widest of two",
        ),
    ],
)  # fmt: skip
def test_longest_quiet(days, expected):
    assert longest_quiet(events_on(*days)) == expected


def test_compare_areas(atlas, names):
    areas = [Area("ML-6"), Area("ML-7"), Area("ml-west", is_town=True)]
    asked = EventFilter(start=date(2024, 5, 1), end=date(2024, 6, 30))
    table = compare_areas(atlas, asked, areas)
    assert list(table) == areas

    timbuktu = table[areas[0]]
    assert names(timbuktu.pop("events")["event_id"]) == ["mine"]
    assert timbuktu == {
        "figures": KeyFigures(1, 20, 25, 30, 1, 0, 1, 1),
        "before": KeyFigures(1, 0, 0, 0, 0, 1, 0, 1),
        "first": pd.Timestamp("2024-05-31"),
        "last": pd.Timestamp("2024-05-31"),
        "quiet": None,
        "population": 200_000,
        "events_rate": 0.5,
        "deaths_rate": 12.5,
        "too_few": True,
    }
    gao = table[areas[1]]
    assert (gao["population"], gao["events_rate"], gao["deaths_rate"]) == (None,) * 3
    west = table[areas[2]]
    assert len(west["events"]) == 0
    assert (west["first"], west["last"], west["population"]) == (None, None, None)


def test_an_area_without_period_before(atlas):
    (row,) = compare_areas(atlas, EventFilter(), [Area("ML-6")]).values()
    assert row["before"] is None
    assert row["quiet"] == quiet(86, "2024-03-05", "2024-05-31")


def test_a_town_has_no_events_known_only_to_their_region(atlas):
    """The event of the region of Gao stands at a label point, not in the town."""
    (row,) = compare_areas(atlas, EventFilter(), [Area("ml-east", True)]).values()
    assert row["figures"].events == 1


def test_too_few_begins_under_five(make_atlas, world):
    for number in range(TOO_FEW - 1):
        event_id = f"ml-2024-04-0{number + 1}-west"
        day = {
            "date_start": f"2024-04-0{number + 1}",
            "date_end": f"2024-04-0{number + 1}",
        }
        world["events"].append({**world["events"][0], "event_id": event_id, **day})
        world["event_groups"].append({**world["event_groups"][0], "event_id": event_id})
        world["event_sources"].append({"event_id": event_id, "source_id": "s-paper"})
        claim = {"claim_id": f"c9{number}", "event_id": event_id}
        world["claims"].append({**world["claims"][2], **claim})
    joined = make_atlas(world)
    (five,) = compare_areas(joined, EventFilter(), [Area("ML-5")]).values()
    assert (five["figures"].events, five["too_few"]) == (5, False)
    asked = EventFilter(end=date(2024, 4, 3))
    (four,) = compare_areas(joined, asked, [Area("ML-5")]).values()
    assert (four["figures"].events, four["too_few"]) == (4, True)


def test_at_most_four_areas():
    assert MOST_AREAS == 4
