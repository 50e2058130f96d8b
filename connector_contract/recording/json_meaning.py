"""JSON by what it says: the order of an object's names and the spacing say nothing, all else does.

A name that comes twice, an integer of any length, and the digits of a number are kept; ``1``, ``1.0`` and
``true`` are three values.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from decimal import Decimal, DecimalException
from math import isfinite
from typing import Any

import msgspec


class _Object(list[tuple[str, Any]]):
    """The pairs of an object, in their order."""


class _Number(str):
    """The digits of a number that is no integer."""

    __slots__ = ()


# What opens an object or an array.
_OPENING = (b"{", b"[")
_EXACT = json.JSONDecoder(object_pairs_hook=_Object, parse_float=_Number)
_encoded = msgspec.json.Encoder().encode
_sorted = msgspec.json.Encoder(order="sorted").encode


def said_as_json(body: bytes, content_type: str) -> tuple[str, Hashable] | None:
    """What a body says as JSON, ``JSON`` or ``JSON lines``, and what it has in common with its like.

    Args:
        body: In no content coding.
        content_type: What its sender calls it.
    """
    # Some clients call all that they send a form, or do not say what it is.
    if body.lstrip()[:1] in _OPENING or "json" in content_type.lower():
        if (document := canonical_json(body)) is not None:
            return "JSON", document
        if (lines := canonical_json_lines(body)) is not None:
            return "JSON lines", lines
    return None


def canonical_json(body: bytes) -> bytes | None:
    """A text that documents have in common which say the same; ``None`` if a body is no JSON."""
    return _of_usual(body) or _of_any(body)


def canonical_json_lines(body: bytes) -> tuple[bytes, ...] | None:
    """The same for each line of newline-delimited JSON, also empty ones; ``None`` below two lines."""
    lines = body.split(b"\n")
    found = [canonical_json(line) if line.strip() else b"" for line in lines]
    return None if None in found or len(lines) < 2 else tuple(line for line in found if line is not None)


def json_fields(body: bytes, kind: str, path: str) -> Iterator[tuple[str, str]]:
    """Each value of a body of a kind that ``said_as_json`` names, by its path, which starts with ``path``."""
    if kind == "JSON":
        yield from json_leaves(body, path)
        return
    for number, line in enumerate(body.split(b"\n"), 1):
        if line.strip():
            yield from json_leaves(line, f"{path}, line {number}")


def json_leaves(body: bytes, path: str) -> Iterator[tuple[str, str]]:
    """Each value of a JSON document that is none of several, by its path.

    Args:
        body: The document.
        path: What the paths start with.
    """
    yield from _leaves(_EXACT.decode(body.decode(json.detect_encoding(body))), path)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Object) and value:
        for name, item in value:
            yield from _leaves(item, f"{path}.{name}")
    elif isinstance(value, list) and not isinstance(value, _Object) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, _leaf(value)


def _leaf(value: Any) -> str:
    if isinstance(value, _Object):
        return "{}"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)


def _of_usual(body: bytes) -> bytes | None:
    """The text of what is as msgspec writes it: some times as fast, and it may lose what is otherwise."""
    try:
        value = msgspec.json.decode(body)
        return _sorted(value) if _encoded(value) == msgspec.json.format(body, indent=-1) else None
    except (ValueError, RecursionError):
        return None


def _of_any(body: bytes) -> bytes | None:
    try:
        return _text(_EXACT.decode(body.decode(json.detect_encoding(body)))).encode()
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    """What ``_of_usual`` gives, also of what is otherwise."""
    if isinstance(value, _Object):
        items = sorted(value, key=lambda pair: pair[0])
        return "{" + ",".join(f"{_string(name)}:{_text(item)}" for name, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, _Number):
        return _number(value)
    # ``NaN`` and the infinities are those of Python alone.
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    try:
        return _sorted(text).decode()
    except UnicodeEncodeError:
        return json.dumps(text)


def _number(digits: str) -> str:
    """One text for a number, however many zeros it is written with."""
    value = float(digits)
    try:
        exact = Decimal(digits)
        if isfinite(value) and Decimal(repr(value)) == exact:
            return _sorted(value).decode()
        sign, figures, exponent = exact.as_tuple()
    except DecimalException:
        return digits
    plain = "".join(map(str, figures))
    stripped = plain.rstrip("0")
    return f"{'-' * sign}{stripped}E{int(exponent) + len(plain) - len(stripped)}"
