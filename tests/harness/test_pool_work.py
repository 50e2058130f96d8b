"""A thread of an executor is idle, or is about to have something to do: in no moment does nobody have it."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from connector_contract.clock.pool_work import PoolWork


@pytest.fixture
def pool():
    """An executor of one thread, which is kept busy."""
    end = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(end.wait)
        yield pool
        end.set()


class Item:
    """What an executor puts into its queue."""

    def __init__(self):
        self.future = Future()


def queue(work, pool):
    item = Item()
    work.submitting.to = pool
    work.queue(item)
    return item


def test_what_is_queued_is_about_to_begin(pool):
    work = PoolWork()
    assert not work.can_start()
    queue(work, pool)
    assert work.can_start()


def test_what_is_cancelled_is_not(pool):
    work = PoolWork()
    queue(work, pool).future.cancel()
    assert not work.can_start()


def test_what_waits_for_a_busy_thread_is_not(pool):
    work, thread = PoolWork(), threading.current_thread()
    first, _second = queue(work, pool), queue(work, pool)
    assert work.start(first, thread)
    assert not work.can_start()
    work.end(thread)
    assert work.can_start()


def test_what_nobody_who_counts_has_submitted_is_not_theirs(pool):
    work = PoolWork()
    assert not work.start(Item(), threading.current_thread())
    work.queue(Item())
    assert not work.can_start()


def test_a_thread_is_idle_unless_it_does_what_was_submitted(pool):
    work = PoolWork()
    (thread,) = pool._threads
    assert work.is_idle(thread)
    assert not work.is_idle(threading.current_thread())
    work.start(queue(work, pool), thread)
    assert not work.is_idle(thread)


def test_a_thread_that_is_about_to_end_is_not_idle(pool):
    (thread,) = pool._threads
    pool.shutdown(wait=False)
    assert not PoolWork().is_idle(thread)
