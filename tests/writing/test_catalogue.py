"""Both languages hold the same phrases, and the code asks for nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

from dashboard.analysis.atlas import BOUNDARY_SETS
from dashboard.analysis.counts import SCALES, STEPS
from dashboard.analysis.filter import SET_PARAMETERS
from dashboard.drawing.palette import GROUP_CODES, TARGET_CODES
from dashboard.writing.catalogue import LANGUAGES, Catalogue, catalogue
from dashboard.writing.map_message import MEASURES
from geo.regions import layer_credits

DASHBOARD = Path(__file__).parents[2] / "dashboard"
ENGLISH, FRENCH = catalogue("en"), catalogue("fr")
NARROW = "\u202f"  # French thousands are set apart by a narrow no-break space

# Keys made of a prefix and a code, as the code makes them with f-strings.
FAMILIES = {
    "actor_": list(GROUP_CODES),
    "download_": ["csv", "geojson"],
    "figure_": ["events", "deaths", "operations", "places"],
    "geo_": [layer["layer"] for layer in layer_credits()],
    "layer_": ["relief", "rivers", "towns"],
    "measure_": ["none", *MEASURES],
    "set_": [name.replace("-", "_") for name in BOUNDARY_SETS],
    "step_": list(STEPS),
    "target_": list(TARGET_CODES),
    "tie_": ["struck_again", "reprisal", "sequel"],
    "why_": [
        "not_a_day", "start_after_end", "unknown_code", "not_a_number", "too_long",
        "twice",
        "unknown_name",
    ],
    "without_": ["actor_classes", "target_classes"],
    "with_": [name for name in SET_PARAMETERS if name not in ("group_ids", "region_ids")],
}  # fmt: skip


def blanks_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(say: Catalogue, key: str) -> dict[str, str]:
    phrase = say.phrases[key]
    return {"": phrase} if isinstance(phrase, str) else dict(phrase)


def blanks(say: Catalogue, key: str) -> set[str]:
    return set().union(*(blanks_of(text) for text in forms(say, key).values()))


def test_both_languages_have_the_same_keys():
    assert sorted(FRENCH.phrases) == sorted(ENGLISH.phrases)


@pytest.mark.parametrize("key", sorted(ENGLISH.phrases))
def test_a_phrase_is_the_same_in_both_languages(key):
    english, french = forms(ENGLISH, key), forms(FRENCH, key)
    assert english.keys() == french.keys()
    assert english.keys() in ({""}, {"one", "other"})
    assert blanks(ENGLISH, key) == blanks(FRENCH, key)
    # Only "one" may leave its number out: "its tables have a fault".
    for say in (ENGLISH, FRENCH):
        for form, text in forms(say, key).items():
            assert text.strip()
            missing = blanks(say, key) - blanks_of(text)
            assert missing <= ({"count"} if form == "one" else set())


def test_longer_phrases_differ_between_the_languages():
    same = [
        key
        for key in ENGLISH.phrases
        if forms(ENGLISH, key) == forms(FRENCH, key)
        and max(len(text.split()) for text in forms(ENGLISH, key).values()) > 4
    ]
    assert same == []


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(DASHBOARD.rglob("*.py")):
        name = path.relative_to(DASHBOARD).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def is_say(node: ast.expr) -> bool:
    """Return whether an expression is the catalogue: ``say`` or ``state.words()``."""
    if isinstance(node, ast.Name):
        return node.id == "say"
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "state.words"


def lookups() -> Iterator[tuple[str, ast.expr, set[str] | None]]:
    """Yield module, key and named blanks of each ``say[...]`` and ``say(...)``.

    The blanks are None for ``say[...]``, and for a call that hands on a mapping.
    """
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and is_say(node.value):
                yield name, node.slice, None
            elif isinstance(node, ast.Call) and is_say(node.func):
                words = {word.arg for word in node.keywords if word.arg}
                yield name, node.args[0], words


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the keys an expression may be: a text, or one of two."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def prefix_of(node: ast.expr) -> str:
    """Return the text before the first blank of a key that is put together."""
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value)
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
        return str(node.left.value)
    return ""


def test_the_code_asks_often_enough_to_be_read_rightly():
    assert len(list(lookups())) > 150


def test_every_key_the_code_asks_for_is_there():
    asked = {(name, key) for name, node, _ in lookups() for key in constants(node)}
    assert [it for it in sorted(asked) if it[1] not in ENGLISH.phrases] == []


def test_keys_put_together_are_of_a_known_family():
    prefixes = {prefix_of(node) for _, node, _ in lookups()} - {""}
    assert prefixes == FAMILIES.keys()


@pytest.mark.parametrize(
    "key", [prefix + code for prefix, codes in FAMILIES.items() for code in codes]
)
def test_every_key_put_together_is_there(key):
    assert key in ENGLISH.phrases


def test_every_reason_to_drop_a_value_has_words():
    source = (DASHBOARD / "analysis" / "filter.py").read_text(encoding="utf-8")
    source += (DASHBOARD / "state.py").read_text(encoding="utf-8")
    for _, tree in modules():
        source += ast.unparse(tree)
    reasons = set(
        re.findall(
            r"""drop(?:ped|_from_link)?\([^)]*?,\s*['"](\w+)['"]\)""", source, re.I
        )
    )
    assert reasons == set(FAMILIES["why_"])


def test_blanks_are_filled():
    wrong = []
    for name, node, words in lookups():
        for key in constants(node):
            needed = blanks(ENGLISH, key)
            counts = len(forms(ENGLISH, key)) > 1
            if words is None and (needed or counts):
                wrong.append(f"{name}: say[{key!r}] leaves {sorted(needed)} empty")
            elif words is not None and words - {"count"} != needed - {"count"}:
                wrong.append(f"{name}: say({key!r}) fills {sorted(words)}")
            elif words is not None and counts and "count" not in words:
                wrong.append(f"{name}: say({key!r}) has no count")
    assert wrong == []


def test_every_phrase_is_used():
    texts = {
        node.value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {prefix + code for prefix, codes in FAMILIES.items() for code in codes}
    unused = [
        key
        for key in ENGLISH.phrases
        if key not in texts and key not in made and not key.startswith("map_")
    ]
    assert unused == []


def test_every_phrase_of_the_map_is_used_and_there():
    """The script asks for ``map_`` phrases without their prefix, counts for two."""
    folder = DASHBOARD / "static" / "map"
    script = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    said = set(re.findall(r"\bsay\('(\w+)'", script))
    said |= set(re.findall(r"\bsay\(\w[\w.]* \? '(\w+)' : '\w+'", script))
    said |= set(re.findall(r"\bsay\(\w[\w.]* \? '\w+' : '(\w+)'", script))
    for stem in re.findall(r"\bcount\('(\w+)'", script):
        said |= {f"{stem}_one", f"{stem}_many"}
    said |= {f"step_{step}" for step in ("day", "week", "month")}
    said |= {f"mode_{mode}" for mode in ("moving", "growing")}
    said |= {f"as_{mode}" for mode in ("marks", "bins", "heat")}
    said.discard("key")  # the example of its own documentation
    # The title of the page is Python's, and begins alike.
    python = {key for _, node, _ in lookups() for key in constants(node)}
    phrases = {key[4:] for key in {*ENGLISH.phrases} - python if key.startswith("map_")}
    assert said - phrases == set()
    # Phrases asked for through a variable are named somewhere all the same.
    unused = {
        key
        for key in phrases - said
        if not re.search(rf"['\"`]{re.sub('_(one|many)$', '', key)}['\"`]", script)
    }
    assert unused == set()


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language is 'de', expected one of"):
        catalogue("de")


def test_a_phrase_with_plural_forms_needs_a_count():
    with pytest.raises(KeyError, match="call it with count="):
        ENGLISH["headline"]


@pytest.fixture
def small() -> Catalogue:
    """Return a catalogue of one phrase that counts, in French."""
    return Catalogue("fr", {"dead": {"one": "{count} mort", "other": "{count} morts"}})


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 mort"),
        (1, "1 mort"),
        (2, "2 morts"),
        (1234, f"1{NARROW}234 morts"),
        # A form of its own in French, "un million de morts", falls back to many.
        (1_000_000, f"1{NARROW}000{NARROW}000 morts"),
    ],
)
def test_french_counts(small, count, text):
    assert small("dead", count=count) == text


def test_a_value_is_never_read_as_a_phrase():
    assert ENGLISH("quoted", text="{0.__class__} {text} %s") == (
        "“{0.__class__} {text} %s”"
    )


@pytest.mark.parametrize(
    ("value", "digits", "english", "french"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1234, 0, "1,234", f"1{NARROW}234"),
        (1234567, 0, "1,234,567", f"1{NARROW}234{NARROW}567"),
        (0.5, 1, "0.5", "0,5"),
        (1234.5, 1, "1,234.5", f"1{NARROW}234,5"),
        # No trailing zeros are made up.
        (2.0, 2, "2", "2"),
        (2.256, 2, "2.26", "2,26"),
        (-3, 0, "-3", "-3"),
    ],
)
def test_number(value, digits, english, french):
    assert ENGLISH.number(value, digits) == english
    assert FRENCH.number(value, digits) == french


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2025, 6, 1), "1 June 2025", "1er juin 2025"),
        (date(2025, 6, 2), "2 June 2025", "2 juin 2025"),
        (date(2025, 6, 11), "11 June 2025", "11 juin 2025"),
        (date(2024, 2, 29), "29 February 2024", "29 février 2024"),
        (pd.Timestamp("2024-08-01"), "1 August 2024", "1er août 2024"),
        (date(2024, 12, 31), "31 December 2024", "31 décembre 2024"),
    ],
)
def test_day(day, english, french):
    assert ENGLISH.day(day) == english
    assert FRENCH.day(day) == french


@pytest.mark.parametrize(
    ("start", "end", "precision", "english", "french"),
    [
        pytest.param(
            "2025-06-01", "2025-06-01", "day", "1 June 2025", "1er juin 2025", id="day"
        ),
        pytest.param(
            "2025-06-01", "2025-06-03", "span", "from 1 June 2025 to 3 June 2025",
            "du 1er juin 2025 au 3 juin 2025", id="span",
        ),
        pytest.param(
            "2025-06-01", "2025-06-02", "within_days",
            "between 1 June 2025 and 2 June 2025",
            "entre le 1er juin 2025 et le 2 juin 2025", id="within days",
        ),
        pytest.param(
            "2025-06-01", "2025-06-01", "within_days", "1 June 2025", "1er juin 2025",
            id="within one day",
        ),
        pytest.param(
            "2025-06-01", "2025-06-30", "month", "June 2025", "juin 2025", id="month"
        ),
        pytest.param("2025-01-01", "2025-12-31", "year", "2025", "2025", id="year"),
        pytest.param(
            "2012-01-01", "2015-12-31", "years", "2012 to 2015", "de 2012 à 2015",
            id="years",
        ),
        pytest.param(None, None, None, "undated", "sans date", id="no day"),
    ],
)  # fmt: skip
def test_interval(start, end, precision, english, french):
    days = pd.Timestamp(start), pd.Timestamp(end)
    assert ENGLISH.interval(*days, precision) == english
    assert FRENCH.interval(*days, precision) == french


@pytest.mark.parametrize(
    ("low", "high", "english", "french"),
    [
        (3, 3, "3", "3"),
        (0, 0, "0", "0"),
        (10, 12, "10–12", "10–12"),
        (900, 1200, "900–1,200", f"900–1{NARROW}200"),
    ],
)
def test_span(low, high, english, french):
    assert ENGLISH.span(low, high) == english
    assert FRENCH.span(low, high) == french


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(15, 3, "+12"), (3, 6, "−3"), (4, 4, "±0"), (0, 1200, f"−1{NARROW}200")],
)
def test_change(now, before, text):
    assert FRENCH.change(now, before) == text


def test_part_of_the_phrases():
    part = FRENCH.part("map_")
    assert part["map_play"] == FRENCH["map_play"]
    assert all(key.startswith("map_") for key in part)


def test_months_of_the_map():
    for say in (ENGLISH, FRENCH):
        for key in ("map_months_short", "map_months_long"):
            assert len(say[key].split("|")) == 12
        longs = say["map_months_long"].split("|")
        assert [say.month(date(2024, month, 1)) for month in range(1, 13)] == [
            f"{name} 2024" for name in longs
        ]


def test_scales_have_a_title():
    assert sorted(SCALES) == sorted(MEASURES)


def test_both_languages_are_offered():
    assert LANGUAGES == ("fr", "en")
