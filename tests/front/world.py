"""A small made world for the map: fifty-odd events that never happened."""

from __future__ import annotations

import pandas as pd

from dashboard.drawing.packing import PackedEvents, to_day
from dashboard.drawing.palette import GROUP_CODES, TARGET_CODES

HOSTILE = "<img src=x onerror=alert(1)> </script> {{7*7}} ` ${1}"

GROUP_LABELS = {
    "en": {
        "jnim": "JNIM and its members", "is-sahel": "IS Sahel",
        "other-jihadist": "AQIM, MUJAO and other jihadists",
        "separatist": "Separatist movements", "militia": "Militias, self-defence",
        "state": "State forces", "foreign": "Foreign forces", "unknown": "Unknown",
    },
    "fr": {
        "jnim": "JNIM et ses membres", "is-sahel": "EI au Sahel",
        "other-jihadist": "AQMI, Mujao et autres djihadistes",
        "separatist": "Mouvements séparatistes", "militia": "Milices, autodéfense",
        "state": "Forces de l’État", "foreign": "Forces étrangères",
        "unknown": "Inconnu",
    },
}  # fmt: skip
TARGET_LABELS = {
    "en": {
        "security-forces": "Security forces", "civilians": "Civilians",
        "armed-group": "Armed group", "economy": "Economy, infrastructure",
    },
    "fr": {
        "security-forces": "Forces de sécurité", "civilians": "Civils",
        "armed-group": "Groupe armé", "economy": "Économie, infrastructures",
    },
}  # fmt: skip
PRECISION_LABELS = {
    "en": ["exact site", "town or village", "area, within about 25 km",
           "region only", "country only"],
    "fr": ["site exact", "ville ou village", "zone, à 25 km près",
           "région seulement", "pays seulement"],
}  # fmt: skip

_PLACES = [
    (12.61, -7.98), (14.53, -4.09), (16.77, -3.01), (16.27, -0.04), (18.44, 1.41),
    (15.92, 2.40), (14.35, -3.61), (15.20, -5.57), (14.97, 0.0), (11.32, -5.67),
    (13.44, -6.27), (14.45, -11.43), (15.22, 0.29), (14.95, -1.38), (13.06, -1.06),
]  # fmt: skip


def events() -> pd.DataFrame:
    """Return 54 events: all groups, targets and precisions, a crowd, a lone one."""
    rows = []
    for k in range(48):
        latitude, longitude = _PLACES[k % len(_PLACES)]
        start = pd.Timestamp("2012-02-03") + pd.Timedelta(days=107 * k)
        rows.append(
            {
                "event_id": f"made-{k:02}",
                "date_start": start,
                "date_end": start + pd.Timedelta(days=35 if k % 11 == 5 else k % 2),
                "latitude": latitude,
                "longitude": longitude,
                "colour_group": GROUP_CODES[(k * k) % 5 if k % 4 else k % 8],
                "target_class": TARGET_CODES[k % 4],
                "deaths_best": pd.NA if k % 7 == 3 else (k * 13) % 41,
                "location_precision": ("town", "site", "town", "area", "town")[k % 5],
            }
        )
    extra = [
        ("region", "2023-05-01", 17.5, -5.5, "is-sahel", "civilians", 30, "region"),
        ("country", "2023-06-01", None, None, "jnim", "civilians", 3, "country"),
        ("big", "2024-09-17", 12.56, -7.95, "jnim", "security-forces", 110, "site"),
        ("twin", "2024-09-17", 12.75, -8.06, "jnim", "security-forces", 60, "site"),
        ("lone", "2022-03-27", 19.9, 2.85, "state", "civilians", 400, "town"),
        ("hostile", "2025-03-01", 20.5, -3.5, "jnim", "economy", 12, "site"),
    ]
    for name, day, lat, lon, group, target, deaths, precision in extra:
        rows.append(
            {
                "event_id": name,
                "date_start": pd.Timestamp(day),
                "date_end": pd.Timestamp(day),
                "latitude": lat,
                "longitude": lon,
                "colour_group": group,
                "target_class": target,
                "deaths_best": deaths,
                "location_precision": precision,
            }
        )
    table = pd.DataFrame(rows)
    table["deaths_best"] = table["deaths_best"].astype("Int64")
    return table


def many() -> pd.DataFrame:
    """Return those and 5,047 more: too many for paths, and places to look at.

    Fifty villages have a hundred events each. ``alone`` lies far from all others, on
    top of ``giant``; ``wide`` is known to an area, forty to a region, five to a country.
    """
    villages = [
        (12.0 + k // 10, -8.0 + k % 10, GROUP_CODES[n % 8], TARGET_CODES[n % 4], n % 5)
        for k in range(50)
        for n in range(100)
    ]
    rows: list[tuple] = [
        (f"village-{k:04}", *place, "town") for k, place in enumerate(villages)
    ]
    rows += [
        ("alone", 21.3, -0.5, "jnim", "security-forces", 1, "site"),
        ("giant", 21.3, -0.5, "state", "security-forces", 300, "site"),
        ("wide", 19.0, -7.0, "is-sahel", "security-forces", 60, "area"),
    ]
    for k in range(40):
        group = GROUP_CODES[k % 8]
        rows.append((f"region-{k:02}", 23.5, -6.0, group, "civilians", 2, "region"))
    for k in range(4):
        rows.append((f"land-{k}", None, None, "jnim", "civilians", 2, "country"))
    names = ["event_id", "latitude", "longitude", "colour_group", "target_class",
             "deaths_best", "location_precision"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names)
    table["date_start"] = pd.Timestamp("2021-06-01") + pd.to_timedelta(
        table.index % 365, "D"
    )
    table["date_end"] = table["date_start"]
    table["deaths_best"] = table["deaths_best"].astype("Int64")
    return pd.concat([events(), table], ignore_index=True)


def operations(packed: PackedEvents) -> list[dict]:
    """Return one operation of two events, far enough apart to see its star."""
    members = [packed.index_of("big"), packed.index_of("made-01")]
    return [{"members": members, "label": f"Twin strikes {HOSTILE}"}]


def milestones(language: str) -> list[dict]:
    """Return a handful of turning points, some of which must share the strip."""
    names = {
        "en": ["Coup of March 2012", "Operation Serval", "Peace accord signed",
               "JNIM founded", "Coup of August 2020", "Second coup",
               "MINUSMA leaves", "Fuel blockade"],
        "fr": ["Coup d’État de mars 2012", "Opération Serval", "Accord de paix",
               "Création du JNIM", "Coup d’État d’août 2020", "Second coup d’État",
               "Départ de la MINUSMA", "Blocus du carburant"],
    }  # fmt: skip
    days = ["2012-03-22", "2013-01-11", "2015-05-15", "2017-03-02", "2020-08-18",
            "2021-05-24", "2023-12-31", "2025-09-05"]  # fmt: skip
    return [
        {"day": to_day(day), "day_end": to_day(day), "label": name, "major": k != 5}
        for k, (day, name) in enumerate(zip(days, names[language], strict=True))
    ]


def card(event_id: str) -> dict:
    """Return a card; that of ``hostile`` holds every trick we know."""
    text = HOSTILE if event_id == "hostile" else "Made event"
    return {
        "title": f"{text} ({event_id})",
        "lines": [["Place", text], ["Target", "A convoy on a made road"]],
        "claims": [
            ["JNIM", "“hundreds” killed", "asserts"],
            [text, "70 to 100 killed", "silent"],
            ["A newspaper", "77 killed, 255 wounded", None],
        ],
        "sources": [
            {"text": f"A paper, 18 September. {text}", "url": "https://example.org/a"},
            {"text": "A bad address", "url": "javascript:alert(1)"},
        ],
        "note": "Whether both sites were struck by one unit is disputed.",
    }
