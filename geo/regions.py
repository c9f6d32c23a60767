"""Regions by name and number of people, in each set of boundaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geo.boundaries import LAYERS, Boundaries, load_population, load_regions

SAHEL = "sahel"
"""The set of the first-level units of all countries; Mali's are those of mali-9."""


@dataclass(frozen=True, eq=False)
class Regions:
    """Names and population of the regions of every boundary set.

    Attributes
    ----------
    table : DataFrame
        One row for each region of each set: ``boundary_set``, ``region_id``,
        ``name_en``, ``name_fr``, ``label_latitude`` and ``label_longitude`` (degrees).
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
        # Only Mali's people are known here, and only to Mali's own sets.
        source = {name: name for name in self.table["boundary_set"].unique()}
        source[SAHEL] = "mali-9"
        return {
            (name, year): load_population(origin, year)
            for name, origin in source.items()
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


def sahel_regions(boundaries: Boundaries) -> pd.DataFrame:
    """Return the first-level units of all countries as a set of their own.

    Returns
    -------
    DataFrame
        The columns of ``Regions.table``; Mali's regions first, under their own names,
        then the units of other countries by id, named with their country.
    """
    mali = load_regions("mali-9").assign(boundary_set=SAHEL)
    others = boundaries.neighbours.sort_values("region_id", ignore_index=True)
    countries = boundaries.countries.set_index("country")
    # A point well inside, where a wash for the whole unit is drawn.
    points = others.representative_point()
    table = pd.DataFrame(
        {
            "boundary_set": SAHEL,
            "region_id": others["region_id"],
            **{
                column: others[column]
                + " ("
                + others["country"].map(countries[column])
                + ")"
                for column in ("name_en", "name_fr")
            },
            "label_latitude": points.y.round(2),
            "label_longitude": points.x.round(2),
        }
    )
    return pd.concat([mali[table.columns], table], ignore_index=True)


def load_region_names(boundaries: Boundaries) -> Regions:
    """Read the regions of every boundary set, and at once their population.

    A fault of either file then shows when the atlas loads, not on some page later.
    """
    regions = Regions(
        pd.concat([sahel_regions(boundaries), load_regions()], ignore_index=True)
    )
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
