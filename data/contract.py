"""The written contract of the tables, and the check that holds a folder to it.

``data/tables/datapackage.json`` (Frictionless Table Schema) says what each table
and column holds; nothing in the code repeats it. ``check_tables`` turns it into
pydantic types, holds every cell and key to them, and returns every fault with file,
line and column. The library ``frictionless`` says the same of the tables (a test asks
it), but takes seconds where a reader waits for the first map.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    create_model,
)

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


# The rows of one table with their lines, the header left out.
_Rows = list[tuple[int, list[str]]]


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
    tables: dict[str, _Rows] = {}
    for resource in contract()["resources"]:
        path = folder / resource["path"]
        if path.is_file():
            rows = _read_table(path, resource["name"])
            if isinstance(rows, Fault):
                faults.append(rows)
            else:
                tables[resource["name"]] = rows
        elif not partial:
            faults.append(Fault(resource["path"], 0, "", "no such file", "a table"))
    for table, rows in tables.items():
        faults += _check_cells(table, rows)
        faults += _check_keys(table, rows)
        if not partial:
            faults += _check_references(table, rows, tables)
    return sorted(faults)


def _read_table(path: Path, table: str) -> _Rows | Fault:
    """Return the rows of a file, or the fault that keeps it from being its table."""
    try:
        (_, header), *rows = [*read_rows(path)] or [(1, [])]
    except UnicodeDecodeError as error:
        return Fault(path.name, 0, "", f"byte {error.start} is not UTF-8", "UTF-8 text")
    except csv.Error as error:
        return Fault(path.name, 0, "", str(error), "comma-separated values")
    expected = columns_of(table)
    if header == expected:
        return rows
    missing = [name for name in expected if name not in header]
    unknown = [name for name in header if name not in expected]
    found = f"missing {missing}, unknown {unknown}"
    if not missing and not unknown:
        found = f"the order {header}"
    return Fault(path.name, 1, "", found, f"the columns {expected}")


def _plainly(kind: str, read: Callable[[str], Any]) -> BeforeValidator:
    """Return the reader of a number or day that takes one way of writing it only."""

    def validate(cell: Any) -> Any:
        if isinstance(cell, str) and not _PLAINLY[kind].fullmatch(cell):
            raise ValueError(kind)
        return cell if cell is None else read(cell)

    return BeforeValidator(validate)


def _type_of(field: dict[str, Any]) -> Any:
    """Return the pydantic type of a cell; an empty cell is None."""
    rules = field.get("constraints", {})
    kind: Any = str
    if "enum" in rules:
        kind = Literal[tuple(rules["enum"])]
    elif "pattern" in rules:
        kind = Annotated[str, StringConstraints(pattern=rules["pattern"])]
    elif field["type"] == "boolean":
        kind = Literal["true", "false"]
    elif field["type"] == "date":
        kind = Annotated[date, _plainly("date", date.fromisoformat)]
    elif field["type"] in {"integer", "number"}:
        read = int if field["type"] == "integer" else float
        bounds = Field(ge=rules.get("minimum"), le=rules.get("maximum"))
        kind = Annotated[read, bounds, _plainly(field["type"], read)]
    return kind if rules.get("required") else kind | None


@cache
def _rows_type(table: str) -> TypeAdapter[Any]:
    """Return the type of all rows of a table, made from the contract."""
    fields: dict[str, Any] = {
        field["name"]: (_type_of(field), ...) for field in schema_of(table)["fields"]
    }
    return TypeAdapter(list[create_model(table, **fields)])  # type: ignore[misc,arg-type]


def _check_cells(table: str, rows: _Rows) -> Iterator[Fault]:
    """Yield the cells that are missing, too many, or not of their column's type."""
    file, columns = f"{table}.csv", columns_of(table)
    expected = "one cell for each column"
    whole: _Rows = []
    for line, cells in rows:
        if len(cells) == len(columns):
            whole.append((line, cells))
        elif not cells:
            yield Fault(file, line, "", "a blank line", expected)
        else:
            for name in columns[len(cells) :]:
                yield Fault(file, line, name, "no cell", expected)
            for cell in cells[len(columns) :]:
                yield Fault(file, line, "", f'one more cell, "{cell}"', expected)
    try:
        _rows_type(table).validate_python(
            [
                {name: cell or None for name, cell in zip(columns, cells, strict=True)}
                for _, cells in whole
            ]
        )
    except ValidationError as error:
        fields = {field["name"]: field for field in schema_of(table)["fields"]}
        # One cell may break several branches of its type: told once.
        told = {detail["loc"][:2]: detail for detail in reversed(error.errors())}
        for (row, name), detail in told.items():
            line, cells = whole[int(row)]
            cell = cells[columns.index(str(name))]
            found = f'"{cell}"' if cell else "an empty cell"
            yield Fault(
                file, line, str(name), found, _expected(fields[str(name)], cell, detail)
            )


def _expected(field: dict[str, Any], cell: str, detail: Any) -> str:
    """Say what a column takes in place of a cell that pydantic refused."""
    rules = field.get("constraints", {})
    if not cell:
        return "a value"
    if detail["type"] == "greater_than_equal":
        return f"a value from {rules['minimum']}"
    if detail["type"] == "less_than_equal":
        return f"a value up to {rules['maximum']}"
    if "enum" in rules:
        return f"one of {rules['enum']}"
    if "pattern" in rules:
        return f"text like {rules['pattern']}"
    return _TYPES_IN_WORDS.get(field["type"], field["type"])


def _check_keys(table: str, rows: _Rows) -> Iterator[Fault]:
    """Yield the rows whose key, or whose value of a unique column, was there before."""
    file, columns, schema = f"{table}.csv", columns_of(table), schema_of(table)
    wanted = [(schema["primaryKey"], "a key that no other row has")]
    for field in schema["fields"]:
        if field.get("constraints", {}).get("unique"):
            wanted.append(([field["name"]], "a value that no other row has"))
    for names, expected in wanted:
        places = [columns.index(name) for name in names]
        first: dict[tuple[str, ...], int] = {}
        for line, cells in rows:
            if len(cells) <= max(places):
                continue
            key = tuple(cells[place] for place in places)
            before = first.setdefault(key, line)
            if before == line:
                continue
            found = f"the same as in line {before}"
            if "key" in expected:
                yield Fault(file, line, "", found, expected)
            elif key[0]:
                yield Fault(file, line, names[0], f'"{key[0]}", {found}', expected)


def _check_references(
    table: str, rows: _Rows, tables: dict[str, _Rows]
) -> Iterator[Fault]:
    """Yield the cells that name a row which its table does not hold."""
    columns = columns_of(table)
    for key in schema_of(table)["foreignKeys"]:
        other = key["reference"]["resource"]
        if other not in tables:
            continue
        place = columns.index(key["fields"])
        there = columns_of(other).index(key["reference"]["fields"])
        known = {cells[there] for _, cells in tables[other] if there < len(cells)}
        for line, cells in rows:
            cell = cells[place] if place < len(cells) else ""
            if cell and cell not in known:
                yield Fault(
                    f"{table}.csv",
                    line,
                    key["fields"],
                    f'"{cell}"',
                    f"a key of {other}",
                )
