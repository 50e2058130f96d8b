"""Records that lack a field, or have it otherwise than the upstream documents.

Planning does not know which fields a connector requires, checks, reads or ignores; the replays show it, and
``field_table`` keeps it. So each trial owes what holds for all of them:

- **missing, null**: an error ``invalid_response`` that names the field, or a success that has all records, in
  which what was made of the field is null or made of something else, such as a name of its other half. A
  record less is a partial read: Lumos takes access away on it. That holds for a list that is missing or null
  beside its total, too. A page token less loses all further pages: a total, or a flag, that each last page
  has as well says nothing by its absence. A status is never made up: where the raw one is missing, it is
  null, or an error. Nor is an e-mail or a label an empty text, unless the recording has empty ones: that is
  null, or an error. A cursor that is missing or null is how an upstream says that there are no more pages,
  and breaks nothing. An activity is made of one field; without it, there is none.
- **of another type**: ``invalid_response`` that names the field, or the same success, where nobody reads it.
  Whatever else comes of it is a value that Lumos reads as if it were right.
- **an unknown value of an enum**: any error but ``internal_error``; the same success; or one in which what
  was made of it differs, with all records. It is in one record for each value that the recording has: if all
  unknown values become one status, it is not the recorded one of each of them.
- **another value**: no fault, but a measurement: whether it moves the response. Any success is right, and so
  is any error but ``internal_error``: the value may be one that the connector knows nothing of.
- **fields added, names in another order**: the same success. JSON objects have no order, and an upstream adds
  fields at any time.

A call that writes, or that reports, has to give the same success or the error: what it says of a write that
was done is not to be made of half a response.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from connector_contract.contract.rules.paging import CURSORS, spelled
from connector_contract.contract.rules.paging import number as page_number
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.faults.json_places import Found, Place, reordered, values_in, with_value, without
from connector_contract.faults.known_ends import is_missing_at_an_end
from connector_contract.faults.record_ids import all_ids, ids_in, ids_with, may_be_nothing
from connector_contract.faults.records_in_body import records_of, signs_of_pages
from connector_contract.faults.request_roles import is_graphql
from connector_contract.faults.rewritten_body import Body, Form, NotRewritable, body_of
from connector_contract.faults.wrong_values import (
    WORD,
    another,
    is_enum,
    of_another_type,
    unknown_word,
)
from connector_contract.recording.matching import endpoint
from connector_contract.recording.played_changes import Change

_DESIGN = "an upstream's own documentation says which fields are optional; nobody else knows"
FIELD_MISSING = Fault("field-missing", Group.FIELD, "a record lacks a field", _DESIGN)
FIELD_NULL = Fault("field-null", Group.FIELD, "a record has null in a field", _DESIGN)
FIELD_OF_ANOTHER_TYPE = Fault(
    "field-of-another-type",
    Group.FIELD,
    "a record has a value of another type in a field",
    "the SDK's ErrorCode invalid_response",
)
UNKNOWN_VALUE = Fault(
    "unknown-value",
    Group.FIELD,
    "records have a value that an enum did not have so far",
    "JSON schemas of APIs call such enums open: values are added without a new version",
)
ANOTHER_VALUE = Fault(
    "another-value", Group.FIELD, "a record has another value in a field", "a measurement, not a fault"
)
FIELDS_ADDED = Fault(
    "fields-added", Group.FIELD, "objects have a field that is new", "APIs add fields without a new version"
)
KEYS_REORDERED = Fault(
    "keys-reordered",
    Group.FIELD,
    "objects have their fields in another order",
    'RFC 8259, 4: "An object is an unordered collection"',
)
FAULTS = (
    FIELD_MISSING, FIELD_NULL, FIELD_OF_ANOTHER_TYPE, UNKNOWN_VALUE, ANOTHER_VALUE, FIELDS_ADDED,
    KEYS_REORDERED,
)  # fmt: skip
"""The faults of this module, in the order in which reports show them."""

STATUSES = frozenset({"user_status", "status", "approval_status", "payment_status"})
"""The fields of Lumos' records that say a status."""

_MOST_FIELDS = 80
_INVALID = frozenset({"invalid_response"})
_ADDED = "x_unexpected_field"


@dataclass(frozen=True)
class UpstreamField:
    """A field of an endpoint's responses, and where it is broken.

    Attributes:
        path: Its path, as ``json_places.Found`` has it.
        chosen: The value that is broken: that of the first record that has one, and that Lumos is given.
        values: All values that it has in the body, each with its place.
    """

    path: str
    chosen: Found
    values: tuple[Found, ...]

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list, or of an object that has them by id."""
        return self.path.endswith(("[]", "*"))

    @property
    def name(self) -> str:
        """What an error has to call it; empty for an item that has no name."""
        return "" if self.path.endswith("*") else self.chosen.name

    @property
    def is_enum(self) -> bool:
        """Whether it looks like an enum."""
        return is_enum(self.chosen.name, [each.value for each in self.values])

    @property
    def words(self) -> list[str]:
        """The different values of an enum, in their order."""
        return list(dict.fromkeys(each.value for each in self.values if isinstance(each.value, str)))


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of the fields in an interaction's response.

    Of an endpoint that a call asks several times, each field is broken where it has a value first: there are
    as many trials for a list of a thousand pages as for one.

    Args:
        call: The call.
        number: The interaction.
    """
    try:
        body = _body(call, number)
    except NotRewritable as error:
        yield from (NotApplicable(fault, number, str(error)) for fault in FAULTS)
        return
    plan = _Plan(call, number, body)
    for fault, applied in (
        (FIELD_MISSING, plan.missing),
        (FIELD_NULL, plan.null),
        (FIELD_OF_ANOTHER_TYPE, plan.of_another_type),
        (UNKNOWN_VALUE, plan.unknown_value),
        (ANOTHER_VALUE, plan.another_value),
    ):
        found = [applied(field) for field in plan.fields]
        planned = [each for each in found if isinstance(each, Trial)]
        yield from planned
        if not planned:
            why = next((each for each in found if isinstance(each, str)), plan.none)
            yield NotApplicable(fault, number, why)
        elif plan.left_out:
            why = f"it has {plan.left_out} more fields than the {_MOST_FIELDS} that are broken"
            yield NotApplicable(fault, number, why)
    yield from plan.whole()


def fields_of(call: BrokenCall, number: int) -> list[UpstreamField]:
    """The fields that are broken in an interaction's response, in the order in which it has them.

    Raises:
        NotRewritable: It has no body that can be changed.
    """
    body = _body(call, number)
    kind, first = endpoint(call.interactions[number].request), _first_with(call)
    records = {place: index for index, (place, _) in enumerate(records_of(body.data))}
    found: dict[str, list[Found]] = {}
    for each in values_in(body.data):
        if first[kind, each.path] == number:
            found.setdefault(each.path, []).append(each)
    return [
        UpstreamField(path, _chosen(call, number, records, values), tuple(values))
        for path, values in found.items()
    ]


def _body(call: BrokenCall, number: int) -> Body:
    interaction = call.interactions[number]
    status = interaction.response.status
    if not 200 <= status < 300:
        raise NotRewritable(f"its response is a {status}")
    if call.handed_on:
        raise NotRewritable(call.handed_on)
    body = body_of(interaction)
    if not isinstance(body.data, Mapping | list):
        raise NotRewritable("its body has no fields")
    return body


@lru_cache(4)
def _first_with(call: BrokenCall) -> Mapping[tuple[str, str], int]:
    """The first interaction in which an endpoint has a value in a field, or else the first that has null."""
    valued: dict[tuple[str, str], int] = {}
    null: dict[tuple[str, str], int] = {}
    for number, interaction in call.interactions.items():
        try:
            body = _body(call, number)
        except NotRewritable:
            continue
        kind = endpoint(interaction.request)
        for each in values_in(body.data):
            (null if each.value is None else valued).setdefault((kind, each.path), number)
    return {**null, **valued}


def _chosen(call: BrokenCall, number: int, records: Mapping[Place, int], values: Sequence[Found]) -> Found:
    """The value to break: one that says something, of a record that Lumos is given, of an enum the rarest.

    What a status becomes without a raw one is mostly what the frequent one became.
    """
    texts = [each.value for each in values if isinstance(each.value, str)]
    counts = Counter(texts if is_enum(values[0].name, texts) else ())

    def rank(found: Found) -> tuple[bool, bool, bool, int]:
        index = _record_of(found.place, records)
        is_listed = index is not None and bool(ids_in(call, number, index))
        count = counts[found.value] if isinstance(found.value, str) else 0
        return found.value is None, not is_listed, found.value in ("", [], {}), count

    return min(values, key=rank)


def _record_of(place: Place, records: Mapping[Place, int]) -> int | None:
    """Which of a body's records a value is in, or is; ``None`` if it stands beside them."""
    return next((records[place[:end]] for end in range(len(place), -1, -1) if place[:end] in records), None)


def _is_first(call: BrokenCall, number: int) -> bool:
    """Whether no interaction of a call before this one asked the same endpoint, and had a body to change."""
    kind = endpoint(call.interactions[number].request)
    firsts = {first for (each, _), first in _first_with(call).items() if each == kind}
    return number == next((each for each in call.interactions if each in firsts), None)


def _reads(call: BrokenCall) -> bool:
    """Whether the response of a call has records, which may lack what was made of a broken field.

    How recent data is may be unknown, as of data that was never read.
    """
    if call.call.capability == "get_data_recency":
        return True
    standard = STANDARD.get(call.call.capability)
    return not call.writes if standard is None else standard.key is not None


class _Plan:
    """Makes the trials of one response; where a fault does not apply to a field, it says why in a clause."""

    def __init__(self, call: BrokenCall, number: int, body: Body) -> None:
        self._call, self._number, self._body = call, number, body
        self._asks = endpoint(call.interactions[number].request)
        fields = fields_of(call, number)
        self.fields, self.left_out = fields[:_MOST_FIELDS], len(fields[_MOST_FIELDS:])
        self.none = "its body has no fields"
        if not fields and any(values_in(body.data)):
            self.none = "all its fields are broken in an earlier response of the same endpoint"
        self._ids = all_ids(call)
        self._signs = {each.place for each in signs_of_pages(body.data)}
        self._is_first = _is_first(call, number)
        self._reads = _reads(call)

    def missing(self, field: UpstreamField) -> Trial | str:
        """The field is not there."""
        if self._is_of_a_cursor(field.chosen):
            return "a response without a cursor is a last page"
        if field.is_item:
            return "an item of a list has no name that could be missing"
        if self._body.form is Form.CSV:
            # A row has no names of its own.
            name = field.chosen.name
            return self._trial(
                FIELD_MISSING,
                field.path,
                lambda data: [{each: row[each] for each in row if each != name} for row in data],
                self._owed_without(field),
            )
        place = field.chosen.place
        return self._trial(
            FIELD_MISSING, field.path, lambda data: without(data, place), self._owed_without(field)
        )

    def null(self, field: UpstreamField) -> Trial | str:
        """The field has null; a CSV has nothing in its place."""
        if self._is_of_a_cursor(field.chosen):
            return "a response without a cursor is a last page"
        if self._body.form is Form.CSV and field.is_item:
            return "a row of a CSV cannot be null"
        if field.chosen.value is None or (self._body.form is Form.CSV and not field.chosen.value):
            return f"{field.path} is null in all records"
        nothing = "" if self._body.form is Form.CSV else None
        owed = self._owed_without(field)
        is_known = (self._asks, field.path) in self._call.nulls
        if is_known or any(each.value is None for each in field.values):
            # The upstream says something by null: somebody who is not suspended has no date of it.
            owed = replace(owed, steady=frozenset())
        return self._changed(FIELD_NULL, field, nothing, owed)

    def of_another_type(self, field: UpstreamField) -> Trial | str:
        """The field has a value of another type."""
        if self._body.form is Form.CSV:
            return "a CSV has no types"
        if field.chosen.value is None:
            return f"{field.path} is null in all records, and its type is not known"
        names = "" if self._is_envelope(field) else field.name
        owed = Owed(_INVALID, retryable=False, may_be_same=True, keeps=self._ids, names=names)
        return self._changed(FIELD_OF_ANOTHER_TYPE, field, of_another_type(field.chosen.value), owed)

    def unknown_value(self, field: UpstreamField) -> Trial | str:
        """An enum has a value that the recording has not, in a record for each that it has."""
        if field.chosen.place in self._signs or not field.is_enum:
            return "no field has few short words that come again"
        word, known, changes = unknown_word(field.words), set[str](), dict[int, Change]()
        for number, body in self._pages():
            data = body.data
            for each in values_in(body.data):
                if each.path == field.path and isinstance(each.value, str) and each.value not in known:
                    known.add(each.value)
                    data = with_value(data, each.place, word)
                    changes[number] = body.response_with(data)
        # A record whose id the word is a part of becomes another one.
        keeps = self._ids - ids_with(self._call, known)
        owed = Owed(may_be_same=True, may_differ=self._reads, keeps=keeps, steady=STATUSES)
        return Trial(UNKNOWN_VALUE, self._number, changes, owed, field.path, in_turn=True)

    def _pages(self) -> Iterator[tuple[int, Body]]:
        """This response and the later ones of its endpoint: a rare status may be on the last page alone."""
        for number, interaction in self._call.interactions.items():
            if number >= self._number and endpoint(interaction.request) == self._asks:
                with suppress(NotRewritable):
                    yield number, _body(self._call, number)

    def another_value(self, field: UpstreamField) -> Trial | str:
        """The field has another value that may be right."""
        if field.chosen.place in self._signs:
            return f"{field.path} says something of the pages"
        value = another(field.chosen.value, field.words if field.is_enum else ())
        if value is None:
            return f"{field.path} has no value of which there is another one"
        return self._changed(ANOTHER_VALUE, field, value, Owed(may_be_same=True, may_differ=True))

    def whole(self) -> Iterator[Trial | NotApplicable]:
        """What is changed in all objects at once."""
        if not self._is_first:
            why = "an earlier response of the same endpoint is changed so"
            yield from (NotApplicable(fault, self._number, why) for fault in (FIELDS_ADDED, KEYS_REORDERED))
            return
        same = Owed(may_fail=False, may_be_same=True, keeps=self._ids)
        if isinstance(self._body.data, Mapping):
            yield self._trial(FIELDS_ADDED, "the body", lambda data: {**data, _ADDED: WORD}, same)
        if any(_records_within(self._body.data)):
            yield self._trial(FIELDS_ADDED, "each record", _with_more_in_each_record, same)
        turned = reordered(self._body.data)
        if self._body.response_with(turned) == self._body.response_with(self._body.data):
            yield NotApplicable(KEYS_REORDERED, self._number, "no object in its body has two fields")
        else:
            yield self._trial(KEYS_REORDERED, "", reordered, same)

    def _is_of_a_cursor(self, found: Found) -> bool:
        return found.place in self._signs and any(
            isinstance(step, str) and spelled(step) in CURSORS for step in found.place
        )

    def _name(self, field: UpstreamField) -> str:
        """What an error has to name; nothing of the pages, where a lack contradicts another field."""
        return "" if field.chosen.place in self._signs or self._is_envelope(field) else field.name

    def _is_envelope(self, field: UpstreamField) -> bool:
        """Whether it is what a client of GraphQL takes away, so that the connector never sees its name."""
        return field.path == "data" and is_graphql(self._call.interactions[self._number].request)

    def _owed_without(self, field: UpstreamField) -> Owed:
        keeps = self._ids
        if may_be_nothing(self._call.call.capability):
            for index, (place, _) in enumerate(records_of(self._body.data)):
                if field.chosen.place[: len(place)] == place:
                    keeps -= ids_in(self._call, self._number, index)
        return Owed(
            _INVALID,
            retryable=False,
            may_be_same=True,
            may_differ=self._reads,
            keeps=keeps,
            steady=STATUSES,
            leads_on=self._call.leads_on and not self._may_be_an_end(field.chosen),
            names=self._name(field),
        )

    def _may_be_an_end(self, found: Found) -> bool:
        """Whether a response without a value may be that of a last page: it is a cursor, or has one."""
        is_beside = all(isinstance(step, str) for step in found.place)
        is_missing = is_missing_at_an_end(self._call.ends, self._asks, found.place)
        return is_beside and (is_missing or self._may_lead(found.place, found.value))

    def _may_lead(self, place: Place, value: Any) -> bool:
        """Whether a value may lead to the next page: a text, unless it is a count, or an object with one."""
        if isinstance(value, Mapping):
            return any(self._may_lead((*place, name), each) for name, each in value.items())
        is_text = isinstance(value, str) and not (place in self._signs and page_number(value) is not None)
        return is_text or spelled(str(place[-1])) in CURSORS

    def _changed(self, fault: Fault, field: UpstreamField, value: Any, owed: Owed) -> Trial:
        place = field.chosen.place
        return self._trial(fault, field.path, lambda data: with_value(data, place, value), owed)

    def _trial(self, fault: Fault, detail: str, change: Callable[[Any], Any], owed: Owed) -> Trial:
        """The trial of a change, which later responses to the same request have, too, as far as it fits."""
        changes: dict[int, Change] = {self._number: self._body.response_with(change(self._body.data))}
        for later in self._call.equal_from(self._number)[1:]:
            with suppress(NotRewritable, LookupError, TypeError):
                body = _body(self._call, later)
                changes[later] = body.response_with(change(body.data))
        return Trial(fault, self._number, changes, owed, detail, in_turn=True)


def _records_within(data: Any) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    return ((place, each) for place, each in records_of(data) if place and isinstance(each, Mapping))


def _with_more_in_each_record(data: Any) -> Any:
    for place, record in list(_records_within(data)):
        data = with_value(data, place, {**record, _ADDED: WORD})
    return data
