"""The values in which two JSON documents differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ABSENT = object()
"""In place of a value that does not exist."""


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The path of each value that is not the same, with both; one that does not exist is ``ABSENT``."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            below = f"{path}.{name}" if path else str(name)
            yield from differences(old.get(name, ABSENT), new.get(name, ABSENT), below)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif old != new or type(old) is not type(new):
        yield path, old, new


def load_whole(text: bytes | str) -> Any:
    """A JSON document with all that it says: a name that comes again in an object is ``name (no. 2)``.

    Raises:
        ValueError: It is no JSON.
    """
    return json.loads(text, object_pairs_hook=_numbered)


def load_once(text: bytes | str) -> Any:
    """A JSON document whose objects have each name once.

    Raises:
        ValueError: It is no JSON, or an object has a name again.
    """
    return json.loads(text, object_pairs_hook=_once)


def _numbered(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        key, number = name, 1
        while key in found:
            number += 1
            key = f"{name} (no. {number})"
        found[key] = value
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for index, name in enumerate(names) if name in names[:index])
        raise ValueError(f"an object in it has the name {again!r} twice")
    return found
