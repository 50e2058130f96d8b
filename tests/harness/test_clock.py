"""In a replay nothing waits, whatever it waits with; and everything wakes up in its order."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as datetimes
import email.utils
import functools
import itertools
import logging
import pickle
import queue
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import uuid
import warnings
from contextlib import nullcontext
from datetime import date, datetime, timedelta, timezone

import anyio
import anyio.from_thread
import anyio.to_thread
import httpx
import msgspec
import pydantic
import pytest
import tenacity
from connector.utils.rate_limiting import RateLimiter
from connector_sdk_types.oai.modules.rate_limiting_types import RateLimitConfig

from connector_contract.clock import waits
from connector_contract.clock.clock import virtual_clock
from connector_contract.clock.waits import timeline
from connector_contract.errors import UsageError

# 2001-09-09 01:46:40 UTC
START = 1_000_000_000
NOW = functools.partial(datetime.now, datetimes.UTC)


def about(expected, actual):
    """It is as late as expected, or as much later as this slow machine needs."""
    assert expected <= actual < expected + 400


def jumped(clock, seconds):
    """It has jumped over all that was slept, but for what this machine has needed."""
    return seconds / 2 < clock.jumped <= seconds


def work():
    """Keep this thread busy for some milliseconds."""
    return sum(range(300_000))


def _utcnow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return datetime.utcnow()


CLOCKS = {
    "time.time": time.time,
    "time.time_ns": lambda: time.time_ns() / 1e9,
    "time.gmtime": lambda: email.utils.mktime_tz((*time.gmtime()[:9], 0)),
    "time.localtime": lambda: time.mktime(time.localtime()),
    "time.ctime": lambda: time.mktime(time.strptime(time.ctime())),
    "time.asctime": lambda: time.mktime(time.strptime(time.asctime())),
    "time.strftime": lambda: time.mktime(time.strptime(time.strftime("%Y%m%d%H%M%S"), "%Y%m%d%H%M%S")),
    "time.clock_gettime": lambda: time.clock_gettime(time.CLOCK_REALTIME),
    "time.clock_gettime_ns": lambda: time.clock_gettime_ns(time.CLOCK_REALTIME) / 1e9,
    "datetime.now": lambda: datetime.now().timestamp(),
    "datetime.now(tz)": lambda: datetime.now(timezone(timedelta(hours=5))).timestamp(),
    "datetime.now(tz=)": lambda: datetime.now(tz=datetimes.UTC).timestamp(),
    "datetime.today": lambda: datetime.today().timestamp(),
    "partial(datetime.now)": lambda: NOW().timestamp(),
    "datetime.utcnow": lambda: _utcnow().replace(tzinfo=datetimes.UTC).timestamp(),
    "a subclass's now": lambda: type("Later", (datetime,), {}).now(datetimes.UTC).timestamp(),
    "email.utils": lambda: email.utils.parsedate_to_datetime(email.utils.formatdate()).timestamp(),
    "logging": lambda: logging.makeLogRecord({}).created,
    "uuid1": lambda: (uuid.uuid1().time - 0x01B21DD213814000) / 1e7,
}  # fmt: skip


@pytest.mark.parametrize("read", CLOCKS.values(), ids=CLOCKS)
def test_each_wall_clock_begins_at_the_start_and_jumps(read):
    with virtual_clock(START):
        about(START, read())
        time.sleep(86_400)
        about(START + 86_400, read())
    assert read() > START + 10 * 86_400


COUNTERS = {
    "time.monotonic": time.monotonic,
    "time.monotonic_ns": lambda: time.monotonic_ns() / 1e9,
    "time.perf_counter": time.perf_counter,
    "time.perf_counter_ns": lambda: time.perf_counter_ns() / 1e9,
    "time.clock_gettime": lambda: time.clock_gettime(time.CLOCK_MONOTONIC),
    "time.clock_gettime_ns": lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e9,
    "loop.time": lambda: asyncio.run(_loop_time()),
}


async def _loop_time():
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("read", COUNTERS.values(), ids=COUNTERS)
def test_each_monotonic_clock_jumps_and_never_runs_backwards(read):
    with virtual_clock(START) as clock:
        before = read()
        time.sleep(500)
        about(before + 500, after := read())
        clock.set(START - 86_400)
        assert read() >= after
    with virtual_clock():
        assert read() >= after


def test_outside_of_all_contexts_the_time_is_real_however_far_the_clock_has_jumped():
    with virtual_clock(START):
        time.sleep(86_400)
    about(time.time(), timeline.now())


def test_a_date():
    with virtual_clock(START):
        assert date.today() == date.fromtimestamp(START)
        assert datetimes.date.today() == date.fromtimestamp(START)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="utcnow() is deprecated from Python 3.12 on")
def test_utcnow_is_deprecated_as_ever():
    with virtual_clock(START), pytest.warns(DeprecationWarning, match="utcnow") as told:
        datetime.utcnow()
    assert told[0].filename == __file__


def test_clocks_of_other_things_than_now_are_left_alone():
    with virtual_clock(START):
        assert time.gmtime(0).tm_year == time.localtime(86_400).tm_year == 1970
        assert (
            time.strftime("%Y", time.gmtime(0))
            == time.ctime(86_400)[-4:]
            == time.asctime(time.gmtime(0))[-4:]
            == "1970"
        )
        before, of_thread = time.process_time(), time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
        time.sleep(500)
        assert time.process_time() - before < 500
        assert time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) - of_thread < 500
        with pytest.raises(TypeError):
            datetime.now("UTC")
        with pytest.raises(TypeError):
            time.gmtime("now")


IMPORTS = """
import datetime, functools, time
from datetime import datetime as moment
from time import monotonic, sleep, time as now
utcnow = moment.utcnow
def paused(seconds, sleep=sleep, *, clock=monotonic):
    before = clock()
    sleep(seconds)
    return clock() - before
class Client:
    clock = staticmethod(now)
    wait = functools.partial(sleep, 100)
    table = {"now": now, "all": [now]}
"""


def _imported():
    module = types.ModuleType("imported")
    exec(IMPORTS, vars(module))  # noqa: S102 - the module of a test
    return module


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
@pytest.mark.parametrize("when", ["before", "within"])
def test_it_does_not_matter_how_and_when_a_clock_was_imported(when, monkeypatch):
    module = _imported() if when == "before" else None
    # As when it is a module of its own: then there is one more.
    monkeypatch.setitem(sys.modules, "imported", module)
    with virtual_clock(START):
        module = module or _imported()
        assert module.paused(300) >= 300
        module.Client.wait()
        for clock in (
            module.now,
            module.Client.clock,
            module.Client.table["now"],
            module.Client.table["all"][0],
        ):
            about(START + 400, clock())
        about(START + 400, module.utcnow().replace(tzinfo=datetimes.UTC).timestamp())
    assert module.now() > START + 10 * 86_400
    assert module.utcnow().year > 2020


class Moment(pydantic.BaseModel):
    at: datetime = pydantic.Field(default_factory=NOW)


def test_times_are_of_the_classes_that_everybody_knows():
    before = datetime.now(datetimes.UTC)
    with virtual_clock(START):
        now = datetime.now(datetimes.UTC)
        assert type(now) is type(before) is datetime
        assert pickle.loads(pickle.dumps(now)) == now  # noqa: S301 - made here
        assert (
            Moment.model_validate({"at": now}).at
            == Moment.model_validate_json(f'{{"at": "{now.isoformat()}"}}').at
        )
        assert msgspec.convert(now.isoformat(), datetime) == now
        about(START, Moment().at.timestamp())
        assert pickle.loads(pickle.dumps(datetime.now)) == datetime.now  # noqa: S301
    assert now < before


def test_cookies_expire():
    with virtual_clock(START):
        client = httpx.Client(transport=httpx.MockTransport(_gives_a_cookie))
        assert client.get("http://api.test/").text == ""
        assert client.get("http://api.test/").text == "session=1"
        time.sleep(100)
        assert client.get("http://api.test/").text == ""


def _gives_a_cookie(request):
    return httpx.Response(
        200, headers={"set-cookie": "session=1; max-age=90"}, text=request.headers.get("cookie", "")
    )


def test_a_sleep_returns_at_once_and_the_clock_says_so():
    with virtual_clock(START) as clock:
        before = time.monotonic()
        time.sleep(300)
        assert jumped(clock, 300)
        assert time.monotonic() - before >= 300
        about(START + 300, clock.now())
        clock.set(START + 10_000.5)
        about(START + 10_000.5, clock.now())
        about(START + 10_000.5, time.time())


@pytest.mark.parametrize("seconds", [-1, "1", float("nan"), float("inf"), None])
def test_a_sleep_refuses_what_it_refuses_otherwise(seconds):
    with pytest.raises((TypeError, ValueError, OverflowError)) as real:
        time.sleep(seconds)
    with virtual_clock(), pytest.raises(real.type, match=re.escape(str(real.value))):
        time.sleep(seconds)


async def _sleeps():
    ended = []

    async def sleep(seconds):
        await asyncio.sleep(seconds)
        ended.append(seconds)

    await asyncio.gather(*map(sleep, (300, 1, 20, 1.5)))
    return ended


def test_concurrent_sleeps_end_in_their_order():
    with virtual_clock() as clock:
        assert asyncio.run(_sleeps()) == [1, 1.5, 20, 300]
    assert jumped(clock, 300)


async def _polls(clock):
    polls, end = 0, clock() + 60
    while clock() < end:
        await asyncio.sleep(0.5)
        polls += 1
    return polls


@pytest.mark.parametrize("read", [time.monotonic, time.time], ids=["monotonic", "time"])
def test_a_loop_that_polls_polls_as_often_as_it_should(read):
    with virtual_clock():
        # Time goes by between the sleeps.
        assert 60 < asyncio.run(_polls(read)) <= 120


async def _work_in_a_thread(to_thread):
    async with asyncio.timeout(1000):
        return await to_thread(work)


THREADS = {"asyncio": asyncio.to_thread, "anyio": anyio.to_thread.run_sync}


@pytest.mark.parametrize("to_thread", THREADS.values(), ids=THREADS)
def test_a_timeout_around_work_in_a_thread_does_not_end_early(to_thread):
    with virtual_clock() as clock:
        for _ in range(5):
            assert asyncio.run(_work_in_a_thread(to_thread)) == work()
        # Nor does the end of the loop wait for anything.
        assert clock.jumped < 1


@pytest.mark.parametrize("to_thread", THREADS.values(), ids=THREADS)
def test_a_thread_from_before_does_not_let_it_end_early_either(to_thread):
    async def both():
        await to_thread(work)
        with virtual_clock(START) as clock:
            assert await asyncio.wait_for(to_thread(work), 1000) == work()
            assert clock.jumped < 1
            before = time.monotonic()
            await to_thread(time.sleep, 300)
            assert time.monotonic() - before >= 300
            about(START + 300, await to_thread(time.time))

    asyncio.run(both())


@pytest.mark.parametrize("to_thread", THREADS.values(), ids=THREADS)
def test_a_timeout_around_a_sleep_in_a_thread_ends_in_time(to_thread):
    async def main():
        before = time.monotonic()
        naps = [asyncio.create_task(to_thread(time.sleep, seconds)) for seconds in (100, 5000)]
        done, late = await asyncio.wait(naps, timeout=1000)
        assert done == {naps[0]}
        assert 1000 <= time.monotonic() - before < 3000
        await asyncio.gather(*late)

    with virtual_clock():
        asyncio.run(main())


def _in_threads(function, arguments):
    threads = [threading.Thread(target=function, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_sleep_at_the_same_time_wake_up_in_their_order():
    ended = []

    def nap(seconds):
        for _ in range(3):
            time.sleep(seconds)
            ended.append((round(time.monotonic() - begin, 0), seconds))

    with virtual_clock() as clock:
        begin = time.monotonic()
        _in_threads(nap, [700, 100, 5000])
    assert ended == sorted(ended)
    assert [seconds for _, seconds in ended] == [100] * 3 + [700] * 3 + [5000] * 3
    assert jumped(clock, 15_000)


@pytest.mark.parametrize("lock", [threading.Lock, threading.RLock, threading.Semaphore, threading.Condition])
def test_threads_that_sleep_in_turn_behind_a_lock(lock):
    lock = lock()

    def nap(seconds):
        for _ in range(3):
            with lock:
                time.sleep(seconds)

    with virtual_clock() as clock:
        _in_threads(nap, [100, 200, 300])
    assert jumped(clock, 1800)


def test_a_lock_is_waited_for_until_the_timeout():
    lock = threading.Lock()

    def hold(_):
        with lock:
            time.sleep(1000)

    with virtual_clock():
        holder = threading.Thread(target=hold, args=(0,))
        holder.start()
        time.sleep(10)
        before = time.monotonic()
        assert not lock.acquire(timeout=30)
        assert 30 <= time.monotonic() - before < 500
        assert not lock.acquire(blocking=False)
        assert lock.acquire(timeout=5000)
        assert 900 <= time.monotonic() - before < 2000
        holder.join()


def _times_out(wait):
    with virtual_clock() as clock:
        before = time.monotonic()
        assert not wait()
        assert jumped(clock, 300)
        assert time.monotonic() - before >= 300


def test_an_event_a_condition_and_a_thread_are_waited_for_until_the_timeout():
    condition = threading.Condition()
    _times_out(lambda: threading.Event().wait(300))
    _times_out(lambda: threading.Semaphore(0).acquire(timeout=300))
    _times_out(lambda: concurrent.futures.wait([concurrent.futures.Future()], timeout=300).done)
    with condition:
        _times_out(lambda: condition.wait(300))
    with pytest.raises(queue.Empty):
        _times_out(lambda: queue.Queue().get(timeout=300))
    with pytest.raises(concurrent.futures.TimeoutError):
        _times_out(lambda: concurrent.futures.Future().result(300))
    forever = threading.Thread(target=threading.Event().wait, args=(5000,), daemon=True)

    def join():
        forever.start()
        forever.join(300)
        return not forever.is_alive()

    _times_out(join)


def test_what_happens_in_time_is_not_jumped_over():
    def answer(box):
        work()
        box.put(1)

    with virtual_clock() as clock:
        for _ in range(5):
            box = queue.Queue()
            thread = threading.Thread(target=answer, args=(box,))
            thread.start()
            assert box.get(timeout=300) == 1
            thread.join(300)
            assert not thread.is_alive()
        assert clock.jumped < 1


def test_an_executor_with_too_few_threads_does_one_after_the_other():
    with virtual_clock() as clock, concurrent.futures.ThreadPoolExecutor(1) as pool:
        began = list(pool.map(lambda _: (time.monotonic(), time.sleep(100))[0], range(3)))
        assert all(100 <= b - a < 400 for a, b in itertools.pairwise(began))
    assert jumped(clock, 300)


def test_a_loop_that_runs_in_a_thread_from_before_counts_as_soon_as_it_works_for_us():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def slow():
        await asyncio.sleep(100)
        return work()

    try:
        with virtual_clock() as clock:
            for _ in range(5):
                assert asyncio.run_coroutine_threadsafe(slow(), loop).result(1000) == work()
        assert jumped(clock, 500)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_client_that_obeys_retry_after():
    answers = iter([429] * 80 + [200])

    def get():
        while (response := client.get("http://api.test/")).status_code == 429:
            time.sleep(int(response.headers["retry-after"]))
        return response.status_code

    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(next(answers), headers={"retry-after": "1"}))
    )
    with virtual_clock() as clock:
        assert get() == 200
    assert jumped(clock, 80)


def test_the_rate_limiter_of_the_sdk():
    config = RateLimitConfig(
        config_id="api", requests_per_window=2, window_seconds=300, max_delay=300, maximum_retries=3
    )

    async def main():
        answers = iter([429, 429, 200])

        async def get(_):
            response = httpx.Response(next(answers), request=httpx.Request("GET", "http://api.test/"))
            response.raise_for_status()
            return response

        (response,) = await RateLimiter(config).execute_requests([1], get)
        return response.status_code

    with virtual_clock() as clock:
        assert asyncio.run(main()) == 200
    assert clock.jumped > 400


def test_tenacity():
    tries = []

    @tenacity.retry(wait=tenacity.wait_fixed(300), stop=tenacity.stop_after_delay(1000))
    def get():
        tries.append(time.time())
        raise OSError

    with virtual_clock(START), pytest.raises(tenacity.RetryError):
        get()
    assert all(b - a >= 300 for a, b in itertools.pairwise(tries))
    assert len(tries) in (4, 5)


# ---- what is real


def _one_thread_from_before():
    asked, answered = queue.SimpleQueue(), queue.SimpleQueue()

    def run():
        while (question := asked.get()) is not None:
            answered.put(question())

    thread = threading.Thread(target=run)
    thread.start()
    return asked, answered, thread


def test_a_thread_from_before_sees_real_time_and_holds_up_no_jump():
    asked, answered, thread = _one_thread_from_before()
    with virtual_clock(START):
        before = time.monotonic()
        time.sleep(500)
        asked.put(lambda: (time.time(), time.monotonic(), datetime.now(datetimes.UTC).timestamp()))
        wall, monotonic, now = answered.get()
        asked.put(None)
        thread.join()
    assert monotonic < before + 400
    assert wall > START + 10 * 86_400
    assert now > START + 10 * 86_400


def test_threads_that_others_start_do_not_count():
    asked, answered, thread = _one_thread_from_before()

    def start():
        seen = queue.SimpleQueue()
        threading.Thread(target=lambda: (seen.put(time.time()), end.wait())).start()
        return seen.get()

    end = threading.Event()

    with virtual_clock(START):
        asked.put(start)
        assert answered.get() > START + 10 * 86_400
        # It still runs.
        time.sleep(500)
    end.set()
    asked.put(None)
    thread.join()


@pytest.mark.parametrize(
    "package", ["connector_contract.upstream.server", "_pytest.runner", "pytest_timeout", "xdist.remote"]
)
def test_the_deadlines_of_the_tools_are_real(package):
    asked, _, thread = _one_thread_from_before()
    tool = types.ModuleType(package)
    exec("def wait(event, box): return event.wait(300) and box.get(timeout=300)", vars(tool))  # noqa: S102
    event, box = threading.Event(), queue.Queue()
    with virtual_clock() as clock:
        asked.put(lambda: (work(), event.set(), work(), box.put("answer")))
        assert tool.wait(event, box) == "answer"
        assert clock.jumped == 0
    asked.put(None)
    thread.join()


def test_real_input_and_output_is_waited_for():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    sent = threading.Event()
    _, _, thread = helper = _one_thread_from_before()

    async def receive():
        receiving = asyncio.create_task(asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 10), 300))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        helper[0].put(lambda: (work(), theirs.send(b"answer")))
        return await receiving

    with ours, theirs, virtual_clock() as clock:
        assert asyncio.run(receive()) == b"answer"
        assert clock.jumped == 0
    helper[0].put(None)
    thread.join()
    assert not sent.is_set()


def test_a_subprocess_is_waited_for():
    with virtual_clock() as clock:
        done = subprocess.run(
            [sys.executable, "-S", "-c", "print(1)"], timeout=60, capture_output=True, check=True
        )
        process = subprocess.Popen([sys.executable, "-S", "-c", ""])
        assert (done.stdout.strip(), process.wait(timeout=60)) == (b"1", 0)
        assert clock.jumped == 0


def test_durations_of_tests_stay_real(pytester):
    pytester.makeconftest(
        """
        import pytest
        from connector_contract.clock.clock import virtual_clock

        @pytest.fixture
        def clock():
            with virtual_clock(1e9) as clock:
                yield clock
        """
    )
    pytester.makepyfile(
        "import time\ndef test_one(clock):\n    time.sleep(5000)\n    assert time.time() < 2e9"
    )
    result = pytester.runpytest_inprocess(
        "--durations=0", "-vv", "--junitxml=junit.xml", "-pno:randomly", "-pno:asyncio"
    )
    result.assert_outcomes(passed=1)
    result.stdout.re_match_lines([r"\d{1,2}\.\d\ds call .*"])
    xml = (pytester.path / "junit.xml").read_text("utf-8")
    assert re.search(r' time="\d{1,2}\.', xml)
    assert f'timestamp="{datetime.now().year}' in xml


# ---- entering and leaving


def _real():
    return (
        time.sleep.__self__ is time.time.__self__ is time,
        type(vars(datetime)["now"]) is type(vars(dict)["fromkeys"]),
        threading._allocate_lock is threading.Lock or sys.version_info >= (3, 13),
        all("connector_contract" not in function.__module__ for function in _replaced()),
        type(type(threading.Lock()).acquire) is type(str.upper),
        uuid._generate_time_safe is not None,
    )


def _replaced():
    return (
        threading.Thread.start,
        threading.Thread.join,
        selectors.DefaultSelector.select,
        selectors.SelectSelector.select,
        concurrent.futures.ThreadPoolExecutor.submit,
        concurrent.futures.thread._WorkItem.run,
        asyncio.BaseEventLoop.call_soon_threadsafe,
        socket.socketpair,
    )


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt, SystemExit])
def test_all_is_as_before_at_the_end(error):
    before = _real(), _replaced()
    assert all(before[0])
    with pytest.raises(error) if error else nullcontext(), virtual_clock(START):
        _in_threads(time.sleep, [1, 2])
        assert not any(_real()[:2])
        if error:
            raise error
    assert (_real(), _replaced()) == before


def test_an_interrupt_while_it_begins_leaves_nothing_behind(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    with virtual_clock():
        pass
    with monkeypatch.context() as patch:
        patch.setattr("connector_contract.clock.clock_patches.Attribute.apply", interrupt)
        with pytest.raises(KeyboardInterrupt):
            virtual_clock(START).__enter__()
    assert all(_real())
    with virtual_clock(START):
        about(START, time.time())


@pytest.fixture
def interrupt():
    """Interrupt this thread, once; as often as it takes, because a signal may come right before the wait."""
    interrupted, main = threading.Event(), threading.get_ident()

    def handle(*_):
        if not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt

    def send():
        while not interrupted.wait(0.01):
            signal.pthread_kill(main, signal.SIGINT)

    before = signal.signal(signal.SIGINT, handle)
    yield threading.Thread(target=send)
    signal.signal(signal.SIGINT, before)


def test_one_that_waits_for_ever_can_be_interrupted(interrupt):
    def wait():
        interrupt.start()
        with virtual_clock():
            threading.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        wait()
    interrupt.join()
    assert all(_real())


def test_a_thread_that_still_sleeps_at_the_end_is_woken():
    with virtual_clock():
        begun = threading.Event()
        thread = threading.Thread(target=lambda: (begun.set(), time.sleep(10_000), time.sleep(0)))
        thread.start()
        begun.wait()
        work()
    thread.join()


def test_contexts_may_be_nested_and_entered_again():
    with virtual_clock(START) as outer:
        time.sleep(100)
        with virtual_clock(2 * START) as inner:
            time.sleep(100)
            about(2 * START + 100, time.time())
            assert jumped(inner, 100)
        about(START + 200, time.time())
        assert jumped(outer, 200)
        with virtual_clock():
            about(START + 200, time.time())
    for _ in range(3):
        with virtual_clock(START) as clock:
            about(START, time.time())
            time.sleep(100)
            assert jumped(clock, 100)


def test_without_a_start_it_is_now():
    now = time.time()
    with virtual_clock():
        time.sleep(5000)
    with virtual_clock() as clock:
        about(now, clock.now())


def test_one_that_sleeps_for_ever_little_by_little_does_not_keep_a_core_busy(monkeypatch):
    slept = []
    monkeypatch.setattr(waits, "_MANY_JUMPS", 3)
    monkeypatch.setattr(waits.real_time, "sleep", slept.append)
    with virtual_clock() as clock:
        for _ in range(5):
            time.sleep(1)
        assert slept == [0.001] * 2
        clock.set(START)
        time.sleep(1)
    assert len(slept) == 2


# ---- who runs the loop


def test_a_loop_from_before():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.sleep(0))
    with virtual_clock() as clock:
        assert loop.run_until_complete(_sleeps()) == [1, 1.5, 20, 300]
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert jumped(clock, 300)


@pytest.mark.asyncio
async def test_the_loop_of_pytest_asyncio():
    with virtual_clock() as clock:
        assert await _sleeps() == [1, 1.5, 20, 300]
    assert jumped(clock, 300)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
async def test_the_loop_of_anyio(anyio_backend):
    with virtual_clock() as clock:
        with anyio.move_on_after(300) as scope:
            await anyio.sleep(1000)
        assert scope.cancelled_caught
        with anyio.fail_after(1000):
            await anyio.to_thread.run_sync(work)
        await anyio.to_thread.run_sync(time.sleep, 300)
        await anyio.to_thread.run_sync(lambda: anyio.from_thread.run(anyio.sleep, 300))
    assert jumped(clock, 900)


TRIO = """
import socket, time
def run():
    return socket.socketpair()
def look():
    return time.perf_counter()
"""


def _trio(monkeypatch, token):
    """As much of trio as can be seen from here."""
    trio, part = types.ModuleType("trio"), types.ModuleType("trio._core._run")
    trio.lowlevel = types.SimpleNamespace(current_trio_token=token)
    exec(TRIO, vars(part))  # noqa: S102 - the module of a test
    monkeypatch.setitem(sys.modules, "trio", trio)
    return part


def _no_token():
    raise RuntimeError("must be called from async context")


def test_trio_is_refused_where_it_begins_to_run(monkeypatch):
    trio = _trio(monkeypatch, _no_token)
    with virtual_clock():
        for call in (trio.run, trio.look):
            with pytest.raises(UsageError, match="trio runs the scenario") as refused:
                call()
        assert "Run it with asyncio" in str(refused.value)
    for end in trio.run():
        end.close()


def test_trio_is_refused_where_it_runs(monkeypatch):
    _trio(monkeypatch, object)
    with pytest.raises(UsageError, match="trio runs the scenario"), virtual_clock():
        pass
    assert all(_real())
