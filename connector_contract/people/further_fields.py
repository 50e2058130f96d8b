"""Fields that an author names by JMESPath: which leaves of a document they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class FurtherFields:
    """Finds the fields that an author names.

    Args:
        paths: For a kind, a JMESPath, or several.

    Raises:
        UsageError: There is no such kind, or a path is none.
    """

    def __init__(self, paths: Mapping[str, str | Sequence[str]]) -> None:
        self._paths = list(_compiled(paths))
        self._found: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._paths)

    def kinds(self, value: Any) -> dict[int, str]:
        """The kind of each leaf that is named, by its number; keys are leaves, too."""
        numbered = _Numbering().value(value)
        kinds: dict[int, str] = {}
        for kind, path in self._paths:
            for each in _leaves_in(_searched(path, numbered)):
                kinds[each.number] = kind
                self._found.add((kind, path.expression))
        return kinds

    @property
    def unfound(self) -> tuple[tuple[str, str], ...]:
        """Kind and path of those that no document had anything at."""
        named = ((kind, path.expression) for kind, path in self._paths)
        return tuple(each for each in named if each not in self._found)


class _Text(str):
    """A text that knows which leaf it is."""

    number: int


class _Whole(int):
    """A number that knows it."""

    number: int


class _Numbering:
    """Makes a document whose texts and whole numbers know which leaves they are."""

    def __init__(self) -> None:
        self._count = -1

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._key(name): self.value(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        if value is None or value is True or value is False:
            return value
        self._count += 1
        if not isinstance(value, (str, int)):
            return value
        numbered = _Text(value) if isinstance(value, str) else _Whole(value)
        numbered.number = self._count
        return numbered

    def _key(self, name: str) -> str:
        self._count += 1
        return name


# JMESPath asks what a type is called.
_Text.__name__, _Whole.__name__ = "str", "int"


def _searched(path: Any, value: Any) -> Any:
    from jmespath.exceptions import JMESPathError

    try:
        return path.search(value)
    except JMESPathError:
        # A function was given what is no value for it: the document is another one than it is made for.
        return None


def _leaves_in(found: Any) -> Iterator[_Text | _Whole]:
    if isinstance(found, (_Text, _Whole)):
        yield found
    elif isinstance(found, dict):
        for item in found.values():
            yield from _leaves_in(item)
    elif isinstance(found, list):
        for item in found:
            yield from _leaves_in(item)


def _compiled(paths: Mapping[str, str | Sequence[str]]) -> Iterator[tuple[str, Any]]:
    if not paths:
        return
    import jmespath

    for kind, named in paths.items():
        for path in [named] if isinstance(named, str) else named:
            yield kind, jmespath.compile(path)
