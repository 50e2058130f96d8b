"""What a connector does otherwise with the fields of its upstream, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connector_contract.faults.field_use import Fields, FieldUse, Use, cell_of

# A path of a URL has no space.
_APART = ": "
_STRICT = {Use.REQUIRED: 2, Use.CHECKED: 1}


@dataclass(frozen=True)
class FieldChange:
    """What a capability does otherwise with a field.

    Attributes:
        endpoint: The method and path of the request whose response has it.
        name: Its path.
        old: What was done with it; ``None`` if no call had it.
        new: What is done with it now; ``None`` if no call has it any more.
    """

    endpoint: str
    name: str
    old: FieldUse | None
    new: FieldUse | None

    @classmethod
    def at(cls, place: str, old: str | None, new: str | None) -> FieldChange:
        """The change of the cell at a ``place``, by what is stored.

        Raises:
            ValueError: A side is no cell.
        """
        asked, _, name = place.partition(_APART)
        return cls(asked, name, *(None if side is None else cell_of(side) for side in (old, new)))

    @property
    def place(self) -> str:
        """Where it is in the table of its capability, in a text."""
        return f"{self.endpoint}{_APART}{self.name}"

    @property
    def moves_refusals(self) -> bool:
        """Whether the connector now stops where it went on, or goes on where it stopped."""
        return _strictness(self.old) != _strictness(self.new)

    @property
    def is_unread(self) -> bool:
        """Whether it came or went, and nobody reads it."""
        uses = [each.use for each in (self.old, self.new) if each is not None]
        return uses == [Use.UNREAD]

    def text(self, capability: str) -> str:
        """The change in a line.

        Args:
            capability: What Lumos calls; several may be named.
        """
        if self.old is None and self.new is not None:
            return f"{self._of} is new in the calls of {capability}: it is {self.new}"
        if self.new is None:
            return f"{self._of} is in no call of {capability} any more: it was {self.old}"
        return f"{capability} {self._does()}: it was {self.old}, and is {self.new} now"

    @property
    def _of(self) -> str:
        return f"{self.name} of {self.endpoint}"

    def _does(self) -> str:
        old, new = _strictness(self.old), _strictness(self.new)
        if old != new:
            verb = "stops" if new > old else "no longer stops"
            # Of two that differ, the stricter one says on what.
            return f"{verb} if {self._lacking if max(old, new) == _STRICT[Use.REQUIRED] else self._wrong}"
        return f"{'uses' if _is_used(self.new) else 'no longer uses'} {self._of}"

    @property
    def _lacking(self) -> str:
        return f"{self.endpoint} lacks {self.name}"

    @property
    def _wrong(self) -> str:
        return f"{self._of} is null or of another type"


def _strictness(cell: FieldUse | None) -> int:
    return 0 if cell is None else _STRICT.get(cell.use, 0)


def _is_used(cell: FieldUse | None) -> bool:
    return cell is not None and cell.use is not Use.UNREAD and not cell.never_used


def field_changes(old: Fields, new: Fields) -> Iterator[FieldChange]:
    """What differs between two tables of a capability: first where refusals move, and then in their order."""
    names = sorted({(asked, name) for side in (old, new) for asked, of in side.items() for name in of})
    changes = [
        FieldChange(asked, name, old.get(asked, {}).get(name), new.get(asked, {}).get(name))
        for asked, name in names
    ]
    yield from sorted(
        (each for each in changes if each.old != each.new), key=lambda each: not each.moves_refusals
    )


@dataclass(frozen=True)
class ChangedFields:
    """A capability that does not do with the fields of its upstream what is stored.

    Attributes:
        capability: What Lumos calls.
        table: The file.
        changes: What it does otherwise.
    """

    capability: str
    table: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True)
class FieldsChecked:
    """What came of the comparison.

    Attributes:
        changed: What differs.
        missing: The capabilities whose table is not stored yet.
        unknown: Those of which not all calls were broken.
        errors: Why a file could not be read, or written.
    """

    changed: list[ChangedFields] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
