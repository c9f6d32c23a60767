"""Measured figures as tables: on the screen, and in ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.reader import CHROMIUM

REPORT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PACKAGES = ("streamlit", "pandas", "pydantic", "folium", "streamlit-folium")


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes
    ----------
    names : tuple of str
        What was measured.
    taken : sequence of float
        One value for each round; empty where only ``beside`` is told.
    beside : str
        The last column: a ratio, a size or a share.
    """

    names: tuple[str, ...]
    taken: Sequence[float] = ()
    beside: str = ""


@dataclass(frozen=True)
class Figures:
    """A table of figures.

    Attributes
    ----------
    title : str
        What it shows, with the unit.
    columns : tuple of str
        Heads of ``Row.names``.
    beside : str
        Head of ``Row.beside``; empty for none.
    rows : list of Row
        In the order to show.
    remarks : list of str
        Sentences under it, such as whether an aim is met.
    digits : int
        Decimals of the values.
    """

    title: str
    columns: tuple[str, ...]
    beside: str
    rows: list[Row]
    remarks: list[str] = field(default_factory=list)
    digits: int = 2

    def as_markdown(self) -> str:
        """Return the table as Markdown that can be read as it is, too."""
        valued = any(row.taken for row in self.rows)
        heads = [*self.columns]
        heads += ["median", "least", "most", "n"] if valued else []
        heads += [self.beside] if self.beside else []
        cells = [heads]
        for row in self.rows:
            line = [*row.names]
            if valued and row.taken:
                values = [median(row.taken), min(row.taken), max(row.taken)]
                line += [f"{value:.{self.digits}f}" for value in values]
                line.append(str(len(row.taken)))
            elif valued:
                line += [""] * 4
            cells.append(line + ([row.beside] if self.beside else []))
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        names = len(self.columns)
        lines = [
            "| "
            + " | ".join(
                cell.ljust(width) if place < names else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            + " |"
            for line in cells
        ]
        rule = [
            "-" * width if place < names else "-" * max(width - 1, 1) + ":"
            for place, width in enumerate(widths)
        ]
        lines.insert(1, "| " + " | ".join(rule) + " |")
        remarks = "".join(f"\n- {remark}" for remark in self.remarks)
        text = f"**{self.title}**\n\n" + "\n".join(lines)
        return text + (f"\n{remarks}" if remarks else "")


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Return the ratio of the medians, with the span of the rounds' own ratios."""
    each = [one / other for one, other in zip(ours, theirs, strict=True)]
    of_medians = median(ours) / median(theirs)
    return f"{of_medians:.2f} ({min(each):.2f} to {max(each):.2f})"


def verdict(what: str, found: float, aim: float, unit: str) -> str:
    """Return a sentence that says whether an aim is met."""
    word = "met" if found <= aim else "MISSED"
    return f"Aim {word}: {what}: {found:.2f} {unit}, the aim is at most {aim:g}."


def machine() -> str:
    """Return what the figures were measured on, and when."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    browser = subprocess.run(
        [str(CHROMIUM), "--version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), "
        f"{memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, "
        f"{re.sub(' built on.*', '', browser).strip()} (headless, no GPU), {packages}."
    )


def write(name: str, measured_on: str, tables: Sequence[Figures]) -> None:
    """Write figures into their part of the report; all other text there stays.

    Parameters
    ----------
    name : str
        The benchmark; its part lies between two comments with this name.
    measured_on : str
        What ``machine`` said before it ran.
    tables : sequence of Figures
        What it found.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    body = "\n\n".join([f"_{measured_on}_", *(table.as_markdown() for table in tables)])
    part = f"{begin}\n{body}\n{end}"
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else "# Benchmarks\n"
    before, found, rest = text.partition(begin)
    if found:
        text = before + part + rest.partition(end)[2]
    else:
        text = f"{text.rstrip()}\n\n{part}\n"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
