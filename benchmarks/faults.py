"""Measure a broken replay beside the same call over MockTransport: ``python -m benchmarks.faults``.

MockApp's recorded calls are swept. After that, each call is dispatched again for each fault that is a
response, over an ``httpx.MockTransport`` that answers the same. All is in one process, and times are the
processor's.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from unittest import mock

import httpx
import pytest

from connector_contract.faults import sweep
from connector_contract.faults.fault import Trial
from connector_contract.faults.seen import Seen
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Once
from connector_contract.recording.sdk import sdk_as_in_production
from connector_contract.secrets.known_secrets import Secrets

# What is measured has been imported before pytest could rewrite it.
_IMPORTED = "ignore::pytest.PytestAssertRewriteWarning"
_SWEEP = ["tests/contract", "--contract-faults", "-q", "-W", _IMPORTED, "-p", "no:schemathesis"]
_Trials = sweep._Trials  # The seam between what a sweep asks for, and what comes of it.


class Replays:
    """The broken replays of a sweep.

    Attributes:
        seconds: What each of them took whose faults are responses.
        calls: The same calls, to be dispatched over another transport.
        others: How many faults were something else.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.calls: list[Callable[[], Awaitable[None]]] = []
        self.others = 0

    def timed(self, replay: Callable[..., Awaitable[Seen]]) -> Callable[..., Awaitable[Seen]]:
        """``_Trials.seen``, with its time taken."""

        async def seen(trials: _Trials, trial: Trial) -> Seen:
            start = time.process_time()
            found = await replay(trials, trial)
            taken = time.process_time() - start
            transport = _transport(trials, trial)
            if transport is None:
                self.others += 1
            else:
                self.seconds.append(taken)
                self.calls.append(_dispatch(trials, transport))
            return found

        return seen


def _dispatch(trials: _Trials, transport: httpx.MockTransport) -> Callable[[], Awaitable[None]]:
    call, connector = trials.call.call, trials.scenario.connector
    envelope = json.dumps(envelope_of(call, connector, Secrets()))

    async def dispatch() -> None:
        with mock.patch.object(httpx.AsyncClient, "_init_transport", return_value=transport):
            await connector.integration.dispatch(call.capability, envelope)

    return dispatch


async def _all(calls: list[Callable[[], Awaitable[None]]]) -> float:
    """How long calls take, one after the other, without the SDK's logs: a replay has none, either."""
    logging.disable(logging.CRITICAL)
    with sdk_as_in_production():
        start = time.process_time()
        for call in calls:
            await call()
        return time.process_time() - start


def _transport(trials: _Trials, trial: Trial) -> httpx.MockTransport | None:
    """What answers as the broken upstream does; ``None`` if a connection is lost, or nothing is asked."""
    answers: dict[tuple[str, str], list[Response]] = defaultdict(list)
    for number, interaction in trials.call.interactions.items():
        change = trial.changes.get(number, interaction.response)
        both = [change.change, interaction.response] if isinstance(change, Once) else [change]
        for each in both:
            if not isinstance(each, Response):
                return None
            answers[interaction.request.method, interaction.request.uri].append(each)

    def answered(request: httpx.Request) -> httpx.Response:
        left = answers[request.method, str(request.url)]
        # Whoever asks again gets the last once more; whoever asks for something else, nothing.
        found = left.pop(0) if len(left) > 1 else left[0] if left else Response(404)
        return httpx.Response(found.status, headers=list(found.headers), content=found.body)

    return httpx.MockTransport(answered) if answers else None


def main() -> None:
    """Measure, and print the results."""
    replays = Replays()
    start = time.process_time()
    with mock.patch.object(_Trials, "seen", replays.timed(_Trials.seen)):
        code = pytest.main([*_SWEEP, *sys.argv[1:]])
    if code:
        raise SystemExit(code)
    whole, count = time.process_time() - start, len(replays.seconds)
    ours, theirs = sum(replays.seconds), asyncio.run(_all(replays.calls))
    lines = [
        "| what | figure |",
        "|---|---:|",
        f"| faults that are a response | {count:,} |",
        f"| other faults | {replays.others:,} |",
        f"| a broken replay | {ours / count * 1000:.2f} ms |",
        f"| the same call over MockTransport | {theirs / count * 1000:.2f} ms |",
        f"| in proportion (goal: at most 2.5) | {ours / theirs:.2f} |",
        f"| the whole run, with all scenarios | {whole:.1f} s |",
    ]
    print("\n".join(lines))  # noqa: T201 - a command talks to its user


if __name__ == "__main__":
    main()
