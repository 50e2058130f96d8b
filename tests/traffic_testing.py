"""The traffic of a scenario, for tests that need neither a connector nor pytest's part."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from pathlib import Path

from connector_contract.recording.assembly import assemble
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.lanes import asking, following_threads
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.player import Player
from connector_contract.recording.record_modes import plan_for
from connector_contract.recording.recorder import Sent
from connector_contract.recording.traffic import Traffic
from connector_contract.secrets.known_secrets import Secrets


def traffic_for(origin: str, cassette: Cassette | None = None, secrets: Secrets | None = None) -> Traffic:
    """Traffic that plays a cassette, or, without one, records."""
    return Traffic(
        plan_for("rewrite" if cassette is None else "none", cassette is not None),
        Player(cassette or Cassette()),
        Normalizer(secrets or Secrets()),
        Place("test_x.py::test_x", "x.yaml", origin),
        Path.cwd(),
    )


def recorded_by(traffic: Traffic) -> Cassette:
    """What has been recorded, as a cassette keeps it."""
    return assemble(Cassette(), traffic.calls, traffic.recorder, traffic._normalizer)


class Upstream:
    """An upstream for connectors that are coroutines: it answers what waits in an order of its own.

    Args:
        traffic: Records what is asked.
        seed: Another one gives another order.
    """

    def __init__(self, traffic: Traffic, seed: int) -> None:
        self.traffic = traffic
        self._random = random.Random(seed)  # noqa: S311 - an order, not a secret
        self._waiting: list[tuple[str, Future[None]]] = []

    async def ask(self, path: str, method: str = "GET") -> str:
        """Ask for a path, in a task."""
        sent, answered = self._send(path, method)
        try:
            await asyncio.wrap_future(answered)
        except asyncio.CancelledError:
            sent.given_up = True
            raise
        return self._answer(sent, path)

    def ask_in_thread(self, path: str, method: str = "GET") -> str:
        """Ask for a path, in a thread."""
        sent, answered = self._send(path, method)
        answered.result()
        return self._answer(sent, path)

    async def call(self, connector: Callable[[Upstream], Awaitable[object]], capability: str = "x") -> None:
        """Call a connector, and answer whatever it asks."""
        call = self.traffic.begin(capability, {})

        async def answered() -> None:
            with asking(call, call.lane):
                await connector(self)

        with following_threads():
            task = asyncio.ensure_future(answered())
            while not task.done():
                for _ in range(10):
                    await asyncio.sleep(0)
                self.answer_one()
        call.ended = True
        await task
        self.traffic.end(call, {"response": []})

    def answer_one(self) -> None:
        """Answer one of the requests that wait."""
        waiting = [each for each in self._waiting if not each[1].done()]
        if waiting:
            self._random.choice(sorted(waiting, key=lambda each: each[0]))[1].set_result(None)

    def _send(self, path: str, method: str) -> tuple[Sent, Future[None]]:
        sent, answered = self.traffic.send(Request(method, ORIGIN + path)), Future[None]()
        self._waiting.append((path, answered))
        return sent, answered

    def _answer(self, sent: Sent, path: str) -> str:
        self.traffic.record(sent, Response(200, "OK", (), json.dumps({"path": path}).encode()))
        return path


ORIGIN = "https://a.example"


def recorded_from(connector: Callable[[Upstream], Awaitable[object]], seed: int) -> Cassette:
    """What a connector that is a coroutine asks in one call, as a cassette keeps it."""
    traffic = traffic_for(ORIGIN)
    asyncio.run(Upstream(traffic, seed).call(connector))
    return recorded_by(traffic)
