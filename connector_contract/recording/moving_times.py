"""Which times of what was recorded move with the clock, and what is stored in their places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping

from connector_contract.config import ConnectorUnderTest
from connector_contract.recording.declared_times import declared_in
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.mismatch import Place
from connector_contract.recording.recorder import Recorder, Sent
from connector_contract.recording.relative_times import Span
from connector_contract.recording.request_times import may_have_times

Later = Callable[[], Awaitable[Mapping[int, Mapping[int, str]]]]
"""Replays the recording with the clock a day later: gives what ``LaterSource.moved`` has."""


async def note_moving_times(
    cassette: Cassette,
    played: int,
    recorder: Recorder,
    connector: ConnectorUnderTest,
    place: Place,
    later: Later,
) -> bool:
    """Have the requests that were recorded know which of their times move with the clock.

    Args:
        cassette: What would be stored.
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
    new = [
        pair
        for pair in _new_requests(cassette, played, recorder)
        if may_have_times(cassette.requests[pair[0] - 1])
    ]
    if not new:
        return False
    moved = await later()
    for number, sent in new:
        request = cassette.requests[number - 1]
        started = sent.call.started if sent.call else sent.at
        declared = declared_in(request, connector.times, Span(started, max(started, sent.at)), place.where)
        sent.times = {**moved.get(number, {}), **declared}
    return any(sent.times for _, sent in new)


def _new_requests(cassette: Cassette, played: int, recorder: Recorder) -> Iterator[tuple[int, Sent]]:
    """Each request that was recorded, with its number among all of the cassette, from 1."""
    yield from enumerate((sent for sent, _ in recorder.interactions()), played + 1)
    given_up = [sent for sent in recorder.sent if sent.given_up and sent.call is not None]
    if len(given_up) == len(cassette.given_up):
        yield from enumerate(given_up, len(cassette.interactions) + 1)
