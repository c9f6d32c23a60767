"""The rule for deaths, sentence by sentence."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import schema_of
from data.deaths import (
    DEATHS,
    VICTIM_SIDES,
    add_tolls,
    statements_of_deaths,
    sum_deaths,
    tolls,
)

SIDES = [*VICTIM_SIDES, "victims", "all", "assailants"]
KINDS = ["government", "insurgent", "media", "un", "ngo", "witness"]


def claim(
    who: str,
    side: str,
    low: int | None,
    high: int | None = None,
    *,
    kind: str = "media",
    subject: str = "e1",
    **more: object,
) -> dict:
    """Return one claim that people were killed; one figure is both ends."""
    operation = subject.startswith("op-")
    return {
        "event_id": None if operation else subject,
        "operation_id": subject if operation else None,
        "claimant_en": who,
        "claimant_type": kind,
        "metric": "killed",
        "side": side,
        "low": low,
        "high": low if high is None else high,
        "stance": "asserts",
        "superseded_by": None,
        **more,
    }


def table_of(claims: list[dict]) -> pd.DataFrame:
    columns = list(claim("", "", None))
    table = pd.DataFrame(claims, columns=columns)
    text = [name for name in columns if name not in ("low", "high")]
    return table.astype(dict.fromkeys(text, "str") | {"low": "Int64", "high": "Int64"})


def toll_of(*claims: dict, subject: str = "e1") -> tuple[int, int, int] | None:
    """Return low, best and high of a subject; None where it has no toll."""
    table = tolls(table_of(list(claims)))
    if subject not in table.index:
        return None
    low, best, high = (int(table.at[subject, name]) for name in DEATHS)
    return low, best, high


def test_one_figure():
    assert toll_of(claim("Paper", "victims", 12)) == (12, 12, 12)


# Rule 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"metric": "wounded"}, id="wounded"),
        pytest.param({"metric": "killed_or_wounded"}, id="killed or wounded"),
        pytest.param({"metric": "missing"}, id="missing"),
        pytest.param({"stance": "denies"}, id="denied"),
        pytest.param({"stance": "doubts"}, id="doubted"),
        pytest.param({"stance": "silent"}, id="silent"),
        pytest.param({"low": None, "high": None}, id="words without a figure"),
        pytest.param({"superseded_by": "c9"}, id="replaced"),
        pytest.param({"event_id": None}, id="of no event"),
    ],
)
def test_only_asserted_figures_of_people_killed(change):
    """Rule 1."""
    assert toll_of({**claim("Paper", "victims", 12), **change}) is None


def test_a_replaced_figure_gives_way_to_the_later_one():
    """Rule 1."""
    assert toll_of(
        claim("Army", "security_forces", 10, superseded_by="c2"),
        claim("Army", "security_forces", 53),
    ) == (53, 53, 53)


# Rule 2


def test_assailants_never_enter():
    """Rule 2."""
    assert toll_of(claim("Army", "assailants", 13)) is None
    assert toll_of(
        claim("Army", "assailants", 13), claim("Army", "security_forces", 2)
    ) == (2, 2, 2)


def test_victims_are_all_sides_but_the_assailants():
    """Rule 2: whoever adds a side says on which side of the rule it stands."""
    (field,) = [it for it in schema_of("claims")["fields"] if it["name"] == "side"]
    sides = {*VICTIM_SIDES, "victims", "all", "assailants"}
    assert "assailants" not in VICTIM_SIDES
    assert sides == set(field["constraints"]["enum"])


def test_a_figure_for_all_sides_enters_alone():
    """Rule 2."""
    table = tolls(table_of([claim("Paper", "all", 70)]))
    assert table.loc["e1", ["deaths_best", "deaths_scope"]].to_list() == [70, "all"]


def test_a_figure_for_all_sides_gives_way_to_victims():
    """Rule 2."""
    claims = [claim("Paper", "all", 70), claim("Army", "civilians", 5)]
    table = tolls(table_of(claims))
    assert table.loc["e1", ["deaths_high", "deaths_scope"]].to_list() == [5, "victims"]


# Rule 3


def test_the_sides_of_one_voice_are_added():
    """Rule 3."""
    assert toll_of(
        claim("Paper", "security_forces", 10, 12), claim("Paper", "civilians", 3)
    ) == (13, 14, 15)


def test_a_figure_for_all_victims_goes_before_the_sum():
    """Rule 3."""
    assert toll_of(
        claim("Paper", "security_forces", 10),
        claim("Paper", "civilians", 3),
        claim("Paper", "victims", 15),
    ) == (15, 15, 15)


def test_the_sides_of_two_voices_are_not_added():
    """Rule 3."""
    assert toll_of(
        claim("Paper", "civilians", 10), claim("Agency", "civilians", 14)
    ) == (10, 12, 14)


def test_a_statement_without_the_main_side_does_not_enter():
    """Rule 3: the army counts its two dead, others forty civilians."""
    assert toll_of(
        claim("Army", "security_forces", 2, kind="government"),
        claim("Paper", "civilians", 40),
    ) == (40, 40, 40)


def test_a_statement_with_the_main_side_enters_whole():
    """Rule 3."""
    assert toll_of(
        claim("Army", "security_forces", 2),
        claim("Army", "civilians", 30),
        claim("Paper", "civilians", 40),
    ) == (32, 36, 40)


def test_one_voice_in_two_documents_is_one_range():
    """Rule 3."""
    assert toll_of(claim("Paper", "victims", 10), claim("Paper", "victims", 20)) == (
        10,
        15,
        20,
    )


def test_at_least_is_taken_as_it_stands():
    """Rule 3: no end is made up."""
    assert toll_of({**claim("Paper", "victims", 30), "high": None}) == (30, 30, 30)


def test_up_to_is_taken_as_it_stands():
    """Rule 3: nobody said zero."""
    up_to = {**claim("Paper", "victims", None, 56)}
    assert toll_of(up_to) == (56, 56, 56)
    assert toll_of(up_to, claim("Agency", "victims", 32)) == (32, 44, 56)


# Rules 4 and 5


def test_low_and_high_are_the_ends_of_all_statements():
    """Rule 4."""
    assert toll_of(
        claim("Paper", "victims", 50, 70),
        claim("Agency", "victims", 77),
        claim("JNIM", "victims", 100, 120, kind="insurgent"),
    ) == (50, 68, 120)


def test_best_is_the_median_of_the_middles():
    """Rule 5."""
    assert toll_of(
        claim("Paper", "victims", 10),
        claim("Agency", "victims", 20, 24),
        claim("Radio", "victims", 90),
    ) == (10, 22, 90)


def test_halves_are_rounded_down():
    """Rule 5."""
    assert toll_of(claim("Paper", "victims", 13, 14)) == (13, 13, 14)


@pytest.mark.parametrize("kind", ["government", "insurgent"])
def test_who_fights_does_not_move_the_best(kind):
    """Rule 5."""
    assert toll_of(
        claim("Fighter", "victims", 200, kind=kind),
        claim("UN", "victims", 40, kind="un"),
    ) == (40, 40, 200)


def test_who_fights_is_heard_where_nobody_else_speaks():
    """Rule 5."""
    assert toll_of(
        claim("Army", "victims", 10, kind="government"),
        claim("JNIM", "victims", 60, kind="insurgent"),
    ) == (10, 35, 60)


@pytest.mark.parametrize("kind", ["security_source", "local_source", "witness", "ngo"])
def test_other_voices_are_outside_the_fight(kind):
    """Rule 5."""
    assert toll_of(
        claim("Army", "victims", 10, kind="government"),
        claim("Voice", "victims", 30, kind=kind),
    ) == (10, 30, 30)


# Rule 6


@pytest.fixture
def of_one_operation() -> pd.DataFrame:
    """Return two sites of an operation, one event with its own toll, one without."""
    claims = [
        claim("Paper", "victims", 20, subject="op-may"),
        claim("Paper", "victims", 5, subject="site-1"),
        claim("Paper", "victims", 7, subject="alone"),
    ]
    events = pd.DataFrame(
        {
            "event_id": ["site-1", "site-2", "alone", "unknown"],
            "operation_id": ["op-may", "op-may", None, None],
        }
    ).astype("str")
    return add_tolls(events, table_of(claims))


def test_the_sites_of_an_operation_share_its_toll(of_one_operation):
    """Rule 6."""
    toll = of_one_operation.set_index("event_id")[["toll_id", "deaths_best"]]
    assert toll["toll_id"].to_dict() == {
        "site-1": "op-may",
        "site-2": "op-may",
        "alone": "alone",
        "unknown": "unknown",
    }
    assert toll["deaths_best"].to_list()[:3] == [20, 20, 7]
    assert toll["deaths_best"].isna().to_list() == [False, False, False, True]


def test_the_toll_of_an_operation_is_counted_once(of_one_operation):
    """Rule 6."""
    assert sum_deaths(of_one_operation).to_dict() == {
        "deaths_low": 27,
        "deaths_best": 27,
        "deaths_high": 27,
        "tolls": 2,
    }


def test_an_operation_told_site_by_site_has_a_toll_for_each():
    """Rule 6: without a claim on the operation, each event keeps its own."""
    events = pd.DataFrame(
        {"event_id": ["s1", "s2"], "operation_id": ["op-may", "op-may"]}
    ).astype("str")
    claims = [claim("Paper", "victims", n, subject=f"s{n}") for n in (1, 2)]
    assert sum_deaths(add_tolls(events, table_of(claims)))["deaths_best"] == 3


def test_no_events_add_up_to_nothing(of_one_operation):
    assert sum_deaths(of_one_operation.iloc[:0]).to_list() == [0, 0, 0, 0]


def test_the_claims_are_not_changed():
    claims = table_of([claim("Paper", "victims", None, 56)])
    before = claims.copy(deep=True)
    tolls(claims)
    pd.testing.assert_frame_equal(claims, before)


def test_statements_name_who_speaks():
    said = statements_of_deaths(
        table_of(
            [
                claim("UN", "civilians", 5, kind="un"),
                claim("UN", "militia", 1, kind="un"),
                claim("Army", "victims", 3, kind="government"),
            ]
        )
    )
    expected = pd.DataFrame(
        {
            "toll_id": ["e1", "e1"],
            "claimant_en": ["Army", "UN"],
            "claimant_type": ["government", "un"],
            "low": [3.0, 6.0],
            "high": [3.0, 6.0],
            "scope": ["victims", "victims"],
        }
    )
    pd.testing.assert_frame_equal(said, expected, check_dtype=False)


FIGURE = st.one_of(st.none(), st.integers(0, 500))


@st.composite
def any_claim(draw: st.DrawFn) -> dict:
    low, high = draw(FIGURE), draw(FIGURE)
    if low is not None and high is not None:
        low, high = sorted([low, high])
    return {
        **claim(
            draw(st.sampled_from(["Army", "Paper", "UN"])),
            draw(st.sampled_from(SIDES)),
            None,
            kind=draw(st.sampled_from(KINDS)),
            subject=draw(st.sampled_from(["e1", "e2", "op-may"])),
        ),
        "low": low,
        "high": high,
        "stance": draw(st.sampled_from(["asserts", "denies", "silent"])),
        "metric": draw(st.sampled_from(["killed", "wounded"])),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(any_claim(), max_size=8))
def test_low_best_and_high_are_in_order_and_somebody_said_them(claims):
    table = tolls(table_of(claims))
    assert (table["deaths_low"] <= table["deaths_best"]).all()
    assert (table["deaths_best"] <= table["deaths_high"]).all()
    assert table[DEATHS].notna().all(axis=None)
    for toll_id in table.index:
        figures = {
            figure
            for it in claims
            if toll_id in (it["event_id"], it["operation_id"])
            for figure in (it["low"], it["high"])
        }
        # Missing is never zero: a zero was said by somebody.
        if table.at[toll_id, "deaths_low"] == 0:
            assert 0 in figures


@settings(max_examples=15, deadline=None)
@given(st.lists(any_claim(), min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_claims_does_not_matter(claims, random):
    shuffled = claims.copy()
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(tolls(table_of(claims)), tolls(table_of(shuffled)))


@settings(max_examples=15, deadline=None)
@given(st.lists(any_claim(), max_size=6))
def test_a_claim_about_another_event_changes_nothing(claims):
    alone = tolls(table_of(claims))
    other = claim("Paper", "victims", 3, subject="another")
    beside = tolls(table_of([*claims, other])).drop(index="another")
    pd.testing.assert_frame_equal(alone, beside)
