"""The pages that are measured, each as a server of its own on this machine."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.__main__ import APP, run_flags
from dashboard.analysis.atlas import Atlas
from dashboard.drawing import vendor
from dashboard.drawing.packing import BBOX
from dashboard.drawing.palette import COLOUR_GROUPS
from dashboard.map_view import STATIC

ROOT = Path(__file__).parents[1]
APPS = Path(__file__).parent / "apps"

OURS, BARE, PLAIN = "dashboard", "bare", "plain folium"
PAGES = (BARE, PLAIN, OURS)
"""The pages in the order in which each round measures them."""

CROWD_OURS, CROWD_THEIRS = "made events, ours", "made events, theirs"
_SCRIPTS = {
    BARE: "bare.py",
    PLAIN: "plain_folium.py",
    CROWD_OURS: "crowd_ours.py",
    CROWD_THEIRS: "crowd_theirs.py",
}


@dataclass(frozen=True)
class Server:
    """A running page.

    Attributes
    ----------
    address : str
        Where the browser finds it.
    started : float
        When its process was started, in seconds of the wall clock.
    answered : float
        When it first answered.
    process : int
        Its process.
    """

    address: str
    started: float
    answered: float
    process: int

    def memory(self) -> float:
        """Return what its process holds of the machine's memory, in MB (Linux)."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        kilobytes = next(
            line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")
        )
        return int(kilobytes) / 1024


def lay_out(folder: Path, atlas: Atlas) -> None:
    """Copy the pages that are not ours to a folder, with their rows and scripts.

    Streamlit serves static files only from beside the script, and no links.

    Parameters
    ----------
    folder : Path
        An empty folder.
    atlas : Atlas
        The joined record; the plain page gets the events that the map can draw.
    """
    static = folder / "static"
    static.mkdir()
    for name in ("bare.py", "plain_folium.py"):
        shutil.copy(APPS / name, folder)
    shutil.copy(APPS / "dollar.js", static)
    shutil.copytree(vendor.folder(), static / vendor.folder().name)

    colours = {group.code: group.colour for group in COLOUR_GROUPS}
    drawn = drawable(atlas)
    rows = drawn[["event_id", "latitude", "longitude"]].assign(
        radius=3 + drawn["deaths_best"].astype("float").fillna(0) ** 0.5,
        colour=drawn["actor_class"].map(colours),
        groups=[";".join(sorted(ids)) for ids in drawn["group_ids"]],
        summary=drawn["summary_en"],
    )
    rows.to_csv(folder / "events.csv", index=False)


def lay_out_crowd(folder: Path) -> bool:
    """Copy the pages of made events to a folder, with the scripts they need.

    Parameters
    ----------
    folder : Path
        An empty folder.

    Returns
    -------
    bool
        Whether npm could bring folium's density image (``leaflet.heat``), which is
        needed for nothing but to be measured beside.
    """
    shutil.copytree(STATIC, folder / "static")
    for name in _SCRIPTS.values():
        shutil.copy(APPS / name, folder)
    shutil.copy(APPS / "dollar.js", folder / "static")
    shutil.copytree(vendor.folder(), folder / "static" / vendor.folder().name)
    try:
        packed = subprocess.run(
            ["npm", "pack", "--silent", "leaflet.heat@0.2.0"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        script = archive.extractfile("package/dist/leaflet-heat.js")
        if script is None:
            return False
        (folder / "static" / "leaflet-heat.js").write_bytes(script.read())
    return True


def drawable(atlas: Atlas) -> pd.DataFrame:
    """Return the events that have a point in the box of the map."""
    west, south, east, north = BBOX
    events = atlas.events
    inside = events["longitude"].between(west, east)
    inside &= events["latitude"].between(south, north)
    return events[inside & events["location_precision"].ne("country")]


@contextmanager
def serving(page: str, folder: Path, watched: Sequence[str] = ()) -> Iterator[Server]:
    """Start a page on a free port of this machine, and end it afterwards.

    Parameters
    ----------
    page : str
        One of ``PAGES``, or of made events.
    folder : Path
        Where ``lay_out`` or ``lay_out_crowd`` put the pages.
    watched : sequence of str, optional
        Arguments of ``benchmarks.watched``, which then runs the server.

    Yields
    ------
    Server
        As soon as the server answers.

    Raises
    ------
    RuntimeError
        If it does not; the message holds what it wrote.
    """
    port = free_port()
    script = APP if page == OURS else folder / _SCRIPTS[page]
    streamlit = ["run", str(script), *run_flags(port, "127.0.0.1")]
    if watched:
        command = ["-m", "benchmarks.watched", *watched, *streamlit]
    elif page == OURS:
        command = ["-m", "dashboard", "run", "--port", str(port)]
    else:
        command = ["-m", "streamlit", *streamlit]
    log = folder / f"{port}.txt"
    with log.open("w", encoding="utf-8") as file:
        started = time.time()
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        try:
            while not _answers(port):
                if process.poll() is not None or time.time() > started + 60:
                    raise RuntimeError(
                        f"the page {page!r} did not start:\n{log.read_text()}"
                    )
                time.sleep(0.005)
            yield Server(f"http://127.0.0.1:{port}", started, time.time(), process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
