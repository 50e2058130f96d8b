"""Play recorded interactions, strictly: each answers one request, and a request has to equal it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence

from connector_contract.recording.interactions import Cassette, Interaction, Request
from connector_contract.recording.matching import RequestKeys


class Player:
    """Which interactions of a cassette have been played, and which are left.

    All requests that it is given are normalized, as those of the cassette are.

    Args:
        cassette: What was recorded.
    """

    def __init__(self, cassette: Cassette) -> None:
        self.recorded: Sequence[Interaction] = cassette.interactions
        self._keys = RequestKeys()
        self._unplayed: dict[Hashable, deque[int]] = defaultdict(deque)
        for number, interaction in enumerate(self.recorded, 1):
            self._unplayed[self._keys.of(interaction.request)].append(number)
        self._given_up = {self._keys.of(each.request) for each in cassette.given_up}

    @property
    def left(self) -> list[int]:
        """The numbers of the interactions that have not been played, from 1."""
        return sorted(number for numbers in self._unplayed.values() for number in numbers)

    @property
    def may_hold(self) -> bool:
        """Whether the connector gave requests up when this was recorded."""
        return bool(self._given_up)

    def has(self, made: Request) -> bool:
        """Whether an interaction that equals a request is left."""
        return bool(self._unplayed.get(self._keys.of(made)))

    def holds(self, made: Request) -> bool:
        """Whether a request is one that the connector gave up, and so is to wait until it does again."""
        return bool(self._given_up) and self._keys.of(made) in self._given_up and not self.has(made)

    def take(self, made: Request) -> int | None:
        """The number of the first interaction left that equals a request, which then is played."""
        numbers = self._unplayed.get(self._keys.of(made))
        return numbers.popleft() if numbers else None

    def interaction(self, number: int) -> Interaction:
        """The interaction of a number."""
        return self.recorded[number - 1]
