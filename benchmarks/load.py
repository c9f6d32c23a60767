"""How long reading, checking and joining the record takes, beside pandas alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pandas as pd

from benchmarks.figures import Figures, Row, ratio
from benchmarks.servers import ROOT
from dashboard.analysis.atlas import join_events, load_atlas
from data.contract import TABLES, check_tables, table_names
from data.record import Record, read_table
from data.rules import check_rules
from geo.boundaries import load_boundaries, load_regions
from geo.regions import load_region_names

ROUNDS = 9

PANDAS = "pandas.read_csv of the same files"
WHOLE = "load_atlas: all of the above"
IMPORT_PANDAS = "import pandas"
IMPORT_OURS = "import dashboard.analysis.atlas"


def measure(rounds: int = ROUNDS) -> list[Figures]:
    """Load the shipped tables again and again.

    Parameters
    ----------
    rounds : int
        How often each step is done.

    Returns
    -------
    list of Figures
        Milliseconds of each step, and of the imports in a fresh process.
    """
    paths = [TABLES / f"{name}.csv" for name in table_names()]
    tables = _tables()
    record = Record(**tables)
    boundaries = _anew(load_boundaries)()
    regions = load_region_names(boundaries)
    steps: dict[str, Callable[[], Any]] = {
        PANDAS: lambda: [pd.read_csv(path) for path in paths],
        "read with the contract's types": _tables,
        "check the contract": check_tables,
        "check the rules": lambda: check_rules(tables, TABLES),
        "read the boundaries": _anew(load_boundaries),
        "join events to places, regions, tolls, groups": lambda: join_events(
            record, boundaries, regions
        ),
        WHOLE: _anew(load_atlas),
    }
    taken: dict[str, list[float]] = defaultdict(list)
    for step in steps.values():
        step()
    for _ in range(rounds):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            taken[name].append((time.perf_counter() - started) * 1000)
        for name in (IMPORT_PANDAS, IMPORT_OURS):
            taken[name].append(_in_new_process(name) * 1000)
    rows = [Row((name,), taken[name], _beside(taken, name, PANDAS)) for name in steps]
    imports = [
        Row((name,), taken[name], _beside(taken, name, IMPORT_PANDAS))
        for name in (IMPORT_PANDAS, IMPORT_OURS)
    ]
    count = sum(len(table) for table in tables.values())
    size = sum(path.stat().st_size for path in paths) / 1e6
    return [
        Figures(
            title=f"Milliseconds to load {len(paths)} tables, {count} rows, "
            f"{size:.1f} MB",
            columns=("step",),
            beside="times pandas alone",
            rows=rows,
            digits=0,
        ),
        Figures(
            title="Milliseconds to import, in a process of its own",
            columns=("what",),
            beside="times pandas alone",
            rows=imports,
            digits=0,
        ),
    ]


def _tables() -> dict[str, pd.DataFrame]:
    names = [field.name for field in fields(Record)]
    return {name: read_table(TABLES / f"{name}.csv", name) for name in names}


def _anew(load: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that loads without what was kept from the time before."""

    def load_anew() -> Any:
        for kept in (load_boundaries, load_regions):
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
        return load()

    return load_anew


def _in_new_process(statement: str) -> float:
    """Return the seconds that a statement takes in a fresh Python."""
    timed = f"import time; t = time.perf_counter(); {statement}; "
    timed += "print(time.perf_counter() - t)"
    answer = subprocess.run(
        [sys.executable, "-c", timed],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(answer.stdout)


def _beside(taken: dict[str, list[float]], name: str, other: str) -> str:
    return "" if name == other else ratio(taken[name], taken[other])
