"""When is a request the recorded one? If it is none of them, which is nearest, and what differs?"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from urllib.parse import SplitResult, urlsplit

from connector_contract.recording.interactions import Request, form_of, query_of
from connector_contract.recording.scopes import with_sorted_scopes
from connector_contract.reporting.excerpts import excerpts

# How many characters of a value a message shows.
_LONGEST = 200


@dataclass(frozen=True)
class Difference:
    """One part of a request that is not as recorded.

    Attributes:
        part: ``method``, ``origin``, ``path``, ``query``, ``body`` or the name of a header.
        recorded: What the cassette says.
        made: What the connector sends now.
    """

    part: str
    recorded: str
    made: str

    def __str__(self) -> str:
        """The difference in one line."""
        recorded, made = excerpts(self.recorded, self.made, _LONGEST)
        return f"{self.part}: recorded {recorded}, now {made}"


def request_key(request: Request) -> Hashable:
    """What a request and a recorded one must have in common to be the same.

    Method, origin, path, query parameters whatever their order, headers, and the body, which is
    compared as JSON where it is JSON, and as pairs where it is a form: the values of one name in
    their order. OAuth scopes are a set.
    """
    return tuple(_parts(request).values())


class RequestKeys:
    """The keys of requests, each made once: what is played mostly equals what is recorded."""

    def __init__(self) -> None:
        self._known: dict[Request, Hashable] = {}

    def of(self, request: Request) -> Hashable:
        """What ``request_key`` gives."""
        key = self._known.get(request)
        if key is None:
            key = self._known[request] = request_key(request)
        return key


def differences(recorded: Request, made: Request) -> list[Difference]:
    """The parts in which ``made`` is not ``recorded``, a line for each query parameter or body field."""
    old, new = _parts(recorded), _parts(made)
    found: list[Difference] = []
    for part in old:
        if old[part] != new[part]:
            found.extend(_explain(part, old[part], new[part]))
    return found


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
        is_due = index in due and _endpoint(recorded[index]) == _endpoint(made)
        return request_key(recorded[index]) == key, is_due, equal, index in unplayed, likeness

    return max(range(len(recorded)), key=rank, default=None)


def _endpoint(request: Request) -> tuple[str, str]:
    return request.method, urlsplit(request.uri).path


def is_below(uri: str, origin: str) -> bool:
    """Whether a URI is at an origin, and below its path if it has one."""
    if uri.startswith(origin.rstrip("/") + "/"):
        return True
    url, base = urlsplit(uri), urlsplit(origin)
    prefix = base.path.rstrip("/")
    same = (url.scheme, url.hostname, _port(url)) == (base.scheme, base.hostname, _port(base))
    return same and (url.path == prefix or url.path.startswith(prefix + "/") or not prefix)


def _port(url: SplitResult) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _parts(request: Request) -> dict[str, Hashable]:
    request = with_sorted_scopes(request)
    url = urlsplit(request.uri)
    return {
        "method": request.method.upper(),
        "origin": f"{url.scheme}://{url.netloc}".lower(),
        # A placeholder that came with a response is encoded when it is sent in a path.
        "path": (url.path or "/").replace("%3C", "<").replace("%3E", ">"),
        "query": tuple(sorted(query_of(request.uri))),
        "headers": tuple(sorted(request.headers)),
        "body": _body(request),
    }


def _body(request: Request) -> Hashable:
    body = request.body
    if not body:
        return body
    try:
        value = json.loads(body)
    except ValueError:
        # Some clients call all that they send a form.
        return tuple(sorted(form_of(request), key=itemgetter(0))) or body
    return json.dumps(value, sort_keys=True)


def _likeness(recorded: Request, made: Request) -> tuple[int, float]:
    old, new = _parts(recorded), _parts(made)
    equal = sum(old[part] == new[part] for part in old)
    return equal, difflib.SequenceMatcher(None, str(recorded), str(made)).ratio()


def _explain(part: str, old: Any, new: Any) -> Iterator[Difference]:
    if part == "query":
        yield from _by_name("query ", old, new)
    elif part == "headers":
        yield from _by_name("header ", old, new)
    elif part == "body":
        yield from _explain_body(old, new)
    else:
        yield Difference(part, old, new)


def _by_name(
    prefix: str, old: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
) -> Iterator[Difference]:
    before, after = _grouped(old), _grouped(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Difference(prefix + name, before.get(name, "none"), after.get(name, "none"))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: ", ".join(map(repr, values)) for name, values in grouped.items()}


def _explain_body(old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from _by_name("form field ", old, new)
        return
    before, after = _flat(old), _flat(new)
    for path in [*before, *(path for path in after if path not in before)]:
        if before.get(path) != after.get(path):
            yield Difference(path, before.get(path, "none"), after.get(path, "none"))


def _flat(body: Any) -> dict[str, str]:
    """Each leaf of a JSON body by its path, the values of a form by their names, or any other body whole."""
    if isinstance(body, bytes):
        return {"body": repr(body)} if body else {}
    if isinstance(body, tuple):
        return {f"form field {name}": value for name, value in _grouped(body).items()}
    return dict(_leaves(json.loads(body), "body"))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)
