"""A ledger of claims as groups of rows, each row with its owner, doubt and source."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.writing.card import figure_in_words, source_in_words
from dashboard.writing.catalogue import Catalogue

_COUNTED = {
    "killed",
    "wounded",
    "killed_or_wounded",
    "captured",
    "abducted",
    "missing",
    "arrested",
    "attackers",
}


def ledger_groups(
    claims: pd.DataFrame, atlas: Atlas, say: Catalogue
) -> list[dict[str, Any]]:
    """Return the claims as groups of one metric and one side.

    Parameters
    ----------
    claims : DataFrame
        As returned by ``dashboard.analysis.ledger.ledger``.
    atlas : Atlas
        Names and words of codes.
    say : Catalogue
        Words of the language.

    Returns
    -------
    list of dict
        ``title``, ``most`` (end of the scale, people; 0 where nothing is counted),
        ``most_text`` and ``rows``. All groups that count people share one scale, so
        that thirteen of one side look like thirteen of another.
    """
    people = claims[claims["metric"].isin(_COUNTED)]
    ends = people[["low", "high"]].astype("Float64").max(axis=None)
    most = 0 if pd.isna(ends) or ends == 0 else int(ends)
    groups = []
    sides = claims["side"].fillna("")
    for (metric, side), rows in claims.groupby(
        [claims["metric"], sides], sort=False, dropna=False
    ):
        title = atlas.label("metric", metric, say.language)
        if side:
            label = atlas.label("side", side, say.language).lower()
            title = say("name_in_brackets", name=title, remark=label)
        scale = most if metric in _COUNTED else 0
        groups.append(
            {
                "title": title,
                "most": scale,
                "most_text": say.number(scale),
                "rows": [_row(claim, atlas, say) for claim in rows.itertuples()],
            }
        )
    return groups


def _row(claim: Any, atlas: Atlas, say: Catalogue) -> dict[str, Any]:
    language = say.language
    remarks = []
    about = claim.subject_id
    event = atlas.events.loc[atlas.events["event_id"].eq(about)]
    if len(event):
        remarks.append(
            say("label_value", label=say["about"], value=event.iloc[0][_target(say)])
        )
    if pd.notna(claim.said_on):
        remarks.append(say("said_on", day=claim.said_on))
    if not claim.attributed:
        remarks.append(say["not_attributed"])
    if isinstance(claim.superseded_by, str):
        remarks.append(say["superseded"])
    return {
        "claimant": getattr(claim, f"claimant_{language}"),
        "kind": atlas.label("claimant_type", claim.claimant_type, language),
        "figure": figure_in_words(claim, say),
        "low": None if pd.isna(claim.low) else int(claim.low),
        "high": None if pd.isna(claim.high) else int(claim.high),
        "stance": atlas.label("stance", claim.stance, language),
        "remarks": remarks,
        "quote": say("quoted", text=claim.quote) if _is_text(claim.quote) else "",
        "source": {
            "text": source_in_words(claim, say),
            "url": claim.url if _is_text(claim.url) else "",
        },
        "old": isinstance(claim.superseded_by, str),
    }


def _target(say: Catalogue) -> str:
    return f"target_{say.language}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
