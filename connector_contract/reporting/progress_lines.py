"""How far a recording has come, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from connector_contract.reporting.messages import counted

_RESUME = "--record-resume"


def progress_line(
    number: int, of: int, nodeid: str, requests: int, seconds: float, *, is_recorded: bool
) -> str:
    """The line for a scenario that has ended.

    Args:
        number: How many have ended by now, from 1.
        of: How many there are to record.
        nodeid: The test.
        requests: How many were recorded, for what it shares with others, too.
        seconds: How long it took.
        is_recorded: Whether its recording is good.
    """
    what = counted(requests, "request") if is_recorded else "not recorded"
    return f"recording {number} of {of}: {nodeid}: {what}, {seconds:.1f} s"


def left_lines(finished: int, left: int, arguments: Sequence[str], *, resumable: bool) -> list[str]:
    """The lines that say how to go on with a recording that was stopped; none if nothing is left.

    Args:
        finished: How many scenarios are done.
        left: How many are not.
        arguments: Those that pytest was called with.
        resumable: Whether it is a rewrite, which starts over unless it is told to go on.
    """
    if not left:
        return []
    more = [_RESUME] if resumable and _RESUME not in arguments else []
    return [
        f"{counted(finished, 'scenario')} done, {left} left to record. Go on:",
        f"  {shlex.join(['pytest', *arguments, *more])}",
    ]
