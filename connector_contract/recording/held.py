"""Requests that wait, as they did when they were recorded, until the connector gives them up."""

from __future__ import annotations

import asyncio
import contextvars

_HELD: contextvars.ContextVar[bool] = contextvars.ContextVar("held", default=False)


def hold(held: bool) -> None:
    """Say of the request that is being made here whether it is to wait."""
    _HELD.set(held)


async def wait_if_held() -> None:
    """Wait, without end, if the request that is being made here is to wait; its task has to be cancelled."""
    if _HELD.get():
        await asyncio.get_running_loop().create_future()
