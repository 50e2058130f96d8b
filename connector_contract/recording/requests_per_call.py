"""How often each call asks for each kind of path."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import unquote, urlsplit

from connector_contract.recording.open_call import OpenCall


def request_counts(calls: Iterable[OpenCall]) -> dict[str, list[dict[str, int]]]:
    """For each capability, and each of its calls, how often it asked for each kind of path.

    Paths of one kind differ in one segment, which is an id: something that was asked about, or that the
    upstream has said. So ``/users/1/roles`` and ``/users/2/roles`` are both ``/users/*/roles``.
    """
    counts: dict[str, list[dict[str, int]]] = defaultdict(list)
    for call in calls:
        if call.said:
            counts[call.capability].append(dict(_kinds(_paths(call), _KnownIds(call))))
    return dict(counts)


def _paths(call: OpenCall) -> Counter[str]:
    """How often a call asked for each path."""
    # Page after page of one list is one path, of which one is taken apart.
    without_query = Counter(interaction.request.uri.partition("?")[0] for _, interaction in call.said)
    paths: Counter[str] = Counter()
    for uri, times in without_query.items():
        paths[urlsplit(uri).path] += times
    return paths


class _KnownIds:
    """What may be an id in the path of a request: what a call was asked about, and what it was told."""

    def __init__(self, call: OpenCall) -> None:
        self._call = call

    def __contains__(self, segment: str) -> bool:
        value = re.compile(rb"(?<![\w-])" + re.escape(unquote(segment).encode()) + rb"(?![\w-])")
        return any(value.search(text) for text in self._texts)

    @cached_property
    def _texts(self) -> list[bytes]:
        asked = json.dumps(self._call.asked).encode()
        return [asked, *(interaction.response.body for _, interaction in self._call.said)]


def _kinds(paths: Counter[str], ids: _KnownIds) -> Counter[str]:
    if len(paths) == 1:
        return paths
    kinds = _varying(set(paths), ids)
    counts: Counter[str] = Counter()
    for path, times in paths.items():
        counts[kinds[path]] += times
    return counts


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
