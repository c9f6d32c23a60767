"""An event in words: the card of the map, the rows of lists and ledgers.

Everything returned is plain text to be shown as text, never as markup.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.analysis.atlas import Atlas
from dashboard.analysis.ledger import ledger
from dashboard.writing.catalogue import Catalogue

# How documents and curators qualify a figure, in the two languages most of them use.
_QUALIFIERS = {
    **dict.fromkeys(["at least", "au moins", "no fewer than"], "at_least"),
    **dict.fromkeys(["more than", "over", "plus de"], "more_than"),
    **dict.fromkeys(["up to", "jusqu’à", "at most"], "at_most"),
    **dict.fromkeys(["about", "around", "environ", "approximately"], "about"),
}
_FIGURE_METRICS = {"duration_hours": "hours", "distance_km": "kilometres"}


def deaths_in_words(row: Any, say: Catalogue) -> str:
    """Return an event's toll as a range with its best figure, or that none is known.

    ``row`` holds ``deaths_low``, ``deaths_best``, ``deaths_high`` and, where a toll
    may be missing or cover every side, ``deaths_scope``.
    """
    if pd.isna(row.deaths_best):
        return say["no_figure"]
    text = say.span(int(row.deaths_low), int(row.deaths_high))
    if row.deaths_low != row.deaths_high:
        text = say("range_best", range=text, best=int(row.deaths_best))
    if getattr(row, "deaths_scope", None) == "all":
        text = say("all_sides", text=text)
    return text


def region_in_words(
    boundary_set: str, region_id: str, atlas: Atlas, say: Catalogue
) -> str:
    """Return a region with its rank: Bamako is a district, the others are regions.

    A unit of another country has its own rank there and is told with the country.
    """
    name = atlas.regions.name(boundary_set, region_id, say.language)
    if not region_id.startswith(("ML-", "ml23-")):
        return name
    is_district = region_id in {"ML-BKO", "ml23-bamako"}
    return say("district_of" if is_district else "region_of", name=name)


def place_in_words(row: Any, atlas: Atlas, say: Catalogue) -> str:
    """Return site, place and region of an event, from the smallest to the largest."""
    language = say.language
    parts = [getattr(row, f"site_{language}")]
    if isinstance(row.place_id, str):
        parts.append(atlas.name(row.place_id, language))
    if isinstance(row.admin1, str):
        parts.append(region_in_words("sahel", row.admin1, atlas, say))
    # A region known only as itself is not told twice, nor a site of its own name.
    told = [part for part in parts if isinstance(part, str)]
    return ", ".join(dict.fromkeys(told))


def perpetrators_in_words(event_id: str, atlas: Atlas, say: Catalogue) -> str:
    """Return who is said to have done it, each with how well that is known."""
    language = say.language

    def one(group: str, certainty: str) -> str:
        name = atlas.name(group, language)
        remark = atlas.label("certainty", certainty, language).lower()
        # "Unknown (unknown)" would say one thing twice.
        if remark == name.lower():
            return name
        return say("name_in_brackets", name=name, remark=remark)

    return ", ".join(one(*pair) for pair in atlas.perpetrators.get(event_id, ()))


def ties_in_words(event_id: str, atlas: Atlas, say: Catalogue) -> list[list[str]]:
    """Return what an event is to earlier ones, and which later ones follow from it.

    Returns
    -------
    list of list of str
        Pairs of label and value: ``Struck again``, ``Tombouctou, 2025-06-02``.
    """
    lines: dict[str, list[str]] = {}
    for relation, other in atlas.earlier.get(event_id, ()):
        label = say(f"tie_{relation}")
        lines.setdefault(label, []).append(atlas.subject_name(other, say.language))
    for relation, other in atlas.later.get(event_id, ()):
        text = atlas.subject_name(other, say.language)
        if relation != "struck_again":
            remark = atlas.label("relation", relation, say.language).lower()
            text = say("name_in_brackets", name=text, remark=remark)
        lines.setdefault(say["tie_later"], []).append(text)
    return [
        [label, say["list_separator"].join(names)] for label, names in lines.items()
    ]


def figure_in_words(claim: Any, say: Catalogue) -> str:
    """Return what a claim says: its figure with its qualifier, or its own words."""
    low, high = claim.low, claim.high
    wording = claim.wording if isinstance(claim.wording, str) else ""
    if pd.isna(low) and pd.isna(high):
        return say("quoted", text=wording) if wording else ""
    qualifier = _QUALIFIERS.get(wording.casefold())
    if pd.isna(high):
        over = qualifier == "more_than"
        text = say("more_than" if over else "at_least", number=int(low))
    elif pd.isna(low):
        text = say("at_most", number=int(high))
    else:
        text = say.span(int(low), int(high))
        if qualifier == "about":
            text = say("about_number", number=text)
    unit = _FIGURE_METRICS.get(claim.metric)
    if unit:
        text = f"{text} {say[unit]}"
    # Words of the document that are more than such a qualifier are told as they stand.
    if wording and qualifier is None:
        text = say("name_in_brackets", name=text, remark=say("quoted", text=wording))
    return text


def claim_in_words(claim: Any, atlas: Atlas, say: Catalogue) -> str:
    """Return a claim as one phrase: what is counted, whose, and the figure."""
    language = say.language
    about = atlas.label("metric", claim.metric, language)
    if isinstance(claim.side, str):
        side = atlas.label("side", claim.side, language).lower()
        about = say("name_in_brackets", name=about, remark=side)
    figure = figure_in_words(claim, say)
    return say("label_value", label=about, value=figure) if figure else about


def source_in_words(source: Any, say: Catalogue) -> str:
    """Return publisher, title and day of a document, and where in it."""
    parts = [source.publisher, source.title]
    if pd.notna(source.published):
        parts.append(say.day(source.published))
    locator = getattr(source, "locator", None)
    if isinstance(locator, str):
        parts.append(locator)
    return ", ".join(part for part in parts if isinstance(part, str))


def event_card(event_id: str, atlas: Atlas, say: Catalogue) -> dict[str, Any]:
    """Return the card of an event as the map shows it.

    Parameters
    ----------
    event_id : str
        An event of the atlas.
    atlas : Atlas
        The joined record.
    say : Catalogue
        Words of the language.

    Returns
    -------
    dict
        ``title``; ``lines``, pairs of label and value; ``claims``, triples of
        claimant, what is said and stance; ``sources``, each with ``text`` and
        ``url``; ``note``.
    """
    language = say.language
    row = atlas.events.set_index("event_id", drop=False).loc[event_id]
    kinds = [atlas.label("event_type", row.event_type, language)]
    if isinstance(row.tactics, str):
        kinds += [
            atlas.label("tactics", code, language).lower()
            for code in row.tactics.split(";")
        ]
    precision = atlas.label("location_precision", row.location_precision, language)
    where = say(
        "name_in_brackets",
        name=place_in_words(row, atlas, say),
        remark=say("place_known_to", precision=precision.lower()),
    )
    lines = [
        [say["when"], say.interval(row.date_start, row.date_end, row.date_precision)],
        [say["who"], perpetrators_in_words(event_id, atlas, say)],
        [say["what"], ", ".join(dict.fromkeys(kinds))],
        [say["target"], row[f"target_{language}"]],
        [say["where"], where],
        [say["deaths"], deaths_in_words(row, say)],
    ]
    if isinstance(row.operation_id, str):
        lines.append([say["operation"], atlas.name(row.operation_id, language)])
    lines += ties_in_words(event_id, atlas, say)
    claims = ledger(atlas, event_id)
    claims = claims[claims["reaction_id"].isna()]
    documents = atlas.record.event_sources
    documents = documents[documents["event_id"].eq(event_id)]
    documents = documents.merge(atlas.record.sources, on="source_id")
    return {
        "title": row[f"summary_{language}"],
        "lines": lines,
        "claims": [
            [
                getattr(claim, f"claimant_{language}"),
                claim_in_words(claim, atlas, say),
                atlas.label("stance", claim.stance, language),
            ]
            for claim in claims.itertuples()
        ],
        "sources": [
            {
                "text": source_in_words(source, say),
                "url": source.url if isinstance(source.url, str) else "",
            }
            for source in documents.itertuples()
        ],
        "note": say["shared_toll"] if row.toll_id != event_id else "",
    }


def event_rows(
    events: pd.DataFrame, atlas: Atlas, say: Catalogue
) -> list[dict[str, Any]]:
    """Return events as rows of a list: when, who, where, what, and how sure.

    Returns
    -------
    list of dict
        ``id``, ``when``, ``title``, ``who``, ``where``, ``deaths``, ``doubt``
        (precision and sources in words) and ``actor_class``, in the order given.
    """
    rows = []
    for row in events.itertuples():
        precision = atlas.label(
            "location_precision", row.location_precision, say.language
        )
        rows.append(
            {
                "id": row.event_id,
                "when": say.interval(row.date_start, row.date_end, row.date_precision),
                "title": getattr(row, f"summary_{say.language}"),
                "who": perpetrators_in_words(row.event_id, atlas, say),
                "where": place_in_words(row, atlas, say),
                "deaths": say(
                    "label_value", label=say["deaths"], value=deaths_in_words(row, say)
                ),
                "doubt": say["list_separator"].join(
                    [
                        say("place_known_to", precision=precision.lower()),
                        say("sources_behind", count=row.sources),
                    ]
                ),
                "actor_class": row.actor_class,
            }
        )
    return rows


def subject_headline(subject_id: str, atlas: Atlas, say: Catalogue) -> str:
    """Return one sentence about an event or operation: when, how many sites, toll."""
    language = say.language
    events = atlas.events
    members = events[
        events["operation_id"].eq(subject_id) | events["event_id"].eq(subject_id)
    ]
    first = members.iloc[0]
    toll = say(
        "label_value",
        label=say["deaths"],
        value=deaths_in_words(first, say),
    )
    operations = atlas.record.operations.set_index("operation_id")
    if subject_id in operations.index:
        row = operations.loc[subject_id]
        when = say.interval(row.date_start, row.date_end, row.date_precision)
        parts = [when, say("subject_events", count=len(members))]
        note = row[f"note_{language}"]
    else:
        when = say.interval(first.date_start, first.date_end, first.date_precision)
        parts = [when, place_in_words(first, atlas, say)]
        note = first[f"summary_{language}"]
    if first.toll_id == subject_id:
        parts.append(toll)
    text = say["list_separator"].join(parts) + "."
    return f"{text} {note}" if isinstance(note, str) else text
