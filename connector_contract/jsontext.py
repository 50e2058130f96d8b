"""JSON as the text that a server wrote: what reading and writing it again would lose is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

# A string, a bracket, a separator, or anything else (a number, a literal) up to the next of these.
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+')


def is_json_document(body: bytes) -> bool:
    """Whether a body is a JSON object or array in UTF-8."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(body.decode("utf-8"))
    except ValueError:
        return False
    return True


def indented(text: str) -> str:
    """A JSON text with a line a field.

    The tokens themselves are not touched: duplicate keys, long numbers and escapes stay as the server
    wrote them.
    """
    return "".join(_spaced(JSON_TOKEN.findall(text)))


def compact(text: str) -> str:
    """What ``indented`` was given, if that had no space between its tokens."""
    return _LINE_START.sub(r"\1", text)


def spaced(text: str) -> str:
    """What ``indented`` was given, if that had a space after each comma and colon, as Python writes it."""
    return _LINE_BREAK.sub("", _AFTER_COMMA.sub(", ", text))


# No string of a JSON text has a line break in it, so these are all between tokens.
_LINE_START = re.compile(r'\n *(?:("(?:[^"\\]|\\.)*":) )?')
_AFTER_COMMA = re.compile(r",\n *")
_LINE_BREAK = re.compile(r"\n *")


def _spaced(tokens: list[str]) -> Iterator[str]:
    depth = 0
    opened = False
    for part in tokens:
        closes = part in "]}"
        depth -= closes
        if (opened and not closes) or (closes and not opened):
            yield "\n" + "  " * depth
        yield part
        opened = part in "[{"
        depth += opened
        if part == ",":
            yield "\n" + "  " * depth
        elif part == ":":
            yield " "
