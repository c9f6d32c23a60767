"""The columns, charts and small maps of the comparison."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.analysis.atlas import fold
from dashboard.analysis.comparison import (
    MOST_AREAS,
    TOO_FEW,
    TOWN_KM,
    Area,
    read_areas,
)
from dashboard.analysis.counts import count_by_step, period_of, shares, step_for
from dashboard.analysis.filter import EventFilter
from dashboard.drawing.charts import share_bars, trend
from dashboard.elements.map_panel import (
    send_events,
    show_shared_strip,
    show_small_map,
)
from dashboard.elements.plain import plain
from dashboard.writing.card import region_in_words

Table = dict[Area, dict[str, Any]]
_SHARES = [
    ("actor_class", "shares_actor"),
    ("event_type", "shares_type"),
    ("target_type", "shares_target"),
]


def choose_areas(chosen: EventFilter) -> list[Area]:
    """Let the reader choose two to four regions or towns; keep them in the link."""
    say, atlas = state.words(), state.atlas()
    towns = town_ids()
    areas, dropped = read_areas(
        state.page_value("areas"), atlas, chosen.boundary_set, frozenset(towns)
    )
    if dropped:
        state.drop_from_link("areas", "unknown_code")
        state.set_page_value("areas", ",".join(area.key for area in areas))
    regions = atlas.region_ids(chosen.boundary_set)
    st.session_state["w_areas"] = [area.key for area in areas]

    def changed() -> None:
        state.set_page_value("areas", ",".join(st.session_state["w_areas"]))

    st.multiselect(
        say["areas"],
        [*regions, *towns],
        format_func=lambda key: area_name(Area(key, key in towns)),
        max_selections=MOST_AREAS,
        key="w_areas",
        on_change=changed,
    )
    if len(areas) < 2:
        st.info(say["areas_two"])
    return areas


@st.cache_resource(show_spinner=False)
def town_ids() -> list[str]:
    """Return the towns and villages where something happened, by name."""
    atlas = state.atlas()
    places = atlas.record.places
    towns = places[
        places["kind"].isin(["town", "village"])
        & places["latitude"].notna()
        & places["place_id"].isin(atlas.events["place_id"])
    ]
    return sorted(towns["place_id"], key=lambda key: fold(atlas.name(key, "fr")))


def area_name(area: Area) -> str:
    """Return the name of an area, and whether it is a region or a town."""
    say, atlas = state.words(), state.atlas()
    if area.is_town:
        name = atlas.name(area.key, say.language)
        return say("town_around", name=name, km=TOWN_KM)
    boundary_set = state.chosen_filter().boundary_set
    return region_in_words(boundary_set, area.key, atlas, say)


def show_areas(table: Table) -> None:
    """Draw one column of figures for each area."""
    say = state.words()
    for column, (area, row) in zip(st.columns(len(table)), table.items(), strict=True):
        figures, before = row["figures"], row["before"]
        with column.container(border=True):
            st.subheader(plain(area_name(area)), divider="gray")
            change = None
            if before is not None:
                change = (
                    say["too_few"]
                    if figures.events + before.events < TOO_FEW
                    else say(
                        "change_before",
                        change=say.change(figures.events, before.events),
                    )
                )
            st.metric(
                say["figure_events"],
                say.number(figures.events),
                change,
                delta_color="off",
                delta_arrow="off",
            )
            deaths = say.span(figures.deaths_low, figures.deaths_high)
            st.metric(say["figure_deaths"], deaths)
            for label, text in _lines(row):
                st.text(say("label_value", label=say[label], value=text))
    st.caption(say("rate_hint", km=TOWN_KM))
    if any(row["before"] is None for row in table.values()):
        st.caption(say["no_period_before"])


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return label and text of the smaller figures of an area."""
    say = state.words()
    figures = row["figures"]
    lines = [("figure_best", say.number(figures.deaths_best))]
    if row["events_rate"] is None:
        lines.append(("rate", say["no_population"]))
    else:
        lines.append(("rate_events", say.number(row["events_rate"], 2)))
        lines.append(("rate_deaths", say.number(row["deaths_rate"], 1)))
        lines.append(("population", say.number(row["population"])))
    if row["first"] is not None:
        lines.append(("first_event", say.day(row["first"])))
        lines.append(("last_event", say.day(row["last"])))
    quiet = row["quiet"]
    if quiet is not None:
        text = say("quiet_days", count=quiet.days, after=quiet.after, until=quiet.until)
        lines.append(("longest_quiet", text))
    return lines


def show_trends(table: Table) -> None:
    """Draw the counts over time of each area on one scale."""
    say, atlas, chosen = state.words(), state.atlas(), state.chosen_filter()
    period = period_of(atlas, chosen)
    step = step_for(period)
    counts = {
        area: count_by_step(row["events"], period, step) for area, row in table.items()
    }
    most = max(int(rows["events"].max()) for rows in counts.values())
    words = {"events": say["figure_events"], "start": say["from_day"]}
    for column, (area, rows) in zip(
        st.columns(len(counts)), counts.items(), strict=True
    ):
        with column:
            name = area_name(area)
            st.caption(plain(name))
            told = say(
                "chart_trend",
                area=name,
                step=say[f"step_{step}"],
                count=int(rows["events"].max()),
            )
            chart = trend(rows, step=step, most=most, words=words, description=told)
            st.vega_lite_chart(chart, width="stretch")
    st.caption(say("trend_hint", step=say[f"step_{step}"], most=most))


def show_maps(table: Table) -> None:
    """Draw a small map of each area's events, and the strip they share."""
    say = state.words()
    for column, area in zip(st.columns(len(table)), table, strict=True):
        with column:
            st.caption(plain(area_name(area)))
            show_small_map(area)
    show_shared_strip(table)
    send_events()
    st.caption(say["maps_hint"])


def show_shares(table: Table) -> None:
    """Draw the shares by actor, type and target; say where events are too few."""
    say, atlas = state.words(), state.atlas()
    for field, title in _SHARES:
        st.subheader(say[title])
        for column, (area, row) in zip(
            st.columns(len(table)), table.items(), strict=True
        ):
            with column:
                st.caption(plain(area_name(area)))
                if row["too_few"]:
                    st.info(say("too_few_events", count=row["figures"].events))
                    continue
                counted = shares(row["events"], field)
                labels = {
                    code: (
                        say[f"actor_{code}"]
                        if field == "actor_class"
                        else atlas.label(field, code, say.language)
                    )
                    for code in counted["code"]
                }
                told = say("chart_shares", area=area_name(area), title=say[title])
                chart = share_bars(counted, labels=labels, description=told)
                st.vega_lite_chart(chart, width="stretch")
