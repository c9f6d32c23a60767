"""The grid answers as the polygons do, or sends the point to them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from geo import join
from geo.boundaries import load_boundaries
from geo.raster import ASK, rasterize


@pytest.fixture(scope="module")
def boundaries():
    return load_boundaries()


def many_points(boundaries, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points all over, on corners of the regions, and close beside these."""
    random = np.random.default_rng(seed)
    corners = shapely.get_coordinates(boundaries.units.geometry.to_numpy())
    corners = corners[random.integers(0, len(corners), n)]
    beside = corners + random.normal(0, 0.02, corners.shape)
    west, south, east, north = boundaries.units.total_bounds
    anywhere = random.uniform((west - 1, south - 1), (east + 1, north + 1), (n, 2))
    points = np.concatenate([corners, beside, anywhere])
    return points[:, 0], points[:, 1]


def test_a_joined_point_has_the_region_of_the_polygons(boundaries, monkeypatch):
    longitude, latitude = many_points(boundaries, 4000, seed=3)
    places = np.full(len(longitude), None, dtype=object)
    places[::7] = "NE"  # a hint that most points contradict
    exact = join._units_by_polygon(longitude, latitude, places, boundaries, 5.0)
    monkeypatch.setattr(join, "_MANY", 1)
    fast = join._units_of(longitude, latitude, places, boundaries, 5.0)
    np.testing.assert_array_equal(fast[0], exact[0])
    np.testing.assert_array_equal(fast[1], exact[1])
    assert len(set(exact[0])) > 100


def test_the_regions_of_2023_are_those_of_their_polygons(boundaries, monkeypatch):
    longitude, latitude = many_points(boundaries, 3000, seed=8)
    hint = np.full(len(longitude), None, dtype=object)
    unit, _ = join._units_of(longitude, latitude, hint, boundaries, 5.0)
    in_mali = unit >= 0
    ids = boundaries.units["region_id"].to_numpy(dtype=object)[unit]
    in_mali &= np.array([each.startswith("ML-") for each in ids])
    asked = longitude[in_mali], latitude[in_mali], ids[in_mali], boundaries
    exact = join._approximate_20(*asked)
    monkeypatch.setattr(join, "_MANY", 1)
    assert join._approximate_20(*asked).tolist() == exact.tolist()
    assert len(set(exact)) == 20


def test_most_points_need_no_polygon(boundaries):
    """Else the grid would be true and useless."""
    random = np.random.default_rng(5)
    longitude = random.uniform(-12, 4, 20_000)
    latitude = random.uniform(10, 25, 20_000)
    found = boundaries.raster.find(longitude, latitude)
    assert (found == ASK).mean() < 0.1


def test_few_points_do_not_lay_a_grid(boundaries, monkeypatch):
    def refuse(self) -> None:
        raise AssertionError("a grid for three points")

    monkeypatch.setattr(type(boundaries), "raster", property(refuse))
    hint = np.full(3, None, dtype=object)
    longitude, latitude = np.array([-3.0, -8.0, 2.1]), np.array([16.8, 12.6, 13.5])
    unit, _ = join._units_of(longitude, latitude, hint, boundaries, 5.0)
    assert boundaries.units["region_id"].iloc[unit].to_list() == [
        "ML-6", "ML-BKO", "NE-8",
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), step=st.sampled_from([0.05, 0.11, 0.4]))
def test_any_polygons(seed, step):
    """Polygons of any form, overlapping or apart: what the grid says is so."""
    random = np.random.default_rng(seed)
    shapes = np.array(
        [
            shapely.convex_hull(
                shapely.MultiPoint(
                    random.uniform(0, 3, (6, 2)) + random.uniform(0, 3, 2)
                )
            )
            for _ in range(4)
        ]
    )
    raster = rasterize(shapes, step)
    x, y = random.uniform(-0.5, 6.5, (2, 2000))
    found = raster.find(x, y)
    inside = np.array([shapely.contains_xy(shape, x, y) for shape in shapes])
    known = found != ASK
    assert inside[found[known], np.flatnonzero(known)].all()


def test_a_hole_is_asked():
    ring = Polygon(box(0, 0, 4, 4).exterior.coords, [box(1, 1, 3, 3).exterior.coords])
    found = rasterize(np.array([ring])).find(
        np.array([0.5, 2.0, 1.0, 5.0, np.nan]), np.array([0.5, 2.0, 1.0, 5.0, 0.5])
    )
    assert found.tolist() == [0, ASK, ASK, ASK, ASK]


@pytest.mark.parametrize("count", [0, 40_000])
def test_too_few_or_too_many_polygons(count):
    with pytest.raises(ValueError, match="expected 1 to 32767"):
        rasterize(np.full(count, box(0, 0, 1, 1), dtype=object))
