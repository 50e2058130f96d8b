"""Tasks in the order of the list that they are made from, so that two recordings are equal.

``asyncio.as_completed`` makes a set of the coroutines that it is given, and a task of each in the order of
that set, which is another one each time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

_NAME = "as_completed"


@contextmanager
def tasks_in_order() -> Iterator[None]:
    """Have ``asyncio.as_completed`` make its tasks in the list's order, whoever has imported it."""
    original = asyncio.as_completed

    def as_completed(fs: Any, **options: Any) -> Any:
        # One that is no list is an error, which asyncio raises.
        one = asyncio.isfuture(fs) or asyncio.iscoroutine(fs)
        return original(fs if one else _Tasks(fs), **options)

    modules = [each for each in list(sys.modules.values()) if _has(each, original)]
    with ExitStack() as stack:
        for module in modules:
            stack.enter_context(mock.patch.object(module, _NAME, as_completed))
        yield


class _Tasks:
    """The tasks of some coroutines, made as soon as somebody looks at them, as asyncio does."""

    def __init__(self, awaitables: Iterable[Awaitable[Any]]) -> None:
        self._awaitables = awaitables

    def __iter__(self) -> Iterator[asyncio.Future[Any]]:
        # The same one twice is one task.
        return map(asyncio.ensure_future, dict.fromkeys(self._awaitables))


def _has(module: object, function: object) -> bool:
    # A module that is loaded when it is first used stays as it is.
    return getattr(module, "__dict__", {}).get(_NAME) is function
