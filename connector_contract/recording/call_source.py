"""What the upstream does while one call is replayed alone: as recorded, or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from threading import Lock
from typing import NoReturn

from connector_contract.errors import ContractError, UnmatchedRequest
from connector_contract.recording import mismatch
from connector_contract.recording.abort import Abort
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.mismatch import Place
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.played_changes import Loss, Lost, LostConnection, Once
from connector_contract.recording.recorded_requests import RecordedRequests
from connector_contract.recording.replayed import Broken, Replayed
from connector_contract.recording.urls import origin_of
from connector_contract.secrets.shown_placeholders import placeholders


class CallSource:
    """Plays the responses of one replayed call.

    Args:
        recorded: The requests of the cassette.
        call: The call.
        broken: What the upstream does otherwise than it was recorded.
        normalizer: Of this replay.
        place: The scenario, for messages.
        budget: How many requests the call may make.
        verdict_of_wait: Makes the verdict on a call that waits for ever.

    Attributes:
        result: What comes of it.
        abort: The end of the call, should it be without end.
        loses: Whether connections may fail.
        verdict_of_wait: The verdict on a call that waits for ever, by the reason in a clause.
    """

    def __init__(
        self,
        recorded: RecordedRequests,
        call: Call,
        broken: Broken,
        normalizer: Normalizer,
        place: Place,
        budget: int,
        verdict_of_wait: Callable[[str], ContractError],
    ) -> None:
        self.result = Replayed()
        self.abort = Abort()
        changes = [each.change if isinstance(each, Once) else each for each in broken.changes.values()]
        self.loses = any(isinstance(each, LostConnection) for each in changes)
        self._errors = [each for each in changes if isinstance(each, Exception)]
        self._recorded = recorded
        self._own = frozenset(call.interactions)
        self._caller = recorded.number_of(call)
        self._broken = broken
        self._changes = dict(broken.changes)
        self._normalizer = normalizer
        self._place = place
        self._budget = budget
        self.verdict_of_wait = verdict_of_wait
        self._good = normalizer.secrets.shown if broken.refusing is not None else frozenset()
        self._next: Counter[Hashable] = Counter()
        # A connector may ask from several threads.
        self._lock = Lock()
        self._made: Counter[Request] = Counter()

    def holds(self, request: Request) -> bool:
        """Whether the connector gave the request up when it was recorded, and it has no response."""
        if not self._recorded.may_be_given_up:
            return False
        made = self._normalizer.request(request)
        numbers = self._recorded.numbers_of(made)
        if not self._own.isdisjoint(numbers):
            return False
        callers = self._recorded.gave_up(made)
        return self._caller in callers or bool(callers and not numbers)

    def hold(self, request: Request) -> str | None:
        """Which timeout ended the request; it waits however often it is asked for."""
        gave_up = self._recorded.gave_up(self._normalizer.request(request))
        return gave_up.get(self._caller, next(iter(gave_up.values())))

    def raises(self, error: Exception) -> bool:
        """Whether the error is a change, or says that a request is off script."""
        return any(error is each for each in (*self.result.off_script, *self._errors))

    def play(self, request: Request) -> Response | Loss:
        """The recorded response, or what it is changed to.

        A request that only other calls of the scenario have made, such as a login, is played from there.
        """
        with self._lock:
            made = self._normalizer.request(request)
            numbers = self._recorded.numbers_of(made)
            if not numbers:
                self._note_place(request, made)
            if self._broken.refusing is not None and self._is_refused(request, made, numbers):
                self._count(made)
                return self._normalizer.restored(self._broken.refusing.response_to(made))
            return self._answer(made, numbers) if numbers else self._otherwise(made)

    def _note_place(self, request: Request, made: Request) -> None:
        uri = self._normalizer.secrets.located(request.uri)
        origins = (self._place.origin, *self._place.further_origins)
        if origin_of(uri) not in map(origin_of, origins):
            self.result.sent_elsewhere.append(made)

    def _is_refused(self, request: Request, made: Request, numbers: Sequence[int]) -> bool:
        """Whether a request carries other credentials than the good ones.

        Of what the connector makes for each request, such as a signature, nobody can see what it is made
        from: it is taken to be made from what the connector was given.
        """
        if not numbers:
            return True
        # What a played response has handed out is a placeholder in the connector's own request as well.
        return not {*placeholders(made)} <= {*self._good, *placeholders(request)}

    def _answer(self, made: Request, numbers: Sequence[int]) -> Response | Loss:
        own = [number for number in numbers if number in self._own]
        key = self._recorded.keys.of(made)
        number = own[min(self._next[key], len(own) - 1)] if own else numbers[0]
        change = self._changes.get(number)
        # Of equal requests, the last is played for ever, and so is a changed one, unless it has its turn.
        self._next[key] += bool(own) and (change is None or self._broken.in_turn)
        self.result.asked[number] += 1
        self.result.order.append(number)
        self._count(self._recorded.interaction(number).request)
        if change is None:
            return self._normalizer.restored(self._recorded.interaction(number).response)
        self.result.fired[number] += 1
        if isinstance(change, Once):
            del self._changes[number]
            change = change.change
        return self._changed(number, change)

    def _changed(self, number: int, change: Response | LostConnection | Exception) -> Response | Loss:
        if isinstance(change, Response):
            return self._normalizer.restored(change)
        if isinstance(change, LostConnection):
            recorded = self._recorded.interaction(number)
            return self._loss(change, recorded.request, recorded.response)
        # It may be raised more than once, and is to have the last one's traceback alone.
        raise change.with_traceback(None)

    def _loss(self, change: LostConnection, request: Request, recorded: Response) -> Loss:
        def never_answered() -> NoReturn:
            self.abort.end(self.verdict_of_wait(f"{request} is never answered, and has no timeout"))

        response = change.response
        if change.how is Lost.DROPPED and response is None:
            response = _first_half(self._normalizer.restored(recorded))
        elif response is not None:
            response = self._normalizer.restored(response)
        return Loss(change.how, response or Response(0), never_answered)

    def _otherwise(self, made: Request) -> Response:
        self._count(made)
        answer = None if self._broken.otherwise is None else self._broken.otherwise(made)
        if answer is None:
            raise self._off_script(made)
        self.result.answered_otherwise.append(made)
        return self._normalizer.restored(answer)

    def _off_script(self, made: Request) -> UnmatchedRequest:
        error = self._recorded.unmatched(made, self._place)
        self.result.off_script.append(error)
        self.result.not_recorded.append(made)
        return error

    def _count(self, request: Request) -> None:
        self._made[request] += 1
        if self._made.total() > self._budget:
            self.abort.end(mismatch.too_many(self._made.most_common(), self._place, ()))


def _first_half(response: Response) -> Response:
    """The first half of a response's body, with the length of the whole."""
    length = len(response.body)
    headers = [pair for pair in response.headers if pair[0] != "content-length"]
    return replace(
        response, headers=(*headers, ("content-length", str(length))), body=response.body[: length // 2]
    )
