"""Each client with each feature: the connector gets the same without the harness, recorded, and replayed."""

from __future__ import annotations

import asyncio
import inspect
import runpy
import threading
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import pytest
from client_features import BEHIND_PROXY, FEATURES
from client_table import CLIENTS, cell
from codings_testing import BROTLI, ZSTD, brotli, needs, zstd
from http2_server import http2_server
from odd_server import ODD, answer, odd_server
from scenario_testing import Connector, Project

from connector_contract import Upstream, errors

DOCS = Path(__file__).parent.parent.parent / "docs"
NEEDS = {
    "brotli": [BROTLI],
    "zstd": [ZSTD],
    "http2": [needs("h2", "httpx speaks HTTP/2 only with the package h2")],
}


def packed(coding, pack):
    return lambda _headers: answer(pack(b'{"packed": true}'), ("Content-Encoding", coding))


@pytest.fixture
def server(feature):
    """The server of a feature."""
    with http2_server() if feature == "http2" else _http1_server() as running:
        yield running


@contextmanager
def _http1_server():
    released = threading.Event()

    def silent(_headers):
        released.wait()
        return b""

    answers = {
        **ODD,
        "/br": packed("br", brotli),
        "/zstd": packed("zstd", zstd),
        "/bake": answer(b"{}", ("Set-Cookie", "kind=oatmeal; Path=/")),
        "/lines": answer(b"a\nb\nc\n", media_type="text/plain"),
        "/sized": b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n",
        "/silent": silent,
    }
    with odd_server(answers) as running:
        yield running
        released.set()


@pytest.fixture
def one_boundary(monkeypatch):
    """Have each client make up the same boundary each time."""
    monkeypatch.setattr("os.urandom", lambda size: bytes(size))
    monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=7))


@dataclass
class Runs:
    """A script, what it gets each time, and a project of a connector that runs it in its one call."""

    script: Callable[[str], Any]
    url: str
    got: list[Any] = field(default_factory=list)

    async def run(self) -> str:
        made = self.script(self.url)
        self.got.append(await made if inspect.isawaitable(made) else made)
        return repr(self.got[-1])

    def project(self, root: Path, origin: str) -> Project:
        async def list_accounts(_):
            return await self.run()

        connector = Connector(list_accounts=list_accounts)
        return Project(root, connector, None).with_(upstream=Upstream(origin=origin))


async def once(lumos):
    await lumos.call("list_accounts")


def asked(server):
    """What the server was asked; what is asked at the same time comes in any order."""
    seen = sorted((method, path, body) for method, path, _, body in server.seen)
    server.seen.clear()
    return seen


def cells(*, are_refused):
    """Each client with each feature that is refused, or is not."""
    return pytest.mark.parametrize(
        ("client", "feature"),
        [
            pytest.param(client, feature, id=f"{client.__name__}-{feature}", marks=NEEDS.get(feature, ()))
            for client in CLIENTS
            for feature in FEATURES
            if (cell(client, feature) == "refused" if are_refused else cell(client, feature) == "yes")
        ],
    )


def set_up(feature, server, monkeypatch):
    """What a feature needs around it: the URL that is asked, and the origin that is recorded."""
    if feature == "environments_proxy":
        monkeypatch.setenv("http_proxy", server.origin)
        monkeypatch.setenv("no_proxy", "")
    if feature == "no_server":
        with odd_server() as gone:
            return gone.origin, gone.origin
    return server.origin, BEHIND_PROXY if "proxy" in feature else server.origin


@cells(are_refused=False)
@pytest.mark.loopback
# aiohttp's own, of what connectors have.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated", "ignore:The 'auth' parameter is deprecated")
@pytest.mark.usefixtures("one_boundary")
def test_a_connector_gets_the_same_recorded_and_replayed(tmp_path, server, monkeypatch, client, feature):
    url, origin = set_up(feature, server, monkeypatch)
    runs = Runs(getattr(client(), feature), url)
    asyncio.run(runs.run())
    asked_bare = asked(server)
    project = runs.project(tmp_path, origin)
    project.record(once)
    assert asked(server) == asked_bare != []
    project.replay(once)
    assert server.seen == []
    # In between, the recording has proved itself.
    bare, recorded, *_, replayed = runs.got
    assert bare == recorded == replayed


@cells(are_refused=True)
@pytest.mark.loopback
def test_what_cannot_be_recorded_is_refused_and_says_so(tmp_path, server, monkeypatch, client, feature):
    url, origin = set_up(feature, server, monkeypatch)
    script = getattr(client(), feature)
    project = Runs(script, url).project(tmp_path, origin)
    with pytest.raises(getattr(errors, script.refused.error)) as caught:
        project.record(once)
    assert script.refused.says in caught.value.what
    assert project.text() == ""


@pytest.mark.loopback
def test_a_client_below_httpx_is_not_seen_and_so_refused(tmp_path):
    with odd_server() as server:
        script = lambda url: httpcore.request("GET", f"{url}/echo").status  # noqa: E731
        project = Runs(script, server.origin).project(tmp_path, server.origin)
        with pytest.raises(errors.UnprovenRecording, match="which has no network") as caught:
            project.record(once)
    assert "through httpx" in caught.value.remedy
    assert project.text() == ""


def test_the_page_has_the_table_of_what_is_tested():
    page = runpy.run_path(str(DOCS / "clients_page.py"))["page"]()
    assert page == (DOCS / "clients.md").read_text("utf-8"), "write it again: python docs/clients_page.py"


def test_each_client_has_no_feature_that_the_table_does_not_have():
    for client in CLIENTS:
        assert {name for name in vars(client) if not name.startswith("_")} <= set(FEATURES)
