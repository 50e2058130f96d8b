"""Names with values in one text: a connection string, a form, a cookie, lines of settings, or XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

from connector_contract.secrets.secret_names import WELL_KNOWN, is_secret_name

_PAIR = re.compile(
    r"\s*(?:export\s+|- )?[\"']?(?P<name>[A-Za-z_][\w.$ -]{0,63}?)[\"']?\s*=\s*(?P<value>(?!=)\S.*)",
    re.DOTALL,
)
_LINE = re.compile(
    r"\s*(?:export\s+|- )?[\"']?(?P<name>[A-Za-z_][\w.$ -]{0,63}?)[\"']?\s*(?:=|:\s)\s*(?P<value>(?!=)\S.*)"
)
_WORD = re.compile(r"\s*[\w-]*\s*")
_SEPARATORS = ("\n", ";", "&")
_ELEMENT = re.compile(r"<([\w:.-]{1,64})(?:\s[^<>]*)?>([^<>]+)</\1\s*>|\s([\w:.-]{1,64})=\"([^\"<>]*)\"")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What a connection string has beside its secret, by the last word of its name.
_PUBLIC = frozenset(
    {
        "address", "catalog", "database", "domain", "driver", "endpoint", "host", "hostname", "id", "name",
        "path", "port", "protocol", "provider", "region", "scope", "server", "source", "suffix", "tenant",
        "type", "uid", "uri", "url", "user", "username", "version",
    }
)  # fmt: skip


def assignments(text: str) -> list[tuple[str, str]]:
    """Name and value of each pair of a text that is nothing but such pairs; empty if it is anything else.

    Args:
        text: ``Server=db;Password=...``, ``client_id=a&client_secret=...``, ``session=...; Path=/``, lines of
            ``NAME=value`` or ``name: value``, or XML.
    """
    if text[:1] == "<" and text[-1:] == ">":
        return [*_elements(text)]
    separator = next((each for each in _SEPARATORS if each in text), ";")
    pattern = _LINE if separator == "\n" else _PAIR
    pieces = [piece for piece in text.split(separator) if piece.strip()]
    pairs = [found for piece in pieces if (found := pattern.fullmatch(piece)) is not None]
    if not pairs or any(pattern.fullmatch(each) is None and not _WORD.fullmatch(each) for each in pieces):
        return []
    return [(found["name"].strip(), _value(found["value"], separator)) for found in pairs]


def names_no_secret(name: str) -> bool:
    """Whether a name beside a secret says that its value is a user, a place or the like: ``AccountName``."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return words[-1:] != [] and words[-1] in _PUBLIC and not is_secret_name(name, WELL_KNOWN)


def _value(text: str, separator: str) -> str:
    # A digit sequence of base64 ends with "=", and has no name before that.
    value = text.strip()
    if separator == "&":
        return unquote_plus(value)
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _elements(text: str) -> Iterator[tuple[str, str]]:
    for found in _ELEMENT.finditer(text):
        element, content, attribute, value = found.groups()
        yield element or attribute, unescape(content or value or "").strip()
