"""Which recorded requests a test that has failed in its middle should have made by then."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from connector_contract.recording.call import Call


def never_made(
    recorded: Sequence[Call], made: int, left: Collection[int], *, ends_with_walk: bool
) -> list[int]:
    """The numbers of the interactions that the calls made by now have recorded, and have not asked for.

    Args:
        recorded: The calls of the cassette.
        made: How many calls have been made.
        left: The numbers of the interactions that were not played.
        ends_with_walk: Whether the last call was the last page of a walk: it has stopped there.
    """
    over = made
    while ends_with_walk and 0 < over < len(recorded) and _goes_on(recorded[made - 1], recorded[over]):
        over += 1
    return sorted(number for call in recorded[:over] for number in call.interactions if number in left)


def _goes_on(call: Call, following: Call) -> bool:
    """Whether a recorded call asks for a later page of what another asks for."""
    is_later = bool((following.asked.get("page") or {}).get("token"))
    same = following.asked.get("request") == call.asked.get("request")
    return is_later and same and following.capability == call.capability
