"""Store what was recorded in the order in which a replay asks, so that two recordings are equal.

``lanes`` puts each request where its task stands among the tasks of its call. That order changes from one
recording to the next if the connector goes on with what was answered first, as with ``asyncio.as_completed``,
a queue, or a list that tasks append to. In a replay each response is there at once, so the order is always
the same. Only threads run in an order of their own there, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from connector_contract.recording.concurrency import Lanes, numbers_in
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.matching import RequestKeys
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.player import is_write
from connector_contract.recording.recorder import Recorder, Sent, lanes_in
from connector_contract.recording.unproven import Disordered, Trouble

# Each costs a replay of the whole scenario. One is enough, unless writes of several calls are out of order.
_TRIES = 5


@dataclass(frozen=True)
class Proof:
    """What a replay of a recording has shown.

    Attributes:
        trouble: What keeps it from being replayed; ``None`` if nothing does.
        asked: Where the replay has asked for each interaction.
        later: What keeps it from being replayed a day later; ``None`` if nothing does.
    """

    trouble: Trouble | None
    asked: AskedInReplay
    later: Trouble | None = None


@dataclass
class AskedInReplay:
    """Where a replay has asked for each recorded interaction.

    All requests are normalized, as those of a cassette are.
    """

    _recorder: Recorder = field(default_factory=lambda: Recorder(lambda made: f"{made} {made.body!r}"))
    _numbers: dict[int, int] = field(default_factory=dict)
    _of_calls: dict[int, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    _keys: RequestKeys = field(default_factory=RequestKeys)

    def note(self, number: int, made: Request, response: Response, call: OpenCall) -> None:
        """Note that the interaction of a number is played now, to whoever asks here.

        Args:
            number: The interaction, from 1.
            made: The request.
            response: The response.
            call: The call that is replayed.
        """
        sent = self._recorder.send(made, [call])
        self._recorder.record(sent, response)
        self._numbers[id(sent)] = number
        self._of_calls[call.number].append(sent)

    def of_call(self, call: int) -> list[tuple[int, Sent]]:
        """Who has asked for each interaction of a call, by the number of both."""
        return [(self._numbers[id(sent)], sent) for sent in self._of_calls[call]]

    @property
    def places(self) -> Mapping[int, Sent]:
        """Who has asked for each interaction, and where.

        Of equal requests, the first has the first response, whoever asks: their order has to stay.
        """
        equal: dict[Hashable, list[Sent]] = defaultdict(list)
        for sent in self._recorder.sent:
            equal[self._keys.of(sent.request)].append(sent)
        return {
            number: sent
            for group in equal.values()
            for number, sent in zip(sorted(self._numbers[id(each)] for each in group), group, strict=True)
        }


async def proved_in_order(
    recorder: Recorder,
    cassette: Cassette,
    stored: Callable[[], Cassette],
    prove: Callable[[Cassette], Awaitable[Proof]],
) -> tuple[Cassette, Proof]:
    """What would be stored in the order in which a replay asks, and what its replay has shown.

    Args:
        recorder: What was recorded; it has the order from now on.
        cassette: What would be stored in the order of the recording.
        stored: Puts together what would be stored by now.
        prove: Replays it.
    """
    proof = await prove(cassette)
    for _ in range(_TRIES):
        if proof.trouble is not None and not isinstance(proof.trouble.what, Disordered):
            break
        undo = put_in_order(recorder, proof.asked.places)
        if undo is None:
            break
        in_order = stored()
        again = await prove(in_order)
        if again.trouble is not None and proof.trouble is None:
            undo()
            break
        cassette, proof = in_order, again
    return cassette, proof


def put_in_order(recorder: Recorder, places: Mapping[int, Sent]) -> Callable[[], None] | None:
    """Put what was recorded where a replay has asked for it.

    Args:
        recorder: What was recorded.
        places: Where a replay has asked for each interaction, by its number.

    Returns:
        What undoes it; ``None`` if all was there already.
    """
    recorded = [sent for sent, _ in recorder.interactions()]
    before, writes = _order(recorder.sent), _writes_in_turn(recorder.sent)
    places_before = [(sent, _place(sent)) for sent in recorded]
    for number, sent in enumerate(recorded, 1):
        if number in places:
            _put(sent, _place(places[number]))

    def undo() -> None:
        for sent, place in places_before:
            _put(sent, place)

    if _order(recorder.sent) == before:
        return None
    in_turn = frozenset(writes)
    if [each for each in map(id, recorder.sent) if each in in_turn] != writes:
        # The upstream has answered each of them after the one before it.
        undo()
        return None
    return undo


_Place = tuple[object, ...]
_ATTRIBUTES = ("place", "lane", "work")


def _place(sent: Sent) -> _Place:
    return tuple(getattr(sent, name) for name in _ATTRIBUTES)


def _put(sent: Sent, place: _Place) -> None:
    for name, value in zip(_ATTRIBUTES, place, strict=True):
        setattr(sent, name, value)


def _writes_in_turn(sent: Sequence[Sent]) -> list[int]:
    """The writes that were made one after another, beside nothing else, in their order."""
    groups = [(group, numbers_in(lanes_in(group))) for group in _of_calls(sent)]
    return [
        id(each)
        for group, in_lanes in groups
        for number, each in enumerate(group)
        if number not in in_lanes and is_write(each.request)
    ]


def _order(sent: Sequence[Sent]) -> list[tuple[list[int], Lanes]]:
    """The requests of each call in their order, with the lanes that they are in."""
    return [(list(map(id, group)), lanes_in(group)) for group in _of_calls(sent)]


def _of_calls(sent: Sequence[Sent]) -> Sequence[Sequence[Sent]]:
    """The requests of each call, and those outside of any."""
    of_calls: dict[OpenCall | None, list[Sent]] = {}
    for each in sent:
        of_calls.setdefault(each.call, []).append(each)
    return list(of_calls.values())
