"""URIs piece by piece: each segment of a path, and each name and value of a query, encoded as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote, unquote_plus

_ORIGIN = re.compile(r"[^:/?#]+://[^/?#]*")
_PIECE = re.compile(r"[^/?&=#]+")
_BARE = re.compile(r"[^\w%]", re.ASCII)
_LOWER = re.compile(r"%(?:[0-9][a-f]|[a-f][0-9a-f])")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def path_of(uri: str) -> str:
    """A URI from its path on."""
    found = _ORIGIN.match(uri)
    return uri if found is None else uri[found.end() :]


def segments(uri: str) -> list[str]:
    """The segments of a path, decoded."""
    path = path_of(uri).partition("?")[0].partition("#")[0]
    return [unquote(segment) for segment in path.split("/") if segment]


def with_pieces(uri: str, change: Callable[[str, str], str]) -> str:
    """A URI with each piece changed from its path on.

    Args:
        uri: The URI.
        change: Has what a piece becomes, given the parameter or segment before it, and itself, decoded.
    """
    rest = path_of(uri)
    start = len(uri) - len(rest)
    shown, end, before = [uri[:start]], 0, ""
    query = rest.find("?")
    for found in _PIECE.finditer(rest):
        between = rest[end : found.start()]
        in_query = 0 <= query < found.start()
        is_value = not in_query or between.endswith("=")
        shown += [between, _changed(found[0], before if is_value else "", change, in_query)]
        before, end = unquote(found[0]), found.end()
    return "".join([*shown, rest[end:]])


def percent_encoded_as(spelled: str, text: str, *, plus: bool = False) -> str:
    """A text, percent-encoded as another one is.

    Args:
        spelled: The other one.
        text: The text.
        plus: Whether a plus is a space.
    """
    bare = "".join(set(_BARE.findall(spelled)) - ({"+"} if plus else set()))
    shown = quote(text, safe=bare, errors="surrogatepass")
    if not spelled.isascii():
        shown = re.sub(r"(?:%[89A-F][0-9A-F])+", lambda found: unquote(found[0]), shown)
    if plus and "+" in spelled:
        shown = shown.replace("%20", "+")
    if _LOWER.search(spelled):
        shown = _ESCAPE.sub(lambda found: found[0].lower(), shown)
    return shown


def _changed(piece: str, before: str, change: Callable[[str, str], str], in_query: bool) -> str:
    try:
        plain = unquote_plus(piece, errors="strict") if in_query else unquote(piece, errors="strict")
    except UnicodeDecodeError:
        return piece
    made = change(before, plain)
    return piece if made == plain else percent_encoded_as(piece, made, plus=in_query)
