"""What a replayed call leaves running."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

# Of the clock's time, which does not pass.
_SECONDS = 100


async def finished(others: Collection[asyncio.Task[Any]]) -> None:
    """Let the tasks that the connector has started, and not waited for, come to their end.

    One that never does, such as a timer, is left running.

    Args:
        others: The tasks that there were before.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + _SECONDS
    while (left := asyncio.all_tasks().difference(others)) and loop.time() < end:
        await asyncio.wait(left, timeout=end - loop.time())
