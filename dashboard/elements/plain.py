"""Text of tables inside elements that read Markdown: shown as it is written."""

from __future__ import annotations

import re

# Every sign that begins Markdown, HTML, LaTeX, or Streamlit's own :colour[...] marks.
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&@])")


def plain(text: str) -> str:
    """Return a text that a Markdown reader shows sign by sign.

    Line ends become spaces, since a new line may begin a list or a heading.
    """
    return _SIGNS.sub(r"\\\1", " ".join(text.splitlines()))
