"""Which format a body has: JSON, JSON lines, XML, CSV or a form; and its documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector_contract.people.documents import Document, json_document, json_lines
from connector_contract.people.html_labels import html_document
from connector_contract.people.labelled_text import is_labelled, labelled_document
from connector_contract.people.markup import is_markup, xml_document
from connector_contract.people.tables import csv_document, form_document

_JSON_WITHIN = re.compile(r'[{\[]\s*(?:"|(?<=\[)[{\[])')
_MARKUP_WITHIN = re.compile(r"(?s)<[A-Za-z!?].*>\s*\Z")
# The first that a body is. Of elements of HTML, those beside them say what they are.
_OF_MARKUP = (html_document, xml_document)
_OF_TEXT = (form_document, csv_document, labelled_document)


@dataclass(frozen=True)
class Documents:
    """The documents of a body.

    Attributes:
        documents: All, in their order.
        joined: Makes a body again of the text of each.
    """

    documents: Sequence[Document]
    joined: Callable[[Sequence[bytes]], bytes]


def documents_of(body: bytes, content_type: str) -> Documents | None:
    """The documents of a body; ``None`` if it is no data.

    Args:
        body: The body, in no content coding.
        content_type: What its sender calls it.
    """
    opening = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if opening in (b"{", b"[", b'"') or "json" in content_type.lower() or b"\0" in body[:4]:
        document = json_document(body)
        if document is not None:
            return _single(document)
        lines = json_lines(body)
        if lines is not None:
            return Documents(lines, lambda texts: _lines(body, texts))
    if is_binary(body):
        return None
    readers = _OF_MARKUP if is_markup(body) else _OF_TEXT
    found = (document for read in readers if (document := read(body, content_type)) is not None)
    document = next(found, None)
    return None if document is None else _single(document)


def is_binary(body: bytes) -> bool:
    """Whether a body is no text."""
    return b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def is_within(text: str) -> bool:
    """Whether a text may be a document."""
    if text[:1] in ("{", "["):
        return _JSON_WITHIN.match(text) is not None
    if text[:1] == "<":
        # A comment is no part of a document of XML.
        return "<!--" not in text and _MARKUP_WITHIN.match(text) is not None
    return is_labelled(text)


def _single(document: Document) -> Documents:
    return Documents([document], lambda texts: texts[0])


def _lines(body: bytes, texts: Sequence[bytes]) -> bytes:
    following = iter(texts)
    return b"\n".join(next(following) if line.strip() else line for line in body.split(b"\n"))
