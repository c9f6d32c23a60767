"""Check a folder of tables, or merge a contribution into the record.

``python -m data check [FOLDER]`` lists every fault of the record, or of a
contribution in a folder of its own. ``python -m data merge FOLDER`` adds the rows
of a contribution; it writes nothing while there is a fault.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.contract import TABLES, BrokenTables, check_tables


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if all is well, 1 if there are faults."""
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="list the faults of the tables")
    check.add_argument("folder", nargs="?", type=Path, default=TABLES)
    merge = commands.add_parser("merge", help="add a contribution to the record")
    merge.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)

    if chosen.command == "merge":
        from data.merge import merge_tables

        try:
            added = merge_tables(chosen.folder)
        except BrokenTables as broken:
            print(broken, file=sys.stderr)
            return 1
        for table, count in added.items():
            print(f"{table}: {count} rows added")
        return 0

    from data.record import check_record

    whole = chosen.folder.resolve() == TABLES.resolve()
    faults = (
        check_record(chosen.folder)
        if whole
        else check_tables(chosen.folder, partial=True)
    )
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "no fault found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
