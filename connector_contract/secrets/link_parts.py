"""Which parts of a URL a server has made up, such as the cursor in a link to the next page.

A connector follows the link, or takes the cursor out of it. An alias for the whole link would lead nowhere:
each made-up part has one of its own, and the link stays a link. The rest is what the connector has asked for,
which the server repeats, or names that the API has for its parts, which are words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, unquote_plus

from connector_contract.recording.interactions import Request
from connector_contract.secrets.request_values import request_value

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_QUERY_ALONE = re.compile(r"[\w$.\[\]%-]+=")
# The targets of a header "Link": <https://api.example.com/users?after=b>; rel="next".
_LINK_HEADER = re.compile(r"\s*<[^<>]*>\s*(?:[;,]|\Z)")
_TARGET = re.compile(r"<([^<>]*)>")

# How often a link may be percent-encoded as a whole.
_MOST_ENCODED = 2

# What people name parts of an API: "users", "createdAt", "next-page", "users.json", "users:search", "v2".
_WORDS = r"(?:[A-Z]?[a-z]{2,15}|[a-z])(?:[A-Z][a-z]{2,15})*(?:[A-Z][a-z])?|[A-Z]+"
_NAME = re.compile(rf"(?:{_WORDS})(?:[-_.:,](?:{_WORDS}))*|v?\d{{1,3}}(?:\.\d{{1,3}})*")
_LONGEST_NAME = 24
# What goes under the name of a cursor is one, even if it happens to look like a word, unless it is short.
_LONGEST_WORD = 6
# What tokens are made of, under whatever name. A filter has spaces, or brackets; an address has an "@".
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=:|,!*-]+")
# Names of parameters, in lower case: "nextPageToken", "starting_after", "$skip"; and "per_page", "$top".
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CURSOR = re.compile(
    "(?:after|before|from|last|next|page|position|seek|since|skip|start|until).*"
    "|.*(?:bookmark|continu|cursor|marker|offset|scroll|token).*"
)
_SIZE = re.compile(
    "first|last|top|num|per page|max .*|(?:.* )?(?:count|max|[a-z]*(?:limit|perpage|results|rows|size|total))"
)

# A shorter number is too likely to be something else as well: a page, its size, a count.
_SHORTEST_NUMBER = 4


def link_parts(value: str, asked: Request | None = None) -> list[tuple[str, ...]] | None:
    """The parts of a URL, a path or a header ``Link`` that a server has made up.

    Args:
        value: Any value; a link may be absolute or relative, and percent-encoded as a whole.
        asked: The request that it came in the response to: what that has in it was not made up.

    Returns:
        Each part in every spelling in which a connector may take it out of the link, decoded first. ``None``
        if the value is no link: it may be made up as a whole.
    """
    own = _texts_of(asked)
    targets = _TARGET.findall(value) if _LINK_HEADER.match(value) else [value]
    found = [parts for target in targets if (parts := _of_link(target, own)) is not None]
    return list(dict.fromkeys(part for parts in found for part in parts)) if found else None


def _of_link(value: str, own: Collection[str]) -> list[tuple[str, ...]] | None:
    for _ in range(_MOST_ENCODED + 1):
        if (split := _split(value, own)) is not None:
            path, query = split
            return [*_of_path(path, own), *_of_query(query, own)]
        if "%" not in value:
            break
        value = unquote(value)
    return None


def _split(value: str, own: Collection[str]) -> tuple[str, str] | None:
    """Path and query of a URL or a relative one; ``None`` if a value is neither."""
    absolute = _ABSOLUTE.match(value)
    path, mark, query = value[absolute.end() if absolute else 0 :].partition("#")[0].partition("?")
    if absolute:
        return path, query
    first = path.removeprefix("/").partition("/")[0]
    # Some cursors begin with a slash by chance, but hardly any goes on like a path.
    if path.startswith("/"):
        return (path, query) if first == "" or _is_known(unquote(first), own) else None
    is_relative = mark and _QUERY_ALONE.match(query) and (not path or _is_known(unquote(first), own))
    return (path, query) if is_relative else None


def _of_path(path: str, own: Collection[str]) -> Iterator[tuple[str, ...]]:
    for segment in path.split("/"):
        text = unquote(segment)
        # "users('ann')" and an e-mail address say what is asked for.
        if segment and not _is_known(text, own) and not re.search("[(@]", text):
            yield _spellings(text, segment)


def _of_query(query: str, own: Collection[str]) -> Iterator[tuple[str, ...]]:
    for field in query.split("&"):
        name, _, spelled = field.partition("=")
        text = unquote_plus(spelled)
        if not text or text in own or is_short_number(text):
            continue
        if (nested := _of_link(text, own)) is not None:
            yield from nested
        elif _is_made_up(unquote(name), text):
            yield _spellings(text, unquote(spelled), spelled)


def _is_made_up(name: str, text: str) -> bool:
    """Whether a parameter that the connector has not sent is a cursor or the like, and not the API's own."""
    words = [word.lower() for word in _WORD.findall(name)]
    if _SIZE.fullmatch(" ".join(words)):
        return False
    if any(map(_CURSOR.fullmatch, words)):
        return not (len(text) <= _LONGEST_WORD and text.isalpha())
    return _TOKEN.fullmatch(text) is not None and not _is_name(text)


def _is_known(text: str, own: Collection[str]) -> bool:
    return text in own or _is_name(text) or is_short_number(text)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def is_short_number(text: str) -> bool:
    """Whether a text is a number that may be anything."""
    return text.isdigit() and len(text) < _SHORTEST_NUMBER


def _spellings(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _texts_of(request: Request | None) -> frozenset[str]:
    """What a request says: the segments of its path, and the values of its query and body."""
    if request is None:
        return frozenset()
    absolute = _ABSOLUTE.match(request.uri)
    path = request.uri[absolute.end() if absolute else 0 :].partition("?")[0]
    value = request_value(request)
    return frozenset([*map(unquote, path.split("/")), *_leaves([value["query"], value["body"]])])


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None:
        yield str(value)
