"""Play recorded interactions, strictly: each answers one request, and a request has to equal it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations, takewhile

from connector_contract.recording.call import Call
from connector_contract.recording.concurrency import Lanes, Position, are_free, needed, places_in
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request
from connector_contract.recording.matching import RequestKeys

_READS = ("GET", "HEAD")
_Order = tuple[int, int, bool]
"""Where in a recording something stands: its call, its place in the call, and what comes first there."""


class Player:
    """Which interactions of a cassette have been played, and which are left.

    All requests that it is given are normalized, as those of the cassette are. Of equal requests, those that
    the same call made are played first, in their order; so it is with those that the connector gave up.

    Args:
        cassette: What was recorded.
        left_out: The numbers of interactions that are not to be played.
        writes: Whether a call may change the upstream, so that the order of what it writes counts.
    """

    def __init__(
        self,
        cassette: Cassette,
        left_out: Collection[int] = (),
        writes: Callable[[Call], bool] = lambda _call: False,
    ) -> None:
        self.recorded: Sequence[Interaction] = cassette.interactions
        self.writes = writes
        self._cassette = cassette
        self._keys = RequestKeys()
        self._unplayed: dict[Hashable, deque[int]] = defaultdict(deque)
        for number, interaction in enumerate(self.recorded, 1):
            if number not in left_out:
                self._unplayed[self._keys.of(interaction.request)].append(number)
        self._given_up: dict[Hashable, list[GivenUp]] = defaultdict(list)
        for given_up in cassette.given_up:
            self._given_up[self._keys.of(given_up.request)].append(given_up)
        self._held: dict[int, int] = {}
        self._played: set[int] = set()
        self._writes: dict[int, Sequence[int]] = {}
        self._writes_left: dict[int, deque[int]] = {}

    @property
    def left(self) -> list[int]:
        """The numbers of the interactions that have not been played, from 1."""
        return sorted(number for numbers in self._unplayed.values() for number in numbers)

    @property
    def given_up(self) -> tuple[GivenUp, ...]:
        """The requests that the connector gave up, each of the call that has given it up by now."""
        return tuple(
            replace(each, call=self._held.get(id(each), each.call)) for each in self._cassette.given_up
        )

    @property
    def not_given_up(self) -> list[Request]:
        """The requests that the connector gave up when this was recorded, and has not made now."""
        return [each.request for each in self._cassette.given_up if id(each) not in self._held]

    @property
    def held(self) -> tuple[GivenUp, ...]:
        """The requests that wait, or have waited, until the connector gives them up."""
        return tuple(each for each in self._cassette.given_up if id(each) in self._held)

    @property
    def may_hold(self) -> bool:
        """Whether the connector gave requests up when this was recorded."""
        return bool(self._given_up)

    def has(self, made: Request) -> bool:
        """Whether an interaction that equals a request is left."""
        return bool(self._unplayed.get(self._keys.of(made)))

    def holds(self, made: Request, call: int) -> bool:
        """Whether a request is one that the connector gave up, and so is to wait until it does again.

        Args:
            made: The request.
            call: The number of the call that makes it, from 1; 0 outside of any.
        """
        key = self._keys.of(made)
        if key not in self._given_up:
            return False
        next_held, next_played = self._next_given_up(key, call), self._next_number(key, call)
        if next_held is None or next_played is None:
            gave_up = any(each.call == call for each in self._given_up[key])
            return next_played is None and (next_held is not None or gave_up)
        own = self._calls.get(next_played) == call, next_held.call == call
        if own[0] != own[1]:
            return own[1]
        return (next_held.call, next_held.place, False) < self._order(next_played)

    def hold(self, made: Request, call: int) -> str | None:
        """Note that a request that ``holds`` now waits; the arguments are those of ``holds``.

        Returns:
            Which timeout of the connector's client ended it, as ``GivenUp`` has it.
        """
        given_up = self._next_given_up(self._keys.of(made), call)
        if given_up is None:
            return None
        self._held[id(given_up)] = call
        return given_up.timeout

    def take(self, made: Request, call: int) -> int | None:
        """The number of the first interaction left that equals a request, which then is played.

        Args:
            made: The request.
            call: The number of the call that makes it, from 1; 0 outside of any.
        """
        key = self._keys.of(made)
        number = self._next_number(key, call)
        if number is not None:
            self._unplayed[key].remove(number)
            self._played.add(number)
        return number

    def overtaken(self, number: int, call: int) -> list[int]:
        """The writes that a call had to make before one of its interactions, and has not made.

        Args:
            number: The interaction.
            call: The number of the call that makes its request now.
        """
        if not is_write(self.interaction(number).request) or self._calls.get(number) != call:
            return []
        left = self._writes_left.setdefault(call, deque(self.ordered_writes(call)))
        while left and left[0] in self._played and left[0] != number:
            left.popleft()
        before = takewhile(number.__ne__, left)
        missing = [each for each in before if each not in self._played and not self._are_free(each, number)]
        return self._without_equals_made(missing, number, call) if missing else []

    def ordered_writes(self, call: int) -> Sequence[int]:
        """The numbers of what a call writes, in their order; none if that does not count.

        Args:
            call: The number of the call.
        """
        if call not in self._writes:
            recorded = self._cassette.calls[call - 1 : call]
            numbers = [number for each in recorded for number in each.interactions]
            writes = [number for number in numbers if is_write(self.interaction(number).request)]
            self._writes[call] = writes if len(writes) > 1 and self.writes(recorded[0]) else ()
        return self._writes[call]

    def no_longer_in_turn(self, call: int, lanes: Lanes) -> tuple[int, int] | None:
        """Two writes of a call of which one was made after the other was answered, and now is not.

        Args:
            call: The number of the call.
            lanes: The lanes of what it asks for now, by the numbers of the interactions.

        Returns:
            The numbers of the one that was answered first, and of the other; ``None`` if all is as it was.
        """
        ordered = self.ordered_writes(call)
        if (
            not lanes
            or not ordered
            or needed(lanes, set(ordered)) == self._cassette.calls[call - 1].concurrent
        ):
            return None
        now = places_in(lanes)
        keys = Counter(map(self._key, ordered))
        # Of equal ones, each may stand for another.
        pairs = combinations([each for each in ordered if each in now and keys[self._key(each)] == 1], 2)
        return next((pair for pair in pairs if _free(pair, now) and not self._are_free(*pair)), None)

    def _without_equals_made(self, missing: Sequence[int], number: int, call: int) -> list[int]:
        """What is missing before an interaction, and for which no other lane has made the same."""
        writes = self.ordered_writes(call)
        made = Counter(self._key(each) for each in writes if each in self._played and each != number)
        first = takewhile(number.__ne__, writes)
        due = Counter(self._key(each) for each in first if not self._are_free(each, number))
        return [each for each in missing if made[self._key(each)] < due[self._key(each)]]

    def _are_free(self, one: int, other: int) -> bool:
        return _free((one, other), self._places)

    def _key(self, number: int) -> Hashable:
        return self._keys.of(self.interaction(number).request)

    def due(self, call: int) -> list[int]:
        """The numbers of the interactions of a call that have not been played."""
        return [number for number in self.left if self._calls.get(number) == call]

    def interaction(self, number: int) -> Interaction:
        """The interaction of a number."""
        return self.recorded[number - 1]

    def _next_number(self, key: Hashable, call: int) -> int | None:
        numbers = self._unplayed.get(key)
        if not numbers:
            return None
        if len(numbers) == 1:
            return numbers[0]
        own = (number for number in numbers if self._calls.get(number) == call)
        first = next(own, numbers[0])
        if first not in self._places or not self.overtaken(first, call):
            return first
        # Another lane may be where this one is not yet.
        return next((number for number in own if not self.overtaken(number, call)), first)

    def _next_given_up(self, key: Hashable, call: int) -> GivenUp | None:
        left = [each for each in self._given_up.get(key, ()) if id(each) not in self._held]
        return next((each for each in left if each.call == call), left[0] if left else None)

    def _order(self, number: int) -> _Order:
        call = self._calls.get(number, 0)
        own = self._cassette.calls[call - 1].interactions if call else ()
        return call, own.index(number) if own else number, True

    @cached_property
    def _calls(self) -> dict[int, int]:
        """The number of the call of each interaction."""
        calls = enumerate(self._cassette.calls, 1)
        return {number: call for call, each in calls for number in each.interactions}

    @cached_property
    def _places(self) -> dict[int, Position]:
        """Where each interaction that is in a lane of its call stands."""
        return {
            number: place
            for call in self._cassette.calls
            if call.concurrent
            for number, place in places_in(call.concurrent).items()
        }


def is_write(request: Request) -> bool:
    """Whether a request may change something, so that what comes before it matters."""
    return request.method not in _READS


def _free(pair: tuple[int, int], places: Mapping[int, Position]) -> bool:
    """Whether two interactions may come in any order, by where each that is in a lane stands."""
    one, other = (places.get(each) for each in pair)
    return one is not None and other is not None and are_free(one, other)
