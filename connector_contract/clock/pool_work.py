"""What executors of threads have to do, and whether a thread of theirs is idle."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import thread as pools
from threading import Thread
from typing import Any, Protocol


class Item(Protocol):
    """One call that was submitted."""

    future: Future[Any]


class PoolWork:
    """Calls that threads that count have submitted, from then until their future's callbacks are done."""

    def __init__(self) -> None:
        self.submitting = _Submitting()
        self._queued: dict[Item, ThreadPoolExecutor] = {}
        self._running: dict[Thread, ThreadPoolExecutor] = {}

    def queue(self, item: Item) -> None:
        """An executor is given something to do by this thread."""
        if self.submitting.to is not None:
            self._queued[item] = self.submitting.to

    def start(self, item: Item, thread: Thread) -> bool:
        """A thread begins with it; whether that is work for somebody who counts."""
        executor = self._queued.get(item)
        if executor is not None:
            # In this order: at no moment does nobody seem to have it.
            self._running[thread] = executor
            self._queued.pop(item, None)
        return executor is not None

    def end(self, thread: Thread) -> None:
        """A thread has done what it began."""
        self._running.pop(thread, None)

    def is_of(self, thread: Any) -> bool:
        """Whether a thread does what it was given, for somebody who gets the error that it ends with."""
        return thread in self._running or (_is_anyio_worker(thread) and bool(thread.queue.unfinished_tasks))

    def is_idle(self, thread: Any) -> bool:
        """Whether it is a thread of an executor, and has nothing to do."""
        if thread in self._running:
            return False
        if getattr(thread, "_target", None) is pools._worker:
            executor = thread._args[0]()
            return executor is not None and not executor._shutdown
        # anyio's asyncio backend has worker threads of its own, and some may be older than the context.
        return _is_anyio_worker(thread) and not thread.queue.unfinished_tasks

    def can_start(self) -> bool:
        """Whether anything is queued that an idle thread is about to begin."""
        for item in [item for item in list(self._queued) if item.future.done()]:
            self._queued.pop(item, None)
        return any(self._busy(to) < to._max_workers for to in list(self._queued.values()))

    def _busy(self, executor: ThreadPoolExecutor) -> int:
        return sum(other is executor for other in list(self._running.values()))


class _Submitting(threading.local):
    """The executor that this thread is submitting something to."""

    to: ThreadPoolExecutor | None = None


def is_anyio_worker_of(owner: Thread, thread: Any) -> bool:
    """Whether anyio made a thread to run what the loop of another one must not wait for."""
    # A loop that does not run at the moment has no thread.
    return _is_anyio_worker(thread) and getattr(thread.loop, "_thread_id", None) in (None, owner.ident)


def _is_anyio_worker(thread: Any) -> bool:
    return (type(thread).__module__, type(thread).__name__) == ("anyio._backends._asyncio", "WorkerThread")
