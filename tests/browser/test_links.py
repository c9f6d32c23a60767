"""A link may come from anybody: what it cannot mean is named and left out."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from dashboard.analysis.filter import EventFilter
from dashboard.writing.headline import headline
from tests.browser.reading import (
    LANGUAGES,
    WORDS,
    caught,
    expect_query,
    expect_told,
    foreign_elements,
    map_ready,
    query_of,
    text_of,
)

pytestmark = pytest.mark.browser

SCRIPT = "<script>window.hacked=1</script>"
IMAGE = "<img src=http://evil.example/x onerror=window.hacked=1>"
DIGITS = "9" * 5_000
# Each link: the page, what stands behind the question mark, and for each parameter
# the reason why it is left out.
LINKS = {
    "days and numbers": (
        "map",
        {"from": "NaN", "to": "9999-99-99", "min": DIGITS, "km": "inf"},
        {
            "from": "not_a_day",
            "to": "not_a_day",
            "min": "not_a_number",
            "km": "not_a_number",
        },
    ),
    "other days and numbers": (
        "events",
        {"from": DIGITS, "to": "2024-02-30", "min": "-1", "km": "1e3"},
        {
            "from": "not_a_day",
            "to": "not_a_day",
            "min": "not_a_number",
            "km": "not_a_number",
        },
    ),
    "days in the wrong order": (
        "map",
        {"from": "2025-01-01", "to": "2024-01-01"},
        {"from": "start_after_end"},
    ),
    "codes nobody knows": (
        "map",
        {
            "group": SCRIPT,
            "region": "ML-99",
            "type": IMAGE,
            "target": "{{7*7}}",
            "near": "../../etc/passwd",
            "set": "__proto__",
            "precision": "best",
            "members": "perhaps",
        },
        dict.fromkeys(
            [
                "group",
                "region",
                "type",
                "target",
                "near",
                "set",
                "precision",
                "members",
            ],
            "unknown_code",
        ),
    ),
    "texts too long or with unseen signs": (
        "events",
        {"q": "x" * 5_000, "about": DIGITS, "event": "a\x00b"},
        {"q": "too_long", "about": "too_long", "event": "too_long"},
    ),
    "names nobody knows": (
        "method",
        {"evil": "1", IMAGE: "1", "__class__": "1"},
        {
            "evil": "unknown_name",
            IMAGE[:30]: "unknown_name",
            "__class__": "unknown_name",
        },
    ),
    "the map's own": (
        "map",
        {"event": "nobody", "measure": SCRIPT[:20]},
        {"event": "unknown_code", "measure": "unknown_code"},
    ),
    "the comparison's own": (
        "compare",
        {"areas": f"ML-99,{SCRIPT},ml-nowhere"},
        {"areas": "unknown_code"},
    ),
    "the ledger's own": ("claims", {"about": IMAGE}, {"about": "unknown_code"}),
}


# Of each page one in both languages, the rest in turn.
BOTH = [
    "codes nobody knows",
    "texts too long or with unseen signs",
    "names nobody knows",
    "the comparison's own",
    "the ledger's own",
]
CASES = [(case, language) for case in BOTH for language in LANGUAGES]
CASES += [
    (case, LANGUAGES[place % 2])
    for place, case in enumerate(case for case in LINKS if case not in BOTH)
]


@pytest.mark.parametrize("case, language", CASES)
def test_a_hostile_link(open_page, real_atlas, case, language):
    name, query, reasons = LINKS[case]
    say = WORDS[language]
    page = open_page(name, {"lang": language, **query})
    notice = page.get_by_text(say("link_dropped", count=len(reasons)), exact=True)
    expect(notice).to_be_visible()
    for parameter, reason in reasons.items():
        told = say("label_value", label=parameter, value=say[f"why_{reason}"])
        expect(text_of(page, told)).to_be_visible()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(say[f"{name}_title"])
    if name in ("map", "events"):  # the defaults: everything
        everything = EventFilter()
        events = everything.apply(real_atlas)
        sentence = headline(everything, events, real_atlas, say)
        expect(text_of(page, sentence)).to_be_visible()
    assert caught(page) == []
    assert page.evaluate("window.hacked") is None
    assert foreign_elements(page) == []
    kept = dict.fromkeys(query)  # nothing of it
    if "areas" in kept:
        kept["areas"] = "ML-6,ML-BKO"
    expect_query(page, lang=language, **kept)
    page.get_by_role("button", name=say["understood"], exact=True).click()
    expect(notice).to_be_hidden()


def test_a_language_nobody_speaks(open_page):
    page = open_page("map", "lang=xx")
    say = WORDS["en"]  # the browser's
    told = say("label_value", label="lang", value=say["why_unknown_code"])
    expect(text_of(page, told)).to_be_visible()
    expect_query(page, lang="en")


def test_a_parameter_given_twice(open_page, real_atlas):
    """Either could be meant: neither is taken in silence."""
    page = open_page("events", "lang=en&from=2024-01-01&from=2025-01-01&evil=1&evil=2")
    expect(page.get_by_text("parts of the link were not understood")).to_be_visible()
    for name in ("from", "evil"):
        expect(page.get_by_text(f"{name}: ").first).to_be_visible()
    assert caught(page) == []


def test_many_faults_are_all_counted(open_page):
    query = "&".join(f"p{k}=1" for k in range(200))
    page = open_page("events", f"lang=en&{query}")
    say = WORDS["en"]
    expect(page.get_by_text(say("link_dropped", count=200), exact=True)).to_be_visible()
    expect(text_of(page, f"p0: {say['why_unknown_name']}")).to_be_visible()


def test_a_search_is_only_text(open_page, real_atlas):
    """A hostile text is a lawful question; it is asked and shown as it stands."""
    asked = EventFilter(text=f"{SCRIPT} ![x](http://evil.example/y)")
    query = f"lang=en&q={quote(asked.text)}"
    page = open_page("map", query)
    map_ready(page)
    events = asked.apply(real_atlas)
    sentence = headline(asked, events, real_atlas, WORDS["en"])
    expect(text_of(page, sentence)).to_be_visible()
    expect_told(page, "count", 0)
    expect(page.get_by_label(WORDS["en"]["text"], exact=True)).to_have_value(asked.text)
    assert foreign_elements(page) == []
    assert page.evaluate("window.hacked") is None
    assert query_of(page)["q"] == asked.text


def test_an_address_of_no_page(open_page):
    """Streamlit says so and shows the map."""
    page = open_page(path="/nowhere?lang=en")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(WORDS["en"]["map_title"])
    assert caught(page) == []
