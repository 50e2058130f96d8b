"""Records that have another id now: which they are, and which other records only follow them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any

from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.review.answers import name_of
from connector_contract.review.change import Difference, Kind, NewId, What
from connector_contract.review.explanations import canonical
from connector_contract.storage.json_differences import ABSENT, differences

_REFERS = {
    "account_id": Kind.ACCOUNT,
    "grants_access_to_account_id": Kind.ACCOUNT,
    "non_human_account_id": Kind.ACCOUNT,
    "grants_access_to_non_human_account_id": Kind.ACCOUNT,
    "integration_specific_resource_id": Kind.RESOURCE,
    "resource_id": Kind.RESOURCE,
    "entitlement_resource_id": Kind.RESOURCE,
    "application_instance_id": Kind.RESOURCE,
    "integration_specific_entitlement_id": Kind.ENTITLEMENT,
    "entitlement_id": Kind.ENTITLEMENT,
    "credential_id": Kind.OTHER,
}
"""The fields with the id of another record, and what that is."""

_Pair = tuple[Difference, Difference]


def with_new_ids(found: Sequence[Difference]) -> list[Difference]:
    """The differences, with records that are gone and come again under another key as changed ones.

    A record is the same under another key if all of its other fields are equal, if it is an account of the
    same e-mail address or user name, if the key differs in upper and lower case or in one part alone, or if
    it refers to records that have another id by their new ids. What only follows another record says so in
    ``follows``.

    Args:
        found: All differences of a review.
    """
    left = _Left(found)
    changed = [one for one in found if one.is_key or _is_own(one)]
    for alike in (_by_rest, _by_name, _by_case, _by_part, _by_references, _by_turn, _by_references):
        changed += left.take(alike(left, _Ids(changed)))
    return _following([*left.others, *left.pairs_differ, *left.alone])


class _Left:
    """The records that are gone or new, by the file that shows them.

    Attributes:
        others: All other differences.
        pairs_differ: What differs between those that are the same.
    """

    def __init__(self, found: Iterable[Difference]) -> None:
        self.others: list[Difference] = []
        self.pairs_differ: list[Difference] = []
        self.files: dict[str, tuple[list[Difference], list[Difference]]] = {}
        for one in found:
            sides = self.files.setdefault(one.file, ([], [])) if _is_whole(one) else None
            (self.others if sides is None else sides[one.what is What.ADDED]).append(one)

    @property
    def alone(self) -> Iterator[Difference]:
        """Those that are gone or new by now."""
        return (one for sides in self.files.values() for side in sides for one in side)

    @property
    def both(self) -> Iterator[tuple[list[Difference], list[Difference]]]:
        """What is gone and what is new in each file that has both."""
        return (sides for sides in self.files.values() if all(sides))

    def take(self, pairs: Iterable[_Pair]) -> list[Difference]:
        """Take records out that are the same, and return what differs between them."""
        taken = list(pairs)
        ids = {id(one) for pair in taken for one in pair}
        for sides in self.files.values() if ids else ():
            for side in sides:
                side[:] = [one for one in side if id(one) not in ids]
        differ = [one for pair in taken for one in _of_pair(*pair)]
        self.pairs_differ += differ
        return differ


def _is_whole(one: Difference) -> bool:
    """Whether it is a record of a known kind that is gone or new."""
    return one.what is not What.CHANGED and not one.field and bool(one.record) and bool(_key(one))


def _key(one: Difference) -> tuple[str, ...]:
    """The fields that identify the records of an answer."""
    owes = STANDARD.get(one.request.capability)
    return () if owes is None or owes.key is None else owes.key.fields


def _own_id(one: Difference) -> str | None:
    """The field with the id that a record has for itself, if that is not its key."""
    owes = STANDARD.get(one.request.capability)
    return None if owes is None or owes.key is None else owes.key.own_id


def _is_own(one: Difference) -> bool:
    """Whether it is about the id that a record has for itself."""
    owes = STANDARD.get(one.request.capability)
    if one.what is not What.CHANGED or owes is None or owes.key is None:
        return False
    return one.field == owes.key.own_id or (one.is_key and one.field not in _REFERS)


def _of_pair(gone: Difference, come: Difference) -> Iterator[Difference]:
    """What differs in a record that has another key."""
    names = _key(gone)
    for path, old, new in differences(gone.before, come.after):
        values = [None if each is ABSENT else each for each in (old, new)]
        if values != [None, None]:
            yield replace(
                gone, what=What.CHANGED, field=path, old=values[0], new=values[1], after=come.after,
                is_key=path in names or path == _own_id(gone),
            )  # fmt: skip


class _Ids:
    """The ids that are known to have changed."""

    def __init__(self, changed: Iterable[Difference]) -> None:
        self._news: dict[Hashable, dict[str, Any]] = defaultdict(dict)
        for one in changed:
            if (kind := _kind(one)) is None:
                continue
            self._news[one.project, kind, canonical(one.old)][canonical(one.new)] = one.new
            # An entitlement's id may only be unique within its resource.
            if (
                one.kind is Kind.ENTITLEMENT
                and kind is Kind.ENTITLEMENT
                and (within := _resource(one.before))
            ):
                at = one.project, kind, canonical(one.old), within
                self._news[at][canonical(one.new)] = one.new

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._news)

    def of(self, one: Difference, field: str) -> list[Any]:
        """The values that a field of a record may have now, its own first."""
        record = one.before
        value = record.get(field)
        kind = _REFERS.get(field, one.kind)
        at = one.project, kind, canonical(value)
        within = _resource(record) if kind is Kind.ENTITLEMENT else ""
        news = self._news.get((*at, within)) or self._news.get(at, {}) if within else self._news.get(at, {})
        # Where it may be one of many, nobody knows which.
        return [value, *news.values()] if len(news) == 1 else [value]


def _kind(one: Difference) -> Kind | None:
    """Of which kind the id is that a difference is about; ``None`` if it is about no id."""
    if one.what is not What.CHANGED:
        return None
    if _is_own(one):
        return one.kind
    return _REFERS.get(one.field.rpartition(".")[2])


def _resource(record: Any) -> str:
    if not isinstance(record, Mapping):
        return ""
    names = ("integration_specific_resource_id", "entitlement_resource_id", "resource_id")
    return next((canonical(record[name]) for name in names if name in record), "")


def _by_references(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """The records whose keys are the same but for ids that are known to have changed."""
    if not ids:
        return
    for gone, come in left.both:
        news: dict[str, list[Difference]] = defaultdict(list)
        for one in come:
            news[canonical([one.after.get(name) for name in _key(one)])].append(one)
        for one in gone:
            keys = product(*(ids.of(one, name) for name in _key(one)))
            same = next((found for key in keys if (found := news.get(canonical(list(key))))), None)
            if same:
                yield one, same.pop(0)


def _by_rest(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """The records that are equal but for their keys, if nothing else could be."""
    del ids
    return _equal(left, lambda olds, news: len(olds) == len(news) == 1)


def _by_name(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """The accounts that have the same e-mail address, or the same user name, as no other one has."""
    del ids
    yield from _one_to_one(left, _named)


def _by_case(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """The records whose keys differ in upper and lower case, or in white space at their ends, alone."""
    del ids
    yield from _one_to_one(left, _folded)


def _by_part(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """The records that are the same but for one part of their keys."""
    del ids
    yield from _one_to_one(left, _parts)


def _one_to_one(left: _Left, marks: Callable[[Difference], Iterable[Hashable]]) -> Iterator[_Pair]:
    """The records that share a mark which no other one has, neither of those that are gone nor of the new."""
    for gone, come in left.both:
        olds, news = (_marked(side, marks) for side in (gone, come))
        taken: set[int] = set()
        for mark, same in olds.items():
            pair = (*same, *news.get(mark, ()))
            if len(same) == 1 and len(pair) == 2 and taken.isdisjoint(map(id, pair)):
                taken.update(map(id, pair))
                yield pair


def _marked(
    side: Iterable[Difference], marks: Callable[[Difference], Iterable[Hashable]]
) -> dict[Hashable, list[Difference]]:
    found: dict[Hashable, list[Difference]] = {}
    for one in side:
        for mark in marks(one):
            found.setdefault(mark, []).append(one)
    return found


def _record(one: Difference) -> Mapping[str, Any]:
    """The record that is gone, or new."""
    record: Mapping[str, Any] = one.after if one.before is None else one.before
    return record


def _named(one: Difference) -> Iterator[Hashable]:
    """The best of the names by which people know an account; the others may be like those of another one."""
    record = _record(one)
    if one.kind is Kind.ACCOUNT:
        names = (name for name in ("email", "username") if isinstance(record.get(name), str) and record[name])
        yield from ((name, record[name]) for name in islice(names, 1))


def _folded(one: Difference) -> Iterator[Hashable]:
    record = _record(one)
    yield tuple(str(record.get(name)).strip().casefold() for name in _key(one))


def _parts(one: Difference) -> Iterator[Hashable]:
    record, names = _record(one), _key(one)
    # Who has one entitlement in place of another has got one and lost one.
    if len(names) > 1 and one.kind is not Kind.ASSOCIATION:
        for name in names:
            rest = {each: value for each, value in record.items() if each != name}
            yield name, canonical(rest)


def _by_turn(left: _Left, ids: _Ids) -> Iterator[_Pair]:
    """Several records that are equal but for their keys, as many as before: each is the next one."""
    del ids
    return _equal(left, lambda olds, news: len(olds) == len(news))


def _equal(left: _Left, is_clear: Callable[[list[Difference], list[Difference]], bool]) -> Iterator[_Pair]:
    for gone, come in left.both:
        olds, news = _rests(gone), _rests(come)
        for rest, same in olds.items():
            if rest in news and is_clear(same, news[rest]):
                yield from zip(same, news[rest], strict=True)


def _rests(side: Iterable[Difference]) -> dict[str, list[Difference]]:
    """Records by all that they have beside their keys."""
    found: dict[str, list[Difference]] = {}
    for one in side:
        names = set(_key(one))
        rest = {name: value for name, value in _record(one).items() if name not in names}
        # What has nothing of its own beside its key is another record.
        if name_of(rest):
            found.setdefault(canonical(rest), []).append(one)
    return found


def _following(found: Sequence[Difference]) -> list[Difference]:
    """The differences; those of references to records that have another id say so."""
    nearest: dict[NewId, int] = {}
    for one in found:
        if (new_id := new_id_of(one)) is not None and (one.is_key or _is_own(one)):
            nearest[new_id] = min(_distance(one), nearest.get(new_id, _distance(one)))
    return [_followed(one, nearest) for one in found] if nearest else list(found)


def _followed(one: Difference, nearest: Mapping[NewId, int]) -> Difference:
    new_id = new_id_of(one)
    if new_id is None or _distance(one) <= nearest.get(new_id, len(Kind)):
        return one
    return replace(one, follows=new_id)


def _distance(one: Difference) -> int:
    """How far a difference is from the record that has another id: 0 if it is about that record."""
    return 0 if _is_own(one) else 1 + list(Kind).index(one.kind)


def new_id_of(one: Difference) -> NewId | None:
    """The other id that a difference is about; ``None`` if it is about none."""
    kind = _kind(one)
    return None if kind is None else NewId(one.project, kind, canonical(one.old), canonical(one.new))
