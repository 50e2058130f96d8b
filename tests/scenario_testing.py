"""A scenario recorded and replayed, for tests that need a connector and an upstream, but no pytest."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

import httpx

from connector_contract import ConnectorUnderTest, Lumos, Upstream
from connector_contract.clock.clock import virtual_clock
from connector_contract.recording.ending import Ending
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.running import running
from connector_contract.recording.scenario import Scenario, Session
from connector_contract.reporting.outcome import Outcome
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.files import load_cassette, scenario_files

ORIGIN = "https://app.example.com"
Test = Callable[[Lumos], Awaitable[object]]
T = TypeVar("T")


@dataclass
class Asked:
    """A request as the upstream of a test gets it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


def application(handle: Callable[[Asked], Any]) -> Callable[..., Awaitable[None]]:
    """An ASGI application of a function, which gives a body, or status, headers and body.

    A body that is not bytes is sent as JSON.
    """

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        try:
            content = json.loads(body)
        except ValueError:
            content = body.decode()
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        answer = handle(Asked(scope["method"], scope["path"], query, headers, content))
        if inspect.isawaitable(answer):
            answer = await answer
        status, more_headers, answered = answer if isinstance(answer, tuple) else (200, {}, answer)
        sent = {"content-type": "application/json", **more_headers}
        pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        content = answered if isinstance(answered, bytes) else json.dumps(answered).encode()
        await send({"type": "http.response.body", "body": content})

    return app


class Connector:
    """A connector of plain functions: each gets the envelope, and gives what is in the response."""

    def __init__(self, **capabilities: Callable[[dict[str, Any]], Awaitable[Any]]) -> None:
        self.capabilities = capabilities

    async def dispatch(self, name: str, text: str) -> str:
        try:
            return json.dumps({"response": await self.capabilities[name](json.loads(text))})
        except Exception as error:  # noqa: BLE001 - as the SDK does
            error = {"message": repr(error), "error_code": "internal_error"}
            return json.dumps({"is_error": True, "error": error})


def client(**options: Any) -> httpx.AsyncClient:
    """A client of the upstream."""
    return httpx.AsyncClient(base_url=ORIGIN, **options)


async def once(lumos: Lumos) -> Any:
    """A scenario of one call."""
    return await lumos.call("list_accounts")


def at(moment: datetime, function: Callable[..., T], *args: Any) -> T:
    """Call a function whose clock starts at a moment."""
    with virtual_clock(moment.timestamp()):
        return function(*args)


@dataclass
class Project:
    """Where scenarios are recorded, and what with.

    Attributes:
        outcome: What became of the last one that passed.
    """

    root: Path
    connector: Connector
    handle: Callable[[Asked], Any]
    options: dict[str, Any] = field(default_factory=dict)
    session: Session = field(default_factory=Session)
    secret_names: frozenset[str] = WELL_KNOWN
    outcome: Outcome | None = None

    def with_(self, **options: Any) -> Project:
        """The same with other arguments of ``ConnectorUnderTest``."""
        return replace(self, options={**self.options, **options})

    def run(self, mode: str, test: Test, name: str = "test_x", during: Any = None) -> Scenario:
        """Run a scenario to its end, as the plugin does."""
        nodeid = f"test_x.py::{name}"
        under_test = ConnectorUnderTest(
            integration=self.connector,
            **{"upstream": Upstream(origin=ORIGIN, app=lambda: application(self.handle)), **self.options},
        )
        files = scenario_files(self.root, nodeid)
        with running(under_test, files, nodeid, mode, None, self.session, self.secret_names) as scenario:
            asyncio.run(test(scenario.lumos) if during is None else during(scenario))
            scenario.conclude(Ending.PASSED, update_snapshots=False)
            if scenario.is_to_be_proved:
                asyncio.run(scenario.prove())
        self.outcome = scenario.save("application", Ending.PASSED)
        return scenario

    def record(self, test: Test, name: str = "test_x") -> str:
        """Record a scenario, and return its cassette's text."""
        self.run("rewrite", test, name)
        return self.text(name)

    def replay(self, test: Test, name: str = "test_x") -> None:
        """Replay a scenario."""
        self.run("none", test, name)

    def text(self, name: str = "test_x") -> str:
        """The text of a scenario's cassette; empty if there is none."""
        path = scenario_files(self.root, f"test_x.py::{name}").cassette
        return path.read_text() if path.exists() else ""

    def cassette(self, name: str = "test_x") -> Cassette:
        """A scenario's cassette."""
        return load_cassette(scenario_files(self.root, f"test_x.py::{name}"), name)
