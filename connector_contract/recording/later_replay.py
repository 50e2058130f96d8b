"""Replay a recording as if it were a day later: what of its requests moves with the clock?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector_contract.errors import ContractError, UnmatchedRequest
from connector_contract.recording.interactions import Cassette, Request, Response
from connector_contract.recording.matching import differences, request_key
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.open_call import OpenCall
from connector_contract.recording.recorded_times import RecordedTimes, by_place, fits
from connector_contract.recording.relative_times import Relative, Span, measured
from connector_contract.recording.request_times import (
    Spot,
    key_without_times,
    spots_of,
    with_texts,
    without_times,
)
from connector_contract.recording.time_forms import in_local, in_utc
from connector_contract.recording.unlasting import Changed

_HOUR = 3600
# At this minute and second of its hour a later call begins.
_MINUTE = 17
# So many hours are at least between the times of day of a call and of the later one.
_APART = 3
# After so many requests that are not recorded, a call that goes on asking is ended.
_PATIENCE = 20
_DIGIT = re.compile(r"\d")


def a_day_later(started: float) -> float:
    """When a call is to begin that shows, beside one which began at a time, what moves with the clock.

    It is on the next day, and at another time of day. The date is the same then in UTC and in the time zone
    of this process, so that it does not matter which of them a connector takes.

    Args:
        started: In seconds since 1970.
    """
    today = max(in_utc(started).date(), in_local(started).date())
    midnight = datetime(today.year, today.month, today.day) + timedelta(days=1)
    first = (midnight - datetime(1970, 1, 1)) // timedelta(seconds=1) + _MINUTE * 61
    hour = in_utc(started).hour
    # The nearest to noon.
    for each in sorted(range(24), key=lambda each: abs(each - 12)):
        at = float(first + each * _HOUR)
        if in_utc(at).date() == in_local(at).date() and _APART <= abs(each - hour) <= 24 - _APART:
            return at
    raise AssertionError("no zone is more than 14 hours off")


@dataclass(frozen=True)
class _Recorded:
    """A recorded request that has not been made yet.

    Attributes:
        number: Which of all of the cassette it is, from 1; those last that the connector gave up.
        call: The number of the call that made it.
        request: It.
        spots: Its times.
    """

    number: int
    call: int
    request: Request
    spots: Sequence[Spot]


class LaterSource:
    """Plays each response to the request that differs from the recorded one in its times alone, if any.

    Args:
        cassette: What would be stored.
        normalizer: Knows the values of the replay.
        now: The clock of the replay, in seconds since 1970.

    Attributes:
        normalizer: It.
        call: The call that is under way.
        unmatched: Why the replay could not go on; ``None`` as long as it can.
        moved: What stands in the place of each time that moves with the clock: by the number of its request,
            and by which of that request's times it is, from 0.
        changed: The requests that have changed otherwise.
    """

    loses = False

    def __init__(self, cassette: Cassette, normalizer: Normalizer, now: Callable[[], float]) -> None:
        self.normalizer = normalizer
        self.unmatched: str | None = None
        self.moved: dict[int, dict[int, str]] = {}
        self.changed: list[Changed] = []
        self.call = OpenCall(0, "no call", {})
        times = RecordedTimes(cassette.requests)
        normalizer.expect(cassette.requests, times, guesses=False, key=without_times)
        self._cassette = cassette
        self._now = now
        self._call, self._started = 0, now()
        self._asked = 0
        self._taken: dict[Hashable, int] = {}
        self._left: dict[Hashable, list[_Recorded]] = defaultdict(list)
        calls = {number: call for call, each in enumerate(cassette.calls, 1) for number in each.interactions}
        calls |= {
            number: each.call for number, each in enumerate(cassette.given_up, len(cassette.interactions) + 1)
        }
        for number, request in enumerate(cassette.requests, 1):
            # What is asked for outside of calls, by a fixture say, nobody asks for now.
            if number in calls:
                spots = spots_of(request)
                recorded = _Recorded(number, calls[number], request, spots)
                self._left[key_without_times(request, spots)].append(recorded)

    def begin(self, call: int) -> None:
        """Note that a call of this number begins now."""
        self._call, self._started = call, self._now()
        self.normalizer.begin(self._started)

    def refuse(self, verdict: ContractError) -> ContractError:
        """Note that a connection was refused: what the replay by which the recording proves itself tells."""
        self.unmatched = self.unmatched or verdict.what
        return verdict

    def raises(self, error: Exception) -> bool:
        """Whether the error says that a request is not recorded."""
        return isinstance(error, UnmatchedRequest)

    def holds(self, request: Request) -> bool:
        """Whether the connector gave the request up when it was recorded."""
        if not self._cassette.given_up:
            return False
        made = self.normalizer.request(request)
        recorded = self._like(made, spots_of(made))
        return recorded is not None and recorded.number > len(self._cassette.interactions)

    def hold(self, request: Request) -> str | None:
        """Note that the request waits now."""
        number = self._take(self.normalizer.request(request)) or 0
        return self._cassette.given_up[number - len(self._cassette.interactions) - 1].timeout

    def play(self, request: Request) -> Response:
        """The recorded response."""
        made = self.normalizer.request(request)
        number = self._take(made) or self._again(made) or self._take_changed(made)
        if number is not None:
            return self.normalizer.restored(self._cassette.interactions[number - 1].response)
        error = UnmatchedRequest(f"The request is not recorded: {made}", remedy="Record it again.")
        self.unmatched = self.unmatched or error.what
        self._give_up(error)
        raise error

    def _give_up(self, error: ContractError) -> None:
        """End a call that goes on asking for what is not left."""
        self._asked += 1
        if self._asked > _PATIENCE:
            self.call.abort.end(error)

    def _again(self, made: Request) -> int | None:
        """The number of the same request if it was made before: a token has expired by now, say."""
        number = self._taken.get(without_times(made))
        if number is not None:
            self._give_up(UnmatchedRequest(f"It is made again and again: {made}", remedy="Record it again."))
        return number

    def _take(self, made: Request) -> int | None:
        """The number of the recorded request that this one is, from 1; ``None`` if none is left."""
        spots = spots_of(made)
        recorded = self._like(made, spots)
        return None if recorded is None else self._taken_as(recorded, made, spots)

    def _take_changed(self, made: Request) -> int | None:
        """The number of the request that the call has made in place of this one; ``None`` if none is left."""
        answered = len(self._cassette.interactions)
        left = (each for group in self._left.values() for each in group)
        own = [each for each in left if each.call == self._call and each.number <= answered]
        like = [each for each in own if _may_have_become(each.request, made)]
        if not like:
            return None
        recorded = min(like, key=lambda each: (len(differences(each.request, made)), each.number))
        return self._taken_as(recorded, made, spots_of(made))

    def _taken_as(self, recorded: _Recorded, made: Request, spots: Sequence[Spot]) -> int:
        key = key_without_times(recorded.request, recorded.spots)
        self._left[key].remove(recorded)
        if recorded.number <= len(self._cassette.interactions):
            self._taken[key] = recorded.number
        span = Span(self._started, self._now())
        now = by_place(spots)
        pairs = [(old, now[place]) for place, old in by_place(recorded.spots).items() if place in now]
        # What another call has asked for says nothing of the clock: that one began with other responses.
        own = pairs if recorded.call == self._call else []
        moved = {old: str(found) for old, new in own if (found := _measured(old, new, span)) is not None}
        if moved:
            self.moved[recorded.number] = {recorded.spots.index(old): text for old, text in moved.items()}
        same = {new: moved.get(old, old.text) for old, new in pairs if old in moved or fits(old, new, span)}
        before, after = with_texts(recorded.request, moved), with_texts(made, same)
        if request_key(before) != request_key(after):
            self.changed.append(Changed(str(self.call), before, after))
        return recorded.number

    def _like(self, made: Request, spots: Sequence[Spot]) -> _Recorded | None:
        """The first that is left, of the same call if there is one, whose times may be these by now."""
        left = self._left.get(key_without_times(made, spots), [])
        span = Span(self._started, self._now())

        def may_be(recorded: _Recorded) -> bool:
            pairs = zip(recorded.spots, spots, strict=True)
            return all(old.text == new.text or _measured(old, new, span) is not None for old, new in pairs)

        own = [recorded for recorded in left if recorded.call == self._call]
        return (
            next(filter(may_be, own), None)
            or next(filter(may_be, left), None)
            or next(iter(own or left), None)
        )


def _measured(recorded: Spot, later: Spot, span: Span) -> Relative | None:
    if recorded.time is None or later.time is None:
        return None
    return measured(recorded.time, later.time, span)


def _may_have_become(recorded: Request, made: Request) -> bool:
    """Whether a request may be the recorded one on another day: a word of a path stays the same."""
    old, new = (each.uri.partition("?")[0].split("/") for each in (recorded, made))
    if recorded.method != made.method or len(old) != len(new):
        return False
    # What comes before the path is the origin.
    words = zip(old[3:], new[3:], strict=True)
    return old[:3] == new[:3] and all(a == b or (_DIGIT.search(a) and _DIGIT.search(b)) for a, b in words)
