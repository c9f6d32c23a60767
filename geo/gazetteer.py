"""Find a place by any of its spellings, or by where it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.distance import haversine_km


class UnknownPlace(LookupError):
    """No place of the gazetteer has that name."""


class AmbiguousPlace(LookupError):
    """Several places have that name; ``place_ids`` lists them."""

    def __init__(self, name: str, place_ids: list[str]) -> None:
        super().__init__(
            f"{name!r} is the name of {len(place_ids)} places: {place_ids}; "
            "say the cercle or the country"
        )
        self.place_ids = place_ids


def fold(name: str) -> str:
    """Return a name without case, accents and punctuation, to compare spellings.

    Parameters
    ----------
    name : str
        Name in Latin script.

    Returns
    -------
    str
        ``"Gourma-Rharous"`` and ``"gourma rharous"`` become the same; so do
        ``"N'Tillit"`` and ``"n tillit"``.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", plain).strip()


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The table of places, with an index of all spellings.

    Attributes
    ----------
    places : DataFrame
        ``place_id``, ``name_en``, ``name_fr``, ``other_names`` (separated by ``;``),
        ``country``, ``cercle``, ``latitude`` and ``longitude``; other columns are
        handed on.

    Raises
    ------
    ValueError
        If a column is missing or an id is there twice.
    """

    places: pd.DataFrame
    _rows: dict[str, list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        needed = ["place_id", "name_en", "name_fr", "other_names", "country", "cercle"]
        needed += ["latitude", "longitude"]
        if missing := sorted(set(needed) - set(self.places.columns)):
            raise ValueError(f"places lacks the columns {missing}")
        twice = self.places["place_id"][self.places["place_id"].duplicated()]
        if len(twice):
            raise ValueError(f"places has these ids twice: {sorted(set(twice))}")
        rows: dict[str, list[int]] = {}
        spellings = self.places[["name_en", "name_fr", "other_names"]].fillna("")
        for position, names in enumerate(spellings.itertuples(index=False)):
            known = {fold(name) for names in names for name in names.split(";")}
            for name in known - {""}:
                rows.setdefault(name, []).append(position)
        object.__setattr__(self, "_rows", rows)

    def find(
        self, name: str, cercle: str | None = None, country: str | None = None
    ) -> pd.DataFrame:
        """Return all places that bear a name, in any spelling.

        Parameters
        ----------
        name : str
            Name as written by a source; case, accents and hyphens do not matter.
        cercle : str, optional
            Only places in this cercle (or province), spelt in any way.
        country : str, optional
            Only places in this country, ISO 3166-1 alpha-2.

        Returns
        -------
        DataFrame
            The candidates, rows of ``places`` in their order; none if the name is
            unknown. More than one means that the name alone does not tell.
        """
        found = self.places.iloc[self._rows.get(fold(name), [])]
        if country is not None:
            found = found[(found["country"] == country.upper()).fillna(False)]
        if cercle is not None:
            folded = found["cercle"].fillna("").map(fold)
            found = found[folded == fold(cercle)]
        return found

    def resolve(
        self, name: str, cercle: str | None = None, country: str | None = None
    ) -> str:
        """Return the id of the one place that bears a name.

        Parameters
        ----------
        name, cercle, country : str
            As in ``find``.

        Returns
        -------
        str
            ``place_id``.

        Raises
        ------
        UnknownPlace
            If no place bears the name there.
        AmbiguousPlace
            If several do: homonyms are never told apart by guessing.

        Notes
        -----
        The gazetteer holds far fewer places than there are: a name that is unique
        here may have homonyms elsewhere (Mali has nine villages named Farabougou).
        Give the cercle where the source does.
        """
        found = self.find(name, cercle, country)
        if len(found) == 1:
            return str(found["place_id"].iloc[0])
        if len(found):
            raise AmbiguousPlace(name, list(found["place_id"]))
        within = "".join(f" in {each}" for each in (cercle, country) if each)
        raise UnknownPlace(f"no place is named {name!r}{within}")

    def nearest(
        self, latitude: float, longitude: float, within_km: float = np.inf
    ) -> pd.Series | None:
        """Return the place nearest to a point.

        Parameters
        ----------
        latitude, longitude : float
            The point, in degrees.
        within_km : float, optional
            Farthest distance to look, inclusive.

        Returns
        -------
        Series or None
            The row of ``places`` with ``distance_km`` added; None if no place with a
            point is that near. Of places equally near the first one.
        """
        distance = haversine_km(
            latitude, longitude, self.places["latitude"], self.places["longitude"]
        )
        near = np.where(np.isnan(distance), np.inf, distance)
        if not len(near) or not np.isfinite(near.min()) or near.min() > within_km:
            return None
        first = int(near.argmin())
        row = self.places.iloc[first].copy()
        row["distance_km"] = float(near[first])
        return row
