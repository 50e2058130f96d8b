"""A rule's good calls, replayed with credentials that the upstream refuses.

The upstream is asked with wrong credentials once for each kind of them, for many lock an account after a few.
What it answered then is what it answers to every request that does not carry the good ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector_contract.config import Json
from connector_contract.contract.failing_upstream import first_call
from connector_contract.contract.rule import Target, no_example
from connector_contract.contract.shared_names import refusal_name
from connector_contract.errors import NothingToCheck, NotWritable, RuleWaits
from connector_contract.recording.call import Call, Failure
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.replay import Refusing
from connector_contract.recording.scenario import Scenario
from connector_contract.secrets.shown_placeholders import placeholders

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext

_MOST = 2
"""How often wrong credentials of a kind are sent: what looks like a success may be a refusal in its body."""

_LIMITS = {423: "423 (Locked)", 429: "429 (Too Many Requests)"}
"""The statuses with which an upstream says that it wants no more attempts."""


@dataclass(frozen=True)
class Attempt:
    """What came of a call with wrong credentials.

    Attributes:
        capability: What was called with them.
        response: What the connector answered.
        interactions: What it asked the upstream for, and what that answered.
    """

    capability: str
    response: Json
    interactions: Sequence[Interaction]

    @property
    def is_refusal(self) -> bool:
        """Whether the upstream has refused them: by a status, or so that the connector reports an error."""
        return bool(self.response.get("is_error") and self.interactions) or bool(self._refused)

    @property
    def limit(self) -> str | None:
        """The status with which the upstream has asked to stop; ``None`` if it has not."""
        return next((_LIMITS[each] for each in self._statuses if each in _LIMITS), None)

    def response_to(self, request: Request) -> Response:
        """What the upstream answers to a request with such credentials, best as to one for the same path."""
        candidates = self._refused or list(self.interactions)
        same = [each for each in candidates if _endpoint(each.request) == _endpoint(request)]
        return (same or candidates)[-1].response

    @property
    def _refused(self) -> list[Interaction]:
        return [each for each in self.interactions if each.response.status >= 400]

    @property
    def _statuses(self) -> list[int]:
        return [each.response.status for each in self.interactions]


class RefusingUpstream:
    """What a connector answers if its upstream refuses the credentials.

    Args:
        context: Makes the good calls, which are replayed with others.
    """

    def __init__(self, context: RuleContext) -> None:
        self._context = context

    async def call(self, capability: str, given: Mapping[str, Any]) -> Json:
        """A good call, as it ends with credentials that the upstream refuses.

        A request that carries the good ones all the same gets the good response: the connector has ignored
        what it was given.

        Args:
            capability: What to call, with the author's example.
            given: The ``auth`` or ``credentials`` that the upstream refuses.

        Raises:
            RuleWaits: The good call gives an error, or the upstream has not refused what was sent to it.
            NothingToCheck: The upstream wants no more attempts, or the call cannot be replayed.
        """
        context = self._context
        shared = await context.example(capability)
        call = first_call(shared.cassette, capability)
        if isinstance(call.outcome, Failure):
            raise RuleWaits(
                f"{capability} gives an error; the rule {context.reported_by(capability)} reports it"
            )
        tried = await self._tried() if call.interactions else {}
        for attempts in tried.values():
            self._refuse_limit(attempts[-1])
            for attempt in attempts:
                if attempt.capability == capability and not attempt.is_refusal:
                    return attempt.response
            if not attempts[-1].is_refusal:
                reporting = f"bad_credentials[{attempts[0].capability}]"
                raise RuleWaits(f"the upstream has not refused wrong credentials; {reporting} reports it")
        refusals = {kind: attempts[-1] for kind, attempts in tried.items()}
        return await self._replayed(shared.cassette, call, given, refusals)

    async def validate(self, kind: str, credential: Mapping[str, Any]) -> Json:
        """The test's own call that validates a good credential, as it ends with another one in its request.

        Args:
            kind: The credential's id.
            credential: What to validate in its place.

        Raises:
            RuleWaits: As for ``call``.
            NothingToCheck: As for ``call``.
        """
        context = self._context
        cassette = context.stored
        call = next(each for each in cassette.calls if _validated(each) == kind)
        tried = await self._tried() if call.interactions else {}
        for attempts in tried.values():
            self._refuse_limit(attempts[-1])
            if not attempts[-1].is_refusal:
                reporting = f"bad_credentials[{attempts[0].capability}]"
                raise RuleWaits(f"the upstream has not refused wrong credentials; {reporting} reports it")
        refusals = {name: attempts[-1] for name, attempts in tried.items() if name == kind} or {
            name: attempts[-1] for name, attempts in tried.items()
        }
        return await self._replayed(cassette, call, {"request": {"credential": credential}}, refusals)

    @staticmethod
    def _refuse_limit(attempt: Attempt) -> None:
        if attempt.limit is not None:
            why = f"the upstream answered {attempt.limit} to wrong credentials, so no more were sent"
            raise NothingToCheck(why)

    async def _replayed(
        self, cassette: Cassette, call: Call, given: Mapping[str, Any], refusals: Mapping[str, Attempt]
    ) -> Json:
        context = self._context
        replays = context.replays_of(cassette)
        if (why := replays.not_replayable(call)) is not None:
            raise NothingToCheck(f"{call.capability} is not replayable, because {why}")

        def response_to(request: Request) -> Response:
            kinds = [kind for kind in refusals if _carries(request, kind)]
            return refusals[(kinds or list(refusals))[0]].response_to(request)

        replayed = await replays.replay(call, refusing=Refusing(given, response_to))
        if replayed.failure is not None:
            raise replayed.failure
        response = replayed.response or {}
        context.look_for_secrets(call.capability, response)
        return response

    async def _tried(self) -> dict[str, list[Attempt]]:
        """What came of each kind of wrong credentials; after a limit, no more are sent."""
        found: dict[str, list[Attempt]] = {}
        kinds = self._context.credentials.wrong
        for kind, wrong in kinds.items():
            attempts = await self._attempts(kind, wrong, is_only=len(kinds) == 1)
            if attempts:
                found[kind] = attempts
            if attempts and attempts[-1].limit is not None:
                break
        if not found:
            raise NothingToCheck("no capability that has an example asks the upstream with credentials")
        return found

    async def _attempts(self, kind: str, wrong: Mapping[str, Any], *, is_only: bool) -> list[Attempt]:
        """Wrong credentials of a kind, sent again if the upstream takes them: some endpoints take any.

        A capability that writes is called with them only if no other asks the upstream.
        """
        attempts: list[Attempt] = []
        undeclared: NotWritable | None = None
        for capability in self._candidates():
            is_enough = len(attempts) == _MOST or bool(attempts and attempts[-1].is_refusal)
            if is_enough or (attempts and self._writes(capability)):
                break
            try:
                if await self._asks_with(capability, None if is_only else kind):
                    name = refusal_name(kind, capability if attempts else None)
                    if self._writes(capability):
                        self._context.leave_unwritable(name, capability)
                    attempts.append(await self._attempt(name, capability, wrong))
            except NotWritable as error:
                # Another one may be called.
                undeclared = undeclared or error
        if not attempts and undeclared is not None:
            raise undeclared
        return attempts

    async def _attempt(self, name: str, capability: str, wrong: Mapping[str, Any]) -> Attempt:
        request = self._context.config.request(capability)

        async def script(scenario: Scenario) -> Json:
            return await scenario.lumos.call(capability, request, **wrong)

        shared = await self._context.reads.recorded(name, script, is_asked_once=True)
        return Attempt(capability, shared.result, shared.cassette.interactions)

    async def _asks_with(self, capability: str, kind: str | None) -> bool:
        """Whether a good call of a capability asks the upstream, and with a kind of credentials."""
        shared = await self._context.example(capability)
        call = first_call(shared.cassette, capability)
        requests = [shared.cassette.interactions[number - 1].request for number in call.interactions]
        if isinstance(call.outcome, Failure) or not requests:
            return False
        return kind is None or any(_carries(request, kind) for request in requests)

    def _writes(self, capability: str) -> bool:
        return self._context.reported_by(capability) == "writes"

    def _candidates(self) -> Iterator[str]:
        """The capabilities that can be called, those first that do the least."""
        context = self._context
        callable_ = [
            name
            for name in context.capabilities
            if no_example(Target(name, context.capabilities, context.config)) is None
        ]

        def order(name: str) -> tuple[bool, bool]:
            return name != "validate_credentials", self._writes(name)

        yield from sorted(callable_, key=order)


def _validated(call: Call) -> str | None:
    """The id of the credential that a stored call validates."""
    credential = (call.asked.get("request") or {}).get("credential") or {}
    return credential.get("id") if isinstance(credential, Mapping) else None


def _carries(request: Request, kind: str) -> bool:
    """Whether a stored request carries a credential of a kind; placeholders are named after it."""
    return any(name.partition(".")[0] == kind for name in placeholders(request))


def _endpoint(request: Request) -> tuple[str, str]:
    url = urlsplit(request.uri)
    return request.method, url.netloc + url.path
