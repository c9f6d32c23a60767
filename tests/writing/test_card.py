"""An event, a claim and a ledger in words, in both languages."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.analysis.ledger import ledger
from dashboard.writing.card import (
    claim_in_words,
    deaths_in_words,
    event_card,
    event_rows,
    figure_in_words,
    perpetrators_in_words,
    place_in_words,
    region_in_words,
    source_in_words,
    subject_headline,
)
from dashboard.writing.catalogue import catalogue
from dashboard.writing.ledger_rows import ledger_groups

ENGLISH, FRENCH = catalogue("en"), catalogue("fr")


def plain(thing):
    """Return texts with plain spaces; the kinds of space are tested with the phrases."""
    if isinstance(thing, str):
        return thing.replace("\u00a0", " ").replace("\u202f", " ")
    if isinstance(thing, list):
        return [plain(it) for it in thing]
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items()}
    return thing


def test_card_in_english(atlas, ids):
    assert event_card(ids["west"], atlas, ENGLISH) == {
        "title": "What happened in west.",
        "lines": [
            ["When", "10 January 2024"],
            ["Who", "Katiba (claimed)"],
            ["What", "Attack, small arms, raid"],
            ["Target", "target of west"],
            ["Where", "West, Mopti region (place known to: town)"],
            ["Deaths", "10–14, best estimate 13"],
        ],
        "claims": [
            ["Army", "Killed (security forces): 10", "Asserts"],
            ["Paper", "Killed (victims): 12–14", "Asserts"],
            ["JNIM", "Responsibility", "Asserts"],
        ],
        "sources": [
            {"text": "Army, Communiqué 7, p. 2", "url": ""},
            {
                "text": "Paper, The year, 1 June 2025",
                "url": "https://paper.example/year",
            },
        ],
        "note": "",
    }


def test_card_in_french(atlas, ids):
    assert plain(event_card(ids["mine"], atlas, FRENCH)) == {
        "title": "Ce qui s’est passé à mine.",
        "lines": [
            ["Quand", "31 mai 2024"],
            ["Qui", "GSIM (suspected (fr))"],
            ["Quoi", "Explosion (fr), ied mine (fr)"],
            ["Cible", "cible de mine"],
            [
                "Où",
                "la porte nord, Milieu, région de Tombouctou "
                "(lieu connu à : site (fr))",
            ],
            ["Morts", "20–30, meilleure estimation 25"],
            ["Opération", "L’opération de mai"],
            ["En réponse à", "Milieu, 2024-03-01"],
        ],
        "claims": [
            ["Journal", "Killed (fr) (victims (fr)) : 20", "Asserts (fr)"],
            ["Mission de l’ONU", "Killed (fr) (victims (fr)) : 30", "Asserts (fr)"],
        ],
        "sources": [
            {
                "text": "Paper, The year, 1er juin 2025",
                "url": "https://paper.example/year",
            },
        ],
        "note": "Les chiffres sont ceux de toute l’opération, que ses sites partagent.",
    }


def test_words_stay_words_and_silence_is_told(atlas, ids):
    card = event_card(ids["middle"], atlas, ENGLISH)
    assert card["lines"][0] == ["When", "between 1 March 2024 and 5 March 2024"]
    assert card["lines"][-2] == ["Deaths", "no figure known"]
    assert card["lines"][-1] == ["Later", "Middle, 2024-05-31 (reprisal)"]
    assert card["claims"] == [
        ["Paper", "Killed (civilians): “dozens”", "Asserts"],
        ["Army", "Killed (civilians)", "Silent"],
    ]


def test_rows_of_the_list(atlas, names, ids):
    rows = event_rows(atlas.events, atlas, ENGLISH)
    assert names([row["id"] for row in rows]) == [
        "west", "middle", "east", "mine", "gao", "mali",
    ]  # fmt: skip
    assert rows[4] == {
        "id": ids["gao"],
        "when": "January 2025",
        "title": "What happened in gao.",
        "who": "Katiba (suspected)",
        "where": "Gao, Gao region",
        "deaths": "Deaths: 3",
        "doubt": "place known to: region; 1 source",
        "actor_class": "other-jihadist",
    }
    assert rows[0]["doubt"] == "place known to: town; 2 sources"
    assert rows[5]["where"] == "Mali"


@pytest.mark.parametrize(
    ("toll", "english", "french"),
    [
        pytest.param((3, 3, 3, "victims"), "3", "3", id="one figure"),
        pytest.param((0, 0, 0, "victims"), "0", "0", id="nobody died"),
        pytest.param(
            (10, 13, 14, "victims"), "10–14, best estimate 13",
            "10–14, meilleure estimation 13", id="range",
        ),
        pytest.param(
            (7, 7, 7, "all"), "7 (all sides together)",
            "7 (tous camps confondus)", id="all sides",
        ),
        pytest.param(
            (pd.NA, pd.NA, pd.NA, None), "no figure known", "aucun chiffre connu",
            id="missing is not zero",
        ),
    ],
)  # fmt: skip
def test_deaths_in_words(toll, english, french):
    names = ["deaths_low", "deaths_best", "deaths_high", "deaths_scope"]
    row = SimpleNamespace(**dict(zip(names, toll, strict=True)))
    assert deaths_in_words(row, ENGLISH) == english
    assert deaths_in_words(row, FRENCH) == french


@pytest.mark.parametrize(
    ("low", "high", "wording", "metric", "english", "french"),
    [
        (10, 10, None, "killed", "10", "10"),
        (10, 12, None, "killed", "10–12", "10–12"),
        (30, pd.NA, "at least", "killed", "at least 30", "au moins 30"),
        (pd.NA, 56, None, "killed", "at most 56", "au plus 56"),
        (30, pd.NA, "More than", "killed", "more than 30", "plus de 30"),
        (30, 40, "about", "killed", "about 30–40", "environ 30–40"),
        (30, 30, "a toll", "killed", "30 (“a toll”)", "30 (« a toll »)"),
        (pd.NA, 56, "up to 56 bodies", "killed", "at most 56 (“up to 56 bodies”)",
         "au plus 56 (« up to 56 bodies »)"),
        (pd.NA, pd.NA, "hundreds", "killed", "“hundreds”", "« hundreds »"),
        (pd.NA, pd.NA, None, "killed", "", ""),
        (0, 0, None, "killed", "0", "0"),
        (9, 9, None, "duration_hours", "9 hours", "9 heures"),
        (2000, pd.NA, None, "distance_km", "at least 2,000 km", "au moins 2 000 km"),
    ],
)  # fmt: skip
def test_figure_in_words(low, high, wording, metric, english, french):
    claim = SimpleNamespace(low=low, high=high, wording=wording, metric=metric)
    assert figure_in_words(claim, ENGLISH) == english
    assert plain(figure_in_words(claim, FRENCH)) == french


def test_a_claim_of_nobodys_side(atlas):
    claim = SimpleNamespace(
        low=9, high=9, wording="almost", metric="duration_hours", side=None
    )
    assert claim_in_words(claim, atlas, ENGLISH) == (
        "Duration hours: 9 hours (“almost”)"
    )


@pytest.mark.parametrize(
    ("boundary_set", "region_id", "english", "french"),
    [
        ("mali-9", "ML-6", "Timbuktu region", "région de Tombouctou"),
        ("mali-9", "ML-BKO", "Bamako district", "district de Bamako"),
        ("mali-20", "ml23-bamako", "Bamako district", "district de Bamako"),
        ("mali-10", "ML-10", "Taoudénit region", "région de Taoudénit"),
    ],
)
def test_region_in_words(real_atlas, boundary_set, region_id, english, french):
    assert region_in_words(boundary_set, region_id, real_atlas, ENGLISH) == english
    assert region_in_words(boundary_set, region_id, real_atlas, FRENCH) == french


def test_a_place_is_told_once(atlas):
    row = SimpleNamespace(
        site_en="West", site_fr=None, place_id="ml-west", admin1="ML-5"
    )
    assert place_in_words(row, atlas, ENGLISH) == "West, Mopti region"
    assert place_in_words(row, atlas, FRENCH) == "Ouest, région de Mopti"


def test_an_event_of_no_place_has_a_region(atlas):
    row = SimpleNamespace(site_en=None, place_id=float("nan"), admin1="ML-5")
    assert place_in_words(row, atlas, ENGLISH) == "Mopti region"


def test_a_region_of_another_country_is_told_with_it(atlas):
    row = SimpleNamespace(site_en=None, site_fr=None, place_id=None, admin1="NE-6")
    assert place_in_words(row, atlas, ENGLISH) == "Tillaberi (Niger)"
    assert place_in_words(row, atlas, FRENCH) == "Tillabéri (Niger)"


def test_several_perpetrators(make_atlas, world, ids):
    world["event_groups"].append(
        {
            "event_id": ids["west"], "group_id": "jnim", "role": "perpetrator",
            "certainty": "suspected",
        }
    )  # fmt: skip
    text = perpetrators_in_words(ids["west"], make_atlas(world), ENGLISH)
    assert text == "Katiba (claimed), JNIM (suspected)"


@pytest.mark.parametrize(("say", "text"), [(ENGLISH, "Unknown"), (FRENCH, "Inconnu")])
def test_nobody_is_not_told_twice(real_atlas, say, text):
    roles = real_atlas.record.event_groups
    alone = ~roles["event_id"].duplicated(keep=False)
    of_nobody = roles.loc[alone & roles["group_id"].eq("unknown"), "event_id"]
    assert perpetrators_in_words(of_nobody.iloc[0], real_atlas, say) == text


def test_a_source_without_day_and_author(atlas):
    sources = atlas.record.sources.set_index("source_id")
    assert source_in_words(sources.loc["s-army"], FRENCH) == "Army, Communiqué 7"
    assert source_in_words(sources.loc["s-paper"], FRENCH) == (
        "Paper, The year, 1er juin 2025"
    )


@pytest.mark.parametrize(
    ("subject", "english"),
    [
        ("op-may", "31 May 2024; 2 events; Deaths: 20–30, best estimate 25."),
        ("gao", "January 2025; Gao, Gao region; Deaths: 3. What happened in gao."),
        # The toll belongs to the operation, not to one of its sites.
        (
            "mine",
            "31 May 2024; the north gate, Middle, Timbuktu region. "
            "What happened in mine.",
        ),
    ],
)
def test_subject_headline(atlas, ids, subject, english):
    assert subject_headline(ids.get(subject, subject), atlas, ENGLISH) == english


def test_ledger_groups(atlas, ids):
    groups = ledger_groups(ledger(atlas, ids["west"]), atlas, ENGLISH)
    assert [(group["title"], group["most"]) for group in groups] == [
        ("Killed (security forces)", 14),
        ("Killed (victims)", 14),
        ("Responsibility", 0),
    ]
    assert groups[1]["rows"] == [
        {
            "claimant": "Paper",
            "kind": "Media",
            "figure": "12–14",
            "low": 12,
            "high": 14,
            "stance": "Asserts",
            "remarks": ["About: target of west", "said on 12 January 2024"],
            "quote": "“Between twelve and fourteen fell”",
            "source": {
                "text": "Paper, The year, 1 June 2025",
                "url": "https://paper.example/year",
            },
            "old": False,
        }
    ]


def test_an_old_or_flat_claim_says_so(make_atlas, world, ids):
    world["claims"][0] |= {"superseded_by": "c2", "attributed": "false"}
    joined = make_atlas(world)
    (row,) = ledger_groups(ledger(joined, ids["west"]), joined, ENGLISH)[0]["rows"]
    assert row["old"]
    assert row["remarks"][-2:] == [ENGLISH["not_attributed"], ENGLISH["superseded"]]


def test_a_ledger_of_words_has_no_scale(make_atlas, world, ids):
    joined = make_atlas(world)
    groups = ledger_groups(ledger(joined, ids["middle"]), joined, ENGLISH)
    assert [group["most"] for group in groups] == [0]
    assert [row["low"] for row in groups[0]["rows"]] == [None, None]


def test_no_claims_no_groups(atlas):
    assert ledger_groups(ledger(atlas, "nobody"), atlas, ENGLISH) == []


HOSTILE = (
    "<img src=x onerror=alert(1)> {{7*7}} {0.__class__} ![x](http://evil.example/)"
)


def test_text_is_never_changed_nor_cut(make_atlas, world, ids):
    long = HOSTILE + " and so on" * 500
    world["events"][0] |= {"summary_en": long, "target_en": HOSTILE, "site_en": HOSTILE}
    world["sources"][1]["title"] = long
    world["claims"][3]["wording"] = long
    joined = make_atlas(world)
    card = event_card(ids["west"], joined, ENGLISH)
    assert card["title"] == long
    assert card["lines"][3] == ["Target", HOSTILE]
    assert card["lines"][4][1].startswith(f"{HOSTILE}, West, Mopti region")
    assert card["sources"][1]["text"] == f"Paper, {long}, 1 June 2025"
    words = event_card(ids["middle"], joined, ENGLISH)["claims"][0]
    assert words[1] == f"Killed (civilians): “{long}”"


def test_events_have_a_card_in_both_languages(real_atlas):
    """No blank is left open and no missing value shows; every tenth event will do."""
    for say in (ENGLISH, FRENCH):
        for event_id in real_atlas.events["event_id"].iloc[::10]:
            card = event_card(event_id, real_atlas, say)
            texts = [card["title"], *(text for line in card["lines"] for text in line)]
            texts += [text for claim in card["claims"] for text in claim]
            texts += [source["text"] for source in card["sources"]]
            for text in texts:
                assert text.strip()
                assert not {"nan", "<NA>", "NaT", "None"} & set(text.split())
                assert "{" not in text
