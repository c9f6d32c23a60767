"""The first sentence of a page: what is shown, how much, from when to when."""

from __future__ import annotations

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.analysis.counts import period_of
from dashboard.analysis.filter import EventFilter
from dashboard.writing.catalogue import Catalogue
from dashboard.writing.sentence import filter_in_words


def headline(
    chosen: EventFilter, events: pd.DataFrame, atlas: Atlas, say: Catalogue
) -> str:
    """Return one sentence: events, days, limits in force, and the data cut-off."""
    period = period_of(atlas, chosen)
    limits = filter_in_words(chosen, atlas, say)
    text = say("headline", count=len(events), first=period.start, last=period.end)
    if limits:
        text += say("headline_limits", limits=limits)
    return text + say("headline_cut_off", day=atlas.record.cut_off.date())
