"""Rules that span columns or tables, which a Table Schema cannot say.

Each rule is a small function from the tables to the rows that break it; all run,
and every fault is returned at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from data.contract import Fault, contract, read_rows

Tables = dict[str, pd.DataFrame]
# table, row index, column, found, expected
Breach = tuple[str, int, str, str, str]

CLAIM_SUBJECTS = [
    "event_id",
    "operation_id",
    "reaction_id",
    "pattern_id",
    "milestone_id",
]
# Metrics that count people, and so must say whose.
PEOPLE_METRICS = {
    "killed",
    "wounded",
    "killed_or_wounded",
    "captured",
    "missing",
    "abducted",
    "arrested",
    "attackers",
}
# Columns whose codes the vocabulary explains under another field name, because two
# tables use one column name for different things.
VOCABULARY_FIELDS = {
    ("milestones", "kind"): "milestone_kind",
    ("operations", "kind"): "operation_kind",
    ("places", "kind"): "place_kind",
    ("sources", "kind"): "source_kind",
    ("places", "point_precision"): "location_precision",
    ("reactions", "date_precision"): "date_precision",
}
_PLAIN_ENUMS = {"language", "dataset", "match"}


def check_rules(tables: Tables, folder: Path) -> list[Fault]:
    """Return the breaches of every rule as faults with file and line.

    Parameters
    ----------
    tables : dict of DataFrame
        The tables as read, indexed by row number.
    folder : Path
        Where the files lie; read again only to number the lines of a breach.
    """
    lines: dict[str, list[int]] = {}
    faults = []
    for rule in RULES:
        for table, row, column, found, expected in rule(tables):
            if table not in lines:
                path = folder / f"{table}.csv"
                lines[table] = [number for number, _ in read_rows(path)][1:]
            line = lines[table][row] if row >= 0 else 0
            faults.append(Fault(f"{table}.csv", line, column, found, expected))
    return sorted(faults)


def dates_in_order(tables: Tables) -> Iterator[Breach]:
    """An interval ends on or after its first day, and has both days or none."""
    pairs = [("date_start", "date_end"), ("valid_from", "valid_to")]
    pairs += [("active_from", "active_to")]
    for name, table in tables.items():
        for start, end in pairs:
            if start not in table:
                continue
            for row in table.index[table[start] > table[end]]:
                found = f"{table.at[row, end]:%Y-%m-%d}"
                expected = f"a day on or after {table.at[row, start]:%Y-%m-%d}"
                yield name, row, end, found, expected
        if "date_start" in table:
            half = table["date_start"].isna() != table["date_end"].isna()
            for row in table.index[half]:
                yield name, row, "date_end", "one day of two", "both days or none"


def day_is_one_day(tables: Tables) -> Iterator[Breach]:
    """A date known to the day is one day."""
    events = tables["events"]
    exact = events["date_precision"].eq("day")
    for row in events.index[exact & (events["date_start"] != events["date_end"])]:
        yield (
            "events",
            row,
            "date_end",
            f"{events.at[row, 'date_end']:%Y-%m-%d}",
            "the first day, since date_precision is day",
        )


def no_event_after_reading(tables: Tables) -> Iterator[Breach]:
    """No event lies after the day on which the last source was read."""
    events, last = tables["events"], tables["sources"]["read_on"].max()
    for row in events.index[events["date_end"] > last]:
        found = f"{events.at[row, 'date_end']:%Y-%m-%d}"
        yield "events", row, "date_end", found, f"a day until {last:%Y-%m-%d}"


def events_have_a_place(tables: Tables) -> Iterator[Breach]:
    """An event names a place or has a point of its own; a point has both numbers."""
    events = tables["events"]
    half = events["latitude"].isna() != events["longitude"].isna()
    for row in events.index[half]:
        yield "events", row, "longitude", "half a point", "both numbers or none"
    nowhere = events["place_id"].isna() & events["latitude"].isna()
    for row in events.index[nowhere]:
        yield "events", row, "place_id", "an empty cell", "a place or a point"


def events_are_complete(tables: Tables) -> Iterator[Breach]:
    """Every event has a source, a group and a claim of its own or its operation's."""
    events = tables["events"]
    claims = tables["claims"]
    for table, what in [("event_sources", "a source"), ("event_groups", "a group")]:
        for row in events.index[~events["event_id"].isin(tables[table]["event_id"])]:
            found = f"{events.at[row, 'event_id']} has no row in {table}"
            yield "events", row, "event_id", found, what
    claimed = events["event_id"].isin(claims["event_id"].dropna())
    claimed |= events["operation_id"].isin(claims["operation_id"].dropna())
    for row in events.index[~claimed]:
        found = f"{events.at[row, 'event_id']} has no claim"
        yield "events", row, "event_id", found, "a claim of it or of its operation"


def claims_have_one_subject(tables: Tables) -> Iterator[Breach]:
    """A claim speaks of one thing; a general assessment of none."""
    claims = tables["claims"]
    subjects = claims[CLAIM_SUBJECTS].notna().sum(axis=1)
    general = claims["metric"].isin(["assessment", "materiel"])
    wrong = (subjects > 1) | ((subjects == 0) & ~general)
    for row in claims.index[wrong]:
        found = f"{subjects[row]} subjects"
        yield "claims", row, "event_id", found, f"one of {CLAIM_SUBJECTS}"


def claims_keep_words(tables: Tables) -> Iterator[Breach]:
    """Low is up to high; figures of people say whose; silence has no figure."""
    claims = tables["claims"]
    for row in claims.index[(claims["low"] > claims["high"]).fillna(False)]:
        found = f"{claims.at[row, 'low']} to {claims.at[row, 'high']}"
        yield "claims", row, "high", found, "low up to high"
    people = claims["metric"].isin(PEOPLE_METRICS)
    for row in claims.index[people & claims["side"].isna()]:
        yield "claims", row, "side", "an empty cell", "whose people are counted"
    for name in ("low", "high"):
        silent = claims["stance"].eq("silent") & claims[name].notna()
        for row in claims.index[silent]:
            found = str(claims.at[row, name])
            yield "claims", row, name, found, "no figure, since the stance is silent"
    # A number word in a claim without figures must stay a word, so it is named.
    empty = people & claims["stance"].eq("asserts") & claims["low"].isna()
    empty &= claims["high"].isna() & claims["wording"].isna()
    for row in claims.index[empty]:
        yield "claims", row, "wording", "no figure and no words", "one of the two"


def operations_have_members(tables: Tables) -> Iterator[Breach]:
    """An operation links two events or more."""
    operations = tables["operations"]
    members = tables["events"]["operation_id"].value_counts()
    for row, key in operations["operation_id"].items():
        count = int(members.get(key, 0))
        if count < 2:
            found = f"{key} with {count} events"
            yield "operations", row, "operation_id", found, "two events or more"


def links_go_back(tables: Tables) -> Iterator[Breach]:
    """A tie leads from an event to one that began before it, or on the same day."""
    links = tables["event_links"]
    first_day = tables["events"].set_index("event_id")["date_start"]
    later = links["event_id"].map(first_day)
    earlier = links["earlier_event_id"].map(first_day)
    wrong = (earlier > later) | links["event_id"].eq(links["earlier_event_id"])
    for row in links.index[wrong]:
        found = str(links.at[row, "earlier_event_id"])
        expected = f"an event before {links.at[row, 'event_id']}"
        yield "event_links", row, "earlier_event_id", found, expected


def settled_pairs_are_as_they_were_left(tables: Tables) -> Iterator[Breach]:
    """Of two distinct events both are there; of two that are one, the first only."""
    pairs = tables["settled_pairs"]
    there = pairs["second_id"].isin(tables["events"]["event_id"])
    for row in pairs.index[there != pairs["verdict"].eq("distinct")]:
        found = str(pairs.at[row, "second_id"])
        expected = "no event" if there[row] else "an event of the record"
        yield "settled_pairs", row, "second_id", found, expected


def leads_hold_no_figures(tables: Tables) -> Iterator[Breach]:
    """What nobody vouches for is told without numbers."""
    leads = tables["unsourced"]
    for column in ("what_en", "what_fr"):
        for row in leads.index[leads[column].str.contains(r"[0-9]")]:
            yield "unsourced", row, column, leads.at[row, column], "no figure"


def spellings_do_not_clash(tables: Tables) -> Iterator[Breach]:
    """One spelling of one dataset means one group on any day."""
    names = tables["group_names"]
    spelled = names.assign(
        name=names["name"].str.casefold(),
        first=names["valid_from"].fillna(pd.Timestamp.min.as_unit("us")),
        last=names["valid_to"].fillna(pd.Timestamp.max.as_unit("us")),
    )
    spelled = spelled.sort_values("first", kind="stable")
    # Every earlier spelling is kept: one may outlast those between it and a later one.
    earlier: dict[tuple[str, str], list[tuple[str, pd.Timestamp]]] = {}
    for row, *key, group_id, first, last in zip(
        spelled.index,
        spelled["name"],
        spelled["dataset"],
        spelled["group_id"],
        spelled["first"],
        spelled["last"],
        strict=True,
    ):
        before = earlier.setdefault((key[0], key[1]), [])
        taken = dict.fromkeys(other for other, until in before if until >= first)
        for other in taken:
            if other != group_id:
                found = f"{names.at[row, 'name']} for {group_id}"
                expected = f"days not taken by {other}"
                yield "group_names", row, "name", found, expected
        before.append((group_id, last))


def codes_are_explained(tables: Tables) -> Iterator[Breach]:
    """The vocabulary has words for each code of the contract and each tactic used."""
    vocabulary = tables["vocabulary"]
    have = set(zip(vocabulary["field"], vocabulary["code"], strict=True))
    wanted: set[tuple[str, str]] = set()
    for resource in contract()["resources"]:
        for field in resource["schema"]["fields"]:
            codes = field.get("constraints", {}).get("enum", [])
            if field["name"] in _PLAIN_ENUMS:
                continue
            key = (resource["name"], field["name"])
            name = VOCABULARY_FIELDS.get(key, field["name"])
            wanted |= {(name, code) for code in codes}
    for field, code in sorted(wanted - have):
        yield "vocabulary", -1, field, "no row", f"words for the code {code}"
    tactics = {code for field, code in have if field == "tactics"}
    for row, cell in tables["events"]["tactics"].dropna().items():
        for code in sorted(set(cell.split(";")) - tactics):
            yield "events", row, "tactics", code, f"one of {sorted(tactics)}"


def sources_are_used(tables: Tables) -> Iterator[Breach]:
    """Every source stands behind a row."""
    sources = tables["sources"]
    used: set[str] = set()
    for name, table in tables.items():
        if name != "sources" and "source_id" in table:
            used |= set(table["source_id"].dropna())
    for row in sources.index[~sources["source_id"].isin(used)]:
        found = sources.at[row, "source_id"]
        yield "sources", row, "source_id", found, "a source that some row rests on"


def places_do_not_contain_themselves(tables: Tables) -> Iterator[Breach]:
    """The chain of part_of ends."""
    places = tables["places"]
    parent = dict(zip(places["place_id"], places["part_of"], strict=True))
    for row, start in places["place_id"].items():
        seen = {start}
        here = parent.get(start)
        while isinstance(here, str):
            if here in seen:
                yield "places", row, "part_of", start, "a chain that ends"
                break
            seen.add(here)
            here = parent.get(here)


RULES: list[Callable[[Tables], Iterator[Breach]]] = [
    dates_in_order,
    day_is_one_day,
    no_event_after_reading,
    events_have_a_place,
    events_are_complete,
    claims_have_one_subject,
    claims_keep_words,
    operations_have_members,
    links_go_back,
    settled_pairs_are_as_they_were_left,
    leads_hold_no_figures,
    spellings_do_not_clash,
    codes_are_explained,
    sources_are_used,
    places_do_not_contain_themselves,
]
