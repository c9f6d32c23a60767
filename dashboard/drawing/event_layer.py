"""Events on any folium map: for notebooks and for pages that are one file.

The same script that draws the app's map draws here. It is gathered from
``static/map`` into one piece, so that a page needs no module and no server.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.map import Layer
from folium.template import Template

from dashboard.drawing import vendor
from dashboard.drawing.inert import Literal, as_entities, sealed
from dashboard.drawing.packing import PackedEvents

MODULES = Path(__file__).parents[1] / "static" / "map"

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What an exported page may do: run what it brought, and ask for nothing."""

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w.]+)';$", re.M)
_SIDE_EFFECT = re.compile(r"^import '[^']+';$", re.M)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.M)


class EventLayer(Layer):
    """Events with their legend, cards and time strip, on a folium map.

    Parameters
    ----------
    packed : PackedEvents
        The events.
    message : mapping
        Legend, words and time, as the app's map takes them: ``language``, ``words``,
        ``groups``, ``targets``, ``precisions``, ``extent``, ``window`` and, where
        wanted, ``visible``, ``operations``, ``milestones``, ``choropleth``.
    cards : mapping, optional
        Card of each event by its id, shown when it is clicked.
    strip : bool, default True
        Show the time strip under the map.

    Notes
    -----
    Nothing of the message enters the page as text: it is sealed in base64, and the
    script sets it as text nodes.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = SahelMap.events(
                {{ this.sealed|tojson }}, {{ this.packed|tojson }}
            );
        {% endmacro %}
        """
    )

    def __init__(
        self,
        packed: PackedEvents,
        message: Mapping[str, Any],
        cards: Mapping[str, Mapping[str, Any]] | None = None,
        strip: bool = True,
    ) -> None:
        super().__init__(name="events", overlay=True, control=False)
        self._name = "EventLayer"
        visible = message.get("visible", b"\xff" * -(-packed.layout["n"] // 8))
        rest = {
            name: value
            for name, value in message.items()
            if name not in ("visible", "ground", "selected")
        }
        own = {
            index: card
            for event_id, card in (cards or {}).items()
            if (index := packed.index_of(event_id)) is not None
        }
        self.packed = base64.b64encode(packed.buffer).decode("ascii")
        self.sealed = sealed(
            {
                **rest,
                "layout": packed.layout,
                "visible": base64.b64encode(visible).decode("ascii"),
                "cards": own,
                "strip": strip,
            }
        )

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Render the layer, and see to it that the page has script and style."""
        add_script(self.get_root())
        super().render(**kwargs)


def add_script(figure: Element) -> None:
    """Put the map's script and style into a page, once.

    Raises
    ------
    TypeError
        If the map is not part of a figure, and so has no page.
    """
    if not isinstance(figure, Figure):
        raise TypeError("the map is not part of a figure")
    style = (MODULES / "map.css").read_text("utf-8")
    figure.header.add_child(Literal(f"<style>{style}</style>"), name="sahel_map_css")
    # The script needs Leaflet, which is linked in the head, so it stands below.
    figure.script.add_child(Literal(bundle()), name="sahel_map_js", index=0)


@cache
def bundle(entry: str = "folium.js") -> str:
    """Return the modules as one classic script that sets ``SahelMap``.

    Parameters
    ----------
    entry : str, default "folium.js"
        The module whose exports ``SahelMap`` has.

    Returns
    -------
    str
        Each module as a function of its own, in the order they need each other.

    Raises
    ------
    ValueError
        If a module imports or exports in a form this function does not know.
    """
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for _, needed in _IMPORT.findall(_source(name)):
            visit(needed)
        order.append(name)

    visit(entry)
    body = "\n".join(_as_function(name) for name in order)
    script = (
        "if (!globalThis.SahelMap) globalThis.SahelMap = (() => {\n"
        f"'use strict';\nconst modules = {{}};\n{body}\n"
        f"return modules['{entry}'];\n}})();"
    )
    if "</script" in script.lower():
        raise ValueError("the map's script may not hold </script")
    return script


def offline(fmap: folium.Map, title: str = "") -> str:
    """Return a folium map as one page that asks nothing of any other machine.

    Parameters
    ----------
    fmap : folium.Map
        A map without tiles, such as :func:`dashboard.drawing.ground.ground_map`
        with an :class:`EventLayer`.
    title : str, optional
        Title of the page.

    Returns
    -------
    str
        The whole page, Leaflet included, under the policy :data:`POLICY`. What
        folium links beside Leaflet (jQuery, Bootstrap, icon fonts) is left out: the
        project's maps use none of it.
    """
    figure = fmap.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("the map is not part of a figure")
    parts = (figure.header, figure.html, figure.script)
    before = [part._children.copy() for part in parts]
    figure.render()  # elements put their links, markup and scripts into the figure
    head_parts = [
        element.render()
        for element in figure.header._children.values()
        if not isinstance(element, JavascriptLink | CssLink)
    ]
    html, script = figure.html.render(), figure.script.render()
    for part, children in zip(parts, before, strict=True):
        part._children = children
    leaflet = (vendor.folder() / "leaflet.js").read_text("utf-8")
    leaflet = re.sub(r"^//# sourceMappingURL=.*$", "", leaflet, flags=re.M)
    style = (vendor.folder() / "leaflet.css").read_text("utf-8")
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    style = re.sub(r"url\((?!#)[^)]*\)", "none", style)
    head = "\n".join(
        [
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<title>{as_entities(title)}</title>",
            f"<style>{style}</style>",
            f"<script>{leaflet}</script>",
            *head_parts,
        ]
    )
    return (
        f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{html}\n"
        f"<script>\n{script}\n</script>\n</body>\n</html>\n"
    )


def save_offline(fmap: folium.Map, path: Path | str, title: str = "") -> None:
    """Write :func:`offline` to a file."""
    Path(path).write_text(offline(fmap, title), "utf-8")


def embedded(fmap: folium.Map, height: int = 640, title: str = "") -> str:
    """Return :func:`offline` as a frame, for a notebook's ``HTML(...)``.

    Parameters
    ----------
    fmap : folium.Map
        The map.
    height : int, default 640
        Height of the frame in pixels.
    title : str, optional
        What the frame holds, for those who do not see it.

    Returns
    -------
    str
        An ``iframe`` that brings its page with it.
    """
    page = escape(offline(fmap, title), quote=True)
    return (
        f'<iframe title="{as_entities(title)}" srcdoc="{page}" '
        f'style="width:100%;height:{int(height)}px;border:0"></iframe>'
    )


def _source(name: str) -> str:
    return (MODULES / name).read_text("utf-8")


def _as_function(name: str) -> str:
    """Return one module as a function that returns its exports."""
    source = _source(name)

    def take(match: re.Match[str]) -> str:
        names = [part.strip() for part in match.group(1).split(",") if part.strip()]
        return f"const {{ {', '.join(names)} }} = modules['{match.group(2)}'];"

    source = _SIDE_EFFECT.sub("", _IMPORT.sub(take, source))
    exported = [match.group(2) for match in _EXPORT.finditer(source)]
    source = _EXPORT.sub(r"\1", source)
    if re.search(r"^(import|export)\b|\bimport\(|import\.meta", source, re.M):
        raise ValueError(f"{name} imports or exports in a form the bundle cannot take")
    return (
        f"modules['{name}'] = (() => {{\n{source}\n"
        f"return {{ {', '.join(exported)} }};\n}})();"
    )
