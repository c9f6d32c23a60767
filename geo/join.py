"""Give each event a point, a country and a region in every set of boundaries.

The rule, in this order, for the first-level unit:

1. ``place``: the region that curators gave to the event's place, or to the place that
   one lies in (``part_of``);
2. ``polygon``: the unit the point lies in; of the country of the place, where that
   is known;
3. ``nearest``: the nearest unit within the tolerance, again of that country if it is
   known;
4. ``none``: nothing of it applies. The event stays in the table all the same.

A point on a shared border belongs to the unit whose id comes first in the alphabet
(``ML-5`` before ``ML-6``, ``BF-12`` before ``ML-5``), so that no event counts twice.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.boundaries import CRS, METRIC_CRS, Boundaries
from geo.distance import haversine_km
from geo.raster import ASK

LOCATED_COLUMNS = [
    "latitude",
    "longitude",
    "point_from",
    "region_9",
    "region_10",
    "region_10_approximate",
    "region_20",
    "region_20_approximate",
    "admin1",
    "country",
    "located_by",
    "outside_km",
]
# Old regions that were cut when ten were made of eight, and what came off them.
_SPLIT_IN_TEN = {"ML-6": ("ml23-taoudenit", "ML-10"), "ML-7": ("ml23-menaka", "ML-9")}
_OF_PLACE = ["region_9", "region_10", "region_20", "admin1", "country"]
# From so many points on, laying the grid over the regions pays.
_MANY = 20_000
_MAX_NESTING = 5  # quarter, town, area, region, country


def locate_events(
    events: pd.DataFrame,
    places: pd.DataFrame,
    boundaries: Boundaries,
    tolerance_km: float = 5.0,
) -> pd.DataFrame:
    """Place events on the map and in their regions.

    Parameters
    ----------
    events : DataFrame
        Any table of events, with ``place_id`` or with ``latitude`` and ``longitude``
        in degrees, or all three; each may be missing in a row. ``country`` (ISO
        3166-1 alpha-2), if there is such a column, counts where the place has none.
        ``location_precision``, if there, is heeded: an event of which only the
        country is known gets no region from a point.
    places : DataFrame
        The gazetteer: ``place_id``, ``latitude``, ``longitude``, and, where known,
        ``country``, ``part_of``, ``point_precision``, ``region_9``, ``region_10``,
        ``region_20`` and ``admin1``.
    boundaries : Boundaries
        The polygons.
    tolerance_km : float, optional
        How far outside a unit a point may lie and still be given to it, inclusive.

    Returns
    -------
    DataFrame
        A copy of ``events``, same rows, order and index, with columns

        * ``latitude``, ``longitude`` : float, the event's own point, else its place's
        * ``point_from`` : str, "event", "place" or "none"
        * ``region_9``, ``region_10``, ``region_20`` : str or missing, Mali's regions
          under each set
        * ``region_10_approximate``, ``region_20_approximate`` : bool, True where the
          region was read off approximate polygons and not given by curators
        * ``admin1`` : str or missing, first-level unit anywhere; in Mali ``region_9``
        * ``country`` : str or missing, of the place, else of the unit, else of the
          country the point lies in
        * ``located_by`` : str, "place", "polygon", "nearest" or "none", how
          ``admin1`` was found
        * ``outside_km`` : float, distance to the unit where ``located_by`` is
          "nearest", else missing

    Raises
    ------
    ValueError
        If ``events`` has neither points nor places, an event names a place that is
        not in ``places``, a place is there twice, or the tolerance is negative.
    """
    _check(events, places, tolerance_km)
    located = events.copy()
    known = _places_of(events, places)
    _set_points(located, events, known)

    hint = known["country"].where(known["country"].notna(), _column(events, "country"))
    region_9 = known["region_9"]
    admin1 = region_9.where(region_9.notna(), known["admin1"])
    located_by = pd.Series("none", index=located.index).mask(admin1.notna(), "place")

    # A point that stands for a whole country says nothing of the region.
    vague = (located["point_from"] == "place") & (known["point_precision"] == "country")
    vague |= _column(events, "location_precision") == "country"
    has_point = located["point_from"] != "none"
    ask = (admin1.isna() & has_point & ~vague).to_numpy()
    longitude = located["longitude"].to_numpy()
    latitude = located["latitude"].to_numpy()
    unit, outside = _units_of(
        longitude[ask], latitude[ask], hint.to_numpy()[ask], boundaries, tolerance_km
    )
    ids = boundaries.units["region_id"].to_numpy()
    found = unit >= 0
    at = np.flatnonzero(ask)[found]
    how = np.where(np.isnan(outside[found]), "polygon", "nearest")
    admin1 = admin1.to_numpy(dtype=object, copy=True)
    admin1[at] = ids[unit[found]]
    by = located_by.to_numpy(dtype=object, copy=True)
    by[at] = how
    distances = np.full(len(located), np.nan)
    distances[at] = outside[found]

    mali_ids = set(boundaries.mali["region_id"])
    located["region_9"] = _text([each if each in mali_ids else None for each in admin1])
    _set_newer_regions(located, known, boundaries)
    located["admin1"] = _text(admin1)
    located["country"] = _country_of(located, hint, boundaries)
    located["located_by"] = _text(by)
    located["outside_km"] = distances
    added = [name for name in LOCATED_COLUMNS if name not in events.columns]
    return located[[*events.columns, *added]]


def _check(events: pd.DataFrame, places: pd.DataFrame, tolerance_km: float) -> None:
    if tolerance_km < 0:
        raise ValueError(f"tolerance_km is {tolerance_km}, expected 0 or more")
    has_points = {"latitude", "longitude"} <= set(events.columns)
    if not has_points and "place_id" not in events.columns:
        raise ValueError("events has neither latitude and longitude nor place_id")
    twice = places["place_id"][places["place_id"].duplicated()]
    if len(twice):
        raise ValueError(f"places has these ids twice: {sorted(set(twice))}")
    if "place_id" in events.columns:
        unknown = set(events["place_id"].dropna()) - set(places["place_id"])
        if unknown:
            raise ValueError(f"events name places not in places: {sorted(unknown)}")


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a text column as objects, all missing if the table has none."""
    if name in table.columns:
        column = table[name].astype(object)
        return column.where(column.notna(), None)
    return pd.Series(None, index=table.index, dtype=object)


def _text(values: object) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


def _places_of(events: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of each event's place, on the index of the events.

    A place without curated region takes that of the place it lies in.
    """
    table = pd.DataFrame(
        {
            **{name: _column(places, name) for name in _OF_PLACE},
            "part_of": _column(places, "part_of"),
            "point_precision": _column(places, "point_precision"),
            "latitude": places["latitude"].astype("float64"),
            "longitude": places["longitude"].astype("float64"),
        }
    ).set_index(pd.Index(places["place_id"]))
    around = table["part_of"]
    for _ in range(_MAX_NESTING):
        # Regions go together: a place with one of its own takes none from above.
        bare = table["region_9"].isna() & table["admin1"].isna() & around.notna()
        if not bare.any():
            break
        above = table[_OF_PLACE].reindex(around[bare])
        above.index = around.index[bare]
        table.loc[bare, _OF_PLACE] = table.loc[bare, _OF_PLACE].combine_first(above)
        around = around.map(table["part_of"], na_action="ignore")
    known = table.reindex(_column(events, "place_id"))
    known.index = events.index
    return known


def _set_points(
    located: pd.DataFrame, events: pd.DataFrame, known: pd.DataFrame
) -> None:
    blank = pd.Series(np.nan, index=events.index)
    own = pd.DataFrame(
        {
            name: events[name].astype("float64") if name in events else blank
            for name in ("latitude", "longitude")
        }
    )
    # Half a point is no point.
    from_event = own.notna().all(axis=1)
    from_place = ~from_event & known[["latitude", "longitude"]].notna().all(axis=1)
    for name in ("latitude", "longitude"):
        of_place = known[name].where(from_place)
        located[name] = own[name].where(from_event, of_place)
    located["point_from"] = _text(
        np.select([from_event, from_place], ["event", "place"], "none")
    )


def _units_of(
    longitude: np.ndarray,
    latitude: np.ndarray,
    country: np.ndarray,
    boundaries: Boundaries,
    tolerance_km: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the unit of each point, -1 for none, and how far outside it lies."""
    unit = np.full(len(longitude), -1)
    outside = np.full(len(longitude), np.nan)
    ask = np.arange(len(longitude))
    if len(longitude) >= _MANY:
        found = boundaries.raster.find(longitude, latitude)
        owner = boundaries.units["country"].to_numpy(dtype=object)
        # A hint that names another country is a question for the polygons.
        known = (found != ASK) & (pd.isna(country) | (owner[found] == country))
        unit[known] = found[known]
        ask = np.flatnonzero(~known)
    if len(ask):
        unit[ask], outside[ask] = _units_by_polygon(
            longitude[ask], latitude[ask], country[ask], boundaries, tolerance_km
        )
    return unit, outside


def _units_by_polygon(
    longitude: np.ndarray,
    latitude: np.ndarray,
    country: np.ndarray,
    boundaries: Boundaries,
    tolerance_km: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the unit of each point, -1 for none, and how far outside it lies."""
    units = boundaries.units
    unit = np.full(len(longitude), -1)
    outside = np.full(len(longitude), np.nan)
    points = shapely.points(longitude, latitude)
    hinted = pd.notna(country)
    owner = units["country"].to_numpy(dtype=object)

    # Units are in the order of their ids: the smallest one is the rule for ties. Asked
    # this way round, shapely prepares each polygon once, not each point.
    inside, which = shapely.STRtree(points).query(
        units.geometry.values, predicate="intersects"
    )
    allowed = ~hinted[which] | (owner[inside] == country[which])
    which, inside = which[allowed], inside[allowed]
    first, unit_of_first = _lowest(which, inside)
    unit[first] = unit_of_first

    lost = np.flatnonzero(unit < 0)
    # A point within a country is never given to the next one: not every country has
    # units here.
    unsure = lost[~hinted[lost]]
    country = country.copy()
    country[unsure] = _containing_country(
        longitude[unsure], latitude[unsure], boundaries
    )
    for wanted in set(country[lost]):
        mine = lost[[each == wanted for each in country[lost]]]
        candidates = (
            np.arange(len(units)) if wanted is None else np.flatnonzero(owner == wanted)
        )
        near, distance = _nearest(
            longitude[mine], latitude[mine], candidates, boundaries, tolerance_km
        )
        unit[mine] = near
        outside[mine] = distance
    return unit, outside


def _lowest(which: np.ndarray, match: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each point with a match once, with the lowest of its matches."""
    order = np.lexsort((match, which))
    points, position = np.unique(which[order], return_index=True)
    return points, match[order][position]


def _nearest(
    longitude: np.ndarray,
    latitude: np.ndarray,
    candidates: np.ndarray,
    boundaries: Boundaries,
    tolerance_km: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest candidate within the tolerance and its distance."""
    unit = np.full(len(longitude), -1)
    distance = np.full(len(longitude), np.nan)
    if not len(candidates):
        return unit, distance
    shapes = boundaries.metric_units.geometry.values[candidates]
    points = _reproject(shapely.points(longitude, latitude), CRS, METRIC_CRS)
    # The plane is off by up to 2 %: look a little farther, then measure on the sphere.
    which, near = shapely.STRtree(shapes).query(
        points, predicate="dwithin", distance=tolerance_km * 1000 * 1.05 + 1
    )
    line = shapely.shortest_line(points[which], shapes[near])
    ends = _reproject(shapely.get_point(line, 1), METRIC_CRS, CRS)
    km = haversine_km(
        latitude[which], longitude[which], shapely.get_y(ends), shapely.get_x(ends)
    )
    kept = km <= tolerance_km
    which, near, km = which[kept], near[kept], km[kept]
    # Units equally near, to the metre, tie; the lowest id has the point.
    order = np.lexsort((near, km.round(3), which))
    first, position = np.unique(which[order], return_index=True)
    unit[first] = candidates[near[order][position]]
    distance[first] = km[order][position]
    return unit, distance


def _reproject(points: np.ndarray, source: str, target: str) -> np.ndarray:
    return np.asarray(gpd.GeoSeries(points, crs=source).to_crs(target).values)


def _set_newer_regions(
    located: pd.DataFrame, known: pd.DataFrame, boundaries: Boundaries
) -> None:
    """Add the regions of the sets of ten and of 2023, and say which are guessed."""
    region_9 = located["region_9"].to_numpy(dtype=object)
    in_mali = pd.notna(region_9)
    curated_20 = known["region_20"].to_numpy(dtype=object)
    curated_10 = known["region_10"].to_numpy(dtype=object)

    guess = np.full(len(located), None, dtype=object)
    ask = np.flatnonzero(
        in_mali & pd.isna(curated_20) & (located["point_from"] != "none").to_numpy()
    )
    guess[ask] = _approximate_20(
        located["longitude"].to_numpy()[ask],
        located["latitude"].to_numpy()[ask],
        region_9[ask],
        boundaries,
    )
    region_20 = np.where(pd.notna(curated_20), curated_20, guess)

    region_10 = region_9.copy()
    guessed_10 = np.zeros(len(located), dtype=bool)
    for parent, (part, region_id) in _SPLIT_IN_TEN.items():
        cut = region_9 == parent
        # Without a region of 2023 the half is not known, and stays blank.
        region_10[cut & pd.isna(region_20)] = None
        region_10[cut & (region_20 == part)] = region_id
        guessed_10 |= cut & pd.notna(guess)
    has_10 = pd.notna(curated_10)
    located["region_10"] = _text(np.where(has_10, curated_10, region_10))
    located["region_10_approximate"] = guessed_10 & ~has_10
    located["region_20"] = _text(region_20)
    located["region_20_approximate"] = pd.notna(guess)


def _approximate_20(
    longitude: np.ndarray,
    latitude: np.ndarray,
    region_9: np.ndarray,
    boundaries: Boundaries,
) -> np.ndarray:
    """Return the approximate unit of 2023 within each point's old region."""
    found = np.full(len(longitude), None, dtype=object)
    newer = boundaries.mali_2023
    ask = np.arange(len(longitude))
    if len(longitude) >= _MANY:
        cell = boundaries.raster_2023.find(longitude, latitude)
        ids = newer["region_id"].to_numpy(dtype=object)
        parents = newer["parent_region_9"].to_numpy(dtype=object)
        # A unit of another old region is a question for the polygons.
        known = (cell != ASK) & (parents[cell] == region_9)
        found[known] = ids[cell[known]]
        ask = np.flatnonzero(~known)
    points = np.full(len(longitude), None, dtype=object)
    points[ask] = shapely.points(longitude[ask], latitude[ask])
    for parent in set(region_9[ask]):
        mine = ask[region_9[ask] == parent]
        inside = newer[newer["parent_region_9"] == parent].sort_values("region_id")
        if not len(inside):
            continue
        # The point may lie just outside its region: nearest, which is 0 km within.
        which, near = shapely.STRtree(inside.geometry.values).query_nearest(
            points[mine], all_matches=True
        )
        first, lowest = _lowest(which, near)
        found[mine[first]] = inside["region_id"].to_numpy()[lowest]
    return found


def _country_of(
    located: pd.DataFrame, hint: pd.Series, boundaries: Boundaries
) -> pd.api.extensions.ExtensionArray:
    """Return the country: as the place says, else of the unit, else by the point."""
    owner = dict(
        zip(boundaries.units["region_id"], boundaries.units["country"], strict=True)
    )
    country = hint.to_numpy(dtype=object, copy=True)
    of_unit = located["admin1"].map(owner).to_numpy(dtype=object)
    country = np.where(pd.isna(country), of_unit, country)
    ask = np.flatnonzero(pd.isna(country) & located["longitude"].notna().to_numpy())
    country[ask] = _containing_country(
        located["longitude"].to_numpy()[ask],
        located["latitude"].to_numpy()[ask],
        boundaries,
    )
    return _text(np.where(pd.isna(country), None, country))


def _containing_country(
    longitude: np.ndarray, latitude: np.ndarray, boundaries: Boundaries
) -> np.ndarray:
    """Return the country each point lies in, None at sea and beyond the layer."""
    country = np.full(len(longitude), None, dtype=object)
    layer = boundaries.countries.sort_values("country")
    inside, which = shapely.STRtree(shapely.points(longitude, latitude)).query(
        layer.geometry.values, predicate="intersects"
    )
    first, lowest = _lowest(which, inside)
    country[first] = layer["country"].to_numpy()[lowest]
    return country
