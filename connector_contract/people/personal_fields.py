"""Which values of JSON are personal: by the names of their fields, or by what an author names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from connector_contract.people.field_names import Field
from connector_contract.people.further_fields import FurtherFields
from connector_contract.people.person_records import Records, Shape, by_type

_NO_FIELD = Field()
_FULL_NAME = re.compile(r"[^\W\d_][^\d@/:=]{0,60}[\s,][^\d@/:=]{0,60}[^\W\d_.]\.?")
_OF_LINKS = frozenset("/?=&")
# The names of an object's fields, whether it is a person, what it is an item of, and what its items are.
_Case = tuple[tuple[str, ...], bool | None, str | None, bool | None]
_CONTEXT = "@odata.context"
# What is nested more deeply is no record.
_DEEPEST = 200


class Leaf(NamedTuple):
    """A value, or a key, of a document.

    Attributes:
        name: The name of its field.
        kind: What it holds, one of ``personal_kinds.KINDS``; ``KEY`` for a key of an object; else empty.
        value: The value.
        owner: The number of the record whose it is.
        is_enum: Whether it is one of a few values.
    """

    name: str
    kind: str
    value: Any
    owner: int
    is_enum: bool = False


KEY = "key"
"""The kind of a leaf that is a key of an object."""


class Leaves(NamedTuple):
    """The leaves of a document.

    Attributes:
        found: All, in their order.
        shapes: The keys that each of its objects has.
    """

    found: list[Leaf]
    shapes: set[tuple[str, ...]]


class Pairs(dict[str, Any]):
    """An object that has a name more than once, as ``items`` says."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return (name for name, _ in self._pairs)

    def values(self) -> Sequence[Any]:  # type: ignore[override]
        """The values of all pairs."""
        return [value for _, value in self._pairs]

    def items(self) -> Sequence[tuple[str, Any]]:  # type: ignore[override]
        """All pairs."""
        return self._pairs


class PersonalFields:
    """Finds what is personal.

    Args:
        further: For a kind, the JMESPath of further fields, or several.
    """

    def __init__(self, further: Mapping[str, str | Sequence[str]] = {}) -> None:
        self._further = FurtherFields(further)
        self._records = Records()
        self._steps: dict[_Case, list[_Step]] = {}

    def leaves(self, value: Any) -> Leaves:
        """Each value and key of a document."""
        walk = _Walk(self._records, self._steps)
        walk.value(value, _NO_STEP, None, -1)
        found = self._with_further(value, walk.found) if self._further else walk.found
        return Leaves(found, walk.shapes)

    @property
    def unfound(self) -> tuple[tuple[str, str], ...]:
        """Kind and path of further fields that no document had."""
        return self._further.unfound

    def _with_further(self, value: Any, found: list[Leaf]) -> list[Leaf]:
        kinds = self._further.kinds(value)
        return [
            leaf._replace(kind=kinds[number]) if number in kinds else leaf
            for number, leaf in enumerate(found)
        ]


class _Step(NamedTuple):
    """What is to be noted of a field of an object, whatever its value is.

    Attributes:
        key: The leaf of its name.
        name: Its name.
        said: What the name says.
        kind: What a text in it is.
        looks: Whether a text is to be looked at before.
        context: What an object or a list in it is to know.
    """

    key: Leaf
    name: str
    said: Field
    kind: str
    looks: bool
    context: bool | None


_NO_STEP = _Step(Leaf("", KEY, "", -1), "", _NO_FIELD, "", False, None)


class _Walk:
    """Goes through a document, and notes what each leaf is."""

    def __init__(self, records: Records, steps: dict[_Case, list[_Step]]) -> None:
        self.found: list[Leaf] = []
        self.shapes: set[tuple[str, ...]] = set()
        self._records, self._steps = records, steps
        self._owners = 0
        self._depth = 0

    def value(self, value: Any, step: _Step, context: bool | None, owner: int) -> None:
        """Note a value.

        Args:
            value: The value.
            step: What is known of its field.
            context: Whether it is in a collection of people; ``None`` if nobody says.
            owner: The record that it belongs to; -1 if to none.
        """
        if isinstance(value, str):
            kind = _looked_at(step, value) if step.looks else step.kind
            self.found.append(Leaf(step.name, kind, value, owner, step.said.is_enum))
        elif isinstance(value, dict):
            self._object(value, step.said, context, owner)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self.value(item, step, context, owner)
        elif value is not None and value is not True and value is not False:
            self.found.append(Leaf(step.name, step.kind, value, owner))

    def _object(self, record: dict[str, Any], said: Field, context: bool | None, owner: int) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError("a document is nested too deeply")
        shape = self._records.shape(record)
        self.shapes.add(shape.names)
        if owner >= 0 and said.is_part:
            is_person = _is_person_in_part(record, shape, context)
        else:
            is_person = self._records.is_person(record, shape, context)
            owner, self._owners = self._owners, self._owners + 1
        of_items = _of_graph(record) if _CONTEXT in record else context
        case = shape.names, is_person, said.plural, of_items
        steps = self._steps.get(case)
        if steps is None:
            steps = self._steps[case] = [_step(field, name, case) for field, name in _named(shape)]
        for step, value in zip(steps, record.values(), strict=True):
            self.found.append(step.key)
            self.value(value, step, step.context, owner)
        self._depth -= 1


def _is_person_in_part(record: dict[str, Any], shape: Shape, context: bool | None) -> bool | None:
    said = by_type(record, shape)
    if said is not None:
        return said
    return (shape.is_strong or shape.is_weak or None) if context is None else context


def _named(shape: Shape) -> Iterator[tuple[Field, str]]:
    return zip(shape.fields, shape.names, strict=True)


def _step(field: Field, name: str, case: _Case) -> _Step:
    _, is_person, plural, of_items = case
    if plural and not field.is_persons:
        field = _in_plural(field, plural)
    kind = (field.kind if is_person is None else field.of_person if is_person else None) or ""
    looks = bool(kind and kind != "photo") or field.is_persons
    context = of_items if field.is_list else _passed(field, is_person)
    return _Step(Leaf(name, KEY, name, -1), name, field, kind, looks, context)


def _looked_at(step: _Step, value: str) -> str:
    if step.kind in ("given_name", "family_name"):
        # "first" and "last" are also pages of a list.
        return step.kind if _OF_LINKS.isdisjoint(value) else ""
    if step.kind:
        return "" if "://" in value else step.kind
    return "name" if _FULL_NAME.fullmatch(value) else ""


def _passed(field: Field, is_person: bool | None) -> bool | None:
    """What the value of a field is to know of the record that it is in."""
    if field.is_persons:
        return True
    if field.is_groups or field.is_about:
        return False
    return is_person if field.is_container or field.plural or field.of_person else None


def _in_plural(field: Field, plural: str) -> Field:
    """What a field of an item of ``emails``, or of an address, says."""
    if plural == "photo":
        return Field("photo", "photo")
    if plural == "address":
        return Field("address", "address") if field.in_address else _NO_FIELD
    return Field(plural, plural) if field.in_plural else _NO_FIELD


def _of_graph(record: dict[str, Any]) -> bool | None:
    context = record.get(_CONTEXT)
    if not isinstance(context, str):
        return None
    if "#users" in context or "#people" in context or "#contacts" in context:
        return True
    return False if "#groups" in context or "#applications" in context else None
