"""The leaves of a document: its values and keys, and what each of them holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple


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
        of_things: E-mail addresses in fields that say that they are nobody's.
    """

    found: list[Leaf]
    shapes: set[tuple[str, ...]]
    of_things: frozenset[str] = frozenset()


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


class Labelled(Pairs):
    """What a text says with labels, such as ``Name: Alice Martin``; the rest of it has an empty name."""
