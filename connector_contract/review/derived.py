"""What a test took out of responses, and compared by itself: its differences are those of the responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.review.answers import name_of, shown_key
from connector_contract.review.change import Difference, Kind, What
from connector_contract.review.explanations import canonical
from connector_contract.review.severity import CALL, SCENARIO, SNAPSHOT

# Of shorter texts, two may be equal by chance.
_TELLING = 4
# Of fewer entries, each name is told.
_ENTRIES = 3
_INDEX = re.compile(r"\[\d+]")
_ACCOUNT = ("integration_specific_id",)
_IDS = ("integration_specific_id", "id", "account_id")
# By these names, people know one account; those of other records are not unique.
_NAMES = ("email", "username")

_Mark = tuple[Any, ...]
"""What a record is known by: the fields of its key, or one that names it, and their values in words."""


def attributed(found: Sequence[Difference]) -> list[Difference]:
    """The differences, with those of derived values as what they are derived from.

    A test may compare ``{account["username"]: account["user_status"]}``, or one account out of a list. No
    call says what that is. Where it means a record that has changed in a response too, known by its key or
    by the name of an account, it is the same change. One that has the key and the changed field of such a
    record is a further record of that kind.

    Args:
        found: All differences of a review.
    """
    if not any(map(_is_plain, found)):
        return list(found)
    known = _Known(one for one in found if one.record and one.kind is not Kind.OTHER)
    names = _new_names(found, known)
    return _with_other_names([_attributed(one, names, known) if _is_plain(one) else one for one in found])


def _with_other_names(found: Sequence[Difference]) -> list[Difference]:
    """The differences, with an object whose names alone have changed, value by value, as one of them."""
    by_object: dict[tuple[str, str], list[Difference]] = {}
    for one in found:
        if _is_plain(one) and one.what is not What.CHANGED and not _is_item(one):
            by_object.setdefault((one.file, _split(one)[0]), []).append(one)
    instead: dict[int, Difference | None] = {}
    for (_, parent), members in by_object.items():
        gone, come = ([one for one in members if one.what is what] for what in (What.REMOVED, What.ADDED))
        olds, news = (
            [canonical(value) for value in values]
            for values in ([one.old for one in gone], [one.new for one in come])
        )
        # Values that are all the same say nothing of whose they are.
        if len(gone) >= _ENTRIES and olds == news and len(set(olds)) > 1:
            names = [[_split(one)[1] for one in side] for side in (gone, come)]
            place = f"the names in {parent.rstrip('.')}" if parent else "the names of the entries"
            whole = replace(gone[0], what=What.CHANGED, field=place, old=names[0], new=names[1])
            instead |= {id(one): None for one in members}
            instead[id(gone[0])] = whole
    told = (instead.get(id(one), one) for one in found)
    return [one for one in told if one is not None]


def _attributed(one: Difference, names: Mapping[int, Difference], known: _Known) -> Difference:
    source = names.get(id(one)) or known.same(one)
    if source is None:
        return known.further(one) or one
    return replace(source, file=one.file, request=one.request)


def _is_plain(one: Difference) -> bool:
    """Whether a difference is in a snapshot that a test made of responses, and not in a response."""
    is_value = one.kind is Kind.OTHER and one.field not in (SCENARIO, SNAPSHOT, CALL)
    return is_value and not one.record and not one.request.capability


class _Known:
    """The differences of records, by what these are known by."""

    def __init__(self, found: Iterable[Difference]) -> None:
        self._changed: dict[tuple[Any, ...], Difference] = {}
        self._whole: dict[tuple[Any, ...], dict[tuple[Any, ...], Difference]] = {}
        self._fields: dict[tuple[str, str], dict[tuple[str, ...], Difference]] = {}
        self._records: dict[tuple[str, _Mark], Difference] = {}
        self._keys: dict[tuple[str, ...], None] = {_ACCOUNT: None}
        self.renamed: dict[tuple[str, str, str], Difference] = {}
        self.renames: dict[tuple[str, Any], Difference] = {}
        for one in found:
            self._add(one)

    def _add(self, one: Difference) -> None:
        self._keys[_key(one)] = None
        for mark in _marks(one):
            self._records.setdefault((one.project, mark), one)
            if one.what is What.CHANGED:
                self._changed.setdefault((one.project, mark, *_values(one)), one)
            elif not one.field:
                same = self._whole.setdefault((one.project, one.what, mark), {})
                same.setdefault((one.kind, one.identity), one)
        if one.what is not What.CHANGED:
            return
        self._fields.setdefault((one.project, one.field), {}).setdefault(_key(one), one)
        if isinstance(one.old, str) and (one.is_key or one.field in _own_ids(one) or _is_name(one)):
            self.renamed.setdefault((one.project, *_values(one)), one)
            self.renames.setdefault((one.project, one.old), one)

    def same(self, one: Difference) -> Difference | None:
        """The difference of the record that a derived one means; ``None`` if nothing says that it is one."""
        if one.what is not What.CHANGED:
            return self._same_record(one)
        inside = one.before if isinstance(one.before, Mapping) else {}
        marks = list(self._marks_of(inside)) or [("text", _split(one)[1])]
        found = (self._changed.get((one.project, mark, *_values(one))) for mark in marks)
        return next((each for each in found if each is not None), None) or self._renamed_value(one)

    def _same_record(self, one: Difference) -> Difference | None:
        """The record that is gone or new as a whole, if just one may be meant."""
        value = one.old if one.what is What.REMOVED else one.new
        texts = [value] if _is_item(one) else [_split(one)[1]]
        marks = [("text", each) for each in texts if isinstance(each, str) and len(each) >= _TELLING]
        if _is_item(one) and isinstance(value, Mapping):
            marks = list(self._marks_of(value))
        for mark in marks:
            records = self._whole.get((one.project, one.what, mark), {})
            if len(records) == 1:
                return next(iter(records.values()))
        return None

    def _renamed_value(self, one: Difference) -> Difference | None:
        """The record whose key or name a value is that has changed as that did."""
        source = self.renamed.get((one.project, *_values(one)))
        if source is None or not (_is_item(one) or _leaf(one.field) == source.field):
            return None
        # An object that is a record by itself is another one.
        is_other = isinstance(one.before, Mapping) and any(self._marks_of(one.before))
        return None if is_other else source

    def is_same(self, source: Difference, old: Any, new: Any) -> bool:
        """Whether what stands under a record's old name and its new one is the same, or changed with it."""
        values = canonical(old), canonical(new)
        marks = _marks(source)
        return old == new or any((source.project, mark, *values) in self._changed for mark in marks)

    def further(self, one: Difference) -> Difference | None:
        """A derived difference as that of a further record, if it has the key of one and a changed field."""
        if one.what is not What.CHANGED or not isinstance(one.before, Mapping):
            return None
        for source in self._fields.get((one.project, _leaf(one.field)), {}).values():
            record = self._record_of(one, source)
            if record and isinstance(source.before, Mapping) and one.before.keys() <= source.before.keys():
                return replace(
                    source, old=one.old, new=one.new, before=one.before, after=one.after, record=record,
                    name=name_of(one.before), file=one.file, request=one.request, in_part=False, follows=None,
                )  # fmt: skip
        return None

    def _record_of(self, one: Difference, source: Difference) -> str:
        """The key of the record that a derived object is; empty if it is none of the source's kind."""
        key = _key(source)
        if key and all(name in one.before for name in key):
            return _shown(one.before, key)
        if source.kind is not Kind.ACCOUNT or any(name in one.before for name in _IDS):
            return ""
        marks = list(_name_marks(one.before))
        known = (self._records.get((one.project, mark)) for mark in marks)
        return next((each.record for each in known if each), marks[0][1] if marks else "")

    def _marks_of(self, inside: Mapping[str, Any]) -> Iterator[_Mark]:
        """What the record is known by that an object is."""
        for key in self._keys:
            if key and all(name in inside for name in key):
                yield key, _shown(inside, key)
        if not any(name in inside for name in _IDS):
            yield from _name_marks(inside)


def _key(one: Difference) -> tuple[str, ...]:
    """The fields that identify the records of an answer; of what is written, those of the account."""
    owes = STANDARD.get(one.request.capability)
    if owes is not None and owes.key is not None:
        return owes.key.fields
    return _ACCOUNT if one.kind is Kind.ACCOUNT else ()


def _own_ids(one: Difference) -> tuple[str, ...]:
    """The fields with the id that a record has for itself."""
    owes = STANDARD.get(one.request.capability)
    if owes is not None and owes.key is not None and owes.key.own_id:
        return (owes.key.own_id,)
    return tuple(name for name in _key(one) if name in ("integration_specific_id", "id"))


def _marks(one: Difference) -> Iterator[_Mark]:
    """What the record of a difference is known by."""
    record = one.before or one.after
    record = record if isinstance(record, Mapping) else {}
    if key := _key(one):
        yield key, one.record
    yield "text", one.record
    yield from (("text", str(record[name])) for name in _own_ids(one) if record.get(name))
    if one.kind is Kind.ACCOUNT:
        for mark in _name_marks(record):
            yield mark
            yield "text", mark[1]


def _name_marks(record: Mapping[str, Any]) -> Iterator[_Mark]:
    yield from ((name, record[name]) for name in _NAMES if isinstance(record.get(name), str) and record[name])


def _is_name(one: Difference) -> bool:
    return one.kind is Kind.ACCOUNT and one.field in _NAMES


def _shown(record: Mapping[str, Any], key: Iterable[str]) -> str:
    return shown_key(tuple(str(record.get(name)) for name in key))


def _is_item(one: Difference) -> bool:
    """Whether it is about an item of a list, or the whole value, and no field of an object."""
    return one.field.endswith("]")


def _leaf(field: str) -> str:
    return _INDEX.sub("", field).rpartition(".")[2]


def _values(one: Difference) -> tuple[str, str]:
    return canonical(one.old), canonical(one.new)


def _new_names(found: Iterable[Difference], known: _Known) -> dict[int, Difference]:
    """The names in an object that are gone, or new, because the record that they name has another one."""
    by_object: dict[tuple[str, str], dict[str, list[Difference]]] = {}
    for one in found:
        if _is_plain(one) and one.what is not What.CHANGED and not _is_item(one):
            # A name may have a dot in it: the objects themselves know their names.
            parent, name = _split(one)
            by_object.setdefault((one.file, parent), {}).setdefault(name, []).append(one)
    sources: dict[int, Difference] = {}
    for names in by_object.values():
        project = next(iter(names.values()))[0].project
        sources |= _lost_names(names, project, known)
        for name, gone in names.items():
            for other, come in names.items():
                source = known.renamed.get((project, canonical(name), canonical(other)))
                if source is not None and known.is_same(source, gone[0].old, come[0].new):
                    sources[id(gone[0])] = sources[id(come[0])] = source
    return sources


def _lost_names(
    names: Mapping[str, Sequence[Difference]], project: str, known: _Known
) -> dict[int, Difference]:
    """The names that were the old values of what has become the same for all, so that one name is left."""
    lost: dict[str, list[tuple[Difference, Difference]]] = {}
    for name, (gone, *_) in names.items():
        source = known.renames.get((project, name))
        if source is not None and gone.what is What.REMOVED:
            left = "null" if source.new is None else str(source.new)
            lost.setdefault(left, []).append((gone, source))
    found: dict[int, Difference] = {}
    for left, pairs in lost.items():
        # A single one that has become another one has lost nothing.
        if len(pairs) > 1 and left in (pairs[0][0].after or {}):
            found |= {id(gone): source for gone, source in pairs}
            found |= {id(one): pairs[0][1] for one in names.get(left, ())}
    return found


def _split(one: Difference) -> tuple[str, str]:
    inside = (one.before if one.what is What.REMOVED else one.after) or {}
    names = [name for name in inside if one.field == name or one.field.endswith(f".{name}")]
    name = max(names, key=len, default=one.field)
    return one.field.removesuffix(name), name
