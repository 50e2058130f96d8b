"""What a scenario asks the connector for now, and asked before: its calls, those of a walk as one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from connector_contract.recording.call import Call
from connector_contract.review.answers import asked_text
from connector_contract.review.asked import Scenario
from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import ASKS, SIZE, STOP, TOKEN
from connector_contract.review.severity import CALL
from connector_contract.review.walks import token_of, walks_of


class _Walk(NamedTuple):
    """The calls that walk through a list, or one call.

    Attributes:
        capability: Its name.
        asked: What it was asked with, but for its pages, as JSON.
        page: With which pages, but for their tokens, as JSON.
    """

    capability: str
    asked: str
    page: str


def call_changes(scenario: Scenario) -> Iterator[Difference]:
    """The calls that a scenario makes with something else now, more or less often, or in another order."""
    if not are_known(scenario):
        return
    olds, news = (list(_walks(each.calls)) for each in (scenario.before, scenario.after))
    before, after = ([walk for walk, _ in side] for side in (olds, news))
    firsts = {**dict(reversed(olds)), **dict(reversed(news))}
    gone, come = (list((Counter(a) - Counter(b)).elements()) for a, b in ((before, after), (after, before)))
    # Asked with the same in other pages, or else for the same with something else.
    for length in (2, 1):
        for old, new in _pairs(gone, come, length):
            gone.remove(old)
            come.remove(new)
            yield _changed(scenario, old, new, firsts)
    for what, walks in ((What.REMOVED, gone), (What.ADDED, come)):
        for number, walk in enumerate(walks, 1):
            made = _of_call(scenario, firsts[walk], what, CALL)
            yield replace(made, record=f"{scenario.title}: {number}. {made.request}")
    if before != after and Counter(before) == Counter(after):
        orders = [", ".join(each.capability for each in side) for side in (before, after)]
        if orders[0] == orders[1]:
            orders = [
                ", ".join(str(_of_call(scenario, firsts[each], What.CHANGED, ASKS).request) for each in side)
                for side in (before, after)
            ]
        yield _of_scenario(scenario, Request("", "", scenario.title), *orders)
    yield from _stops(scenario)
    yield from _tokens(scenario)


def _tokens(scenario: Scenario) -> Iterator[Difference]:
    """The page tokens that the connector has given otherwise, each walk's first one."""
    befores, afters = (walks_of(each.calls) for each in (scenario.before, scenario.after))
    for asked, olds in befores.items():
        for old, new in zip(olds, afters.get(asked, ()), strict=False):
            pairs = ((token_of(one), token_of(other), other) for one, other in zip(old, new, strict=False))
            first = next((each for each in pairs if each[0] != each[1]), None)
            if first is not None and _walk_of(old[0]) == _walk_of(new[0]):
                made = _of_call(scenario, first[2], What.CHANGED, TOKEN)
                yield replace(made, kind=Kind.PAGE, old=first[0], new=first[1])


def are_known(scenario: Scenario) -> bool:
    """Whether both cassettes say which calls there were; those of an earlier form do not."""
    return all((each.form or 1) > 1 for each in (scenario.before, scenario.after))


def _walks(calls: Iterable[Call]) -> Iterator[tuple[_Walk, Call]]:
    """The first call of each walk."""
    seen = set()
    for call in calls:
        walk = _walk_of(call)
        # Tokens are the connector's own: a call with one goes on with a walk, if there is one.
        if not (call.asked.get("page") or {}).get("token") or walk not in seen:
            seen.add(walk)
            yield walk, call


def _walk_of(call: Call) -> _Walk:
    page = {name: value for name, value in (call.asked.get("page") or {}).items() if name != "token"}
    asked = {name: value for name, value in call.asked.items() if name != "page"}
    return _Walk(call.capability, _text(asked), _text(page))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _pairs(gone: Sequence[_Walk], come: Sequence[_Walk], length: int) -> list[tuple[_Walk, _Walk]]:
    """Those that have their first values in common, in their order."""
    news: dict[tuple[str, ...], list[_Walk]] = defaultdict(list)
    for walk in come:
        news[walk[:length]].append(walk)
    return [(walk, news[walk[:length]].pop(0)) for walk in gone if news[walk[:length]]]


def _changed(scenario: Scenario, old: _Walk, new: _Walk, firsts: Mapping[_Walk, Call]) -> Difference:
    if old[:2] == new[:2]:
        before, after = (json.loads(each.page) or None for each in (old, new))
        made = _of_call(scenario, firsts[new], What.CHANGED, SIZE)
        return replace(made, kind=Kind.PAGE, old=before, new=after)
    request = _of_call(scenario, firsts[new], What.CHANGED, ASKS).request
    return _of_scenario(scenario, request, *(f"{each.capability} {each.asked}" for each in (old, new)))


def _of_call(scenario: Scenario, call: Call, what: What, field: str) -> Difference:
    request = Request(call.capability, asked_text(call), scenario.title)
    return Difference(Kind.OTHER, what, field, None, None, request, scenario.file)


def _of_scenario(scenario: Scenario, request: Request, old: str, new: str) -> Difference:
    return Difference(Kind.OTHER, What.CHANGED, ASKS, old, new, request, scenario.file, scenario.title)


def _stops(scenario: Scenario) -> Iterator[Difference]:
    """The walks that are stopped at another page, or not at all."""
    before, after = (_stopped(each.calls) for each in (scenario.before, scenario.after))
    for walk in [each for each in before if each in after and before[each] != after[each]]:
        call = next(call for each, call in _walks(scenario.after.calls) if each == walk)
        made = _of_call(scenario, call, What.CHANGED, STOP)
        old, new = (_end(each[walk]) for each in (before, after))
        yield replace(made, kind=Kind.PAGE, old=old, new=new)


def _end(stops: Sequence[int]) -> str:
    return f"after page {', '.join(map(str, stops))}" if stops else "after the last page"


def _stopped(calls: Iterable[Call]) -> dict[_Walk, list[int]]:
    """After which pages each walk is stopped."""
    found: dict[_Walk, list[int]] = {}
    for call in calls:
        pages = found.setdefault(_walk_of(call), [])
        pages += [] if call.stopped_after is None else [call.stopped_after]
    return found


def are_same(scenario: Scenario, told: Collection[str] = ()) -> bool:
    """Whether the calls of both cassettes are the same, but for page tokens and the numbers of requests.

    Args:
        scenario: The cassettes.
        told: The snapshots that say how their calls end.
    """
    if not are_known(scenario):
        return True
    before, after = (list(_without_told(each.calls, told)) for each in (scenario.before, scenario.after))
    return before == after


def _without_told(calls: Iterable[Call], told: Collection[str]) -> Iterator[tuple[object, ...]]:
    """What counts of each call; of a walk that a snapshot tells, only that it is made."""
    last = None
    for call in calls:
        is_told = not set(call.snapshots).isdisjoint(told)
        counts = (_walk_of(call), None if is_told else call.outcome, call.snapshots, call.stopped_after)
        if not is_told or counts != last:
            yield counts
        last = counts
