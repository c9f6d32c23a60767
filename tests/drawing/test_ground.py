"""The ground, as folium describes it and as the app draws it."""

from __future__ import annotations

import json

import folium
import pytest

from dashboard.drawing import vendor
from dashboard.drawing.ground import (
    GROUND,
    REGION_SETS,
    GroundLayers,
    Names,
    describe,
    description,
    ground_map,
)

SQUARE = [[0.0, 10.0], [1.0, 10.0], [1.0, 11.5], [0.0, 10.0]]


@pytest.fixture
def layers(tmp_path):
    """A world of one square: every layer holds it, or a line, or a town."""
    about = {"region_id": "ML-1", "country": "ML", "name_en": "A", "name_fr": "É"}
    shapes = {
        "countries": {"type": "Polygon", "coordinates": [SQUARE]},
        "borders": {"type": "LineString", "coordinates": SQUARE[:2]},
        "rivers": {"type": "MultiLineString", "coordinates": [SQUARE[:2], SQUARE[2:]]},
        "lakes": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
        "towns": {"type": "Point", "coordinates": [0.5, 10.5]},
        **{
            name: {"type": "Polygon", "coordinates": [SQUARE]}
            for name in REGION_SETS.values()
        },
    }
    for name, geometry in shapes.items():
        feature = {
            "type": "Feature",
            "properties": {**about, "rank": 2},
            "geometry": geometry,
        }
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        (tmp_path / f"{name}.geojson").write_text(text)
    (tmp_path / "relief.jpg").write_bytes(b"\xff\xd8 not a picture")
    return GroundLayers(tmp_path)


def test_describe(layers):
    ground = describe(ground_map(layers), {"relief": "relief.jpg"})
    parts = {part["role"]: part for part in ground["parts"]}
    assert list(parts) == [
        "countries", "relief", "regions-sahel", "regions-mali-9",
        "regions-mali-20-approx", "lakes", "rivers", "borders", "names",
    ]  # fmt: skip
    assert parts["countries"]["shapes"] == [
        ["ML-1", True, [[[0, 10000, 1000, 0, 0, 1500, -1000, -1500]]]]
    ]
    assert parts["borders"]["shapes"][0][1:] == [False, [[[0, 10000, 1000, 0]]]]
    assert len(parts["rivers"]["shapes"][0][2][0]) == 2
    assert len(parts["lakes"]["shapes"][0][2]) == 2
    assert parts["relief"]["url"] == "relief.jpg"
    assert parts["relief"]["bounds"] == [[3, -18], [28, 17]]
    assert [role for role, part in parts.items() if not part["show"]] == [
        "regions-mali-20-approx"
    ]
    (town,) = (label for label in parts["names"]["labels"] if label["kind"] == "town")
    assert town["name"] == {"en": "A", "fr": "É"}
    assert ground["limits"] == [[3, -18], [28, 17]]
    assert json.loads(json.dumps(ground)) == ground


def test_the_other_set_of_regions(layers):
    ground = describe(ground_map(layers, regions="mali-20-approx"))
    shown = {part["role"]: part["show"] for part in ground["parts"]}
    assert shown["regions-mali-20-approx"] and not shown["regions-mali-9"]
    with pytest.raises(ValueError, match="regions is 'mali-10', expected one of"):
        ground_map(layers, regions="mali-10")


def test_choropleth_colours_regions_by_id(layers):
    classes = [{"colour": "#111111", "label": "0"}, {"colour": "#222222", "label": "1"}]
    colours = {"values": {"ML-1": {"class": 1, "label": ""}}, "classes": classes}
    fmap = ground_map(layers, choropleth=colours)
    layer = fmap._children["regions-mali-9"]
    (feature,) = layer.data["features"]
    assert layer.style_function(feature)["fillColor"] == "#222222"
    assert not fmap._children["countries"].style_function(feature)["stroke"]


@pytest.mark.parametrize(
    "child",
    [
        folium.Marker([10, 0]),
        folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"),
        folium.Circle([10, 0]),
    ],
    ids=lambda child: type(child).__name__,
)
def test_describe_refuses_what_the_app_cannot_draw(layers, child):
    fmap = ground_map(layers)
    fmap.add_child(child)
    with pytest.raises(TypeError, match=f"cannot hold a {type(child).__name__}"):
        describe(fmap)


def test_no_text_of_a_layer_enters_the_page_but_sealed(layers):
    page = ground_map(layers).get_root().render()
    assert "É" not in page and "\\u00c9" not in page


def test_committed_ground_is_that_of_the_layers():
    text = (GROUND / "ground.json").read_text("utf-8")
    assert text == description(), "run python -m dashboard.drawing.ground"
    assert (GROUND / "relief.jpg").read_bytes() == GroundLayers().relief
    assert len(text.encode()) < 500_000


def test_committed_ground_names_places_in_both_languages():
    ground = json.loads((GROUND / "ground.json").read_text("utf-8"))
    (names,) = (part for part in ground["parts"] if part["kind"] == "names")
    french = {label["name"]["fr"]: label["name"]["en"] for label in names["labels"]}
    assert french["Tombouctou"] == "Timbuktu"
    assert french["Algérie"] == "Algeria"


def test_regions_keep_their_ids():
    ground = json.loads((GROUND / "ground.json").read_text("utf-8"))
    (mali,) = (part for part in ground["parts"] if part["role"] == "regions-mali-9")
    ids = {shape[0] for shape in mali["shapes"]}
    assert ids == {*(f"ML-{k}" for k in range(1, 9)), "ML-BKO"}


def test_names_is_the_only_class_of_our_own():
    assert Names.__mro__[1].__module__.startswith("folium")


def test_vendored_library_is_the_one_we_checked():
    assert vendor.check() == []


def test_a_changed_library_is_named(tmp_path):
    (tmp_path / "leaflet.js").write_text("changed")
    faults = vendor.check(tmp_path)
    assert len(faults) == len(vendor.FILES)
    assert "has the checksum" in faults[0]
    assert "is missing" in faults[1]
