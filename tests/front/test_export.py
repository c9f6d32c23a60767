"""Exported pages in a real browser: one file that asks for nothing."""

from __future__ import annotations

import folium
import pytest

from dashboard.drawing.event_layer import save_offline
from dashboard.drawing.ground import Names, ground_map
from tests.front import hostile
from tests.front.world import HOSTILE

pytestmark = pytest.mark.browser


def test_hostile_text_is_text_in_a_browser(browser, tmp_path):
    fmap = ground_map()
    hostile.event_layer().add_to(fmap)
    save_offline(fmap, tmp_path / "map.html", title=HOSTILE)
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    faults: list[str] = []
    page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on("request", lambda request: faults.append(request.url))
    page.goto(f"file://{tmp_path}/map.html")
    page.wait_for_selector(".sahel-map[data-ready='1']")
    assert page.title() == HOSTILE
    assert (
        page.locator(".legend li").first.locator(".item-text").inner_text() == HOSTILE
    )
    assert page.locator(".attribution").inner_text() == HOSTILE
    assert HOSTILE in page.locator(".strip ol li").text_content()
    assert page.locator(".sahel-map").get_attribute("data-drawn") == "53"
    page.locator(".handle.start").focus()
    for _ in range(16):
        page.keyboard.press("PageUp")
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    page.keyboard.press("Space")
    assert int(page.locator(".sahel-map").get_attribute("data-drawn")) < 10
    asked = [fault for fault in faults if not fault.startswith(("file:", "data:"))]
    assert asked == []
    page.close()


def test_names_run_nothing_in_a_browser(browser, tmp_path):
    """A label full of tricks is written on the canvas, and that is all."""
    fmap = folium.Map([15, -4], zoom_start=6, tiles=None)
    label = {
        "kind": "town", "lat": 15, "lon": -4, "rank": 1, "from": 0,
        "name": {"en": HOSTILE, "fr": HOSTILE},
    }  # fmt: skip
    fmap.add_child(Names([label], "en", "overlayPane", "names"))
    save_offline(fmap, tmp_path / "map.html")
    page = browser.new_page()
    faults: list[str] = []
    page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"file://{tmp_path}/map.html")
    page.wait_for_selector(".leaflet-overlay-pane canvas")
    assert page.locator("img").count() == 0
    assert faults == []
    page.close()
