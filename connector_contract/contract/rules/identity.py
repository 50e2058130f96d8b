"""What identifies a record, where the SDK's specification says two things about it."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.contract.rules.responses import Key as Identity
from connector_contract.contract.rules.responses import Walk, shown
from connector_contract.contract.standard_capabilities import Key
from connector_contract.reporting.messages import counted


def key_remarks(walk: Walk, key: Key | None) -> Iterator[str]:
    """Records that are one record by one sentence of the specification, and several by another.

    Args:
        walk: A walk through a list.
        key: What identifies its records; ``None`` if the specification does not say.

    Source: ``x-unique-hash`` of the schemas, and what their descriptions add to it.
    """
    if key is None:
        return
    wider, id_ = key.fields, key.fields[:1]
    if key.additions and key.marked:
        addition = key.additions[0]
        if ids := _shared(walk, key.marked, wider):
            yield (
                f"{_said(ids)} several records of {walk.capability}, which differ in {addition.field}. "
                f"x-unique-hash of {key.schema} is {', '.join(key.marked)}; "
                f'its text says: "{addition.quotation}"'
            )
    elif key.contradicts and (ids := _shared(walk, id_, wider)):
        yield (
            f"{_said(ids)} several records of {walk.capability}, which differ in {', '.join(wider[1:])}. "
            f"x-unique-hash of {key.schema} is {', '.join(wider)}; {key.schema}.{id_[0]} says: "
            f'"{key.contradicts}"'
        )


def _shared(walk: Walk, narrower: tuple[str, ...], wider: tuple[str, ...]) -> list[Identity]:
    """The narrower keys that records with different wider ones have in common."""
    seen: dict[Identity, set[Identity]] = {}
    for record in walk.records:
        one, other = (tuple(str(record.get(field)) for field in fields) for fields in (narrower, wider))
        seen.setdefault(one, set()).add(other)
    return [one for one, others in seen.items() if len(others) > 1]


def _said(ids: list[Identity]) -> str:
    more = f" and {counted(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f"{shown(ids[0])!r}{more} {'are' if more else 'is'} the id of"
