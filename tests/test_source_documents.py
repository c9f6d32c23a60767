"""Everything the two source documents say is in the record, and read as they mean it.

A is the analysis of the attack on Timbuktu (2 June 2025), B the interview on the attack
on Bamako (17 September 2024). ``source_documents.csv`` gives for each of their events
(E), claims (C), places (P), statements (A), groups (G) and relations (R) the rows that
hold it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from data.contract import schema_of
from data.deaths import statements_of_deaths, tolls

TIMBUKTU, BAMAKO = "nanortey-2025-timbouctou", "icg-2024-bamako"
DOCUMENTS = {TIMBUKTU, BAMAKO}
OF_TIMBUKTU, OF_BAMAKO = "op-timbouctou-2025-06-02", "op-bamako-2024-09-17"
FALADIE = "ml-2024-09-17-bamako-faladie"
AIRPORT = "ml-2024-09-17-bamako-senou"
LYNCHING = "ml-2024-09-17-bamako"

COUNTS = {"E": 56, "C": 40, "P": 45, "A": 61, "G": 44, "R": 29}
ITEMS = [f"{kind}{n:02}" for kind, most in COUNTS.items() for n in range(1, most + 1)]

with (Path(__file__).parent / "source_documents.csv").open(encoding="utf-8") as _file:
    CHECKLIST = list(csv.DictReader(_file))
ROWS = [pytest.param(it, id=f"{it['item']}-{it['row_id']}") for it in CHECKLIST]

LINES = re.compile(r"L\d+(-L\d+)?([,;] ?L\d+(-L\d+)?)*")
IN_NOTE = re.compile(r"\b[AB]:L\d+")


@pytest.fixture(scope="module")
def row_of(real_record):
    """Return the function that finds one row of the record by table and id."""

    def find(table: str, row_id: str) -> pd.Series:
        rows = getattr(real_record, table)
        key = schema_of(table)["primaryKey"][0]
        found = rows[rows[key].eq(row_id)]
        assert len(found) == 1, f"{table} holds {len(found)} rows {row_id}"
        return found.iloc[0]

    return find


@pytest.fixture(scope="module")
def claims(real_record) -> pd.DataFrame:
    """Return the claims of the two documents."""
    table = real_record.claims
    return table[table["source_id"].isin(DOCUMENTS)].set_index("claim_id")


def test_every_item_has_a_row():
    assert sorted({it["item"] for it in CHECKLIST}) == sorted(ITEMS)


@pytest.mark.parametrize("entry", ROWS)
def test_every_row_is_in_the_record(row_of, entry):
    row_of(entry["table"], entry["row_id"])


def has_lines(source_id: object, locator: object) -> bool:
    return (
        source_id in DOCUMENTS
        and isinstance(locator, str)
        and LINES.fullmatch(locator) is not None
    )


@pytest.mark.parametrize(
    "entry", [it for it in ROWS if it.values[0]["table"] != "places"]
)
def test_every_row_says_where_the_document_says_so(real_record, row_of, entry):
    """By its locator, by its event's document, or in the note of a row firmer placed.

    The table of places has no locators: places are read in gazetteers.
    """
    row = row_of(entry["table"], entry["row_id"])
    if entry["table"] == "events":
        documents = real_record.event_sources
        documents = documents[documents["event_id"].eq(entry["row_id"])]
        pairs = zip(documents["source_id"], documents["locator"], strict=True)
        assert any(has_lines(*pair) for pair in pairs)
        return
    note = row["note_en"] if isinstance(row.get("note_en"), str) else ""
    assert has_lines(row["source_id"], row["locator"]) or IN_NOTE.search(note)


# The traps of the documents


def test_d01_the_year_follows_from_the_anniversaries(real_record, row_of):
    """B never states its year."""
    operation = row_of("operations", OF_BAMAKO)
    assert f"{operation['date_start']:%Y-%m-%d}" == "2024-09-17"
    assert "does not state the year" in operation["note_en"]
    events = real_record.events
    members = events[events["operation_id"].eq(OF_BAMAKO)]
    assert set(members["date_start"].dt.year) == {2024}
    assert row_of("milestones", "ms-doc-gendarmerie-day")["recurs"]


def test_d02_thirteen_is_two_things(claims):
    """The enemy dead of Timbuktu, the attackers of Bamako."""
    thirteen = claims[claims["low"].eq(13).fillna(False)]
    told = thirteen[["operation_id", "claimant_en", "metric", "side"]]
    assert sorted(told.to_numpy().tolist()) == [
        [OF_BAMAKO, "JNIM", "attackers", "assailants"],
        [OF_TIMBUKTU, "Malian army", "killed", "assailants"],
    ]


def test_d03_the_sentence_printed_twice_is_one_claim(claims):
    """50-70 stands in B's text and in its pull-quote."""
    told = claims[claims["low"].eq(50).fillna(False)]
    assert len(told) == 1
    claim = told.iloc[0]
    assert (claim["high"], claim["metric"], claim["side"]) == (70, "killed", "victims")
    quotes = claims["quote"].dropna()
    assert quotes.str.contains("risky").sum() <= 1


def test_d04_sidin_is_a_slip_for_sidi(row_of):
    camp = row_of("places", "ml-tombouctou-camp-sidi-bekaye")
    for name in (camp["name_en"], camp["name_fr"]):
        assert "Sidi Bekaye" in name
    assert "Sidin Bekaye" in camp["other_names"].split(";")


def test_d05_the_barracks_may_be_the_camp(row_of):
    """A names a camp and a barracks, perhaps one place: two events, told as doubt."""
    camp = row_of("events", "ml-2025-06-02-tombouctou-sidi-bekaye")
    barracks = row_of("events", "ml-2025-06-02-tombouctou-caserne")
    assert camp["operation_id"] == barracks["operation_id"] == OF_TIMBUKTU
    place = row_of("places", "ml-tombouctou-caserne")
    assert "may be the Sidi Bekaye camp" in place["note_en"]


def test_d06_late_may_is_an_interval(real_record, row_of):
    """An event on a day needs another document than the one that says late May."""
    event = row_of("events", "ml-2025-05-23-dioura")
    documents = real_record.event_sources
    behind = set(
        documents.loc[documents["event_id"].eq(event["event_id"]), "source_id"]
    )
    assert pd.Timestamp("2025-05-21") <= event["date_start"]
    assert event["date_end"] <= pd.Timestamp("2025-05-31")
    assert event["date_precision"] != "day" or behind - DOCUMENTS


def test_d06_less_than_a_day_before_timbuktu(row_of):
    event = row_of("events", "ml-2025-06-01-boulikessi")
    assert pd.Timestamp("2025-06-01") <= event["date_start"]
    assert event["date_end"] <= pd.Timestamp("2025-06-02")


def test_d07_killed_or_wounded_is_not_deaths(real_record, claims):
    claim = claims.loc[f"{OF_BAMAKO}.c7"]
    assert (claim["claimant_en"], claim["metric"]) == ("JNIM", "killed_or_wounded")
    toll = tolls(real_record.claims[real_record.claims["metric"].ne("killed")])
    assert OF_BAMAKO not in toll.index


@pytest.mark.parametrize(
    ("claim_id", "wording"),
    [
        (f"{OF_BAMAKO}.c7", "hundreds"),
        (f"{OF_BAMAKO}.c8", "some loss of life"),
        (f"{OF_BAMAKO}.c6", "higher still"),
        (f"{LYNCHING}.c1", "several"),
    ],
)
def test_d08_words_stay_words(claims, claim_id, wording):
    claim = claims.loc[claim_id]
    assert claim["wording"] == wording
    assert pd.isna(claim["low"])
    assert pd.isna(claim["high"])


@pytest.mark.parametrize(
    "name",
    [
        "Jama'a Nusrat ul-Islam wa al-Muslimin",
        "Jama’at Nasr al-Islam wal Muslimin",
        "Jama’at Nusrat al-Islam wal-Muslimin",
        "Group for the Support of Islam and Muslims",
    ],
)
def test_d09_spellings_of_jnim(real_atlas, name):
    day = pd.Timestamp("2025-06-02")
    assert real_atlas.group_names.resolve(name, day) == "jnim"


def test_d10_northern_groups_are_not_one(real_record):
    """Rebels, signatories and separatists overlap: the wide term is a group apart."""
    groups = real_record.groups.set_index("group_id")
    assert "overlap but are not the same" in groups.at["northern-rebels", "note_en"]
    assert {"mnla", "cma", "csp", "fla", "tuareg-separatists-2012"} <= set(groups.index)
    names = real_record.group_names
    assert set(names.loc[names["name"].eq("separatists"), "group_id"]) <= {
        "northern-rebels"
    }


def test_d11_kayes_is_the_region_in_b(row_of, claims):
    assert row_of("places", "ml-region-kayes")["kind"] == "region"
    assert row_of("places", "ml-kayes")["kind"] == "town"
    assert "Kayes region" in claims.at["pt-front-kidal-kayes.c1", "quote"]


@pytest.mark.parametrize(
    ("place_id", "region"),
    [("ml-region-koulikoro-nord", "ML-2"), ("ml-region-segou-ouest", "ML-4")],
)
def test_d12_koulikoro_and_segou_are_regions_of_the_old_map(row_of, place_id, region):
    place = row_of("places", place_id)
    assert (place["region_9"], place["kind"]) == (region, "region")
    assert "before the law of 2023" in place["note_en"]
    # Which of the regions of 2023 is meant nobody can say.
    assert pd.isna(place["region_20"])


def test_d13_five_days_ago_dates_the_page(real_record):
    """It stands on A's page, above the text, and dates no event of June 2025."""
    days = real_record.event_sources.merge(real_record.events, on="event_id")
    of_a = days[days["source_id"].eq(TIMBUKTU)]
    assert of_a["date_start"].min() == pd.Timestamp("2025-05-23")
    assert of_a["date_end"].max() == pd.Timestamp("2025-06-02")
    quotes = real_record.claims["quote"].fillna("")
    assert not quotes.str.contains("days ago").any()


def test_d14_the_first_year_of_the_aes(real_record):
    """B puts it on 17 September; the day before is what others date."""
    milestones = real_record.milestones
    aes = milestones[
        milestones["title_en"].str.contains("Alliance of Sahel States|AES", regex=True)
        & milestones["date_start"].dt.year.eq(2023)
    ]
    assert len(aes)
    assert (aes["date_start"] <= pd.Timestamp("2023-09-17")).all()
    assert (aes["date_end"] >= pd.Timestamp("2023-09-16")).all()


def test_d15_the_front_is_in_quotation_marks(row_of, claims):
    pattern = row_of("patterns", "pt-front-kidal-kayes")
    assert "“front”" in pattern["text_en"]
    assert "« front »" in pattern["text_fr"].replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert "“front”" in claims.at["pt-front-kidal-kayes.c1", "quote"]


def test_d16_lynchings_are_apart_from_the_attack(real_record, real_atlas, row_of):
    """Civilians against civilians: no part of the operation nor of its toll."""
    event = row_of("events", LYNCHING)
    assert event["event_type"] == "mob_violence"
    assert pd.isna(event["operation_id"])
    roles = real_record.event_groups
    roles = roles[roles["event_id"].eq(LYNCHING)]
    who = set(roles.loc[roles["role"].eq("perpetrator"), "group_id"])
    assert who <= {"civilians", "bamako-crowds"}
    joined = real_atlas.events.set_index("event_id").loc[LYNCHING]
    assert joined["actor_class"] not in ("jnim", "is-sahel", "other-jihadist")
    assert joined["toll_id"] == LYNCHING


def test_d17_no_people_is_a_filter(real_record, real_atlas):
    """A community is linked as victim or by perception, never offered to filter by."""
    from dashboard.analysis.filter import Known, filterable_groups

    groups = real_record.groups
    people = set(groups.loc[groups["category"].eq("community"), "group_id"])
    assert "fulani" in people
    assert not people & set(filterable_groups(real_atlas))
    assert not people & Known.of(real_atlas).codes["group_ids"]
    links = real_record.group_links
    of_people = links[
        links["other_group_id"].isin(people) | links["group_id"].isin(people)
    ]
    assert set(of_people["relation"]) == {"perceived_link"}


def test_d18_claims_without_data_are_claims(row_of, claims):
    """Most attacks near the border; a front of more than 2,000 km."""
    assert row_of("statements", "st-a08")["testable"] == "wider_table"
    front = claims.loc["pt-front-kidal-kayes.c1"]
    assert (front["metric"], front["low"], front["wording"]) == (
        "distance_km",
        2000,
        "more than",
    )
    assert pd.isna(front["high"])
    assert pd.isna(front["event_id"])


def test_d19_short_quotes_only(claims, real_record):
    """Crisis Group's text is its own: facts, line references and short quotes."""
    quotes = claims.loc[claims["source_id"].eq(BAMAKO), "quote"].dropna()
    words = quotes.drop_duplicates().str.split().str.len()
    assert words.max() <= 25
    # A tenth of the interview at most.
    assert words.sum() <= 300
    statements = real_record.statements
    assert not statements["text_en"].str.contains("“").any()


# What the documents leave open stays open


def test_the_figures_of_bamako(real_record):
    """JNIM's hundreds and the general staff's words are no part of the toll."""
    said = statements_of_deaths(real_record.claims)
    said = said[said["toll_id"].eq(OF_BAMAKO)]
    assert not said["claimant_en"].isin(["JNIM", "Malian general staff"]).any()
    assert "International media" in set(said["claimant_en"])
    assert tolls(real_record.claims).at[OF_BAMAKO, "deaths_low"] == 50


def test_who_does_not_give_a_figure_is_silent(claims):
    for claim_id, metric, side in [
        (f"{OF_TIMBUKTU}.c4", "killed", "security_forces"),
        (f"{OF_BAMAKO}.c3", "attackers", "assailants"),
    ]:
        claim = claims.loc[claim_id]
        assert (claim["stance"], claim["metric"], claim["side"]) == (
            "silent",
            metric,
            side,
        )


def test_the_authorities_deny_and_concede(claims):
    assert claims.at[f"{OF_BAMAKO}.c10", "stance"] == "denies"
    assert claims.at[f"{OF_BAMAKO}.c11", "wording"] == "some installations"


def test_the_strikes_of_one_plan_are_one_operation(real_record):
    events = real_record.events.groupby("operation_id")["event_id"].agg(set)
    assert events[OF_BAMAKO] == {FALADIE, AIRPORT, f"{AIRPORT}-2", f"{AIRPORT}-3"}
    assert len(events[OF_TIMBUKTU]) == 7


def test_what_happens_again_and_again_is_a_pattern(real_record):
    """E11, E12, E17-E21 and E53-E56 have no dot."""
    patterns = {it["row_id"] for it in CHECKLIST if it["table"] == "patterns"}
    assert len(patterns) == 14
    assert patterns <= set(real_record.patterns["pattern_id"])
