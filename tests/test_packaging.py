"""What is shipped beside the code: settings, start, lock, descriptions, commands."""

from __future__ import annotations

import ast
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from dashboard import __main__ as command
from dashboard.offline import ask_no_other_machine

ROOT = Path(__file__).resolve().parents[1]
OUR_FOLDERS = {"dashboard", "data", "geo", "tests", "benchmarks", "notebooks"}


# ---- settings -------------------------------------------------------------------

# Reads the settings in force as `streamlit run` does, before it opens a port.
READ_SETTINGS = """
import json, sys
from streamlit import config
config._main_script_path = sys.argv[1]
options = config.get_config_options(force_reparse=True)
print(json.dumps({name: option.value for name, option in options.items()}))
"""


@pytest.fixture
def strange_home(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home folder holds careless Streamlit settings."""
    settings = tmp_path / ".streamlit" / "config.toml"
    settings.parent.mkdir()
    settings.write_text(
        '[server]\naddress = "0.0.0.0"\nallowedHosts = []\nenableXsrfProtection = false'
        '\n[browser]\ngatherUsageStats = true\n[client]\nshowErrorDetails = "full"\n'
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STREAMLIT_")
    }
    return {**kept, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}


def test_settings_in_force_from_any_folder(strange_home, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS, str(ROOT / "dashboard" / "app.py")],
        cwd=tmp_path,
        env=strange_home,
        capture_output=True,
        text=True,
        check=True,
    )
    settings = json.loads(done.stdout)
    expected = {
        "server.address": "127.0.0.1",
        "server.allowedHosts": ["localhost", "127.0.0.1"],
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.enableStaticServing": True,
        "server.enableWebsocketCompression": True,
        "server.maxUploadSize": 200,
        "server.headless": True,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": "localhost",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
    }
    assert {name: settings[name] for name in expected} == expected


def test_every_shipped_setting_is_one_streamlit_knows():
    from streamlit import config

    assert command.shipped_settings().keys() <= config.get_config_options().keys()


# ---- python -m dashboard run ------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "192.168.1.9", "", "example.org", "unix:///run/dashboard.sock"],
)
def test_an_address_that_others_can_reach_is_refused(address):
    with pytest.raises(command.Refused, match="is not this machine's own"):
        command.run_flags(8501, address)


@pytest.mark.parametrize(
    "host", ["*", "example.org:80", "http://example.org", "a b", ""]
)
def test_a_host_that_is_none_is_refused(host):
    with pytest.raises(command.Refused, match="expected a host's name"):
        command.run_flags(8501, "0.0.0.0", [host])


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(command.Refused, match="from 1 to 65535"):
        command.run_flags(port, "127.0.0.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "127.8.8.8", "::1"])
def test_own_addresses_need_no_host(address):
    flags = command.run_flags(8600, address)
    assert f"--server.address={address}" in flags
    assert "--server.port=8600" in flags
    assert "--server.allowedHosts=localhost" in flags
    assert "--server.enableXsrfProtection=true" in flags


def test_a_named_host_is_added_to_the_list():
    flags = command.run_flags(8600, "0.0.0.0", ["sahel.example.org", "10.1.2.3"])
    hosts = [flag for flag in flags if flag.startswith("--server.allowedHosts")]
    assert [flag.partition("=")[2] for flag in hosts] == [
        "localhost",
        "127.0.0.1",
        "sahel.example.org",
        "10.1.2.3",
    ]
    assert "--browser.serverAddress=sahel.example.org" in flags


def test_a_port_in_use_is_told(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert command.main(["run", "--port", str(port)]) == 2
    assert f"port {port} is in use" in capsys.readouterr().err


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory) -> Iterator[tuple[int, Path]]:
    """Start the dashboard from another folder, in a careless environment."""
    folder = tmp_path_factory.mktemp("elsewhere")
    log = folder / "log.txt"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    careless = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "STREAMLIT_SERVER_PORT": "1"}
    arguments = ["run", "--port", str(port), "--allow-host", "sahel.example.org"]
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "dashboard"), *arguments],
            cwd=folder,
            env={**os.environ, **careless, "HOME": str(folder)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(240):
            if "URL:" in log.read_text() or process.poll() is not None:
                break
            time.sleep(0.25)
        yield port, log
    finally:
        process.terminate()
        process.wait(10)


def test_run_prints_the_address(dashboard):
    port, log = dashboard
    assert f"URL: http://sahel.example.org:{port}" in log.read_text()


def test_run_answers_on_this_machine_only(dashboard):
    port, _ = dashboard
    if not Path("/proc/net/tcp").exists():
        pytest.skip("no /proc/net/tcp here")
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # The second column is the address as hexadecimal numbers, the fourth its state.
    listening = {row[1] for row in rows if row[3] == "0A"}
    here = {address for address in listening if address.endswith(f":{port:04X}")}
    assert here == {f"0100007F:{port:04X}"}


@pytest.mark.parametrize(
    "host, origin, status",
    [
        pytest.param("localhost", "http://localhost", 101, id="itself"),
        pytest.param("sahel.example.org", None, 101, id="an allowed host"),
        pytest.param("evil.example", "http://evil.example", 403, id="rebound name"),
        pytest.param("localhost", "http://evil.example", 403, id="foreign page"),
    ],
)
def test_run_lets_only_allowed_hosts_connect(dashboard, host, origin, status):
    port, _ = dashboard
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Host": f"{host}:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    if origin:
        headers["Origin"] = origin
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


def test_run_asks_no_other_machine_for_its_address(monkeypatch):
    from streamlit import net_util
    from streamlit.web.server import server_util

    def fail(*arguments, **options):
        raise AssertionError("it asked a host outside")

    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", fail)
    ask_no_other_machine()
    assert not server_util.is_url_from_allowed_origins("http://evil.example")


# ---- requirements -----------------------------------------------------------------


def read_requirements(name: str) -> dict[str, Requirement]:
    """Return the requirements of a file, those it includes among them."""
    found: dict[str, Requirement] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            found |= read_requirements(line.removeprefix("-r ").strip())
        elif line:
            requirement = Requirement(line)
            found[canonicalize_name(requirement.name)] = requirement
    return found


def read_lock() -> dict[str, tuple[Requirement, list[str]]]:
    """Return requirement and hashes of each package of the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text.replace("\\\n", " ").strip()):
        line = entry.partition("\n")[0]
        requirement, *hashes = line.split(" --hash=")
        pinned = Requirement(requirement.strip())
        found[canonicalize_name(pinned.name)] = pinned, [it.strip() for it in hashes]
    return found


def test_the_lock_fixes_every_package_with_hashes():
    lock = read_lock()
    assert len(lock) > 60
    for name, (pinned, hashes) in lock.items():
        assert re.fullmatch(r"==[\w.]+", str(pinned.specifier)), name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), name


def test_the_lock_names_no_host_and_no_folder():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for word in ("://", "-index", "find-links", "trusted-host", " @ ", "file:"):
        assert word not in text


def test_the_lock_is_within_the_floors():
    lock = read_lock()
    for name, requirement in read_requirements("requirements-dev.txt").items():
        assert name in lock
        (version,) = lock[name][0].specifier
        assert requirement.specifier.contains(version.version), name


def test_what_runs_here_is_what_the_lock_says():
    """The tests speak for the locked versions only where those are installed."""
    here = {canonicalize_name(it.name): it.version for it in metadata.distributions()}
    other = {}
    for name, (pinned, _) in read_lock().items():
        if pinned.marker is None or pinned.marker.evaluate():
            (version,) = pinned.specifier
            if Version(here.get(name, "0")) != Version(version.version):
                other[name] = here.get(name, "missing")
    if other and not (Path(sys.prefix) / "ready").exists():
        pytest.skip(f"not the environment of make: {other}")
    assert not other


def imports_of(paths: Iterator[Path]) -> dict[str, Path]:
    """Return the foreign packages that files import, each with one of the files."""
    found = {}
    for path in paths:
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = [it["source"] for it in cells if it["cell_type"] == "code"]
            text = "\n".join("".join(source) for source in code)
        else:
            text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text, str(path))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                found[name.partition(".")[0]] = path
    ours = OUR_FOLDERS | set(sys.stdlib_module_names)
    return {name: path for name, path in found.items() if name not in ours}


@pytest.mark.parametrize(
    "file, folders",
    [
        ("requirements.txt", ["dashboard", "data", "geo"]),
        ("requirements-dev.txt", ["tests", "benchmarks", "notebooks"]),
    ],
)
def test_every_import_is_required(file, folders):
    required = set(read_requirements(file))
    owners = metadata.packages_distributions()
    files = (
        path
        for folder in folders
        for pattern in ("*.py", "*.ipynb")
        for path in (ROOT / folder).rglob(pattern)
        if ".ipynb_checkpoints" not in path.parts
    )
    # A module that a test file keeps beside itself is imported by its bare name.
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    missing = {
        name: str(path.relative_to(ROOT))
        for name, path in imports_of(files).items()
        if not required & {canonicalize_name(it) for it in owners.get(name, [name])}
        and not (file == "requirements-dev.txt" and name in local)
    }
    assert not missing


def test_every_requirement_has_its_reason_written():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = {canonicalize_name(it) for it in re.findall(r"^\| `([\w-]+)`", text, re.M)}
    assert set(read_requirements("requirements-dev.txt")) == told


# ---- files ------------------------------------------------------------------------


def tracked_files() -> list[Path]:
    """Return the files that git tracks or would add."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = done.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


# Written in two halves, so that this file does not name them itself.
FOLDERS = "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "t" + "mp"])
MACHINE = re.compile(rf"(?<![\w./:@~*-])/(?:{FOLDERS})/\w")
REGISTRY = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npm" + r"js\.(?:com|org)",
            "deb" + r"\.debian\.org",
            "index" + "-url",
            "index" + "_url",
        ]
    )
)
ALLOWED = {
    # Flags that keep such addresses out of the lock, and the test that none is in.
    "Makefile": {"--no-emit-index" + "-url"},
}


def test_no_file_names_a_machine_or_a_registry():
    faults = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        for allowed in ALLOWED.get(name, ()):
            text = text.replace(allowed, "")
        for number, line in enumerate(text.splitlines(), 1):
            for found in (MACHINE.search(line), REGISTRY.search(line)):
                if found:
                    faults.append(f"{name}:{number}: {found.group()}")
    assert not faults


def test_notebooks_are_committed_without_outputs():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), path.name
            assert cell.get("execution_count") is None, path.name


def test_all_say_the_same_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = project["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    contract = (ROOT / "data" / "tables" / "datapackage.json").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    assert json.loads(contract)["version"] == version
    assert f"\n## [{version}]" in changes


def test_documents_link_to_files_that_exist():
    missing = []
    for path in tracked_files():
        if path.suffix != ".md":
            continue
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            is_file = "://" not in target and not target.startswith("mailto:")
            if is_file and not (path.parent / target).exists():
                missing.append(f"{path.relative_to(ROOT)}: {target}")
    assert not missing


def test_make_alone_lists_every_target():
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    done = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = set(re.findall(r"^  make ([a-z-]+)", done.stdout, re.M))
    assert {"run", "test", "lint", "bench", "lock"} <= listed
    targets = set(
        re.findall(
            r"^([a-z-]+):.*?##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M
        )
    )
    assert listed == targets


def test_ci_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
