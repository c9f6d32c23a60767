"""The filter in words: one sentence that says what is shown."""

from __future__ import annotations

from dashboard.analysis.atlas import ACTOR_CLASSES, Atlas
from dashboard.analysis.filter import EventFilter
from dashboard.drawing.palette import TARGET_CODES
from dashboard.writing.catalogue import Catalogue

# Filter field -> field of the vocabulary that names its codes; the classes of the map's
# legend have no field there, but phrases of the catalogue.
_FIELDS = {
    "countries": "country",
    "event_types": "event_type",
    "target_types": "target_type",
    "tactics": "tactics",
    "harmed": "side",
    "claimant_types": "claimant_type",
    "certainties": "certainty",
}
_CLASSES = {"actor_classes": ACTOR_CLASSES, "target_classes": TARGET_CODES}
# So many names are told; the rest is a number.
_MOST_NAMES = 3


def filter_in_words(chosen: EventFilter, atlas: Atlas, say: Catalogue) -> str:
    """Return the limits of a filter as a phrase, empty if there are none but dates.

    Parameters
    ----------
    chosen : EventFilter
        What the reader asked for; its dates are told elsewhere.
    atlas : Atlas
        Names of groups, regions and codes.
    say : Catalogue
        Words of the language.

    Returns
    -------
    str
        Parts separated by semicolons, without a full stop.
    """
    language = say.language
    parts = []
    for name, every in _CLASSES.items():
        codes = getattr(chosen, name)
        kept = [code for code in every if code in codes]
        rest = [code for code in every if code not in codes]
        # Of many, the few that are left out say it shorter.
        shorter = 0 < len(rest) < len(kept)
        labels = [
            code_in_words(name, code, atlas, say)
            for code in (rest if shorter else kept)
        ]
        if shorter:
            parts.append(say(f"without_{name}", names=_listed(labels, say)))
        elif kept:
            parts.append(say(f"with_{name}", names=_listed(labels, say)))
    if chosen.group_ids:
        names = [atlas.name(key, language) for key in sorted(chosen.group_ids)]
        key = "with_groups" if chosen.with_members else "with_groups_alone"
        parts.append(say(key, names=_listed(names, say)))
    if chosen.region_ids:
        names = [
            atlas.regions.name(chosen.boundary_set, key, language)
            for key in sorted(chosen.region_ids)
        ]
        parts.append(say("in_regions", names=_listed(names, say)))
    if chosen.near_place:
        place = atlas.name(chosen.near_place, language)
        parts.append(say("within_km", km=chosen.within_km or 25, place=place))
    for name in _FIELDS:
        codes = getattr(chosen, name)
        if codes:
            labels = [code_in_words(name, code, atlas, say) for code in sorted(codes)]
            parts.append(say(f"with_{name}", names=_listed(labels, say)))
    if chosen.min_deaths:
        parts.append(say("at_least_deaths", count=chosen.min_deaths))
    if chosen.precision:
        label = atlas.label("location_precision", chosen.precision, language)
        parts.append(say("known_to", precision=label))
    if chosen.text.strip():
        parts.append(say("with_text", text=chosen.text.strip()))
    return say["list_separator"].join(parts)


def code_in_words(name: str, code: str, atlas: Atlas, say: Catalogue) -> str:
    """Return the words for a code of a field of the filter.

    Parameters
    ----------
    name : str
        A field of ``EventFilter`` that is a set of codes.
    code : str
        One of its codes.
    atlas : Atlas
        Labels of the vocabulary.
    say : Catalogue
        Words of the language.
    """
    if name == "actor_classes":
        return say[f"actor_{code}"]
    if name == "target_classes":
        return say[f"target_{code}"]
    return atlas.label(_FIELDS[name], code, say.language)


def _listed(names: list[str], say: Catalogue) -> str:
    """Return names in a row; past three, how many more there are."""
    if len(names) > _MOST_NAMES:
        more = say("and_more", count=len(names) - _MOST_NAMES)
        return ", ".join(names[:_MOST_NAMES]) + " " + more
    return ", ".join(names)
