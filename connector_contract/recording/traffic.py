"""The requests of one scenario: played, recorded, and checked."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from connector_contract.clients.content_codings import MissingDecoder, Undecodable, decoded, legible, steady
from connector_contract.clock.trio_guard import refuse_running_trio
from connector_contract.clock.waits import timeline
from connector_contract.config import Json
from connector_contract.errors import ContractError, HarnessFailure, NetworkAccess, Places, Unrecordable
from connector_contract.recording import mismatch
from connector_contract.recording.budget import Budget
from connector_contract.recording.call import Call, Failure, outcome_of
from connector_contract.recording.coded_responses import no_decoder
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.lanes import Lane, asking, current_asker, follow_tasks
from connector_contract.recording.matching import is_below
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.played_changes import Loss
from connector_contract.recording.player import Player
from connector_contract.recording.record_modes import Plan
from connector_contract.recording.recorder import Recorder, Sent, asking_now, lanes_by_number
from connector_contract.reporting.tracebacks import Waiting, asking_line, waiting_line
from connector_contract.secrets.set_cookie import with_lasting_cookies
from connector_contract.secrets.shown_placeholders import bracketed
from connector_contract.storage.hidden_parts import WHOLE, Hiding
from connector_contract.upstream.pace import LONGEST, Pace


class Fate(Enum):
    """What becomes of a request: it is played, sent to the upstream, or waits until it is given up."""

    PLAY = "play"
    SEND = "send"
    HOLD = "hold"


class Source(Protocol):
    """Where the responses of a replayed call come from, in place of the scenario's own cassette.

    Attributes:
        loses: Whether connections may fail: then a client asks as soon as it connects.
    """

    loses: bool

    def play(self, request: Request) -> Response | Loss:
        """The response to a request, or how its connection fails; raise what is to be seen in its place."""

    def holds(self, request: Request) -> bool:
        """Whether a request is to wait until the connector gives it up."""

    def hold(self, request: Request) -> str | None:
        """Note that a request that ``holds`` waits now.

        Returns:
            Which timeout of the connector's client ended it, as ``GivenUp`` has it.
        """

    def raises(self, error: Exception) -> bool:
        """Whether ``play`` raises this error on purpose."""


class Traffic:
    """The requests of one scenario, and what becomes of each.

    Args:
        plan: Whether to play, to record, or both.
        player: What is recorded.
        normalizer: Brings requests into the form that they are compared in.
        place: The scenario, for messages.
        root: The project, for messages.
        budget: How many requests each call may make.
        late: Where the verdicts go on requests of what other scenarios have left running.

    Attributes:
        verdicts: What went wrong so far. A connector may swallow the error that it gets, so the scenario
            looks here at its end.
        calls: The calls so far, in the order in which Lumos made them.
        overlapped: Whether some were under way together. What they share, such as a login, any of them may
            ask for.
        pace: When the next request may go to the upstream; ``None`` if each may at once.
        is_closed: Whether the scenario is over, and taken down.
    """

    def __init__(
        self,
        plan: Plan,
        player: Player,
        normalizer: Normalizer,
        place: Place,
        root: Path,
        budget: Budget | None = None,
        late: list[ContractError] | None = None,
    ) -> None:
        self.verdicts: list[ContractError] = []
        self.calls: list[OpenCall] = []
        self.overlapped = False
        self.pace: Pace | None = None
        self.is_closed = False
        self._late = [] if late is None else late
        self.player = player
        self.recorder = Recorder(self._canonical)
        self.place = place
        self._plan = plan
        self._normalizer = normalizer
        self._people = normalizer.people
        self._root = root
        self._budget = budget or Budget(records=plan.record, in_all=len(player.recorded))
        self._outside = OpenCall(0, "no call", {})
        self._replaced_by: Source | None = None
        self._is_over = False
        self._answered: dict[int, OpenCall] = {}
        # Who has asked for what, by the call and the interaction, where the order of writes counts.
        self._askers: defaultdict[int, list[tuple[int, Sent]]] = defaultdict(list)

    @property
    def records(self) -> bool:
        """Whether a request may reach the upstream."""
        return self._plan.record

    def begin(
        self, capability: str, asked: Json, page: int | None = None, package: str | None = None
    ) -> OpenCall:
        """Begin a call.

        Args:
            capability: What is called.
            asked: What is asked, as ``call.asked_of`` has it.
            page: Which page of a walk it asks for, from 1.
            package: The connector's own package.

        Raises:
            UsageError: trio runs here.
        """
        refuse_running_trio()
        if self.records or self.player.ordered_writes(len(self.calls) + 1):
            follow_tasks()
        # Until two are under way together, it is the last one or none.
        self.overlapped |= bool(self.calls) and self.calls[-1].is_under_way
        call = OpenCall(len(self.calls) + 1, capability, asked, page, timeline.now(), package=package)
        if self._people is not None:
            call.shown = self._people.interaction
        self.calls.append(call)
        return call

    def asked(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """What a test asks for, with the people that its answers were really about."""
        if self._people is None:
            return envelope
        people = self._people
        return {
            name: people.asked(part) if name in ("request", "page") else part
            for name, part in envelope.items()
        }

    def end(self, call: OpenCall, response: dict[str, Any]) -> dict[str, Any]:
        """End a call with the response that the connector gave.

        Returns:
            What the test sees of it: with made-up people, if they are stored so.
        """
        shown: dict[str, Any] = response if self._people is None else self._people.answered(response)
        call.response, call.outcome = shown, outcome_of(response)
        lanes = lanes_by_number(self._askers.pop(call.number, ()))
        if (pair := self.player.no_longer_in_turn(call.number, lanes)) is not None:
            self.report(mismatch.no_longer_in_turn(*pair, self.player.recorded, self.place, str(call)))
        if self.records:
            call.answered = json.dumps(response)
            self._normalizer.secrets.settle()
        self._answered[id(shown)] = call
        return shown

    def count(self, request: Request) -> None:
        """Count a request of the connector.

        Raises:
            CallAborted: The call makes more requests than it may.
            LateRequest: A call of another scenario has left running what asks.
        """
        timeline.watched_calls.asks()
        self._refuse_late(request)
        call = self._call() or self._outside
        if self._source is not None:
            return
        key = (request.method, request.uri, request.body)
        call.requests[key] += 1
        call.made += 1
        if not self._budget.allows(call.number, call.made, call.requests[key]):
            call.abort.end(call.abort.verdict or self.report(self._too_many(call)))

    def fate(self, request: Request) -> Fate:
        """What becomes of a request.

        Raises:
            ForeignRequest: It would be sent, and to another server than the declared origin.
        """
        if self._source is not None:
            return Fate.HOLD if self._source.holds(request) else Fate.PLAY
        if self._holds(request):
            return Fate.HOLD
        if not self._plan.record:
            return Fate.PLAY
        if self._plan.play and self.player.has(self._normalizer.request(request)):
            return Fate.PLAY
        uri, place = self._normalizer.secrets.located(request.uri), self.place
        if not any(is_below(uri, origin) for origin in (place.origin, *place.further_origins)):
            called = self.redact(f"{request.method} {request.uri.partition('?')[0]}")
            raise self.report(mismatch.foreign(called, self.place, self._asker()))
        return Fate.SEND

    @property
    def loses(self) -> bool:
        """Whether connections may fail now, because a replay has them fail."""
        source = self._source
        return source is not None and source.loses

    def play(self, request: Request) -> Response | Loss:
        """The recorded response to a request, the first that was not played yet.

        A replay may have the connection fail.

        Raises:
            UnmatchedRequest: There is none, or a write comes before one that was recorded first.
        """
        if self._source is not None:
            return self._source.play(request)
        made = self._normalizer.request(request)
        call = self._call()
        number = self.player.take(made, _number(call))
        if number is None:
            if call is not None:
                call.unmatched.append(str(made))
            player = self.player
            due, asker = player.due(_number(call)), self._asker()
            beside = partial(self._normalizer.beside, request)
            raise self.report(
                mismatch.unmatched(made, player.recorded, player.left, self.place, asker, due, beside)
            )
        player = self.player
        if overtaken := player.overtaken(number, _number(call)):
            asker = self._asker()
            raise self.report(
                mismatch.out_of_order(made, number, overtaken, player.recorded, self.place, asker)
            )
        response = self._normalizer.restored(player.interaction(number).response)
        if call is not None:
            if not self.records and self.player.ordered_writes(call.number):
                self._askers[call.number].append((number, Sent(made, *asking_now(self.calls))))
            step = call.lane.step()
            call.played.append(number)
            call.places[number] = step
            call.said.append((step, Interaction(request, legible(response))))
        return response

    def hold(self, request: Request) -> str | None:
        """Note that a request waits now, until the connector gives it up.

        Returns:
            Which timeout of the connector's client is to end it, as ``GivenUp`` has it.
        """
        if self._source is not None:
            return self._source.hold(request)
        return self.player.hold(self._normalizer.request(request), _number(self._call()))

    def waits(self, request: Request) -> ContractError:
        """Report that the connector waits for a request that it gave up when it was recorded."""
        made = self._normalizer.request(request)
        return self.report(mismatch.waits(made, self.place, self._asker()))

    def endless_wait(
        self, call: str, package: str | None, waiting: Waiting | None, why: str
    ) -> ContractError:
        """The verdict of a call that waits for what nobody will do; it is not reported yet.

        Args:
            call: What was called.
            package: The connector's own package.
            waiting: What runs the call.
            why: Why it waits for ever, in a clause.
        """
        line = waiting_line(self._root, package, waiting)
        return mismatch.endless_wait(call, line, why, self.place)

    def raises_on_purpose(self, error: Exception) -> bool:
        """Whether an error is no verdict on this scenario: a late request's, or a replay's own."""
        return error in self._late or (self._source is not None and self._source.raises(error))

    def send(self, request: Request) -> Sent:
        """Note that a request goes to the upstream now."""
        sent = self.recorder.send(request, self.calls)
        self._normalizer.learn(request, place=sent.place)
        return sent

    def take_turn(self) -> float:
        """Let a request go to the upstream now, if it may.

        Returns:
            0 if it may; else the seconds after which to ask again.

        Raises:
            LongWait: The upstream asks to wait for longer than a recording does.
        """
        if self.pace is None:
            return 0.0
        if self.pace.held > LONGEST:
            raise self.report(mismatch.asks_to_wait(self.pace.held_until, LONGEST, self.place))
        return self.pace.take_turn()

    def record(self, sent: Sent, response: Response) -> None:
        """Keep the upstream's response, unless the connector has given the request up."""
        if self.pace is not None:
            self.pace.heed(response)
        if sent.given_up:
            return
        at = timeline.now()
        response, coded = self._decoded(sent, with_lasting_cookies(response, at))
        try:
            self._normalizer.learn(sent.request, response, sent.place)
        except ContractError as error:
            raise self.report(error) from None
        self.recorder.record(sent, response, coded, at)
        if sent.call is not None:
            sent.call.said.append((sent.place[2], Interaction(sent.request, response)))
        # In mode "all", what is recorded again takes the place of what was recorded before.
        if self.player.recorded:
            self.player.take(self._normalizer.request(sent.request), _number(sent.call))

    def _decoded(self, sent: Sent, response: Response) -> tuple[Response, Response | None]:
        """A response in no content coding, and as it was sent if that could be undone."""
        try:
            plain = decoded(response)
        except Undecodable:
            # The connector's client fails of it, and is to fail of it again.
            return steady(response), None
        except MissingDecoder as missing:
            asked = self._normalizer.request(sent.request)
            raise self.report(no_decoder(str(asked), missing, self.place)) from None
        return plain, None if plain is response else steady(response)

    def answered(self, response: dict[str, Any]) -> OpenCall:
        """The call that has ended with a response."""
        return self._answered[id(response)]

    def link(self, compared: object, snapshot: str, hiding: Hiding = WHOLE) -> str:
        """Note that a response, or a walk's list of responses, was compared in a snapshot.

        Args:
            compared: What was compared; something else belongs to no call.
            snapshot: The snapshot's file name.
            hiding: What it hides of what was compared.

        Returns:
            The capability; empty if it belongs to no call.
        """
        parts = compared if isinstance(compared, list) and compared else [compared]
        found = [self._answered.get(id(part)) for part in parts]
        calls = [call for call in found if call is not None]
        if len(calls) < len(parts):
            return ""
        for index, call in enumerate(calls):
            if snapshot not in call.snapshots:
                call.snapshots.append(snapshot)
            path = ((index, type(call.response)),) if parts is compared else ()
            call.views.append(partial(hiding.shown, path=path))
        return calls[0].capability

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Send requests, and keep neither them nor their calls, as long as the context lasts."""
        calls, recorder = len(self.calls), self.recorder
        self.recorder = Recorder(self._canonical)
        try:
            yield
            if self.records:
                self.check_complete()
        finally:
            self.recorder = recorder
            del self.calls[calls:]

    @contextmanager
    def on_trial(self) -> Iterator[list[ContractError]]:
        """Have verdicts say nothing against the scenario while the context lasts.

        Yields:
            The verdicts of that time.
        """
        before, self.verdicts = self.verdicts, []
        try:
            yield self.verdicts
        finally:
            self.verdicts = before

    @contextmanager
    def replaced(self, source: Source) -> Iterator[None]:
        """Take all responses from ``source`` while the context lasts; no request is recorded or counted."""
        before, self._replaced_by = self._replaced_by, source
        try:
            with asking(None, Lane(), self, source):
                yield
        finally:
            self._replaced_by = before

    @property
    def _source(self) -> Source | None:
        """What responds to who asks now, whichever replay runs."""
        asker = current_asker()
        if asker is None:
            return self._replaced_by
        source: Source | None = asker.source
        return source

    def _refuse_late(self, request: Request) -> None:
        asker = current_asker()
        other: Traffic | None = None if asker is None else asker.traffic
        if other is None or other is self:
            return
        line = asking_line(other._root)
        error = mismatch.late(other._normalizer.request(request), line, other.place, self.place)
        self._late.append(error)
        raise error

    def close(self) -> None:
        """Note that the scenario is over: what a call of it goes on with is too late for its verdicts."""
        self.is_closed = True

    def late_attempt(self, attempt: object) -> ContractError:
        """Report what a call that is over has left running, and leaves the process.

        Args:
            attempt: What it tries, as it stands in a message.
        """
        during = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        error = mismatch.late_attempt(str(attempt), asking_line(self._root), self.place, during)
        self._late.append(error)
        return error

    def report(self, verdict: ContractError) -> ContractError:
        """Keep a verdict and return it, to be raised where the connector can see it."""
        # What the harness refuses where it knows nothing of calls; what the upstream did is nobody's line.
        if isinstance(verdict, (NetworkAccess, HarnessFailure, Unrecordable)):
            verdict.where = (*self._asker(), *verdict.where)
        self.verdicts.append(verdict)
        return verdict

    def end_sending(self) -> None:
        """Note that the test has ended: what comes of requests from now on says nothing of the upstream."""
        self._is_over = True
        self.recorder.give_up_what_is_left_behind()

    def report_sending(self, verdict: ContractError) -> ContractError:
        """Report that a request failed on its way, unless that is because all ends with the test."""
        return verdict if self._is_over else self.report(verdict)

    def check_complete(self, calls: Sequence[Call] = ()) -> None:
        """Raise an error if a recorded request was not made, or one was not answered as a whole.

        Args:
            calls: Those that are recorded, for the message.
        """
        if left := self.player.left:
            raise self.report(mismatch.unplayed(self.player.recorded, left, calls, self.place))
        if lost := self.recorder.lost:
            requests = [self._normalizer.request(sent.request) for sent in lost]
            raise self.report(mismatch.unanswered(requests, len(self.recorder.sent), self.place))
        # Who goes on without the response has given it up; who fails of it has met an upstream that hangs.
        hung = [sent for sent in self.recorder.sent if sent.timeout and sent.call and _failed(sent.call)]
        if hung:
            requests = [self._normalizer.request(sent.request) for sent in hung]
            raise self.report(mismatch.hung(requests, hung[0].call, self.place))

    def redact(self, text: str) -> str:
        """``text`` without the secrets known by now, to be shown to somebody."""
        return self._normalizer.text(text)

    def without_secrets(self, text: str) -> str:
        """``text`` without secrets, and otherwise as it is: differs from it only if there is one in it."""
        return self._normalizer.without_secrets(bracketed(text, self.player.recorded))

    def _holds(self, request: Request) -> bool:
        if not (self._plan.play and self.player.may_hold):
            return False
        return self.player.holds(self._normalizer.request(request), _number(self._call()))

    def _canonical(self, request: Request) -> str:
        made = self._normalizer.request(request)
        return f"{made} {made.body!r}"

    def _call(self) -> OpenCall | None:
        asker = current_asker()
        if asker is not None:
            call: OpenCall = asker.call
            return call
        return self.calls[-1] if self.calls and self.calls[-1].is_under_way else None

    def _too_many(self, call: OpenCall) -> ContractError:
        often = [
            (self._normalizer.request(Request(method, uri, (), body)), times)
            for (method, uri, body), times in call.requests.most_common()
        ]
        return mismatch.too_many(often, self.place, self._asker())

    def _asker(self) -> Places:
        call = self._call()
        if call is None:
            line = asking_line(self._root)
        else:
            line = asking_line(self._root, call.package, call.abort.waiting)
        called = [] if call is None else [("capability", str(call))]
        return [*called, *([("asked in", line)] if line else [])]


def _failed(call: OpenCall) -> bool:
    return isinstance(call.outcome, Failure)


def _number(call: OpenCall | None) -> int:
    """The number of a call; 0 outside of any."""
    return 0 if call is None else call.number
