"""A call that asks without end is stopped, with a verdict, whatever the connector catches."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest
from connector.generated import TokenCredential
from connector.oai.integration import DescriptionData, Integration
from traffic_testing import traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.errors import CallAborted, UsageError
from connector_contract.recording.budget import Budget
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.lanes import asking


def test_a_replay_allows_ten_times_what_is_recorded_and_a_hundred():
    budget = Budget(recorded=[1, 30], in_all=31)
    assert budget.allows(1, total=100, times=100)
    assert not budget.allows(1, total=101, times=1)
    assert budget.allows(2, total=300, times=300)
    assert not budget.allows(2, total=301, times=1)


def test_a_call_that_is_not_recorded_is_measured_by_all_that_is():
    for number in (0, 3):
        assert Budget(recorded=[1, 30], in_all=31).allows(number, total=310, times=1)
        assert not Budget(recorded=[1, 30], in_all=31).allows(number, total=311, times=1)


def test_a_recording_allows_a_thousand_equal_requests_and_any_number_of_different_ones():
    assert Budget(records=True).allows(1, total=2_000_000, times=1_000)
    assert not Budget(records=True).allows(1, total=1_001, times=1_001)


@pytest.mark.parametrize("records", [False, True])
def test_the_author_raises_and_lowers_it(records):
    for most in (3, 5_000):
        budget = Budget(most, records, recorded=[10_000])
        assert budget.allows(1, total=most, times=most)
        assert not budget.allows(1, total=most + 1, times=1)


INTEGRATION = Integration(
    app_id="x",
    version="1",
    auth=TokenCredential,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="X", categories=[]),
)


@pytest.mark.parametrize("value", [0, -1, "10", 1.5, True])
def test_a_wrong_number_is_one_clear_error(value):
    with pytest.raises(UsageError) as error:
        ConnectorUnderTest(INTEGRATION, Upstream(origin="https://x.test"), auth={}, max_requests=value)
    assert f"is {value!r}, not a positive number." in str(error.value)
    assert "such as 5000" in str(error.value)


# ---- the traffic of a scenario


def counted(traffic, requests, calls=1):
    """How many requests are let through, and the verdict."""

    async def ask():
        for _ in range(calls):
            call = traffic.begin("list_accounts", {})
            with asking(call, call.lane):
                for request in requests:
                    traffic.count(request)
            call.ended = True

    try:
        asyncio.run(ask())
    except CallAborted as aborted:
        return sum(call.requests.total() for call in traffic.calls) - 1, aborted.args[0]
    return sum(call.requests.total() for call in traffic.calls), None


GET_ONE = Request("GET", "https://x.test/one")


def played(count):
    interactions = (Interaction(GET_ONE, Response(200)),) * count
    call = Call("list_accounts", {}, interactions=tuple(range(1, count + 1)))
    return traffic_for("https://x.test", Cassette(interactions, (call,)))


def test_a_recording_of_many_different_requests_is_no_false_alarm():
    requests = [Request("GET", f"https://x.test/{number}") for number in range(2_000)]
    assert counted(traffic_for("https://x.test"), requests) == (2_000, None)


def test_polling_is_no_false_alarm():
    assert counted(traffic_for("https://x.test"), [GET_ONE] * 50, calls=30) == (1_500, None)
    assert counted(played(1), [GET_ONE] * 50) == (50, None)


def test_ten_times_as_many_retries_are_no_false_alarm():
    assert counted(played(50), [GET_ONE] * 500) == (500, None)


def test_the_verdict_says_what_was_asked_how_often():
    others = [Request("POST", "https://x.test/login", body=b"a"), Request("GET", "https://x.test/two")]
    done, verdict = counted(traffic_for("https://x.test"), [*others, *[GET_ONE] * 1_001])
    assert done == 1_002
    assert verdict.what == (
        "The connector asks without end: 1003 requests in one call, 1001 times GET https://x.test/one."
    )
    assert verdict.details == ("1 time POST https://x.test/login", "1 time GET https://x.test/two")
    assert verdict.where[0] == ("capability", "list_accounts")


def test_what_a_thread_asks_after_the_call_ends_as_well():
    traffic = played(1)
    for _ in range(100):
        traffic.count(GET_ONE)
    with pytest.raises(CallAborted):
        traffic.count(GET_ONE)
    assert len(traffic.verdicts) == 1


# ---- end to end

CONNECTOR = "acme_connector.py"
GET = """        response = await self._http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()
"""
TEST = """
async def test_it(lumos):
    await lumos.call("list_accounts")
"""


def asks(recorded, lines, server=503, before=""):
    """The project of a connector whose client does this to get something from a server that is not there."""
    body = "".join(f"        {line}\n" for line in lines.strip("\n").splitlines())
    project = recorded.edit(CONNECTOR, GET, body).edit(CONNECTOR, "import httpx\n", f"{before}import httpx\n")
    app = """
from fastapi import FastAPI, HTTPException

def create_app():
    app = FastAPI()

    @app.get("/v1/users")
    def users(nonce: int = 0):
        if nonce < 0:
            return {"users": [], "next": None}
        raise HTTPException(503)

    return app
"""
    return project.write("acme_server.py", app).write("test_app.py", TEST)


LOOPS = {
    "async": """
while (response := await self._http_client.get(path)).status_code == 503:
    pass
""",
    "that sleeps": """
while (response := await self._http_client.get(path)).status_code == 503:
    await SLEEP(1)
""",
    "that catches errors": """
while True:
    try:
        return (await self._http_client.get(path)).raise_for_status().json()
    except Exception:
        await SLEEP(1)
""",
    "that catches all": """
while True:
    try:
        return (await self._http_client.get(path)).raise_for_status().json()
    except:
        continue
""",
    "that catches all twice": """
async def once():
    while True:
        try:
            return (await self._http_client.get(path)).raise_for_status().json()
        except:
            pass
while True:
    try:
        return await once()
    except BaseException as error:
        print(error)
""",
    "that suppresses all": """
import contextlib
while True:
    with contextlib.suppress(BaseException):
        return (await self._http_client.get(path)).raise_for_status().json()
""",
    "that gathers all": """
import asyncio
async def one():
    return (await self._http_client.get(path)).raise_for_status().json()
while any(isinstance(it, BaseException) for it in await asyncio.gather(one(), one(), return_exceptions=True)):
    pass
""",
    "beside another": """
import asyncio
async def one():
    while True:
        try:
            (await self._http_client.get(path)).raise_for_status().json()
        except BaseException:
            await asyncio.sleep(0)
await asyncio.gather(one(), one())
""",
    "sync": """
with httpx.Client(base_url=self._http_client.base_url) as client:
    while client.get(path).status_code == 503:
        pass
""",
    "sync that catches all": """
with httpx.Client(base_url=self._http_client.base_url) as client:
    while True:
        try:
            return client.get(path).raise_for_status().json()
        except:
            import time; TIMESLEEP(1)
""",
    "of a thread": """
import asyncio
def get():
    with httpx.Client(base_url=self._http_client.base_url) as client:
        while client.get(path).status_code == 503:
            TIMESLEEP(1)
return await asyncio.to_thread(get)
""",
    "of a thread that catches all": """
import asyncio
def get():
    with httpx.Client(base_url=self._http_client.base_url) as client:
        while True:
            try:
                return client.get(path).raise_for_status().json()
            except BaseException:
                pass
return await asyncio.to_thread(get)
""",
    "of an own thread": """
import threading
def get():
    with httpx.Client(base_url=self._http_client.base_url) as client:
        while True:
            try:
                return client.get(path).raise_for_status().json()
            except BaseException:
                pass
thread = threading.Thread(target=get)
thread.start()
thread.join()
""",
}
# A replay of these ends at the first request that is not recorded.
END_THEMSELVES = {"async", "that sleeps", "sync", "of a thread"}
SLEEPS = "import asyncio\nimport time\n"


def ends(run, times):
    assert run.exit_code == 1, run.output
    run.said(
        f"The connector asks without end: {times} requests in one call, ",
        " times GET https://acme.example.com/v1/users",
        "capability: list_accounts",
        "asked in: acme_connector.py:",
        "Have the connector give up after some tries.",
        "allow them: ConnectorUnderTest(max_requests=...).",
    )
    assert sys.gettrace() is TRACE
    assert sys.getprofile() is None


TRACE = sys.gettrace()


@pytest.mark.loopback
@pytest.mark.parametrize("what", LOOPS)
def test_a_loop_ends_in_record_and_replay(recorded, what):
    limit = "upstream=Upstream", "max_requests=20, upstream=Upstream"
    quick = LOOPS[what].replace("TIMESLEEP(1)", "None").replace("await SLEEP(1)", "pass")
    run = (
        asks(recorded, quick).edit("conftest.py", *limit).run("--record-mode=once", "test_app.py", "-Wignore")
    )
    ends(run, 21)
    assert "cassettes/test_app/test_it.yaml" not in run.project.files

    slow = LOOPS[what].replace("TIMESLEEP", "time.sleep").replace("SLEEP", "asyncio.sleep")
    cassette = recorded.files["cassettes/test_acme/test_wrong_token.yaml"]
    replayed = asks(recorded, slow, before=SLEEPS).write("cassettes/test_app/test_it.yaml", cassette)
    run = replayed.run("test_app.py", "-Wignore")
    if what in END_THEMSELVES:
        run.had(failed=1)
        run.said("The connector made a request that is not recorded", "asked in: acme_connector.py:")
    else:
        ends(run, 101)


STUBBORN = """
while True:
    try:
        try:
            return (await self._http_client.get(path)).raise_for_status().json()
        except:
            pass
    except:
        pass
"""


def test_where_nothing_helps_the_process_is_ended(recorded):
    cassette = recorded.files["cassettes/test_acme/test_wrong_token.yaml"]
    project = asks(recorded, STUBBORN, before=SLEEPS).write("cassettes/test_app/test_it.yaml", cassette)
    run = project.run("test_app.py", "-s", subprocess=True)
    assert run.exit_code == -signal.SIGABRT
    run.said("The connector asks without end: 101 requests in one call", "acme_connector.py")


PERSISTENT = """
while True:
    try:
        return (await self._http_client.get(path)).raise_for_status().json()
    except:
        pass
"""


@pytest.mark.loopback
def test_a_proof_ends_as_well(recorded):
    """The connector asks otherwise when it is replayed, and does not take no for an answer."""
    asks_anew = "import itertools\nnumbers = itertools.count(1)\n"
    lines = PERSISTENT.replace("get(path)", "get(path, params={'nonce': -next(numbers)})")
    run = asks(recorded, lines, before=asks_anew).run("--record-mode=once", "test_app.py")
    run.had(failed=1)
    assert "cassettes/test_app/test_it.yaml" not in run.project.files
    run.said("nonce")


@pytest.mark.loopback
def test_a_fault_that_lasts_ends_as_well(directory):
    retries = """        while True:
            try:
                response = await self._http_client.request(method, path, **options)
                if response.status_code < 500:
                    break
            except:
                pass
        response.raise_for_status()
        if response.headers"""
    once = """        response = await self._http_client.request(method, path, **options)
        response.raise_for_status()
        if response.headers"""
    project = directory.edit("directory_connector.py", once, retries)
    run = project.run("--record-mode=once", "-kserver_error and [list_accounts")
    assert run.outcomes["failed"] >= 1
    run.said("The connector asks without end: 101 requests in one call, 101 times GET")
    assert sys.gettrace() is TRACE
