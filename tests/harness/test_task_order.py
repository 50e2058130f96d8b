"""Tasks are made in the order of the list, so that two recordings of them are equal."""

from __future__ import annotations

import asyncio
import sys
import types

import pytest

from connector_contract.recording.task_order import tasks_in_order

MANY = 50


async def started(function):
    """In which order the coroutines of a list begin."""
    begun = []

    async def begin(number):
        begun.append(number)
        await asyncio.sleep(0)
        return number

    found = [await each for each in function([begin(number) for number in range(MANY)])]
    assert sorted(found) == list(range(MANY))
    return begun


def test_as_completed_begins_in_the_order_of_the_list():
    with tasks_in_order():
        assert asyncio.run(started(asyncio.as_completed)) == list(range(MANY))
    # It does not by itself.
    assert asyncio.run(started(asyncio.as_completed)) != list(range(MANY))


def test_a_module_that_has_imported_it_before_does_as_well(monkeypatch):
    module = types.ModuleType("imported")
    module.as_completed = original = asyncio.as_completed
    monkeypatch.setitem(sys.modules, "imported", module)
    with tasks_in_order():
        assert asyncio.run(started(module.as_completed)) == list(range(MANY))
    assert module.as_completed is asyncio.as_completed is asyncio.tasks.as_completed is original


def test_what_it_refuses_and_what_it_times_out_it_still_does():
    async def main():
        coroutine = asyncio.sleep(0)
        with pytest.raises(TypeError, match="coroutine"):
            for _ in asyncio.as_completed(coroutine):
                pass
        await coroutine
        (never,) = asyncio.as_completed([asyncio.Event().wait()], timeout=0)
        with pytest.raises(asyncio.TimeoutError):
            await never
        task = asyncio.create_task(asyncio.sleep(0, "once"))
        assert [await each for each in asyncio.as_completed([task, task])] == ["once"]

    with tasks_in_order():
        asyncio.run(main())


def test_wait_gives_tasks_in_the_order_in_which_they_were_made():
    async def main():
        async def do_nothing():
            await asyncio.sleep(0)

        tasks = [asyncio.create_task(do_nothing()) for _ in range(MANY)]
        named = [asyncio.create_task(do_nothing(), name=name) for name in ("b", "a")]
        waits = asyncio.create_task(asyncio.Event().wait())
        done, pending = await asyncio.wait({waits, *named, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        assert (list(done), list(pending)) == ([*tasks, named[1], named[0]], [waits])
        assert [done.pop() for _ in range(MANY)] == tasks
        assert done == set(named)
        assert (pending.pop(), pending) == (waits, set())
        with pytest.raises(KeyError):
            pending.pop()
        waits.cancel()

    with tasks_in_order():
        asyncio.run(main())


def test_within_another_such_context_nothing_is_left_to_do():
    with tasks_in_order():
        before = asyncio.as_completed, asyncio.wait
        with tasks_in_order():
            assert (asyncio.as_completed, asyncio.wait) == before
        assert (asyncio.as_completed, asyncio.wait) == before
    assert asyncio.wait is asyncio.tasks.wait is not before[1]
