"""A stored call is replayed as an upstream breaks: once, elsewhere, with other pages, or unconnected."""

from __future__ import annotations

import asyncio
import json
import time
from email.utils import parsedate_to_datetime

import aiohttp
import httpx
import pytest
import requests
import urllib3
from replay_testing import BROKEN, called, reads, replay, replaying, said
from scenario_testing import ORIGIN, Connector, client

from connector_contract.errors import EndlessRequests, EndlessWait
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Lost, LostConnection, Once

AWAY = "https://elsewhere.example/login"


def counts(replayed):
    return dict(replayed.asked), dict(replayed.fired), replayed.order


def test_a_change_that_heals_is_seen_once():
    replayed = replay(reads("/a", "/a", "/b"), [said("/a"), said("/b")], called(1, 2), {1: Once(BROKEN)})
    assert replayed.response == {"response": [503, 200, 200]}
    assert counts(replayed) == ({1: 2, 2: 1}, {1: 1}, [1, 1, 2])


def test_of_equal_requests_the_one_that_heals_is_answered_before_the_next():
    recorded = [said("/job", status=status) for status in (201, 202)]
    replayed = replay(reads(*["/job"] * 4), recorded, called(1, 2), {1: Once(BROKEN)})
    assert replayed.response == {"response": [503, 201, 202, 202]}
    assert replayed.order == [1, 1, 2, 2]


def test_of_equal_requests_those_after_a_change_in_turn_are_answered_as_recorded():
    recorded = [said("/job", status=status) for status in (201, 202)]
    connector, call = reads(*["/job"] * 3), called(1, 2)
    replayed = replay(connector, recorded, call, {1: BROKEN}, in_turn=True)
    assert replayed.response == {"response": [503, 202, 202]}
    assert replay(connector, recorded, call, {1: BROKEN}).response == {"response": [503, 503, 503]}


@pytest.mark.parametrize("change", [LostConnection(Lost.REFUSED), httpx.ConnectError("refused")])
def test_a_connection_that_heals_is_lost_once(change):
    async def read(_):
        async with client() as http:
            found = []
            for _ in range(3):
                try:
                    found.append((await http.get("/a")).status_code)
                except httpx.ConnectError:
                    found.append("refused")
            return found

    call = called(1)
    with replaying(Connector(read=read), [said("/a")], [call]) as replays:
        for _ in range(2):
            replayed = asyncio.run(replays.replay(call, {1: Once(change)}))
            assert replayed.response == {"response": ["refused", 200, 200]}
            assert counts(replayed) == ({1: 3}, {1: 1}, [1, 1, 1])


def test_a_write_that_is_made_twice_is_seen():
    async def create(_):
        async with client() as http:
            await http.get("/users")
            try:
                return (await http.post("/users", json={"name": "a"})).status_code
            except httpx.ReadTimeout:
                return (await http.post("/users", json={"name": "a"})).status_code

    sent = [("content-type", "application/json")]
    recorded = [said("/users"), said("/users", method="POST", headers=sent, sent=b'{"name":"a"}')]
    lost = {2: Once(LostConnection(Lost.READ_TIMEOUT))}
    replayed = replay(Connector(create=create), recorded, called(1, 2, capability="create"), lost)
    assert replayed.response == {"response": 200}
    assert counts(replayed) == ({1: 1, 2: 2}, {2: 1}, [1, 2, 2])


def test_a_changed_response_has_the_secrets_again_and_times_that_move():
    found = []

    async def read(envelope):
        async with client() as http:
            response = await http.get("/a")
            found.append(parsedate_to_datetime(response.headers["retry-after"]).timestamp())
            return response.json() == envelope["auth"]["token"]["token"]

    auth = {"token": {"token": "a-good-" + "secret-1"}}
    moving = (("retry-after", "<now+3600s, http>"),)
    changed = Response(429, "", moving, b'"<token.token>"')
    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: changed}, auth=auth)
    assert replayed.response == {"response": True}
    # The normalizer of this test has no clock, which begins in 1970.
    assert found == [3600]


def pages(request):
    return said(request.uri, {"next": request.uri + "1"}).response


def test_a_request_that_nothing_has_recorded_may_be_answered_otherwise():
    def otherwise(request):
        return Response(418) if "/further" in request.uri else None

    replayed = replay(reads("/a", "/further", "/other"), [said("/a")], called(1), otherwise=otherwise)
    assert [str(each) for each in replayed.answered_otherwise] == [f"GET {ORIGIN}/further"]
    assert [error.what.rpartition(" ")[2] for error in replayed.off_script] == [f"{ORIGIN}/other"]
    assert counts(replayed) == ({1: 1}, {}, [1])


def test_pages_without_end_are_ended_by_the_budget():
    async def read(_):
        async with client() as http:
            path = "/pages/"
            while path:
                path = (await http.get(path)).json()["next"]

    replayed = replay(
        Connector(read=read), [said("/pages/", {"next": "/pages/1"})], called(1), otherwise=pages
    )
    assert isinstance(replayed.failure, EndlessRequests)
    assert len(replayed.answered_otherwise) == 99


async def follows_in_httpx(_):
    async with client(follow_redirects=True) as http:
        return (await http.get("/a")).status_code


async def follows_in_aiohttp(_):
    async with aiohttp.ClientSession() as session, session.get(f"{ORIGIN}/a") as response:
        return response.status


async def follows_in_requests(_):
    return requests.get(f"{ORIGIN}/a", timeout=5).status_code


@pytest.mark.parametrize("read", [follows_in_httpx, follows_in_aiohttp, follows_in_requests])
@pytest.mark.parametrize("otherwise", [None, lambda _: Response(204)])
def test_a_request_to_another_place_is_seen_whatever_follows(read, otherwise):
    moved = Response(302, "", (("location", AWAY),))
    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: moved}, otherwise=otherwise)
    assert [str(each) for each in replayed.sent_elsewhere] == [f"GET {AWAY}"]
    assert len(replayed.off_script) == (otherwise is None)
    assert len(replayed.answered_otherwise) == (otherwise is not None)


def test_another_path_of_the_declared_origin_is_no_other_place():
    replayed = replay(reads("/a", "/other"), [said("/a")], called(1))
    assert (len(replayed.off_script), replayed.sent_elsewhere) == (1, [])


def test_lumos_may_give_another_rate_limit():
    async def read(envelope):
        return envelope.get("rate_limit")

    asked = called(rate_limit={"app_limiting": True})
    assert replay(Connector(read=read), [], asked).response == {"response": {"app_limiting": True}}
    replayed = replay(Connector(read=read), [], asked, rate_limit={"max_execution_time": 1})
    assert replayed.response == {"response": {"max_execution_time": 1}}


def test_replays_of_a_call_leave_each_other_alone():
    """They begin with the same secrets, and what one learns of them, the next one does not know."""

    async def read(envelope):
        async with client() as http:
            sent = {"x-api-key": f"key-{next(numbers)}-" + "9Kx2" * 4}
            return (await http.get("/a", headers=sent)).status_code

    numbers = iter(range(10))
    call = called(1)
    recorded = [said("/a", headers=[("x-api-key", "<x-api-key>")])]
    with replaying(Connector(read=read), recorded, [call]) as replays:
        replayed = [asyncio.run(replays.replay(call)) for _ in range(3)]
        statuses = [each.response for each in replayed]
    assert statuses == [{"response": 200}] * 3


def waiting(seconds, how):
    async def read(_):
        async with client() as http:
            while (response := await http.get("/a")).status_code != 200:
                await how(float(response.headers.get("retry-after", seconds)))
            return 200

    return Connector(read=read)


async def blocking(seconds):
    time.sleep(seconds)


@pytest.mark.parametrize("how", [asyncio.sleep, blocking])
def test_an_hour_to_wait_costs_no_time(how):
    limited = Response(429, "", (("retry-after", "3600"),))
    started = time.monotonic()
    healed = replay(waiting(1, how), [said("/a")], called(1), {1: Once(limited)})
    lasting = replay(waiting(1, how), [said("/a")], called(1), {1: limited})
    assert time.monotonic() - started < 60
    assert healed.response == {"response": 200}
    assert isinstance(lasting.failure, EndlessRequests)
    assert lasting.fired[1] == 100


def test_a_client_that_tries_again_by_itself_is_counted():
    async def read(_):
        retries = urllib3.Retry(3, backoff_factor=600, status_forcelist=[503])
        with urllib3.PoolManager(retries=retries, timeout=5) as pool:
            return pool.request("GET", f"{ORIGIN}/a").status

    recorded = [said("/a")]
    lasting = replay(Connector(read=read), recorded, called(1), {1: LostConnection(Lost.REFUSED)})
    assert (lasting.fired[1], "MaxRetryError" in lasting.response["error"]["message"]) == (4, True)
    healed = replay(Connector(read=read), recorded, called(1), {1: Once(LostConnection(Lost.REFUSED))})
    assert (healed.response, healed.order) == ({"response": 200}, [1, 1])


async def async_retries(_):
    async with client(transport=httpx.AsyncHTTPTransport(retries=2)) as http:
        return (await http.get("/a")).status_code


async def sync_retries(_):
    with httpx.Client(base_url=ORIGIN, transport=httpx.HTTPTransport(retries=2)) as http:
        return http.get("/a").status_code


@pytest.mark.parametrize("read", [async_retries, sync_retries])
@pytest.mark.parametrize("how", [Lost.REFUSED, Lost.CONNECT_TIMEOUT])
def test_a_transport_that_connects_again_is_counted(read, how):
    lasting = replay(Connector(read=read), [said("/a")], called(1), {1: LostConnection(how)})
    assert (lasting.fired[1], "is_error" in lasting.response) == (3, True)
    healed = replay(Connector(read=read), [said("/a")], called(1), {1: Once(LostConnection(how))})
    assert (healed.response, healed.order) == ({"response": 200}, [1, 1])
    # httpcore tries again to connect, and nothing else.
    late = replay(Connector(read=read), [said("/a")], called(1), {1: LostConnection(Lost.READ_TIMEOUT)})
    assert late.fired[1] == 1


async def httpx_without(_):
    async with client(timeout=None) as http:
        await http.get("/a")


async def sync_httpx_without(_):
    with httpx.Client(base_url=ORIGIN, timeout=None) as http:  # noqa: S113 - it has none
        http.get("/a")


async def aiohttp_without(_):
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{ORIGIN}/a"):
        pass


async def requests_without(_):
    requests.get(f"{ORIGIN}/a")  # noqa: S113 - it has no timeout


WITHOUT_TIMEOUT = [httpx_without, sync_httpx_without, aiohttp_without, requests_without]


@pytest.mark.parametrize("read", WITHOUT_TIMEOUT)
def test_a_client_without_a_timeout_waits_for_ever(read):
    late = LostConnection(Lost.READ_TIMEOUT)
    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: late})
    assert isinstance(replayed.failure, EndlessWait)
    assert f"GET {ORIGIN}/a is never answered, and has no timeout" in replayed.failure.what


@pytest.mark.parametrize("read", WITHOUT_TIMEOUT)
def test_the_system_gives_up_to_connect_where_no_client_does(read):
    late = LostConnection(Lost.CONNECT_TIMEOUT)
    started = time.monotonic()
    replayed = replay(Connector(read=read), [said("/a")], called(1), {1: late})
    assert (replayed.failure, "is_error" in replayed.response) == (None, True)
    assert time.monotonic() - started < 60


def test_a_deadline_of_the_connector_comes_before_the_clients_timeout():
    async def read(_):
        async with client(timeout=300) as http:
            try:
                await asyncio.wait_for(http.get("/a"), 30)
            except TimeoutError:
                return "late"

    late = LostConnection(Lost.READ_TIMEOUT)
    assert replay(Connector(read=read), [said("/a")], called(1), {1: late}).response == {"response": "late"}


def test_without_a_response_the_first_half_of_the_recorded_one_comes():
    found = []

    async def read(_):
        async with client() as http, http.stream("GET", "/a") as response:
            try:
                async for part in response.aiter_bytes():
                    found.append(part)
            except httpx.RemoteProtocolError as error:
                return str(error)

    body = {"accounts": ["ann", "bob"]}
    replayed = replay(Connector(read=read), [said("/a", body)], called(1), {1: LostConnection(Lost.DROPPED)})
    whole = json.dumps(body).encode()
    assert b"".join(found) == whole[: len(whole) // 2]
    said_so = f"(received {len(whole) // 2} bytes, expected {len(whole)})"
    assert replayed.response["response"].endswith(said_so)
