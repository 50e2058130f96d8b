"""How often each call asks for each kind of path."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from connector_contract.recording.open_call import OpenCall


def request_counts(calls: Iterable[OpenCall]) -> dict[str, list[dict[str, int]]]:
    """For each capability, and each of its calls, how often it asked for each kind of path.

    Paths of one kind differ in one segment, which is an id: it is in what Lumos asked, or in a response of
    the upstream. So ``/users/1/roles`` and ``/users/2/roles`` are both ``/users/*/roles``.
    """
    counts: dict[str, list[dict[str, int]]] = defaultdict(list)
    for call in calls:
        if interactions := call.interactions:
            paths = [urlsplit(interaction.request.uri).path for interaction in interactions]
            counts[call.capability].append(dict(_kinds(paths, _KnownIds(call))))
    return dict(counts)


class _KnownIds:
    """What may be an id in the path of a request: the texts of what was asked, and of the responses."""

    def __init__(self, call: OpenCall) -> None:
        asked = json.dumps(call.asked).encode()
        self._texts = [asked, *(interaction.response.body for interaction in call.interactions)]

    def __contains__(self, segment: str) -> bool:
        value = re.compile(rb"(?<![\w-])" + re.escape(unquote(segment).encode()) + rb"(?![\w-])")
        return any(value.search(text) for text in self._texts)


def _kinds(paths: Sequence[str], ids: _KnownIds) -> Counter[str]:
    if len(set(paths)) == 1:
        return Counter(paths)
    kinds = _varying(set(paths), ids)
    return Counter(kinds[path] for path in paths)


def _varying(paths: set[str], ids: _KnownIds) -> dict[str, str]:
    """Each path with a ``*`` for the one segment in which several of them differ."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        for kind in _with_one_star(path, ids):
            by_kind[kind].add(path)
    found: dict[str, str] = {}
    for kind, members in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(members) > 1:
            for path in members:
                found.setdefault(path, kind)
    return {path: found.get(path, path) for path in paths}


def _with_one_star(path: str, ids: _KnownIds) -> Iterable[str]:
    segments = path.split("/")
    for index in range(1, len(segments)):
        if segments[index] and segments[index] in ids:
            yield "/".join([*segments[:index], "*", *segments[index + 1 :]])
