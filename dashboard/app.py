"""Sahel insurgency dashboard: the entry of the Streamlit app.

Run with ``streamlit run dashboard/app.py``, from any folder.
"""

import sys
from pathlib import Path

# Streamlit puts only this file's folder on the import path.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402

from dashboard import state  # noqa: E402
from dashboard.elements import controls  # noqa: E402
from dashboard.elements.notices import (  # noqa: E402
    cannot_draw,
    cannot_open,
    link_notices,
    page_foot,
)
from dashboard.offline import ask_no_other_machine  # noqa: E402
from data.contract import BrokenTables  # noqa: E402

ask_no_other_machine()

say = state.words()
st.set_page_config(
    page_title=say["app_title"],
    # A file of our own: an icon by name would be fetched from another host.
    page_icon=str(Path(__file__).parent / "static" / "icon.png"),
    layout="wide",
)

try:
    state.atlas()
except BrokenTables as broken:
    cannot_open(broken)
    st.stop()
except (OSError, KeyError, ValueError) as error:
    cannot_draw(error)
    st.stop()

state.open_link()
page = st.navigation(
    [
        st.Page("views/map.py", title=say["page_map"], url_path="map", default=True),
        st.Page("views/compare.py", title=say["page_compare"], url_path="compare"),
        st.Page("views/claims.py", title=say["page_claims"], url_path="claims"),
        st.Page("views/events.py", title=say["page_events"], url_path="events"),
        st.Page("views/method.py", title=say["page_method"], url_path="method"),
    ],
    position="top",
)
# A page may find more in the link that it cannot use, so its notices come last.
notices = st.container()
page.run()
with notices:
    link_notices()
# The page goes first, so that the browser builds the map before the many controls.
with st.sidebar:
    controls.language_switch()
    controls.filter_panel()
page_foot()
state.write_link()
