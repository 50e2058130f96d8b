"""What a connector does with each field of its upstream, in the form in which it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from connector_contract.storage.snapshot_format import declarations_text

_NEVER_USED = ", never used"


class Use(Enum):
    """What a connector does with a field of the upstream."""

    REQUIRED = "required"
    """A response without it is refused."""
    CHECKED = "checked"
    """A response without it is read, and one with null or another type in it is refused."""
    READ = "read"
    """It moves the response, and nothing that is in it is refused."""
    UNREAD = "unread"
    """Whatever is in it, the response is the same."""


@dataclass(frozen=True)
class FieldUse:
    """A cell of the table.

    Attributes:
        use: What the connector does with the field.
        never_used: Whether another value of it is known to move nothing, although it may be refused.
    """

    use: Use
    never_used: bool = False

    def __str__(self) -> str:
        """The cell as it is stored: ``required``, ``checked, never used``."""
        return self.use.value + _NEVER_USED * self.never_used


Fields = Mapping[str, Mapping[str, FieldUse]]
"""What a capability does with the fields of its upstream, by endpoint and field."""


def cell_of(text: str) -> FieldUse:
    """The cell that is stored as ``text``.

    Raises:
        ValueError: It is none.
    """
    try:
        cell = FieldUse(Use(text.removesuffix(_NEVER_USED)), text.endswith(_NEVER_USED))
    except ValueError:
        raise ValueError(f"a table of fields has {text!r}, which is nothing done with a field") from None
    if cell.never_used and cell.use not in (Use.REQUIRED, Use.CHECKED):
        raise ValueError(f"a table of fields has {text!r}, and what refuses nothing is {cell.use.value!r}")
    return cell


def to_json(fields: Fields) -> dict[str, dict[str, str]]:
    """The table of a capability as plain data."""
    return {asked: {field: str(cell) for field, cell in of.items()} for asked, of in fields.items()}


def from_json(data: Any) -> Fields:
    """The table that ``to_json`` was made of.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(data, Mapping):
        raise ValueError("a table of fields is an object")
    return {str(asked): _cells(fields) for asked, fields in data.items()}


def _cells(fields: Any) -> dict[str, FieldUse]:
    if not isinstance(fields, Mapping):
        raise ValueError(f"a table of fields has {fields!r} in the place of an object")
    return {str(field): cell_of(str(cell)) for field, cell in fields.items()}


def fields_text(fields: Fields) -> str:
    """The table of a capability as it is stored: sorted, a line a field; empty if there is no field."""
    stored = {asked: of for asked, of in to_json(fields).items() if of}
    return declarations_text(stored) if stored else ""
