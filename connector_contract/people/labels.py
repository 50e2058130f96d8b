"""Texts as documents: what is labelled has a name, and what is between has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from connector_contract.people.documents import Document, Span
from connector_contract.people.field_names import field
from connector_contract.people.leaves import Labelled


class Value(NamedTuple):
    """A value in a text.

    Attributes:
        name: What it is called.
        text: What it says.
        span: Where it stands.
        record: Which record it belongs to.
    """

    name: str
    text: str
    span: tuple[int, int]
    record: int


def labelled(
    text: str, values: Iterable[Value], charset: str, spelled: Callable[[Any, str], str]
) -> Document | None:
    """A text as a document; ``None`` if nothing in it may be a person's.

    Args:
        text: The text.
        values: What it says, in its order.
        charset: What it is encoded in.
        spelled: Gives what stands in the place of a value for another one.
    """
    kept = list(values)
    if not any(may_be_personal(each.name) for each in kept):
        return None
    records: list[list[tuple[str, Any]]] = [[]]
    spans: list[Span] = []
    end, record = 0, kept[0].record
    for value in [*kept, Value("", "", (len(text),) * 2, kept[-1].record)]:
        start, stop = value.span
        if start > end:
            records[-1].append(("", text[end:start]))
            spans += [None, (end, start)]
        if value.record != record:
            records.append([])
            record = value.record
        if stop > start:
            records[-1].append((value.name, value.text))
            spans += [None, value.span]
        end = stop
    return Document(text, [Labelled(each) for each in records], spans, spelled, charset, "replace")


@lru_cache(8_192)
def may_be_personal(label: str) -> bool:
    """Whether a label may be of somebody's value."""
    said = field(label)
    return bool(said.of_person or said.is_persons)
