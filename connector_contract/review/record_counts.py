"""How many records a list has: told only where the records themselves do not say it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from connector_contract.review.change import Difference, What
from connector_contract.review.differences import COUNT, TWICE

_List = tuple[str, str, str, What]
"""The lists of one capability in a project that are asked for with the same, and whether they have more."""

_PAGES = re.compile(r"in pages of \d+ ?")


def told_once(found: Sequence[Difference]) -> list[Difference]:
    """The differences without what records say better: how many a list has."""
    told: dict[_List, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in found:
        for what, times in _more_or_less(one):
            # A record may be gone from several lists, and is one in each.
            records = told[_list(one, what)]
            records[one.identity] = max(records[one.identity], times)
    left: list[Difference] = []
    counts: list[Difference] = []
    for one in found:
        is_told = one.field == COUNT and told[_list(one, _more(one))].total() >= abs(one.new - one.old)
        (counts if is_told else left).append(one)
    return _with_counts(left, counts)


def _with_counts(found: Sequence[Difference], counts: Sequence[Difference]) -> list[Difference]:
    """The differences; one of a record that is told has the file, too, that only says how many there are."""
    tells: dict[tuple[_List, str], int] = {}
    for index, one in enumerate(found) if counts else ():
        for what, _ in _more_or_less(one):
            for scenario in (one.request.scenario, ""):
                tells.setdefault((_list(one, what), scenario), index)
    also: dict[int, list[str]] = {}
    for one in counts:
        which = _list(one, _more(one))
        index = tells.get((which, one.request.scenario), tells[which, ""])
        also.setdefault(index, []).append(one.file)
    return [
        replace(one, also_in=tuple(also[index])) if index in also else one for index, one in enumerate(found)
    ]


def _more(one: Difference) -> What:
    """Whether there are more or fewer of something now."""
    return What.REMOVED if one.new < one.old else What.ADDED


def _more_or_less(one: Difference) -> Iterator[tuple[What, int]]:
    """How many times a list has a record more, or less, by a difference."""
    if one.what is not What.CHANGED and not one.field:
        yield one.what, 1
    elif one.field == TWICE:
        yield _more(one), abs(one.new - one.old)


def _list(one: Difference, what: What) -> _List:
    return one.project, one.request.capability, _PAGES.sub("", one.request.asked), what
