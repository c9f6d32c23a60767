"""Each layer is what its descriptor says, and the ground holds together."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
import shapely
from pyproj import Geod
from shapely.geometry import box, shape

from geo.boundaries import (
    LAYERS,
    TABLES,
    describe_layer,
    load_layer,
    load_population,
    load_regions,
)

PACKAGE = json.loads((LAYERS / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = PACKAGE["resources"]
VECTORS = [layer for layer in RESOURCES if layer["path"].endswith(".geojson")]
GEOD = Geod(ellps="WGS84")
# Official areas in km², least and most of the published figures.
OFFICIAL_KM2 = {
    "ML-1": (119_743, 120_760),
    "ML-2": (90_120, 95_848),
    "ML-3": (70_280, 71_790),
    "ML-4": (64_821, 64_947),
    "ML-5": (79_017, 79_017),
    "ML-6": (496_611, 497_926),
    "ML-7": (170_572, 170_572),
    "ML-8": (151_430, 151_430),
}


def by_name(layer: dict) -> str:
    """Name a parametrized case."""
    return layer["name"]


def area_km2(geometry: shapely.Geometry) -> float:
    """Area on the ellipsoid."""
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


@pytest.mark.parametrize("layer", RESOURCES, ids=by_name)
def test_file_is_the_one_described(layer):
    content = (LAYERS / layer["path"]).read_bytes()
    assert len(content) == layer["bytes"]
    assert "sha256:" + hashlib.sha256(content).hexdigest() == layer["hash"]


@pytest.mark.parametrize("layer", RESOURCES, ids=by_name)
def test_origin_and_licence_are_told(layer):
    assert layer["title"]
    assert layer["vintage"]
    assert layer["notes"]
    for source in layer["sources"]:
        assert source["package"] in source["title"]
        assert source["version"]
        assert source["file"]
        assert re.fullmatch("[0-9a-f]{64}", source["sha256"])
    assert layer["licenses"]
    for licence in layer["licenses"]:
        text = (LAYERS / licence["path"]).read_text(encoding="utf-8")
        assert len(text) > 300


def test_no_file_is_without_description():
    described = {layer["path"] for layer in RESOURCES} | {"datapackage.json"}
    assert {path.name for path in LAYERS.iterdir()} == described


def test_layers_are_small():
    assert sum(layer["bytes"] for layer in RESOURCES) < 900_000


@pytest.mark.parametrize(
    "path", [*LAYERS.glob("*json"), *TABLES.glob("regions.csv")], ids=lambda p: p.name
)
def test_no_address_in_the_layers(path):
    assert not re.search(r"https?:|www\.", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("layer", VECTORS, ids=by_name)
def test_geometries(layer):
    features = json.loads((LAYERS / layer["path"]).read_bytes())["features"]
    assert len(features) == layer["features"]
    shapes = [shape(feature["geometry"]) for feature in features]
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert layer["crs"] == "EPSG:4326"
    frame = box(*PACKAGE["bbox"])
    assert all(frame.covers(each) for each in shapes)
    numbers = shapely.get_coordinates(shapes)
    assert abs(numbers - numbers.round(4)).max() == 0


@pytest.mark.parametrize("layer", VECTORS, ids=by_name)
def test_names_in_both_languages(layer):
    table = load_layer(layer["name"])
    if layer["name"] == "borders":
        assert set(table["status"]) <= {"international", "disputed", "line_of_control"}
        return
    if layer["name"] == "rivers":  # one river has no name in the source
        table = table.dropna(subset=["name_en", "name_fr"], how="all")
        assert len(table) >= 50
    for column in ("name_en", "name_fr"):
        assert table[column].notna().all()
        broken = "\N{REPLACEMENT CHARACTER}?Ã"
        assert not table[column].str.contains(f"[{broken}]", regex=True).any()


@pytest.mark.parametrize(
    "name", ["mali_regions", "mali_regions_2023_approx", "sahel_regions", "countries"]
)
def test_polygons_neither_overlap_nor_leave_slivers(name):
    assert shapely.coverage_is_valid(load_layer(name).geometry.values)


def test_mali_and_its_neighbours_share_their_borders():
    mali = load_layer("mali_regions").geometry.values
    neighbours = load_layer("sahel_regions").geometry.values
    together = [*mali, *neighbours]
    assert shapely.coverage_is_valid(together)
    countries = load_layer("countries").set_index("country").geometry
    assert shapely.equals(shapely.coverage_union_all(mali), countries["ML"])


def test_mali_has_no_hole():
    whole = shapely.coverage_union_all(load_layer("mali_regions").geometry.values)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0


def test_mali_regions_are_named_and_coded_as_the_table_says():
    layer = load_layer("mali_regions").set_index("region_id")
    table = load_regions("mali-9").set_index("region_id")
    assert set(layer.index) == set(table.index)
    for column in ("name_en", "name_fr"):
        assert layer[column].to_dict() == table[column].to_dict()
    assert table.loc["ML-6", "name_fr"] == "Tombouctou"
    assert table.loc["ML-3", "name_fr"] == "Sikasso"


@pytest.mark.parametrize("region_id", OFFICIAL_KM2)
def test_areas_are_near_the_official_ones(region_id):
    layer = load_layer("mali_regions").set_index("region_id")
    least, most = OFFICIAL_KM2[region_id]
    assert least * 0.94 < area_km2(layer.geometry[region_id]) < most * 1.06


def test_total_area():
    whole = shapely.coverage_union_all(load_layer("mali_regions").geometry.values)
    assert area_km2(whole) == pytest.approx(1_252_724, rel=0.001)  # unsimplified


def test_regions_of_2023_are_all_there_and_called_approximate():
    layer = load_layer("mali_regions_2023_approx").set_index("region_id")
    assert set(layer.index) == set(load_regions("mali-20")["region_id"])
    assert layer["approximate"].all()
    described = describe_layer("mali_regions_2023_approx")
    assert described["approximate"] is True
    assert "APPROXIMATE" in described["title"]
    assert len(described["seeds"]) >= 100


def test_regions_of_2023_nest_in_their_parents():
    mali = load_layer("mali_regions").set_index("region_id").geometry
    newer = load_layer("mali_regions_2023_approx")
    parents = load_regions("mali-20").set_index("region_id")["parent_region_9"]
    assert dict(zip(newer["region_id"], newer["parent_region_9"], strict=True)) == (
        parents.to_dict()
    )
    for parent, parts in newer.groupby("parent_region_9"):
        joined = shapely.coverage_union_all(parts.geometry.values)
        apart = shapely.symmetric_difference(joined, mali[parent])
        # Where a cut meets the old border the grid may move it by some 100 m.
        assert area_km2(apart) < max(0.0005 * area_km2(mali[parent]), 1)


def test_neighbours_are_all_there():
    counts = load_layer("sahel_regions").groupby("country").size().to_dict()
    assert counts["BF"] == 13
    assert counts["NE"] == 8
    assert counts["GN"] == 8
    assert counts["SN"] == 14
    assert counts["TG"] == 5
    assert counts["BJ"] == 12
    assert counts["GH"] == 10
    assert counts["CI"] == 19
    assert counts["MR"] == 13
    assert counts["NG"] == 37
    assert counts["DZ"] >= 4  # those within the box
    ids = load_layer("sahel_regions")["region_id"]
    assert ids.is_unique
    assert ids.str.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}").all()


def test_borders_are_shared_by_the_countries_they_part():
    countries = load_layer("countries").set_index("country").geometry
    borders = load_layer("borders")
    for row in borders.itertuples():
        for country in (row.country, row.other_country):
            boundary = shapely.boundary(countries[country])
            assert shapely.covers(boundary, row.geometry)
    with_mali = borders[
        (borders["country"] == "ML") | (borders["other_country"] == "ML")
    ]
    assert len(with_mali) == 7


def test_seats_of_the_regions_are_on_the_map():
    towns = load_layer("towns")
    seats = towns[(towns["country"] == "ML") & towns["capital"].notna()]
    assert len(seats) == 20
    assert {"ml-kidal", "ml-menaka", "ml-taoudenit"} <= set(seats["place_id"])


@pytest.mark.parametrize("boundary_set", ["mali-9", "mali-20"])
def test_labels_lie_in_their_region(boundary_set):
    name = {"mali-9": "mali_regions", "mali-20": "mali_regions_2023_approx"}
    layer = load_layer(name[boundary_set]).set_index("region_id").geometry
    for row in load_regions(boundary_set).itertuples():
        label = shapely.Point(row.label_longitude, row.label_latitude)
        assert layer[row.region_id].contains(label)


def test_every_region_has_a_population():
    for boundary_set in ("mali-9", "mali-10", "mali-20"):
        wanted = set(load_regions(boundary_set)["region_id"])
        assert set(load_population(boundary_set, 2022).index) == wanted


def test_relief_is_a_mercator_picture_of_the_box():
    image = pytest.importorskip("PIL.Image")
    described = describe_layer("relief")
    assert described["crs"] == "EPSG:3857"
    with image.open(described["file"]) as picture:
        assert picture.size == (1050, 786)


def test_unknown_layer():
    with pytest.raises(KeyError, match="no layer is named 'roads'"):
        describe_layer("roads")
