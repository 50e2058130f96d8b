"""One change is one line, however many scenarios show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector_contract.review.change import Change, Difference, Kind, NewId, What
from connector_contract.review.differences import ASKS, OUTCOME, STATUSES
from connector_contract.review.explanations import canonical, explained, part_replaced, replacement
from connector_contract.review.new_ids import new_id_of
from connector_contract.review.severity import SCENARIO, is_text, judged

# Of so many different pairs of values in a field, each has its own line; more are told in one. Where each
# record has a value of its own, these are fewer.
_PAIRS, _FEW = 6, 2
_INDEX = re.compile(r"\[\d+]")
_COUNT = re.compile(r" with \d+ records?$")

StillIn = Mapping[tuple[Kind, tuple[str, str]], Sequence[str]]
"""What else is still answered with a record, by its kind and its identity."""


def grouped(found: Iterable[Difference], still_in: StillIn) -> list[Change]:
    """The changes that differences amount to, the worst first.

    Args:
        found: All differences.
        still_in: Where records that are gone are still found.
    """
    groups: dict[tuple[Any, ...], list[Difference]] = {}
    followers: dict[NewId, list[Difference]] = {}
    for one in found:
        if one.follows is None:
            groups.setdefault(_alike(one), []).append(one)
        else:
            followers.setdefault(one.follows, []).append(one)
    changes = [change for members in groups.values() for change in _changes(members, still_in)]
    changes = [_with_followers(change, followers) for change in changes] if followers else changes
    # What follows nothing that is shown is a change by itself.
    alone = [one for members in followers.values() for one in members]
    changes += grouped([replace(one, follows=None) for one in alone], still_in) if alone else []
    return sorted(changes, key=lambda each: (each.severity.rank, -each.count, each.kind.value, each.field))


def _with_followers(change: Change, followers: dict[NewId, list[Difference]]) -> Change:
    """A change with what only follows it, which it takes."""
    new_ids = dict.fromkeys(new_id for one in change.members if (new_id := new_id_of(one)) is not None)
    own = tuple(one for new_id in new_ids for one in followers.pop(new_id, ()))
    return replace(change, followers=own) if own else change


def _alike(one: Difference) -> tuple[Any, ...]:
    """What differences have in common that may be one change."""
    severity, _ = judged(one)
    # In other pages is in other pages, whatever the list.
    return one.kind, one.what, severity, "" if one.kind is Kind.PAGE else _INDEX.sub("[]", one.field)


def _changes(
    members: Sequence[Difference], still_in: StillIn, every: Sequence[Difference] = ()
) -> Iterator[Change]:
    """The changes that differences in one field amount to, which may be the rest of more."""
    every = every or members
    kind, what = members[0].kind, members[0].what
    if kind is Kind.FIELD:
        yield from (_change(same, None, still_in) for same in _pairs(members).values())
        return
    if kind is Kind.PAGE or what is not What.CHANGED or members[0].field in (ASKS, SCENARIO, OUTCOME):
        yield _change(members, None, still_in)
        return
    pairs = _pairs(members)
    if len(pairs) > 1:
        once = list(_each_once(members))
        found = explained(once)
        if _is_choice(members[0].field, pairs) and not (found and found.is_telling and found.members == once):
            found = None
        if found is not None:
            # A record may have changed otherwise in another answer: that is told, too.
            shown = {_once(one) for one in found.members}
            inside = [one for one in members if _once(one) in shown]
            outside = [one for one in members if _once(one) not in shown]
            records, total = (len({one.identity for one in some}) for some in (inside, every))
            yield _change(inside, f"{found.text}, in {records} of {total}", still_in)
            if outside:
                yield from _changes(outside, still_in, every)
            return
        is_few = len(pairs) <= (_PAIRS if _is_choice(members[0].field, pairs) else _FEW)
        if not is_few or _is_id(members, pairs):
            yield _change(members, None, still_in)
            return
    for same in pairs.values():
        yield _change(same, None, still_in)


def _pairs(members: Sequence[Difference]) -> dict[str, list[Difference]]:
    found: dict[str, list[Difference]] = {}
    for one in members:
        found.setdefault(_pair(one), []).append(one)
    return found


def _is_choice(field: str, pairs: Mapping[str, Sequence[Difference]]) -> bool:
    """Whether a field has one of a few values, such as a status: then each change of it has a name."""
    records = sum(len({_value(one) for one in members}) for members in pairs.values())
    return len(pairs) <= _PAIRS and (field in STATUSES or records >= 2 * len(pairs))


def _is_id(members: Sequence[Difference], pairs: Mapping[str, Sequence[Difference]]) -> bool:
    """Whether a field is an id, so that no two records have the same change of it."""
    return members[0].is_key and len({one.identity for one in members}) == len(pairs)


def _each_once(members: Sequence[Difference]) -> Iterator[Difference]:
    seen = set()
    for one in members:
        if (once := _once(one)) not in seen:
            seen.add(once)
            yield one


def _once(one: Difference) -> tuple[Any, ...]:
    return _value(one), _pair(one)


def _value(one: Difference) -> tuple[Any, ...]:
    """Which value it is about: a record has one in the field, and what is no record may have several."""
    return one.identity, "" if one.record else one.field


def _pair(one: Difference) -> str:
    part = part_replaced(one.old, one.new) if is_text(one) else None
    # A part that is replaced is no whole text that is.
    old, new = part or (one.old, one.new)
    return f"{'' if part is None else 'in it '}{canonical(old)} {canonical(new)}"


def _common(outcomes: Iterable[str]) -> str:
    """What the ends of several calls have in common, in words."""
    every = set(outcomes)
    without = {_COUNT.sub("", each) for each in every}
    for found in (every, without):
        if len(found) == 1:
            return found.pop()
    return "an error"


def _change(members: Sequence[Difference], explained_by: str | None, still_in: StillIn) -> Change:
    first = members[0]
    severity, why = judged(first)
    shared = len({(canonical(one.old), canonical(one.new)) for one in members}) == 1
    old, new = (first.old, first.new) if shared else (None, None)
    if first.field == OUTCOME and not shared:
        old, new = (_common({getattr(one, side) for one in members}) for side in ("old", "new"))
    is_each = first.is_value or first.is_place
    count = len(members) if is_each else len({one.identity for one in members})
    if not shared and explained_by is None and is_text(first) and len({_pair(one) for one in members}) == 1:
        old, new = part_replaced(first.old, first.new) or (None, None)
        if not (old and new):
            # What was put into texts, or taken out of them, has replaced no empty text.
            explained_by = f"{replacement(old or '', new or '')}, in {count} of {count}"
            old, new = None, None
    # A whole record is too long for a line.
    whole = first.what is not What.CHANGED and not first.field
    fields = {_INDEX.sub("[]", one.field) if len(members) > 1 else one.field for one in members}
    return Change(
        severity,
        why,
        first.kind,
        first.what,
        fields.pop() if len(fields) == 1 else "",
        tuple(dict.fromkeys(one.request.capability for one in members if one.request.capability)),
        None if whole else old,
        None if whole else new,
        count,
        explained_by,
        tuple(members),
        tuple(_still(members, still_in)),
    )


def _still(members: Sequence[Difference], still_in: StillIn) -> Iterator[tuple[str, int]]:
    gone = dict.fromkeys((one.kind, one.identity) for one in members if one.what is What.REMOVED)
    counts = Counter(where for record in gone for where in dict.fromkeys(still_in.get(record, ())))
    yield from counts.most_common()
