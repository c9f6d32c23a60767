"""The ground of the map: relief, countries, regions, rivers, lakes, borders, names.

folium describes the ground once. A notebook or an exported page shows that map as it
is; the app draws the same description, as plain JSON (:func:`describe`), and runs no
script that Python wrote.

``python -m dashboard.drawing.ground`` writes the description to ``static/ground``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import folium
from folium.map import CustomPane, FitBounds, Layer
from folium.raster_layers import ImageOverlay
from folium.template import Template
from shapely.geometry import shape

from dashboard.drawing.event_layer import add_script
from dashboard.drawing.inert import sealed
from dashboard.drawing.packing import BBOX

LAYERS = Path(__file__).parents[2] / "geo" / "layers"
GROUND = Path(__file__).parents[1] / "static" / "ground"

HOME = [[9.2, -12.4], [25.1, 14.0]]
"""Corners of the first view: Mali, Burkina Faso and Niger to Lake Chad."""

NARROW_HOME = [[10.0, -12.4], [25.1, 4.4]]
"""The first view in a frame too narrow for that, a phone's: Mali with its borders."""

REGION_SETS = {
    "mali-9": "mali_regions",
    "mali-20-approx": "mali_regions_2023_approx",
    "sahel": "sahel_regions",
}
"""Boundary sets the map can show, and the layer of each."""

MALI = "mali-9"

_STYLES: dict[str, dict[str, Any]] = {
    "countries": {"stroke": False, "fill": True, "fillColor": "#f4f0e6",
                  "fillOpacity": 1},
    "regions": {"color": "#6d6353", "weight": 0.9, "opacity": 0.75, "fill": False},
    "regions-sahel": {"color": "#6d6353", "weight": 0.6, "opacity": 0.45,
                      "fill": False},
    "rivers": {"color": "#6d9fc0", "weight": 1.2, "opacity": 0.9, "fill": False},
    "lakes": {"color": "#6d9fc0", "weight": 0.6, "fill": True, "fillColor": "#b5d0e0",
              "fillOpacity": 1},
    "borders": {"color": "#4e4638", "weight": 1.5, "opacity": 0.85, "fill": False},
}  # fmt: skip

# Zoom from which a town of each Natural Earth rank is named.
_TOWN_ZOOM = (4.0, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0)
_STEPS = 1000  # steps of a degree in the description: 111 m or less


@dataclass(frozen=True)
class GroundLayers:
    """The layers of ``geo/layers``, read on first use."""

    folder: Path = LAYERS

    def features(self, name: str) -> list[dict[str, Any]]:
        """Return the features of one GeoJSON layer."""
        text = (self.folder / f"{name}.geojson").read_text("utf-8")
        return json.loads(text)["features"]

    @cached_property
    def relief(self) -> bytes:
        """The shaded relief over the box, in Web Mercator, as JPEG."""
        return (self.folder / "relief.jpg").read_bytes()


class Names(Layer):
    """Names of towns, regions and countries, written by the map's own script.

    Parameters
    ----------
    labels : list of dict
        ``kind`` (town, region, country), ``lat``, ``lon``, ``name`` (by language),
        ``rank`` (the lower is written first), ``from`` and ``until`` (zoom levels).
    language : {"en", "fr"}
        The names to write.
    pane : str
        Pane to write in.
    role : str
        What the layer is called in the description.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = SahelMap.names(
                {{ this.sealed|tojson }}, {{ this.options|tojson }}
            );
        {% endmacro %}
        """
    )

    def __init__(
        self,
        labels: list[dict[str, Any]],
        language: str,
        pane: str,
        role: str,
        show: bool = True,
    ) -> None:
        super().__init__(name=role, overlay=True, control=False, show=show)
        self._name = "Names"
        self.labels = labels
        self.sealed = sealed(labels)
        self.options = {"pane": pane, "names": language}
        self.role = role

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the layer, and see to it that the page has the script."""
        add_script(self.get_root())
        super().render(**kwargs)


def ground_map(
    layers: GroundLayers | None = None,
    language: str = "en",
    *,
    regions: str = MALI,
    choropleth: Mapping[str, Any] | None = None,
) -> folium.Map:
    """Build the ground as a folium map.

    Parameters
    ----------
    layers : GroundLayers, optional
        The shapes; the project's own by default.
    language : {"en", "fr"}, default "en"
        Names to write.
    regions : str, default "mali-9"
        The set of Mali's regions to show, see :data:`REGION_SETS`.
    choropleth : mapping, optional
        Colours of regions, as in the map's message: ``values`` (``class`` by region
        id) and ``classes`` (each with its ``colour``).

    Returns
    -------
    folium.Map
        Without tiles: it asks nothing of any other machine once it is made
        :func:`dashboard.drawing.event_layer.offline`.

    Raises
    ------
    ValueError
        If ``regions`` is not a set the project has.
    """
    if regions not in REGION_SETS:
        raise ValueError(f"regions is {regions!r}, expected one of {list(REGION_SETS)}")
    layers = layers or GroundLayers()
    west, south, east, north = BBOX
    fmap = folium.Map(
        location=[16.5, -3.5],
        zoom_start=6,
        tiles=None,
        max_bounds=True,
        min_lat=south,
        max_lat=north,
        min_lon=west,
        max_lon=east,
        max_zoom=11,
        zoom_snap=0.25,
        attribution_control=False,
    )
    fmap.fit_bounds(HOME)
    for level, (role, source, show) in enumerate(_roles(regions)):
        pane = CustomPane(role, z_index=200 + level, pointer_events=False)
        fmap.add_child(pane, name=f"pane_{role}")
        if role == "relief":
            image = base64.b64encode(layers.relief).decode("ascii")
            layer: Layer = ImageOverlay(
                f"data:image/jpeg;base64,{image}",
                bounds=[[south, west], [north, east]],
                opacity=0.55,
                pixelated=False,
                control=False,
                pane=role,
                name=role,
            )
        elif role == "names":
            layer = Names(_names(layers) + _towns(layers), language, role, role)
        else:
            layer = _shapes(role, layers.features(source), show, choropleth)
        fmap.add_child(layer, name=role)
    return fmap


def describe(
    fmap: folium.Map, images: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Read a folium ground map as plain JSON, which ``ground.js`` draws.

    Parameters
    ----------
    fmap : folium.Map
        A map made of the classes that :func:`ground_map` uses.
    images : mapping, optional
        Address for each image by its role; its data URI by default.

    Returns
    -------
    dict
        ``home``, ``narrow_home`` and ``limits`` (corners), and ``parts`` from the
        lowest to the highest, each with ``role``, ``kind`` (image, shapes, names),
        ``show`` and what the kind needs. Lines of shapes are whole steps of a
        thousandth of a degree, each from the point before it.

    Raises
    ------
    TypeError
        If the map holds a class this function does not know.
    ValueError
        If the features of one layer differ in style.
    """
    parts: list[dict[str, Any]] = []
    home: list | None = None
    for child in fmap._children.values():
        if isinstance(child, CustomPane):
            continue
        if isinstance(child, FitBounds):
            home = [list(corner) for corner in child.bounds]
        elif isinstance(child, ImageOverlay):
            role = child.layer_name
            parts.append(
                {
                    "role": role,
                    "kind": "image",
                    "show": child.show,
                    "url": (images or {}).get(role, child.url),
                    "bounds": child.bounds,
                    "opacity": child.options["opacity"],
                }
            )
        elif isinstance(child, folium.GeoJson):
            parts.append(
                {
                    "role": child.layer_name,
                    "kind": "shapes",
                    "show": child.show,
                    "style": _style_of(child),
                    "shapes": [_coded(feature) for feature in child.data["features"]],
                }
            )
        elif isinstance(child, Names):
            parts.append(
                {
                    "role": child.role,
                    "kind": "names",
                    "show": child.show,
                    "labels": child.labels,
                }
            )
        else:
            raise TypeError(f"the ground cannot hold a {type(child).__name__}")
    return {
        "home": home or HOME,
        "narrow_home": NARROW_HOME,
        "limits": fmap.options["max_bounds"],
        "parts": parts,
    }


def write(folder: Path = GROUND, layers: GroundLayers | None = None) -> None:
    """Write the description and the relief that the app serves."""
    layers = layers or GroundLayers()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ground.json").write_text(description(layers), "utf-8")
    (folder / "relief.jpg").write_bytes(layers.relief)


def description(layers: GroundLayers | None = None) -> str:
    """Return the text of ``ground.json``."""
    ground = describe(ground_map(layers), {"relief": "relief.jpg"})
    return json.dumps(ground, ensure_ascii=False, separators=(",", ":")) + "\n"


def _roles(regions: str) -> Iterator[tuple[str, str, bool]]:
    """Yield role, layer and whether it is shown, from the lowest to the highest."""
    yield "countries", "countries", True
    yield "relief", "", True
    yield "regions-sahel", REGION_SETS["sahel"], True
    for name in (name for name in REGION_SETS if name != "sahel"):
        yield f"regions-{name}", REGION_SETS[name], name == regions
    yield "lakes", "lakes", True
    yield "rivers", "rivers", True
    yield "borders", "borders", True
    yield "names", "", True


def _shapes(
    role: str,
    features: list[dict[str, Any]],
    show: bool,
    choropleth: Mapping[str, Any] | None,
) -> folium.GeoJson:
    """Return one layer of shapes; nothing of its properties but an id is kept."""
    style = _STYLES.get(role) or _STYLES["regions"]
    coloured = choropleth if choropleth and role.startswith("regions") else {}
    values, classes = coloured.get("values", {}), coloured.get("classes", [])

    def style_of(feature: dict[str, Any]) -> dict[str, Any]:
        entry = values.get(feature["id"])
        if entry is None:
            return style
        colour = classes[entry["class"]]["colour"]
        return {**style, "fill": True, "fillColor": colour, "fillOpacity": 0.72}

    kept = [
        {
            "type": "Feature",
            "id": feature["properties"].get("region_id") or f"{role}-{number}",
            "properties": {},
            "geometry": feature["geometry"],
        }
        for number, feature in enumerate(features)
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": kept},
        name=role,
        style_function=style_of,
        smooth_factor=0.6,
        control=False,
        show=show,
        pane=role,
        interactive=False,
    )


def _style_of(layer: folium.GeoJson) -> dict[str, Any]:
    """Return the one style of a layer."""
    styles = [layer.style_function(feature) for feature in layer.data["features"]]
    if any(style != styles[0] for style in styles):
        raise ValueError(f"the features of {layer.layer_name} differ in style")
    return styles[0]


def _coded(feature: dict[str, Any]) -> list[Any]:
    """Return id, whether it is an area, and its lines in steps.

    Each line is one list of whole numbers: first point, then differences. An area is
    a list of polygons, each a list of rings; lines are one such list.
    """
    geometry = feature["geometry"]
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        parts = [coordinates]
    elif kind == "MultiPolygon":
        parts = coordinates
    elif kind == "LineString":
        parts = [[coordinates]]
    elif kind == "MultiLineString":
        parts = [coordinates]
    else:
        raise TypeError(f"the ground cannot draw a {kind}")
    lines = [[_steps(line) for line in part] for part in parts]
    return [feature["id"], "Polygon" in kind, lines]


def _steps(line: list[list[float]]) -> list[int]:
    """Return a line as whole steps, each from the point before it."""
    steps: list[int] = []
    before = (0, 0)
    for longitude, latitude in line:
        here = (round(longitude * _STEPS), round(latitude * _STEPS))
        steps += (here[0] - before[0], here[1] - before[1])
        before = here
    return steps


def _towns(layers: GroundLayers) -> list[dict[str, Any]]:
    """Return the labels of towns; the lower their rank, the earlier they show."""
    labels = []
    for feature in layers.features("towns"):
        about = feature["properties"]
        longitude, latitude = feature["geometry"]["coordinates"]
        # Mali's towns come a zoom level before those of its neighbours.
        near = 0.75 if about["country"] == "ML" else 0.0
        rank = min(about["rank"], len(_TOWN_ZOOM) - 1)
        labels.append(
            {
                "kind": "town",
                "lat": round(latitude, 4),
                "lon": round(longitude, 4),
                "name": {"en": about["name_en"], "fr": about["name_fr"]},
                "rank": 10 + rank - 2 * near,
                "from": _TOWN_ZOOM[rank] - near,
            }
        )
    return sorted(labels, key=lambda label: (label["rank"], label["name"]["en"]))


def _names(layers: GroundLayers) -> list[dict[str, Any]]:
    """Return the labels of countries, and of Mali's regions from nearer by."""
    labels = []
    for feature in layers.features("countries"):
        area = shape(feature["geometry"])
        if area.area < 3:
            continue
        labels.append(_area_label("country", area, feature, rank=0, start=4.0, end=6.5))
    for feature in layers.features(REGION_SETS[MALI]):
        area = shape(feature["geometry"])
        if area.area < 1:
            continue
        labels.append(_area_label("region", area, feature, rank=20, start=6.0, end=9.0))
    return labels


def _area_label(
    kind: str, area: Any, feature: dict[str, Any], rank: int, start: float, end: float
) -> dict[str, Any]:
    """Return the label of an area, at a point well inside it."""
    point = area.representative_point()
    about = feature["properties"]
    return {
        "kind": kind,
        "lat": round(point.y, 2),
        "lon": round(point.x, 2),
        "name": {"en": about["name_en"], "fr": about["name_fr"]},
        "rank": rank,
        "from": start,
        "until": end,
    }


if __name__ == "__main__":
    write()
    print(f"wrote {GROUND / 'ground.json'}")
