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


def left_lines(
    finished: int, left: int, arguments: Sequence[str], mode: str, *, is_listed: bool
) -> list[str]:
    """The lines that say how to go on with a recording that was stopped; none if nothing is left.

    Args:
        finished: How many scenarios are done.
        left: How many are not.
        arguments: Those that pytest was called with.
        mode: The record mode.
        is_listed: Whether it is a rewrite that keeps a list of what it has finished.
    """
    if not left:
        return []
    how = "Start over" if mode in ("all", "rewrite") and not is_listed else "Go on"
    more = [_RESUME] if is_listed and _RESUME not in arguments else []
    return [
        f"{counted(finished, 'scenario')} done, {left} left to record. {how}:",
        f"  {shlex.join(['pytest', *arguments, *more])}",
    ]
