"""Small worlds that can be checked by eye, and the real layers, read once."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.boundaries import Boundaries, load_boundaries


@pytest.fixture(scope="session")
def real() -> Boundaries:
    """Return the committed layers."""
    return load_boundaries()


@pytest.fixture
def squares() -> Boundaries:
    """Return square regions, one degree wide: | ML-5 | ML-6 | ML-7 | NE-6 |.

    ML-6 is cut in the middle (Tombouctou in the south, Taoudénit in the north);
    beyond NE-6 lies Chad, a country without regions.
    """

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
            country=["ML", "NE", "TD"],
            geometry=[box(0, 0, 3, 1), box(3, 0, 4, 1), box(4, 0, 5, 1)],
        ),
    )


@pytest.fixture
def places() -> pd.DataFrame:
    """Return a gazetteer of one place for each case."""
    columns = ["place_id", "latitude", "longitude", "country", "part_of"]
    columns += ["point_precision", "region_9", "region_10", "region_20", "admin1"]
    none = None
    rows: list[list] = [
        # Curated as ML-6 although its point lies in ML-5.
        ["curated", 0.5, 0.5, "ML", none, "town", "ML-6", "ML-10", "ml23-taoudenit"],
        ["uncurated", 0.2, 1.5, "ML", none, "town", none, none, none],
        ["quarter", none, none, "ML", "curated", none, none, none, none],
        ["pointless", none, none, "ML", none, none, none, none, none],
        # In ML-7 by its point, 3 km from the border, but said to be in Niger.
        ["niger", 0.5, 2.97, "NE", none, "town", none, none, none],
        ["mali", 0.5, 1.5, "ML", none, "country", none, none, none],
        ["tera", 0.5, 0.5, "NE", none, "town", none, none, none, "NE-6"],
    ]
    table = pd.DataFrame(
        [row + [None] * (len(columns) - len(row)) for row in rows], columns=columns
    )
    return table.astype({"latitude": "float64", "longitude": "float64"})
