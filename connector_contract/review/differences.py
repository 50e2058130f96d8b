"""The differences between two answers to one request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector_contract.reporting.messages import counted
from connector_contract.review.answers import (
    NAMES,
    Answer,
    RecordKey,
    lists_in,
    name_of,
    shown_key,
    without_lists,
)
from connector_contract.review.change import Difference, Kind, What
from connector_contract.storage.json_differences import ABSENT, differences

STATUS = "user_status"
"""The field of an account that says who may use it; what a write returns as ``status`` is the same."""

STATUSES = (STATUS, "status")
"""The fields that say who may use something, or whether it is in use."""

ASKS = "what the scenario asks for"
TWICE = "how often it is listed"
ORDER, PAGES, TOKEN = "the order of the records", "the number of pages", "the page token"
SIZE, STOP = "the page size that is asked for", "the end of the walk"
MEMBERSHIP, SPLIT = "which records are on the page", "what each page has"
OUTCOME, COUNT = "the outcome", "the number of records"
_CODE = "error_code"
_EMPTY: tuple[Any, ...] = (None, [], {})


def differing(before: Answer, after: Answer) -> list[Difference]:
    """What differs between two answers to one request, as Lumos would be told it.

    Args:
        before: At the base.
        after: At the head.
    """
    if not (before.pages and after.pages):
        return list(_plain(before, after))
    found = list(_asked(before, after))
    if found and not _is_for_the_same(before, after):
        # Another request has another answer.
        return found
    if (before.error is None) != (after.error is None):
        old, new = (_outcome(each) for each in (before, after))
        return [*found, _made(after, Kind.ERROR, OUTCOME, old, new)]
    found += _errors(before, after) if after.error is not None else ()
    return [*found, *_records(before, after), *_around(before, after), *_beside(before, after)]


def _asked(before: Answer, after: Answer) -> Iterator[Difference]:
    """That something else was asked for."""
    if before.request.capability != after.request.capability or before.asked != after.asked:
        asks = (f"{each.request.capability} {each.asked}" for each in (before, after))
        yield replace(_made(after, Kind.OTHER, ASKS, *asks), record=after.request.scenario)


def _is_for_the_same(before: Answer, after: Answer) -> bool:
    """Whether two calls ask for the same, though with other settings or credentials."""
    old, new = (json.loads(each.asked or "{}").get("request") for each in (before, after))
    return before.request.capability == after.request.capability and old == new


def _outcome(answer: Answer) -> str:
    if answer.error is not None:
        return f"the error {answer.error.get(_CODE)}"
    return f"a success with {counted(len(answer.records), 'record')}" if answer.key else "a success"


def _plain(before: Answer, after: Answer) -> Iterator[Difference]:
    """What differs in a snapshot that no call is linked to, or that has something else than responses."""
    old, new = (each.pages or each.value for each in (before, after))
    for place, what, *values in _values(old, new):
        yield _at(after, Kind.OTHER, place, what, *values)


@dataclass(frozen=True)
class _Place:
    """Where a value stands in a document.

    Attributes:
        path: From its root.
        before: The object that it stands in, at the base.
        after: The same at the head.
    """

    path: str = ""
    before: Any = None
    after: Any = None

    def of(self, name: str, before: Any, after: Any) -> _Place:
        """The place of a field of an object."""
        return _Place(f"{self.path}.{name}" if self.path else name, before, after)

    def at(self, index: int | str) -> _Place:
        """The place of an item of a list."""
        return replace(self, path=f"{self.path}[{index}]")


_Value = tuple[_Place, What, Any, Any]


def _values(old: Any, new: Any, place: _Place = _Place()) -> Iterator[_Value]:
    """The values in which two documents differ; what a list has lost or got, one by one."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            one, other = old.get(name, ABSENT), new.get(name, ABSENT)
            yield from _values(one, other, place.of(str(name), old, new))
    elif isinstance(old, list) and isinstance(new, list):
        if _is_reordered(old, new):
            yield place, What.CHANGED, "the same values", "in another order"
        elif len(old) == len(new) and not (_is_plain(old) and _is_plain(new)):
            for index, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from _values(one, other, place.at(index))
        else:
            yield from _items(old, new, place.at(""))
    elif old != new or type(old) is not type(new):
        what = What.ADDED if old is ABSENT else What.REMOVED if new is ABSENT else What.CHANGED
        yield place, what, _value(old), _value(new)


def _is_plain(items: list[Any]) -> bool:
    """Whether a list has texts alone: each stands for itself, wherever it is."""
    return all(isinstance(each, str) for each in items)


def _is_reordered(old: list[Any], new: list[Any]) -> bool:
    return old != new and _is_plain(old) and _is_plain(new) and sorted(old) == sorted(new)


def _items(old: list[Any], new: list[Any], place: _Place) -> Iterator[tuple[_Place, What, Any, Any]]:
    olds, news = (Counter(json.dumps(each, sort_keys=True) for each in items) for items in (old, new))
    yield from ((place, What.REMOVED, json.loads(each), None) for each in (olds - news).elements())
    yield from ((place, What.ADDED, None, json.loads(each)) for each in (news - olds).elements())


def _at(answer: Answer, kind: Kind, place: _Place, what: What, old: Any, new: Any) -> Difference:
    made = _made(answer, kind, place.path or "the value", old, new)
    return replace(made, what=what, before=place.before, after=place.after, is_place=not made.record)


def _errors(before: Answer, after: Answer) -> Iterator[Difference]:
    for path, old, new in differences(before.error, after.error):
        yield _made(after, Kind.ERROR, path, _value(old), _value(new))


def _records(before: Answer, after: Answer) -> Iterator[Difference]:
    if after.key is None and not after.subject:
        # Of no known kind: its payloads are compared as plain JSON, whatever they are.
        for place, what, *values in _values(before.payload(), after.payload(), _Place("response")):
            yield _at(after, after.kind, place, what, *values)
        return
    yield from _no_records(before, after)
    olds_by_key, news_by_key = before.keyed(), after.keyed()
    taken = set()
    if after.key is not None:
        for old_key, new_key in list(_other_keys(olds_by_key, news_by_key, after.key.fields)):
            taken.add(new_key)
            yield from _changed_fields(after, old_key, olds_by_key.pop(old_key), news_by_key.pop(new_key))
    gone = {key: record for key, record in olds_by_key.items() if key not in news_by_key}
    come = {key: record for key, record in news_by_key.items() if key not in olds_by_key}
    yield from _listed_twice(after, olds_by_key, news_by_key, gone, come)
    for key, record in gone.items():
        made = _of_record(after, What.REMOVED, key, "", record, None, record, None)
        yield replace(made, has_lost_key=key in taken)
    for key, record in come.items():
        yield _of_record(after, What.ADDED, key, "", None, record, None, record)
    for key in [each for each in olds_by_key if each in news_by_key]:
        yield from _changed_fields(after, key, olds_by_key[key], news_by_key[key])
    same = sorted(olds_by_key) == sorted(news_by_key)
    if same and list(olds_by_key) != list(news_by_key):
        pairs = enumerate(zip(olds_by_key, news_by_key, strict=True), 1)
        number, (first, second) = next(each for each in pairs if each[1][0] != each[1][1])
        at = f" at place {number}"
        yield _made(after, Kind.PAGE, ORDER, shown_key(first) + at, shown_key(second) + at)


def _other_keys(
    olds: Mapping[RecordKey, Mapping[str, Any]],
    news: Mapping[RecordKey, Mapping[str, Any]],
    fields: Sequence[str],
) -> Iterator[tuple[RecordKey, RecordKey]]:
    """The records that have a key now which another one had, by a name that no other one has.

    So it is where a connector numbers what it lists: then each key is that of the next one. An account that
    has got another name, and nothing else, keeps its key.

    Args:
        olds: The records at the base.
        news: Those at the head.
        fields: The fields of their keys.
    """
    if all(name_of(old) == name_of(news.get(key, old)) for key, old in olds.items()):
        return
    old_keys, new_keys = (_by_value(side, fields) for side in (olds, news))
    names = [each for each in old_keys if each in new_keys and each[0] in NAMES]
    taken: tuple[set[RecordKey], set[RecordKey]] = set(), set()
    for name in sorted(names, key=lambda each: NAMES.index(each[0])):
        old_key, new_key = old_keys[name], new_keys[name]
        is_another = new_key != old_key and (old_key in news or new_key in olds)
        if is_another and old_key not in taken[0] and new_key not in taken[1]:
            as_named = _likeness(olds[old_key], news[new_key], old_keys)
            as_keyed = (_likeness(olds.get(key), news.get(key), old_keys) for key in (old_key, new_key))
            if as_named > max(as_keyed):
                taken[0].add(old_key)
                taken[1].add(new_key)
                yield old_key, new_key


_Values = Mapping[tuple[str, str], RecordKey]


def _by_value(side: Mapping[RecordKey, Mapping[str, Any]], fields: Sequence[str]) -> _Values:
    """The keys of the records by each text that no other record has in the same field."""
    found: dict[tuple[str, str], list[RecordKey]] = {}
    for key, record in side.items():
        for name, value in record.items():
            if isinstance(value, str) and value and name not in fields:
                found.setdefault((name, value), []).append(key)
    return {value: keys[0] for value, keys in found.items() if len(keys) == 1}


def _likeness(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, telling: _Values) -> int:
    """How many texts two records have in common that no other record has."""
    return sum(
        (name, value) in telling and value == (new or {}).get(name)
        for name, value in (old or {}).items()
        if isinstance(value, str)
    )


def _changed_fields(
    answer: Answer, key: RecordKey, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    """The fields in which a record is another one."""
    for path, old, new in _fields(before, after):
        # A field without a value, and none, say the same.
        if _value(old) is not None or _value(new) is not None:
            field = STATUS if answer.subject and path == "status" else path
            yield _of_record(answer, What.CHANGED, key, field, _value(old), _value(new), before, after)


def _fields(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The places in which two records differ; a list of texts is one value."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            below = f"{path}.{name}" if path else str(name)
            yield from _fields(old.get(name, ABSENT), new.get(name, ABSENT), below)
    elif isinstance(old, list) and isinstance(new, list) and _is_plain(old) and _is_plain(new):
        if old != new:
            yield path, old, new
    else:
        yield from differences(old, new, path)


def _no_records(before: Answer, after: Answer) -> Iterator[Difference]:
    """What has come, or is gone, of all that is no record and stands where records belong."""
    place = _Place(".".join(filter(None, ("response", after.within))))
    # What a write answers is about nobody's place in a list.
    kind = Kind.OTHER if after.subject else after.kind
    olds, news = ([each for each in side.others if each is not None] for side in (before, after))
    for at, what, *values in _items(olds, news, place.at("")):
        yield _at(after, kind, at, what, *values)
    if before.others != after.others and olds == news and not (before.records or after.records):
        # A list of nothing, and no list at all.
        yield _at(after, Kind.OTHER, place, What.CHANGED, before.payload(), after.payload())


def _listed_twice(
    answer: Answer,
    olds: Mapping[RecordKey, Any],
    news: Mapping[RecordKey, Any],
    gone: dict[RecordKey, Any],
    come: dict[RecordKey, Any],
) -> Iterator[Difference]:
    """The records that are listed more or less often, and are there in any case; it takes them out."""
    length = len(answer.key.fields) if answer.key is not None else 0
    again = [key for key in (*gone, *come) if length and len(key) > length]
    before, after = (Counter(each[:length] for each in side) if again else Counter() for side in (olds, news))
    for key in dict.fromkeys(each[:length] for each in again):
        if key in olds and key in news:
            yield _of_record(answer, What.CHANGED, key, TWICE, before[key], after[key], olds[key], news[key])
    for key in again:
        if key[:length] in olds and key[:length] in news:
            gone.pop(key, None)
            if (record := come.pop(key, None)) is not None:
                # Lumos is told both: what is listed again may say something else.
                yield from _changed_fields(answer, key[:length], news[key[:length]], record)


def _around(before: Answer, after: Answer) -> Iterator[Difference]:
    """What differs around the records: their pages, and what stands beside them."""
    if len(before.pages) != len(after.pages):
        yield _made(after, Kind.PAGE, PAGES, len(before.pages), len(after.pages))
    for one, other in zip(before.pages, after.pages, strict=False):
        for path, old, new in differences(one.get("page"), other.get("page"), "page"):
            field = TOKEN if path.startswith("page.token") else path
            yield _made(after, Kind.PAGE, field, _value(old), _value(new))


def _beside(before: Answer, after: Answer) -> Iterator[Difference]:
    """What differs beside the records; lists of several pages are joined as the records are."""
    for place, what, *values in [*_beside_pages(before, after), *_beside_lists(before, after)]:
        # A field without a value, and none, say the same.
        if what is What.CHANGED or values != [None, None]:
            kind = after.kind if place.path.startswith("response") else Kind.OTHER
            yield _at(after, kind, place, what, *values)


def _beside_pages(before: Answer, after: Answer) -> Iterator[_Value]:
    """What differs beside the records in any page but for lists, what differs alike once."""
    in_lists = {*lists_in(before.beside()), *lists_in(after.beside())}
    pages = [
        tuple(side.around(page) for side, page in zip((before, after), pair, strict=True))
        for pair in zip(before.pages, after.pages, strict=False)
    ]
    if len(before.pages) != len(after.pages):
        # Cut into other pages, the third page is another one.
        pages = [(before.beside(), after.beside())]
    seen = set()
    for one, other in pages:
        for place, what, old, new in _values(without_lists(one), without_lists(other)):
            once = place.path, what, _text(old), _text(new)
            is_said = old in _EMPTY and new in _EMPTY and _is_above(place.path, in_lists)
            if once not in seen and not is_said:
                seen.add(once)
                yield place, what, old, new


def _is_above(path: str, lists: Collection[str]) -> bool:
    """Whether a list stands at a path, or in what stands there."""
    return any(each == path or each.startswith(f"{path}.") for each in lists)


def _beside_lists(before: Answer, after: Answer) -> Iterator[_Value]:
    """What differs in the lists beside the records."""
    olds, news = (lists_in(each.beside()) for each in (before, after))
    for path in dict.fromkeys([*olds, *news]):
        yield from _values(olds.get(path, []), news.get(path, []), _Place(path))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _made(answer: Answer, kind: Kind, field: str, old: Any, new: Any) -> Difference:
    record = shown_key(answer.subject)
    return Difference(kind, What.CHANGED, field, old, new, answer.request, answer.file, record)


def _of_record(
    answer: Answer,
    what: What,
    key: RecordKey,
    field: str,
    old: Any,
    new: Any,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Difference:
    name = name_of(before or after or {})
    if answer.subject and (made := _made_id(answer, before, after)):
        # Lists know an account that a write has made by its id, and not by what it was asked for with.
        key, name = (made,), name or shown_key(key)
    is_key = answer.key is not None and field in (*answer.key.fields, answer.key.own_id)
    return Difference(
        answer.kind,
        what,
        field,
        old,
        new,
        answer.request,
        answer.file,
        shown_key(key),
        name,
        before,
        after,
        is_key,
    )


def _made_id(answer: Answer, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str | None:
    """The id of the account that a write says it has written; ``None`` if that differs, or is not said."""
    old, new = (each.get("id") if each else None for each in (before, after))
    is_same = answer.kind is Kind.ACCOUNT and isinstance(new, str) and old == new
    return new or None if is_same else None


def _value(value: Any) -> Any:
    return None if value is ABSENT else value
