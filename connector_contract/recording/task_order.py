"""Tasks in one order, so that two recordings are equal, and a replay asks as they do.

``asyncio.as_completed`` makes a set of the coroutines that it is given, and a task of each in the order of
that set, which is another one each time. ``asyncio.wait`` gives sets of tasks.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from connector_contract.replaced import Attribute, replaced

# The name that asyncio gives a task: they count up.
_NUMBERED = re.compile(r"Task-(\d+)")


_as_completed, _wait = asyncio.as_completed, asyncio.wait


@contextmanager
def tasks_in_order() -> Iterator[None]:
    """Have ``as_completed`` make tasks in the list's order, and ``wait`` give them in that of their making.

    That goes for each module that has imported them. Within another such context nothing is left to do.
    """
    with replaced([*_places(_as_completed, as_completed), *_places(_wait, wait)]):
        yield


def as_completed(fs: Any, **options: Any) -> Any:
    """As asyncio's, and its tasks are made in the order of a list."""
    # One that is no list is an error, which asyncio raises.
    one = asyncio.isfuture(fs) or asyncio.iscoroutine(fs)
    return _as_completed(fs if one else _Tasks(fs), **options)


async def wait(fs: Any, **options: Any) -> Any:
    """As asyncio's, and its sets give the tasks in the order in which they were made."""
    done, pending = await _wait(fs, **options)
    return _InOrder(done), _InOrder(pending)


class _Tasks:
    """The tasks of some coroutines, made as soon as somebody looks at them, as asyncio does."""

    def __init__(self, awaitables: Iterable[Awaitable[Any]]) -> None:
        self._awaitables = awaitables

    def __iter__(self) -> Iterator[asyncio.Future[Any]]:
        # The same one twice is one task.
        return map(asyncio.ensure_future, dict.fromkeys(self._awaitables))


class _InOrder(set[asyncio.Future[Any]]):
    """A set of tasks that gives them in the order in which they were made; those with a name come last."""

    def __iter__(self) -> Iterator[asyncio.Future[Any]]:
        return iter(sorted(super().__iter__(), key=_order))

    def pop(self) -> asyncio.Future[Any]:
        """Remove the first."""
        first = next(iter(self), None)
        if first is None:
            return super().pop()
        self.remove(first)
        return first


def _order(task: asyncio.Future[Any]) -> tuple[bool, int, str]:
    name = task.get_name() if isinstance(task, asyncio.Task) else ""
    numbered = _NUMBERED.fullmatch(name)
    return (numbered is None, int(numbered[1]) if numbered else 0, name)


# Which modules have a function, by its name, and how many modules there were when they were looked for: that
# takes a good part of what a scenario does.
_OWNERS: dict[str, tuple[int, list[Any]]] = {}


def _places(function: Callable[..., Any], other: Callable[..., Any]) -> Iterator[Attribute]:
    """Each module that has a function, to have another one in its place."""
    name = function.__name__
    looked_at, owners = _OWNERS.get(name, (0, []))
    if looked_at != len(sys.modules):
        values = [(each, _value(each, name)) for each in list(sys.modules.values())]
        owners = [each for each, value in values if value is function or value is other]
        _OWNERS[name] = len(sys.modules), owners
    return ((each, name, other) for each in owners if _value(each, name) is function)


def _value(module: object, name: str) -> object:
    # A module that is loaded when it is first used stays as it is.
    return getattr(module, "__dict__", {}).get(name)
