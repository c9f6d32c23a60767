"""The app as a reader starts it: Streamlit's own command, from another folder."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("dashboard", "data", "geo")
LISTENS = "0A"


@dataclass
class Running:
    """A started app."""

    port: int
    pid: int
    log: Path
    sockets: Sockets

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Sockets:
    """What the process of the app listens on and speaks to, watched from outside."""

    pid: int
    listening: set[str] = field(default_factory=set)
    abroad: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Note every socket that is open now."""
        for local, remote, state in open_sockets(self.pid):
            if state == LISTENS:
                self.listening.add(local)
            elif not (_is_own(remote) or remote.startswith(("0.0.0.0:", ":::"))):
                self.abroad.add(remote)


def open_sockets(pid: int) -> Iterator[tuple[str, str, str]]:
    """Yield own address, other address and state of the sockets of a process."""
    own = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            own.add(os.readlink(entry))
        except OSError:
            continue  # closed since
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/{pid}/net/{protocol}")
        for line in table.read_text().splitlines()[1:] if table.is_file() else ():
            cells = line.split()
            if f"socket:[{cells[9]}]" in own:
                yield _readable(cells[1]), _readable(cells[2]), cells[3]


def _readable(text: str) -> str:
    """Return ``0100007F:1F90`` as ``127.0.0.1:8080``."""
    packed, port = text.split(":")
    words = [bytes.fromhex(packed[k : k + 8])[::-1] for k in range(0, len(packed), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return f"{socket.inet_ntop(family, b''.join(words))}:{int(port, 16)}"


def _is_own(address: str) -> bool:
    return bool(re.match(r"(127\.|::1:|::ffff:127\.)", address))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(checkout: Path, folder: Path, port: int | None = None) -> Iterator[Running]:
    """Start the app of a checkout from a folder that is not its own, and end it.

    Nothing of the environment chooses for it: what is shipped must be enough. A port
    is given where the app is to come back to the readers it had.
    """
    port = port or free_port()
    log = folder / f"streamlit-{port}.log"
    command = [sys.executable, "-m", "streamlit", "run"]
    command += [str(checkout / "dashboard" / "app.py"), "--server.port", str(port)]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STREAMLIT_") and name != "PYTHONPATH"
    }
    with log.open("w") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    sockets = Sockets(process.pid)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1) and process.poll() is None:
            sockets.look()

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        _wait_until_healthy(port, process, log)
        if Path("/proc/self/net/tcp").is_file():
            watcher.start()
        yield Running(port, process.pid, log, sockets)
    finally:
        done.set()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
    # A process that ended while it was looked at leaves nothing to say.
    if watcher.is_alive():
        watcher.join(2)


def _wait_until_healthy(port: int, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if answer(port, "/_stcore/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


def answer(
    port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, bytes]:
    """Return status and body of one request, with whatever headers the test wants."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{port}", **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        # An upgraded connection has no body that ends.
        return response.status, b"" if response.status == 101 else response.read()
    finally:
        connection.close()


def copy_checkout(folder: Path) -> Path:
    """Copy what the app is made of, to change its tables and layers."""
    for name in FOLDERS:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder
