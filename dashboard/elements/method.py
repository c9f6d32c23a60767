"""The tables of the method page, taken from the record and the layers themselves."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.analysis.atlas import BOUNDARY_SETS, Atlas
from dashboard.analysis.counts import THIN, coverage_beside_ucdp, thin_parts
from dashboard.elements.plain import plain
from dashboard.elements.tables import NOTHING_KNOWN
from geo.regions import layer_credits

_COUNTRIES = ("ML", "BF", "NE")

# A table of this page has no index of its own, and a dash where nothing is known.
_show = partial(st.dataframe, hide_index=True, placeholder=NOTHING_KNOWN)


def show_boundaries() -> None:
    """Say which boundary sets there are, and whose population the rates use."""
    say, atlas = state.words(), state.atlas()
    st.markdown(say["method_boundaries"])
    regions = atlas.regions
    chosen = state.chosen_filter().boundary_set
    st.text(say("set_in_use", name=say["set_" + chosen.replace("-", "_")]))
    rows = []
    counted = [regions.population(chosen, year) for year in (2009, 2022)]
    for region_id in regions.ids(chosen):
        # Only the people of Mali are known here.
        if not any(region_id in people.index for people in counted):
            continue
        row = {"region": atlas.regions.name(chosen, region_id, say.language)}
        for year, people in zip((2009, 2022), counted, strict=True):
            row[str(year)] = people.get(region_id, pd.NA)
        rows.append(row)
    number = st.column_config.NumberColumn
    _show(
        pd.DataFrame(rows).astype({"2009": "Int64", "2022": "Int64"}),
        height="content",
        column_config={
            "region": st.column_config.TextColumn(say["region"]),
            "2009": number(say("census", year="2009"), format="localized"),
            "2022": number(say("census", year="2022"), format="localized"),
        },
    )
    for caveat in regions.caveats(chosen, say.language):
        st.caption(plain(caveat))
    _show(
        pd.DataFrame(
            {
                "set": [say["set_" + name.replace("-", "_")] for name in BOUNDARY_SETS],
                "regions": [len(regions.ids(name)) for name in BOUNDARY_SETS],
            }
        ),
        height="content",
        column_config={
            "set": st.column_config.TextColumn(say["boundary_set"], width="large"),
            "regions": number(say["regions"]),
        },
    )
    located = atlas.events["located_by"].value_counts()
    labels = [atlas.label("located_by", code, say.language) for code in located.index]
    _show(
        pd.DataFrame({"how": labels, "events": located.to_list()}),
        height="content",
        column_config={
            "how": st.column_config.TextColumn(say["located_by"], width="large"),
            "events": number(say["figure_events"]),
        },
    )


def show_coverage() -> None:
    """Show events and tolls by year beside UCDP's, and say where the record is thin."""
    say, atlas = state.words(), state.atlas()
    st.markdown(say["method_coverage"])
    country = st.segmented_control(
        say["coverage_country"],
        _COUNTRIES,
        default=_COUNTRIES[0],
        required=True,
        format_func=lambda it: atlas.label("country", it, say.language),
        key="w_coverage_country",
    )
    table = coverage_beside_ucdp(atlas, country or _COUNTRIES[0]).reset_index()
    number = st.column_config.NumberColumn
    _show(
        table,
        height="content",
        # Ours and theirs side by side, before what a narrow screen cuts off.
        column_order=[
            "year",
            "events",
            "ucdp_events",
            "deaths_best",
            "ucdp_deaths",
            "deaths_low",
            "deaths_high",
            "with_toll",
            "two_sources",
        ],
        column_config={
            "year": number(say["year"], format="%d"),
            "events": number(say["figure_events"]),
            "deaths_low": number(say["deaths_low"], format="localized"),
            "deaths_best": number(say["deaths_best"], format="localized"),
            "deaths_high": number(say["deaths_high"], format="localized"),
            "with_toll": number(say["with_toll"]),
            "two_sources": number(say["two_sources"]),
            "ucdp_events": number(say["ucdp_events"], format="localized"),
            "ucdp_deaths": number(say["ucdp_deaths"], format="localized"),
        },
    )
    st.caption(say["ucdp_hint"])
    st.subheader(say["thin_title"])
    st.text(_thin_in_words())


def _thin_in_words() -> str:
    """Return which years, regions and kinds hold few events, one sentence each."""
    say, atlas = state.words(), state.atlas()
    language = say.language
    thin = thin_parts(atlas, list(_COUNTRIES))

    def listed(parts: list[tuple[str, int]]) -> str:
        named = [say("counted", name=name, count=count) for name, count in parts]
        return ", ".join(named) or say["thin_none"]

    sentences = [
        say(
            "thin_years",
            country=atlas.label("country", country, language),
            names=listed([(str(year), count) for year, count in years]),
        )
        for country, years in thin.years.items()
    ]
    for key, parts in [
        (
            "thin_regions",
            [
                (atlas.regions.name("sahel", key, language), n)
                for key, n in thin.regions
            ],
        ),
        (
            "thin_kinds",
            [(atlas.label("event_type", key, language), n) for key, n in thin.kinds],
        ),
    ]:
        sentences.append(say(key, count=THIN, names=listed(parts)))
    return "\n".join(sentences)


def show_report() -> None:
    """Name the events whose region and point disagree, and the leads without source."""
    say, atlas = state.words(), state.atlas()
    language = say.language
    found = atlas.region_disagreements
    st.text(say("report_hint", count=len(found)))
    text = st.column_config.TextColumn
    name = partial(_region_or_nothing, atlas, language)
    _show(
        pd.DataFrame(
            {
                "event": found["event_id"],
                "place": [atlas.name(key, language) for key in found["place_id"]],
                "written": found["curated"].map(name),
                "point": found["polygon"].map(name),
            }
        ),
        column_config={
            "event": text(say["event_id"]),
            "place": text(say["where"]),
            "written": text(say["written_region"]),
            "point": text(say["point_region"]),
        },
    )


def _region_or_nothing(atlas: Atlas, language: str, region_id: Any) -> str | None:
    if not isinstance(region_id, str):
        return None
    return atlas.regions.name("sahel", region_id, language)


def show_leads() -> None:
    """List what is spoken of and could not be sourced."""
    say, atlas = state.words(), state.atlas()
    st.text(say["leads_hint"])
    leads = atlas.record.unsourced
    text = st.column_config.TextColumn
    _show(
        pd.DataFrame(
            {
                "country": [
                    atlas.label("country", code, say.language)
                    for code in leads["country"]
                ],
                "when": leads[f"about_when_{say.language}"],
                "place": leads[f"place_{say.language}"],
                "what": leads[f"what_{say.language}"],
                "why": leads[f"why_{say.language}"],
            }
        ),
        column_config={
            "country": text(say["coverage_country"]),
            "when": text(say["lead_when"]),
            "place": text(say["lead_place"]),
            "what": text(say["lead_what"], width="large"),
            "why": text(say["lead_why"], width="large"),
        },
    )


def show_contents() -> None:
    """Show how many rows each table holds."""
    say, atlas = state.words(), state.atlas()
    names = [field.name for field in fields(atlas.record)]
    rows = [len(getattr(atlas.record, name)) for name in names]
    _show(
        pd.DataFrame({"table": names, "rows": rows}),
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
    _show(
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
    _show(
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
    _show(
        table[["field", "code", f"label_{language}", f"meaning_{language}"]],
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
    _show(
        pd.DataFrame(
            [
                {**layer, "layer": say["geo_" + layer["layer"]]}
                for layer in layer_credits()
            ]
        ),
        height="content",
        column_config={
            "layer": st.column_config.TextColumn(say["layer"]),
            "origin": st.column_config.TextColumn(say["origin"], width="large"),
            "licence": st.column_config.TextColumn(say["licence"]),
        },
    )
