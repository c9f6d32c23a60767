"""Who says what: a row for each claim, with its words, its doubt and its source."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dashboard.analysis.ledger import disputed_subjects, ledger, reactions_to
from dashboard.elements.claims import SHOWCASES
from dashboard.writing.card import subject_headline
from dashboard.writing.ledger_rows import ledger_groups
from tests.browser.reading import (
    WORDS,
    caught,
    choose,
    expect_query,
    grid_rows,
    text_of,
)

pytestmark = pytest.mark.browser


# Every column of a table, those of long texts too, is drawn.
WIDE = {"viewport": {"width": 2400, "height": 900}}


def expect_ledger(page, atlas, subject, language="en"):
    """Hold the page to the claims of a subject."""
    say = WORDS[language]
    heading = page.get_by_role("heading", level=2).first
    expect(heading).to_have_text(atlas.subject_name(subject, language))
    expect(text_of(page, subject_headline(subject, atlas, say))).to_be_visible()
    claims = ledger(atlas, subject)
    rows = page.locator(".claim")
    expect(rows).to_have_count(len(claims))
    groups = ledger_groups(claims, atlas, say)
    expect(page.locator(".group h3")).to_have_text([group["title"] for group in groups])
    wanted = [row for group in groups for row in group["rows"]]
    shown = page.locator(".claim").evaluate_all(
        """rows => rows.map((row) => ({
          claimant: row.querySelector('h4').textContent,
          figure: row.querySelector('.figure').textContent,
          stance: row.querySelector('.stance').textContent,
          quote: row.querySelector('blockquote')?.textContent ?? '',
          link: row.querySelector('a')?.getAttribute('href') ?? '',
          rel: row.querySelector('a')?.rel ?? 'noopener noreferrer',
          target: row.querySelector('a')?.target ?? '_blank',
          old: row.classList.contains('old'),
        }))"""
    )
    for row, found in zip(wanted, shown, strict=True):
        assert found == {
            "claimant": row["claimant"],
            "figure": row["figure"] or "–",
            "stance": row["stance"],
            "quote": row["quote"],
            "link": row["source"]["url"],
            "rel": "noopener noreferrer",
            "target": "_blank",
            "old": row["old"],
        }
    links = [found["link"] for found in shown if found["link"]]
    assert all(link.startswith(("https://", "http://")) for link in links)
    reactions = reactions_to(atlas, subject)
    expect(page.locator(".note")).to_have_count(len(reactions))
    return claims


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_showcase(open_page, real_atlas, language):
    page = open_page("claims", {"lang": language})
    claims = expect_ledger(page, real_atlas, SHOWCASES[0], language)
    say = WORDS[language]
    stances = {real_atlas.label("stance", code, language) for code in claims["stance"]}
    for stance in stances:
        expect(
            page.locator(".stance").get_by_text(stance, exact=True).first
        ).to_be_visible()
    assert claims["stance"].eq("silent").any()  # the army names no toll
    assert claims["quote"].notna().any()
    statements = len(real_atlas.record.statements)
    patterns = len(real_atlas.record.patterns)
    expect(grid_rows(page, 0)).to_have_attribute("aria-rowcount", str(statements + 1))
    expect(grid_rows(page, 1)).to_have_attribute("aria-rowcount", str(patterns + 1))
    expect(page.get_by_text(say["ledger_hint"], exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_second_showcase_is_a_choice_away(open_page, real_atlas, language):
    page = open_page("claims", {"lang": language})
    say = WORDS[language]
    voices = disputed_subjects(real_atlas).set_index("subject_id")["voices"]
    name = real_atlas.subject_name(SHOWCASES[1], language)
    option = say("subject_option", name=name, count=int(voices[SHOWCASES[1]]))
    choose(page, say["choose_subject"], option)
    expect_query(page, about=SHOWCASES[1])
    claims = expect_ledger(page, real_atlas, SHOWCASES[1], language)
    assert claims["stance"].isin(["silent", "denies", "doubts"]).any()


@pytest.mark.parametrize("at", [0, 1], ids=["statements", "patterns"])
def test_no_statement_or_pattern_is_without_its_document(open_page, real_atlas, at):
    page = open_page("claims", "lang=fr", size=WIDE)
    page.get_by_test_id("stDataFrame").nth(at).scroll_into_view_if_needed()
    titles = tuple(real_atlas.record.sources["title"])
    sources = grid_rows(page, at).locator("td:last-child")
    expect(sources.nth(8)).to_be_attached()
    for text in sources.all_text_contents():
        assert text.startswith(titles)


def test_silence_and_denial_are_told(open_page, real_atlas):
    """Of both, an example that is no showcase."""
    claims = real_atlas.record.claims
    for stance in ("silent", "denies"):
        about = claims[claims["stance"].eq(stance)]
        subject = about["operation_id"].fillna(about["event_id"]).dropna().iloc[-1]
        page = open_page("claims", {"lang": "en", "about": subject})
        expect_ledger(page, real_atlas, subject)
        label = real_atlas.label("stance", stance, "en")
        expect(
            page.locator(".stance").get_by_text(label, exact=True).first
        ).to_be_visible()
        assert caught(page) == []


def test_an_event_of_one_voice_can_be_asked_for(open_page, real_atlas):
    known = set(disputed_subjects(real_atlas)["subject_id"])
    events = real_atlas.events
    lone = events[~events["event_id"].isin(known) & events["operation_id"].isna()]
    subject = lone["event_id"].iloc[-1]
    page = open_page("claims", {"lang": "fr", "about": subject})
    expect_ledger(page, real_atlas, subject, "fr")
