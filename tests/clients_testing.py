"""The HTTP clients that connectors use, each as one function, so that a test runs with all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import requests
from odd_server import Answer as Served
from odd_server import OddServer, odd_server
from scenario_testing import Connector, Project
from traffic_testing import recorded_by, traffic_for

from connector_contract import Lumos, Upstream
from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.recording.interactions import Cassette, Request
from connector_contract.recording.traffic import Traffic
from connector_contract.storage.canonical import readable_request


@dataclass(frozen=True)
class Answer:
    """What a client makes of an answer."""

    status: int
    reason: str
    headers: Any
    content: bytes
    raw_headers: Any = ()


class Httpx:
    """A session of httpx."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url)

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        answer = await self._client.request(method, path, headers=headers)
        reason = answer.extensions["reason_phrase"].decode("latin-1")
        return Answer(answer.status_code, reason, answer.headers, answer.content, answer.headers.raw)

    async def raw(self, path: str) -> bytes:
        async with self._client.stream("GET", path) as answer:
            return b"".join([part async for part in answer.aiter_raw()])

    async def end(self) -> None:
        await self._client.aclose()


class Aiohttp:
    """A session of aiohttp."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._plain = aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._session = aiohttp.ClientSession(cookie_jar=self._plain.cookie_jar)

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        async with self._session.request(method, self._url + path, headers=headers) as answer:
            content = await answer.read()
            return Answer(answer.status, answer.reason, answer.headers, content, answer.raw_headers)

    async def raw(self, path: str) -> bytes:
        async with self._plain.get(self._url + path) as answer:
            return await answer.read()

    async def end(self) -> None:
        await self._session.close()
        await self._plain.close()


class Requests:
    """A session of requests."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        answer = self._session.request(method, self._url + path, headers=headers)
        pairs = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.raw.headers.items()
        ]
        return Answer(answer.status_code, answer.reason, answer.headers, answer.content, pairs)

    async def raw(self, path: str) -> bytes:
        return self._session.get(self._url + path, stream=True).raw.read()

    async def end(self) -> None:
        self._session.close()


Client = Httpx | Aiohttp | Requests
CLIENTS = [Httpx, Aiohttp, Requests]


def capability(
    client: type[Client], url: str, script: Callable[[Client], Awaitable[Any]]
) -> Callable[[Any], Awaitable[Any]]:
    """A capability of a connector that uses a client, with a session for each call."""

    async def called(_: Any) -> Any:
        session = client(url)
        try:
            return await script(session)
        finally:
            await session.end()

    return called


@contextmanager
def served(root: Path) -> Iterator[Callable[..., Project]]:
    """What makes projects: of a client, a script that uses it, and what a server answers, by path."""

    def make(
        client: type[Client],
        script: Callable[[Client], Awaitable[Any]],
        answers: Mapping[str, Served],
        **options: Any,
    ) -> Project:
        server.answers = answers
        connector = Connector(list_accounts=capability(client, server.origin, script))
        return Project(root, connector, None).with_(upstream=Upstream(origin=server.origin), **options)

    with odd_server({}) as server:
        yield make


async def once(lumos: Lumos) -> Any:
    """A scenario that has to go well."""
    response = await lumos.call("list_accounts")
    assert not response.get("is_error"), response
    return response


Script = Callable[[str], Any]


def run(script: Script, traffic: Traffic | None, url: str) -> Any:
    with nullcontext() if traffic is None else intercepted(traffic):
        made = script(url)
        return asyncio.run(made) if asyncio.iscoroutine(made) else made


def both(script: Script, server: OddServer, origin: str | None = None) -> tuple[Any, Cassette]:
    """What a script gets: without the harness, of a recording, and in a strict replay; and the recording.

    Args:
        script: Asks a server at the URL that it is given.
        server: The server.
        origin: What is asked of it, if that is not at its own URL.
    """
    origin = origin or server.origin
    bare = run(script, None, server.origin)
    asked_bare = [(method, path, body) for method, path, _, body in server.seen]
    server.seen.clear()
    recording = traffic_for(origin)
    live = run(script, recording, server.origin)
    assert recording.verdicts == []
    assert live == bare
    cassette = recorded_by(recording)
    asked = len(server.seen)
    replay = traffic_for(origin, cassette)
    assert run(script, replay, server.origin) == live
    assert replay.verdicts == []
    replay.check_complete()
    assert len(server.seen) == asked
    # What was sent is what was recorded; a body by what it says.
    made = [
        (one.request.method, one.request.uri.removeprefix(server.origin), one.request.body)
        for one in cassette.interactions
    ]
    sent = [(method, path, said(headers, body)) for method, path, headers, body in server.seen]
    # What is asked at the same time arrives in any order.
    assert sorted(made) == sorted(sent)
    assert sorted((method, path, body) for method, path, _, body in server.seen) == sorted(asked_bare)
    return live, cassette


def said(headers: dict[str, str], body: bytes) -> bytes:
    """A body as a cassette has it."""
    lowered = tuple((name.lower(), value) for name, value in headers.items())
    return readable_request(Request("", "", lowered, body)).body
