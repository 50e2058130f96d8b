"""Which times of what was recorded move with the clock, and what is stored in their places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping

from connector_contract.config import ConnectorUnderTest
from connector_contract.recording.coded_responses import as_sent
from connector_contract.recording.declared_times import declared_in
from connector_contract.recording.interactions import Cassette, Request
from connector_contract.recording.mismatch import Place
from connector_contract.recording.recorder import Recorder, Sent
from connector_contract.recording.relative_times import Span
from connector_contract.recording.request_times import may_have_times, spots_of

# A number that is further away from now, in seconds, is an id or a size.
_NEAR = 10 * 366 * 86_400
Later = Callable[[Cassette], Awaitable[Mapping[int, Mapping[int, str]]]]
"""Replays a recording with the clock a day later: gives what ``LaterSource.moved`` has."""


async def note_moving_times(
    stored: Callable[[], Cassette],
    played: int,
    recorder: Recorder,
    connector: ConnectorUnderTest,
    place: Place,
    later: Later,
) -> bool:
    """Have the requests that were recorded know which of their times move with the clock.

    Args:
        stored: Puts together what would be stored by now.
        played: How many of its interactions are from before.
        recorder: What was recorded now.
        connector: The connector under test.
        place: The scenario, for messages.
        later: Replays it later; not called if there is nothing that reads as a time.

    Returns:
        Whether there are any.

    Raises:
        UsageError: A time is not what the author has declared.
    """
    cassette = stored()
    requests = cassette.requests
    new = [
        (number, sent)
        for number, sent in _new_requests(cassette, played, recorder)
        if sent.call is not None and _has_times(requests[number - 1], sent.call.started)
    ]
    if not new:
        return False
    # Which of its responses a connector decodes itself, nobody knows yet; as they were sent, it reads all.
    with as_sent(recorder.coded):
        moved = await later(stored())
    for number, sent in new:
        started = sent.call.started if sent.call else 0.0
        span = Span(started, max(started, sent.at))
        declared = declared_in(requests[number - 1], connector.times, span, place.where)
        sent.times = {**moved.get(number, {}), **declared}
    return any(sent.times for _, sent in new)


def _has_times(request: Request, now: float) -> bool:
    """Whether something in a request reads as a time."""
    times = [spot.time for spot in spots_of(request)] if may_have_times(request) else []
    return any(each and (each.instant is None or abs(each.instant - now) < _NEAR) for each in times)


def _new_requests(cassette: Cassette, played: int, recorder: Recorder) -> Iterator[tuple[int, Sent]]:
    """Each request that was recorded, with its number among all of the cassette, from 1."""
    yield from enumerate((sent for sent, _ in recorder.interactions()), played + 1)
    given_up = [sent for sent in recorder.sent if sent.given_up and sent.call is not None]
    if len(given_up) == len(cassette.given_up):
        yield from enumerate(given_up, len(cassette.interactions) + 1)
