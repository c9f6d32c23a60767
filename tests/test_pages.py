"""Every page opens, in both languages, whatever the link, the choice or the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.analysis.atlas import Atlas, load_atlas
from dashboard.writing.catalogue import catalogue
from data.contract import TABLES

APP = Path(__file__).resolve().parents[1] / "dashboard" / "app.py"
TITLES = {
    "map": "map_title",
    "compare": "compare_title",
    "claims": "claims_title",
    "events": "events_title",
    "method": "method_title",
}
PAGES = list(TITLES)
LANGUAGES = ["en", "fr"]

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="module")
def _forget() -> Iterator[None]:
    """Leave no atlas of these tests in the caches of the process."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def use_atlas(monkeypatch) -> Iterator[Callable[[Callable[[], Atlas]], None]]:
    """Return the function that makes the app load another atlas."""

    def use(load: Callable[[], Atlas]) -> None:
        st.cache_resource.clear()
        monkeypatch.setattr(state, "load_atlas", load)

    yield use
    st.cache_resource.clear()


def open_page(page: str, language: str = "en", **query: str) -> AppTest:
    """Open a page by its link and return what it shows."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in {"lang": language, **query}.items():
        app.query_params[name] = value
    if page != "map":
        app.switch_page(f"views/{page}.py")
    return app.run()


def assert_sound(app: AppTest) -> None:
    """No exception is shown, and no text of one."""
    assert [it.message for it in app.exception] == []
    for element in (*app.error, *app.warning, *app.info, *app.markdown):
        assert "Traceback" not in element.value


def texts(elements: Any) -> list[str]:
    return [element.value for element in elements]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(page, language):
    say = catalogue(language)
    app = open_page(page, language)
    assert_sound(app)
    assert texts(app.title) == [say[TITLES[page]]]
    # The foot says on every page until when data were collected.
    day = say.day(state.atlas().record.cut_off)
    assert day in app.main.caption[-1].value
    assert not app.warning
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_nothing(page):
    say = catalogue("fr")
    app = open_page(page, "fr", q="nothing has this text")
    assert_sound(app)
    assert texts(app.title) == [say[TITLES[page]]]
    if page in ("map", "events"):
        assert say["no_events"] in texts(app.info)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param({"from": "1990-01-01", "to": "1991-01-01"}, id="before"),
        pytest.param({"to": "1991-01-01"}, id="until before"),
        pytest.param({"from": "2099-01-01", "to": "2100-01-01"}, id="after"),
        pytest.param({"from": "2099-01-01"}, id="from after"),
    ],
)
@pytest.mark.parametrize("page", ["map", "compare", "events"])
def test_days_outside_the_record(page, days):
    """No data is not no event."""
    app = open_page(page, **days)
    assert_sound(app)
    if page in ("map", "events"):
        first, last = state.atlas().first_day, state.atlas().last_day
        say = catalogue("en")
        assert say("outside_record", first=first, last=last) in texts(app.info)


HOSTILE = {
    "from": "9999-99-99",
    "to": "NaN",
    "group": "<script>alert(1)</script>",
    "region": "ML-99",
    "set": "../../etc/passwd",
    "near": "{{7*7}}",
    "km": "inf",
    "min": "9" * 5000,
    "precision": "'; DROP TABLE events; --",
    "q": "x" * 100_000,
    "areas": "ML-6,nowhere",
    "event": "no-such-event",
    "about": "![x](http://evil.example/)",
    "measure": "constructor",
    "view": "\u202e",
    "who knows": "1",
}


@pytest.mark.parametrize("page", PAGES)
def test_a_hostile_link(page):
    app = open_page(page, **HOSTILE)
    assert_sound(app)
    # What was dropped is told once for each parameter, and the rest is safe.
    (warning,) = app.warning
    assert "left out" in warning.value
    assert app.query_params.get("from") is None
    assert "evil.example" not in "".join(texts(app.markdown))


@pytest.mark.parametrize("parameter", sorted(HOSTILE))
def test_each_hostile_parameter_is_told(parameter):
    page = {"areas": "compare", "about": "claims"}.get(parameter, "map")
    app = open_page(page, **{parameter: HOSTILE[parameter]})
    assert_sound(app)
    notices = [text for text in texts(app.text) if text.startswith(f"{parameter}: ")]
    assert len(notices) == 1
    assert len(app.warning) == 1


@pytest.mark.parametrize("parameter", ["areas", "about", "event", "measure"])
def test_a_value_too_long_is_told(parameter):
    app = open_page("map", **{parameter: "x" * 5000})
    assert_sound(app)
    assert f"{parameter}: {catalogue('en')['why_too_long']}" in texts(app.text)


def test_a_notice_is_put_away():
    app = open_page("events", min="NaN")
    assert len(app.warning) == 1
    (button,) = [it for it in app.button if it.label == catalogue("en")["understood"]]
    app = button.click().run()
    assert_sound(app)
    assert not app.warning


def test_a_link_opens_its_view_and_writes_it_back():
    link = {"from": "2024-01-01", "to": "2024-12-31", "group": "jnim", "min": "5"}
    app = open_page("events", **link)
    assert_sound(app)
    assert not app.warning
    assert dict(app.query_params) == {"lang": "en", **link}
    chosen = app.session_state["chosen"]
    events = chosen.apply(state.atlas())
    assert 0 < len(events) < len(state.atlas().events)
    assert texts(app.text)[-1].startswith(f"{len(events)} events, 1 January 2024 to")
    assert len(app.dataframe[0].value) == len(events)


@pytest.mark.parametrize("boundary_set", ["mali-9", "mali-10", "mali-20"])
@pytest.mark.parametrize("measure", ["events", "deaths", "rate"])
def test_the_map_colours_regions_of_every_set(boundary_set, measure):
    app = open_page("map", set=boundary_set, measure=measure)
    assert_sound(app)
    assert not app.warning
    told = catalogue("en")["measure_no_polygons"] in texts(app.info)
    assert told is (boundary_set == "mali-10")


@pytest.mark.parametrize("boundary_set", ["mali-9", "mali-10", "mali-20"])
def test_every_set_is_compared(boundary_set):
    app = open_page("compare", set=boundary_set)
    assert_sound(app)
    assert len(app.subheader) >= 2


def test_towns_are_compared():
    app = open_page("compare", areas="ml-tombouctou,ml-bamako,ML-6,ML-BKO")
    assert_sound(app)
    assert not app.warning
    assert app.multiselect(key="w_areas").value == [
        "ml-tombouctou", "ml-bamako", "ML-6", "ML-BKO",
    ]  # fmt: skip


def test_the_card_of_a_link_opens():
    app = open_page("map", event="ml-2025-06-01-boulikessi")
    assert_sound(app)
    assert not app.warning
    assert app.query_params["event"] == "ml-2025-06-01-boulikessi"


@pytest.mark.parametrize(
    "subject", ["op-timbouctou-2025-06-02", "ml-2025-06-01-boulikessi"]
)
def test_the_ledger_of_a_link_opens(subject):
    app = open_page("claims", about=subject)
    assert_sound(app)
    assert not app.warning
    assert app.selectbox(key="w_about").value == subject


def test_the_language_is_switched():
    app = open_page("events", "en")
    app.session_state["language"] = "fr"
    app.run()
    assert_sound(app)
    assert texts(app.title) == [catalogue("fr")["events_title"]]
    assert app.query_params["lang"] == "fr"


def test_an_unknown_language_is_told():
    app = open_page("events", "de")
    assert_sound(app)
    assert len(app.warning) == 1


def test_a_choice_changes_what_is_shown():
    app = open_page("events")
    everything = len(app.dataframe[0].value)
    app.multiselect(key="w_group_ids").set_value(["wagner"]).run()
    assert_sound(app)
    assert 0 < len(app.dataframe[0].value) < everything
    assert app.query_params["group"] == "wagner"
    (reset,) = [it for it in app.button if it.label == catalogue("en")["reset"]]
    reset.click().run()
    assert_sound(app)
    assert len(app.dataframe[0].value) == everything
    assert "group" not in app.query_params


def test_days_in_the_wrong_order_are_put_right():
    app = open_page("events")
    app.date_input(key="w_start").set_value("2024-06-01").run()
    app.date_input(key="w_end").set_value("2024-01-01").run()
    assert_sound(app)
    assert app.query_params["from"] == "2024-01-01"
    assert app.query_params["to"] == "2024-06-01"


def test_another_set_of_regions_starts_anew():
    app = open_page("events", region="ML-6")
    app.selectbox(key="w_boundary_set").set_value("mali-20").run()
    assert_sound(app)
    assert "region" not in app.query_params
    assert app.query_params["set"] == "mali-20"


# Tables and layers that are missing or broken


def broken(folder: Path, table: str, change: Callable[[bytes], bytes]) -> Path:
    shutil.copytree(TABLES, folder)
    path = folder / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_tables_are_a_sentence(tmp_path, use_atlas, language):
    use_atlas(partial(load_atlas, tmp_path / "nowhere"))
    app = open_page("map", language)
    assert_sound(app)
    assert texts(app.error) == [catalogue(language)("tables_broken", count=19)]
    faults = app.dataframe[0].value
    assert len(faults) == 19
    assert not faults.astype(str).stack().str.contains(str(tmp_path)).any()
    assert not app.title


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(
            lambda text: text.replace(b"day", b"dya", 1), "date_precision", id="code"
        ),
        pytest.param(lambda text: text[:-1] + b"\xff\n", "UTF-8", id="encoding"),
        pytest.param(lambda text: text + b'"', "comma-separated values", id="quote"),
        pytest.param(lambda text: b"", "the columns", id="empty"),
    ],
)
def test_broken_tables_are_a_sentence(tmp_path, use_atlas, change, fault):
    folder = broken(tmp_path / "tables", "reactions", change)
    use_atlas(partial(load_atlas, folder))
    app = open_page("events")
    assert_sound(app)
    (error,) = texts(app.error)
    assert "tables have a fault" in error or "faults" in error
    assert fault in app.dataframe[0].value.astype(str).to_string()


def test_a_missing_layer_is_a_sentence(use_atlas):
    def load() -> Atlas:
        raise FileNotFoundError(2, "No such file", "/somewhere/secret/towns.geojson")

    use_atlas(load)
    app = open_page("map")
    assert_sound(app)
    (error,) = texts(app.error)
    assert "towns.geojson" in error
    assert "secret" not in error


@pytest.mark.parametrize(
    "error", [ValueError("bad"), KeyError("bad"), OSError("disk")], ids=repr
)
def test_a_broken_layer_is_a_sentence(use_atlas, error):
    def load() -> Atlas:
        raise error

    use_atlas(load)
    app = open_page("map")
    assert_sound(app)
    assert len(app.error) == 1


# Text is data

PICTURE = "![x](http://evil.example/x.png) <b>{{7*7}}</b> **bold**"


@pytest.fixture
def hostile_atlas(make_atlas, world) -> Atlas:
    """Return the small world with hostile text in every free text of its tables."""
    free = {
        "events": ["summary", "target", "site"],
        "operations": ["name", "note"],
        "reactions": ["text"],
        "patterns": ["text", "period"],
        "claims": ["claimant"],
        "groups": ["name", "short"],
        "places": ["name"],
        "milestones": ["title"],
        "statements": ["text", "test"],
        "vocabulary": ["label", "meaning"],
    }
    for table, columns in free.items():
        for row in world[table]:
            for column in columns:
                for language in ("en", "fr"):
                    row[f"{column}_{language}"] = PICTURE
    for row in world["sources"]:
        row |= {"publisher": PICTURE, "title": PICTURE, "author": PICTURE}
    for row in world["claims"]:
        row |= {"locator": PICTURE, "quote": PICTURE}
        if row.get("wording"):
            row["wording"] = PICTURE
    return make_atlas(world)


def drawn_as_markdown(app: AppTest) -> Iterator[tuple[str, str]]:
    """Yield kind and text of all that Streamlit reads as Markdown."""
    for kind in ("title", "header", "subheader", "markdown", "caption", "info",
                 "warning", "error", "success"):  # fmt: skip
        for element in app.get(kind):
            yield kind, element.value
    for kind in ("button", "checkbox", "date_input", "metric", "multiselect",
                 "number_input", "radio", "selectbox", "slider", "text_input",
                 "toggle", "expander"):  # fmt: skip
        for element in app.get(kind):
            yield kind, getattr(element, "label", "") or ""
    for element in app.metric:
        yield "metric", f"{element.value} {element.delta}"


@pytest.mark.parametrize("page", PAGES)
def test_text_of_the_record_is_never_markdown(use_atlas, hostile_atlas, page):
    """A picture in a place's name would give the reader's address away."""
    use_atlas(lambda: hostile_atlas)
    query = {"group": "jnim", "event": "ml-2024-01-10-west", "areas": "ml-west,ML-6"}
    app = open_page(page, **query)
    assert_sound(app)
    shown = [it for it in drawn_as_markdown(app) if "](http://evil.example" in it[1]]
    assert shown == []


def test_the_small_world_opens_on_every_page(use_atlas, atlas):
    """Few events, no Bamako, no operations of the source documents."""
    use_atlas(lambda: atlas)
    for page in PAGES:
        assert_sound(open_page(page))
