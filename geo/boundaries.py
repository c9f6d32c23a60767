"""The layers of the map, read once: regions to join events to, and the ground.

Layers are GeoJSON files of our own (``geo/layers/``), read with ``json`` and shapely;
GDAL never sees them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.raster import UnitRaster, rasterize

LAYERS = Path(__file__).parent / "layers"
TABLES = Path(__file__).parent / "tables"
CRS = "EPSG:4326"
# Equidistant from the middle of Mali: off by 2 % at most over the whole box.
METRIC_CRS = "+proj=aeqd +lat_0=17 +lon_0=-3 +datum=WGS84 +units=m +no_defs"

BOUNDARY_SETS = ("mali-9", "mali-10", "mali-20")


def describe_layer(name: str, folder: Path = LAYERS) -> dict[str, Any]:
    """Return what the descriptor says of a layer: title, licences, sources, notes.

    Parameters
    ----------
    name : str
        Name of the layer, for example ``"rivers"`` or ``"relief"``.
    folder : Path, optional
        Folder of the layers and their ``datapackage.json``.

    Returns
    -------
    dict
        The layer's entry, with ``file`` (its Path) and ``bbox`` (west, south, east,
        north in degrees) added.

    Raises
    ------
    KeyError
        If there is no layer of that name.
    """
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    layers = {layer["name"]: layer for layer in package["resources"]}
    if name not in layers:
        raise KeyError(f"no layer is named {name!r}; there are {sorted(layers)}")
    layer: dict[str, Any] = layers[name]
    return {**layer, "file": folder / layer["path"], "bbox": package["bbox"]}


def load_layer(name: str, folder: Path = LAYERS) -> gpd.GeoDataFrame:
    """Read one vector layer.

    Parameters
    ----------
    name : str
        Name of the layer: ``mali_regions``, ``mali_regions_2023_approx``,
        ``sahel_regions``, ``countries``, ``borders``, ``rivers``, ``lakes`` or
        ``towns``.
    folder : Path, optional
        Folder of the layers.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, with the properties of the file as columns.
    """
    path = describe_layer(name, folder)["file"]
    collection = json.loads(path.read_text(encoding="utf-8"))
    return gpd.GeoDataFrame.from_features(collection["features"], crs=CRS)


def load_regions(boundary_set: str | None = None) -> pd.DataFrame:
    """Read the names of Mali's regions.

    Parameters
    ----------
    boundary_set : {"mali-9", "mali-10", "mali-20"}, optional
        Only this set; by default all three.

    Returns
    -------
    DataFrame
        ``region_id``, ``boundary_set``, ``name_en``, ``name_fr``, ``iso_code`` (blank
        in the set of 2023), ``parent_region_9``, ``label_latitude`` and
        ``label_longitude``.

    Raises
    ------
    ValueError
        If there is no such set.
    """
    regions = _read_table("regions.csv")
    return regions if boundary_set is None else _of_set(regions, boundary_set)


def load_population(
    boundary_set: str, census_year: int, status: str | None = None
) -> pd.DataFrame:
    """Read the population of each region in one census.

    Parameters
    ----------
    boundary_set : {"mali-9", "mali-10", "mali-20"}
        Set of regions.
    census_year : {2009, 2022}
        Year of the census.
    status : {"definitive", "provisional", "sum"}, optional
        Which figures. By default the best there are: definitive, else sums of
        definitive ones, else provisional; they are never mixed.

    Returns
    -------
    DataFrame
        Indexed by ``region_id``, with ``population``, ``status``, source and caveats.
        Empty if the census gives nothing for the set; regions without a figure are
        not listed.
    """
    people = _of_set(_read_table("population.csv"), boundary_set)
    people = people[people["census_year"] == census_year]
    if status is None:
        known = set(people["status"])
        ranked = [s for s in ("definitive", "sum", "provisional") if s in known]
        # A set published in part as definitive is completed by its sums.
        wanted = {"definitive", "sum"} & known or set(ranked[:1])
    else:
        wanted = {status}
    return people[people["status"].isin(wanted)].set_index("region_id")


def _of_set(table: pd.DataFrame, boundary_set: str) -> pd.DataFrame:
    if boundary_set not in BOUNDARY_SETS:
        raise ValueError(
            f"boundary_set is {boundary_set!r}, expected one of {list(BOUNDARY_SETS)}"
        )
    return table[table["boundary_set"] == boundary_set].reset_index(drop=True)


def _read_table(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / name, keep_default_na=False, na_values=[""])


@dataclass(frozen=True, eq=False)
class Boundaries:
    """The polygons that events are joined to.

    Attributes
    ----------
    mali : GeoDataFrame
        The eight regions and Bamako: ``region_id``, ``name_en``, ``name_fr``.
    mali_2023 : GeoDataFrame
        The twenty units of 2023, approximate: ``region_id``, ``parent_region_9``.
    neighbours : GeoDataFrame
        First-level units elsewhere: ``region_id``, ``country`` and names.
    countries : GeoDataFrame
        ``country`` (ISO 3166-1 alpha-2) and names.

    Raises
    ------
    ValueError
        If a layer is not in EPSG:4326 or lacks a column.
    """

    mali: gpd.GeoDataFrame
    mali_2023: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    countries: gpd.GeoDataFrame

    def __post_init__(self) -> None:
        needed = {
            "mali": {"region_id"},
            "mali_2023": {"region_id", "parent_region_9"},
            "neighbours": {"region_id", "country"},
            "countries": {"country"},
        }
        for name, columns in needed.items():
            layer = getattr(self, name)
            if layer.crs is None or layer.crs != CRS:
                raise ValueError(f"{name} must be in {CRS} (found {layer.crs})")
            if missing := columns - set(layer.columns):
                raise ValueError(f"{name} lacks the columns {sorted(missing)}")

    @cached_property
    def units(self) -> gpd.GeoDataFrame:
        """First-level units of all countries, Mali's nine among them, by id.

        The order is the rule for a point on a shared border: the first one has it.
        """
        mali = self.mali.assign(country="ML")
        units = pd.concat([mali, self.neighbours], ignore_index=True)
        return gpd.GeoDataFrame(
            units.sort_values("region_id", ignore_index=True), crs=CRS
        )

    @cached_property
    def raster(self) -> UnitRaster:
        """A grid that knows the unit of most points; see ``geo.raster``."""
        return rasterize(self.units.geometry.to_numpy())

    @cached_property
    def raster_2023(self) -> UnitRaster:
        """The same for the approximate regions of 2023."""
        return rasterize(self.mali_2023.geometry.to_numpy())

    @cached_property
    def metric_units(self) -> gpd.GeoDataFrame:
        """The same units in metres, to find the nearest one."""
        # Long edges, straight in degrees, are bent in metres: cut them short first.
        return self.units.set_geometry(self.units.segmentize(0.1)).to_crs(METRIC_CRS)


def load_boundaries(folder: Path = LAYERS) -> Boundaries:
    """Read the polygons that events are joined to.

    Parameters
    ----------
    folder : Path, optional
        Folder of the layers.

    Returns
    -------
    Boundaries
        All sets, read from ``folder``.
    """
    return Boundaries(
        mali=load_layer("mali_regions", folder),
        mali_2023=load_layer("mali_regions_2023_approx", folder),
        neighbours=load_layer("sahel_regions", folder),
        countries=load_layer("countries", folder),
    )
