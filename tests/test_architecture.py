"""The folders are the architecture: who imports whom, and what is written nowhere."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.contract import contract

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("data", "geo", "dashboard")

# From the first line to the last; a module imports from its own line or from above.
LINES = [
    ["data"],
    ["geo"],
    ["dashboard.analysis"],
    ["dashboard.drawing"],
    ["dashboard.writing"],
    ["dashboard.state", "dashboard.map_view", "dashboard.offline"],
    ["dashboard.elements"],
    ["dashboard.views"],
    ["dashboard.app"],
    ["dashboard.__main__"],
]
# Beside these, only the command that starts the server touches Streamlit.
STREAMLIT = (
    "dashboard/app.py",
    "dashboard/state.py",
    "dashboard/map_view.py",
    "dashboard/elements/",
    "dashboard/views/",
    "dashboard/offline.py",
    "dashboard/__main__.py",
)
# Makes the layers anew from archives of known checksum; never runs with the app.
EXTRACT = "geo/extract.py"


def sources() -> list[str]:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def tree_of(source: str) -> ast.Module:
    return ast.parse((ROOT / source).read_text(encoding="utf-8"), source)


def module_of(source: str) -> str:
    return source.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_of(tree: ast.AST, source: str = "") -> Iterator[str]:
    """Yield the full name of everything a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def line_of(name: str) -> int | None:
    """Return the number of the line a module of ours stands on, else None."""
    for number, modules in enumerate(LINES):
        if any(name == it or name.startswith(it + ".") for it in modules):
            return number
    return None


def calls_of(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield the name of each call, dotted as it is written, and the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_there_is_something_to_read():
    assert len(sources()) > 40


@pytest.mark.parametrize("source", sources())
def test_a_module_stands_on_a_line(source):
    if source == "dashboard/__init__.py":
        assert list(imports_of(tree_of(source))) == []
    else:
        assert line_of(module_of(source)) is not None


@pytest.mark.parametrize("source", sources())
def test_a_module_imports_from_its_own_line_or_from_above(source):
    own = line_of(module_of(source))
    below = [
        name
        for name in imports_of(tree_of(source), source)
        if (line := line_of(name)) is not None and own is not None and line > own
    ]
    assert below == []


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("geo.join", "data.contract", True),
        ("data.rules", "geo.join", False),
        ("dashboard.drawing.charts", "dashboard.analysis.counts.shares", True),
        ("dashboard.analysis.counts", "dashboard.drawing.palette", False),
        ("dashboard.writing.card", "dashboard.state.words", False),
        ("dashboard.elements.tables", "dashboard.state", True),
        ("dashboard.elements.tables", "dashboard.views.map", False),
    ],
)
def test_the_order_itself(importer, imported, allowed):
    own, other = line_of(importer), line_of(imported)
    assert own is not None
    assert other is not None
    assert (other <= own) is allowed


@pytest.mark.parametrize("source", sources())
def test_streamlit_and_folium_keep_to_their_places(source):
    roots = {name.partition(".")[0] for name in imports_of(tree_of(source))}
    if not source.startswith(STREAMLIT):
        assert "streamlit" not in roots
    if not source.startswith("dashboard/drawing/"):
        assert not {"folium", "branca"} & roots
    # The app draws with its own component.
    assert "streamlit_folium" not in roots


@pytest.mark.parametrize("source", sources())
def test_nothing_asks_another_machine(source):
    names = set(imports_of(tree_of(source)))
    roots = {name.partition(".")[0] for name in names}
    network = {"requests", "httpx", "aiohttp", "ftplib", "smtplib", "pooch"}
    assert not network & roots
    assert not {name for name in names if name.startswith(("urllib.request", "http."))}
    if source != "dashboard/__main__.py":
        assert "socket" not in roots
    # These get layers and Leaflet anew by the clients of their registries, by hand.
    if source not in (EXTRACT, "geo/packages.py", "dashboard/drawing/vendor.py"):
        assert "subprocess" not in roots


def test_the_app_never_makes_layers():
    users = [
        source
        for source in sources()
        for name in imports_of(tree_of(source))
        if name.startswith(("geo.extract", "geo.packages")) and source != EXTRACT
    ]
    assert users == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    names = {Path(source).stem for source in sources()}
    assert not {"utils", "util", "helpers", "helper", "misc", "common"} & names


def test_nothing_hides_the_package_data():
    assert not (ROOT / "dashboard" / "data.py").exists()
    assert not (ROOT / "tests" / "data" / "__init__.py").exists()
    assert not (ROOT / "dashboard" / "pages").exists()


# What no line may call, and where it may be called all the same.
FORBIDDEN = {
    "eval": [],
    "exec": [],
    "compile": [],
    "__import__": [],
    "st.html": [],
    "st.write": [],
    "st.components.v1": [],
    "components.v1": [],
    "Element": [],
    "IFrame": [],
    "folium.Element": [],
    "folium.IFrame": [],
    "JsCode": [],
    "pd.read_pickle": [],
    "pickle.load": [],
    "pickle.loads": [],
    "gpd.read_file": [EXTRACT],
    "yaml.load": [],
    "os.system": [],
}


@pytest.mark.parametrize("source", sources())
def test_forbidden_calls(source):
    found = [
        f"line {call.lineno}: {name}"
        for name, call in calls_of(tree_of(source))
        for forbidden, allowed in FORBIDDEN.items()
        if (name == forbidden or name.startswith(forbidden + "."))
        and source not in allowed
    ]
    assert found == []


@pytest.mark.parametrize("source", sources())
def test_markup_is_never_let_through(source):
    text = (ROOT / source).read_text(encoding="utf-8")
    assert not re.search(r"\bunsafe_allow_html\b|\bunsafe_allow_javascript\b", text)


@pytest.mark.parametrize("source", sources())
def test_tables_are_read_in_one_place(source):
    readers = [
        name
        for name, _ in calls_of(tree_of(source))
        if re.match(r"(pd|pandas|gpd|geopandas)\.read_", name)
    ]
    if source not in ("data/record.py", "geo/boundaries.py", EXTRACT):
        assert readers == []
    elif source != EXTRACT:
        assert readers == ["pd.read_csv"]


@pytest.mark.parametrize("source", sources())
def test_no_query_is_built_of_text(source):
    for name, call in calls_of(tree_of(source)):
        if name.rpartition(".")[2] in ("execute", "executemany", "sql"):
            assert isinstance(call.args[0], ast.Constant), f"line {call.lineno}"


@pytest.mark.parametrize("source", sources())
def test_nothing_is_run_by_a_shell(source):
    for _, call in calls_of(tree_of(source)):
        assert not any(word.arg == "shell" for word in call.keywords)


def is_cached(function: ast.FunctionDef) -> bool:
    for decorator in function.decorator_list:
        name = ast.unparse(
            decorator.func if isinstance(decorator, ast.Call) else decorator
        )
        if name.rpartition(".")[2] in {
            "cache",
            "lru_cache",
            "cache_data",
            "cache_resource",
        }:
            return True
    return False


# Types that are compared whole; a frame is hashed by a sample of its rows.
KEYS = {"str", "int", "bool", "date", "EventFilter", "str | None"}


def test_caches_are_keyed_by_small_values():
    cached = []
    for source in sources():
        for node in ast.walk(tree_of(source)):
            if isinstance(node, ast.FunctionDef) and is_cached(node):
                arguments = [
                    *node.args.posonlyargs,
                    *node.args.args,
                    *node.args.kwonlyargs,
                ]
                kinds = {
                    ast.unparse(it.annotation) for it in arguments if it.annotation
                }
                assert len([it for it in arguments if it.annotation]) == len(arguments)
                assert kinds <= KEYS, f"{source}: {node.name}({sorted(kinds)})"
                cached.append(f"{source}:{node.name}")
    assert "dashboard/state.py:atlas" in cached


def test_nothing_of_a_reader_is_shared():
    """``st.cache_data`` copies; what is shared by all readers takes no argument."""
    for source in sources():
        for node in ast.walk(tree_of(source)):
            if isinstance(node, ast.FunctionDef):
                names = [ast.unparse(it) for it in node.decorator_list]
                if any("cache_resource" in name for name in names):
                    assert not node.args.args, f"{source}: {node.name}"


def test_every_file_of_the_tables_is_in_the_contract():
    files = {path.name for path in (ROOT / "data" / "tables").iterdir()}
    listed = {resource["path"] for resource in contract()["resources"]}
    assert files == listed | {"datapackage.json"}


def test_no_rule_about_one_event_is_written_in_code():
    """An event belongs in a table, with its source."""
    named = [
        (source, node.value)
        for source in sources()
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]{2,3}-[a-z-]*\d{4}-\d{2}-\d{2}[a-z0-9-]*", node.value)
    ]
    # The page of claims opens on an attack of each of the two source documents.
    assert named == [
        ("dashboard/elements/claims.py", "op-bamako-2024-09-17"),
        ("dashboard/elements/claims.py", "op-timbouctou-2025-06-02"),
    ]


@pytest.mark.parametrize("source", sources())
def test_a_module_says_what_it_is_for(source):
    assert ast.get_docstring(tree_of(source))


def test_a_page_is_a_recipe():
    for path in sorted((ROOT / "dashboard" / "views").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 50, path.name
        assert "def " not in text, path.name


def test_files_are_opened_as_utf_8():
    """The default encoding is that of the machine."""
    for source in sources():
        for name, call in calls_of(tree_of(source)):
            method = name.rpartition(".")[2]
            if method in ("read_text", "write_text"):
                words = [ast.unparse(it) for it in call.args]
                words += [ast.unparse(it.value) for it in call.keywords]
                assert any("utf-8" in word for word in words), (
                    f"{source}: {call.lineno}"
                )


def test_only_what_is_required_is_imported():
    """Each library that runs with the app is in requirements.txt."""
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = {
        re.split(r"[\s<>=~!;\[]", line)[0].lower()
        for line in required.splitlines()
        if line and not line.startswith("#")
    }
    known_as = {"Babel": "babel", "PIL": "pillow", "yaml": "pyyaml"}
    roots = {
        name.partition(".")[0]
        for source in sources()
        if source not in (EXTRACT, "geo/packages.py")
        for name in imports_of(tree_of(source))
    }
    ours = set(FOLDERS) | set(sys.stdlib_module_names)
    third = {known_as.get(root, root).lower() for root in roots - ours}
    assert third - names == set()
