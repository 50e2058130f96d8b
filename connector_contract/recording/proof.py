"""A recording proves itself: replayed at once from what would be stored, its calls do the same again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector_contract.clock.clock import virtual_clock
from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import CallAborted, ContractError, UnmatchedRequest
from connector_contract.recording.abort import Abort
from connector_contract.recording.call import Call
from connector_contract.recording.dispatch import dispatch
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import Cassette, Headers, Interaction, Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.player import Player
from connector_contract.recording.traffic import Traffic
from connector_contract.recording.unproven import Asked, Trouble, Unasked, differences_of
from connector_contract.storage.snapshot_format import readable


@dataclass(frozen=True)
class Recorded:
    """What is to be proved.

    Attributes:
        cassette: What would be stored.
        calls: The calls that it was recorded from.
        left_out: Gives the response headers that are not kept, by the number of each new interaction.
    """

    cassette: Cassette
    calls: Sequence[OpenCall]
    left_out: Callable[[], Mapping[int, Headers]]


class Prover:
    """Replays recordings.

    Args:
        connector: The connector under test.
        traffic: Of the scenario that is running.
        normalizer: Makes a normalizer that knows of no recording yet.
        redact: Takes the secrets that the recording knows out of a response.
        forget: Makes connector and SDK forget what they keep in the process.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        traffic: Traffic,
        normalizer: Callable[[], Normalizer],
        redact: Callable[[Any], Any],
        forget: Callable[[], object],
    ) -> None:
        self._connector = connector
        self._traffic = traffic
        self._normalizer = normalizer
        self._redact = redact
        self._forget = forget

    def trouble(self, recorded: Recorded) -> Trouble | None:
        """What keeps a recording from being replayed; ``None`` if nothing does."""
        trouble = asyncio.run(self._replay(recorded.cassette, recorded.calls))
        if trouble is None:
            return None
        return replace(trouble, headers=self._needed_headers(recorded))

    def _needed_headers(self, recorded: Recorded) -> tuple[str, ...]:
        """The headers that are left out, and with which the recording can be replayed."""
        left_out = recorded.left_out()
        names = sorted({name for headers in left_out.values() for name, _ in headers})

        def suffice(kept: Sequence[str]) -> bool:
            cassette = _with_headers(recorded.cassette, left_out, kept)
            return asyncio.run(self._replay(cassette, recorded.calls)) is None

        if not names or not suffice(names):
            return ()
        return next(((name,) for name in names if suffice([name])), tuple(names))

    async def _replay(self, cassette: Cassette, calls: Sequence[OpenCall]) -> Trouble | None:
        self._forget()
        normalizer = self._normalizer()
        source = _StrictSource(cassette, normalizer)
        with self._traffic.replaced(source), virtual_clock() as clock:
            for call, stored in zip(calls, cassette.calls, strict=True):
                clock.set(call.started)
                trouble = await self._replay_call(call, stored, source, normalizer)
                if trouble is not None:
                    return trouble
        left = source.player.left
        if left:
            return Trouble("", Unasked([str(source.player.interaction(number).request) for number in left]))
        return None

    async def _replay_call(
        self, call: OpenCall, stored: Call, source: _StrictSource, normalizer: Normalizer
    ) -> Trouble | None:
        envelope = envelope_of(stored, self._connector, normalizer.secrets)
        try:
            source.abort = Abort()
            with source.abort.possible():
                response: Any = await dispatch(self._connector, call.capability, envelope)
        except CallAborted as aborted:
            return Trouble(str(call), aborted.args[0].what)
        except ContractError as error:
            response = error.what
        if source.unmatched is not None:
            return Trouble(str(call), source.unmatched)
        before = self._redact(readable(call.response))
        now = normalizer.secrets.redactor().json(readable(response))
        differing = differences_of(before, now)
        return Trouble(str(call), differing) if differing else None


class _StrictSource:
    """Plays a cassette strictly, and keeps the first request that it has not recorded."""

    def __init__(self, cassette: Cassette, normalizer: Normalizer) -> None:
        self.player = Player(cassette)
        self.unmatched: Asked | None = None
        self._normalizer = normalizer
        self.abort = Abort()
        self._asked = 0

    def holds(self, request: Request) -> bool:
        """Whether the connector gave the request up when it was recorded."""
        return self.player.may_hold and self.player.holds(self._normalizer.request(request))

    def raises(self, error: Exception) -> bool:
        """Whether the error says that a request is not recorded."""
        return isinstance(error, UnmatchedRequest)

    def play(self, request: Request) -> Response:
        """The recorded response."""
        made = self._normalizer.request(request)
        number = self.player.take(made)
        if number is not None:
            return self._normalizer.restored(self.player.interaction(number).response)
        asked = Asked.of(made, [each.request for each in self.player.recorded], self.player.left)
        self.unmatched = self.unmatched or asked
        self._asked += 1
        if self._asked > _PATIENCE:
            self.abort.end(asked.error)
        raise asked.error


# After so many requests that are not recorded, a call that goes on asking is ended.
_PATIENCE = 20


def _with_headers(cassette: Cassette, left_out: Mapping[int, Headers], names: Sequence[str]) -> Cassette:
    def whole(number: int, interaction: Interaction) -> Interaction:
        further = [pair for pair in left_out.get(number, ()) if pair[0] in names]
        response = interaction.response
        return replace(interaction, response=replace(response, headers=(*response.headers, *further)))

    interactions = enumerate(cassette.interactions, 1)
    return replace(cassette, interactions=tuple(whole(*each) for each in interactions))
