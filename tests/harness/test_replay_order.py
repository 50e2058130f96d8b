"""What is recorded is stored in the order in which a replay asks, whatever was answered first."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from scenario_testing import ORIGIN, Connector, Project, client

from connector_contract.errors import UnprovenRecording
from connector_contract.recording import replay_order
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.lanes import Lane, asking
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.recorder import Recorder
from connector_contract.recording.replay_order import AskedInReplay, Proof, proved_in_order, put_in_order
from connector_contract.recording.unproven import Disordered, Trouble

IDS = ("c", "a", "d", "b")
USERS = [f"/users/{each}" for each in IDS]
ORDERS = [USERS, USERS[::-1], [*USERS[2:], *USERS[:2]]]


class Holding:
    """An upstream that holds the first requests back until so many are there, and then answers in an order.

    The next is answered when the connector has got the one before.
    """

    def __init__(self, order, together):
        self.order, self.together = order, together
        self.held, self.arrived = {}, {}
        self.is_open = False

    async def __call__(self, asked):
        if not self.is_open and asked.path in self.order:
            self.loop = asyncio.get_running_loop()
            self.held[asked.path], self.arrived[asked.path] = asyncio.Event(), asyncio.Event()
            if len(self.held) == self.together:
                self.is_open = True
                self.opening = asyncio.create_task(self.open())
            await self.held[asked.path].wait()
        return {"id": asked.path, "api_key": f"k3y0f{asked.path.replace('/', '')}xYz"}

    async def open(self):
        for path in self.order:
            if path in self.held:
                self.held[path].set()
                await self.arrived[path].wait()

    def has_arrived(self, path):
        """Note that the connector has a response; in a replay nobody waits for that."""
        if path in self.arrived and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.arrived[path].set)


async def each_then_its_roles(ask):
    async def both(each):
        await ask(f"/users/{each}")
        return await ask(f"/users/{each}/roles")

    return await asyncio.gather(*map(both, IDS))


async def one_gather_after_another(ask):
    await asyncio.gather(*map(ask, USERS))
    return await asyncio.gather(*(ask(f"{path}/roles") for path in USERS))


async def what_was_appended(ask):
    got = []

    async def user(path):
        await ask(path)
        got.append(path)

    await asyncio.gather(*map(user, USERS))
    return sorted(await asyncio.gather(*(ask(f"{path}/roles") for path in got)))


async def as_completed(ask):
    return sorted([await ask(f"{await each}/roles") for each in asyncio.as_completed(map(ask, USERS))])


async def tasks_as_completed(ask):
    tasks = []
    for each in asyncio.as_completed(map(ask, USERS)):
        tasks.append(asyncio.create_task(ask(f"{await each}/roles")))
    return sorted(await asyncio.gather(*tasks))


async def waits_for_the_first(ask):
    pending, found = {asyncio.create_task(ask(path)) for path in USERS}, []
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            found.append(await ask(f"{each.result()}/roles"))
    return sorted(found)


async def workers(ask):
    queue, found = asyncio.Queue(), []
    for path in USERS:
        queue.put_nowait(path)

    async def work():
        while not queue.empty():
            path = queue.get_nowait()
            found.append(await ask(path))
            found.append(await ask(f"{path}/roles"))

    await asyncio.gather(work(), work())
    return sorted(found)


async def producers_and_a_consumer(ask):
    queue = asyncio.Queue()

    async def produce(path):
        queue.put_nowait(await ask(path))

    async def consume():
        return [await ask(f"{await queue.get()}/roles") for _ in USERS]

    found, *_ = await asyncio.gather(consume(), *map(produce, USERS))
    return sorted(found)


async def a_group_that_grows(ask):
    async with asyncio.TaskGroup() as group:

        async def user(path):
            await ask(path)
            group.create_task(ask(f"{path}/roles"))

        for path in USERS:
            group.create_task(user(path))


async def few_at_a_time(ask):
    semaphore = asyncio.Semaphore(2)

    async def both(path):
        async with semaphore:
            await ask(path)
        return await ask(f"{path}/roles")

    return await asyncio.gather(*map(both, USERS))


async def who_is_first_logs_in(ask):
    logins = []

    async def user(path):
        await ask(path)
        if not logins:
            logins.append(path)
            await ask("/login")
        return await ask(f"{path}/roles")

    return await asyncio.gather(*map(user, USERS))


SHAPES = [
    each_then_its_roles,
    one_gather_after_another,
    what_was_appended,
    as_completed,
    tasks_as_completed,
    waits_for_the_first,
    workers,
    producers_and_a_consumer,
    a_group_that_grows,
    few_at_a_time,
    who_is_first_logs_in,
]
TOGETHER = {workers: 2, few_at_a_time: 2}


@asynccontextmanager
async def httpx_client():
    async with client() as http:

        async def ask(method, path):
            return (await http.request(method, path)).json()

        yield ask


@asynccontextmanager
async def aiohttp_client():
    async with aiohttp.ClientSession(ORIGIN) as http:

        async def ask(method, path):
            async with http.request(method, path) as response:
                return await response.json()

        yield ask


def shapes(*by_httpx, by_aiohttp):
    """What the connector does, with which client."""
    pairs = [*((each, httpx_client) for each in by_httpx), *((each, aiohttp_client) for each in by_aiohttp)]
    return pytest.mark.parametrize(("shape", "http_client"), pairs)


async def list_accounts(lumos):
    assert not (await lumos.call("list_accounts")).get("is_error")


async def create_account(lumos):
    assert not (await lumos.call("create_account")).get("is_error")


def project(root, shape, upstream, http_client=httpx_client, method="GET", name="list_accounts"):
    async def called(_):
        async with http_client() as send:

            async def ask(path):
                response = await send(method, path)
                upstream.has_arrived(path)
                return response["id"]

            return await shape(ask)

    return Project(root, Connector(**{name: called}), upstream)


def recordings(root, shape, http_client=httpx_client, method="GET", scenario=list_accounts):
    """The text of a cassette for each order in which the upstream answers."""
    texts = []
    for order in ORDERS:
        upstream = Holding(order, TOGETHER.get(shape, len(USERS)))
        made = project(root, shape, upstream, http_client, method, scenario.__name__)
        texts.append(made.record(scenario))
        assert upstream.is_open
        made.replay(scenario)
    return set(texts)


@pytest.fixture
def without_placeholders(monkeypatch):
    """Their numbers go by the place of a request, which here depends on what was answered first."""
    monkeypatch.setattr("connector_contract.secrets.known_secrets.Secrets._name", lambda *_: None)


@shapes(*SHAPES, by_aiohttp=[each_then_its_roles, what_was_appended, workers])
@pytest.mark.loopback
@pytest.mark.usefixtures("without_placeholders")
def test_a_recording_is_the_same_whatever_was_answered_first(tmp_path, shape, http_client):
    assert len(recordings(tmp_path, shape, http_client)) == 1


@shapes(each_then_its_roles, one_gather_after_another, few_at_a_time, by_aiohttp=[each_then_its_roles])
@pytest.mark.loopback
def test_placeholders_are_the_same_if_each_task_has_its_place(tmp_path, shape, http_client):
    (text,) = recordings(tmp_path, shape, http_client)
    assert text.count("<api_key") == 2 * len(USERS)


@shapes(as_completed, waits_for_the_first, workers, by_aiohttp=[as_completed])
@pytest.mark.loopback
@pytest.mark.usefixtures("without_placeholders")
def test_writes_have_the_order_of_a_replay(tmp_path, shape, http_client):
    assert len(recordings(tmp_path, shape, http_client, "PUT", create_account)) == 1


@pytest.mark.loopback
@pytest.mark.parametrize("shape", [what_was_appended, as_completed, who_is_first_logs_in])
@pytest.mark.usefixtures("without_placeholders")
def test_without_that_order_a_recording_is_another_one_each_time(tmp_path, monkeypatch, shape):
    monkeypatch.setattr(replay_order, "put_in_order", lambda *_: None)
    assert len(recordings(tmp_path, shape)) == len(ORDERS)


@pytest.mark.loopback
def test_a_response_in_the_order_of_the_answers_is_not_recorded(tmp_path):
    async def in_order_of_answers(ask):
        return [await each for each in asyncio.as_completed(map(ask, USERS))]

    project(tmp_path, in_order_of_answers, Holding(ORDERS[0], 4)).record(list_accounts, "in_order")
    with pytest.raises(UnprovenRecording, match="the connector gives the same in another order") as caught:
        project(tmp_path, in_order_of_answers, Holding(ORDERS[1], 4)).record(list_accounts)
    assert "asyncio.gather gives its results in the order of what it is given" in caught.value.remedy


def in_lane(call, path):
    """Have what is asked in a context stand there."""
    return asking(call, Lane(path, call.lane))


def recorded(*asked):
    """A recorder with requests, each with its response, and where its task stands."""
    recorder, call = Recorder(), OpenCall(1, "x", {})
    for path, body, place in asked:
        with in_lane(call, place):
            sent = recorder.send(Request("GET", f"{ORIGIN}{path}"), [call])
        recorder.record(sent, Response(200, "", (), body))
    return recorder


def replayed(*asked):
    """What a replay has asked for: the number of each interaction, its path, and where its task stands."""
    notes, call = AskedInReplay(), OpenCall(1, "x", {})
    for number, path, place in asked:
        with in_lane(call, place):
            notes.note(number, Request("GET", f"{ORIGIN}{path}"), Response(200), call)
    return notes


def bodies(recorder):
    return b"".join(interaction.response.body for _, interaction in recorder.interactions())


def test_what_was_recorded_gets_the_places_of_the_replay_and_can_go_back():
    recorder = recorded(("/a", b"1", (1,)), ("/b", b"2", (2,)), ("/c", b"3", (3,)))
    undo = put_in_order(recorder, replayed((1, "/a", (3,)), (2, "/b", (1,)), (3, "/c", (2,))).places)
    assert bodies(recorder) == b"231"
    undo()
    assert bodies(recorder) == b"123"


def test_what_has_its_place_stays():
    recorder = recorded(("/a", b"1", (1,)), ("/b", b"2", (2,)))
    assert put_in_order(recorder, replayed((1, "/a", (5,)), (2, "/b", (7,))).places) is None


def test_what_no_call_of_the_replay_asks_for_stays():
    recorder = recorded(("/a", b"1", (1,)), ("/b", b"2", (2,)))
    assert put_in_order(recorder, {}) is None


def test_equal_requests_keep_their_order_because_the_first_gets_the_first_response():
    recorder = recorded(("/a", b"1", (1,)), ("/b", b"2", (2,)), ("/a", b"3", (3,)))
    # The task that stands last asks first.
    put_in_order(recorder, replayed((1, "/a", (3,)), (2, "/b", (2,)), (3, "/a", (1,))).places)
    assert bodies(recorder) == b"123"


def proved(recorder, *proofs):
    """What would be stored, by what each replay shows, and how many replays that took."""

    def stored():
        interactions = [interaction for _, interaction in recorder.interactions()]
        return Cassette(tuple(Interaction(each.request, each.response) for each in interactions))

    async def prove(cassette):
        tried.append(cassette)
        return proofs[len(tried) - 1]

    tried = []
    cassette, proof = asyncio.run(proved_in_order(recorder, stored(), stored, prove))
    text = b"".join(each.response.body for each in cassette.interactions)
    return text, proof.trouble, len(tried)


def two():
    return recorded(("/a", b"1", (1,)), ("/b", b"2", (2,)))


SAME = replayed((1, "/a", (1,)), (2, "/b", (2,)))
OTHER = replayed((1, "/a", (2,)), (2, "/b", (1,)))
NOW_SAME = replayed((1, "/b", (1,)), (2, "/a", (2,)))
DISORDERED = Trouble("x", Disordered("PUT /b", "PUT /a"))
OTHER_TROUBLE = Trouble("x", "it differs")


def test_one_replay_is_enough_for_what_is_in_order():
    assert proved(two(), Proof(None, SAME)) == (b"12", None, 1)


def test_another_order_is_proved_again():
    assert proved(two(), Proof(None, OTHER), Proof(None, NOW_SAME)) == (b"21", None, 2)


def test_what_cannot_be_replayed_in_another_order_keeps_its_own():
    recorder = two()
    assert proved(recorder, Proof(None, OTHER), Proof(OTHER_TROUBLE, NOW_SAME)) == (b"12", None, 2)
    assert bodies(recorder) == b"12"


def test_writes_that_are_out_of_order_get_that_of_the_replay():
    assert proved(two(), Proof(DISORDERED, OTHER), Proof(None, NOW_SAME)) == (b"21", None, 2)


def test_other_trouble_is_left_as_it_is():
    assert proved(two(), Proof(OTHER_TROUBLE, OTHER)) == (b"12", OTHER_TROUBLE, 1)


def test_an_order_that_is_another_one_in_each_replay_ends():
    text, trouble, replays = proved(two(), *[Proof(None, OTHER)] * 9)
    assert (trouble, replays) == (None, 6)
    assert sorted(text) == sorted(b"12")


def test_who_asked_is_replaced_as_a_whole():
    recorder = two()
    before = [replace(sent) for sent in recorder.sent]
    put_in_order(recorder, OTHER.places)
    assert [sent.lane for sent in recorder.sent] != [sent.lane for sent in before]
