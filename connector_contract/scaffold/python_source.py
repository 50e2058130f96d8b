"""Values as Python source, laid out as ``ruff format`` does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

WIDTH = 110
_INDENT = 4


@dataclass(frozen=True)
class Call:
    """A call of a function, to be written out.

    Attributes:
        function: The function's name, with the module's if that is needed.
        arguments: Values, or further calls.
        keywords: The same, by their names.
    """

    function: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


def statement(prefix: str, value: object, suffix: str = "") -> str:
    """Write a value in its place: on one line if it fits, else spread over several.

    Args:
        prefix: What stands before it on its line, the indentation included.
        value: A JSON value that may hold calls.
        suffix: What follows it.

    Returns:
        The lines, without an end of line after the last.
    """
    flat = f"{prefix}{_flat(value)}{suffix}"
    if len(flat) <= WIDTH or not _divisible(value):
        return flat
    opening, parts, closing = _parts(value)
    margin = " " * (len(prefix) - len(prefix.lstrip()))
    inner = margin + " " * _INDENT
    if isinstance(value, Call):
        # The arguments of a call may share a line; those of a list or dict do not.
        joined = inner + ", ".join(f"{key}{_flat(part)}" for key, part in parts)
        if len(joined) <= WIDTH:
            return f"{prefix}{opening}\n{joined}\n{margin}{closing}{suffix}"
    lines = [statement(inner + key, part, ",") for key, part in parts]
    return "\n".join([prefix + opening, *lines, margin + closing + suffix])


def calls(value: object) -> Iterator[Call]:
    """All calls that a value holds, those within calls included."""
    if isinstance(value, Call):
        yield value
    for _key, part in _parts(value)[1] if _divisible(value) else ():
        yield from calls(part)


def _divisible(value: object) -> bool:
    return isinstance(value, Call | dict | list) and bool(_parts(value)[1])


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    if isinstance(value, Call):
        named = [(f"{name}=", part) for name, part in value.keywords.items()]
        return f"{value.function}(", [*(("", part) for part in value.arguments), *named], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{_quoted(key)}: ", part) for key, part in value.items()], "}"
    return "[", [("", part) for part in value], "]"


def _flat(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Call | dict | list):
        opening, parts, closing = _parts(value)
        return opening + ", ".join(f"{key}{_flat(part)}" for key, part in parts) + closing
    return repr(value)


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text:
        return repr(text)
    return json.dumps(text, ensure_ascii=False)
