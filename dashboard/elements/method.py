"""The tables of the method page, taken from the record and the layers themselves."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.analysis.atlas import BOUNDARY_SETS
from dashboard.analysis.counts import coverage
from dashboard.elements.plain import plain
from dashboard.elements.tables import NOTHING_KNOWN
from geo.regions import layer_credits


def show_boundaries() -> None:
    """Say which boundary sets there are, and whose population the rates use."""
    say, atlas = state.words(), state.atlas()
    st.markdown(say["method_boundaries"])
    regions = atlas.regions
    chosen = state.chosen_filter().boundary_set
    st.text(say("set_in_use", name=say["set_" + chosen.replace("-", "_")]))
    rows = []
    for region_id in regions.ids(chosen):
        row = {"region": atlas.regions.name(chosen, region_id, say.language)}
        for year in (2009, 2022):
            people = regions.population(chosen, year)
            row[str(year)] = people.get(region_id, pd.NA)
        rows.append(row)
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows).astype({"2009": "Int64", "2022": "Int64"}),
        hide_index=True,
        placeholder=NOTHING_KNOWN,
        height="content",
        column_config={
            "region": st.column_config.TextColumn(say["region"]),
            "2009": number(say("census", year="2009"), format="localized"),
            "2022": number(say("census", year="2022"), format="localized"),
        },
    )
    for caveat in regions.caveats(chosen, say.language):
        st.caption(plain(caveat))
    st.dataframe(
        pd.DataFrame(
            {
                "set": [say["set_" + name.replace("-", "_")] for name in BOUNDARY_SETS],
                "regions": [len(regions.ids(name)) for name in BOUNDARY_SETS],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            "set": st.column_config.TextColumn(say["boundary_set"], width="large"),
            "regions": number(say["regions"]),
        },
    )
    located = atlas.events["located_by"].value_counts()
    labels = [atlas.label("located_by", code, say.language) for code in located.index]
    st.dataframe(
        pd.DataFrame({"how": labels, "events": located.to_list()}),
        hide_index=True,
        height="content",
        column_config={
            "how": st.column_config.TextColumn(say["located_by"], width="large"),
            "events": number(say["figure_events"]),
        },
    )


def show_coverage() -> None:
    """Show events and tolls by year, and by region, so that thin parts are seen."""
    say, atlas = state.words(), state.atlas()
    st.markdown(say["method_coverage"])
    table = coverage(atlas.events).reset_index()
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            "year": number(say["year"], format="%d"),
            "events": number(say["figure_events"]),
            "deaths_low": number(say["deaths_low"], format="localized"),
            "deaths_best": number(say["deaths_best"], format="localized"),
            "deaths_high": number(say["deaths_high"], format="localized"),
            "with_toll": number(say["with_toll"]),
            "two_sources": number(say["two_sources"]),
        },
    )


def show_contents() -> None:
    """Show how many rows each table holds."""
    say, atlas = state.words(), state.atlas()
    names = [field.name for field in fields(atlas.record)]
    rows = [len(getattr(atlas.record, name)) for name in names]
    st.dataframe(
        pd.DataFrame({"table": names, "rows": rows}),
        hide_index=True,
        height="content",
        column_config={
            "table": st.column_config.TextColumn(say["table"]),
            "rows": st.column_config.NumberColumn(say["rows"], format="localized"),
        },
    )


def show_groups() -> None:
    """Show the groups with their spellings, and the dated ties between them."""
    say, atlas = state.words(), state.atlas()
    language = say.language
    record = atlas.record
    groups = record.groups
    spelled = record.group_names.groupby("group_id")["name"].agg(
        lambda names: ", ".join(dict.fromkeys(names))
    )
    text = st.column_config.TextColumn
    st.dataframe(
        pd.DataFrame(
            {
                "short": groups[f"short_{language}"],
                "name": groups[f"name_{language}"],
                "category": [
                    atlas.label("category", code, language)
                    for code in groups["category"]
                ],
                "spelled": groups["group_id"].map(spelled),
            }
        ),
        hide_index=True,
        placeholder=NOTHING_KNOWN,
        column_config={
            "short": text(say["group"]),
            "name": text(say["name"], width="medium"),
            "category": text(say["category"]),
            "spelled": text(say["spelled"], width="large"),
        },
    )
    links = record.group_links
    day = st.column_config.DateColumn
    shown = "DD/MM/YYYY" if language == "fr" else "YYYY-MM-DD"
    other = links["other_group_id"].fillna(links["place_id"])
    st.dataframe(
        pd.DataFrame(
            {
                "group": [atlas.name(key, language) for key in links["group_id"]],
                "relation": [
                    atlas.label("relation", code, language)
                    for code in links["relation"]
                ],
                "other": [
                    atlas.name(key, language) if isinstance(key, str) else ""
                    for key in other
                ],
                "from": links["valid_from"].dt.date,
                "to": links["valid_to"].dt.date,
                "note": links[f"note_{language}"],
            }
        ),
        hide_index=True,
        placeholder=NOTHING_KNOWN,
        column_config={
            "group": text(say["group"]),
            "relation": text(say["relation"]),
            "other": text(say["group_other"]),
            "from": day(say["from_day"], format=shown),
            "to": day(say["to_day"], format=shown),
            "note": text(say["note"], width="large"),
        },
    )


def show_vocabulary() -> None:
    """Show the words of every code, with their meaning."""
    say, atlas = state.words(), state.atlas()
    language = say.language
    table = atlas.record.vocabulary
    st.dataframe(
        table[["field", "code", f"label_{language}", f"meaning_{language}"]],
        hide_index=True,
        column_config={
            "field": st.column_config.TextColumn(say["column"]),
            "code": st.column_config.TextColumn(say["code"]),
            f"label_{language}": st.column_config.TextColumn(say["label"]),
            f"meaning_{language}": st.column_config.TextColumn(
                say["meaning"], width="large"
            ),
        },
    )


def show_licences() -> None:
    """Show whose the data, layers and code are."""
    say = state.words()
    st.markdown(say["method_licences"])
    st.dataframe(
        pd.DataFrame(
            [
                {**layer, "layer": say["geo_" + layer["layer"]]}
                for layer in layer_credits()
            ]
        ),
        hide_index=True,
        height="content",
        column_config={
            "layer": st.column_config.TextColumn(say["layer"]),
            "origin": st.column_config.TextColumn(say["origin"], width="large"),
            "licence": st.column_config.TextColumn(say["licence"]),
        },
    )
