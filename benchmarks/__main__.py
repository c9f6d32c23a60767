"""Measure the dashboard: ``python -m benchmarks [NAME ...]``.

The figures are printed and written to ``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from benchmarks import figures

BENCHMARKS = (
    "first_map",
    "filter_change",
    "any_number",
    "millions",
    "readers",
    "rerun",
    "load",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 once all is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}"
    )
    parser.add_argument("--rounds", type=int, help="how often to measure each")
    parser.add_argument(
        "--dry", action="store_true", help="print only, leave the report as it is"
    )
    chosen = parser.parse_args(arguments)
    if unknown := sorted(set(chosen.names) - set(BENCHMARKS)):
        parser.error(f"there is no {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    rounds = {} if chosen.rounds is None else {"rounds": chosen.rounds}
    for name in chosen.names or BENCHMARKS:
        print(f"\n{name} ...", flush=True)
        before = os.getloadavg()[0]
        tables = import_module(f"benchmarks.{name}").measure(**rounds)
        measured_on = (
            f"{figures.machine()} Load of the machine: {before:.1f} before, "
            f"{os.getloadavg()[0]:.1f} at the end."
        )
        print(measured_on)
        for table in tables:
            print("\n" + table.as_markdown())
        if not chosen.dry:
            figures.write(name, measured_on, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
