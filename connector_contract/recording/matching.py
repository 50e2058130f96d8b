"""When is a request the recorded one? If it is none of them, which is nearest, and what differs?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector_contract.recording.header_meaning import meant
from connector_contract.recording.interactions import Headers, Request
from connector_contract.recording.request_bodies import fields, headers_of, said, spelled
from connector_contract.recording.request_codings import decoded
from connector_contract.recording.scopes import with_sorted_scopes
from connector_contract.recording.urls import encoded_pairs, parsed, shown, shown_name
from connector_contract.reporting.excerpts import excerpts
from connector_contract.secrets.set_cookie import sent_cookies

# How many characters of a value a message shows.
_LONGEST = 200
_MOVING = re.compile(r"""(["'])<(?:now|start of|end of)\b[^<>]*>\1""")

# What an id of an application looks like in a path, or a page of it: words have neither.
_ID = re.compile(r"[^/]*(?:\d|%|@)[^/]*")

# How the paths go on from an empty object or list of JSON to what is in it.
_EMPTY = {"{}": ".", "[]": "["}

_Fields = Iterable[tuple[str, str]]
"""What a part of a request says, by names, as messages show it."""


@dataclass(frozen=True)
class Difference:
    """One part of a request that is not as recorded.

    Attributes:
        part: ``method``, ``origin``, ``path``, ``query``, ``body``, a header or a cookie, with its name.
        recorded: What the cassette says.
        made: What the connector sends now.
    """

    part: str
    recorded: str
    made: str

    def __str__(self) -> str:
        """The difference in one line."""
        return self.told("recorded", "now")

    def told(self, one: str, other: str) -> str:
        """The difference in one line, with words for the two requests."""
        recorded, made = map(_with_plain_time, excerpts(self.recorded, self.made, _LONGEST))
        return f"{self.part}: {one} {recorded}, {other} {made}"


def request_key(request: Request) -> Hashable:
    """What a request and a recorded one must have in common to be the same.

    Method, origin, path, query parameters, headers, and what the body says in no content coding: as JSON
    where it is JSON, as pairs where it is a form, by its parts where it is multipart. Parameters and fields
    may come in any order, the values of one name in theirs, and so may cookies. OAuth scopes are a set.
    """
    return tuple(_parts(_comparable(request)).values())


class RequestKeys:
    """The keys of requests, each made once: what is played mostly equals what is recorded.

    Args:
        key: What equal requests have in common.
    """

    def __init__(self, key: Callable[[Request], Hashable] = request_key) -> None:
        self._key = key
        self._known: dict[Request, Hashable] = {}

    def of(self, request: Request) -> Hashable:
        """What equal requests have in common with one."""
        key = self._known.get(request)
        if key is None:
            key = self._known[request] = self._key(request)
        return key


def differences(recorded: Request, made: Request) -> list[Difference]:
    """The parts in which ``made`` is not ``recorded``, a line for each query parameter or body field."""
    recorded, made = _comparable(recorded), _comparable(made)
    old, new = _parts(recorded), _parts(made)
    found: list[Difference] = []
    for part in old:
        if old[part] != new[part]:
            found.extend(_explain(part, recorded, made))
    return found


def endpoint(request: Request) -> str:
    """Method and path of a request, with ``*`` in place of what looks like an id."""
    path = urlsplit(request.uri).path or "/"
    kinds = (
        "*" if _ID.fullmatch(each) and not re.fullmatch(r"v\d+", each) else each for each in path.split("/")
    )
    return f"{request.method} {'/'.join(kinds)}"


def nearest(
    recorded: Sequence[Request], made: Request, unplayed: Collection[int], due: Collection[int] = ()
) -> int | None:
    """The index of the recorded request that has most in common with ``made``; ``None`` if there are none.

    Slow, and free to be: it runs once, for the message of a failure.

    Args:
        recorded: What the cassette has.
        made: What the connector sends.
        unplayed: Indices to prefer among those that are equally near.
        due: Indices that the call which asks has recorded, and not asked for yet: one for the same path
            is the nearest.
    """
    key = request_key(made)

    def rank(index: int) -> tuple[bool, bool, int, bool, float]:
        equal, likeness = _likeness(recorded[index], made)
        is_due = index in due and _path_of(recorded[index]) == _path_of(made)
        return request_key(recorded[index]) == key, is_due, equal, index in unplayed, likeness

    return max(range(len(recorded)), key=rank, default=None)


def _path_of(request: Request) -> tuple[str, str]:
    return request.method, urlsplit(request.uri).path


def is_below(uri: str, origin: str) -> bool:
    """Whether a URI is at an origin, and below its path if it has one."""
    if uri.startswith(origin.rstrip("/") + "/") and "/." not in uri and "/%" not in uri:
        return True
    url, base = parsed(uri), parsed(origin)
    prefix = base.path.rstrip("/")
    return url.origin == base.origin and (url.path == prefix or url.path.startswith(prefix + "/"))


def _comparable(request: Request) -> Request:
    return with_sorted_scopes(decoded(request))


def _parts(request: Request) -> dict[str, Hashable]:
    """The parts of a request that is comparable."""
    origin, path, query = parsed(request.uri)
    body = said(request)
    return {
        "method": request.method.upper(),
        "origin": origin,
        "path": path,
        "query": query,
        "headers": _said_by(meant(headers_of(request, body.kind))),
        "body": body,
    }


def _said_by(headers: Headers) -> Headers:
    """What headers say that are in the order of their names; those of cookies have one pair each."""
    if not any(name == "cookie" for name, _ in headers):
        return headers
    others = (pair for pair in headers if pair[0] != "cookie")
    return (*others, *sorted(_cookies(headers), key=lambda pair: pair[0]))


def _cookies(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name == "cookie":
            yield from ((f"cookie {cookie}", text) for cookie, text in sent_cookies(value))


def _likeness(recorded: Request, made: Request) -> tuple[int, float]:
    old, new = _parts(_comparable(recorded)), _parts(_comparable(made))
    equal = sum(old[part] == new[part] for part in old)
    return equal, difflib.SequenceMatcher(None, str(recorded), str(made)).ratio()


def _explain(part: str, old: Request, new: Request) -> Iterator[Difference]:
    if part == "query":
        yield from _explain_query(old, new)
    elif part == "headers":
        yield from _explain_headers(old, new)
    elif part == "body":
        yield from _explain_body(old, new)
    else:
        before, after = (str(_parts(each)[part]) for each in (old, new))
        yield Difference(part, _with_placeholders(before), _with_placeholders(after))


def _explain_headers(old: Request, new: Request) -> Iterator[Difference]:
    before, after = (headers_of(each, said(each).kind) for each in (old, new))
    # Beside what differs, another spelling says nothing.
    names = {name for name, _ in set(_said_by(meant(before))) ^ set(_said_by(meant(after)))}
    yield from _by_name(_headers(before, names), _headers(after, names))


def _headers(headers: Headers, names: Collection[str]) -> _Fields:
    others = ((f"header {name}", value) for name, value in headers if name != "cookie" and name in names)
    cookies = (pair for pair in _cookies(headers) if pair[0] in names)
    return [(name, repr(value)) for name, value in (*others, *cookies)]


def _with_plain_time(shown: str) -> str:
    """A value without quotes, if it is a time that moves with the clock: there is no such text."""
    return shown[1:-1] if _MOVING.fullmatch(shown) else shown


def _with_placeholders(text: str) -> str:
    """A path with its placeholders as they are elsewhere: it has what a response handed out encoded."""
    return text.replace("%3C", "<").replace("%3E", ">")


def _explain_query(old: Request, new: Request) -> list[Difference]:
    found = list(_by_name(_query(old), _query(new)))
    # Nothing but the spelling shows some differences, such as that of ";" and "%3B".
    return found or list(_by_name(_spelled_query(old), _spelled_query(new)))


def _query(request: Request) -> _Fields:
    return [(f"query {shown_name(name)}", shown(value)) for name, value in parsed(request.uri).query]


def _spelled_query(request: Request) -> _Fields:
    query = urlsplit(request.uri).query
    return [(f"query {shown_name(name)}", repr(value)) for name, value in encoded_pairs(query)]


def _explain_body(old: Request, new: Request) -> list[Difference]:
    found = list(_by_name(fields(old), fields(new)))
    return found or list(_by_name(spelled(old), spelled(new)))


def _by_name(old: _Fields, new: _Fields) -> Iterator[Difference]:
    before, after = _grouped(old), _grouped(new)
    before, after = _but_filled(before, after), _but_filled(after, before)
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name, "none"), after.get(name, "none"))


def _but_filled(fields: dict[str, str], others: dict[str, str]) -> dict[str, str]:
    """Fields without the empty objects and lists of JSON that have something in them in the others."""
    return {
        name: value
        for name, value in fields.items()
        if value not in _EMPTY or not any(other.startswith(name + _EMPTY[value]) for other in others)
    }


def _grouped(pairs: _Fields) -> dict[str, str]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: ", ".join(values) for name, values in grouped.items()}
