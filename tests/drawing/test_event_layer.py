"""Events on a folium map, and text that tries to be more than text."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import pytest
from branca.element import MacroElement
from folium.template import Template

from dashboard.drawing.event_layer import (
    POLICY,
    bundle,
    offline,
)
from dashboard.drawing.ground import ground_map
from dashboard.drawing.inert import as_entities, sealed
from tests.front import hostile, world

HOSTILE = world.HOSTILE
WORDS = Path(__file__).parents[1] / "front" / "en.toml"


@pytest.fixture
def layer():
    """All made events; legend, words and cards full of hostile text."""
    return hostile.event_layer()


@pytest.mark.parametrize("sign", list("&<>\"'`${}\\%#=/"))
def test_as_entities_leaves_no_sign_with_a_meaning(sign):
    assert as_entities(f"a{sign}b") == f"a&#{ord(sign)};b"


def test_as_entities_of_separators_and_controls():
    assert as_entities("a\u2028b\u2029c\x00d\x9f") == "a b c\ufffdd\ufffd"
    assert as_entities("Ségou, “hundreds”\n") == "Ségou, “hundreds”\n"


def test_sealed_holds_no_sign_of_its_own():
    assert re.fullmatch(r"[A-Za-z0-9+/=]*", sealed({"text": HOSTILE * 9}))


class Shouting(MacroElement):
    """An element that writes its text wherever it can, with no care at all."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<!--{{ this.text }}-->{% endmacro %}
        {% macro html(this, kwargs) %}<i>{{ this.text }}</i>{% endmacro %}
        {% macro script(this, kwargs) %}/*{{ this.text }}*/{% endmacro %}
        """
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def test_what_folium_has_rendered_is_not_a_template():
    """branca would run this on the server; importing ``inert`` stops it."""
    fmap = folium.Map(tiles=None)
    fmap.add_child(Shouting("{{7*7}}{% raise %}"))
    page = fmap.get_root().render()
    assert page.count("{{7*7}}{% raise %}") == 3
    assert "49" not in re.sub(r"[0-9a-f]{32}", "", page.split("<i>")[1][:40])


def test_the_patch_changes_nothing_else():
    """The script of a plain map is what folium's own template says it is."""
    fmap = folium.Map([14, -4], tiles=None)
    fmap._id = "0" * 32
    fmap.get_root().render()
    script = fmap.get_root().script._children[fmap.get_name()].render()
    macro = fmap._template.module.script(fmap, {})
    assert script == str(macro).removesuffix("\n")


def test_bundle_is_one_script():
    script = bundle()
    assert not re.search(r"^\s*(import|export)\b", script, re.M)
    assert "</script" not in script
    assert "https://" not in script.replace("https://leafletjs.com", "")


def test_hostile_text_is_nowhere_in_the_page(layer):
    fmap = ground_map()
    layer.add_to(fmap)
    page = offline(fmap, title=HOSTILE)
    for trick in ("{{7*7}}", "onerror=alert", "<img", "${1}"):
        assert trick not in page
    assert as_entities(HOSTILE) in page  # the title, in entities


def test_offline_page_links_nothing(layer):
    fmap = ground_map()
    layer.add_to(fmap)
    page = offline(fmap)
    assert POLICY in page
    assert not re.search(r"<link|<script[^>]+src|<img", page)
    assert not re.search(r"url\((?!#)", page)
    foreign = set(re.findall(r"https?://[\w.-]+", page))
    assert foreign <= {"https://leafletjs.com", "http://www.w3.org"}
    assert offline(fmap) == page  # making it changes nothing


def test_plain_folium_page_has_script_after_leaflet(layer):
    """Without ``offline`` the page is folium's usual one, with our script in it."""
    fmap = ground_map()
    layer.add_to(fmap)
    page = fmap.get_root().render()
    assert page.index("leaflet.js") < page.index("globalThis.SahelMap")
    assert page.index("globalThis.SahelMap = ") < page.index("SahelMap.events(")
