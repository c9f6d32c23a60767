"""The notebooks run from top to bottom, in a kernel of their own."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def run(name: str, folder: Path) -> list[nbformat.NotebookNode]:
    """Run a notebook in a folder, as Jupyter does, and return its outputs."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [output for cell in cells for output in cell.outputs]


def shown(outputs: list[nbformat.NotebookNode], kind: str) -> list[str]:
    """Return what was shown as one kind of content."""
    found = [output.get("data", {}).get(kind) for output in outputs]
    return [text for text in found if text]


def test_tour():
    outputs = run("tour.ipynb", NOTEBOOKS)
    tables = shown(outputs, "text/html")
    assert len(tables) == 7
    assert "One violent incident at one place." in tables[0]
    assert any("two_sources" in table for table in tables)
    (told,) = [output.text for output in outputs if output.output_type == "stream"]
    assert "Data collected until" in told


def test_timbuktu_and_bamako():
    # From the folder above: the notebook finds the project wherever it is started.
    outputs = run("timbuktu_and_bamako.ipynb", NOTEBOOKS.parent)
    figures, by_year, page = shown(outputs, "text/html")
    assert "Timbuktu" in figures
    assert "deaths, range" in figures
    assert "2012" in by_year
    assert page.startswith("<iframe srcdoc=")
    assert "Content-Security-Policy" in page


def test_a_folder_elsewhere_is_told(tmp_path):
    with pytest.raises(Exception, match="start this notebook within the project"):
        run("tour.ipynb", tmp_path)
