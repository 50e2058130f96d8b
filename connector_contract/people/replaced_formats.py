"""The formats that bodies have: JSON, a JSON document a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector_contract.people.documents import Document, json_document, json_lines


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
    if opening in (b"{", b"[") or "json" in content_type.lower():
        document = json_document(body)
        if document is not None:
            return Documents([document], lambda texts: texts[0])
        lines = json_lines(body)
        if lines is not None:
            return Documents(lines, lambda texts: _lines(body, texts))
    return None


def _lines(body: bytes, texts: Sequence[bytes]) -> bytes:
    following = iter(texts)
    return b"\n".join(next(following) if line.strip() else line for line in body.split(b"\n"))
