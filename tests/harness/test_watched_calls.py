"""A call that waits for what nobody will do is ended in a replay, with a verdict; any other wait is not."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import anyio.to_thread
import pytest
from scenario_testing import Connector, Project, client

from connector_contract.clock import watched_calls
from connector_contract.clock.clock import virtual_clock
from connector_contract.clock.watched_calls import WatchedCalls
from connector_contract.errors import (
    CallAborted,
    ContractError,
    EndlessWait,
    UnmatchedRequest,
    UnprovenRecording,
)
from connector_contract.recording.abort import Abort
from connector_contract.recording.interactions import Response

SECOND = 1_000_000_000
DAY = 86_400 * SECOND


@pytest.fixture
def at_once(monkeypatch):
    """Whatever does not move for a moment does not move any more."""
    monkeypatch.setattr(watched_calls, "_CERTAIN", 0)


# ---- when a wait has no end


class Told:
    def __init__(self):
        self.why = []

    def waits_for_ever(self, why):
        self.why.append(why)


@pytest.fixture
def calls(monkeypatch):
    found = WatchedCalls()
    found.now = SECOND
    monkeypatch.setattr(watched_calls.real_time, "monotonic_ns", lambda: found.now)
    found.one = found.add(Told(), threading.current_thread(), ())
    return found


def test_without_a_call_nothing_is_endless(calls):
    calls.remove(calls.one)
    assert calls.why_endless(8 * DAY) is None
    assert calls.why_endless(None) is None


def test_what_no_time_ends_has_to_be_still_for_a_while(calls):
    assert calls.why_endless(None) is None
    calls.now += SECOND
    calls.moves()
    assert calls.why_endless(None) is None
    calls.now += watched_calls._CERTAIN - 1
    assert calls.why_endless(None) is None
    calls.now += 1
    assert calls.why_endless(None) == "nothing that is under way can end it"
    calls.end("x")
    calls.moves()
    # Whoever catches that and goes on waiting does not get as long again.
    assert calls.why_endless(None)
    calls.asks()
    assert calls.why_endless(None) is None


def test_seven_days_without_a_request_are_too_long(calls):
    calls.jumps(6 * DAY)
    assert calls.why_endless(DAY) is None
    assert "asks for nothing" in calls.why_endless(DAY + 1)
    calls.asks()
    assert calls.why_endless(DAY + 1) is None
    assert calls.why_endless(7 * DAY + 1)


def test_so_are_very_many_short_waits(calls):
    for _ in range(watched_calls._MOST_JUMPS):
        assert calls.why_endless(1) is None
        calls.jumps(1)
    assert calls.why_endless(1)


def test_all_that_are_under_way_are_told(calls):
    other = calls.add(Told(), threading.current_thread(), ())
    assert calls.end("because") == [calls.one, other]
    assert calls.one.call.why == other.call.why == ["because"]


# ---- what waits without end


async def event():
    await asyncio.Event().wait()


async def gathered():
    await asyncio.gather(event(), asyncio.sleep(5))


async def sleeps():
    while True:
        await asyncio.sleep(3600)


async def naps():
    while True:
        await asyncio.sleep(0.001)


async def blocking():
    threading.Event().wait()


async def lock():
    held = threading.Lock()
    held.acquire()
    with held:
        pass


async def recursive_lock_of_a_thread_that_has_ended():
    held = threading.RLock()
    thread = threading.Thread(target=held.acquire)
    thread.start()
    thread.join()
    held.acquire()


async def in_a_thread():
    await asyncio.to_thread(threading.Event().wait)


async def in_a_thread_of_anyio():
    await anyio.to_thread.run_sync(threading.Event().wait)


async def in_a_reused_thread_of_anyio():
    await anyio.to_thread.run_sync(int)
    await in_a_thread_of_anyio()


async def sleeping_thread():
    def sleep():
        while True:
            time.sleep(60)

    await asyncio.to_thread(sleep)


async def joined():
    thread = threading.Thread(target=queue.Queue().get)
    thread.start()
    thread.join()


async def pool():
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: threading.Event().wait(), range(3)))


async def promised():
    concurrent.futures.Future().result()


async def loop_of_a_thread():
    await asyncio.to_thread(asyncio.run, event())


async def cancelled_in_vain():
    for _ in range(5):
        with suppress(asyncio.CancelledError):
            await event()
    return "never mind"


async def aborted_in_vain():
    for _ in range(5):
        with suppress(BaseException):
            threading.Event().wait()
    raise ValueError("never mind")


ENDLESS = [
    event, gathered, sleeps, naps, blocking, lock, recursive_lock_of_a_thread_that_has_ended, in_a_thread,
    in_a_thread_of_anyio, in_a_reused_thread_of_anyio, sleeping_thread, joined, pool, promised,
    loop_of_a_thread, cancelled_in_vain, aborted_in_vain,
]  # fmt: skip


async def called(wait):
    """Run it as a call, and what comes after it in the same task."""
    abort = Abort()
    try:
        with abort.possible(lambda why: ContractError(why, remedy="")):
            return await wait()
    finally:
        await asyncio.sleep(0)
        assert getattr(asyncio.current_task(), "cancelling", int)() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("wait", ENDLESS, ids=lambda wait: wait.__name__)
def test_it_is_ended(at_once, monkeypatch, wait):
    monkeypatch.setattr(watched_calls, "_MOST_JUMPS", 1000)
    before = set(threading.enumerate())
    with virtual_clock(), pytest.raises(CallAborted) as aborted:
        asyncio.run(called(wait))
    assert isinstance(aborted.value.args[0], ContractError)
    # Nor does anything of it wait for the end of the process.
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


def test_two_calls_at_once_are_both_ended(at_once):
    async def both():
        return await asyncio.gather(called(event), called(sleeps), return_exceptions=True)

    with virtual_clock():
        first, second = asyncio.run(both())
    assert isinstance(first, CallAborted)
    assert isinstance(second, CallAborted)


def test_a_thread_that_serves_all_calls_outlives_one_that_waits(at_once):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)

    async def asks_it():
        future = asyncio.run_coroutine_threadsafe(asyncio.sleep(3, "slept"), loop)
        return await asyncio.wrap_future(future)

    async def both():
        with pytest.raises(CallAborted):
            await called(event)
        return await called(asks_it)

    with virtual_clock():
        thread.start()
        assert asyncio.run(both()) == "slept"
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    loop.close()


# ---- what does not


async def socket_pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        sent = asyncio.get_running_loop().run_in_executor(None, lambda: (compute(), theirs.send(b"x")))
        await asyncio.get_running_loop().sock_recv(ours, 1)
        await sent


async def executor():
    await asyncio.to_thread(compute)


async def pool_that_is_busy():
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        assert len(list(threads.map(lambda _: compute(), range(3)))) == 3


async def process():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()


async def process_that_blocks():
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", ""], check=True)


async def another_loop():
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(9), loop).result())


async def long_sleep():
    await asyncio.sleep(6 * 86_400)


def compute():
    return sum(range(300_000))


@pytest.mark.parametrize(
    "wait",
    [socket_pair, executor, pool_that_is_busy, process, process_that_blocks, another_loop, long_sleep],
    ids=lambda wait: wait.__name__,
)
def test_what_comes_to_an_end_is_left_alone(at_once, wait):
    with virtual_clock():
        asyncio.run(called(wait))


def test_a_thread_from_before_the_clock_may_end_a_wait():
    asked, given = queue.Queue(), concurrent.futures.Future()
    thread = threading.Thread(target=lambda: (asked.get(), compute(), given.set_result("done")))
    thread.start()

    async def ask():
        asked.put(1)
        return given.result()

    with virtual_clock():
        assert asyncio.run(called(ask)) == "done"
    thread.join()


# ---- in a scenario


async def waits_if_it_fails(_):
    async with client() as http:
        response = await http.get("/users")
        if response.status_code != 200:
            await asyncio.Event().wait()
        return response.json()


def project(tmp_path, **capabilities):
    return Project(tmp_path, Connector(**capabilities), lambda _: ["ada"])


async def one(lumos):
    await lumos.call("list_accounts")


@pytest.mark.loopback
def test_a_replay_names_the_call_and_the_line_that_waits(tmp_path, at_once):
    state = {"waits": False}

    async def list_accounts(_):
        async with client() as http:
            if state["waits"]:
                await asyncio.Event().wait()
            return (await http.get("/users")).json()

    made = project(tmp_path, list_accounts=list_accounts)
    made.record(one)
    state["waits"] = True
    with pytest.raises(EndlessWait) as error:
        made.replay(one)
    assert error.value.what.startswith("The connector waits without end")
    assert error.value.what.endswith("called for list_accounts: nothing that is under way can end it.")
    assert ("capability", "list_accounts") in error.value.where


@pytest.mark.loopback
def test_a_call_that_waits_for_what_was_refused_says_what_was_refused(tmp_path, at_once):
    state = {"path": "/users"}

    async def list_accounts(_):
        try:
            async with client() as http:
                return (await http.get(state["path"])).json()
        except Exception:  # noqa: BLE001 - as connectors do
            await asyncio.Event().wait()

    made = project(tmp_path, list_accounts=list_accounts)
    made.record(one)
    state["path"] = "/others"
    with pytest.raises(UnmatchedRequest):
        made.replay(one)


@pytest.mark.loopback
def test_a_call_that_is_replayed_with_a_fault_fails_alone(tmp_path, at_once):
    made = project(tmp_path, list_accounts=waits_if_it_fails)
    made.record(one)
    found = []

    async def broken(scenario):
        await one(scenario.lumos)
        (call,) = scenario.replays.cassette.calls
        for changes in ({1: Response(500)}, {}):
            found.append(await scenario.replays.replay(call, changes))

    made.run("none", one, during=broken)
    assert isinstance(found[0].failure, EndlessWait)
    assert found[0].response is None
    assert found[1].response == {"response": ["ada"]}


@pytest.mark.loopback
def test_a_recording_whose_replay_waits_is_not_saved(tmp_path, at_once):
    state = {"calls": 0}

    async def list_accounts(envelope):
        state["calls"] += 1
        if state["calls"] > 1:
            await asyncio.Event().wait()
        return await waits_if_it_fails(envelope)

    made = project(tmp_path, list_accounts=list_accounts)
    with pytest.raises(UnprovenRecording, match="The connector waits without end"):
        made.record(one)
    assert made.text() == ""


# ---- whoever runs the loop

GET = "        response = await self._http_client.get(path, params=params)\n"
WAIT = "        import asyncio\n        await asyncio.Event().wait()\n"
WALK = "test_acme.py::test_walk"
ANYIO = """
import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

pytestmark = pytest.mark.anyio
"""


@pytest.mark.parametrize("runner", ["our own", "pytest-asyncio", "anyio"])
def test_whoever_runs_the_loop_a_call_that_waits_is_ended(recorded, runner):
    source = recorded.files["test_acme.py"].decode()
    options, plugins = (), ()
    if runner == "anyio":
        source = ANYIO + source.replace("(lumos, ", "(anyio_backend, lumos, ")
    elif runner == "pytest-asyncio":
        options, plugins = ("-oasyncio_mode=auto",), ("asyncio",)
    project = recorded.edit("acme_connector.py", GET, WAIT + GET).write("test_acme.py", source)
    run = project.run(WALK, *options, plugins=plugins)
    run.had(failed=1)
    run.said("The connector waits without end in acme_connector.py:", "called for list_accounts, page 1")
    assert "Traceback" not in run.output
