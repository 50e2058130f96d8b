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
