"""The server is this machine's own, and asks nobody anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.reading import EN, PAGES, go, map_ready
from tests.browser.running import ROOT, answer, copy_checkout, running

pytestmark = pytest.mark.browser

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/net/tcp").is_file(), reason="sockets are read from /proc"
)


@pytest.fixture
def visited(open_page, app):
    """Visit every page, as a reader would, with the sockets of the server watched."""
    page = open_page("map", "lang=en")
    map_ready(page)
    for name in PAGES[1:]:
        go(page, name)
    app.sockets.look()
    return app.sockets


@needs_proc
def test_it_listens_on_this_machine_only(visited, app):
    assert visited.listening == {f"127.0.0.1:{app.port}"}


@needs_proc
def test_it_speaks_to_nobody_else(visited):
    assert visited.abroad == set()


WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    "host, origin, status",
    [
        pytest.param("127.0.0.1", "http://127.0.0.1", 101, id="own address"),
        pytest.param("localhost", "http://localhost", 101, id="own name"),
        pytest.param("evil.example", "http://evil.example", 403, id="another name"),
        pytest.param("127.0.0.1.evil.example", None, 403, id="a name made alike"),
        pytest.param("localhost@evil.example", None, 403, id="a name with a user"),
        pytest.param("10.0.0.1", None, 403, id="another address"),
        pytest.param("[::1]", None, 403, id="the other family"),
        pytest.param("127.0.0.1", "http://evil.example", 403, id="another origin"),
        pytest.param("localhost", "null", 403, id="a page from nowhere"),
    ],
)
def test_the_door_to_the_data_heeds_host_and_origin(app, host, origin, status):
    """All data travel by websocket; a page that rebinds its name gets none."""
    headers = {**WEBSOCKET, "Host": f"{host}:{app.port}"}
    if origin:
        own = origin.removeprefix("http://") == host
        headers["Origin"] = f"{origin}:{app.port}" if own else origin
    assert answer(app.port, "/_stcore/stream", headers)[0] == status


@needs_proc
def test_a_foreign_origin_makes_it_ask_nobody(app):
    """Streamlit would ask a host outside for this machine's address, to compare."""
    headers = {**WEBSOCKET, "Origin": "http://evil.example"}
    for _ in range(3):
        answer(app.port, "/_stcore/stream", headers)
        app.sockets.look()
    assert app.sockets.abroad == set()


def test_nothing_outside_the_static_folder_is_served(app):
    for path in [
        "/app/static/../app.py",
        "/app/static/%2e%2e/app.py",
        "/app/static/..%2f..%2fdata/tables/events.csv",
        "/app/static/%2e%2e%2f.streamlit/config.toml",
        "/app/static//etc/passwd",
    ]:
        status, body = answer(app.port, path)
        assert status != 200 or b"<!DOCTYPE html>" in body, path
        assert b"import streamlit" not in body and b"event_id" not in body
        assert b"root:" not in body


def test_an_upload_without_a_token_is_refused(app):
    path = "/_stcore/upload_file/session/file"
    for method in ("PUT", "POST", "DELETE"):
        assert answer(app.port, path, {"Content-Length": "0"}, method)[0] >= 400


def test_the_log_tells_the_reader_where_to_look(app):
    told = app.log.read_text()
    assert f"http://localhost:{app.port}" in told
    assert not re.search(r"Network URL|External URL", told)


def test_the_log_holds_no_fault(app, visited):
    assert not re.search(r"Traceback|Error|Exception|deprecat", app.log.read_text())


def test_two_readers_do_not_see_each_other(open_page):
    one = open_page("events", "lang=en&q=Tinzaouaten")
    other = open_page("events", "lang=fr")
    kept = one.get_by_role("textbox", name=EN["text"], exact=True)
    expect(kept).to_have_value("Tinzaouaten")
    search = other.get_by_role("textbox", name="Chercher", exact=True)
    expect(search).to_have_value("")
    search.fill("Bamako")
    search.press("Enter")
    expect(other.get_by_text("texte « Bamako »")).to_be_visible()
    one.reload()
    expect(kept).to_have_value("Tinzaouaten")
    expect(one.get_by_text("“Tinzaouaten”")).to_be_visible()


def test_an_unforeseen_fault_shows_no_code(open_page, tmp_path, faults):
    """What nobody thought of: the reader sees a sentence, the log the traceback."""
    folder = copy_checkout(tmp_path / "copy")
    view = folder / "dashboard" / "views" / "method.py"
    view.write_text("raise RuntimeError('a secret in ' + __file__)\n")
    with running(folder, tmp_path) as started:
        page = open_page("method", "lang=en", at=started)
        shown = page.get_by_test_id("stException").or_(page.get_by_test_id("stAlert"))
        expect(shown.first).to_be_visible()
        text = page.locator("body").inner_text()
        assert "secret" not in text and str(tmp_path) not in text
        assert "Traceback" not in text and str(ROOT) not in text
        assert "a secret in" in started.log.read_text()
    faults[:] = [fault for fault in faults if "secret" in fault]
