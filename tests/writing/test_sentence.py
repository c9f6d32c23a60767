"""The filter in words, and the headline above a page."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.analysis.atlas import ACTOR_CLASSES
from dashboard.analysis.filter import EventFilter
from dashboard.drawing.palette import TARGET_CODES
from dashboard.writing.catalogue import catalogue
from dashboard.writing.headline import headline
from dashboard.writing.sentence import filter_in_words

ENGLISH, FRENCH = catalogue("en"), catalogue("fr")
THIN, FIXED = "\u202f", "\u00a0"  # no-break spaces of French


def of(*codes: str) -> frozenset[str]:
    return frozenset(codes)


@pytest.mark.parametrize(
    ("asked", "english", "french"),
    [
        pytest.param({}, "", "", id="open"),
        pytest.param(
            {"start": date(2024, 1, 1), "end": date(2024, 2, 1)}, "", "",
            id="days are told elsewhere",
        ),
        pytest.param(
            {"actor_classes": of("state", "jnim")}, "by JNIM and its parts, State forces",
            "auteur GSIM (JNIM) et ses composantes, Forces étatiques", id="classes",
        ),
        pytest.param(
            {"actor_classes": of(*ACTOR_CLASSES) - of("unknown", "militia")},
            "not by Militias, Unknown or other",
            "auteur autre que Milices, Inconnu ou autre", id="all classes but two",
        ),
        pytest.param(
            {"target_classes": of(*TARGET_CODES) - of("economy")},
            "not against Economy, works", "cible autre que Économie, ouvrages",
            id="all targets but one",
        ),
        pytest.param(
            {"group_ids": of("jnim", "fama")}, "Army, JNIM and their parts",
            "Armée, GSIM et leurs composantes", id="groups",
        ),
        pytest.param(
            {"group_ids": of("jnim"), "with_members": False}, "JNIM by name",
            "GSIM nommément", id="by name",
        ),
        pytest.param(
            {"region_ids": of("ML-6")}, "region Timbuktu", "région Tombouctou",
            id="region",
        ),
        pytest.param(
            {"region_ids": of("ML-10"), "boundary_set": "mali-10"},
            "region Taoudenit", "région Taoudénit", id="region of the ten",
        ),
        pytest.param(
            {"near_place": "ml-west", "within_km": 40}, "within 40 km of West",
            "à moins de 40 km de Ouest", id="around a place",
        ),
        pytest.param(
            {"near_place": "ml-west"}, "within 25 km of West",
            "à moins de 25 km de Ouest", id="as far as usual",
        ),
        pytest.param(
            {"event_types": of("attack")}, "kind Attack", "type Attack (fr)", id="type"
        ),
        pytest.param(
            {"tactics": of("raid", "ambush", "arson", "siege", "looting")},
            "tactic Ambush, Arson, Looting and 2 more",
            "mode opératoire Ambush (fr), Arson (fr), Looting (fr) et 2 autres",
            id="five tactics",
        ),
        pytest.param(
            {"tactics": of("raid", "ambush", "arson", "siege")},
            "tactic Ambush, Arson, Raid and 1 more",
            "mode opératoire Ambush (fr), Arson (fr), Raid (fr) et 1 autre",
            id="four tactics",
        ),
        pytest.param(
            {"min_deaths": 1}, "at least 1 death", "au moins 1 mort", id="one death"
        ),
        pytest.param(
            {"min_deaths": 1234}, "at least 1,234 deaths",
            "au moins 1 234 morts", id="deaths",
        ),
        pytest.param(
            {"text": " <b>{x} "}, "text “<b>{x}”",
            "texte « <b>{x} »", id="text",
        ),
        pytest.param(
            {"certainties": of("claimed"), "precision": "town"},
            "perpetrator Claimed; place known to: Town or better",
            "auteur Claimed (fr) ; lieu connu à : Town (fr) ou mieux",
            id="two limits",
        ),
    ],
)  # fmt: skip
def test_filter_in_words(atlas, asked, english, french):
    chosen = EventFilter(**asked)
    assert filter_in_words(chosen, atlas, ENGLISH) == english

    # Which space stands before a sign is tested with the phrases, not here.
    words = filter_in_words(chosen, atlas, FRENCH)
    assert words.replace(FIXED, " ").replace(THIN, " ") == french


EVERY_FIELD = {
    "actor_classes": of("jnim"),
    "target_classes": of("civilians"),
    "group_ids": of("jnim"),
    "countries": of("NE"),
    "region_ids": of("ML-6"),
    "near_place": "ml-west",
    "event_types": of("attack"),
    "target_types": of("military"),
    "tactics": of("raid"),
    "harmed": of("civilians"),
    "claimant_types": of("un"),
    "certainties": of("claimed"),
    "min_deaths": 5,
    "precision": "town",
    "text": "word",
}


def test_every_limit_is_told(atlas):
    """A field of the filter that the sentence forgot would mislead the reader."""
    told = {
        name
        for name, value in EVERY_FIELD.items()
        if filter_in_words(EventFilter(**{name: value}), atlas, ENGLISH)
    }
    assert told == EVERY_FIELD.keys()
    silent = {"start", "end", "with_members", "boundary_set", "within_km"}
    assert told | silent == set(EventFilter.__dataclass_fields__)


@pytest.mark.parametrize(
    ("asked", "english", "french"),
    [
        pytest.param(
            {},
            "6 events, 10 January 2024 to 1 March 2025. "
            "Data collected until 30 June 2025.",
            "6 événements, du 10 janvier 2024 au 1er mars 2025. "
            "Données recueillies jusqu’au 30 juin 2025.",
            id="all",
        ),
        pytest.param(
            {"region_ids": of("ML-5"), "start": date(2024, 1, 1)},
            "1 event, 1 January 2024 to 1 March 2025, limited to: region Mopti. "
            "Data collected until 30 June 2025.",
            None,
            id="one",
        ),
    ],
)
def test_headline(atlas, asked, english, french):
    chosen = EventFilter(**asked)
    events = chosen.apply(atlas)
    assert headline(chosen, events, atlas, ENGLISH) == english
    if french:
        assert headline(chosen, events, atlas, FRENCH) == french


def test_a_headline_of_nothing(atlas):
    chosen = EventFilter(start=date(2030, 1, 1))
    text = headline(chosen, chosen.apply(atlas), atlas, ENGLISH)
    assert text == (
        "0 events, 1 January 2030 to 1 January 2030. Data collected until 30 June 2025."
    )
