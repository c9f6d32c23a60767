"""Mali's regions by name and number of people, in each set of boundaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geo.boundaries import LAYERS, load_population, load_regions


@dataclass(frozen=True, eq=False)
class Regions:
    """Names and population of the regions of every boundary set.

    Attributes
    ----------
    table : DataFrame
        As returned by ``load_regions``: one row for each region of each set.
    """

    table: pd.DataFrame

    def ids(self, boundary_set: str) -> list[str]:
        """Return the regions of a set, in the order of the official codes."""
        rows = self.table[self.table["boundary_set"].eq(boundary_set)]
        return rows["region_id"].to_list()

    @cached_property
    def _names(self) -> dict[tuple[str, str, str], str]:
        return {
            (boundary_set, region_id, language): name
            for language in ("en", "fr")
            for boundary_set, region_id, name in zip(
                self.table["boundary_set"],
                self.table["region_id"],
                self.table[f"name_{language}"],
                strict=True,
            )
        }

    def name(self, boundary_set: str, region_id: str, language: str) -> str:
        """Return the name of a region; its id where the set has no such region."""
        return self._names.get((boundary_set, region_id, language), region_id)

    @cached_property
    def _people(self) -> dict[tuple[str, int], pd.DataFrame]:
        sets = self.table["boundary_set"].unique()
        return {
            (name, year): load_population(name, year)
            for name in sets
            for year in (2009, 2022)
        }

    def population(self, boundary_set: str, census_year: int) -> pd.Series:
        """Return people by ``region_id``; a region without a figure is missing."""
        return self._people[boundary_set, census_year]["population"]

    def caveats(self, boundary_set: str, language: str) -> list[str]:
        """Return what must be said beside the population of a set, each once."""
        notes: list[str] = []
        for year in (2009, 2022):
            notes += (
                self._people[boundary_set, year][f"caveat_{language}"].dropna().tolist()
            )
        return list(dict.fromkeys(notes))


def load_region_names() -> Regions:
    """Read the regions of every boundary set, and at once their population.

    A fault of either file then shows when the atlas loads, not on some page later.
    """
    regions = Regions(load_regions())
    regions.population("mali-9", 2022)
    return regions


def layer_credits() -> list[dict[str, str]]:
    """Return name, origin and licence of each layer, from their descriptor."""
    text = (LAYERS / "datapackage.json").read_text(encoding="utf-8")
    return [
        {
            "layer": layer["name"],
            "origin": "; ".join(source["title"] for source in layer["sources"]),
            "licence": "; ".join(licence["title"] for licence in layer["licenses"]),
        }
        for layer in json.loads(text)["resources"]
    ]
