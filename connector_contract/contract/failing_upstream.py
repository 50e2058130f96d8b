"""A rule's good calls, replayed with failures in place of what the upstream responded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from connector_contract.config import Json
from connector_contract.contract.rules.failures import FailedCall, FailedWalk, is_logout, later_records
from connector_contract.errors import FaultNotFired, NothingToCheck, RuleWaits
from connector_contract.recording.call import Call, Failure
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.played_changes import Change
from connector_contract.recording.replay import Replayed, Replays
from connector_contract.recording.unproven import FORGET

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext
    from connector_contract.faults.error_map import ErrorMap


class FailingUpstream:
    """What a connector answers if its upstream fails.

    Args:
        context: Makes the good calls, of which each is broken.
    """

    def __init__(self, context: RuleContext) -> None:
        self._context = context

    @cached_property
    def errors(self) -> ErrorMap:
        """The codes that the installed SDK has for what an upstream does wrong."""
        from connector_contract.recording.sdk_errors import error_map

        return error_map()

    async def call(self, capability: str, status: int) -> AsyncIterator[FailedCall]:
        """The good calls with the author's examples, as they end if the upstream responds with ``status``.

        All requests are broken first, and then each alone, but for a logout.

        Raises:
            RuleWaits: A good call gives an error.
            NothingToCheck: The capability asks the upstream for nothing.
        """
        for number in self._context.numbers(capability):
            async for each in self._call(capability, number, status):
                yield each

    async def _call(self, capability: str, number: int, status: int) -> AsyncIterator[FailedCall]:
        shared = await self._context.example(capability, number)
        call = first_call(shared.cassette, capability)
        if isinstance(call.outcome, Failure):
            reporting = self._context.reported_by(capability)
            raise RuleWaits(f"{capability} gives an error; the rule {reporting} reports it")
        if not call.interactions:
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        replays = self._context.replays_of(shared.cassette)
        broken = f"an upstream that responds with {status}"
        yield await self._failed(replays, call, call.interactions, status, broken)
        for number in call.interactions if len(call.interactions) > 1 else ():
            request = shared.cassette.interactions[number - 1].request
            if not is_logout(request):
                yield await self._failed(replays, call, [number], status, f"{broken} to {request}")

    async def walks(self, capability: str, statuses: Sequence[int]) -> AsyncIterator[FailedWalk]:
        """A walk, as it ends if one of its later requests for records gets each of some statuses.

        Each such request is broken in turn: it is replayed with the call that made it, which is the last page
        of the walk.

        Raises:
            RuleWaits: The walk fails as it is.
            NothingToCheck: The upstream is asked for records once.
        """
        shared = await self._context.paged(capability)
        walk, stored, calls = shared.result.beginning, shared.cassette.interactions, shared.cassette.calls
        replays = self._context.replays_of(shared.cassette)
        numbers = [number for call in calls for number in call.interactions]
        broken = {numbers[index] for index in later_records([stored[number - 1] for number in numbers])}
        if not broken:
            raise NothingToCheck(f"{capability} makes one request for records; see server_error")
        for status in statuses:
            for page, call in enumerate(calls):
                for number in sorted(broken.intersection(call.interactions)):
                    failed = await self._failed(replays, call, [number], status)
                    pages = [*walk.pages[:page], failed.response]
                    yield FailedWalk(replace(walk, pages=pages), stored[number - 1].request, failed)

    async def broken(self, recording: Cassette, call: Call, change: Change) -> Json:
        """A call of a recording, as it ends if the upstream gives the same wrong response to all requests.

        Raises:
            NothingToCheck: It cannot be replayed.
            FaultNotFired: It makes no request.
        """
        changes = dict.fromkeys(call.interactions, change)
        return (await self._replayed(self._context.replays_of(recording), call, changes)).response or {}

    async def last(self, recording: Cassette, change: Change) -> Json:
        """The first call of a recording, as it ends if the upstream answers its last request so.

        Raises:
            NothingToCheck: It cannot be replayed.
            FaultNotFired: It makes no request.
        """
        call = recording.calls[0]
        changes = dict.fromkeys(call.interactions[-1:], change)
        return (await self._replayed(self._context.replays_of(recording), call, changes)).response or {}

    async def _failed(
        self, replays: Replays, call: Call, numbers: Sequence[int], status: int, broken: str = ""
    ) -> FailedCall:
        """A call, as it ends if the upstream responds to some of its requests with a status."""
        replayed = await self._replayed(replays, call, dict.fromkeys(numbers, _failure(status)))
        is_asked_again = any(_is_asked_again(replays, call, replayed, number) for number in numbers)
        return FailedCall(call.capability, status, broken, replayed.response or {}, is_asked_again)

    async def _replayed(self, replays: Replays, call: Call, changes: Mapping[int, Change]) -> Replayed:
        if (why := replays.not_replayable(call)) is not None:
            raise NothingToCheck(f"{call.capability} is not replayable, because {why}")
        replayed = await replays.replay(call, changes)
        earlier = replays.cassette.calls[: max(0, replays.number_of(call) - 1)]
        if not replayed.fired and earlier:
            # It may go on with what these have left in the process, such as a newer token.
            replayed = await replays.replay(call, changes, after=earlier)
        if replayed.failure is not None:
            raise replayed.failure
        if not replayed.fired:
            requests = [replays.cassette.interactions[number - 1].request for number in changes]
            raise self._not_fired(call, requests, replayed)
        self._context.look_for_secrets(call.capability, replayed.response or {})
        return replayed

    def _not_fired(self, call: Call, broken: Sequence[Request], replayed: Replayed) -> FaultNotFired:
        return FaultNotFired(
            f"{self._context.section}: {call.capability}, replayed alone, did not make the request that was "
            "to fail.",
            where=self._context.where,
            details=[
                *(f"broken: {request}" for request in broken),
                *(error.what for error in replayed.off_script),
            ],
            remedy=f"So nothing is proved: the call makes other requests than recorded. {FORGET}",
        )


def first_call(cassette: Cassette, capability: str) -> Call:
    """The first call of a capability in a shared recording of it."""
    return next(call for call in cassette.calls if call.capability == capability)


def _is_asked_again(replays: Replays, call: Call, replayed: Replayed, number: int) -> bool:
    """Whether a call has asked for an interaction more often than for those with the same request."""
    stored = replays.cassette.interactions
    equal = [each for each in call.interactions if stored[each - 1].request == stored[number - 1].request]
    return sum(replayed.asked.get(each, 0) for each in equal) > len(equal)


def _failure(status: int) -> Response:
    return Response(status, "", (("content-length", "0"),))
