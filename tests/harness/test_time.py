"""Time in a scenario: virtual in a replay, whoever runs its loop, and real in a recording."""

from __future__ import annotations

import re
import sys

import pytest

CONNECTOR = "acme_connector.py"
GET = """        response = await self._http_client.get(path, params=params)
"""
WALK = "test_acme.py::test_walk"
DURATIONS = ("--durations=0", "-vv")


def gets(project, lines, before=""):
    """The project, with a client that does this to get something."""
    body = "".join(f"        {line}\n" for line in lines.strip("\n").splitlines())
    return project.edit(CONNECTOR, GET, body).edit(CONNECTOR, "import httpx\n", f"{before}import httpx\n")


def durations(run):
    """What pytest says that the tests' bodies took, in seconds."""
    found = [float(each) for each in re.findall(r"^([\d.]+)s call ", run.output, re.MULTILINE)]
    assert found, run.output
    return found


OBEYS = """
while (response := await self._http_client.get(path, params=params)).status_code == 429:
    await asyncio.sleep(int(response.headers["Retry-After"]))
"""
LIMITED = """
from fastapi import FastAPI, HTTPException

def create_app():
    app = FastAPI()
    asked = []

    @app.get("/v1/users")
    def users():
        asked.append(1)
        if len(asked) < 3:
            raise HTTPException(429, headers={"Retry-After": "0"})
        return {"users": [], "next": None}

    return app
"""
MANY = """
import pytest

@pytest.mark.parametrize("number", range(80))
async def test_it(lumos, number):
    assert not (await lumos.call("list_accounts")).get("is_error")
"""


@pytest.mark.loopback
def test_a_client_that_obeys_retry_after_takes_the_time_of_its_work(acme):
    one = MANY.replace("range(80)", "range(1)")
    obeys = gets(acme, OBEYS, "import asyncio\n").write("acme_server.py", LIMITED)
    recorded = obeys.remove("test_acme.py").write("test_app.py", one).run("--record-mode=once")
    recorded.had(passed=1)
    cassette = recorded.project.files["cassettes/test_app/test_it[0].yaml"]
    assert cassette.count(b"retry-after:\n      - '0'") == 2
    slow = cassette.replace(b"retry-after:\n      - '0'", b"retry-after:\n      - '1'")
    project = recorded.project.write("test_app.py", MANY)
    for number in range(80):
        project = project.write(f"cassettes/test_app/test_it[{number}].yaml", slow)
    run = project.run(*DURATIONS)
    run.had(passed=80)
    # It waits for 160 seconds.
    assert sum(durations(run)) < 80


RATE_LIMITER = """
async def get(_):
    answer = await self._http_client.get(path, params=params)
    answer.raise_for_status()
    return answer
config = RateLimitConfig(
    config_id="acme", requests_per_window=2, window_seconds=300, max_delay=300, maximum_retries=3
)
before = time.monotonic()
try:
    (response,) = await RateLimiter(config).execute_requests([1], get)
finally:
    assert time.monotonic() - before > 300
"""
LIMITER = "import time\nfrom connector.utils.rate_limiting import RateLimitConfig, RateLimiter\n"


def test_the_rate_limiter_of_the_sdk_on_a_persistent_429(recorded):
    cassette = recorded.files["cassettes/test_acme/test_wrong_token.yaml"].decode()
    head, response = cassette.split("interactions:\n")
    limited = response.replace("code: 401", "code: 429").replace("Unauthorized", "Too Many Requests")
    head = (
        head.replace("[1]", "[1, 2, 3, 4]")
        .replace("count: 1", "count: 4")
        .replace("unauthorized", "rate_limit")
    )
    # As often as the limiter asks.
    project = gets(recorded, RATE_LIMITER, LIMITER).write(
        "cassettes/test_acme/test_wrong_token.yaml", f"{head}interactions:\n{limited * 4}"
    )
    snapshot = "snapshots/test_acme/test_wrong_token.json"
    run = project.run("test_acme.py::test_wrong_token", "--snapshot-update", *DURATIONS)
    run.had(passed=1)
    assert b"rate_limit" in run.project.files[snapshot]
    assert max(durations(run)) < 60


TIMEOUT = """
async with timeout(5):
    response = await asyncio.to_thread(lambda: (work(), 1)[1])
    response = await self._http_client.get(path, params=params)
try:
    async with timeout(5):
        await asyncio.to_thread(time.sleep, 300)
except TimeoutError:
    pass
else:
    raise AssertionError("it did not end")
"""
WORK = """import asyncio
import time
from asyncio import timeout
def work():
    for _ in range(20_000):
        pass
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is new in Python 3.11")
def test_a_timeout_around_a_thread(recorded):
    run = gets(recorded, TIMEOUT, WORK).run(WALK, *DURATIONS)
    run.had(passed=1)
    assert max(durations(run)) < 60


SLEEPS = """
response = await self._http_client.get(path, params=params)
before = time.time(), time.monotonic(), asyncio.get_running_loop().time()
await asyncio.sleep(300)
after = time.time(), time.monotonic(), asyncio.get_running_loop().time()
assert all(300 <= end - start < 360 for start, end in zip(before, after)), (before, after)
"""
TIME = "import asyncio\nimport time\n"
ANYIO = """
import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

pytestmark = pytest.mark.anyio
"""


@pytest.mark.parametrize("runner", ["our own", "pytest-asyncio", "anyio"])
def test_whoever_runs_the_loop_a_scenario_sleeps_300_seconds_at_once(recorded, runner):
    source = recorded.files["test_acme.py"].decode()
    options, plugins = (), ()
    if runner == "anyio":
        source = ANYIO + source.replace("(lumos, ", "(anyio_backend, lumos, ")
    elif runner == "pytest-asyncio":
        options, plugins = ("-oasyncio_mode=auto",), ("asyncio",)
    project = gets(recorded, SLEEPS, TIME).write("test_acme.py", source)
    run = project.run(WALK, *DURATIONS, *options, plugins=plugins)
    run.had(passed=1)
    assert max(durations(run)) < 5
    assert "300" not in run.output.partition("slowest durations")[2]


def test_a_synchronous_test_that_runs_its_own_loop(recorded):
    test = """
import asyncio

def test_walk(lumos, snapshot):
    assert asyncio.run(lumos.walk("list_accounts", page_size=2)) == snapshot
"""
    run = gets(recorded, SLEEPS, TIME).write("test_acme.py", test).run(*DURATIONS)
    run.had(passed=1)
    assert max(durations(run)) < 5


REAL = """
from connector_contract.clock.waits import timeline
assert not timeline.depth and time.sleep.__self__ is time
response = await self._http_client.get(path, params=params)
"""


@pytest.mark.loopback
def test_time_is_real_while_it_is_recorded(acme):
    # The proof is a replay: only what the upstream is asked for in earnest is looked at.
    live = REAL.replace("assert not", "assert asyncio.current_task().get_name() != 'live' or not")
    test = """
import asyncio

async def test_walk(lumos):
    asyncio.current_task().set_name("live")
    await lumos.walk("list_accounts", page_size=2)
"""
    run = gets(acme, live, TIME).write("test_acme.py", test).run("--record-mode=once")
    run.had(passed=1)


def test_and_virtual_when_it_is_replayed(recorded):
    run = gets(recorded, REAL, TIME).run(WALK)
    run.had(failed=1)


@pytest.mark.loopback
def test_trio_is_one_clear_error_in_a_recording_too(acme):
    """As much of trio as can be seen from here: tests do not need it otherwise."""
    test = """
import sys, types

async def test_walk(lumos, monkeypatch):
    token = types.SimpleNamespace(current_trio_token=object)
    monkeypatch.setitem(sys.modules, "trio", types.SimpleNamespace(lowlevel=token))
    await lumos.walk("list_accounts", page_size=2)
"""
    run = acme.write("test_acme.py", test).run("--record-mode=once")
    run.had(failed=1)
    run.said("trio runs the scenario, and a replay has a clock of its own,", "Run it with asyncio:")
    assert "Traceback" not in run.output
