"""Marks for what only the author of a connector knows, and the error for a mark that is still there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakSet

from connector_contract.errors import UsageError


@dataclass(frozen=True)
class FillIn:
    """A value that is still missing.

    Attributes:
        what: What is missing.
        place: File and line of the ``fill_in`` that stands in for it.
        file: The file, as Python has it.
        line: The line.
    """

    what: str
    place: str
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


_LEFT: WeakSet[FillIn] = WeakSet()
_SHOWN = 20


def fill_in(what: str) -> Any:
    """Stand in for a value that only the author knows, until they give it.

    Args:
        what: What is missing, as a part of a sentence.

    Returns:
        A mark. Whoever would use it raises a ``UsageError`` that says what is missing and where.
    """
    caller = sys._getframe(1)
    file, line = caller.f_code.co_filename, caller.f_lineno
    mark = FillIn(what, f"{_shown(file)}:{line}", file, line)
    _LEFT.add(mark)
    return mark


def refuse_fill_ins(*values: object) -> None:
    """Raise an error if something in these values is a mark that ``fill_in`` has left.

    Args:
        values: JSON-like values; their mappings and sequences are searched, too.

    Raises:
        UsageError: Something is not filled in yet; the first such thing is named, and then what else is left
            in the same folder.
    """
    for mark in _marks(values):
        others = sorted(
            (
                each
                for each in list(_LEFT)
                if each != mark and Path(each.file).parent == Path(mark.file).parent
            ),
            key=lambda each: (each.file, each.line, each.what),
        )
        more = [f"and {len(others) - _SHOWN:,} more"] if len(others) > _SHOWN else []
        raise UsageError(
            f"Not filled in yet: {mark.what}",
            where=[("fill in", mark.place)],
            details=[*(f"also {each.place}: {each.what}" for each in others[:_SHOWN]), *more],
            remedy=f"Replace fill_in(...) {'in each of these' if others else 'there'} with the value.",
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
