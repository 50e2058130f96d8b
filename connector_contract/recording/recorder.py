"""Keep what a connector asks a live upstream, each request where the call and task that asked it stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector_contract.recording.call import Failure
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.lanes import Lane, Position, Work, current_asker, work_of_thread
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
        lane: The task that asked, or the call's own line of execution; ``None`` in a thread of its own.
        work: What that thread does.
        overlapping: The lanes of tasks that the connector had started, and not waited for.
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
    overlapping: tuple[Lane, ...] = ()
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
        return self.lane is None and self.call is not None

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
        asker = current_asker()
        if asker is not None and asker.thread is None:
            call, lane = asker.call, asker.lane
            sent = Sent(request, call, (call.number, 0, lane.step()), lane, overlapping=lane.ask())
        elif asker is not None:
            sent = Sent(request, asker.call, (asker.call.number, 0, asker.thread or ()), work=asker.work)
        elif calls and calls[-1].is_under_way:
            place = (calls[-1].number, 0, calls[-1].lane.beside())
            sent = Sent(request, calls[-1], place, work=work_of_thread())
        else:
            sent = Sent(request, None, (len(calls), 1, ()))
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
        return [
            each
            for call, sent in of_calls.items()
            if isinstance(call.outcome, Failure) or any(each.given_up for each in sent)
            for each, is_concurrent in zip(sent, are_concurrent(sent), strict=True)
            if is_concurrent and each.is_answered and each.request.method in _READS
        ]

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


def are_concurrent(sent: Sequence[Sent]) -> list[bool]:
    """For each request of one call, whether it was sent while another one was under way.

    Of threads nobody knows when each runs: they are taken to run at the same time.
    """
    of_threads = [each for each in sent if each.lane is None]
    pieces = {each.work for each in of_threads if each.work is not None and each.work.is_piece}
    is_one_piece = len(pieces) == 1 and all(each.work in pieces for each in of_threads)
    threads = len(of_threads) > 1 and not is_one_piece
    concurrent = {each.lane: each.lane.is_concurrent for each in sent if each.lane is not None}
    return [
        threads if each.lane is None else concurrent[each.lane] or any(lane.asks for lane in each.overlapping)
        for each in sent
    ]
