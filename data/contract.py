"""The written contract of the tables, and the check that holds a folder to it.

``data/tables/datapackage.json`` (Frictionless Table Schema) says what each table
and column holds; nothing in the code repeats it. ``check_tables`` runs it with the
``frictionless`` library and returns every fault with file, line and column.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import frictionless

TABLES = Path(__file__).parent / "tables"
CONTRACT = TABLES / "datapackage.json"


_TYPES_IN_WORDS = {
    "date": "a day such as 2024-09-17",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
# int() takes 1_000 and Arabic digits, strptime takes 2024-1-5; the tables take what
# every reader takes.
_PLAINLY = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "integer": re.compile(r"-?[0-9]{1,15}"),
    "number": re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?"),
}
_ROW = re.compile(r'the row at position "?([0-9]+)"?')
# Left out, frictionless guesses it from the rows.
_DIALECT = {
    "headerRows": [1],
    "csv": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False},
}


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with a table, told so that a curator can mend it.

    ``line`` is the line of the file as an editor counts it (the header is line 1);
    0 where the fault is not in a line.
    """

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f" line {self.line}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: expected {self.expected}, found {self.found}"


class BrokenTables(ValueError):
    """Tables that do not keep the contract, with all their faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


@cache
def contract() -> dict[str, Any]:
    """Return the contract as read from ``datapackage.json``."""
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def table_names() -> list[str]:
    """Return the names of the contract's tables, in its order."""
    return [resource["name"] for resource in contract()["resources"]]


def schema_of(table: str) -> dict[str, Any]:
    """Return the Table Schema of one table.

    Raises
    ------
    KeyError
        If the contract holds no such table.
    """
    for resource in contract()["resources"]:
        if resource["name"] == table:
            return resource["schema"]
    raise KeyError(f"the contract holds no table {table!r}; it holds {table_names()}")


def columns_of(table: str) -> list[str]:
    """Return the column names of one table, in the contract's order."""
    return [field["name"] for field in schema_of(table)["fields"]]


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row of a CSV file, header first.

    A quoted cell may hold line breaks, so the number of a row is not its line.

    Raises
    ------
    csv.Error
        If a quote is not closed, or something follows a closed one.
    UnicodeDecodeError
        If the file is not UTF-8.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        start = 1
        try:
            for cells in reader:
                yield start, cells
                start = reader.line_num + 1
        except csv.Error as error:
            raise csv.Error(f"{error}, in the row from line {start}") from error


def check_tables(folder: Path = TABLES, *, partial: bool = False) -> list[Fault]:
    """Check the tables of a folder against the contract.

    Parameters
    ----------
    folder : Path
        Folder with one CSV file for each table.
    partial : bool
        Check a contribution: tables may be missing, and references may point to
        rows that only the whole record holds.

    Returns
    -------
    list of Fault
        All faults, in the order of files and lines; empty if the tables are sound.
    """
    faults: list[Fault] = []
    resources = []
    for resource in contract()["resources"]:
        path = folder / resource["path"]
        if not path.is_file():
            if not partial:
                faults.append(Fault(resource["path"], 0, "", "no such file", "a table"))
            continue
        unreadable = _unreadable(path, resource["name"])
        if unreadable:
            faults.append(unreadable)
            continue
        resources.append(resource)
    return sorted(faults + _validate(resources, folder, partial))


def _unreadable(path: Path, table: str) -> Fault | None:
    """Return the fault that keeps a file from being read as its table at all."""
    try:
        rows = read_rows(path)
        _, header = next(rows, (1, []))
        for _ in rows:
            pass
    except UnicodeDecodeError as error:
        return Fault(path.name, 0, "", f"byte {error.start} is not UTF-8", "UTF-8 text")
    except csv.Error as error:
        return Fault(path.name, 0, "", str(error), "comma-separated values")
    expected = columns_of(table)
    if header != expected:
        missing = [name for name in expected if name not in header]
        unknown = [name for name in header if name not in expected]
        found = f"missing {missing}, unknown {unknown}"
        if not missing and not unknown:
            found = f"the order {header}"
        return Fault(path.name, 1, "", found, f"the columns {expected}")
    return None


def _validate(
    resources: list[dict[str, Any]], folder: Path, partial: bool
) -> list[Fault]:
    """Run frictionless over the readable tables and put its errors in our words."""
    names = {resource["name"] for resource in resources}
    package: dict[str, Any] = {"name": "tables", "resources": []}
    for resource in resources:
        keys = [
            key
            for key in resource["schema"]["foreignKeys"]
            if not partial and key["reference"]["resource"] in names
        ]
        schema = {**resource["schema"], "foreignKeys": keys}
        package["resources"].append({**resource, "schema": schema, "dialect": _DIALECT})
    if not package["resources"]:
        return []
    report = frictionless.Package.from_descriptor(
        package, basepath=str(folder)
    ).validate(limit_errors=1_000_000)
    faults = [
        Fault("", 0, "", error.message, "readable tables") for error in report.errors
    ]
    for task, resource in zip(report.tasks, resources, strict=True):
        if not task.errors:
            continue
        lines = [number for number, _ in read_rows(folder / resource["path"])]
        for error in task.errors:
            described = error.to_descriptor()
            if _stands_there(described, folder):
                continue
            row = described.get("rowNumber", 0)
            line = lines[row - 1] if 0 < row <= len(lines) else 0
            column, found, expected = _in_words(described)
            found = _by_line(found, lines)
            faults.append(Fault(resource["path"], line, column, found, expected))
    told = {(fault.file, fault.line, fault.column) for fault in faults}
    for resource in resources:
        for fault in _oddly_written(folder / resource["path"], resource["name"]):
            if (fault.file, fault.line, fault.column) not in told:
                faults.append(fault)
    return faults


def _stands_there(error: dict[str, Any], folder: Path) -> bool:
    """Return whether a key that is said to be missing stands in the other file.

    frictionless leaves a row with a fault out of the keys it knows, and so reports
    everything that refers to it; the row's own fault is told already.
    """
    if error["type"] != "foreign-key":
        return False
    table = error["referenceName"]
    place = columns_of(table).index(schema_of(table)["primaryKey"][0])
    rows = read_rows(folder / f"{table}.csv")
    return error["fieldCells"][0] in {
        cells[place] for _, cells in rows if place < len(cells)
    }


def _by_line(text: str, lines: list[int]) -> str:
    """Return a text in which rows are named by their line of the file."""
    return _ROW.sub(lambda row: f"line {lines[int(row[1]) - 1]}", text)


def _oddly_written(path: Path, table: str) -> Iterator[Fault]:
    """Yield cells that one reader takes for a number or day and another does not."""
    fields = [
        (place, field["name"], field["type"])
        for place, field in enumerate(schema_of(table)["fields"])
        if field["type"] in _PLAINLY
    ]
    for line, cells in read_rows(path):
        for place, name, kind in fields if line > 1 else ():
            cell = cells[place] if place < len(cells) else ""
            if cell and not _PLAINLY[kind].fullmatch(cell):
                yield Fault(path.name, line, name, f'"{cell}"', _TYPES_IN_WORDS[kind])


def _in_words(error: dict[str, Any]) -> tuple[str, str, str]:
    """Return column, found and expected of a frictionless error."""
    column = error.get("fieldName", "")
    cell = error.get("cell", "")
    found = f'"{cell}"' if cell else "an empty cell"
    note = error["note"]
    if error["type"] == "foreign-key":
        names = ", ".join(error.get("fieldNames", []))
        cells = ", ".join(error.get("fieldCells", []))
        return names, f'"{cells}"', f"a key of {error.get('referenceName', '')}"
    if error["type"] == "primary-key":
        return "", note, "a key that no other row has"
    if error["type"] == "type-error":
        kind = note.removeprefix('type is "').partition("/")[0]
        return column, found, _TYPES_IN_WORDS.get(kind, kind)
    if error["type"] == "unique-error":
        return column, f"{found}, {note}", "a value that no other row has"
    misfits = {
        "missing-cell": "no cell",
        "extra-cell": f"one more cell, {found}",
        "blank-row": "a blank line",
    }
    if error["type"] in misfits:
        return column, misfits[error["type"]], "one cell for each column"
    if 'constraint "required"' in note:
        return column, "an empty cell", "a value"
    # Notes read: constraint "minimum" is "0".
    name, _, bound = (
        note.removeprefix('constraint "').removesuffix('"').partition('" is "')
    )
    words = {
        "enum": "one of",
        "minimum": "a value from",
        "maximum": "a value up to",
        "pattern": "text like",
    }
    return column, found, f"{words.get(name, name)} {bound}"
