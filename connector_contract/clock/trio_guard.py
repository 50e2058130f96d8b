"""Refuse trio where it begins to run: it waits in ways of its own, which no clock here can jump over."""

from __future__ import annotations

import sys
from typing import Any

from connector_contract.errors import UsageError


def refuse_running_trio() -> None:
    """Refuse to be called by a task of trio.

    Raises:
        UsageError: This is one.
    """
    if (trio := sys.modules.get("trio")) is None:
        return
    try:
        trio.lowlevel.current_trio_token()
    except RuntimeError:
        return  # It is imported, and does not run here.
    raise _refused()


def refuse_trio(caller: str, *_arguments: Any) -> None:
    """Refuse a call that trio makes when it begins to run, or whenever it looks at its clock.

    Args:
        caller: The name of the module that calls.

    Raises:
        UsageError: It is trio.
    """
    if caller.startswith("trio."):
        raise _refused()


def _refused() -> UsageError:
    return UsageError(
        "trio runs the scenario, and a replay has a clock of its own, which trio cannot read.",
        remedy="Run it with asyncio: for anyio, let the fixture anyio_backend return 'asyncio'.",
    )
