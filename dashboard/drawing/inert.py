"""Text on its way into folium, made harmless.

folium (through branca) renders what an element has rendered a second time, as a Jinja
template: ``{{ ... }}`` in an event's text would run on the server. Three doors are
left, all of them here:

* :func:`sealed` for anything the map's own script reads: base64, which cannot form a
  tag, a template or a quote;
* :func:`as_entities` for text that folium itself writes into markup;
* :class:`Literal` for markup and script of the project's own.

As a second lock, importing this module makes folium keep rendered scripts as they are
(:func:`render_once`); the output for text without template signs is the same.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from branca.element import Element, Figure, MacroElement

_DANGEROUS = re.compile(r"""[&<>"'`${}\\%#=/]""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def as_entities(text: str) -> str:
    """Return a text in which every sign that could mean something is an entity.

    Parameters
    ----------
    text : str
        Any text at all.

    Returns
    -------
    str
        Text to be set between tags or in an attribute. Line separators become
        spaces, control characters U+FFFD.
    """
    text = _CONTROL.sub("\ufffd", text.replace("\u2028", " ").replace("\u2029", " "))
    return _DANGEROUS.sub(lambda sign: f"&#{ord(sign.group())};", text)


def sealed(value: Any) -> str:
    """Return a plain JSON value as base64, for ``unseal`` of ``codec.js``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode("ascii")


class Literal(Element):
    """A piece of a page that is written as it is, never read as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Literal"
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


def render_once() -> None:
    """Make every folium element keep its rendered parts as they are."""

    def render(self: MacroElement, **kwargs: Any) -> None:
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError(f"{self.get_name()} is not part of a figure")
        for part in ("header", "html", "script"):
            macro = getattr(self._template.module, part, None)
            if macro is not None:
                # A template drops the newline at its end; so do we.
                text = str(macro(self, kwargs)).removesuffix("\n")
                getattr(figure, part).add_child(Literal(text), name=self.get_name())
        for element in list(self._children.values()):
            element.render(**kwargs)

    MacroElement.render = render  # type: ignore[method-assign]


render_once()
