"""Have a recording not depend on which of several concurrent requests was answered first.

When one request of ``asyncio.gather`` fails, others have been answered just before, or just not: that is
another recording each time. So what a call turns out not to need the response of counts as given up, whenever
the response came. A replay shows what it needs: it asks the same each time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from connector_contract.recording.interactions import Cassette, GivenUp
from connector_contract.recording.recorder import Sent

# Each costs a replay of the whole scenario.
_TRIES = 20
_ERRORS = 400


async def settled(
    racing: Sequence[Sent],
    stored: Callable[[], Cassette],
    given_up_in_replay: Callable[[Cassette], Awaitable[tuple[GivenUp, ...] | None]],
) -> Cassette:
    """What would be stored, without the responses that no call needs.

    Args:
        racing: The requests of which a call may not have needed the response. Those that it did not need
            count as given up from now on.
        stored: Puts together what would be stored by now.
        given_up_in_replay: Which requests a replay gives up; ``None`` if it differs from the recording.
    """

    async def give_up(tried: Sequence[Sent]) -> None:
        for sent in tried:
            sent.given_up = True
        if await given_up_in_replay(stored()) is None:
            for sent in tried:
                sent.given_up = False

    # Most often, an error of one is what a call has failed of, and it needs no other.
    if successes := [sent for sent in racing if sent.response and sent.response.status < _ERRORS]:
        await give_up(successes)
    left = [sent for sent in racing if not sent.given_up]
    for sent in left if len(left) <= _TRIES else ():
        await give_up([sent])
    cassette = stored()
    given_up = await given_up_in_replay(cassette)
    return cassette if given_up is None else replace(cassette, given_up=given_up)
