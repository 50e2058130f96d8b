"""The requests of a cassette whose calls are replayed alone: which interaction is one of them?

All that depends on the cassette alone is found out once here, for however many replays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from connector_contract.errors import UnmatchedRequest
from connector_contract.recording import mismatch
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Cassette, Interaction, Request
from connector_contract.recording.matching import RequestKeys
from connector_contract.recording.mismatch import Place
from connector_contract.recording.recorded_times import RecordedTimes


class RecordedRequests:
    """Them.

    Args:
        cassette: What was recorded, or would be stored.
        key: What equal requests have in common.

    Attributes:
        keys: The keys of all requests so far.
        times: What of the requests moves with the clock.
    """

    def __init__(self, cassette: Cassette, key: Callable[[Request], Hashable]) -> None:
        self.keys = RequestKeys(key)
        self.times = RecordedTimes(cassette.requests)
        self._cassette = cassette
        self._by_key: dict[Hashable, list[int]] = defaultdict(list)
        for number, interaction in enumerate(cassette.interactions, 1):
            self._by_key[self.keys.of(interaction.request)].append(number)
        self._unmatched: dict[Request, UnmatchedRequest] = {}

    def interaction(self, number: int) -> Interaction:
        """One of the cassette's, by its number from 1."""
        return self._cassette.interactions[number - 1]

    def numbers_of(self, request: Request) -> Sequence[int]:
        """The numbers of the interactions whose request equals a normalized one."""
        return self._by_key.get(self.keys.of(request), ())

    def number_of(self, call: Call) -> int:
        """Which of the cassette's calls it is, from 1; 0 if it is none of them."""
        return next((number for number, each in enumerate(self._cassette.calls, 1) if each is call), 0)

    def own_first(self, call: Call) -> Sequence[Request]:
        """All recorded requests, the call's own first."""
        own = frozenset(call.interactions)
        others = (request for number, request in enumerate(self._cassette.requests, 1) if number not in own)
        return [*(self.interaction(number).request for number in call.interactions), *others]

    @property
    def may_be_given_up(self) -> bool:
        """Whether there are requests that the connector gave up."""
        return bool(self._cassette.given_up)

    def gave_up(self, request: Request) -> Mapping[int, str | None]:
        """The calls that gave up a request that equals a normalized one, each with the timeout that did."""
        key = self.keys.of(request)
        equal = [each for each in self._cassette.given_up if self.keys.of(each.request) == key]
        return {each.call: each.timeout for each in equal}

    def unmatched(self, made: Request, place: Place) -> UnmatchedRequest:
        """The error to raise for a normalized request that is none of them.

        Which of them is the nearest takes long to find: broken calls often ask for the same.
        """
        if made not in self._unmatched:
            self._unmatched[made] = mismatch.unmatched(made, self._cassette.interactions, (), place, ())
        found = self._unmatched[made]
        error = UnmatchedRequest(found.what, where=found.where, details=found.details, remedy=found.remedy)
        error.asks = found.asks
        return error
