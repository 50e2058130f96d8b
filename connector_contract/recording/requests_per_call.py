"""How often each call asks for each kind of path."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol
from urllib.parse import unquote, urlsplit

from connector_contract.config import Json
from connector_contract.recording.interactions import Interaction

# Two paths of a kind are no list and its records: calls of fewer are not looked into.
_FEW = 3
_WORD = re.compile(rb'[\w-]+(?![\w-]|"\s*:)')
_TEXT = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(\s*:)?')


class Asks(Protocol):
    """A call, as far as it says what it asked its upstream for."""

    @property
    def capability(self) -> str:
        """What is called."""

    @property
    def asked(self) -> Json:
        """What Lumos asked."""

    @property
    def interactions(self) -> Sequence[Interaction]:
        """What it took."""


def request_counts(calls: Iterable[Asks]) -> dict[str, list[dict[str, int]]]:
    """For each capability, and each of its calls, how often it asked for each kind of path.

    Paths of one kind differ in one segment, which is an id: it is in what Lumos asked, or in a response of
    the upstream. So ``/users/1/roles`` and ``/users/2/roles`` are both ``/users/*/roles``.
    """
    counts: dict[str, list[dict[str, int]]] = defaultdict(list)
    for call in calls:
        if interactions := call.interactions:
            paths = [urlsplit(interaction.request.uri).path for interaction in interactions]
            counts[call.capability].append(dict(_kinds(paths, call)))
    return dict(counts)


def _kinds(paths: Sequence[str], call: Asks) -> Counter[str]:
    different = set(paths)
    if len(different) < _FEW:
        return Counter(paths)
    kinds = _varying(different, _ids(different, call))
    return Counter(kinds[path] for path in paths)


def _ids(paths: set[str], call: Asks) -> set[str]:
    """The segments of paths that may be ids: a call was asked about them, or was told them."""
    segments = {segment for path in paths for segment in path.split("/") if segment}
    wanted = {unquote(segment).encode(): segment for segment in segments}
    found = _said(json.dumps(call.asked, ensure_ascii=False).encode("utf-8", "replace")) & wanted.keys()
    for interaction in call.interactions:
        # The response to a request about something names it, too.
        own = unquote(urlsplit(interaction.request.uri).path).encode().split(b"/")
        found |= (_said(interaction.response.body) & wanted.keys()).difference(own)
    return {wanted[each] for each in found}


def _said(text: bytes) -> set[bytes]:
    """Each word, and each text of JSON as a whole, but for the names of fields."""
    whole = (found[1] for found in _TEXT.finditer(text) if found[2] is None)
    return {*_WORD.findall(text), *whole}


def _varying(paths: set[str], ids: set[str]) -> dict[str, str]:
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


def _with_one_star(path: str, ids: set[str]) -> Iterable[str]:
    segments = path.split("/")
    for index in range(1, len(segments)):
        if segments[index] in ids:
            yield "/".join([*segments[:index], "*", *segments[index + 1 :]])
