"""The words of the interface in one language, with its dates and numbers.

Pages hold keys; ``en.toml`` and ``fr.toml`` hold the phrases. A phrase that counts
has a form for each plural category of its language (``one``, ``other``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

LANGUAGES = ("fr", "en")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Phrases of one language; ``say["key"]`` or ``say("key", count=3)``.

    Attributes
    ----------
    language : {"en", "fr"}
    phrases : mapping
        Key to phrase, or to its plural forms.
    """

    language: str
    phrases: Mapping[str, str | Mapping[str, str]]

    def __getitem__(self, key: str) -> str:
        phrase = self.phrases[key]
        if not isinstance(phrase, str):
            raise KeyError(f"{key} has plural forms: call it with count=")
        return phrase

    def __call__(self, key: str, **blanks: object) -> str:
        """Return a phrase with its blanks filled; numbers and dates are written out.

        Parameters
        ----------
        key : str
            Key of the catalogue.
        **blanks : object
            Values of the blanks. ``count`` also chooses the plural form. Whole
            numbers get the language's separators, days its long form.
        """
        phrase = self.phrases[key]
        if not isinstance(phrase, str):
            form = Locale(self.language).plural_form(cast(int, blanks["count"]))
            phrase = phrase.get(form, phrase["other"])
        return phrase.format(**{name: self._show(it) for name, it in blanks.items()})

    def _show(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float, date)):
            return str(value)
        if isinstance(value, date):
            return self.day(value)
        return self.number(value)

    def part(self, prefix: str) -> dict[str, str]:
        """Return the phrases whose keys start with a prefix, as they are written."""
        return {
            key: phrase
            for key, phrase in self.phrases.items()
            if key.startswith(prefix) and isinstance(phrase, str)
        }

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with the language's separators, e.g. ``1 234,5``."""
        # No trailing zeros are invented: digits is the most, not the least.
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return format_decimal(value, format=pattern, locale=self.language)

    def day(self, value: date | pd.Timestamp) -> str:
        """Return a day in words, e.g. ``1er juin 2025``, ``1 June 2025``."""
        text = format_date(value, format="d MMMM y", locale=self.language)
        if self.language == "fr" and value.day == 1:
            return "1er" + text[1:]
        return text

    def month(self, value: date | pd.Timestamp) -> str:
        """Return a month in words, e.g. ``juin 2025``."""
        return format_date(value, format="LLLL y", locale=self.language)

    def interval(self, start: pd.Timestamp, end: pd.Timestamp, precision: str) -> str:
        """Return when something happened, as exactly as is known and no more.

        ``precision`` is the record's ``date_precision``.
        """
        if pd.isna(start):
            return self["undated"]
        if precision == "day" or start == end:
            return self.day(start)
        if precision == "month":
            return self.month(start)
        if precision == "year":
            return f"{start:%Y}"
        if precision == "years":
            return self("years_from_to", first=str(start.year), last=str(end.year))
        key = "days_within" if precision == "within_days" else "days_from_to"
        return self(key, first=start, last=end)

    def span(self, low: float, high: float) -> str:
        """Return a range of whole numbers; one number where both ends agree."""
        if low == high:
            return self.number(low)
        return f"{self.number(low)}–{self.number(high)}"

    def change(self, now: int, before: int) -> str:
        """Return a change with its sign, e.g. ``+12`` or ``−3``."""
        difference = now - before
        sign = {1: "+", -1: "−"}.get((difference > 0) - (difference < 0), "±")
        return sign + self.number(abs(difference))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language.

    Raises
    ------
    ValueError
        If the language is none of ``LANGUAGES``.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, expected one of {LANGUAGES}")
    text = (_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return Catalogue(language, tomllib.loads(text))
