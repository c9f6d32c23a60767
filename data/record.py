"""The record: all curated tables, read once, checked, and never changed after."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from data.contract import TABLES, BrokenTables, Fault, check_tables, schema_of
from data.rules import check_rules

# What the contract calls a type, and how pandas holds it (missing is never 0).
_DTYPES = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
}


@dataclass(frozen=True, eq=False)
class Record:
    """The curated tables; each attribute is the table of that name.

    Columns, types and units are those of ``data/tables/datapackage.json``: dates
    are ``datetime64``, whole numbers ``Int64``, missing text is NA.
    """

    events: pd.DataFrame
    event_groups: pd.DataFrame
    event_sources: pd.DataFrame
    operations: pd.DataFrame
    reactions: pd.DataFrame
    patterns: pd.DataFrame
    claims: pd.DataFrame
    sources: pd.DataFrame
    groups: pd.DataFrame
    group_names: pd.DataFrame
    group_links: pd.DataFrame
    places: pd.DataFrame
    milestones: pd.DataFrame
    statements: pd.DataFrame
    event_links: pd.DataFrame
    settled_pairs: pd.DataFrame
    unsourced: pd.DataFrame
    ucdp_years: pd.DataFrame
    vocabulary: pd.DataFrame

    @property
    def cut_off(self) -> pd.Timestamp:
        """The last day on which a source was read: what came after is not here."""
        return self.sources["read_on"].max()


def read_table(path: Path, table: str) -> pd.DataFrame:
    """Read one sound table with the types of the contract.

    Parameters
    ----------
    path : Path
        CSV file that keeps the contract (see ``check_tables``).
    table : str
        Name of the table in the contract.

    Returns
    -------
    DataFrame
        The contract's columns in its order, one row for each row of the file.
    """
    types = {field["name"]: field["type"] for field in schema_of(table)["fields"]}
    rows = pd.read_csv(
        path,
        dtype={name: _DTYPES.get(kind, "str") for name, kind in types.items()},
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )
    for name, kind in types.items():
        if kind == "date":
            rows[name] = pd.to_datetime(rows[name], format="%Y-%m-%d")
    return rows


def _read_sound(folder: Path) -> dict[str, pd.DataFrame]:
    return {
        field.name: read_table(folder / f"{field.name}.csv", field.name)
        for field in fields(Record)
    }


def check_record(folder: Path = TABLES) -> list[Fault]:
    """Return every fault of a whole record: the contract's, then the rules'.

    The rules need readable tables, so they are checked once the contract is kept.
    """
    faults = check_tables(folder)
    return faults or check_rules(_read_sound(folder), folder)


def read_record(folder: Path = TABLES) -> Record:
    """Read and check all tables.

    Parameters
    ----------
    folder : Path
        Folder with the tables of the contract.

    Returns
    -------
    Record

    Raises
    ------
    BrokenTables
        If a table is missing or breaks the contract or a rule; it holds all faults.
    """
    faults = check_tables(folder)
    if faults:
        raise BrokenTables(faults)
    tables = _read_sound(folder)
    faults = check_rules(tables, folder)
    if faults:
        raise BrokenTables(faults)
    return Record(**tables)
