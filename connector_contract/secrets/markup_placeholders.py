"""Placeholders in XML and HTML: escaped, so that what stands for a value is no element.

A client reads ``&lt;password&gt;`` as the placeholder that it sends back. In a CDATA section nothing is
escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_CDATA = re.compile(r"(<!\[CDATA\[(?:[^\]]|\](?!\]>))*+\]\]>)")
_ESCAPED = re.compile(rb"&lt;([\w.:-]+)&gt;")
_ELEMENT = re.compile(r"</([\w.:-]+)")


def is_markup(body: bytes) -> bool:
    """Whether a body is XML or HTML as a whole."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def escaped_names(body: bytes) -> set[str]:
    """The names of what stands in XML or HTML as placeholders do."""
    return {found.decode("utf-8", "surrogateescape") for found in _ESCAPED.findall(body)}


def with_escaped(text: str, changed: Callable[[str, Callable[[str], str]], str]) -> str:
    """A text in which something is replaced that is to be read as a text.

    Args:
        text: XML or HTML.
        changed: Replaces it in a part of the text; is given the part, and what a replacement is escaped with.
    """
    # Every other part is a CDATA section.
    parts = _CDATA.split(text)
    return "".join(changed(part, str if at % 2 else _escaped) for at, part in enumerate(parts))


def elements(text: str) -> frozenset[str]:
    """The names of the elements that end in a text."""
    return frozenset(_ELEMENT.findall(text))


def _escaped(text: str) -> str:
    return escape(text, quote=True)
