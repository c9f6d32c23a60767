"""Downloads of exactly what the filter shows, with sources and licence inside."""

from __future__ import annotations

import csv
import io
import json
import re

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.writing.catalogue import Catalogue

LICENCE = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"
CREDIT = "Sahel insurgency record"

COLUMNS = [
    "event_id",
    "date_start",
    "date_end",
    "date_precision",
    "country",
    "region_9",
    "region_10",
    "region_20",
    "located_by",
    "place",
    "site",
    "latitude",
    "longitude",
    "location_precision",
    "event_type",
    "tactics",
    "target_type",
    "target",
    "perpetrators",
    "certainty",
    "operation_id",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_scope",
    "toll_shared_by_operation",
    "summary",
    "sources",
    "licence",
    "data_cut_off",
]


def export_table(events: pd.DataFrame, atlas: Atlas, say: Catalogue) -> pd.DataFrame:
    """Return events as rows to download, one for each, in the reader's language.

    Parameters
    ----------
    events : DataFrame
        Rows of ``Atlas.events``.
    atlas : Atlas
        Names and sources.
    say : Catalogue
        Language of place, target, summary.

    Returns
    -------
    DataFrame
        The columns ``COLUMNS``. Codes stay codes. ``deaths_*`` are people and blank
        where no figure is known; where a toll is shared by the events of an
        operation, ``toll_shared_by_operation`` is true and it must be counted once.
        An event that only stands at its region's label has no point.
    """
    record, language = atlas.record, say.language
    places = record.places.set_index("place_id")[f"name_{language}"]
    documents = record.event_sources.merge(record.sources, on="source_id")
    documents["text"] = (
        documents["publisher"]
        + ", "
        + documents["title"]
        + documents["url"].map(lambda url: f" <{url}>", na_action="ignore").fillna("")
    )
    cited = documents.groupby("event_id")["text"].agg(" | ".join)
    roles = record.event_groups
    roles = roles[roles["role"].eq("perpetrator")]
    perpetrators = roles.groupby("event_id")["group_id"].agg(";".join)
    known = events["point_from"].ne("region")
    table = events.assign(
        latitude=events["latitude"].where(known),
        longitude=events["longitude"].where(known),
        place=events["place_id"].map(places),
        site=events[f"site_{language}"],
        target=events[f"target_{language}"],
        summary=events[f"summary_{language}"],
        perpetrators=events["event_id"].map(perpetrators),
        toll_shared_by_operation=events["toll_id"].ne(events["event_id"]),
        sources=events["event_id"].map(cited),
        licence=f"{CREDIT}, {LICENCE}",
        data_cut_off=record.cut_off.strftime("%Y-%m-%d"),
    )
    for column in ("date_start", "date_end"):
        table[column] = table[column].dt.strftime("%Y-%m-%d")
    return table[COLUMNS].reset_index(drop=True)


# A spreadsheet takes a cell that starts so for a formula and runs it.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")


def _inert(cell: object) -> object:
    """Return a cell that no spreadsheet runs: text that looks like a formula quoted."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return "'" + cell
    return cell


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, which Excel needs.

    Text that a spreadsheet would run as a formula starts with an apostrophe; numbers
    stay numbers.
    """
    text = io.StringIO()
    table.map(_inert).to_csv(
        text, index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL
    )
    return text.getvalue().encode("utf-8-sig")


def to_geojson(table: pd.DataFrame) -> bytes:
    """Return a table as a GeoJSON FeatureCollection.

    An event known only to its region or country, or without a point, has a null
    geometry: a point would say more than is known.
    """
    drawable = table["location_precision"].isin(["site", "town", "area"])
    drawable &= table["latitude"].notna()
    rows = json.loads(
        table.drop(columns=["latitude", "longitude"]).to_json(orient="records")
    )
    features = []
    for row, lon, lat, sharp in zip(
        rows, table["longitude"], table["latitude"], drawable, strict=True
    ):
        point = {"type": "Point", "coordinates": [lon, lat]} if sharp else None
        features.append({"type": "Feature", "geometry": point, "properties": row})
    collection = {
        "type": "FeatureCollection",
        "licence": f"{CREDIT}, {LICENCE}",
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, indent=1).encode("utf-8")
