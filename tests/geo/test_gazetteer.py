"""Names find all their places; a homonym is never resolved by guessing."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.distance import haversine_km
from geo.gazetteer import AmbiguousPlace, Gazetteer, UnknownPlace, fold


@pytest.fixture
def gazetteer() -> Gazetteer:
    """Return two Bambas, a town of many names, a place without point."""
    return Gazetteer(
        pd.DataFrame(
            [
                [
                    "ml-bamba-bourem",
                    "Bamba",
                    "Bamba",
                    None,
                    "ML",
                    "Bourem",
                    17.03,
                    -1.4,
                ],
                [
                    "ml-bamba-sikasso",
                    "Bamba",
                    "Bamba",
                    "Banba",
                    "ML",
                    None,
                    10.38,
                    -7.15,
                ],
                [
                    "ml-tombouctou",
                    "Timbuktu",
                    "Tombouctou",
                    "Timbuctoo;Tombuctú",
                    *("ML", "Tombouctou", 16.77, -3.01),
                ],
                [
                    "ml-gourma-rharous",
                    "Gourma Rharous",
                    "Gourma-Rharous",
                    "Rharous",
                    *("ML", "Gourma-Rharous", 16.88, -1.92),
                ],
                ["bf-gao", "Gao", "Gao", None, "BF", None, 11.6, -2.2],
                ["ml-gao", "Gao", "Gao", None, "ML", "Gao", 16.27, -0.04],
                ["ml-liptako", "Liptako", "Liptako", None, None, None, None, None],
            ],
            columns=[
                *("place_id", "name_en", "name_fr", "other_names"),
                *("country", "cercle", "latitude", "longitude"),
            ],
        )
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gourma-Rharous", "gourma rharous"),
        ("N'Tillit", "N\u2019TILLIT"),
        ("Ménaka", "MENAKA"),
        ("  Ti-n-Zaouâtene ", "ti n zaouatene"),
    ],
)
def test_fold(one, other):
    assert fold(one) == fold(other)


def test_fold_keeps_different_names_apart():
    assert fold("Koro") != fold("Kora")


@pytest.mark.parametrize(
    "name", ["Timbuktu", "TOMBOUCTOU", "timbuctoo", "Tombuctu", " Tombuctú "]
)
def test_every_spelling_resolves(gazetteer, name):
    assert gazetteer.resolve(name) == "ml-tombouctou"


def test_find_returns_all_homonyms(gazetteer):
    found = gazetteer.find("bamba")
    assert list(found["place_id"]) == ["ml-bamba-bourem", "ml-bamba-sikasso"]


def test_homonyms_never_resolve_by_name_alone(gazetteer):
    with pytest.raises(AmbiguousPlace, match="say the cercle or the country") as error:
        gazetteer.resolve("Bamba")
    assert error.value.place_ids == ["ml-bamba-bourem", "ml-bamba-sikasso"]


def test_cercle_and_country_tell_homonyms_apart(gazetteer):
    assert gazetteer.resolve("Bamba", cercle="bourem") == "ml-bamba-bourem"
    assert gazetteer.resolve("Gao", country="bf") == "bf-gao"
    assert gazetteer.resolve("Gao", country="ML") == "ml-gao"


def test_a_name_in_the_wrong_cercle_is_unknown(gazetteer):
    with pytest.raises(UnknownPlace, match="'Bamba' in Ségou"):
        gazetteer.resolve("Bamba", cercle="Ségou")


@pytest.mark.parametrize("name", ["Nowhere", "", "-"])
def test_unknown_names(gazetteer, name):
    assert gazetteer.find(name).empty
    with pytest.raises(UnknownPlace):
        gazetteer.resolve(name)


def test_nearest(gazetteer):
    row = gazetteer.nearest(17.0, -1.4)
    assert row["place_id"] == "ml-bamba-bourem"
    assert row["distance_km"] == pytest.approx(3.3, abs=0.1)
    assert gazetteer.nearest(17.0, -1.4, within_km=3) is None


def test_nearest_among_places_without_points(gazetteer):
    assert Gazetteer(gazetteer.places.tail(1)).nearest(17.0, -1.4) is None
    assert Gazetteer(gazetteer.places.head(0)).nearest(17.0, -1.4) is None


def test_broken_tables(gazetteer):
    with pytest.raises(ValueError, match=r"lacks the columns \['cercle'\]"):
        Gazetteer(gazetteer.places.drop(columns="cercle"))
    twice = pd.concat([gazetteer.places, gazetteer.places.head(1)])
    with pytest.raises(ValueError, match="ids twice"):
        Gazetteer(twice)


@pytest.mark.parametrize(
    ("points", "km"),
    [
        pytest.param((0, 0, 0, 1), 111.195, id="a degree on the equator"),
        pytest.param((0, 0, 1, 0), 111.195, id="a degree northwards"),
        pytest.param((60, 0, 60, 1), 55.597, id="half as wide at 60 degrees"),
        pytest.param((12.65, -8.0, 16.77, -3.01), 705.5, id="Bamako to Tombouctou"),
        pytest.param((0, 0, 0, 180), 20015.1, id="antipodes"),
        pytest.param((5, 5, 5, 5), 0, id="nowhere"),
    ],
)
def test_haversine(points, km):
    assert float(haversine_km(*points)) == pytest.approx(km, rel=1e-3)


def test_haversine_is_vectorised_and_keeps_the_missing_missing():
    km = haversine_km(0, 0, [0, 0, float("nan")], [1, 2, 3])
    assert km.shape == (3,)
    assert km[1] == pytest.approx(2 * km[0])
    assert km[2] != km[2]
