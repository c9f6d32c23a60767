"""The command line: ``python -m dashboard run`` starts the dashboard.

It starts Streamlit with the settings shipped in ``dashboard/.streamlit`` as flags, so
that neither a variable of the environment nor a file in the home folder opens it to
other machines. Another address than this machine's own needs ``--allow-host``.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import ipaddress
import re
import socket
import sys
import threading
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
APP = HERE / "app.py"
SETTINGS = HERE / ".streamlit" / "config.toml"

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.I)


class Refused(ValueError):
    """What was asked for is not done; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind ``python -m dashboard``; by default that of the process.

    Returns
    -------
    int
        0 if all went well, 2 if what was asked for is refused.
    """
    parser = argparse.ArgumentParser(
        prog="python -m dashboard", description="The Sahel insurgency dashboard."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_run(commands)
    chosen = parser.parse_args(arguments)
    try:
        code: int = chosen.do(chosen)
    except Refused as refused:
        print(f"{parser.prog} {chosen.command}: {refused}", file=sys.stderr)
        return 2
    return code


def _add_run(commands: Any) -> None:
    """Add the command ``run``; each command says in ``do`` which function it is."""
    run = commands.add_parser(
        "run", help="start the dashboard", description="Start the dashboard."
    )
    run.add_argument("--port", type=int, default=8501, help="(default: 8501)")
    run.add_argument(
        "--address",
        default="127.0.0.1",
        help="address to listen on; other machines can reach any but this machine's own"
        " (default: 127.0.0.1)",
    )
    run.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="name or address under which readers open the dashboard; once for each",
    )
    run.set_defaults(do=_run)


def _run(chosen: argparse.Namespace) -> int:
    """Start Streamlit; it prints the address once it listens."""
    flags = run_flags(chosen.port, chosen.address, chosen.allow_host)
    check_free(chosen.address, chosen.port)

    # `python path/to/dashboard run` puts only that folder on the import path.
    root = str(APP.parent.parent)
    if root not in sys.path:
        sys.path.insert(0, root)
    # Only here, so that other commands start without Streamlit.
    from streamlit.web import cli

    from dashboard.offline import ask_no_other_machine

    ask_no_other_machine()
    threading.Thread(target=_load_ahead, daemon=True).start()
    cli.main(["run", str(APP), *flags], prog_name="streamlit", standalone_mode=False)
    return 0


def _load_ahead() -> None:
    """Load the atlas while the browser starts, not when it asks for the page.

    A fault of the tables is left for the page, which tells it in full.
    """
    from dashboard import state

    with contextlib.suppress(Exception):
        state.known()


def run_flags(port: int, address: str, allow_hosts: Sequence[str] = ()) -> list[str]:
    """Return the flags that Streamlit is started with.

    Parameters
    ----------
    port : int
        Port to listen on.
    address : str
        Address to listen on.
    allow_hosts : sequence of str
        Hosts that readers may use beside ``localhost`` and ``127.0.0.1``.

    Returns
    -------
    list of str
        The shipped settings, with ``port``, ``address`` and hosts in their place.

    Raises
    ------
    Refused
        If the address is not this machine's own and no host is named, or if a port
        or host cannot be one.
    """
    if not 1 <= port <= 65535:
        raise Refused(f"--port is {port}, expected a number from 1 to 65535")
    for host in allow_hosts:
        if not is_host(host):
            raise Refused(
                f"--allow-host is {host!r}, expected a host's name or address, such as "
                "dashboard.example.org, without port and path; * alone would let any "
                "website in the reader's browser talk to the dashboard"
            )
    if not is_own_address(address) and not allow_hosts:
        raise Refused(
            f"--address {address!r} is not this machine's own (127.0.0.1): other "
            "machines could reach the dashboard. If that is meant, say under which "
            "name readers open it: --allow-host dashboard.example.org"
        )
    settings = shipped_settings()
    settings["server.port"] = port
    settings["server.address"] = address
    settings["server.allowedHosts"] = [*settings["server.allowedHosts"], *allow_hosts]
    settings["logger.hideWelcomeMessage"] = False
    if allow_hosts:
        settings["browser.serverAddress"] = allow_hosts[0].removeprefix("*.")
    return list(_as_flags(settings))


def shipped_settings() -> dict[str, Any]:
    """Return the settings of ``config.toml`` that have a flag, by their full names.

    A theme is no matter of safety, and Streamlit reads it from the file in any case.
    """
    sections = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": value
        for section, options in sections.items()
        if section != "theme"
        for name, value in options.items()
    }


def _as_flags(settings: dict[str, Any]) -> Iterator[str]:
    for name, value in settings.items():
        for one in value if isinstance(value, list) else [value]:
            text = str(one).lower() if isinstance(one, bool) else str(one)
            yield f"--{name}={text}"


def is_own_address(address: str) -> bool:
    """Return whether only this machine can reach an address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_host(text: str) -> bool:
    """Return whether a text is a host's name or address, without port and path."""
    if _HOST.fullmatch(text):
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def check_free(address: str, port: int) -> None:
    """Refuse a port that is in use, or an address that this machine does not have."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(
                    f"port {port} is in use: the dashboard may be running already; "
                    "choose another port with --port"
                ) from None
            raise Refused(
                f"cannot listen on {address} port {port}: {error.strerror}"
            ) from None


if __name__ == "__main__":
    sys.exit(main())
