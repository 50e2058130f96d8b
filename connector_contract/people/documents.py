"""Bodies as documents: a value, and where each of its keys and leaves stands in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.people.leaves import Pairs
from connector_contract.recording.header_meaning import parameters

# A text or a number. There is no way back into a text.
_LEAF = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|-?(?:\d[\d.eE+-]*+|NaN|Infinity)')


Span = tuple[int, int] | None
"""Where something stands in a text; ``None`` of what is never another one."""


@dataclass(frozen=True)
class Document:
    """A body, and what is in it.

    Attributes:
        text: The body as a text.
        value: What it says, as if it were JSON.
        spans: Where each key and each leaf of it stands, in its order.
        spelled: Gives what stands in such a place for another value, and what stood there.
        charset: What the text is encoded in.
        errors: What becomes of characters that it has not.
    """

    text: str
    value: Any
    spans: Sequence[Span]
    spelled: Callable[[Any, str], str]
    charset: str = "utf-8"
    errors: str = "surrogatepass"

    def changed(self, values: Sequence[Any]) -> bytes:
        """The body with other values; ``None`` for one that stays."""
        shown, end = [], 0
        for span, value in zip(self.spans, values, strict=True):
            if value is not None and span is not None:
                start, stop = span
                shown += [self.text[end:start], self.spelled(value, self.text[start:stop])]
                end = stop
        return "".join([*shown, self.text[end:]]).encode(self.charset, self.errors)


def json_document(body: bytes) -> Document | None:
    """A body of JSON; ``None`` if it is none."""
    charset = json.detect_encoding(body)
    try:
        text = body.decode(charset)
        value = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=objects_of)
    except (ValueError, RecursionError):
        return None
    return Document(text, value, _json_spans(text), json_spelled, charset)


def json_lines(body: bytes) -> list[Document] | None:
    """A document a line; ``None`` if a body is something else."""
    lines = body.split(b"\n")
    if len([line for line in lines if line.strip()]) < 2:
        return None
    found = [json_document(line) for line in lines if line.strip()]
    return None if None in found else [each for each in found if each is not None]


def decoded(body: bytes, content_type: str = "", declared: str | None = None) -> tuple[str, str]:
    """A body as a text, and what it is encoded in.

    Args:
        body: The body.
        content_type: What its sender calls it, perhaps with a charset.
        declared: The charset that it names itself.
    """
    is_utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    named = parameters(content_type).get("charset")
    for charset in ("utf-16" if is_utf16 else named, declared, "utf-8"):
        try:
            return body.decode(charset or "utf-8"), charset or "utf-8"
        except (LookupError, ValueError):
            continue
    # Any byte is a character of it, and what is looked for is mostly ASCII.
    return body.decode("latin-1"), "latin-1"


def _json_spans(text: str) -> list[Span]:
    return [found.span() for found in _LEAF.finditer(text)]


def json_spelled(value: Any, spelled: str) -> str:
    """A value as JSON spells it, with escapes if what stood there has some."""
    if not isinstance(value, str):
        return json.dumps(value)
    if "\\u" in spelled and spelled.isascii():
        return json.encoder.encode_basestring_ascii(value)
    return json.encoder.encode_basestring(value)


def objects_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of pairs, of which some may have the same name."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else Pairs(pairs)
