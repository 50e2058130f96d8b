"""What the upstream says now to the same requests, and said before."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from connector_contract.recording.interactions import Response
from connector_contract.recording.matching import endpoint
from connector_contract.reporting.excerpts import excerpts
from connector_contract.reporting.messages import counted
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Said
from connector_contract.storage.json_differences import ABSENT, differences, load_whole

# Of a value, a line shows so much.
_LONG = 60
# What the name of a field ends with that may be an id, where no value shows it.
_IDS = ("id", "key", "uid", "uuid")


@dataclass
class _Leaf:
    """One field of an endpoint's bodies, over all responses."""

    values: list[tuple[Any, Any]] = field(default_factory=list)
    scenarios: dict[str, str] = field(default_factory=dict)
    responses: set[tuple[str, int]] = field(default_factory=set)


_Part = tuple[str, str, Any, Any]
"""What has happened, to which part, the old value and the new."""

_RECORD = "a record of "
_LINE = "a line of the body"
# What may move to another page by itself.
_MOVABLE = (_RECORD, _LINE)
_ALONE = ("removed", "added")
# Before an element of XML, which often has no line of its own.
_ELEMENT = re.compile(r"(?<=>)\s*(?=<(?!/))")
# What no text has, and bytes of another kind soon do.
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f]")

_Leaves = dict[tuple[str, str, str], _Leaf]


def is_cut(scenario: Scenario) -> bool:
    """Whether a body that was JSON is none any more, though it is still called so: a part is missing."""
    return any(
        before.response.body != after.response.body
        and _is_json(before.response)
        and not _is_json(after.response)
        for before, after in scenario.pairs.equal
        # Of an answer without a body, nothing is missing.
        if after.response.body and "json" in _headers(after.response).get("content-type", "")
    )


def _is_json(response: Response) -> bool:
    try:
        load_whole(response.body)
    except (ValueError, RecursionError):
        return False
    return True


def upstream_changes(scenarios: Sequence[Scenario]) -> list[Said]:
    """A line for each way in which responses to the same requests have changed, the most frequent first.

    Args:
        scenarios: Those whose cassettes have changed.
    """
    leaves: _Leaves = {}
    for scenario in scenarios:
        for number, at, (what, path, old, new) in _paired(_unmoved(scenario)):
            # What is said in the head of a response is the same wherever it is said.
            leaf = leaves.setdefault(("" if path.startswith("the header ") else at, what, path), _Leaf())
            leaf.responses.add((scenario.file, number))
            leaf.values.append((old, new))
            leaf.scenarios[scenario.title] = scenario.file
    found = [*_renames(leaves), *(_said(at, what, path, leaf) for (at, what, path), leaf in leaves.items())]
    return sorted(found, key=lambda each: (-each.count, each.endpoint, each.text))


def _unmoved(scenario: Scenario) -> Iterator[tuple[int, str, _Part]]:
    """What differs in a scenario, without the records that have only moved to another page."""
    found = [
        (number, endpoint(after.request), part)
        for number, (before, after) in enumerate(scenario.pairs.equal)
        for part in _differing(before.response, after.response)
    ]
    alone = [(at, part) for _, at, part in found if part[1].startswith(_MOVABLE)]
    gone, come = (Counter(_record(at, part) for at, part in alone if part[0] == what) for what in _ALONE)
    moved = gone & come
    left = {what: moved.copy() for what in _ALONE}
    for number, at, part in found:
        if moved and part[1].startswith(_MOVABLE) and left[part[0]][record := _record(at, part)]:
            left[part[0]][record] -= 1
        else:
            yield number, at, part


def _paired(found: Iterable[tuple[int, str, _Part]]) -> Iterator[tuple[int, str, _Part]]:
    """The same; where a response has lost as many lines as it has got, each is another instead."""
    for (number, at), group in groupby(found, key=lambda each: each[:2]):
        parts = [part for _, _, part in group]
        gone, come = ([part for part in parts if part[:2] == (what, _LINE)] for what in _ALONE)
        if len(gone) == len(come):
            changed = [("changed", _LINE, one[2], other[3]) for one, other in zip(gone, come, strict=True)]
            parts = [*(part for part in parts if part[1] != _LINE), *changed]
        yield from ((number, at, part) for part in parts)


def _record(at: str, part: _Part) -> tuple[str, str, str]:
    what, path, old, new = part
    return at, path, json.dumps(old if what == "removed" else new, sort_keys=True)


def _differing(before: Response, after: Response) -> Iterator[_Part]:
    """What differs between two responses: what has happened, to which part, the old value and the new."""
    if before.status != after.status:
        yield "changed", "the status", before.status, after.status
    if before.reason != after.reason:
        yield "changed", "the reason", before.reason, after.reason
    olds, news = (_headers(each) for each in (before, after))
    for name in dict.fromkeys([*olds, *news]):
        if olds.get(name) != news.get(name):
            yield "changed", f"the header {name}", olds.get(name), news.get(name)
    if before.body == after.body:
        return
    try:
        one, other = load_whole(before.body), load_whole(after.body)
    except (ValueError, RecursionError):
        yield from _of_lines(before.body, after.body)
        return
    parts = list(_of_json(one, other, ""))
    if not parts and json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True):
        parts.append(("changed", "the body", _size(before.body), _size(after.body)))
    yield from parts


def _headers(response: Response) -> dict[str, str]:
    """The values of each header, of one that comes again all of them."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _size(body: bytes) -> str:
    return counted(len(body), "byte") if body else "nothing"


def _of_lines(before: bytes, after: bytes) -> Iterator[_Part]:
    """What differs between two bodies that are not both JSON, such as CSV or XML."""
    olds, news = _lines(before), _lines(after)
    if not olds or not news:
        yield "changed", "the body", _size(before), _size(after)
        return
    gone, come = (
        [*(Counter(one) - Counter(other)).elements()] for one, other in ((olds, news), (news, olds))
    )
    yield from (("removed", _LINE, line, None) for line in gone)
    yield from (("added", _LINE, None, line) for line in come)
    if not gone and not come:
        yield "changed", "the order of the body's lines, or its white space", None, None


def _lines(body: bytes) -> list[str]:
    """The lines of a text, an element of XML on one of its own; none of what is no text."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return []
    return [] if _NO_TEXT.search(text) else _ELEMENT.sub("\n", text).splitlines()


def _of_json(old: Any, new: Any, path: str) -> Iterator[_Part]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            below = f"{path}.{name}" if path else str(name)
            one, other = old.get(name, ABSENT), new.get(name, ABSENT)
            if one is ABSENT:
                yield "added", f"the field {below}", None, other
            elif other is ABSENT:
                yield "removed", f"the field {below}", one, None
            else:
                yield from _of_json(one, other, below)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new, f"{path}[]")
    elif list(differences(old, new)):
        yield "changed", f"the field {path or '(the whole body)'}", old, new


def _of_lists(old: list[Any], new: list[Any], path: str) -> Iterator[_Part]:
    name = _id_of(old, new)
    if name is None:
        if len(old) != len(new):
            yield "changed", f"the length of {path}", len(old), len(new)
        for one, other in zip(old, new, strict=False):
            yield from _of_json(one, other, path)
        return
    befores, afters = ({json.dumps(each[name]): each for each in items} for items in (old, new))
    for key in dict.fromkeys([*befores, *afters]):
        if key not in afters:
            yield "removed", f"{_RECORD}{path}", befores[key], None
        elif key not in befores:
            yield "added", f"{_RECORD}{path}", None, afters[key]
        else:
            yield from _of_json(befores[key], afters[key], path)
    if list(befores) != list(afters) and sorted(befores) == sorted(afters):
        yield "changed", f"the order of {path}", None, None


def _id_of(old: list[Any], new: list[Any]) -> str | None:
    """The field that tells the objects of two lists apart, and that most have in common."""
    every = [*old, *new]
    if not (every and all(isinstance(each, Mapping) for each in every)):
        return None
    names = [name for name in every[0] if all(isinstance(each.get(name), (str, int)) for each in every)]
    shared = {name: len(_values(old, name) & _values(new, name)) for name in names}
    ids = [name for name in names if all(len(_values(each, name)) == len(each) for each in (old, new))]
    # Of one object in each list, any field may be equal; one that is called an id says more.
    called = [name for name in ids if name.lower().endswith(_IDS)]
    likely = called or [name for name in ids if shared[name] > 1]
    return max(likely, key=lambda name: shared[name], default=None)


def _values(items: list[Any], name: str) -> set[str]:
    return {json.dumps(each[name]) for each in items}


def _renames(leaves: _Leaves) -> Iterator[Said]:
    """The fields that are gone and come again under another name, with equal values; it takes them out."""
    gone = [(at, path) for at, what, path in leaves if what == "removed" and path.startswith("the field ")]
    for at, path in gone:
        parent = path.rpartition(".")[0]
        old = leaves[at, "removed", path]
        for new_at, what, new_path in list(leaves):
            new = leaves[new_at, what, new_path]
            beside = new_at == at and what == "added" and new_path.rpartition(".")[0] == parent
            if beside and [one for one, _ in old.values] == [other for _, other in new.values]:
                del leaves[at, "removed", path], leaves[at, "added", new_path]
                text = f"{path} is now called {new_path.removeprefix('the field ')}"
                yield _made(text, at, old)
                break


def _said(at: str, what: str, path: str, leaf: _Leaf) -> Said:
    if what == "changed" and leaf.values[0] != (None, None):
        (old, new), *_ = leaf.values
        shown = " → ".join(_shown_pair(old, new))
        others = "" if all(each == (old, new) for each in leaf.values) else ", and other values"
        return _made(f"{path}: {shown}{others}", at, leaf)
    if path.startswith(_MOVABLE) and len(leaf.values) > 1:
        _, one, where = path.split(" ", 2)
        return _made(f"{len(leaf.values)} {one}s {where}: {what}", at, leaf)
    return _made(f"{path}: {what}", at, leaf)


def _made(text: str, at: str, leaf: _Leaf) -> Said:
    files = tuple(dict.fromkeys(leaf.scenarios.values()))
    return Said(text, at, len(leaf.responses), tuple(leaf.scenarios), files)


def _shown_pair(old: Any, new: Any) -> tuple[str, str]:
    one, other = ("none" if each is None else json.dumps(each, ensure_ascii=False) for each in (old, new))
    return excerpts(one, other, _LONG)
