"""What a reader sees and does on the pages, in words that tests can use."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from dashboard.writing.catalogue import catalogue

PAGES = ("map", "compare", "claims", "events", "method")
LANGUAGES = ("en", "fr")
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
WORDS = {language: catalogue(language) for language in LANGUAGES}
EN = WORDS["en"]

expect.set_options(timeout=20_000)

# A page of one session may hold texts in several shadow roots: walk into all of them.
_WALK = """
function* walk(root) {
  for (const node of root.querySelectorAll('*')) {
    yield node;
    if (node.shadowRoot) yield* walk(node.shadowRoot);
  }
}
"""


def path_of(name: str, query: dict[str, object] | str = "") -> str:
    """Return the address of a page below the app's own."""
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    return ("/" if name == "map" else f"/{name}") + (f"?{text}" if text else "")


def query_of(page: Page) -> dict[str, str]:
    """Return what the address bar holds."""
    values = parse_qs(urlsplit(page.url).query)
    return {name: value[-1] for name, value in values.items()}


def expect_query(page: Page, **wanted: str | None) -> None:
    """Wait until the address bar holds these values; None means not at all."""

    def fits(address: str) -> bool:
        values = parse_qs(urlsplit(address).query)
        return all(
            values.get(name) == (None if value is None else [value])
            for name, value in wanted.items()
        )

    if not fits(page.url):
        page.wait_for_url(fits, wait_until="commit")


def foot_of(language: str, cut_off: object) -> str:
    return WORDS[language]("foot", cut_off=cut_off)


def text_of(page: Page, text: str) -> Locator:
    """Return the place of a text that stands alone, as ``st.text`` draws it."""
    return page.get_by_text(text, exact=True).first


def caught(page: Page) -> list[str]:
    """Return what Streamlit shows where Python failed."""
    return page.get_by_test_id("stException").all_inner_texts()


def link_to(page: Page, name: str, language: str) -> Locator:
    """Return the link to a page, at the head of the page."""
    links = page.get_by_test_id("stTopNavLink")
    return links.get_by_text(WORDS[language][f"page_{name}"], exact=True)


def go(page: Page, name: str, language: str = "en") -> None:
    """Go to another page as a reader does, and wait until all of it is there."""
    link_to(page, name, language).click()
    say = WORDS[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(say[f"{name}_title"])
    last = say["foot"].split("{")[0]
    expect(
        page.get_by_test_id("stCaptionContainer").filter(has_text=last)
    ).to_be_visible()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()


# The map ------------------------------------------------------------------------------


def the_map(page: Page) -> Locator:
    return page.locator(".sahel-map")


def map_ready(page: Page, count: int = 1) -> None:
    expect(page.locator(".sahel-map[data-ready='1']")).to_have_count(count)


def told(page: Page, name: str) -> str:
    """Return what the map says of itself."""
    return the_map(page).get_attribute(f"data-{name}") or ""


def expect_told(page: Page, name: str, value: object) -> None:
    expect(the_map(page)).to_have_attribute(f"data-{name}", str(value))


def pixel_of(page: Page, latitude: float, longitude: float) -> tuple[float, float]:
    """Return where a point of the earth is on the screen, from what the map says."""

    def mercator(lat: float, lon: float) -> tuple[float, float]:
        sine = math.sin(math.radians(lat))
        return (lon + 180) / 360, 0.5 - math.log((1 + sine) / (1 - sine)) / 4 / math.pi

    lat, lon, zoom = map(float, told(page, "view").split(","))
    box = page.locator(".map-box").bounding_box()
    assert box is not None
    x0, y0 = mercator(lat, lon)
    x1, y1 = mercator(float(latitude), float(longitude))
    scale = 256 * 2**zoom
    return (
        box["x"] + box["width"] / 2 + (x1 - x0) * scale,
        box["y"] + box["height"] / 2 + (y1 - y0) * scale,
    )


# Widgets ------------------------------------------------------------------------------


def type_day(page: Page, label: str, digits: str) -> None:
    """Type a day into a date field, digit by digit in the order the field shows.

    Streamlit takes it when the field is left.
    """
    field = page.get_by_test_id("stSidebar").get_by_role(
        "group", name=label, exact=True
    )
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type(digits, delay=20)
    page.get_by_test_id("stSidebar").get_by_role("heading").click()


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a box by typing its first letters."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option[:20])
    page.get_by_role("option", name=option, exact=True).first.click()
    options = page.get_by_role("listbox")
    if options.count():  # where more than one may be chosen, it stays open
        page.keyboard.press("Escape")
    expect(options).to_have_count(0)


def figures(page: Page) -> dict[str, str]:
    """Return the key figures by their label."""
    tiles = page.locator(".figures .tile")
    expect(tiles).to_have_count(4)
    return {
        tile.locator("dt").inner_text(): tile.locator(".value").inner_text()
        for tile in tiles.all()
    }


def grid_rows(page: Page, at: int = 0) -> Locator:
    """Return the spoken twin of a drawn table, which tells how many rows it has."""
    return page.get_by_test_id("stDataFrame").nth(at).locator("table[role=grid]")


def spoken_cells(page: Page, at: int = 0) -> list[str]:
    """Return the cells of a table that are drawn now."""
    return grid_rows(page, at).locator("td").all_text_contents()


# Downloads ----------------------------------------------------------------------------


def download(page: Page, kind: str) -> bytes:
    """Press a download button and return the file."""
    button = page.get_by_role("button", name=re.compile(rf"\b{kind}\b, "))
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.path().read_bytes()


def csv_rows(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def geojson_features(content: bytes) -> list[dict]:
    collection = json.loads(content)
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


# What is on a page --------------------------------------------------------------------


def all_texts(page: Page) -> set[str]:
    """Return every text on the page, those in shadow roots and spoken ones too."""
    found = page.evaluate(
        f"""() => {{ {_WALK}
          const texts = new Set();
          for (const node of walk(document)) {{
            if (['SCRIPT', 'STYLE', 'TEMPLATE'].includes(node.tagName)) continue;
            for (const child of node.childNodes) {{
              if (child.nodeType === 3) texts.add(child.data.trim());
            }}
          }}
          return [...texts];
        }}"""
    )
    return set(found) - {""}


def unnamed(page: Page) -> list[str]:
    """Return the controls that a screen reader could not name."""
    kinds = "button|checkbox|combobox|link|radio|searchbox|slider|spinbutton|switch|tab|textbox"
    tree = page.locator("body").aria_snapshot()
    return re.findall(rf"^\s*- (?:{kinds})(?: \[[^\]]*\])*:?\s*$", tree, re.MULTILINE)


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid=stMain]');
          const wide = Math.max(document.documentElement.scrollWidth, main.scrollWidth);
          return wide - innerWidth;
        }"""
    )


def foreign_elements(page: Page) -> list[str]:
    """Return what would load from elsewhere, or run, if a text had become markup.

    Streamlit makes a link of an address that stands in a heading: it loads nothing, and
    leads where it says.
    """
    return page.evaluate(
        f"""() => {{ {_WALK}
          const addresses = ['src', 'srcset', 'href', 'xlink:href', 'data', 'action'];
          const found = [];
          for (const node of walk(document)) {{
            const outside = addresses.some((name) =>
              /^\\s*javascript:|evil\\.example/.test(node.getAttribute(name) ?? ''));
            const says = (node.textContent ?? '').trim();
            const plain = node.tagName === 'A' && says
              && decodeURI(node.getAttribute('href') ?? '') === says;
            if (plain) continue;
            const armed = [...node.attributes].some(({{ name }}) => /^on/.test(name));
            if (outside || armed) found.push(node.outerHTML.slice(0, 200));
          }}
          return found;
        }}"""
    )
