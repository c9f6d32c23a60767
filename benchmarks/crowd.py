"""Events of any number that never happened, on real geography, the same at each run.

What they imitate, so that a figure measured on them means something:

- **places**: 60 hot spots at points of the record, a few of them with most of the
  events; 400 villages around each, unequal too. Most events lie at a village, as those
  of datasets do, and share its point with others; those of a known site lie around it.
- **growth**: from January 2012 to June 2026 their number grows as that of the war did,
  by about a third a year, with a weekly and a yearly beat.
- **precision** of place and date in shares like those of UCDP's georeferenced events:
  most to a village, a fifth to an area, some to a region only; seven in ten to a day,
  the rest over days, weeks, a month or a year.
- **deaths**: most events have few, some have many, one in ten has no figure.

What they do not imitate: which group fights where, or how one event follows another.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from dashboard.analysis.atlas import load_atlas
from dashboard.drawing.packing import BBOX, PRECISIONS
from dashboard.drawing.palette import GROUP_CODES, TARGET_CODES

FIRST, LAST = pd.Timestamp("2012-01-01"), pd.Timestamp("2026-06-30")

_HOT_SPOTS, _VILLAGES = 60, 400
_GROWTH = 1.33  # times as many events as in the year before
_GROUP_SHARES = (0.34, 0.14, 0.04, 0.06, 0.10, 0.22, 0.04, 0.06)
_TARGET_SHARES = (0.36, 0.38, 0.20, 0.06)
_PRECISION_SHARES = (0.22, 0.45, 0.21, 0.10, 0.02)  # in the order of PRECISIONS
_SPANS = (0, 1, 2, 6, 13, 30, 89, 364)  # days
_SPAN_SHARES = (0.70, 0.08, 0.06, 0.07, 0.02, 0.05, 0.01, 0.01)
_NO_FIGURE = 0.1


def crowd(n: int, seed: int = 2012) -> pd.DataFrame:
    """Return made events.

    Parameters
    ----------
    n : int
        How many.
    seed : int, optional
        The same seed makes the same events.

    Returns
    -------
    DataFrame
        ``n`` rows with the columns that ``dashboard.drawing.packing.pack_events``
        asks for.
    """
    random = np.random.default_rng(seed)
    spots = _hot_spots()
    spot = random.choice(len(spots), n, p=_unequal(len(spots)))
    # A village is drawn for each hot spot alike; where it lies is its own.
    villages = np.random.default_rng(seed + 1).normal(
        0, 0.45, (len(spots), _VILLAGES, 2)
    )
    village = random.choice(_VILLAGES, n, p=_unequal(_VILLAGES))
    point = spots[spot] + villages[spot, village]

    precision = random.choice(len(PRECISIONS), n, p=_PRECISION_SHARES)
    site = precision == PRECISIONS.index("site")
    point[site] += random.normal(0, 0.03, (int(site.sum()), 2))
    region = precision == PRECISIONS.index("region")
    point[region] = np.round(spots[spot[region]] / 3) * 3  # one point for each region
    west, south, east, north = BBOX
    point = point.clip([south + 0.1, west + 0.1], [north - 0.1, east - 0.1])

    start = FIRST + pd.to_timedelta(_days(random, n), "D")
    span = pd.to_timedelta(random.choice(_SPANS, n, p=_SPAN_SHARES), "D")
    deaths = pd.array(np.floor(random.lognormal(0.9, 1.1, n)), "Int64")
    deaths[random.random(n) < _NO_FIGURE] = pd.NA
    return pd.DataFrame(
        {
            "event_id": [f"made-{k:07}" for k in range(n)],
            "date_start": start,
            "date_end": start + span,
            "latitude": point[:, 0],
            "longitude": point[:, 1],
            "colour_group": random.choice(GROUP_CODES, n, p=_GROUP_SHARES),
            "target_class": random.choice(TARGET_CODES, n, p=_TARGET_SHARES),
            "deaths_best": deaths,
            "location_precision": np.array(PRECISIONS)[precision],
        }
    )


@cache
def _hot_spots() -> np.ndarray:
    """Return latitude and longitude of the record's places with the most events."""
    events = load_atlas().events
    exact = events[events["location_precision"].isin(["site", "town", "area"])]
    counts = exact.groupby(["latitude", "longitude"]).size()
    busiest = counts.sort_values(ascending=False, kind="stable").head(_HOT_SPOTS)
    return busiest.index.to_frame().to_numpy(dtype=float)


def _unequal(n: int) -> np.ndarray:
    """Return shares that fall with the rank."""
    shares = 1 / np.arange(1, n + 1) ** 0.7
    return shares / shares.sum()


def _days(random: np.random.Generator, n: int) -> np.ndarray:
    """Return days since ``FIRST``, more of them the later it is."""
    days = np.arange((LAST - FIRST).days + 1)
    weight = _GROWTH ** (days / 365.25)
    weight *= 1 + 0.25 * np.cos(2 * np.pi * days / 365.25)  # fewer in the rains
    weight *= np.where(days % 7 == 0, 1.3, 1.0)  # a market day
    return random.choice(days, n, p=weight / weight.sum())
