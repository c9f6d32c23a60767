"""What the browser counts is what the table says."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest

from dashboard.drawing.packing import PRECISIONS, pack_events, to_day

pytestmark = pytest.mark.browser

GROUPS, TARGETS = ("a", "b", "c"), ("x", "y")

SCRIPT = """
async ({packed, visible, layout, window, edges}) => {
  const {Columns, fromBase64, fromBits} = await import('/app/static/map/codec.js');
  const columns = new Columns(fromBase64(packed), layout);
  const shown = fromBits(fromBase64(visible), layout.n);
  const found = [...columns.within(window, shown)];
  const {sure, vague} = columns.histogram(edges, 3, shown, 28);
  const points = found.map((i) => [columns.longitude(i), columns.latitude(i)]);
  return {found, sure: [...sure], vague: [...vague], points};
}
"""


@pytest.fixture(scope="module")
def events():
    """Four hundred events, some of them known to a month or a year only."""
    random = np.random.default_rng(7)
    n = 400
    days = pd.to_timedelta(random.integers(0, 1500, n), "D")
    spans = random.choice([0, 0, 0, 3, 30, 365], n)
    start = pd.Timestamp("2020-01-01") + days
    return pd.DataFrame(
        {
            "event_id": [f"e{k:03}" for k in range(n)],
            "date_start": start,
            "date_end": start + pd.to_timedelta(spans, "D"),
            "longitude": random.uniform(-12, 4, n),
            "latitude": random.uniform(10, 25, n),
            "colour_group": random.choice(GROUPS, n),
            "target_class": random.choice(TARGETS, n),
            "deaths_best": pd.array(random.integers(0, 50, n), "Int64"),
            "location_precision": random.choice(PRECISIONS, n),
        }
    )


@pytest.mark.parametrize(
    "start, end",
    [
        pytest.param("2020-01-01", "2025-12-31", id="everything"),
        pytest.param("2021-03-01", "2021-03-31", id="a month"),
        pytest.param("2022-06-15", "2022-06-15", id="a day"),
        pytest.param("2019-01-01", "2019-12-31", id="before the first"),
    ],
)
def test_window_and_bars(open_page, events, start, end):
    page = open_page(ready=False)
    packed = pack_events(events, GROUPS, TARGETS)
    table = events.set_index("event_id").loc[list(packed.order)].reset_index()
    kept = table[table.index % 3 != 0]
    edges = pd.date_range("2020-01-01", "2025-01-01", freq="MS")
    counted = page.evaluate(
        SCRIPT,
        {
            "packed": base64.b64encode(packed.buffer).decode(),
            "visible": base64.b64encode(
                packed.visible(events["event_id"].isin(kept["event_id"]))
            ).decode(),
            "layout": packed.layout,
            "window": [to_day(start), to_day(end)],
            "edges": [to_day(edge) for edge in edges],
        },
    )
    touches = (kept["date_start"] <= end) & (kept["date_end"] >= start)
    assert counted["found"] == list(kept.index[touches])

    month = kept["date_start"].dt.to_period("M")
    long = (kept["date_end"] - kept["date_start"]).dt.days >= 28
    for name, rows in (("sure", kept[~long]), ("vague", kept[long])):
        expected = (
            rows.groupby([month.loc[rows.index], "colour_group"])
            .size()
            .unstack(fill_value=0)
            .reindex(index=edges[:-1].to_period("M"), columns=list(GROUPS))
            .fillna(0)
            .astype(int)
        )
        assert counted[name] == expected.to_numpy().ravel().tolist()
    assert sum(counted["sure"] + counted["vague"]) == len(kept)

    drawn = [k for k, i in enumerate(counted["found"]) if _is_drawn(table, i)]
    if drawn:
        found = table.loc[counted["found"], ["longitude", "latitude"]].to_numpy()
        points = np.array(counted["points"])
        np.testing.assert_allclose(points[drawn], found[drawn], atol=3e-4)


def _is_drawn(table: pd.DataFrame, row: int) -> bool:
    return table.loc[row, "location_precision"] != "country"
