"""Which format a body has: JSON, JSON lines, XML, CSV or a form; and its documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector_contract.people.documents import Document, json_document, json_lines
from connector_contract.people.markup import is_markup, xml_document
from connector_contract.people.tables import csv_document, form_document


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
    document = xml_document(body, content_type) if is_markup(body) else form_document(body, content_type)
    if document is None and not is_markup(body):
        document = csv_document(body, content_type)
    return None if document is None else _single(document)


def is_binary(body: bytes) -> bool:
    """Whether a body is no text."""
    return b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def _single(document: Document) -> Documents:
    return Documents([document], lambda texts: texts[0])


def _lines(body: bytes, texts: Sequence[bytes]) -> bytes:
    following = iter(texts)
    return b"\n".join(next(following) if line.strip() else line for line in body.split(b"\n"))
