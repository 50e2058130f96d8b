"""Who asks: calls, their tasks and their threads."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from connector_contract.clock.clock import virtual_clock
from connector_contract.recording.lanes import (
    Lane,
    asking,
    current_asker,
    follow_tasks,
    following_threads,
    task_of_asker,
)


def paths_by_name(main):
    """Run ``main`` in a call, and give where what it notes by name stands."""
    found = {}

    def note(name):
        asker = current_asker()
        found[name] = None if asker is None else asker.thread or asker.lane.path

    async def run():
        follow_tasks()
        with asking("call", Lane()):
            await main(note)

    with following_threads():
        asyncio.run(run())
    return found


async def noting(note, name):
    note(name)


def test_a_lane_counts_its_steps():
    lane = Lane()
    child = lane.child()
    assert [lane.step(), child.step(), child.child().path, lane.step()] == [(2,), (1, 1), (1, 2), (3,)]
    assert sorted([lane.beside(), lane.step(), child.beside(), child.step()]) == [
        (1, 2, sys.maxsize),
        (1, 3),
        (3, sys.maxsize),
        (4,),
    ]


def test_a_task_stands_where_it_was_created():
    async def main(note):
        note("main")
        second, first = noting(note, "second"), noting(note, "first")
        tasks = [asyncio.create_task(first), asyncio.create_task(second)]
        await asyncio.gather(*reversed(tasks))

        async def outer():
            await asyncio.create_task(noting(note, "inner"))
            note("outer")

        await asyncio.create_task(outer())

    assert paths_by_name(main) == {
        "main": (), "first": (1,), "second": (2,), "inner": (3, 1), "outer": (3,),
    }  # fmt: skip


def test_outside_of_a_call_nobody_asks():
    async def main():
        follow_tasks()
        found = [current_asker()]

        async def task():
            found.append(current_asker())

        await asyncio.create_task(task())
        with asking("call", Lane()):
            found.append(current_asker().call)
        found.append(current_asker())
        return found

    assert asyncio.run(main()) == [None, None, "call", None]


def test_a_loop_keeps_the_task_factory_that_it_had():
    made = []

    def factory(loop, coro, **options):
        made.append(coro.__name__)
        return asyncio.Task(coro, loop=loop, **options)

    async def run():
        asyncio.get_running_loop().set_task_factory(factory)
        follow_tasks()
        follow_tasks()
        with asking("call", Lane()):
            await asyncio.create_task(
                noting(lambda _: lanes.append(current_asker().lane.path), "x"), name="n"
            )

    lanes = []
    asyncio.run(run())
    assert made[0] == "noting"
    assert made.count("noting") == 1
    assert lanes == [(1,)]


def test_a_task_of_the_asker_asks_where_that_stands():
    async def main(note):
        async def start():
            await task_of_asker(partial(noting, note, "asks"))
            await asyncio.create_task(noting(note, "own"))

        await asyncio.create_task(start())

    assert paths_by_name(main) == {"asks": (1,), "own": (1, 1)}


def test_a_task_of_the_asker_that_is_cancelled_at_once_leaves_nothing_behind():
    async def main():
        task = task_of_asker(partial(asyncio.sleep, 0))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tasks take a context from Python 3.11 on")
def test_tasks_may_share_a_context_of_their_own():
    variable = contextvars.ContextVar("variable", default="")

    async def main(note):
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        shared = asyncio.Event()

        async def sets():
            variable.set("set")
            await shared.wait()
            note("first")

        async def reads():
            note(f"second sees {variable.get()}")
            shared.set()

        tasks = [loop.create_task(each, context=context) for each in (sets(), reads())]
        await asyncio.gather(*tasks)

    assert paths_by_name(main) == {"second sees set": (2,), "first": (1,)}


def test_threads_belong_to_the_call_that_starts_them():
    async def main(note):
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(note, "to_thread")
        await asyncio.create_task(asyncio.to_thread(note, "to_thread in a task"))
        await loop.run_in_executor(None, note, "executor")
        thread = threading.Thread(target=note, args=("thread",))
        thread.start()
        thread.join()

        def pool():
            with ThreadPoolExecutor() as workers:
                workers.submit(note, "pool in a thread").result()

        await loop.run_in_executor(None, pool)

    last = sys.maxsize
    assert paths_by_name(main) == {
        "to_thread": (),
        "to_thread in a task": (1,),
        # A pool's work has a place of its own if the one before was waited for.
        "executor": (2, last),
        "thread": (2, last),
        "pool in a thread": (3, last),
    }


def test_a_worker_that_is_left_does_not_go_on_belonging_to_a_call():
    with following_threads(), ThreadPoolExecutor(1) as pool:
        with asking("call", Lane()):
            assert pool.submit(lambda: current_asker().call).result() == "call"
        # It is the same thread.
        assert pool.submit(current_asker).result() is None


def test_threads_are_as_before_afterwards():
    before = threading.Thread.start, ThreadPoolExecutor.submit
    with following_threads():
        assert threading.Thread.start is not before[0]
    assert (threading.Thread.start, ThreadPoolExecutor.submit) == before


def test_within_another_such_context_they_are_left_as_they_are():
    with following_threads():
        around = threading.Thread.start
        with following_threads():
            assert threading.Thread.start is around
        assert threading.Thread.start is around


def test_a_thread_that_was_given_something_to_do_belongs_to_nobody_who_is_known():
    asked, found = queue.Queue(), []
    thread = threading.Thread(target=lambda: (found.append(current_asker().call), asked.get(), note()))

    def note():
        found.append(current_asker())

    with following_threads(), virtual_clock():
        with asking("call", Lane()):
            thread.start()
        while not found:
            time.sleep(1)
        asked.put("something")
        thread.join()
    assert found == ["call", None]


def running(*lanes):
    """Give each lane a task that runs until it is cancelled."""
    tasks = [asyncio.create_task(asyncio.Event().wait()) for _ in lanes]
    for lane, task in zip(lanes, tasks, strict=True):
        lane.runs(task)
    return tasks


async def ended(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_lane_sees_what_has_ended_when_it_goes_on():
    async def main():
        root = Lane()
        tasks = running(root.child(), root.child())
        await ended(*tasks)
        assert root.ends == {}
        root.ask()
        assert root.ends == {(1,): (3, False), (2,): (3, False)}
        await ended(*running(root.child()))
        root.beside()
        assert root.ends[(4,)] == (4, True)

    asyncio.run(main())


def test_what_runs_while_a_lane_asks_has_no_end():
    async def main():
        root = Lane()
        (task,) = running(root.child())
        root.ask()
        await ended(task)
        root.ask()
        assert root.ends == {}

    asyncio.run(main())


def test_what_a_task_has_left_running_is_of_it():
    async def main():
        root = Lane()
        first = root.child()
        second = first.child()
        third = second.child()
        tasks = running(first, second, third)
        await ended(*tasks[:2])
        root.child()
        assert root.ends == {}
        await ended(tasks[2])
        root.child()
        # The second child has no task that could end.
        assert root.ends == {(1,): (3, False)}

    asyncio.run(main())


def test_a_task_that_nobody_keeps_has_ended():
    async def main():
        root = Lane()
        root.child().runs(asyncio.create_task(done()))
        await asyncio.sleep(0)
        gc.collect()
        root.ask()
        assert root.ends == {(1,): (2, False)}

    asyncio.run(main())


async def done():
    pass
