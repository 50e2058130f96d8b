"""Times of recorded requests that move with the clock, and the requests of a replay that have them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import count

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import request_key
from connector_contract.recording.relative_times import Span, relative_of
from connector_contract.recording.request_times import (
    Spot,
    has_relative_times,
    key_without_times,
    spots_of,
    with_texts,
)

_Recorded = tuple[Request, Sequence[Spot]]


class RecordedTimes:
    """The recorded requests with times that move with the clock.

    Args:
        recorded: All recorded requests.
    """

    def __init__(self, recorded: Iterable[Request]) -> None:
        self._all = list(recorded)
        self._moving = list(dict.fromkeys(filter(has_relative_times, self._all)))
        self._by_key: dict[Hashable, list[_Recorded]] = {}

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._moving)

    def read(
        self, made: Request, span: Span, is_left: Callable[[Request], bool], *, guesses: bool
    ) -> Request:
        """The recorded request that a request is by now; the request itself if it is none.

        A time that moves is the same, on one day, as one that does not: so what is left counts first.

        Args:
            made: As the connector makes it, normalized.
            span: When it may have read the clock.
            is_left: Whether a recorded request has not been made yet.
            guesses: Whether a request that is no recorded one is to have its times as the likeliest has
                them, so that a message shows what differs.
        """
        spots = spots_of(made)
        if not spots:
            return made
        like = self._like(key_without_times(made, spots))

        def is_this(places: Sequence[Spot]) -> bool:
            return all(fits(old, new, span) for old, new in zip(places, spots, strict=True))

        # Of many that are alike, such as one for each day, most have been made by now.
        left = (recorded for recorded, places in like if is_left(recorded) and is_this(places))
        made_before = (recorded for recorded, places in like if is_this(places))
        if (recorded := next(left, None) or next(made_before, None)) is not None:
            return recorded
        if not guesses or request_key(made) in self._keys:
            return made
        return with_texts(made, self._guessed(made, spots, span))

    def _like(self, key: Hashable) -> Sequence[_Recorded]:
        """The recorded requests that differ from one in times alone."""
        if not self._by_key:
            recorded = [(request, spots_of(request)) for request in dict.fromkeys(self._all)]
            self._by_key = defaultdict(list)
            for request, spots in recorded:
                self._by_key[key_without_times(request, spots)].append((request, spots))
        return self._by_key.get(key, ())

    @cached_property
    def _keys(self) -> set[Hashable]:
        return set(map(request_key, self._all))

    def _guessed(self, made: Request, spots: Sequence[Spot], span: Span) -> dict[Spot, str]:
        """What the times of a request are in the terms of the likeliest recorded one."""
        own = set(by_place(spots))

        def likeness(recorded: Request) -> tuple[bool, int]:
            path = _path(recorded) == _path(made)
            return path, len(own & set(by_place(spots_of(recorded))))

        likeliest = max(self._moving, key=likeness)
        places = by_place(spots_of(likeliest)) if likeness(likeliest)[0] else {}
        guessed = {}
        for place, spot in by_place(spots).items():
            relative = relative_of(places[place].text) if place in places else None
            if relative is not None and spot.time is not None:
                shown = relative if relative.fits(spot.time, span) else relative.now_as(spot.time, span)
                guessed[spot] = spot.text if shown is None else str(shown)
        return guessed


def fits(recorded: Spot, made: Spot, span: Span) -> bool:
    """Whether a time of a request is the recorded one."""
    relative = relative_of(recorded.text)
    if relative is None or made.time is None:
        return recorded.text == made.text
    return relative.fits(made.time, span)


def by_place(spots: Sequence[Spot]) -> dict[tuple[str, int], Spot]:
    """Times by their places, and the how-manyeth of its place each is."""
    numbers: dict[str, Iterator[int]] = defaultdict(count)
    return {(spot.place, next(numbers[spot.place])): spot for spot in spots}


def _path(request: Request) -> Hashable:
    """Method and path of a request, without the times in it."""
    in_path = {spot: "<time>" for spot in spots_of(request) if spot.place == "path"}
    return request.method, with_texts(request, in_path).uri.partition("?")[0]
