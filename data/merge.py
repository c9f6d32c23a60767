"""Add the rows of a contribution to the record, all or none."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from pathlib import Path

from data.contract import (
    TABLES,
    BrokenTables,
    Fault,
    check_tables,
    columns_of,
    contract,
    read_rows,
    schema_of,
)
from data.record import check_record


def merge_tables(folder: Path, into: Path = TABLES) -> dict[str, int]:
    """Add the rows of the tables in ``folder`` to the tables in ``into``.

    A row whose key the record already holds with the same cells is passed over; with
    other cells it is a fault. The merged record is checked whole in a folder of its
    own before any file is replaced.

    Returns
    -------
    dict of str to int
        Rows added to each table of the contribution.

    Raises
    ------
    BrokenTables
        If the contribution, or the record with it, has a fault.
    """
    faults = check_tables(folder, partial=True)
    if faults:
        raise BrokenTables(faults)
    added: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        merged = Path(name)
        for resource in contract()["resources"]:
            here, there = folder / resource["path"], into / resource["path"]
            if here.is_file():
                faults += _merge_one(
                    resource["name"], here, there, merged / resource["path"], added
                )
            else:
                shutil.copy(there, merged)
        faults = faults or check_record(merged)
        if faults:
            raise BrokenTables(faults)
        for table in added:
            # A file is replaced in one step, so a reader never sees half of it.
            target = into / f"{table}.csv"
            shutil.copy(merged / target.name, target.with_suffix(".new"))
            os.replace(target.with_suffix(".new"), target)
    return added


def _merge_one(
    table: str, here: Path, there: Path, target: Path, added: dict[str, int]
) -> list[Fault]:
    """Write the union of two files of one table, sorted by key; return the clashes."""
    columns = columns_of(table)
    key_places = [columns.index(name) for name in schema_of(table)["primaryKey"]]
    rows = {}
    if there.is_file():
        for number, cells in read_rows(there):
            if number > 1:
                rows[tuple(cells[place] for place in key_places)] = cells
    before = len(rows)
    faults = []
    for number, cells in read_rows(here):
        if number == 1:
            continue
        key = tuple(cells[place] for place in key_places)
        if rows.get(key, cells) != cells:
            theirs = rows[key]
            for name, old, new in zip(columns, theirs, cells, strict=True):
                if old != new:
                    fault = Fault(here.name, number, name, f'"{new}"', f'"{old}"')
                    faults.append(fault)
        rows[key] = cells
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows[key] for key in sorted(rows))
    added[table] = len(rows) - before
    return faults
