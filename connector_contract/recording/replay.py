"""Replay one stored call alone, as it was recorded or with some of its interactions changed."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Lock
from typing import Any

from connector_contract.clock.clock import virtual_clock
from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import BrokenConnector, CallAborted, ContractError, UnmatchedRequest
from connector_contract.recording import mismatch
from connector_contract.recording.abort import Abort
from connector_contract.recording.budget import allowed
from connector_contract.recording.call import Call
from connector_contract.recording.configured_people import as_recorded
from connector_contract.recording.dispatch import dispatch, no_response, package_of
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.left_running import finished
from connector_contract.recording.matching import RequestKeys, request_key
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.recorded_times import RecordedTimes
from connector_contract.recording.request_times import without_times
from connector_contract.recording.traffic import Traffic
from connector_contract.secrets.made_up import not_made_up
from connector_contract.secrets.secret_names import placeholders

Change = Response | Exception
"""What the connector sees in place of a recorded response: another one, or what its HTTP client raises."""


@dataclass(frozen=True)
class Refusing:
    """An upstream that answers to the good credentials alone.

    Attributes:
        given: The ``auth`` or ``credentials`` that the connector is given in place of the good ones.
        response_to: What it answers to a request that carries others.
    """

    given: Mapping[str, Any]
    response_to: Callable[[Request], Response]


@dataclass
class Replayed:
    """What came of a replayed call.

    Attributes:
        response: The connector's response; ``None`` if it gave none.
        failure: Why it gave none: its dispatch raised an error, or was cancelled; or it asked, or waited,
            without end.
        fired: How often each changed interaction was asked for, by its number.
        asked: How often each interaction of the call was asked for, by its number.
        off_script: The requests that nothing in the scenario has recorded, in order.
    """

    response: dict[str, Any] | None = None
    failure: ContractError | None = None
    fired: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    off_script: list[UnmatchedRequest] = field(default_factory=list)


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
        self.keys = RequestKeys(self._key)
        self._times = RecordedTimes(cassette.requests)
        self._by_key: dict[Hashable, list[int]] = defaultdict(list)
        for number, interaction in enumerate(cassette.interactions, 1):
            self._by_key[self.keys.of(interaction.request)].append(number)

    def budget(self, recorded: int) -> int:
        """How many requests a call may make that has recorded so many."""
        return self._connector.max_requests or allowed(recorded)

    @cached_property
    def _stand_ins(self) -> frozenset[str]:
        return self._normalizer().secrets.aliases.played_in(self.cassette.interactions)

    def not_replayable(self, call: Call) -> str | None:
        """Why a call cannot be replayed, in a clause; ``None`` if it can."""
        if call.capability not in {*self._connector.integration.capabilities, "info"}:
            return f"the connector has no capability {call.capability}"
        secrets = self._normalizer().secrets
        missing = not_made_up(call.asked, {**secrets.users, **secrets.names})
        return f"nobody can make up {missing} again" if missing else None

    async def replay(
        self,
        call: Call,
        changes: Mapping[int, Change] | None = None,
        refusing: Refusing | None = None,
        *,
        after: Sequence[Call] = (),
    ) -> Replayed:
        """Replay a call.

        Args:
            call: One of the cassette's.
            changes: What the connector sees in place of a recorded response, by the number of the
                interaction, however often it asks.
            refusing: The upstream to play, if it refuses the credentials that the connector is given.
            after: The calls to replay before it as they were recorded, for what they leave in the process.

        Raises:
            ValueError: The cassette has no interaction of one of these numbers.
        """
        count = len(self.cassette.interactions)
        if unknown := [number for number in changes or () if not 1 <= number <= count]:
            raise ValueError(f"interactions {unknown} are to be changed, and the cassette has 1 to {count}")
        self._forget()
        try:
            for each in after:
                await self._played(each, {}, None)
            return await self._played(call, changes or {}, refusing)
        finally:
            # The scenario that goes on must not go on with a token of this call.
            self._forget()

    async def _played(self, call: Call, changes: Mapping[int, Change], refusing: Refusing | None) -> Replayed:
        normalizer = self._normalizer()
        normalizer.expect(self._expected(call), self._times, self._is_of(call), key=self._key)
        normalizer.secrets.expect_played(self._stand_ins)
        envelope = envelope_of(call, self._connector, normalizer.secrets)
        source = _CallSource(self, call, changes, normalizer, self._traffic.place, refusing)
        if refusing is not None:
            given = refusing.given
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

    async def _dispatched(
        self, source: _CallSource, capability: str, envelope: Mapping[str, Any]
    ) -> dict[str, Any]:
        others, abort = asyncio.all_tasks(), source.abort
        package = package_of(self._connector.integration, capability)

        def verdict_of_wait(why: str) -> ContractError:
            return self._traffic.endless_wait(capability, package, abort.waiting, why)

        with self._traffic.replaced(source), virtual_clock(), abort.possible(verdict_of_wait):
            try:
                return await dispatch(self._connector, capability, envelope)
            finally:
                await finished(others)

    def _expected(self, call: Call) -> Iterator[Request]:
        """All recorded requests, the call's own first."""
        own = frozenset(call.interactions)
        yield from (self.cassette.interactions[number - 1].request for number in call.interactions)
        for number, request in enumerate(self.cassette.requests, 1):
            if number not in own:
                yield request

    def _is_of(self, call: Call) -> Callable[[Request], bool]:
        own = frozenset(call.interactions)
        return lambda request: not own.isdisjoint(self.numbers_of(request))

    def numbers_of(self, request: Request) -> Sequence[int]:
        """The numbers of the interactions whose request equals a normalized one."""
        return self._by_key.get(self.keys.of(request), ())

    def number_of(self, call: Call) -> int:
        """Which of the cassette's calls it is, from 1; 0 if it is none of them."""
        return next((number for number, each in enumerate(self.cassette.calls, 1) if each is call), 0)

    def gave_up(self, request: Request) -> Mapping[int, str | None]:
        """The calls that gave up a request that equals a normalized one, each with the timeout that did."""
        key = self.keys.of(request)
        equal = [each for each in self.cassette.given_up if self.keys.of(each.request) == key]
        return {each.call: each.timeout for each in equal}


class _CallSource:
    """Plays the responses of one replayed call."""

    def __init__(
        self,
        replays: Replays,
        call: Call,
        changes: Mapping[int, Change],
        normalizer: Normalizer,
        place: Place,
        refusing: Refusing | None = None,
    ) -> None:
        self.result = Replayed()
        self._replays = replays
        self._own = frozenset(call.interactions)
        self._caller = replays.number_of(call)
        self._changes = changes
        self._normalizer = normalizer
        self._place = place
        self._refusing = refusing
        self._good = normalizer.secrets.shown
        self._next: Counter[Hashable] = Counter()
        self.abort = Abort()
        # A connector may ask from several threads.
        self._lock = Lock()
        self._total = 0
        self._unrecorded: Counter[Request] = Counter()

    def holds(self, request: Request) -> bool:
        """Whether the connector gave the request up when it was recorded, and it has no response."""
        made = self._normalizer.request(request)
        numbers = self._replays.numbers_of(made)
        if not self._own.isdisjoint(numbers):
            return False
        callers = self._replays.gave_up(made)
        return self._caller in callers or bool(callers and not numbers)

    def hold(self, request: Request) -> str | None:
        """Which timeout ended the request; it waits however often it is asked for."""
        gave_up = self._replays.gave_up(self._normalizer.request(request))
        return gave_up.get(self._caller, next(iter(gave_up.values())))

    def raises(self, error: Exception) -> bool:
        """Whether the error is a change, or says that a request is off script."""
        return error in self.result.off_script or any(error is each for each in self._changes.values())

    def play(self, request: Request) -> Response:
        """The recorded response, or what it is changed to.

        A request that only other calls of the scenario have made, such as a login, is played from there.
        """
        with self._lock:
            made = self._normalizer.request(request)
            if self._refusing is not None and self._is_refused(request, made):
                self._count_unrecorded(made)
                return self._normalizer.restored(self._refusing.response_to(made))
            return self._answer(made)

    def _is_refused(self, request: Request, made: Request) -> bool:
        """Whether a request carries other credentials than the good ones.

        Of what the connector makes for each request, such as a signature, nobody can see what it is made
        from: it is taken to be made from what the connector was given.
        """
        if not self._replays.numbers_of(made):
            return True
        # What a played response has handed out is a placeholder in the connector's own request as well.
        return not {*placeholders(made)} <= {*self._good, *placeholders(request)}

    def _answer(self, made: Request) -> Response:
        numbers = self._replays.numbers_of(made)
        own = [number for number in numbers if number in self._own]
        if not numbers:
            raise self._off_script(made)
        number = self._number(self._replays.keys.of(made), own) if own else numbers[0]
        self._count(number)
        change = self._changes.get(number)
        if change is None:
            return self._normalizer.restored(self._replays.cassette.interactions[number - 1].response)
        self.result.fired[number] += 1
        if isinstance(change, Response):
            return change
        # It may be raised more than once, and is to have the last one's traceback alone.
        raise change.with_traceback(None)

    def _number(self, key: Hashable, own: Sequence[int]) -> int:
        """Which of several equal requests this is; a changed one, and the last, are played for ever."""
        number = own[min(self._next[key], len(own) - 1)]
        self._next[key] += number not in self._changes
        return number

    def _count(self, number: int) -> None:
        self.result.asked[number] += 1
        self._total += 1
        if self._total > self._replays.budget(len(self._own)):
            often = [
                (self._replays.cassette.interactions[asked - 1].request, times)
                for asked, times in self.result.asked.most_common()
            ]
            self.abort.end(mismatch.too_many(often, self._place, ()))

    def _off_script(self, made: Request) -> UnmatchedRequest:
        recorded = self._replays.cassette.interactions
        error = mismatch.unmatched(made, recorded, (), self._place, ())
        self.result.off_script.append(error)
        self._count_unrecorded(made)
        return error

    def _count_unrecorded(self, made: Request) -> None:
        self._unrecorded[made] += 1
        if self._unrecorded.total() > self._replays.budget(len(self._own)):
            self.abort.end(mismatch.too_many(self._unrecorded.most_common(), self._place, ()))
