"""One effect: a stored call is replayed alone, as recorded or with some of its interactions changed."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from scenario_testing import ORIGIN, Connector, client
from traffic_testing import traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.errors import EndlessRequests
from connector_contract.recording.call import Call, Success
from connector_contract.recording.dispatch import forget
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.recording.lanes import following_threads
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.replay import Replays
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.upstream.network import no_network

BROKEN = Response(503)


def said(path, body=None, *, method="GET", status=200, headers=(), sent=b""):
    request = Request(method, ORIGIN + path, tuple(headers), sent)
    return Interaction(request, Response(status, "", (), json.dumps(body).encode()))


def called(*numbers, capability="read", **asked):
    return Call(capability, Success(), asked, numbers)


@contextmanager
def replaying(connector, interactions, calls=(), given_up=(), **options):
    """Replays of a cassette; no verdict may be left of them, and no call."""
    under_test = ConnectorUnderTest(integration=connector, upstream=Upstream(origin=ORIGIN), **options)

    def normalizer(_connector):
        secrets = Secrets(aliases=under_test.aliases)
        secrets.add(under_test.auth, under_test.credentials)
        return Normalizer(secrets)

    cassette = Cassette(tuple(interactions), tuple(calls), tuple(given_up))
    traffic = traffic_for(ORIGIN, cassette)
    with following_threads(), no_network(traffic.report), intercepted(traffic):
        yield Replays(under_test, cassette, traffic, normalizer, lambda: forget(under_test))
    assert (traffic.verdicts, traffic.calls, traffic.recorder.sent) == ([], [], [])
    assert traffic.player.left == list(range(1, len(interactions) + 1))


def replay(connector, interactions, call, changes=None, **options):
    with replaying(connector, interactions, [call], **options) as replays:
        return asyncio.run(replays.replay(call, changes))


def reads(*paths):
    """A connector that reads one path after the other."""

    async def read(_):
        async with client() as http:
            return [(await http.get(path)).status_code for path in paths]

    return Connector(read=read)


def test_a_call_is_answered_as_it_was_recorded():
    replayed = replay(reads("/a", "/b"), [said("/a"), said("/b", status=404)], called(1, 2))
    assert replayed.response == {"response": [200, 404]}
    assert (dict(replayed.asked), dict(replayed.fired)) == ({1: 1, 2: 1}, {})
    assert (replayed.off_script, replayed.failure) == ([], None)


def test_a_changed_interaction_answers_however_often_it_is_asked():
    recorded = [said("/a"), said("/b")]
    replayed = replay(reads("/a", "/b", "/b", "/b"), recorded, called(1, 2), {2: BROKEN})
    assert replayed.response == {"response": [200, 503, 503, 503]}
    assert (dict(replayed.asked), dict(replayed.fired)) == ({1: 1, 2: 3}, {2: 3})


@pytest.mark.parametrize(
    ("changed", "statuses"),
    [
        ({}, [201, 202, 203, 203]),
        ({1: BROKEN}, [503, 503, 503, 503]),
        ({2: BROKEN}, [201, 503, 503, 503]),
        ({3: BROKEN}, [201, 202, 503, 503]),
    ],
)
def test_of_equal_requests_each_is_one_of_its_own(changed, statuses):
    """As an upstream is polled: the last response, and a changed one, answer for ever."""
    recorded = [said("/job", status=status) for status in (201, 202, 203)]
    replayed = replay(reads(*["/job"] * 4), recorded, called(1, 2, 3), changed)
    assert replayed.response == {"response": statuses}
    assert replayed.fired.total() == statuses.count(503)


def test_several_interactions_are_changed_at_once():
    replayed = replay(
        reads("/a", "/b"), [said("/a"), said("/b")], called(1, 2), {1: BROKEN, 2: Response(429)}
    )
    assert replayed.response == {"response": [503, 429]}
    assert dict(replayed.fired) == {1: 1, 2: 1}


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ReadTimeout("late"), httpx.RemoteProtocolError("dropped")]
)
def test_an_exception_is_raised_as_the_client_raises_it(error):
    caught = []

    async def read(_):
        async with client() as http:
            for _ in range(3):
                try:
                    await http.get("/a")
                except httpx.TransportError as raised:
                    caught.append((type(raised), str(raised.request.url)))

    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: error})
    assert caught == [(type(error), f"{ORIGIN}/a")] * 3
    assert dict(replayed.fired) == {1: 3}


def test_a_client_that_tries_again_sees_the_exception_each_time():
    transport = httpx.AsyncHTTPTransport(retries=2)

    async def read(_):
        async with client(transport=transport) as http:
            return (await http.get("/a")).status_code

    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: httpx.ConnectError("refused")})
    assert replayed.response["error"]["message"] == "ConnectError('refused')"
    assert replayed.fired[1] >= 1


def test_a_synchronous_client_sees_the_same():
    async def read(_):
        with httpx.Client(base_url=ORIGIN) as http:
            try:
                return http.get("/a").status_code
            except httpx.ConnectError as error:
                return str(error)

    connector = Connector(read=read)
    assert replay(connector, [said("/a")], called(1), {1: BROKEN}).response == {"response": 503}
    refused = replay(connector, [said("/a")], called(1), {1: httpx.ConnectError("refused")})
    assert refused.response == {"response": "refused"}


def test_threads_and_tasks_ask_at_once():
    def get(path):
        with httpx.Client(base_url=ORIGIN) as http:
            return http.get(path).status_code

    async def threads(_):
        return await asyncio.gather(*(asyncio.to_thread(get, f"/{n}") for n in range(4)))

    async def tasks(_):
        async with client() as http:
            return [r.status_code for r in await asyncio.gather(*(http.get(f"/{n}") for n in range(4)))]

    for read in (threads, tasks):
        recorded = [said(f"/{n}") for n in range(4)]
        replayed = replay(Connector(read=read), recorded, called(1, 2, 3, 4), {3: BROKEN})
        assert replayed.response == {"response": [200, 200, 503, 200]}
        assert replayed.asked.total() == 4


def test_a_login_that_another_call_made_is_answered_from_there():
    tokens = []

    async def read(_):
        async with client() as http:
            if not tokens:
                tokens.append((await http.post("/login")).json()["access_token"])
            headers = {"authorization": f"Bearer {tokens[0]}"}
            return (await http.get("/users", headers=headers)).status_code

    bearer = [("authorization", "Bearer <access_token>")]
    recorded = [
        said("/login", {"access_token": "<access_token>"}, method="POST"),
        said("/users", headers=bearer),
        said("/users", headers=bearer),
    ]
    calls = [called(1, 2), called(3)]
    with replaying(Connector(read=read), recorded, calls, reset=tokens.clear) as replays:
        replayed = asyncio.run(replays.replay(calls[1]))
        assert replayed.response == {"response": 200}
        assert dict(replayed.asked) == {1: 1, 3: 1}
        broken = asyncio.run(replays.replay(calls[1], {1: BROKEN}))
        assert broken.fired[1] == 1
        assert "is_error" in broken.response


def test_a_call_may_go_on_with_what_the_calls_before_it_have_left():
    kept = {}

    async def read(_):
        async with client() as http:
            kept["token"] = (await http.get(f"/tokens/{kept.get('token', 'first')}")).json()
            return kept["token"]

    recorded = [said("/tokens/first", "second"), said("/tokens/second", "third"), said("/tokens/third", "")]
    calls = [called(1), called(2), called(3)]
    with replaying(Connector(read=read), recorded, calls, reset=kept.clear) as replays:
        alone = asyncio.run(replays.replay(calls[2], {3: BROKEN}))
        whole = asyncio.run(replays.replay(calls[2], after=calls[:2]))
        broken = asyncio.run(replays.replay(calls[2], {3: Response(200, "", (), b'"x"')}, after=calls[:2]))
    assert (dict(alone.fired), alone.response) == ({}, {"response": "second"})
    assert (dict(whole.asked), whole.response) == ({3: 1}, {"response": ""})
    assert (dict(broken.fired), broken.response) == ({3: 1}, {"response": "x"})
    assert kept == {}


def test_requests_that_are_off_script_are_listed_and_never_answered():
    connector = reads("/a", "/other", "/a")
    replayed = replay(connector, [said("/a")], called(1))
    assert [error.what for error in replayed.off_script] == [
        f"The connector made a request that is not recorded: GET {ORIGIN}/other"
    ]
    assert replayed.response["is_error"]
    assert dict(replayed.asked) == {1: 1}


@pytest.mark.parametrize("path", ["/a", "/other"])
def test_an_endless_call_is_ended_past_what_it_catches(path):
    async def read(_):
        async with client() as http:
            while True:
                try:
                    await http.get(path)
                except Exception:  # noqa: BLE001 - as connectors do
                    await asyncio.sleep(300)

    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: httpx.ReadTimeout("late")})
    assert isinstance(replayed.failure, EndlessRequests)
    assert f"times GET {ORIGIN}{path}" in replayed.failure.what
    assert replayed.response is None


def test_a_wait_costs_no_time():
    """The SDK's own rate limiter waits for 300 s on a 429 that lasts."""

    async def read(_):
        async with client() as http:
            loop = asyncio.get_running_loop()
            start = loop.time()
            while (status := (await http.get("/a")).status_code) == 429 and loop.time() < start + 3000:
                await asyncio.sleep(300)
            return status

    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: Response(429)})
    assert replayed.response == {"response": 429}
    assert replayed.fired[1] == 11


def authorized(auth, **asked):
    async def read(envelope):
        async with client() as http:
            if "basic" in envelope["auth"]:
                pair = envelope["auth"]["basic"]
                return (await http.get("/a", auth=(pair["username"], pair["password"]))).json()
            secret = envelope["auth"]["token"]["token"]
            if secret.startswith("{"):
                secret = json.loads(secret)["key"]
            return (await http.get("/a", headers={"x-api-key": secret})).json()

    return Connector(read=read)


@pytest.mark.parametrize(
    ("auth", "asked", "header"),
    [
        (
            {"token": {"token": "a-good-secret-1"}},
            {"token": {"token": "<token.token-2>"}},
            ("x-api-key", "<token.token-2>"),
        ),
        (
            {"basic": {"username": "ann", "password": "a-good-secret-1"}},
            {"basic": {"username": "<basic.username-2>", "password": "<basic.password-2>"}},
            ("authorization", "Basic <basic.username-2>:<basic.password-2>"),
        ),
    ],
    ids=["token", "basic"],
)
def test_a_secret_that_nobody_has_any_more_is_made_up_in_its_form(auth, asked, header):
    recorded = [said("/a", 1), said("/a", 2, headers=[header])]
    replayed = replay(authorized(auth), recorded, called(2, auth=asked), auth=auth)
    assert replayed.response == {"response": 2}


def test_a_secret_of_json_is_made_up_as_json():
    auth = {"token": {"token": '{"key": "a-good-secret-1"}'}}
    connector = authorized(auth)
    asked = {"token": {"token": "<token.token-2>"}}
    replayed = replay(connector, [said("/a", 1)], called(1, auth=asked), auth=auth)
    # It could be read; that it is sent on in a part of its own is another matter.
    assert "JSONDecodeError" not in json.dumps(replayed.response)
    assert "<x-api-key>" in replayed.off_script[0].details[1]


def test_what_cannot_be_replayed_is_said_with_the_reason():
    key = "-----BEGIN " + "PRIVATE KEY-----"
    calls = [called(), called(capability="gone"), called(auth={"token": {"token": "<token.token-2>"}})]
    with replaying(reads(), [], calls, auth={"token": {"token": key}}) as replays:
        assert [replays.not_replayable(call) for call in calls] == [
            None,
            "the connector has no capability gone",
            "nobody can make up <token.token-2> again",
        ]


def test_what_a_connector_makes_up_is_that_of_the_call_and_is_echoed():
    async def read(_):
        key = str(uuid.uuid4())
        async with client() as http:
            echoed = (await http.post("/users", json={"key": key, "n": 1})).json()["key"]
            return echoed == key

    stored = [f"00000000-0000-4000-8000-{number:012}" for number in (1, 2)]
    recorded = [
        said("/users", {"key": key}, method="POST", sent=json.dumps({"key": key, "n": 1}).encode())
        for key in stored
    ]
    recorded = [
        Interaction(
            Request("POST", each.request.uri, (("content-type", "application/json"),), each.request.body),
            each.response,
        )
        for each in recorded
    ]
    calls = [called(1), called(2)]
    with replaying(Connector(read=read), recorded, calls, aliases={"key": "request.body.key"}) as replays:
        for number, call in enumerate(calls, 1):
            replayed = asyncio.run(replays.replay(call))
            assert replayed.response == {"response": True}
            assert dict(replayed.asked) == {number: 1}
        broken = asyncio.run(replays.replay(calls[1], {2: BROKEN}))
        assert dict(broken.fired) == {2: 1}


def test_a_request_that_was_given_up_waits_until_it_is_again():
    async def read(_):
        async with client() as http:
            try:
                return await asyncio.wait_for(http.get("/slow"), 30)
            except TimeoutError:
                return (await http.get("/a")).status_code

    given_up = [GivenUp(Request("GET", f"{ORIGIN}/slow"), 1, 0)]
    replayed = replay(Connector(read=read), [said("/a")], called(1), given_up=given_up)
    assert replayed.response == {"response": 200}


def test_reset_runs_before_and_after_each_replay():
    """So that neither begins with what the other has left: the replay, and the scenario that goes on."""
    times = []
    with replaying(reads("/a"), [said("/a")], reset=lambda: times.append(1)) as replays:
        for _ in range(2):
            asyncio.run(replays.replay(called(1)))
    assert len(times) == 4


def test_what_a_connector_raises_out_of_its_dispatch_is_the_failure():
    class Raises(Connector):
        async def dispatch(self, name, text):
            raise KeyError(name)

    replayed = replay(Raises(read=None), [], called())
    assert replayed.response is None
    assert "it raised KeyError: 'read'" in replayed.failure.what


def cancels(how):
    async def read(_):
        async with client() as http:
            if (await http.get("/a")).status_code == 503:
                how()
                await asyncio.sleep(0)
            return 200

    return Connector(read=read)


def raises_cancelled():
    raise asyncio.CancelledError


@pytest.mark.parametrize("how", [raises_cancelled, lambda: asyncio.current_task().cancel()])
def test_a_connector_that_cancels_itself_is_a_failure_of_the_call_alone(how):
    async def both(replays, call):
        replayed = [await replays.replay(call, {1: BROKEN}), await replays.replay(call)]
        assert getattr(asyncio.current_task(), "cancelling", int)() == 0
        return replayed

    call = called(1)
    with replaying(cancels(how), [said("/a")], [call]) as replays:
        broken, good = asyncio.run(both(replays, call))
    assert broken.failure.what == "The connector gave no response to read: it was cancelled."
    assert (good.failure, good.response) == (None, {"response": 200})


def test_whoever_cancels_the_replay_cancels_the_call():
    ended = []

    async def read(_):
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(1)

    async def cancelled(replays, call):
        task = asyncio.create_task(replays.replay(call))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [1]

    with replaying(Connector(read=read), [], [called()]) as replays:
        asyncio.run(cancelled(replays, called()))


def test_an_interrupt_ends_the_run():
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(cancels(interrupt), [said("/a")], called(1), {1: BROKEN})


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_number_that_is_not_recorded_is_a_mistake_of_the_caller(number):
    with pytest.raises(ValueError, match=rf"interactions \[{number}\] are to be changed, .* has 1 to 2"):
        replay(reads("/a", "/b"), [said("/a"), said("/b")], called(1, 2), {1: BROKEN, number: BROKEN})


def test_what_a_call_leaves_running_comes_to_its_end_first():
    tasks = []

    async def later():
        await asyncio.sleep(5)
        async with client() as http:
            await http.post("/audit")

    async def read(_):
        tasks.append(asyncio.create_task(later()))
        async with client() as http:
            return (await http.get("/a")).status_code

    replayed = replay(Connector(read=read), [said("/a"), said("/audit", method="POST")], called(1, 2))
    assert dict(replayed.asked) == {1: 1, 2: 1}
    assert tasks[0].done()


def test_a_timer_of_the_connector_does_not_keep_a_replay():
    async def ticks():
        while True:
            await asyncio.sleep(60)

    async def read(_):
        read.tasks = asyncio.create_task(ticks())
        return 200

    assert replay(Connector(read=read), [], called()).response == {"response": 200}


def posts():
    with httpx.Client(base_url=ORIGIN) as http:
        http.post("/audit")


def leaves_a_thread():
    thread = threading.Thread(target=lambda: (time.sleep(5), posts()))
    thread.start()
    return thread


def leaves_pool_work():
    pool = ThreadPoolExecutor(1)
    pool.submit(lambda: (time.sleep(5), posts()))
    return pool


def leaves_a_task():
    # A replay does not wait as long as this.
    async def later():
        await asyncio.sleep(150)
        async with client() as http:
            await http.post("/audit")

    return asyncio.create_task(later())


@pytest.mark.parametrize("leave", [leaves_a_thread, leaves_pool_work, leaves_a_task])
def test_what_a_replay_has_left_running_asks_for_that_replay(leave):
    left = []

    async def first(_):
        left.append(leave())
        async with client() as http:
            return (await http.get("/a")).status_code

    async def second(_):
        await asyncio.sleep(300)
        async with client() as http:
            return (await http.get("/b")).status_code

    calls = [called(1, 2, capability="first"), called(3, capability="second")]
    recorded = [said("/a"), said("/audit", method="POST"), said("/b")]

    async def both(replays):
        return [await replays.replay(calls[0], {2: BROKEN}), await replays.replay(calls[1])]

    with replaying(Connector(first=first, second=second), recorded, calls) as replays:
        one, other = asyncio.run(both(replays))
    assert (dict(one.asked), dict(one.fired)) == ({1: 1, 2: 1}, {2: 1})
    assert dict(other.asked) == {3: 1}


def test_a_thread_that_serves_all_calls_asks_for_the_one_that_it_serves():
    asked = queue.Queue()

    def serve():
        while (given := asked.get()) is not None:
            with httpx.Client(base_url=ORIGIN) as http:
                given.set_result(http.get("/a").status_code)

    thread = threading.Thread(target=serve)

    async def read(_):
        if not thread.is_alive():
            thread.start()
        asked.put(given := Future())
        return await asyncio.wrap_future(given)

    call = called(1)

    async def twice(replays):
        return [await replays.replay(call), await replays.replay(call, {1: BROKEN})]

    with replaying(Connector(read=read), [said("/a")], [call]) as replays:
        good, broken = asyncio.run(twice(replays))
        asked.put(None)
        thread.join()
    assert (good.response, broken.response) == ({"response": 200}, {"response": 503})
    assert (dict(good.asked), dict(broken.fired)) == ({1: 1}, {1: 1})
