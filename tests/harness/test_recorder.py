"""What is asked of a live upstream is kept in an order that does not depend on when it is answered."""

from __future__ import annotations

import asyncio
import queue
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread

import anyio
import pytest
from traffic_testing import ORIGIN, Upstream, recorded_by, recorded_from, traffic_for

from connector_contract.errors import UpstreamFailure
from connector_contract.recording.concurrency import AFTER_ALL
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.lanes import Lane, Work, asking
from connector_contract.recording.recorder import Sent, lanes_in
from connector_contract.storage.cassette_format import cassette_parts

SEEDS = range(5)


async def one_after_another(upstream):
    for path in ("/c", "/a", "/b"):
        await upstream.ask(path)


async def gathered(upstream):
    await upstream.ask("/first")
    await asyncio.gather(*map(upstream.ask, ("/c", "/a", "/b")))
    await upstream.ask("/last")


async def two_gathers(upstream):
    await asyncio.gather(*map(upstream.ask, ("/c", "/a")))
    await asyncio.gather(*map(upstream.ask, ("/d", "/b")))


async def sequences_side_by_side(upstream):
    async def sequence(name):
        for step in ("z", "y", "x"):
            await upstream.ask(f"/{name}/{step}")

    await asyncio.gather(sequence("b"), sequence("a"))


async def nested(upstream):
    async def group(name):
        await upstream.ask(f"/{name}")
        await asyncio.gather(*(upstream.ask(f"/{name}/{n}") for n in (2, 1)))

    await asyncio.gather(group("b"), group("a"))


async def few_at_a_time(upstream):
    semaphore = asyncio.Semaphore(2)

    async def ask(path):
        async with semaphore:
            await upstream.ask(path)

    await asyncio.gather(*map(ask, ("/d", "/a", "/c", "/b")))


async def as_completed(upstream):
    for each in asyncio.as_completed([upstream.ask(path) for path in ("/c", "/a", "/b")]):
        await each


async def in_a_task_each(upstream):
    for path in ("/c", "/a", "/b"):
        await asyncio.create_task(upstream.ask(path))


async def with_deadlines(upstream):
    for path in ("/c", "/a", "/b"):
        await asyncio.wait_for(upstream.ask(path), 60)


async def beside_a_background_task(upstream):
    task = asyncio.create_task(upstream.ask("/background"))
    await upstream.ask("/b")
    await upstream.ask("/a")
    await task


async def beside_an_idle_task(upstream):
    task = asyncio.create_task(asyncio.Event().wait())
    await upstream.ask("/b")
    await upstream.ask("/a")
    task.cancel()


async def in_a_task_group_of_anyio(upstream):
    async with anyio.create_task_group() as group:
        for path in ("/c", "/a", "/b"):
            group.start_soon(upstream.ask, path)


async def in_threads_of_tasks(upstream):
    await asyncio.gather(*(asyncio.to_thread(upstream.ask_in_thread, path) for path in ("/c", "/a", "/b")))


async def in_one_thread_after_another(upstream):
    for path in ("/c", "/a", "/b"):
        await asyncio.to_thread(upstream.ask_in_thread, path)


async def in_threads_of_an_executor(upstream):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(3) as pool:
        await asyncio.gather(
            *(loop.run_in_executor(pool, upstream.ask_in_thread, path) for path in ("/c", "/a", "/b"))
        )


async def in_a_pool_within_a_thread(upstream):
    def ask_all():
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(upstream.ask_in_thread, ("/c", "/a", "/b")))

    await asyncio.to_thread(ask_all)
    await upstream.ask("/last")


async def in_a_task_group(upstream):
    async with asyncio.TaskGroup() as group:
        for path in ("/c", "/a", "/b"):
            group.create_task(upstream.ask(path))


CONNECTORS = [
    (one_after_another, "/c /a /b", []),
    (gathered, "/first /c /a /b /last", [2, 3, 4]),
    (two_gathers, "/c /a /d /b", [1, 2, 3, 4]),
    (sequences_side_by_side, "/b/z /b/y /b/x /a/z /a/y /a/x", [1, 2, 3, 4, 5, 6]),
    (nested, "/b /b/2 /b/1 /a /a/2 /a/1", [1, 2, 3, 4, 5, 6]),
    (few_at_a_time, "/d /a /c /b", [1, 2, 3, 4]),
    (in_a_task_each, "/c /a /b", []),
    (with_deadlines, "/c /a /b", []),
    (beside_a_background_task, "/background /b /a", [1, 2, 3]),
    (beside_an_idle_task, "/b /a", []),
    (in_a_task_group_of_anyio, "/c /a /b", [1, 2, 3]),
    (in_threads_of_tasks, "/c /a /b", [1, 2, 3]),
    (in_one_thread_after_another, "/c /a /b", []),
    # Of these nobody can tell which was started first: they are sorted by what they ask for.
    (in_threads_of_an_executor, "/a /b /c", [1, 2, 3]),
    (in_a_pool_within_a_thread, "/a /b /c /last", [1, 2, 3]),
]
CONNECTORS.append((in_a_task_group, "/c /a /b", [1, 2, 3]))


def paths_of(cassette):
    return " ".join(each.request.uri.removeprefix(ORIGIN) for each in cassette.interactions)


@pytest.mark.parametrize(
    ("connector", "paths", "concurrent"), CONNECTORS, ids=lambda each: getattr(each, "__name__", None)
)
def test_the_order_is_that_of_the_tasks_and_not_of_the_responses(connector, paths, concurrent):
    recordings = [recorded_from(connector, seed) for seed in SEEDS]
    assert [paths_of(recording) for recording in recordings] == [paths] * len(SEEDS)
    assert [list(recording.calls[0].concurrent) for recording in recordings] == [concurrent] * len(SEEDS)
    assert len({b"".join(cassette_parts(recording)) for recording in recordings}) == 1


def test_each_of_two_calls_at_once_has_its_own_requests():
    async def calls(upstream):
        await asyncio.gather(
            upstream.call(in_threads_of_an_executor, "first"), upstream.call(gathered, "second")
        )

    recordings = []
    for seed in SEEDS:
        traffic = traffic_for(ORIGIN)
        asyncio.run(calls(Upstream(traffic, seed)))
        recordings.append(recorded_by(traffic))
    assert {paths_of(recording) for recording in recordings} == {"/a /b /c /first /c /a /b /last"}
    first, second = recordings[0].calls
    assert (first.capability, first.interactions, first.concurrent) == ("first", (1, 2, 3), (1, 2, 3))
    assert (second.interactions, second.concurrent) == ((4, 5, 6, 7, 8), (5, 6, 7))


def test_what_a_thread_asks_is_sorted_as_it_is_stored():
    """Of secrets and aliases, the cassette has placeholders, which are the same each time."""
    traffic = traffic_for(ORIGIN)
    traffic.recorder.canonical = lambda request: request.uri[::-1]

    async def connector(upstream):
        run = asyncio.get_running_loop().run_in_executor
        await asyncio.gather(*(run(None, upstream.ask_in_thread, path) for path in ("/az", "/za")))

    asyncio.run(Upstream(traffic, 0).call(connector))
    assert paths_of(recorded_by(traffic)) == "/za /az"


async def polling_in_an_executor(upstream):
    def poll(path):
        for _ in range(3):
            upstream.ask_in_thread(path)

    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(None, poll, path) for path in ("/c", "/a")))


async def polling_in_threads(upstream):
    def poll(path):
        for _ in range(3):
            upstream.ask_in_thread(path)

    threads = [Thread(target=poll, args=(path,)) for path in ("/c", "/a")]
    for each in threads:
        each.start()
    for each in threads:
        await asyncio.to_thread(each.join)


async def a_connector_in_an_executor(upstream):
    def ask():
        for path in ("/login", "/c", "/a", "/c"):
            upstream.ask_in_thread(path)

    await asyncio.get_running_loop().run_in_executor(None, ask)


async def threads_that_take_work_from_a_queue(upstream):
    paths = queue.SimpleQueue()
    for path in ("/d", "/a", "/c", "/b"):
        paths.put(path)

    def work():
        with suppress(queue.Empty):
            while True:
                path = paths.get_nowait()
                upstream.ask_in_thread(path)
                upstream.ask_in_thread(path)

    threads = [Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        await asyncio.to_thread(each.join)


@pytest.mark.parametrize(
    ("connector", "answers", "concurrent"),
    [
        # The server counts down, so that an order by its responses would be another one.
        (polling_in_an_executor, "/a3 /a2 /a1 /c3 /c2 /c1", [1, 2, 3, 4, 5, 6]),
        (polling_in_threads, "/a3 /a2 /a1 /c3 /c2 /c1", [1, 2, 3, 4, 5, 6]),
        (a_connector_in_an_executor, "/login3 /c3 /a3 /c2", []),
        (
            threads_that_take_work_from_a_queue,
            "/a3 /a2 /b3 /b2 /c3 /c2 /d3 /d2",
            [1, 2, 3, 4, 5, 6, 7, 8],
        ),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_equal_requests_of_a_thread_stay_in_the_order_in_which_it_has_sent_them(
    connector, answers, concurrent
):
    def answered_by(seed):
        left = Counter()

        class CountingDown(Upstream):
            def _answer(self, sent, path):
                left[path] += 1
                self.traffic.record(sent, Response(200, "", (), f"{path}{4 - left[path]}".encode()))
                return path

        traffic = traffic_for(ORIGIN)
        asyncio.run(CountingDown(traffic, seed).call(connector))
        recording = recorded_by(traffic)
        assert list(recording.calls[0].concurrent) == concurrent
        return " ".join(each.response.body.decode() for each in recording.interactions)

    assert {answered_by(seed) for seed in SEEDS} == {answers}


async def writes_in_an_executor(upstream):
    def write(path):
        for method in ("PUT", "GET", "POST"):
            upstream.ask_in_thread(path, method)

    loop = asyncio.get_running_loop()
    await upstream.ask("/first", "POST")
    await asyncio.gather(*(loop.run_in_executor(None, write, path) for path in ("/c", "/a")))


async def writes_in_an_executor_one_after_another(upstream):
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(upstream.ask_in_thread, "/first")
    for path in ("/c", "/a", "/b"):
        await loop.run_in_executor(None, upstream.ask_in_thread, path, "PUT")


async def writes_in_an_executor_beside_what_goes_on(upstream):
    loop = asyncio.get_running_loop()
    piece = loop.run_in_executor(None, upstream.ask_in_thread, "/c", "PUT")
    await upstream.ask("/own", "PUT")
    await piece
    await loop.run_in_executor(None, upstream.ask_in_thread, "/a", "PUT")


async def writes_of_tasks_in_an_executor_one_after_another(upstream):
    async def write(path):
        loop = asyncio.get_running_loop()
        for method in ("PUT", "DELETE"):
            await loop.run_in_executor(None, upstream.ask_in_thread, path, method)

    await asyncio.gather(write("/c"), write("/a"))


async def stages_in_an_executor(upstream):
    loop = asyncio.get_running_loop()
    for paths in (("/c", "/a"), ("/d", "/b")):
        await asyncio.gather(
            *(loop.run_in_executor(None, upstream.ask_in_thread, path, "PUT") for path in paths)
        )


async def writes_in_threads(upstream):
    threads = [
        Thread(target=upstream.ask_in_thread, args=(path, method))
        for path in ("/c", "/a")
        for method in ("PUT", "POST")
    ]
    for each in threads:
        each.start()
    for each in threads:
        await asyncio.to_thread(each.join)


async def writes_in_tasks(upstream):
    async def write(path):
        await upstream.ask(path, "PUT")
        await asyncio.gather(upstream.ask(f"{path}/x", "PUT"), upstream.ask(f"{path}/y", "POST"))
        await upstream.ask(path, "DELETE")

    await asyncio.gather(write("/c"), write("/a"))
    await upstream.ask("/last", "PUT")


async def writes_beside_a_background_task(upstream):
    task = asyncio.create_task(upstream.ask("/background", "PUT"))
    await upstream.ask("/b", "PUT")
    await asyncio.wait_for(upstream.ask("/a", "PUT"), 60)
    await task


@pytest.mark.parametrize(
    ("connector", "lanes"),
    [
        (writes_in_an_executor, ((2, 3, 4), (5, 6, 7))),
        (writes_in_an_executor_one_after_another, ()),
        (writes_of_tasks_in_an_executor_one_after_another, ((1, 2), (3, 4))),
        # What is done in between is not.
        (writes_in_an_executor_beside_what_goes_on, (1, (2, 3))),
        # When each of several ends depends on timing.
        (stages_in_an_executor, (1, 2, 3, 4)),
        # Of these, each may take what it does from a queue.
        (writes_in_threads, (1, 2, 3, 4)),
        (writes_in_tasks, ((1, (2, 3), 4), (5, (6, 7), 8))),
        (writes_beside_a_background_task, (1, (2, 3))),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_what_one_task_or_piece_of_work_writes_is_a_lane(connector, lanes):
    recordings = [recorded_from(connector, seed) for seed in SEEDS]
    assert [recording.calls[0].concurrent for recording in recordings] == [lanes] * len(SEEDS)
    assert len({b"".join(cassette_parts(recording)) for recording in recordings}) == 1


def test_pieces_of_work_that_are_waited_for_have_the_order_of_the_connector():
    assert paths_of(recorded_from(writes_in_an_executor_one_after_another, 0)) == "/first /c /a /b"
    assert paths_of(recorded_from(stages_in_an_executor, 0)) == "/a /b /c /d"


def test_a_request_outside_of_any_call_stands_between_the_calls():
    traffic = traffic_for(ORIGIN)

    async def scenario(upstream):
        await upstream.call(one_after_another)
        await upstream.ask("/between")
        await upstream.call(one_after_another)

    upstream = Upstream(traffic, 0)

    async def answering(upstream):
        task = asyncio.create_task(scenario(upstream))
        while not task.done():
            await asyncio.sleep(0)
            upstream.answer_one()
        await task

    asyncio.run(answering(upstream))
    recording = recorded_by(traffic)
    assert paths_of(recording) == "/c /a /b /between /c /a /b"
    assert [call.interactions for call in recording.calls] == [(1, 2, 3), (5, 6, 7)]


def test_a_request_that_is_neither_answered_nor_given_up_is_lost():
    traffic = traffic_for(ORIGIN)
    lost, given_up = (traffic.send(Request("GET", f"{ORIGIN}/{n}")) for n in (1, 2))
    given_up.given_up = True
    traffic.record(traffic.send(Request("GET", f"{ORIGIN}/3")), Response(200))
    assert traffic.recorder.lost == [lost]


def test_what_is_on_its_way_when_its_call_has_ended_was_given_up():
    traffic = traffic_for(ORIGIN)

    async def leaves_behind(upstream):
        tasks.extend(asyncio.create_task(upstream.ask(path)) for path in ("/never", "/fails"))
        while len(traffic.recorder.sent) < len(tasks):
            await asyncio.sleep(0)

    async def scenario(upstream):
        await upstream.call(leaves_behind)
        sent = {each.request.uri.removeprefix(ORIGIN): each for each in traffic.recorder.sent}
        sent["/fails"].failed = True
        outside = traffic.send(Request("GET", f"{ORIGIN}/outside"))
        traffic.end_sending()
        # It comes from the end of the server, and not from the application.
        traffic.record(sent["/never"], Response(500))
        assert traffic.recorder.lost == [sent["/fails"], outside]
        return recorded_by(traffic)

    tasks = []
    upstream = Upstream(traffic, 0)
    upstream.answer_one = lambda: None
    recording = asyncio.run(scenario(upstream))
    assert recording.interactions == ()
    assert [each.request.uri for each in recording.given_up] == [f"{ORIGIN}/never"]


@pytest.mark.parametrize(
    ("response", "given_up", "racing"),
    [({"response": []}, False, ""), ({"response": []}, True, "/a"), ({"is_error": True}, False, "/a /never")],
)
def test_a_call_that_has_failed_or_gave_something_up_may_not_have_needed_its_reads(
    response, given_up, racing
):
    traffic = traffic_for(ORIGIN)

    async def scenario():
        call = traffic.begin("x", {})

        async def ask(method, path):
            sent = traffic.send(Request(method, ORIGIN + path))
            await asyncio.sleep(0)
            traffic.record(sent, Response(200))
            sent.given_up = path == "/never" and given_up

        with asking(call, call.lane):
            await ask("GET", "/first")
            await asyncio.gather(ask("GET", "/a"), ask("POST", "/b"), ask("GET", "/never"))
        call.ended = True
        traffic.end(call, {"error": {"error_code": "not_found"}, **response})

    asyncio.run(scenario())
    assert " ".join(each.request.uri.removeprefix(ORIGIN) for each in traffic.recorder.racing) == racing


def test_what_fails_on_its_way_after_the_test_is_no_failure():
    traffic = traffic_for(ORIGIN)
    before, after = (UpstreamFailure(when, remedy="none") for when in ("before", "after"))
    assert traffic.report_sending(before) is before
    traffic.end_sending()
    assert traffic.report_sending(after) is after
    assert traffic.verdicts == [before]


def test_the_time_grows_with_the_tasks_and_not_with_their_square(monkeypatch):
    """By how often a task is looked at, which is what could grow with their square."""
    looked = []
    live = Lane._is_live.fget
    monkeypatch.setattr(Lane, "_is_live", property(lambda lane: looked.append(1) or live(lane)))

    async def connector(upstream):
        await asyncio.gather(*(upstream.ask(f"/{n}") for n in range(300)))
        for n in range(300):
            await asyncio.create_task(upstream.ask(f"/{n}"))

    recorded_from(connector, 0)
    assert len(looked) < 40 * 600


def test_one_thread_alone_is_not_concurrent():
    work = Work(is_piece=False)
    place = (1, 0, (0, AFTER_ALL))
    assert lanes_in([Sent(Request("GET", "https://a.example/x"), None, place, Lane(), work)]) == ()
