"""Keep what a connector asks a live upstream, each request where the call and task that asked it stand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector_contract.recording.call import Failure
from connector_contract.recording.concurrency import (
    Asked,
    Lanes,
    Position,
    lanes_of,
    numbers_in,
    with_numbers,
)
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.lanes import Lane, Work, current_asker, work_of_thread
from connector_contract.recording.open_call import OpenCall

_READS = ("GET", "HEAD")
_Text = tuple[tuple[str, ...], tuple[bytes, ...]]
"""What a thread asks for, and what it is answered."""


@dataclass(eq=False)
class Sent:
    """A request on its way to the upstream.

    Attributes:
        request: As the connector made it.
        call: Whose it is; ``None`` for a request outside of any call.
        place: Where it stands among all requests of the scenario.
        lane: The task that asked, or has started the thread that did; ``None`` outside of any call.
        work: What that thread does; ``None`` if a task has asked.
        response: What the upstream answered, in no content coding; ``None`` as long as it has not.
        coded: The same as it was sent, if it was in one that could be undone.
        at: When it came, in seconds since 1970.
        keeps_coding: Whether the connector undoes a coding itself, so that it is to be stored.
        given_up: Whether the connector has given it up: it was cancelled, or the connector's own client was
            closed or timed out, or the call ended without its response.
        timeout: Which timeout of the connector's client ended it, as ``GivenUp`` has it.
        times: What is stored in the place of each of its times that moves with the clock, by which one it is.
        failed: Whether it ended without a response, and not because the connector gave it up.
    """

    request: Request
    call: OpenCall | None
    place: tuple[int, int, Position]
    lane: Lane | None = None
    work: Work | None = None
    response: Response | None = None
    coded: Response | None = None
    at: float = 0.0
    keeps_coding: bool = False
    given_up: bool = False
    timeout: str | None = None
    failed: bool = False
    times: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        """Whether it has a response that counts."""
        return self.response is not None and not self.given_up

    @property
    def stored(self) -> Response | None:
        """The response in the coding that it is stored in."""
        return self.coded if self.keeps_coding and self.coded else self.response

    @property
    def is_of_thread(self) -> bool:
        """Whether a thread of its own has asked."""
        return self.work is not None

    @property
    def is_left_behind(self) -> bool:
        """Whether it is still on its way, though its call has ended."""
        is_under_way = self.response is None and not self.given_up and not self.failed
        return is_under_way and self.call is not None and self.call.ended


@dataclass
class Recorder:
    """The requests that went to the upstream, with its responses.

    Args:
        canonical: The text of a request as a cassette has it, by which threads are sorted.
    """

    canonical: Callable[[Request], str] = str
    _sent: list[Sent] = field(default_factory=list)

    def send(self, request: Request, calls: list[OpenCall]) -> Sent:
        """Note that a request goes to the upstream now.

        Args:
            request: As the connector made it.
            calls: Those of the scenario by now; the last is taken for what knows of none.
        """
        sent = Sent(request, *asking_now(calls))
        self._sent.append(sent)
        return sent

    def record(self, sent: Sent, response: Response, coded: Response | None = None, at: float = 0.0) -> None:
        """Keep the upstream's response; the arguments are those of ``Sent``."""
        sent.response, sent.coded, sent.at = response, coded, at

    def give_up_what_is_left_behind(self) -> None:
        """Note that the connector waits for no request any more whose call has ended.

        ``asyncio.gather`` leaves the other requests on their way when one of them fails.
        """
        for sent in self._sent:
            sent.given_up |= sent.is_left_behind

    @property
    def sent(self) -> list[Sent]:
        """All requests, in an order that does not depend on when they were answered."""
        # Which of several threads asks first depends on timing, and so does which of several equal requests
        # gets which response: threads are sorted by what they ask for, then by what they are answered.
        threads: dict[object, list[Sent]] = {}
        for sent in self._sent:
            if sent.is_of_thread:
                threads.setdefault(self._sequence(sent), []).append(sent)
        texts = {key: self._text(of_thread) for key, of_thread in threads.items()}
        places = {key: place for place, key in enumerate(threads)}

        def order(sent: Sent) -> tuple[tuple[int, int, Position], _Text, int]:
            if not sent.is_of_thread:
                return sent.place, ((), ()), 0
            key = self._sequence(sent)
            return sent.place, texts[key], places[key]

        return sorted(self._sent, key=order)

    @property
    def lost(self) -> list[Sent]:
        """The requests that the upstream did not answer as a whole."""
        return [sent for sent in self.sent if sent.response is None and not sent.given_up]

    def interactions(self) -> Iterator[tuple[Sent, Interaction]]:
        """Each request that was answered, with what the interaction was."""
        for sent in self.sent:
            if sent.stored is not None and sent.is_answered:
                yield sent, Interaction(sent.request, sent.stored)

    @property
    def coded(self) -> list[Sent]:
        """The requests that were answered in a content coding, and are stored in none."""
        return [sent for sent, _ in self.interactions() if sent.coded and not sent.keeps_coding]

    @property
    def racing(self) -> list[Sent]:
        """The concurrent reads of which a call may not have needed the response.

        It has given others of them up, or has failed as soon as one of them did.
        """
        of_calls: dict[OpenCall, list[Sent]] = {}
        for sent in self.sent:
            if sent.call is not None:
                of_calls.setdefault(sent.call, []).append(sent)
        in_lanes = [
            sent[number]
            for call, sent in of_calls.items()
            if isinstance(call.outcome, Failure) or any(each.given_up for each in sent)
            for number in sorted(numbers_in(lanes_in(sent)))
        ]
        return [each for each in in_lanes if each.is_answered and each.request.method in _READS]

    def _sequence(self, sent: Sent) -> object:
        """What stands for the requests of a thread whose order is the connector's: that in which it asks.

        Of a thread that may take what it does from a queue, these are only the ones that are equal.
        """
        if sent.work is not None and sent.work.is_piece:
            return sent.work
        return sent.place, sent.work, self.canonical(sent.request)

    def _text(self, sequence: Sequence[Sent]) -> _Text:
        asked = tuple(self.canonical(sent.request) for sent in sequence)
        return asked, tuple(sent.response.body if sent.response else b"" for sent in sequence)


_Who = tuple["OpenCall | None", tuple[int, int, Position], "Lane | None", "Work | None"]


def asking_now(calls: Sequence[OpenCall]) -> _Who:
    """Who asks here, and where that stands: the call, the place, the lane and the work of ``Sent``.

    Args:
        calls: Those of the scenario by now; the last is taken for what knows of none.
    """
    asker = current_asker()
    if asker is not None and asker.thread is None:
        return asker.call, (asker.call.number, 0, asker.lane.ask()), asker.lane, None
    if asker is not None:
        return asker.call, (asker.call.number, 0, asker.thread or ()), asker.lane, asker.work
    if calls and calls[-1].is_under_way:
        call = calls[-1]
        return call, (call.number, 0, call.lane.beside()), call.lane, work_of_thread()
    return None, (len(calls), 1, ()), None, None


def lanes_in(sent: Sequence[Sent]) -> Lanes:
    """The lanes of the requests of one call, in their order, which are numbered from 0."""
    return lanes_of(_asked(sent))


def lanes_by_number(asked: Iterable[tuple[int, Sent]]) -> Lanes:
    """The lanes of what the tasks of one call have asked for, by the numbers of its interactions.

    Args:
        asked: Each number, with the request. Those of threads are left out: nobody knows when they run.
    """
    of_tasks = sorted((each for each in asked if not each[1].is_of_thread), key=lambda each: each[1].place)
    numbers = [number for number, _ in of_tasks]
    return with_numbers(lanes_in([sent for _, sent in of_tasks]), dict(enumerate(numbers)))


def _asked(sent: Sequence[Sent]) -> list[Asked]:
    return [
        Asked(number, each.place[2], each.lane.ends, _sequence_in_thread(number, each.work))
        for number, each in enumerate(sent)
        if each.lane is not None
    ]


def _sequence_in_thread(number: int, work: Work | None) -> Hashable | None:
    return work if work is None or work.is_piece else number
