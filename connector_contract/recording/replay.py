"""Replay one stored call alone, as it was recorded or with some of its interactions changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from connector_contract.clock.clock import virtual_clock
from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import BrokenConnector, CallAborted, ContractError
from connector_contract.recording.budget import allowed
from connector_contract.recording.call import Call
from connector_contract.recording.call_source import CallSource
from connector_contract.recording.configured_people import as_recorded
from connector_contract.recording.dispatch import dispatch, no_response, package_of
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import Cassette, Request
from connector_contract.recording.left_running import finished
from connector_contract.recording.matching import request_key
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.played_changes import Change, Otherwise
from connector_contract.recording.recorded_requests import RecordedRequests
from connector_contract.recording.replayed import Broken, Refusing, Replayed
from connector_contract.recording.request_times import without_times
from connector_contract.recording.traffic import Traffic
from connector_contract.secrets.made_up import not_made_up

__all__ = ["Refusing", "Replayed", "Replays"]


class _Prepared(NamedTuple):
    """What all replays of a call begin with."""

    call: Call
    normalizer: Normalizer
    envelope: dict[str, Any]


class Replays:
    """Replays the calls of one cassette.

    The scenario has entered vcrpy's patches and closed the network, once for all replays.

    Args:
        connector: The connector under test.
        cassette: What was recorded, or would be stored.
        traffic: Of the scenario that is running.
        normalizer: Makes a normalizer for a connector, which knows of no recording yet.
        forget: Makes connector and SDK forget what they keep in the process.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        cassette: Cassette,
        traffic: Traffic,
        normalizer: Callable[[ConnectorUnderTest], Normalizer],
        forget: Callable[[], object],
    ) -> None:
        self.cassette = cassette
        self._connector = as_recorded(connector, cassette.made_up)
        self._traffic = traffic
        self._normalizer = partial(normalizer, self._connector)
        self._forget = forget
        # What a recording has that is not proved yet, nobody knows to move with the clock.
        self._key = without_times if traffic.records else request_key
        self._recorded = RecordedRequests(cassette, self._key)
        self._prepared: dict[int, _Prepared] = {}

    def budget(self, recorded: int) -> int:
        """How many requests a call may make that has recorded so many."""
        return self._connector.max_requests or allowed(recorded)

    @cached_property
    def _stand_ins(self) -> frozenset[str]:
        return self._normalizer().secrets.aliases.played_in(self.cassette.interactions)

    def has(self, call: Call) -> bool:
        """Whether the connector still has the capability of a call."""
        return call.capability in {*self._connector.integration.capabilities, "info"}

    def not_replayable(self, call: Call) -> str | None:
        """Why a call cannot be replayed, in a clause; ``None`` if it can."""
        if not self.has(call):
            return f"the connector has no capability {call.capability}"
        secrets = self._normalizer().secrets
        missing = not_made_up(call.asked, {**secrets.users, **secrets.names})
        return f"nobody can make up {missing} again" if missing else None

    def number_of(self, call: Call) -> int:
        """Which of the cassette's calls it is, from 1; 0 if it is none of them."""
        return self._recorded.number_of(call)

    async def replay(
        self,
        call: Call,
        changes: Mapping[int, Change] | None = None,
        refusing: Refusing | None = None,
        *,
        after: Sequence[Call] = (),
        otherwise: Otherwise | None = None,
        in_turn: bool = False,
        rate_limit: Mapping[str, object] | None = None,
    ) -> Replayed:
        """Replay a call.

        Args:
            call: One of the cassette's.
            changes: What the connector sees in place of a recorded response, by the number of the
                interaction: however often it asks, unless it is ``Once`` or ``in_turn``. Like a recorded one,
                a response has placeholders for secrets, which are restored, and times that move with the
                clock.
            refusing: The upstream to play, if it refuses the credentials that the connector is given.
            after: The calls to replay before it as they were recorded, for what they leave in the process.
            otherwise: Answers the requests that nothing has recorded.
            in_turn: Whether equal requests get what is due, changed or as recorded.
            rate_limit: What Lumos says in the envelope's ``rate_limit``, in place of what it said.

        Raises:
            ValueError: The cassette has no interaction of one of these numbers.
        """
        count = len(self.cassette.interactions)
        if unknown := [number for number in changes or () if not 1 <= number <= count]:
            raise ValueError(f"interactions {unknown} are to be changed, and the cassette has 1 to {count}")
        self._forget()
        try:
            for each in after:
                await self._played(each, Broken(), None)
            return await self._played(call, Broken(changes or {}, refusing, otherwise, in_turn), rate_limit)
        finally:
            # The scenario that goes on must not go on with a token of this call.
            self._forget()

    async def _played(self, call: Call, broken: Broken, rate_limit: Mapping[str, object] | None) -> Replayed:
        prepared = self._prepare(call)
        normalizer, envelope = prepared.normalizer.copy(), prepared.envelope
        if rate_limit is not None:
            envelope = {**envelope, "rate_limit": dict(rate_limit)}
        source = self._source(call, broken, normalizer)
        if broken.refusing is not None:
            given = broken.refusing.given
            normalizer.secrets.add(given.get("auth"), given.get("credentials"))
            parts = {name: part for name, part in envelope.items() if name not in ("auth", "credentials")}
            envelope = {**parts, **given}
        # What the connector cancels is this task, and not the caller's.
        task = asyncio.ensure_future(self._dispatched(source, call.capability, envelope))
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        try:
            source.result.response = task.result()
        except asyncio.CancelledError:
            source.result.failure = no_response(call.capability, "it was cancelled")
        except CallAborted as aborted:
            (source.result.failure,) = aborted.args
        except BrokenConnector as error:
            source.result.failure = error
        return source.result

    def _prepare(self, call: Call) -> _Prepared:
        # A call stays as it is, and so does what depends on it and on the cassette alone.
        if id(call) not in self._prepared:
            normalizer = self._normalizer_for(call)
            envelope = envelope_of(call, self._connector, normalizer.secrets)
            normalizer.secrets.redactor()
            self._prepared[id(call)] = _Prepared(call, normalizer, envelope)
        return self._prepared[id(call)]

    def _normalizer_for(self, call: Call) -> Normalizer:
        own = frozenset(call.interactions)

        def is_of_call(request: Request) -> bool:
            return not own.isdisjoint(self._recorded.numbers_of(request))

        normalizer = self._normalizer()
        recorded = self._recorded
        normalizer.expect(recorded.own_first(call), recorded.times, is_of_call, key=self._key)
        normalizer.secrets.expect_played(self._stand_ins)
        return normalizer

    def _source(self, call: Call, broken: Broken, normalizer: Normalizer) -> CallSource:
        package = package_of(self._connector.integration, call.capability)

        def verdict_of_wait(why: str) -> ContractError:
            return self._traffic.endless_wait(call.capability, package, source.abort.waiting, why)

        budget = self.budget(len(frozenset(call.interactions)))
        place = self._traffic.place
        source = CallSource(self._recorded, call, broken, normalizer, place, budget, verdict_of_wait)
        return source

    async def _dispatched(
        self, source: CallSource, capability: str, envelope: Mapping[str, Any]
    ) -> dict[str, Any]:
        others, abort = asyncio.all_tasks(), source.abort
        with self._traffic.replaced(source), virtual_clock(), abort.possible(source.verdict_of_wait):
            try:
                return await dispatch(self._connector, capability, envelope)
            finally:
                await finished(others)
