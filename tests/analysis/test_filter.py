"""The one question the reader asks, and the link that carries it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.atlas import fold
from dashboard.analysis.filter import (
    Dropped,
    EventFilter,
    Known,
    filterable_groups,
    read_query,
    write_query,
)

ALL = ["west", "middle", "east", "mine", "gao", "mali"]


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


@pytest.fixture
def shown(atlas, names):
    """Return the function that names the events a filter shows, in their order."""
    return lambda **asked: names(EventFilter(**asked).apply(atlas)["event_id"])


@pytest.fixture(scope="module")
def known(atlas) -> Known:
    return Known.of(atlas)


def test_an_open_filter_shows_all_by_first_day(shown):
    assert shown() == ALL


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # An event is shown when its interval meets the days.
        pytest.param({"start": date(2024, 3, 5)}, ALL[1:], id="from the last day"),
        pytest.param({"start": date(2024, 3, 6)}, ALL[2:], id="from the day after"),
        pytest.param({"end": date(2024, 3, 1)}, ALL[:2], id="until the first day"),
        pytest.param({"end": date(2024, 2, 29)}, ALL[:1], id="until the day before"),
        pytest.param(
            {"start": date(2024, 3, 3), "end": date(2024, 3, 3)}, ["middle"],
            id="a day within",
        ),
        pytest.param(
            {"start": date(2024, 4, 1), "end": date(2024, 4, 30)}, [], id="quiet days"
        ),
        # A group stands for its members on that day, and no longer.
        pytest.param({"group_ids": of("jnim")}, ["west", "east", "mine"], id="members"),
        pytest.param(
            {"group_ids": of("jnim"), "with_members": False}, ["east", "mine"],
            id="by name",
        ),
        pytest.param({"group_ids": of("katiba")}, ["west", "gao"], id="a member"),
        pytest.param(
            {"group_ids": of("fama")}, ["west", "middle", "mali"], id="any role"
        ),
        pytest.param(
            {"group_ids": of("fama", "jnim"), "with_members": False},
            ["west", "middle", "east", "mine", "mali"], id="one of two groups",
        ),
        pytest.param({"group_ids": of("nobody")}, [], id="unknown group"),
        pytest.param({"region_ids": of("ML-6")}, ["middle", "mine"], id="region"),
        pytest.param(
            {"region_ids": of("ML-5", "ML-7")}, ["west", "east", "gao"], id="two regions"
        ),
        pytest.param(
            {"region_ids": of("ML-10"), "boundary_set": "mali-10"}, ["mine"],
            id="region of the ten",
        ),
        pytest.param(
            {"region_ids": of("ml23-tombouctou"), "boundary_set": "mali-20"},
            ["middle"], id="region of 2023",
        ),
        pytest.param(
            {"region_ids": of("ML-10")}, [], id="region of another set"
        ),
        # 0.5 degrees of latitude are 55.6 km; a region's label point is no distance.
        pytest.param({"near_place": "ml-middle"}, ["middle"], id="25 km"),
        pytest.param(
            {"near_place": "ml-middle", "within_km": 55}, ["middle"], id="55 km"
        ),
        pytest.param(
            {"near_place": "ml-middle", "within_km": 56}, ["middle", "mine"], id="56 km"
        ),
        pytest.param(
            {"near_place": "ml-east", "within_km": 20_000},
            ["west", "middle", "east", "mine"], id="the whole Earth",
        ),
        pytest.param(
            {"event_types": of("attack", "abduction")}, ["west", "east", "gao"],
            id="event type",
        ),
        pytest.param(
            {"target_types": of("civilians")}, ["middle", "gao"], id="target"
        ),
        pytest.param(
            {"actor_classes": of("state", "other-jihadist")}, ["middle", "gao"],
            id="classes of actors",
        ),
        pytest.param(
            {"target_classes": of("security-forces")}, ["west", "east", "mine"],
            id="class of targets",
        ),
        pytest.param(
            {"target_classes": of("civilians"), "actor_classes": of("state")},
            ["middle"], id="classes of both",
        ),
        pytest.param({"tactics": of("raid")}, ["west"], id="one of several tactics"),
        pytest.param(
            {"tactics": of("ied_mine", "execution")}, ["middle", "mine"], id="tactics"
        ),
        pytest.param({"tactics": of("small")}, [], id="part of a tactic's code"),
        pytest.param({"harmed": of("security_forces")}, ["west"], id="side harmed"),
        pytest.param(
            {"harmed": of("civilians")}, ["middle", "gao"], id="words harm too"
        ),
        pytest.param(
            {"harmed": of("victims")}, ["west", "east", "mine"], id="none killed, none harmed"
        ),
        pytest.param(
            {"claimant_types": of("un")}, ["east", "mine"],
            id="claimant of the operation",
        ),
        pytest.param(
            {"claimant_types": of("government")}, ["west", "middle"],
            id="silence is a voice",
        ),
        pytest.param(
            {"certainties": of("claimed", "suspected")}, ["west", "mine", "gao"],
            id="certainty",
        ),
        pytest.param({"certainties": of("unknown")}, ["mali"], id="nobody named"),
        pytest.param({"min_deaths": 1}, ["west", "east", "mine", "gao"], id="deaths"),
        pytest.param({"min_deaths": 13}, ["west", "east", "mine"], id="best, inclusive"),
        pytest.param({"min_deaths": 14}, ["east", "mine"], id="best, not high"),
        pytest.param({"precision": "site"}, ["mine"], id="site"),
        pytest.param({"precision": "town"}, ["west", "middle", "mine"], id="town"),
        pytest.param(
            {"precision": "area"}, ["west", "middle", "east", "mine"], id="area"
        ),
        pytest.param({"precision": "region"}, ALL[:-1], id="region or better"),
        pytest.param({"precision": "country"}, ALL, id="country or better"),
        pytest.param({"text": "PORTE NORD"}, ["mine"], id="case"),
        pytest.param({"text": "tinariwene"}, ["west"], id="without accents"),
        pytest.param({"text": "Tînariwène"}, ["west"], id="with other accents"),
        pytest.param({"text": "nord porte"}, ["mine"], id="words in any order"),
        pytest.param({"text": "gsim"}, ["east", "mine"], id="name in French"),
        pytest.param({"text": ".*"}, [], id="no regular expression"),
        pytest.param({"text": "("}, [], id="no broken expression"),
        pytest.param({"text": "west."}, ["west"], id="a full stop is a full stop"),
        pytest.param({"text": "  "}, ALL, id="blanks"),
        pytest.param(
            {"group_ids": of("jnim"), "region_ids": of("ML-6"), "min_deaths": 5},
            ["mine"], id="all limits at once",
        ),
    ],
)  # fmt: skip
def test_what_is_shown(shown, asked, expected):
    assert shown(**asked) == expected


def test_mask_of_some_rows_keeps_their_index(atlas):
    rows = atlas.events.iloc[[4, 0, 3]]
    mask = EventFilter(group_ids=of("jnim")).mask(atlas, rows)
    assert mask.to_dict() == {4: False, 0: True, 3: True}
    assert mask.dtype == bool


def test_mask_of_no_rows(atlas):
    asked = EventFilter(
        start=date(2024, 1, 1), group_ids=of("jnim"), tactics=of("raid"),
        harmed=of("all"), min_deaths=3, near_place="ml-west", text="a",
        precision="town",
    )  # fmt: skip
    assert asked.mask(atlas, atlas.events.iloc[:0]).to_list() == []


def test_the_atlas_is_not_changed(atlas):
    before = atlas.events.copy(deep=True)
    EventFilter(text="a", near_place="ml-west", min_deaths=3).apply(atlas)
    assert atlas.events.equals(before)


def test_equal_questions_are_one_cache_key():
    one = EventFilter(start=date(2024, 1, 1), region_ids=of("ML-5", "ML-6"))
    same = EventFilter(start=date(2024, 1, 1), region_ids=of("ML-6", "ML-5"))
    assert {one: "x"}[same] == "x"


def test_a_filter_cannot_be_changed():
    with pytest.raises(AttributeError):
        EventFilter().text = "x"  # type: ignore[misc]


def test_a_reversed_interval_is_refused():
    with pytest.raises(ValueError, match="start 2024-02-01 is after end 2024-01-01"):
        EventFilter(start=date(2024, 2, 1), end=date(2024, 1, 1))


def test_an_unknown_boundary_set_is_refused():
    with pytest.raises(ValueError, match="boundary_set is 'mali-8', expected one of"):
        EventFilter(boundary_set="mali-8")


def test_what_the_browser_filters_is_left_to_it():
    asked = EventFilter(
        start=date(2024, 1, 1), end=date(2024, 2, 1), actor_classes=of("jnim"),
        target_classes=of("civilians"), min_deaths=3, text="x",
    )  # fmt: skip
    assert asked.beyond_the_browser() == EventFilter(text="x")


@pytest.mark.parametrize(
    ("asked", "is_open"),
    [
        ({}, True),
        ({"boundary_set": "mali-20"}, True),
        ({"with_members": False}, True),
        ({"text": "x"}, False),
        ({"end": date(2024, 1, 1)}, False),
        ({"region_ids": of("ML-5")}, False),
        ({"actor_classes": of("jnim")}, False),
    ],
)
def test_is_open(asked, is_open):
    assert EventFilter(**asked).is_open is is_open


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tînariwène", "tinariwene"),
        ("ÉCOLE", "ecole"),
        ("Straße", "strasse"),
        ("œuvre", "œuvre"),
        ("ﬁn", "fin"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_only_armed_groups_that_some_event_names_are_offered(atlas):
    assert filterable_groups(atlas) == ["fama", "jnim", "katiba"]


# Links


def test_known_are_the_codes_of_the_record(known):
    assert known.codes["group_ids"] == {"fama", "jnim", "katiba"}
    assert "attack" in known.codes["event_types"]
    assert known.places == {"ml-west", "ml-middle", "ml-east"}
    assert known.regions["mali-9"] == {"ML-5", "ML-6", "ML-7"}
    assert known.regions["mali-10"] == {"ML-5", "ML-6", "ML-7", "ML-10"}


def test_an_open_filter_writes_nothing():
    assert write_query(EventFilter()) == {}


def test_every_field_is_written():
    asked = EventFilter(
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        actor_classes=of("jnim", "is-sahel"),
        target_classes=of("civilians"),
        group_ids=of("jnim", "fama"),
        with_members=False,
        region_ids=of("ML-10"),
        boundary_set="mali-10",
        near_place="ml-west",
        within_km=40,
        event_types=of("attack"),
        target_types=of("military"),
        tactics=of("raid", "ambush"),
        harmed=of("civilians"),
        claimant_types=of("un"),
        certainties=of("claimed"),
        min_deaths=5,
        precision="town",
        text=" la porte ",
    )
    assert write_query(asked) == {
        "from": "2024-01-01",
        "to": "2024-12-31",
        "actor": "is-sahel,jnim",
        "target_class": "civilians",
        "group": "fama,jnim",
        "members": "no",
        "region": "ML-10",
        "set": "mali-10",
        "near": "ml-west",
        "km": "40",
        "type": "attack",
        "target": "military",
        "tactic": "ambush,raid",
        "harmed": "civilians",
        "claimant": "un",
        "certainty": "claimed",
        "min": "5",
        "precision": "town",
        "q": "la porte",
    }


_DAYS = st.dates(date(1989, 1, 1), date(2100, 12, 31))
_WORDS = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Zs"]).filter(str.isprintable),
    max_size=80,
)


@st.composite
def any_filter(draw: st.DrawFn, known: Known) -> EventFilter:
    days = sorted(draw(st.lists(_DAYS, min_size=2, max_size=2)))
    start = draw(st.sampled_from([None, days[0]]))
    end = draw(st.sampled_from([None, days[1]]))
    boundary_set = draw(st.sampled_from(sorted(known.regions)))
    near = draw(st.sampled_from(["", *sorted(known.places)]))

    def some(codes: frozenset[str]) -> frozenset[str]:
        return draw(st.frozensets(st.sampled_from(sorted(codes)), max_size=4))

    return EventFilter(
        start=start,
        end=end,
        boundary_set=boundary_set,
        region_ids=some(known.regions[boundary_set]),
        with_members=draw(st.booleans()),
        near_place=near,
        within_km=draw(st.integers(1, 1000)) if near else EventFilter().within_km,
        min_deaths=draw(st.integers(0, 10_000)),
        precision=draw(
            st.sampled_from(["", "site", "town", "area", "region", "country"])
        ),
        text=draw(_WORDS).strip(),
        **{name: some(codes) for name, codes in known.codes.items()},
    )


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_link_opens_the_view_it_was_made_from(known, data):
    asked = data.draw(any_filter(known))
    assert read_query(write_query(asked), known) == (asked, [])


SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("query", "asked", "dropped"),
    [
        pytest.param({}, {}, [], id="no link"),
        pytest.param(
            {"from": "9999-99-99"}, {}, [("from", "not_a_day")], id="9999-99-99"
        ),
        pytest.param({"to": "2024-02-30"}, {}, [("to", "not_a_day")], id="30 February"),
        pytest.param({"from": "0001-01-01"}, {}, [("from", "not_a_day")], id="year 1"),
        pytest.param({"from": "1988-12-31"}, {}, [("from", "not_a_day")], id="1988"),
        pytest.param({"to": "2101-01-01"}, {}, [("to", "not_a_day")], id="2101"),
        pytest.param({"to": "2024-1-1"}, {}, [("to", "not_a_day")], id="without zeros"),
        pytest.param({"to": "01/02/2024"}, {}, [("to", "not_a_day")], id="slashes"),
        pytest.param({"to": "2024-01-01\n"}, {}, [("to", "not_a_day")], id="line end"),
        pytest.param(
            {"to": "٢٠٢٤-٠١-٠١"}, {}, [("to", "not_a_day")], id="Arabic digits"
        ),
        pytest.param({"from": ""}, {}, [("from", "not_a_day")], id="empty day"),
        pytest.param(
            {"from": "2024-02-01", "to": "2024-01-01"}, {},
            [("from", "start_after_end")], id="reversed days",
        ),
        pytest.param(
            {"from": "2024-02-01", "to": "NaN"}, {"start": date(2024, 2, 1)},
            [("to", "not_a_day")], id="one day of two",
        ),
        pytest.param({"min": "NaN"}, {}, [("min", "not_a_number")], id="NaN"),
        pytest.param({"min": "inf"}, {}, [("min", "not_a_number")], id="inf"),
        pytest.param({"min": "-1"}, {}, [("min", "not_a_number")], id="negative"),
        pytest.param({"min": "1.5"}, {}, [("min", "not_a_number")], id="fraction"),
        pytest.param({"min": "1e3"}, {}, [("min", "not_a_number")], id="exponent"),
        pytest.param({"min": "1_0"}, {}, [("min", "not_a_number")], id="underscore"),
        pytest.param({"min": "٣"}, {}, [("min", "not_a_number")], id="Arabic digit"),
        pytest.param({"min": "10001"}, {}, [("min", "not_a_number")], id="too many dead"),
        pytest.param({"min": "10000"}, {"min_deaths": 10_000}, [], id="most dead"),
        pytest.param({"min": ""}, {}, [("min", "not_a_number")], id="empty number"),
        pytest.param(
            {"min": "9" * 5000}, {}, [("min", "not_a_number")], id="5,000 digits"
        ),
        pytest.param({"group": SCRIPT}, {}, [("group", "unknown_code")], id="script"),
        pytest.param(
            {"group": "jnim,nobody"}, {"group_ids": of("jnim")},
            [("group", "unknown_code")], id="one known group of two",
        ),
        pytest.param(
            {"group": "herders"}, {}, [("group", "unknown_code")],
            id="a community is no group to filter by",
        ),
        pytest.param({"group": ""}, {}, [("group", "unknown_code")], id="empty group"),
        pytest.param(
            {"group": "jnim," * 5000}, {"group_ids": of("jnim")},
            [("group", "unknown_code")], id="huge list",
        ),
        pytest.param({"actor": "al-qaeda"}, {}, [("actor", "unknown_code")], id="actor"),
        pytest.param(
            {"actor": "jnim,x"}, {"actor_classes": of("jnim")},
            [("actor", "unknown_code")], id="one known class of two",
        ),
        pytest.param(
            {"target_class": "military"}, {}, [("target_class", "unknown_code")],
            id="a target is no class of targets",
        ),
        pytest.param({"type": "raid"}, {}, [("type", "unknown_code")], id="type"),
        pytest.param({"target": "x"}, {}, [("target", "unknown_code")], id="target"),
        pytest.param({"tactic": "x"}, {}, [("tactic", "unknown_code")], id="tactic"),
        pytest.param({"harmed": "x"}, {}, [("harmed", "unknown_code")], id="harmed"),
        pytest.param({"claimant": "x"}, {}, [("claimant", "unknown_code")], id="claimant"),
        pytest.param(
            {"certainty": "x"}, {}, [("certainty", "unknown_code")], id="certainty"
        ),
        pytest.param({"region": "ML-9"}, {}, [("region", "unknown_code")], id="region"),
        pytest.param(
            {"region": "ML-10", "set": "mali-10"},
            {"region_ids": of("ML-10"), "boundary_set": "mali-10"}, [],
            id="region of the set named",
        ),
        pytest.param(
            {"region": "ML-10", "set": "mali-11"}, {},
            [("set", "unknown_code"), ("region", "unknown_code")], id="set",
        ),
        pytest.param({"near": "ml-mali"}, {}, [("near", "unknown_code")], id="no point"),
        pytest.param(
            {"near": "ml-west"}, {"near_place": "ml-west", "within_km": 25}, [],
            id="place without distance",
        ),
        pytest.param(
            {"near": "ml-west", "km": "NaN"},
            {"near_place": "ml-west", "within_km": 25}, [("km", "not_a_number")],
            id="place with a bad distance",
        ),
        pytest.param(
            {"near": "ml-west", "km": "0"},
            {"near_place": "ml-west", "within_km": 25}, [("km", "not_a_number")],
            id="no distance at all",
        ),
        pytest.param(
            {"near": "ml-west", "km": "1001"},
            {"near_place": "ml-west", "within_km": 25}, [("km", "not_a_number")],
            id="too far",
        ),
        pytest.param({"km": "inf"}, {}, [("km", "not_a_number")], id="bad distance alone"),
        pytest.param(
            {"precision": "exact"}, {}, [("precision", "unknown_code")], id="precision"
        ),
        pytest.param({"precision": ""}, {}, [("precision", "unknown_code")], id="empty"),
        pytest.param(
            {"members": "maybe"}, {}, [("members", "unknown_code")], id="members"
        ),
        pytest.param({"members": "yes"}, {}, [], id="members as always"),
        pytest.param({"q": "x" * 81}, {}, [("q", "too_long")], id="text of 81 signs"),
        pytest.param({"q": "x" * 80}, {"text": "x" * 80}, [], id="text of 80 signs"),
        pytest.param({"q": "x" * 1_000_000}, {}, [("q", "too_long")], id="huge text"),
        pytest.param({"q": "a\x00b"}, {}, [("q", "too_long")], id="control sign"),
        pytest.param({"q": "a\u202eb"}, {}, [("q", "too_long")], id="text turned round"),
        pytest.param({"q": SCRIPT}, {"text": SCRIPT}, [], id="a script is a text"),
        pytest.param({"q": "  "}, {}, [], id="blank text"),
        pytest.param({"q": ""}, {}, [], id="empty text"),
    ],
)  # fmt: skip
def test_hostile_links(known, query, asked, dropped):
    expected = EventFilter(**asked), [Dropped(*it) for it in dropped]
    assert read_query(query, known) == expected


_PARAMETERS = [
    "from", "to", "actor", "target_class", "group", "region", "type", "target", "tactic", "harmed", "claimant",
    "certainty", "set", "near", "km", "min", "precision", "members", "q", "lang", "x",
]  # fmt: skip
_VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["NaN", "inf", "-0", "9999-99-99", "9" * 5000, "ML-5,ML-6", "jnim", "mali-10",
         "ml-west", "2024-01-01", "2100-12-31", "town", "no", SCRIPT, "{{7*7}}", ","]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(_PARAMETERS), st.text(max_size=8)),
        _VALUES,
        max_size=8,
    )
)
def test_any_link_makes_a_filter_that_works(atlas, known, query):
    asked, dropped = read_query(query, known)
    assert {it.parameter for it in dropped} <= query.keys()
    assert {it.reason for it in dropped} <= {
        "not_a_day", "start_after_end", "unknown_code", "not_a_number", "too_long",
    }  # fmt: skip
    assert len(asked.mask(atlas)) == len(atlas.events)
    # What was kept is written back, and nothing else.
    assert read_query(write_query(asked), known) == (asked, [])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_searched_literally(atlas, text):
    shown = EventFilter(text=text).apply(atlas)
    words = fold(text).split()
    expected = [
        all(word in haystack for word in words) for haystack in atlas.events["haystack"]
    ]
    assert shown.index.to_list() == [at for at, fits in enumerate(expected) if fits]


def test_narrower_never_shows_more(atlas):
    wide = EventFilter(group_ids=of("jnim"))
    for narrow in (
        replace(wide, start=date(2024, 2, 1)),
        replace(wide, min_deaths=20),
        replace(wide, with_members=False),
        replace(wide, precision="site"),
    ):
        assert (narrow.mask(atlas) <= wide.mask(atlas)).all()
