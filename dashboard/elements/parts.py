"""Lists and ledgers as plain HTML, drawn in the browser from text that stays text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_MODULE = Path(__file__).parents[1] / "static" / "parts" / "parts.js"
# The address changes with the file, so that a browser never shows an old one.
_VERSION = hashlib.sha256(_MODULE.read_bytes()).hexdigest()[:12]
_LOADER = f"""
export default function (component) {{
  const {{ data, parentElement, setTriggerValue }} = component;
  const address = new URL("app/static/parts/parts.js?v={_VERSION}", document.baseURI);
  import(address).then((parts) => parts.render(parentElement, data, setTriggerValue));
}}
"""

_part = st.components.v2.component("sahel_part", js=_LOADER)


def show_part(
    data: dict[str, Any], *, key: str, on_chosen: Callable[[], None] | None = None
) -> Any:
    """Draw a part and return its state; ``chosen`` is the row clicked, once.

    Parameters
    ----------
    data : dict
        ``kind`` (``events`` or ``ledger``) and what that kind draws, see
        ``static/parts/parts.js``; all of its texts are shown as text.
    key : str
        Name of the part on its page.
    on_chosen : callable, optional
        Called before the next run when a row is chosen.
    """
    return _part(data=data, key=key, on_chosen_change=on_chosen or (lambda: None))
