"""Which values of JSON are personal: by the names of their fields, or by what an author names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any, NamedTuple

from connector_contract.people.attribute_pairs import Pair, pairs_among, value_of
from connector_contract.people.columns import rows_below_names, rows_by_columns
from connector_contract.people.emails import EMAIL
from connector_contract.people.field_steps import ATTRIBUTES, NO_STEP, OBJECT, TEXT, Case, Step, steps
from connector_contract.people.further_fields import FurtherFields
from connector_contract.people.leaves import Labelled, Leaf, Leaves, Pairs
from connector_contract.people.named_by_address import Named, names_in
from connector_contract.people.person_records import Records, Shape, are_people, by_type

# A telephone number with the code of its country, whatever its field is called (ITU-T E.164).
_NUMBER = re.compile(r"\+(?=(?:\D*\d){8,15}\D*\Z)\d[\d ().-]+")
_CONTEXT = "@odata.context"
# What is nested more deeply is no record.
_DEEPEST = 200


class PersonalFields:
    """Finds what is personal.

    Args:
        further: For a kind, the JMESPath of further fields, or several.
    """

    def __init__(self, further: Mapping[str, str | Sequence[str]] = {}) -> None:
        self._further = FurtherFields(further)
        self._records = Records()
        self._steps: dict[Case, list[Step]] = {}

    def leaves(self, value: Any) -> Leaves:
        """Each value and key of a document."""
        walk = _Walk(self._records, self._steps)
        walk.value([value], NO_STEP, None, -1)
        found = self._with_further(value, walk.found) if self._further else walk.found
        return Leaves(found, walk.shapes, frozenset(walk.of_things))

    def names(self, value: Any) -> Iterator[Named]:
        """The names in a document that its fields do not say."""
        return names_in(value, self._records)

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


class _Attribute(NamedTuple):
    """What another field beside it says of a value.

    Attributes:
        pair: The fields.
        step: What is to be noted of the value.
        owner: The record that it belongs to.
    """

    pair: Pair
    step: Step
    owner: int


class _Walk:
    """Goes through a document, and notes what each leaf is."""

    def __init__(self, records: Records, known: dict[Case, list[Step]]) -> None:
        self.found: list[Leaf] = []
        self.shapes: set[tuple[str, ...]] = set()
        self.of_things: set[str] = set()
        self._records, self._steps = records, known
        self._owners = 0
        self._depth = 0
        # By their identity, as long as the document lives.
        self._attributes: dict[int, _Attribute] = {}
        self._rows: dict[int, tuple[list[Step], int]] = {}

    def value(self, value: Any, step: Step, context: bool | None, owner: int) -> None:
        """Note a value.

        Args:
            value: The value.
            step: What is known of its field.
            context: Whether it is in a collection of people; ``None`` if nobody says.
            owner: The record that it belongs to; -1 if to none.
        """
        if isinstance(value, str):
            kind = step.kind_of(value) or ("phone" if value[:1] == "+" and _NUMBER.fullmatch(value) else "")
            self.found.append(Leaf(step.name, kind, value, owner, step.said.is_enum))
            if step.said.is_of_thing and "@" in value:
                self.of_things.update(EMAIL.findall(value))
        elif isinstance(value, dict):
            self._object(value, step, context, owner)
        elif isinstance(value, (list, tuple)):
            self._list(value, step, context, owner)
        elif value is not None and value is not True and value is not False:
            self.found.append(Leaf(step.name, step.kind_of_number(value), value, owner))

    def _list(self, items: Sequence[Any], step: Step, context: bool | None, owner: int) -> None:
        cells, of_row = self._rows.get(id(items), ((), owner))
        attribute = self._attributes.get(id(items))
        if attribute is not None:
            cells, of_row = [NO_STEP, attribute.step], attribute.owner
        elif not cells and items and not isinstance(items[0], str) and not self._learn_rows(items, context):
            found = pairs_among(items, is_certain=step.said.is_container)
            self._learn_attributes(found, step, context, owner)
        for item, cell in zip_longest(items, cells[: len(items)]):
            if cell is None:
                self.value(item, step, context, of_row)
            else:
                self.value(item, cell, cell.context, of_row)

    def _object(self, record: dict[str, Any], step: Step, context: bool | None, owner: int) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError("a document is nested too deeply")
        shape = self._records.shape(record)
        self.shapes.add(shape.names)
        is_person, owner = self._judged(record, shape, step, context, owner)
        of_items = _of_graph(record) if _CONTEXT in record else context
        said = step.said
        is_sure = shape.is_strong or context is True
        reading = TEXT if isinstance(record, Labelled) else OBJECT
        case = Case(
            shape.names,
            is_person,
            is_sure,
            said.plural,
            of_items,
            step.held,
            said.is_name,
            reading,
            step.is_read,
        )
        known = self._known(shape, case)
        if shape.typed:
            known = _by_types(known, dict(are_people(record, shape)))
        self._look_within(record, step, is_person, context, owner)
        if said.is_of_thing:
            texts = (each for each in record.values() if isinstance(each, str) and "@" in each)
            self.of_things.update(found for each in texts for found in EMAIL.findall(each))
        attribute = self._attributes.get(id(record))
        for each, value in zip(known, record.values(), strict=True):
            self.found.append(each.key)
            if attribute is None:
                self.value(value, each, each.context, owner)
            else:
                self._part_of_attribute(value, each, attribute, owner)
        self._depth -= 1

    def _part_of_attribute(self, value: Any, step: Step, attribute: _Attribute, owner: int) -> None:
        if step.name in attribute.pair.values:
            self.value(value, attribute.step, attribute.step.context, attribute.owner)
        elif step.name in attribute.pair.naming:
            self.value(value, NO_STEP, None, owner)
        else:
            self.value(value, step, step.context, owner)

    def _judged(
        self, record: dict[str, Any], shape: Shape, step: Step, context: bool | None, owner: int
    ) -> tuple[bool | None, int]:
        """Whether a record is a person, and its number."""
        is_value = bool(step.held) and any(each.is_value for each in shape.fields)
        if owner >= 0 and (step.said.is_part or is_value):
            # "organization" is the type of a number, and not of whose it is.
            said = context if step.said.plural and context is not None else None
            return _is_person_in_part(record, shape, context) if said is None else said, owner
        self._owners += 1
        is_person = False if step.said.is_kind else self._records.is_person(record, shape, context)
        return is_person, self._owners - 1

    def _known(self, shape: Shape, case: Case) -> list[Step]:
        known = self._steps.get(case)
        if known is None:
            known = self._steps[case] = list(steps(shape, case))
        return known

    def _look_within(
        self, record: dict[str, Any], step: Step, is_person: bool | None, context: bool | None, owner: int
    ) -> None:
        """Look for attributes and rows among what is in an object."""
        inner = [value for value in record.values() if isinstance(value, (dict, list))]
        objects = [value for value in inner if isinstance(value, dict) and id(value) not in self._attributes]
        if objects:
            found = pairs_among(objects, is_certain=False)
            # Elements of XML are a list; fields of an object are not.
            kept = [each for each in found if isinstance(record, Pairs) or each[1].is_personal]
            self._learn_attributes(kept, step, is_person if step.said.is_part else context, owner)
        if inner:
            for names, row in rows_by_columns(record):
                values = dict(zip(names, row, strict=True))
                self._rows[id(row)] = self._attributed(values, NO_STEP, context, -1)

    def _learn_rows(self, rows: Sequence[Any], context: bool | None) -> bool:
        found = rows_below_names(rows)
        for row in () if found is None else found[1]:
            if row and id(row) not in self._rows:
                values = dict(zip(found[0], row, strict=False)) if found else {}
                self._rows[id(row)] = self._attributed(values, NO_STEP, context, -1)
        return found is not None

    def _learn_attributes(
        self, pairs: Iterable[tuple[Any, Pair]], step: Step, context: bool | None, owner: int
    ) -> None:
        found = [each for each in pairs if id(each[0]) not in self._attributes]
        if not found:
            return
        record = Pairs([(pair.name, value_of(item, pair)) for item, pair in found])
        of_record = context if context is not None else step.is_persons
        known, own = self._attributed(record, step, of_record, owner)
        for (item, pair), each in zip(found, known, strict=True):
            self._attributes[id(item)] = _Attribute(pair, each, own)

    def _attributed(
        self, record: dict[str, Any], step: Step, context: bool | None, owner: int
    ) -> tuple[list[Step], int]:
        """What is to be noted of values that are named apart from them, and the number of their record."""
        shape = self._records.shape(record)
        is_part = step.said.is_part or step.is_persons
        if owner >= 0 and is_part:
            is_person = _is_person_in_part(record, shape, context)
        else:
            is_person, owner = self._records.is_person(record, shape, context), self._owners
            self._owners += 1
        case = Case(shape.names, is_person, shape.is_strong or context is True, reading=ATTRIBUTES)
        return self._known(shape, case), owner


def _by_types(known: list[Step], are_people: Mapping[str, bool]) -> list[Step]:
    """What is to be noted of fields of which others say whether they name a person."""
    return [
        each
        if each.name not in are_people
        else replace(each, looks=True)
        if are_people[each.name]
        else replace(each, kind="", looks=False)
        for each in known
    ]


def _is_person_in_part(record: dict[str, Any], shape: Shape, context: bool | None) -> bool | None:
    said = by_type(record, shape)
    if said is not None:
        return said
    return (shape.is_strong or shape.is_weak or None) if context is None else context


def _of_graph(record: dict[str, Any]) -> bool | None:
    context = record.get(_CONTEXT)
    if not isinstance(context, str):
        return None
    if "#users" in context or "#people" in context or "#contacts" in context:
        return True
    return False if "#groups" in context or "#applications" in context else None
