"""Who says what: the claims of one event or operation, each with its owner."""

from __future__ import annotations

import pandas as pd

from dashboard.analysis.atlas import Atlas

# The order in which a ledger is read: people first, then things, then words.
METRIC_ORDER = [
    "killed",
    "killed_or_wounded",
    "wounded",
    "captured",
    "abducted",
    "missing",
    "arrested",
    "attackers",
    "materiel",
    "responsibility",
    "outcome",
    "duration_hours",
    "distance_km",
    "assessment",
]


def ledger(atlas: Atlas, subject_id: str) -> pd.DataFrame:
    """Return the claims about an event or an operation.

    Parameters
    ----------
    atlas : Atlas
        The joined record.
    subject_id : str
        ``event_id`` or ``operation_id``. The ledger of an operation holds the claims
        on its events and on the reactions to it too; that of an event holds those on
        its operation.

    Returns
    -------
    DataFrame
        The ``claims`` table's columns, with ``subject_id`` and, from ``sources``,
        ``publisher``, ``author``, ``title``, ``url``, ``published``; sorted by
        metric, side and time. Superseded claims are included: ``superseded_by``
        tells.
    """
    record = atlas.record
    events = record.events
    subjects = {subject_id}
    members = events["operation_id"].eq(subject_id)
    subjects |= set(events.loc[members, "event_id"])
    subjects |= set(
        events.loc[events["event_id"].eq(subject_id), "operation_id"].dropna()
    )
    reactions = record.reactions
    answers = reactions["event_id"].isin(subjects)
    answers |= reactions["operation_id"].isin(subjects)
    subjects |= set(reactions.loc[answers, "reaction_id"])

    claims = record.claims
    subject = claims["event_id"].fillna(claims["operation_id"])
    subject = subject.fillna(claims["reaction_id"])
    rows = claims.assign(subject_id=subject)[subject.isin(subjects)]
    rows = rows.merge(
        record.sources[
            ["source_id", "publisher", "author", "title", "url", "published"]
        ],
        on="source_id",
        how="left",
    )
    rank = rows["metric"].map(METRIC_ORDER.index)
    order = pd.DataFrame(
        {"metric": rank, "side": rows["side"].fillna(""), "said": rows["said_on"]}
    )
    order["low"] = rows["low"].astype("Float64").fillna(-1)
    return rows.loc[order.sort_values(["metric", "side", "said", "low"]).index]


def disputed_subjects(atlas: Atlas) -> pd.DataFrame:
    """Return the operations, and the events of which two voices or more speak.

    Returns
    -------
    DataFrame
        With ``subject_id``, ``date_start``, ``is_operation``, ``voices`` (int,
        claimants), ``deaths_low``, ``deaths_high`` (Int64); operations first, then
        single events, each by day, latest first.
    """
    record = atlas.record
    claims = record.claims
    subject = claims["operation_id"].fillna(claims["event_id"])
    spoken = claims.assign(subject_id=subject)[subject.notna()]
    voices = spoken.groupby("subject_id")["claimant_en"].nunique()
    events = atlas.events
    whole = record.operations[["operation_id", "date_start"]].assign(is_operation=True)
    whole = whole.rename(columns={"operation_id": "subject_id"})
    single = events.loc[events["operation_id"].isna(), ["event_id", "date_start"]]
    single = single.rename(columns={"event_id": "subject_id"})
    table = pd.concat([whole, single.assign(is_operation=False)], ignore_index=True)
    table["voices"] = table["subject_id"].map(voices).fillna(0).astype(int)
    tolls = events.drop_duplicates("toll_id").set_index("toll_id")
    table = table.join(tolls[["deaths_low", "deaths_high"]], on="subject_id")
    table = table[(table["voices"] > 1) | table["is_operation"]]
    return table.sort_values(
        ["is_operation", "date_start"], ascending=[False, False], ignore_index=True
    )


def reactions_to(atlas: Atlas, subject_id: str) -> pd.DataFrame:
    """Return the ``reactions`` to an event or operation, by day; undated ones last."""
    reactions = atlas.record.reactions
    answers = reactions["event_id"].eq(subject_id)
    answers |= reactions["operation_id"].eq(subject_id)
    return reactions[answers].sort_values("date_start", na_position="last")
