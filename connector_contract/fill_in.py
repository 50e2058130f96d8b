"""Marks for what only the author of a connector knows, and the error for a mark that is still there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector_contract.errors import UsageError


@dataclass(frozen=True)
class FillIn:
    """A value that is still missing.

    Attributes:
        what: What is missing.
        place: File and line of the ``fill_in`` that stands in for it.
    """

    what: str
    place: str


def fill_in(what: str) -> Any:
    """Stand in for a value that only the author knows, until they give it.

    Args:
        what: What is missing, as a part of a sentence.

    Returns:
        A mark. Whoever would use it raises a ``UsageError`` that says what is missing and where.
    """
    caller = sys._getframe(1)
    return FillIn(what, f"{_shown(caller.f_code.co_filename)}:{caller.f_lineno}")


def refuse_fill_ins(*values: object) -> None:
    """Raise an error if something in these values is a mark that ``fill_in`` has left.

    Args:
        values: JSON-like values; their mappings and sequences are searched, too.

    Raises:
        UsageError: Something is not filled in yet; the first such thing is named.
    """
    for mark in _marks(values):
        raise UsageError(
            f"Not filled in yet: {mark.what}",
            where=[("fill in", mark.place)],
            remedy="Replace fill_in(...) there with the value.",
        )


def is_filled_in(value: object) -> bool:
    """Whether nothing in a value is a mark that ``fill_in`` has left."""
    return next(_marks(value), None) is None


def _marks(value: object) -> Iterator[FillIn]:
    if value is None or isinstance(value, (str, bytes, int)):
        # Most values are, and this is the fastest to find out.
        return
    if isinstance(value, FillIn):
        yield value
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _marks(pair)
    elif isinstance(value, (Sequence, Set)):
        for item in value:
            yield from _marks(item)


def _shown(filename: str) -> str:
    path, folder = Path(filename), Path.cwd()
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
