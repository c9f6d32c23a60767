"""Buttons that hand out exactly what is shown; files are built on the click."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.writing.export import export_table, to_csv, to_geojson


def download_buttons(events: pd.DataFrame) -> None:
    """Offer the events as CSV and GeoJSON, sources and licence inside."""
    say, atlas = state.words(), state.atlas()
    name = f"sahel-{atlas.record.cut_off:%Y-%m-%d}"
    with st.container(horizontal=True):
        for kind, write, mime in [
            ("csv", to_csv, "text/csv"),
            ("geojson", to_geojson, "application/geo+json"),
        ]:
            st.download_button(
                say(f"download_{kind}", count=len(events)),
                partial(lambda write: write(export_table(events, atlas, say)), write),
                file_name=f"{name}.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )
    st.caption(say["download_hint"])
