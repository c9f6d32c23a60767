"""The real tables: sound, wide enough, two-languaged, and careful with what they say."""

from __future__ import annotations

import re
from dataclasses import fields
from difflib import SequenceMatcher

import pandas as pd
import pytest

from dashboard.analysis.atlas import PRECISIONS
from dashboard.analysis.filter import filterable_groups
from data.contract import schema_of, table_names
from data.deaths import DEATHS, statements_of_deaths
from data.record import check_record
from geo.join import locate_events

NUMBER_WORDS = re.compile(
    r"\b(hundreds|dozens|scores|several|some|many|centaines|dizaines|plusieurs)\b", re.I
)


def test_no_fault():
    assert [str(fault) for fault in check_record()] == []


def test_every_key_resolves(real_record):
    """Told by the contract already; here without its library."""
    for table in table_names():
        rows = getattr(real_record, table)
        for key in schema_of(table)["foreignKeys"]:
            column, other = key["fields"], key["reference"]
            known = set(getattr(real_record, other["resource"])[other["fields"]])
            assert set(rows[column].dropna()) <= known, f"{table}.{column}"


def test_every_key_is_there_once(real_record):
    for table in table_names():
        rows = getattr(real_record, table)
        assert not rows.duplicated(schema_of(table)["primaryKey"]).any(), table


def test_the_record_is_wide(real_record):
    """A thousand events, each with its claims; where the war was, and when."""
    events = real_record.events
    country = events["event_id"].str[:2].value_counts()
    assert len(events) >= 1000
    assert country["ml"] >= 650
    assert country["bf"] >= 170
    assert country["ne"] >= 130
    assert country.drop(["ml", "bf", "ne"]).sum() >= 50
    mali = events[events["event_id"].str.startswith("ml-")]
    assert set(range(2012, 2027)) <= set(mali["date_start"].dt.year)
    assert len(real_record.claims) >= 2000
    assert len(real_record.operations) + len(real_record.event_links) >= 150
    assert len(real_record.milestones) >= 100


def test_most_events_rest_on_two_publishers(real_record):
    """Documents of one publisher are one voice."""
    publisher = real_record.sources.set_index("source_id")["publisher"]
    cited = real_record.event_sources
    voices = cited["source_id"].map(publisher).groupby(cited["event_id"]).nunique()
    assert (voices >= 2).mean() >= 0.7


def test_every_region_has_events(real_atlas):
    regions = ["ML-1", "ML-2", "ML-3", "ML-4", "ML-5", "ML-6", "ML-7", "ML-8", "ML-BKO"]
    counted = real_atlas.events["region_9"].value_counts()
    assert (counted.reindex(regions, fill_value=0) >= 3).all()
    assert real_atlas.regions.ids("mali-9") == regions


def test_regions_of_other_countries_have_events(real_atlas):
    """First-level units where the war is: six of Burkina Faso's, four of Niger's."""
    counted = real_atlas.events["admin1"].value_counts()
    for unit in ("BF-01", "BF-04", "BF-05", "BF-08", "BF-10", "BF-12", "NE-2", "NE-3",
                 "NE-5", "NE-6", "BJ-AK", "BJ-AL", "TG-S"):  # fmt: skip
        assert counted.get(unit, 0) >= 5, unit


def test_every_kind_of_force_is_looked_at(real_atlas):
    """Not one-sided: state and foreign forces, militias, and every jihadist branch."""
    counted = real_atlas.events["actor_class"].value_counts()
    for actor in ("jnim", "is-sahel", "other-jihadist", "separatist", "militia", "state",
                  "foreign"):  # fmt: skip
        assert counted.get(actor, 0) >= 5, actor


def test_low_best_and_high_are_in_order(real_atlas):
    events = real_atlas.events
    known = events["deaths_best"].notna()
    assert events.loc[known, DEATHS].notna().all(axis=None)
    assert events.loc[~known, DEATHS].isna().all(axis=None)
    assert (events["deaths_low"] <= events["deaths_best"]).fillna(True).all()
    assert (events["deaths_best"] <= events["deaths_high"]).fillna(True).all()


def test_who_has_no_figure_is_not_zero(real_atlas, real_record):
    """A toll of zero rests on somebody who said zero."""
    said = real_record.claims
    zero = said[said["metric"].eq("killed") & said["low"].eq(0).fillna(False)]
    sayers = set(zero["event_id"].dropna()) | set(zero["operation_id"].dropna())
    events = real_atlas.events
    none_died = events[events["deaths_low"].eq(0).fillna(False)]
    assert set(none_died["toll_id"]) <= sayers


@pytest.mark.parametrize("table", table_names())
def test_both_languages_are_filled(real_record, table):
    rows = getattr(real_record, table)
    for column in rows.columns:
        english, french = f"{column[:-3]}_en", f"{column[:-3]}_fr"
        if column == english and french in rows.columns:
            one_only = rows[english].isna() != rows[french].isna()
            assert rows[one_only].iloc[:, 0].to_list() == [], column
            for each in (english, french):
                assert rows[each].dropna().str.strip().ne("").all()


def test_summaries_are_translated(real_record):
    events = real_record.events
    alike = [
        row.event_id
        for row in events.itertuples()
        if SequenceMatcher(None, row.summary_en, row.summary_fr).ratio() > 0.85
    ]
    assert alike == []
    french = events["summary_fr"].str.cat(sep=" ")
    assert french.count("é") > len(events)


def test_summaries_are_one_sentence_of_our_own(real_record):
    events = real_record.events
    for column in ("summary_en", "summary_fr"):
        assert events[column].str.endswith((".", "»", "”")).all()
        assert events[column].str.len().between(20, 400).all()


def test_no_cell_has_stray_space_or_control_signs(real_record):
    for entry in fields(real_record):
        rows = getattr(real_record, entry.name)
        for column in rows.select_dtypes("str"):
            cells = rows[column].dropna()
            assert (cells == cells.str.strip()).all(), f"{entry.name}.{column}"
            # Line ends and the like would break the lines of the files.
            odd = cells[cells.str.contains(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]")]
            assert odd.to_list() == [], f"{entry.name}.{column}"


def test_quotes_are_short(real_record):
    words = real_record.claims["quote"].dropna().str.split().str.len()
    assert words.max() <= 25


def test_no_people_acts_or_is_acted_on_as_a_group(real_record):
    groups = real_record.groups.set_index("group_id")
    people = set(groups.index[groups["category"].eq("community")])
    assert people
    assert not people & set(real_record.event_groups["group_id"])
    assert not people & set(real_record.claims["claimant_group_id"].dropna())
    assert not people & set(real_record.patterns["group_id"].dropna())
    assert not groups.loc[sorted(people), "is_armed_actor"].any()


def test_no_people_is_a_filter(real_atlas):
    groups = real_atlas.record.groups.set_index("group_id")
    offered = groups.loc[filterable_groups(real_atlas)]
    assert offered["is_armed_actor"].all()
    assert "community" not in set(offered["category"])


def test_patterns_are_no_events(real_record):
    patterns, events = real_record.patterns, real_record.events
    assert not set(patterns["pattern_id"]) & set(events["event_id"])
    of_patterns = real_record.claims[real_record.claims["pattern_id"].notna()]
    assert of_patterns["event_id"].isna().all()
    assert not {"date_start", "latitude", "event_id"} & set(patterns.columns)


def test_assailants_are_never_in_a_toll(real_record):
    claims = real_record.claims
    without = claims[claims["side"].ne("assailants")]
    pd.testing.assert_frame_equal(
        statements_of_deaths(claims), statements_of_deaths(without)
    )


def test_words_are_never_numbers(real_record):
    """ "Hundreds", "dozens", "several" have a wording and no figure."""
    claims = real_record.claims
    worded = claims[
        claims["wording"].fillna("").map(lambda it: bool(NUMBER_WORDS.search(it)))
    ]
    people = worded[worded["metric"].isin(["killed", "wounded", "killed_or_wounded"])]
    assert len(people) >= 20
    bare = people["wording"].str.fullmatch(
        r"(some |about |at least |plus de |des )?"
        r"(hundreds|dozens|scores|several( dozen| hundred)?|many|"
        r"(plusieurs |des )?(dizaines|centaines|plusieurs))",
        case=False,
    )
    figured = people[bare & (people["low"].notna() | people["high"].notna())]
    assert figured["claim_id"].to_list() == []


def test_a_figure_and_its_wording_agree(real_record):
    """ "At least" has no upper end, "up to" no lower one."""
    claims = real_record.claims
    wording = claims["wording"].fillna("").str.casefold()
    open_ended = claims[wording.isin(["at least", "au moins", "more than", "plus de"])]
    assert open_ended["low"].notna().all()
    assert open_ended["high"].isna().all()
    closed = claims[wording.isin(["up to", "at most", "jusqu’à"])]
    assert closed["high"].notna().all()


def test_every_place_is_used_or_known_to_a_gazetteer(real_record):
    record = real_record
    places = record.places
    used = set(record.events["place_id"]) | set(record.patterns["place_id"])
    used |= set(record.group_links["place_id"]) | set(places["part_of"])
    idle = places[~places["place_id"].isin(used) & places["geonames_id"].isna()]
    # Named by the two source documents, without an event or pattern of their own.
    of_documents = idle["source_id"].isin(
        ["icg-2024-bamako", "nanortey-2025-timbouctou"]
    )
    of_documents |= idle["note_en"].fillna("").str.contains(r"\b[AB]:L\d")
    assert idle.loc[~of_documents, "place_id"].to_list() == []


def test_no_event_is_finer_than_its_point(real_atlas):
    """A camp of a town without a point of its own is drawn as the town."""
    events = real_atlas.events
    places = real_atlas.record.places.set_index("place_id")["point_precision"]
    rank = PRECISIONS.index
    at_place = events[events["point_from"].eq("place")]
    of_point = at_place["place_id"].map(places).map(rank, na_action="ignore")
    finer = at_place["location_precision"].map(rank) < of_point
    assert at_place.loc[finer, "event_id"].to_list() == []


def test_no_event_without_a_point_is_a_dot(real_atlas):
    events = real_atlas.events
    bare = events[events["latitude"].isna()]
    assert set(bare["location_precision"]) <= {"country"}
    stand_in = events[events["point_from"].eq("region")]
    assert set(stand_in["location_precision"]) <= {"region"}
    # The middle of a region is the point of no event that is known better.
    labels = set(zip(stand_in["latitude"], stand_in["longitude"], strict=True))
    others = events[events["point_from"].ne("region")]
    assert not labels & set(zip(others["latitude"], others["longitude"], strict=True))


# Where polygons and curators differ, and why: the curated region goes first.
DIFFERENT = {
    "ml-anefis": ("ML-8", "ML-7"),  # on the border of Kidal and Gao
    "ml-bamako-senou-aeroport": ("ML-BKO", "ML-2"),  # the district's southern edge
    "ml-kalaban-coro": ("ML-2", "ML-BKO"),  # a suburb across the district's edge
    "ml-ouan": ("ML-4", "ML-5"),  # near the border of Ségou and Mopti
    # Villages on the country's border, just outside the simplified polygons.
    "ml-aklaz": ("ML-7", None),
    "ml-gogui": ("ML-1", None),
    "ml-in-khalil": ("ML-8", None),
    "ml-talhandak": ("ML-8", None),
    "ml-tinzaouaten": ("ML-8", None),
    "ml-zambla": ("ML-3", None),
}


def test_points_lie_in_the_regions_curators_gave(real_atlas):
    places = real_atlas.record.places
    placed = places[places["latitude"].notna() & places["region_9"].notna()]
    bare = placed[["place_id", "latitude", "longitude"]]
    located = locate_events(
        bare.rename(columns={"place_id": "event_id"}),
        places.iloc[:0],
        real_atlas.boundaries,
    )
    polygons = located["region_9"].astype(object)
    polygons = polygons.where(polygons.notna(), None)
    found = {
        place_id: (curated, polygon)
        for place_id, curated, polygon in zip(
            placed["place_id"], placed["region_9"], polygons, strict=True
        )
        if curated != polygon
    }
    assert found == DIFFERENT


def test_every_claim_has_an_owner_and_a_source(real_record):
    claims = real_record.claims
    assert claims["claimant_en"].str.strip().ne("").all()
    assert claims["source_id"].isin(real_record.sources["source_id"]).all()


def test_a_claim_is_replaced_by_its_own_claimant(real_record):
    """Another voice never takes a figure back; nor does a claim on something else.

    A ministry and its minister, or a source and its organisation, are one voice.
    """
    claims = real_record.claims
    old = claims[claims["superseded_by"].notna()]
    pairs = old.merge(
        claims, left_on="superseded_by", right_on="claim_id", suffixes=("", "_later")
    )
    assert len(pairs) == len(old)
    for column in ("event_id", "operation_id", "metric", "side", "claimant_type"):
        here, later = pairs[column].fillna(""), pairs[f"{column}_later"].fillna("")
        odd = here.ne(later)
        if column == "side":
            # Parts give way to a total; who was silent of all may count some.
            odd &= later.ne("victims") & pairs["stance"].ne("silent")
        assert pairs.loc[odd, "claim_id"].to_list() == [], column
    assert pairs["claim_id"].ne(pairs["superseded_by_later"].fillna("")).all()


def test_the_source_of_a_claim_stands_behind_its_event(real_record):
    """What is cited in the ledger is listed on the card."""
    record = real_record
    behind = set(
        zip(
            record.event_sources["event_id"],
            record.event_sources["source_id"],
            strict=True,
        )
    )
    claims = record.claims[record.claims["event_id"].notna()]
    cited = set(zip(claims["event_id"], claims["source_id"], strict=True))
    assert sorted(cited - behind) == []


def test_sources_are_named_by_their_days(real_record):
    sources = real_record.sources
    assert (
        (sources["published"] <= sources["read_on"])
        .where(sources["published"].notna(), True)
        .all()
    )
    assert not sources["url"].dropna().str.contains("localhost|127.0.0.1|file:").any()


def test_a_source_is_addressed_where_it_was_published(real_record):
    """Not at a delivery network, a try-out copy of a site or a package registry.

    Such hosts move or close without notice, and their names say nothing of who
    published. A source that was read only there keeps its publisher, title and
    day, and a blank address.
    """
    hosts = real_record.sources["url"].dropna().str.extract(r"//([^/:]+)")[0]
    # The names of networks and registries in two halves, as in test_packaging.
    networks = [
        "cloud" + "front",
        "aka" + "mai",
        "fast" + "ly",
        "js" + "delivr",
        "un" + "pkg",
    ]
    registries = ["npm" + "js", "python" + "hosted", "py" + "pi"]
    elsewhere = hosts.str.contains(
        r"(?:^|[.-])(?:cdn\d*|staging|preprod|test)[.-]|"
        + "|".join(networks + registries)
    )
    assert hosts[elsewhere].to_list() == []


def test_a_claim_is_not_made_before_its_event(real_record):
    claims = real_record.claims.merge(
        real_record.events[["event_id", "date_start"]], on="event_id"
    )
    early = claims[claims["said_on"] < claims["date_start"]]
    assert early["claim_id"].to_list() == []


def test_an_event_id_names_its_country_and_first_day(real_record):
    """``ml-2019-03-23-ogossagou``: the day of the id is within the event's interval.

    ``bf-2024-05-goubre`` names a month, of which no more is known.
    """
    named = r"(?P<country>[a-z]{2})-(?P<month>\d{4}-\d{2})(?P<day>-\d{2})?-[a-z].*"
    places = real_record.places.set_index("place_id")["country"]
    for row in real_record.events.itertuples():
        found = re.fullmatch(named, row.event_id)
        assert found, row.event_id
        if isinstance(places[row.place_id], str):
            assert found["country"].upper() == places[row.place_id], row.event_id
        first = pd.Period(found["month"] + (found["day"] or "")).start_time
        last = pd.Period(found["month"] + (found["day"] or "")).end_time
        assert row.date_start <= last, row.event_id
        assert row.date_end >= first.normalize(), row.event_id


def test_no_event_is_told_twice(real_record):
    """Two events of one day, place and kind need different targets or summaries."""
    events = real_record.events
    key = ["date_start", "date_end", "place_id", "event_type", "target_en"]
    for column in ("summary_en", "summary_fr"):
        assert not events[column].duplicated().any()
    # The three checkpoints of Timbuktu, which the document does not name.
    assert events.loc[events.duplicated(key, keep=False), "event_id"].to_list() == [
        f"ml-2025-06-02-tombouctou-poste-{number}" for number in (1, 2, 3)
    ]


def test_operations_span_their_events(real_record):
    days = real_record.events.groupby("operation_id").agg(
        first=("date_start", "min"), last=("date_end", "max")
    )
    for row in real_record.operations.itertuples():
        assert row.date_start <= days.at[row.operation_id, "first"], row.operation_id
        assert row.date_end >= days.at[row.operation_id, "last"], row.operation_id


def test_a_date_is_as_wide_as_its_precision(real_record):
    for table in ("events", "operations", "milestones", "reactions"):
        rows = getattr(real_record, table)
        dated = rows[rows["date_start"].notna()]
        for precision, period in [("month", "M"), ("year", "Y")]:
            these = dated[dated["date_precision"].eq(precision)]
            first = these["date_start"].dt.to_period(period)
            last = these["date_end"].dt.to_period(period)
            assert (first == last).all(), table
        exact = dated[dated["date_precision"].eq("day")]
        assert (exact["date_start"] == exact["date_end"]).all(), table


def test_groups_act_while_they_exist(real_record):
    """JNIM did nothing before it was formed, Wagner nothing after it left."""
    record = real_record
    roles = record.event_groups.merge(record.events, on="event_id").merge(
        record.groups, on="group_id"
    )
    acted = roles[roles["role"].eq("perpetrator")]
    early = acted[acted["date_end"] < acted["active_from"]]
    late = acted[acted["date_start"] > acted["active_to"]]
    assert early[["event_id", "group_id"]].to_numpy().tolist() == []
    # Claimed or told under MUJAO's name after it had merged into al-Mourabitoun.
    assert late[["event_id", "group_id"]].to_numpy().tolist() == [
        ["ml-2014-02-06-tamkoutat", "mujao"],
        ["ml-2014-02-08-gao", "mujao"],
        ["ml-2014-05-24-tabankort", "mujao"],
        ["ml-2014-10-03-indelimane", "mujao"],
        ["ml-2015-03-30-gao", "mujao"],
        ["ne-2016-10-14-abalak", "mujao"],
    ]


def test_no_machine_is_named(real_record):
    """Nobody's folders, and nobody's way of working, in a public record."""
    stray = re.compile(r"(^|\s)/(home|tmp|root|Users)/|\bprompt\b|\bas an AI\b", re.I)
    for entry in fields(real_record):
        rows = getattr(real_record, entry.name)
        for column in rows.select_dtypes("str"):
            cells = rows[column].dropna()
            found = cells[cells.map(lambda it: bool(stray.search(it)))]
            assert found.to_list() == [], f"{entry.name}.{column}"


def test_neutral_words(real_record):
    """Summaries call nobody a terrorist."""
    events = real_record.events
    for column in ("summary_en", "summary_fr", "target_en", "target_fr"):
        loaded = events[column].str.contains(r"\bterroris|\bmartyr", case=False)
        assert events.loc[loaded, "event_id"].to_list() == [], column
