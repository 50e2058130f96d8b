"""A client that is used in another event loop than its own is a verdict that says so."""

from __future__ import annotations

import asyncio
import textwrap
from contextlib import nullcontext, suppress

import aiohttp
import httpx
import pytest
import tornado.httpclient
from odd_server import odd_server
from scenario_testing import ORIGIN, Connector, Project
from traffic_testing import recorded_by, traffic_for

from connector_contract.clients import event_loops
from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.errors import OtherEventLoop


def test_what_was_used_in_a_loop_is_of_that_loop():
    class Client:
        pass

    client = Client()

    async def use():
        assert not event_loops.has_other_loop(client)
        event_loops.note_use(client)
        assert not event_loops.has_other_loop(client)

    async def use_again():
        assert event_loops.has_other_loop(client)
        event_loops.note_use(client)
        assert not event_loops.has_other_loop(client)

    asyncio.run(use())
    asyncio.run(use_again())


class Httpx:
    """A client that keeps its connections."""

    name = "httpx.AsyncClient"
    client = None
    options = {}

    async def get(self, url):
        if self.client is None:
            self.client = httpx.AsyncClient(**self.options)
        return (await self.client.get(url)).text


class OneRequestAConnection(Httpx):
    options = {"limits": httpx.Limits(max_keepalive_connections=0)}


class Aiohttp:
    name = "aiohttp.ClientSession"
    client = None

    async def get(self, url):
        if self.client is None:
            self.client = aiohttp.ClientSession()
        async with self.client.get(url) as response:
            return await response.text()


class Tornado:
    name = "tornado.httpclient.AsyncHTTPClient"
    client = None

    async def get(self, url):
        if self.client is None:
            self.client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
        return (await self.client.fetch(url)).body.decode()


class TornadosOwn:
    """Tornado keeps one for each loop by itself."""

    async def get(self, url):
        return (await tornado.httpclient.AsyncHTTPClient().fetch(url)).body.decode()


# What is left behind is closed when the interpreter finds it, and in no loop.
left_open = pytest.mark.filterwarnings("ignore::ResourceWarning")


@left_open
@pytest.mark.loopback
@pytest.mark.parametrize("kind", [Httpx, Aiohttp, Tornado])
def test_a_client_of_an_earlier_loop_is_a_verdict_on_the_client(kind):
    with odd_server() as server:
        kept, traffic = kind(), traffic_for(server.origin)
        with intercepted(traffic):
            asyncio.run(kept.get(f"{server.origin}/echo"))
            assert traffic.verdicts == []
            with pytest.raises(OtherEventLoop) as caught:
                asyncio.run(kept.get(f"{server.origin}/echo"))
    assert traffic.verdicts == [caught.value]
    assert caught.value.what == f"The connector uses one {kind.name} in several event loops."
    assert len(recorded_by(traffic).interactions) == 1


@left_open
@pytest.mark.loopback
@pytest.mark.parametrize("kind", [OneRequestAConnection, TornadosOwn])
def test_a_client_that_works_in_each_loop_is_none(kind):
    with odd_server() as server:
        kept, traffic = kind(), traffic_for(server.origin)
        with intercepted(traffic):
            for _ in range(2):
                asyncio.run(kept.get(f"{server.origin}/echo"))
    assert traffic.verdicts == []
    assert len(recorded_by(traffic).interactions) == 2


def test_what_a_client_raises_in_its_own_loop_is_the_connectors():
    def handle(request):
        if request.url.path == "/fails":
            raise RuntimeError("of the connector")
        return httpx.Response(200)

    async def ask():
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url=ORIGIN) as client:
            await client.get("/")
            await client.get("/fails")

    traffic = traffic_for(ORIGIN)
    with intercepted(traffic), pytest.raises(RuntimeError, match="of the connector"):
        asyncio.run(ask())
    assert traffic.verdicts == []


async def upstream(asked):
    return {"path": asked.path}


def project_with(root, kept):
    async def list_accounts(_):
        with suppress(Exception):
            return await kept.get(f"{ORIGIN}/a")

    return Project(root, Connector(list_accounts=list_accounts), upstream)


async def scenario(lumos):
    await lumos.call("list_accounts")


@left_open
@pytest.mark.loopback
def test_a_session_that_the_proof_finds_in_another_loop_is_not_recorded(tmp_path):
    """A session of aiohttp works in no other loop, not even where nothing is sent."""
    project = project_with(tmp_path, Aiohttp())
    with pytest.raises(OtherEventLoop) as caught:
        project.record(scenario)
    assert caught.value.where[0] == ("capability", "list_accounts")
    assert project.text() == ""


@left_open
@pytest.mark.loopback
@pytest.mark.parametrize("kind", [Httpx, Aiohttp])
def test_a_connector_that_forgets_its_client_is_recorded_and_replayed(tmp_path, kind):
    kept = kind()
    project = project_with(tmp_path, kept).with_(reset=lambda: setattr(kept, "client", None))
    for run in (project.record, project.replay):
        for name in ("first", "second"):
            run(scenario, name)
    assert project.text("first") == project.text("second").replace("second", "first") != ""


@left_open
@pytest.mark.loopback
@pytest.mark.parametrize(("kind", "works"), [(Httpx, True), (Tornado, True), (Aiohttp, False)])
def test_what_a_kept_client_does_in_replays(kind, works):
    with odd_server() as server:
        url, recording = f"{server.origin}/echo", traffic_for(server.origin)
        with intercepted(recording):
            for _ in range(2):
                asyncio.run(kind().get(url))
    kept, replay = kind(), traffic_for(server.origin, recorded_by(recording))
    with intercepted(replay):
        asyncio.run(kept.get(url))
        with nullcontext() if works else pytest.raises(OtherEventLoop):
            asyncio.run(kept.get(url))


KEPT = """
    async def post(self, path, body):
        import httpx
        global _kept
        if "_kept" not in globals():
            _kept = httpx.AsyncClient(base_url=self._http_client.base_url, auth=self._http_client.auth)
        response = await _kept.post(path, json=body)
        response.raise_for_status()
        return response.json()

    async def old_post(self, path, body):"""


@pytest.mark.loopback
def test_the_message_names_the_line_and_the_cure(acme):
    project = acme.edit("acme_connector.py", "\n    async def post(self, path, body):", KEPT)
    scenarios = """
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        async def test_create(lumos, number, snapshot):
            assert await lumos.call("create_account", {"email": "grace@acme.example.com"}) == snapshot
    """
    project = project.write("test_kept.py", textwrap.dedent(scenarios))
    run = project.run("--record-mode=once", "test_kept.py", "-p", "no:randomly")
    run.had(passed=1, failed=1)
    run.said(
        "The connector uses one httpx.AsyncClient in several event loops.",
        "capability: create_account",
        "asked in: acme_connector.py:",
        "ConnectorUnderTest(reset=...)",
    )
