"""What the limits of the legend let pass is what the table says."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest

from dashboard.drawing.packing import PRECISIONS, pack_events, to_day

pytestmark = pytest.mark.browser

GROUPS, TARGETS = ("a", "b", "c"), ("x", "y")

SCRIPT = """
async ({packed, layout, visible, window, limits, tolls}) => {
  const {Columns, fromBase64, fromBits} = await import('/app/static/map/codec.js');
  const {Sieve} = await import('/app/static/map/sieve.js');
  const columns = new Columns(fromBase64(packed), layout);
  const held = fromBits(fromBase64(visible), layout.n);
  const groups = ['a', 'b', 'c'].map((code) => ({code}));
  const targets = ['x', 'y'].map((code) => ({code}));
  const sieve = new Sieve(columns, {groups, targets, tolls}, limits);
  const found = columns.within(window, sieve.through(held));
  const tally = sieve.tally(columns.within(window, held));
  return {
    found: [...found], groups: [...tally.groups], targets: [...tally.targets],
    unknown: tally.unknown,
  };
}
"""


@pytest.fixture(scope="module")
def events():
    """Three hundred events; some without a figure, some that share a toll of 40."""
    random = np.random.default_rng(11)
    n = 300
    start = pd.Timestamp("2020-01-01") + pd.to_timedelta(
        random.integers(0, 900, n), "D"
    )
    deaths = pd.array(random.integers(0, 60, n), "Int64")
    deaths[random.random(n) < 0.2] = pd.NA
    return pd.DataFrame(
        {
            "event_id": [f"e{k:03}" for k in range(n)],
            "date_start": start,
            "date_end": start,
            "longitude": random.uniform(-12, 4, n),
            "latitude": random.uniform(10, 25, n),
            "colour_group": random.choice(GROUPS, n),
            "target_class": random.choice(TARGETS, n),
            "deaths_best": deaths,
            "location_precision": random.choice(PRECISIONS, n),
            "shares": random.random(n) < 0.1,
            "masked": random.random(n) < 0.15,
        }
    )


@pytest.mark.parametrize(
    ("groups", "targets", "deaths"),
    [
        pytest.param([], [], 0, id="no limit"),
        pytest.param(["b"], [], 0, id="one group"),
        pytest.param(["a", "c"], ["y"], 0, id="groups and a target"),
        pytest.param([], [], 1, id="any death"),
        pytest.param([], [], 40, id="as many as the shared toll"),
        pytest.param([], [], 41, id="more than the shared toll"),
        pytest.param(["a"], ["x"], 10, id="all at once"),
        pytest.param(["nobody"], [], 0, id="a group that is not there"),
    ],
)
def test_sieve(open_page, events, groups, targets, deaths):
    drawn = events.assign(
        deaths_best=events["deaths_best"].where(~events["shares"], pd.NA)
    )
    packed = pack_events(drawn, GROUPS, TARGETS)
    rows = events.set_index("event_id").loc[list(packed.order)]
    toll = rows["deaths_best"].where(~rows["shares"], 40)
    window = pd.Timestamp("2020-06-01"), pd.Timestamp("2021-12-31")
    page = open_page(ready=False)
    found = page.evaluate(
        SCRIPT,
        {
            "packed": base64.b64encode(packed.buffer).decode(),
            "layout": packed.layout,
            "visible": base64.b64encode(packed.visible(~events["masked"])).decode(),
            "window": [to_day(day) for day in window],
            "limits": {"groups": groups, "targets": targets, "deaths": deaths},
            "tolls": [[k, 40] for k, shares in enumerate(rows["shares"]) if shares],
        },
    )
    held = ~rows["masked"] & rows["date_start"].between(*window)
    by_group = rows["colour_group"].isin(groups or GROUPS)
    by_target = rows["target_class"].isin(targets or TARGETS)
    enough = (toll >= deaths).fillna(deaths == 0).astype(bool)
    expected = held & by_group & by_target & enough
    assert found["found"] == np.flatnonzero(expected).tolist()
    assert found["groups"] == [
        int((held & by_target & enough & rows["colour_group"].eq(code)).sum())
        for code in GROUPS
    ]
    assert found["targets"] == [
        int((held & by_group & enough & rows["target_class"].eq(code)).sum())
        for code in TARGETS
    ]
    unknown = held & by_group & by_target & toll.isna() if deaths else held & False
    assert found["unknown"] == int(unknown.sum())
