"""Waiting for a lock whose owner may sleep: this is time to jump over, too.

With one thread, whoever held a lock that it waits for has never freed it, and the wait has no end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from connector_contract.clock import real_time
from connector_contract.clock.virtual_time import Function
from connector_contract.clock.waits import NANOSECONDS, timeline

# In seconds. Most locks are held for a moment only, in which nobody needs to know who waits.
_MOMENT, _LOOK = 0.0005, 0.002
_FOR_EVER = -1


def virtual_locks() -> list[tuple[type, str, Function]]:
    """What waits for a lock: the class, the method, and what it becomes."""
    made: list[tuple[type, str, Function]] = []
    for kind, is_free in _kinds().items():
        acquire = _acquire(vars(kind)["acquire"], is_free)
        made += [(kind, name, acquire) for name in ("acquire", "__enter__")]
    return made


def _kinds() -> dict[type, Callable[[Any], bool]]:
    return {
        type(threading.Lock()): lambda lock: not lock.locked(),
        # Before Python 3.14, nothing else tells this of one that others may hold.
        type(threading.RLock()): lambda lock: repr(lock).startswith("<unlocked"),
    }


def _acquire(original: Function, is_free: Callable[[Any], bool]) -> Function:
    def acquire(lock: Any, blocking: bool = True, timeout: float = _FOR_EVER) -> bool:
        if blocking and timeout == _FOR_EVER and original(lock, False):
            # Most are free. What follows takes longer.
            return True
        if not timeline.is_virtual():
            return original(lock, blocking, timeout)  # type: ignore[no-any-return]
        if not blocking or 0 <= timeout <= _MOMENT or (timeout < 0 and timeout != _FOR_EVER):
            return original(lock, blocking, timeout)  # type: ignore[no-any-return]
        if original(lock, True, _MOMENT):
            return True
        until = timeline.monotonic_ns() + timeout * NANOSECONDS
        while not original(lock, False):
            left = None if timeout == _FOR_EVER else (until - timeline.monotonic_ns()) / NANOSECONDS
            if not timeline.wait(left, _looks(lock, is_free), ready=lambda: is_free(lock)):
                return original(lock, False)  # type: ignore[no-any-return]
        return True

    return acquire


def _looks(lock: Any, is_free: Callable[[Any], bool]) -> Callable[[float | None], bool]:
    """Wait until a lock is free, and leave it: who gets it runs, and would count as one who waits."""

    def block(at_most: float | None) -> bool:
        while not is_free(lock):
            real_time.sleep(_LOOK if at_most is None else at_most)
            if at_most is not None:
                break
        return is_free(lock)

    return block
