"""Put together what a cassette is to hold: the interactions, and the calls that they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector_contract.recording.call import Call
from connector_contract.recording.concurrency import Lanes, Position, needed, side_by_side, with_numbers
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.player import is_write
from connector_contract.recording.recorder import Recorder, Sent, lanes_in
from connector_contract.recording.request_times import with_relative
from connector_contract.storage.snapshot_format import readable


def assemble(
    kept: Cassette, calls: Sequence[OpenCall], recorder: Recorder, normalizer: Normalizer
) -> Cassette:
    """The cassette of a scenario by now.

    What was recorded before, and is played, has the lanes that it had then: a replay asks in its own time.

    Args:
        kept: What stays of the cassette from before; empty for a new recording.
        calls: The calls, those that are under way left out.
        recorder: What the upstream was asked.
        normalizer: Of the scenario; knows all secrets by now.
    """
    pairs = list(recorder.interactions())
    numbers = {id(sent): number for number, (sent, _) in enumerate(pairs, len(kept.interactions) + 1)}
    new = [_interaction(sent, interaction, normalizer) for sent, interaction in pairs]
    of_calls: dict[int, list[Sent]] = {}
    for sent in recorder.sent:
        of_calls.setdefault(sent.call.number if sent.call else 0, []).append(sent)
    before = _Before.of(kept)
    given_up = [given for sent in of_calls.values() for given in _given_up(sent, normalizer)]
    # What a call gave up that is not made any more has nobody left who would do so again.
    given_up += [each for each in kept.given_up if each.call <= len(calls)]
    return Cassette(
        (*kept.interactions, *new),
        tuple(_call(call, of_calls.get(call.number, []), numbers, before, normalizer) for call in calls),
        tuple(sorted(given_up, key=lambda each: (each.call, each.place))),
        kept.form,
        kept.made_up,
    )


@dataclass(frozen=True)
class _Before:
    """What the calls of the cassette from before have.

    Attributes:
        lanes: The lanes of the call that each interaction is of.
        places: Where each interaction stands among all of its call.
    """

    lanes: Mapping[int, Lanes]
    places: Mapping[int, int]

    @classmethod
    def of(cls, kept: Cassette) -> _Before:
        return cls(
            {number: call.concurrent for call in kept.calls for number in call.at_once},
            {number: place for call in kept.calls for place, number in enumerate(call.interactions)},
        )


def _call(
    call: OpenCall,
    sent: Sequence[Sent],
    numbers: Mapping[int, int],
    before: _Before,
    normalizer: Normalizer,
) -> Call:
    recorded = {numbers[id(each)]: each for each in sent if id(each) in numbers}
    return Call(
        call.capability,
        call.outcome,
        normalizer.stored_request(readable(call.asked)),
        _in_order(call, {number: each.place[2] for number, each in recorded.items()}, before),
        side_by_side([*_kept_lanes(call.played, before), _lanes(recorded)]),
        tuple(dict.fromkeys(call.snapshots)),
        call.stopped_after,
    )


def _lanes(recorded: Mapping[int, Sent]) -> Lanes:
    """The lanes of what a call has recorded, where their order counts; by numbers."""
    lanes = with_numbers(lanes_in(list(recorded.values())), dict(enumerate(recorded)))
    return needed(lanes, [number for number, sent in recorded.items() if is_write(sent.request)])


def _kept_lanes(played: Sequence[int], before: _Before) -> list[Lanes]:
    """The lanes, of what was recorded before, of what a call was played."""
    own = {number: number for number in played if number in before.lanes}
    return [with_numbers(lanes, own) for lanes in dict.fromkeys(map(before.lanes.__getitem__, own))]


def _in_order(call: OpenCall, recorded: Mapping[int, Position], before: _Before) -> tuple[int, ...]:
    """The numbers of a call's interactions in their order, which counts where it writes.

    Args:
        call: The call.
        recorded: What it has recorded, each number with its place in the call.
        before: What the calls from before have.
    """
    numbers = [*call.played, *recorded]
    if recorded and call.played:
        places = {**call.places, **recorded}
        return tuple(sorted(numbers, key=lambda number: places.get(number, ())))
    return tuple(sorted(numbers, key=lambda number: before.places.get(number, number)))


def _interaction(sent: Sent, interaction: Interaction, normalizer: Normalizer) -> Interaction:
    stored = normalizer.interaction(interaction, sent.at)
    return replace(stored, request=with_relative(stored.request, sent.times)) if sent.times else stored


def _given_up(sent: Sequence[Sent], normalizer: Normalizer) -> list[GivenUp]:
    found, place = [], 0
    for each in sent:
        if each.is_answered:
            place += 1
        elif each.given_up:
            number = each.call.number if each.call else 0
            request = with_relative(normalizer.request(each.request), each.times)
            found.append(GivenUp(request, number, place, each.timeout))
    return found
