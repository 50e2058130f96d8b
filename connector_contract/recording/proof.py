"""A recording proves itself: replayed at once from what would be stored, its calls do the same again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from connector_contract.clock.clock import virtual_clock
from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import CallAborted, ContractError, OtherEventLoop, UnmatchedRequest
from connector_contract.recording.abort import Abort
from connector_contract.recording.call import Call
from connector_contract.recording.configured_people import as_recorded
from connector_contract.recording.dispatch import dispatch
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import (
    Cassette,
    GivenUp,
    Headers,
    Interaction,
    MadeUp,
    Request,
    Response,
)
from connector_contract.recording.lanes import asking, follow_tasks
from connector_contract.recording.later_replay import LaterSource, a_day_later
from connector_contract.recording.left_running import finished
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.player import Player
from connector_contract.recording.recorded_times import RecordedTimes
from connector_contract.recording.recorder import lanes_by_number
from connector_contract.recording.replay_order import AskedInReplay, Proof
from connector_contract.recording.traffic import Traffic
from connector_contract.recording.unlasting import changed_request, changed_response
from connector_contract.recording.unproven import (
    Asked,
    Disordered,
    Kind,
    Needs,
    Refused,
    Shuffled,
    Trouble,
    Unasked,
    differences_of,
    same_in_another_order,
)
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import lines_for
from connector_contract.storage.snapshot_format import readable
from connector_contract.upstream.network import no_network

# A day, and so many seconds that it is at another time of day.
_LATER = 86_400 + 5 * 3600 + 17 * 61


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
        normalizer: Makes a normalizer for a connector, which knows of no recording yet.
        secrets: What the recording knows.
        forget: Makes connector and SDK forget what they keep in the process.
        recorded: Gives a response of the connector as it would be stored.
        shown: Gives a text of such a response as a message may have it that compares it with another one.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        traffic: Traffic,
        normalizer: Callable[[ConnectorUnderTest], Normalizer],
        secrets: Secrets,
        forget: Callable[[], object],
        recorded: Callable[[Any], Any],
        shown: Callable[[str, str], str],
    ) -> None:
        self._connector = connector
        self._traffic = traffic
        self._normalizer = normalizer
        self._secrets = secrets
        self._forget = forget
        self._recorded = recorded
        self._shown = shown

    async def prove(self, recorded: Recorded) -> Proof:
        """Replay a recording: with the clock a day later; if that differs, at its own time, too."""
        source = self._source(recorded.cassette)
        before = asyncio.all_tasks()
        with self._traffic.on_trial() as verdicts:
            later = await self._replayed_from(source, recorded, _LATER)
            if not (later or verdicts):
                return Proof(None, source.asked)
            await _end(asyncio.all_tasks() - before)
        source = self._source(recorded.cassette)
        return Proof(await self._replayed_from(source, recorded), source.asked, later)

    async def unlasting(self, later: Trouble, recorded: Recorded, place: Place) -> ContractError | None:
        """Why a recording that can be replayed at its own time cannot be on another day.

        Other requests alone are no fault: a token has expired by then, say.

        Args:
            later: What keeps it from being replayed a day later.
            recorded: The recording.
            place: The scenario, for messages.
        """
        if isinstance(later.what, list):
            return changed_response(later.call, later.what, place)
        stand_ins = set(self._secrets.aliases.stand_ins.values())
        for changed in (await self._played_later(recorded)).changed:
            if differing := changed.differences(stand_ins):
                return changed_request(changed, differing, self._connector, place)
        return None

    async def explained(self, trouble: Trouble, recorded: Recorded) -> Trouble:
        """The trouble of a recording, with what that lacks."""
        return replace(trouble, needs=await self._needs(recorded))

    async def given_up_in_replay(self, recorded: Recorded) -> tuple[GivenUp, ...] | None:
        """The requests that a replay gives up; ``None`` if it differs from the recording."""
        source = self._source(recorded.cassette)
        before = asyncio.all_tasks()
        with self._traffic.on_trial() as verdicts:
            trouble = await self._replayed_from(source, recorded)
            await _end(asyncio.all_tasks() - before)
        return None if trouble or verdicts else source.player.held

    async def later(self, recorded: Recorded) -> Mapping[int, Mapping[int, str]]:
        """What of the requests moves with the clock: as a replay shows whose clock is a day later.

        What keeps it from going on is found again, and told, in the replay at the time of the recording.

        Returns:
            What stands in the place of each time that moves, as ``LaterSource.moved`` has it.
        """
        return (await self._played_later(recorded)).moved

    async def _played_later(self, recorded: Recorded) -> LaterSource:
        self._forget()
        before = asyncio.all_tasks()
        follow_tasks()
        cassette = recorded.cassette
        with self._traffic.on_trial(), virtual_clock() as clock:
            source = LaterSource(cassette, self._normalizer_of(cassette), clock.now)
            source.normalizer.secrets.expect_played(self._secrets.aliases.stand_ins.values())
            with self._traffic.replaced(source), no_network(source.refuse):
                for call, stored in zip(recorded.calls, cassette.calls, strict=True):
                    clock.set(a_day_later(call.started))
                    source.begin(call.number)
                    await self._replay_call(call, stored, source, cassette.made_up)
                await finished(before)
        await _end(asyncio.all_tasks() - before)
        return source

    async def _needs(self, recorded: Recorded) -> Needs | None:
        """What a recording lacks, and can be replayed with."""
        left_out = recorded.left_out()
        headers = sorted({name for headers in left_out.values() for name, _ in headers})

        async def with_headers(names: Sequence[str]) -> bool:
            cassette = _with_headers(recorded.cassette, left_out, names)
            return await self._replayed(replace(recorded, cassette=cassette)) is None

        if names := await _fewest(headers, with_headers):
            return Needs("header", names)
        aliases, secrets = self._secrets.aliases, self._secrets
        known = {
            value: f"<{name}>" for value, name in secrets.names.items() if value not in secrets.configured
        }
        return await self._needs_values(
            recorded, "alias", aliases.stand_ins, aliases.names
        ) or await self._needs_values(recorded, "placeholder", known, known)

    async def _needs_values(
        self, recorded: Recorded, kind: Kind, stand_ins: Mapping[str, str], names: Mapping[str, str]
    ) -> Needs | None:
        """Which stand-ins a recording can be replayed with only as what they stand for."""

        async def with_values(kept: Sequence[str]) -> bool:
            values = {value: shown for value, shown in stand_ins.items() if names.get(value) in kept}
            return await self._replayed(recorded, values) is None

        needed = await _fewest(sorted(set(names.values())), with_values)
        lines = lines_for(needed, self._secrets.secret_names) if kind == "placeholder" else ()
        return Needs(kind, needed, tuple(lines)) if needed else None

    async def _replayed(self, recorded: Recorded, values: Mapping[str, str] | None = None) -> Trouble | None:
        return await self._replayed_from(self._source(recorded.cassette, values), recorded)

    def _normalizer_of(self, cassette: Cassette) -> Normalizer:
        return self._normalizer(as_recorded(self._connector, cassette.made_up))

    def _source(self, cassette: Cassette, values: Mapping[str, str] | None = None) -> _StrictSource:
        normalizer = self._normalizer_of(cassette)
        source = _StrictSource(cassette, normalizer, self._traffic.player.writes)
        normalizer.expect(cassette.requests, RecordedTimes(cassette.requests), source.player.has)
        normalizer.secrets.expect_played(self._secrets.aliases.stand_ins.values())
        normalizer.secrets.rename(values or {})
        return source

    async def _replayed_from(
        self, source: _StrictSource, recorded: Recorded, later: float = 0.0
    ) -> Trouble | None:
        self._forget()
        others = asyncio.all_tasks()
        follow_tasks()
        with self._traffic.replaced(source), no_network(source.refuse), virtual_clock() as clock:
            source.normalizer.begin(min((call.started for call in recorded.calls), default=0.0) + later)
            for call, stored in zip(recorded.calls, recorded.cassette.calls, strict=True):
                clock.set(call.started + later)
                trouble = await self._replay_call(
                    call, stored, source, recorded.cassette.made_up, is_later=later > 0
                )
                trouble = trouble or source.no_longer_in_turn(call)
                if source.refused is not None:
                    return Trouble(str(call), Refused.of(source.refused))
                if trouble is not None:
                    return trouble
            await finished(others)
        if source.refused is not None:
            return Trouble("", Refused.of(source.refused))
        left = source.player.left
        if left:
            return Trouble("", Unasked([str(source.player.interaction(number).request) for number in left]))
        return None

    async def _replay_call(
        self,
        call: OpenCall,
        stored: Call,
        source: _StrictSource | LaterSource,
        made_up: Sequence[MadeUp],
        *,
        is_later: bool = False,
    ) -> Trouble | None:
        secrets = source.normalizer.secrets
        envelope = envelope_of(stored, as_recorded(self._connector, made_up), secrets)
        seen = len(self._traffic.verdicts)
        abort = Abort()
        source.call = OpenCall(call.number, call.capability, {}, call.page, package=call.package, abort=abort)
        try:
            with (
                abort.possible(
                    lambda why: self._traffic.endless_wait(str(call), call.package, abort.waiting, why)
                ),
                asking(source.call, source.call.lane, self._traffic, source),
            ):
                response: Any = await dispatch(self._connector, call.capability, envelope)
        except CallAborted as aborted:
            return Trouble(str(call), source.unmatched or aborted.args[0].what)
        except ContractError as error:
            response = error.what
        except Exception:
            # What ``info`` raises comes out here. It is the same again if the call had no response either.
            if call.response is None:
                return None
            raise
        for verdict in self._traffic.verdicts[seen:]:
            # The connector may swallow it, and does not answer as it did then.
            if isinstance(verdict, OtherEventLoop):
                raise verdict
        if source.unmatched is not None:
            return Trouble(str(call), source.unmatched)
        if json.dumps(response) == call.answered:
            # Most answer to the byte what they did: there is nothing to look for in it.
            return None
        secrets.add_handed_out(call.capability, response)
        # What no snapshot has of a response may be another each time.
        for view in call.views or [lambda whole: whole]:
            before = self._recorded(readable(view(json.loads(call.answered))))
            now = secrets.redactor().json(readable(view(response)))
            differing = differences_of(
                before, now, call.started, is_compared=bool(call.snapshots), shown=self._shown
            )
            if differing and is_later and not call.snapshots:
                # It may contain the time of day.
                return Trouble(str(call), "the connector makes another response")
            if differing:
                is_order = same_in_another_order(before, now)
                return Trouble(str(call), Shuffled(differing) if is_order else differing)
        return None


async def _end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """End what a replay has left waiting, before it waits into the next one."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _fewest(
    names: Sequence[str], suffice: Callable[[Sequence[str]], Awaitable[bool]]
) -> tuple[str, ...]:
    """One of the names if that suffices, else those that are needed; none if not even all suffice."""
    if not names or not await suffice(names):
        return ()
    for name in names:
        if await suffice([name]):
            return (name,)
    needed = list(names)
    for name in names:
        others = [each for each in needed if each != name]
        if await suffice(others):
            needed = others
    return tuple(needed)


class _StrictSource:
    """Plays a cassette strictly, and keeps the first request that it has not recorded.

    Attributes:
        call: The call that is under way.
        asked: Where each interaction is asked for.
        normalizer: Knows the values of the replay.
        refused: The first connection that it was refused.
    """

    loses = False

    def __init__(self, cassette: Cassette, normalizer: Normalizer, writes: Callable[[Call], bool]) -> None:
        # What is asked for outside of calls, by a fixture say, nobody asks for now.
        of_calls = {number for call in cassette.calls for number in call.interactions}
        outside = set(range(1, len(cassette.interactions) + 1)) - of_calls
        self.player = Player(cassette, outside, writes)
        self.call = OpenCall(0, "no call", {})
        self.asked = AskedInReplay()
        self.unmatched: Asked | Disordered | None = None
        self.refused: ContractError | None = None
        self.normalizer = normalizer
        self._tries = 0

    def holds(self, request: Request) -> bool:
        """Whether the connector gave the request up when it was recorded."""
        return self.player.may_hold and self.player.holds(self.normalizer.request(request), self.call.number)

    def hold(self, request: Request) -> str | None:
        """Note that the request waits now."""
        return self.player.hold(self.normalizer.request(request), self.call.number)

    def no_longer_in_turn(self, call: OpenCall) -> Trouble | None:
        """That a call makes a write at the same time as one that was answered first."""
        asked = self.asked.of_call(call.number) if self.player.ordered_writes(call.number) else ()
        pair = self.player.no_longer_in_turn(call.number, lanes_by_number(asked))
        if pair is None:
            return None
        first, then = (self.player.interaction(each).request for each in pair)
        return Trouble(str(call), Disordered(then, first, at_once=True))

    def refuse(self, verdict: ContractError) -> ContractError:
        """Keep the verdict on a connection, which the connector may swallow."""
        self.refused = self.refused or verdict
        return verdict

    def raises(self, error: Exception) -> bool:
        """Whether the error says that a request is not recorded."""
        return isinstance(error, UnmatchedRequest)

    def play(self, request: Request) -> Response:
        """The recorded response."""
        made = self.normalizer.request(request)
        number = self.player.take(made, self.call.number)
        if number is not None:
            if overtaken := self.player.overtaken(number, self.call.number):
                first = self.player.interaction(overtaken[0]).request
                self.unmatched = self.unmatched or Disordered(made, first)
            response = self.player.interaction(number).response
            self.asked.note(number, made, response, self.call)
            return self.normalizer.restored(response)
        recorded = [each.request for each in self.player.recorded]
        asked = Asked.of(made, recorded, self.player.left, partial(self.normalizer.beside, request))
        self.unmatched = self.unmatched or asked
        self._tries += 1
        if self._tries > _PATIENCE:
            self.call.abort.end(asked.error)
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
