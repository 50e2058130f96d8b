"""A client that is used in another event loop than its own, which no client survives.

A connection of asyncio stays with the loop that it was opened in. Each test has a loop of its own, and so has
the replay that proves a recording: a client that the connector keeps in its module is then in a strange one.
What the client raises there ("Event loop is closed") tells nobody so.
"""

from __future__ import annotations

import asyncio
from weakref import ReferenceType, WeakKeyDictionary, ref

from connector_contract.errors import OtherEventLoop

# The loop in which each client, or its transport, had its last response.
_USED_IN: WeakKeyDictionary[object, ReferenceType[asyncio.AbstractEventLoop]] = WeakKeyDictionary()


def note_use(client: object) -> None:
    """Note that a client has connections of the loop that runs now."""
    _USED_IN[client] = ref(asyncio.get_running_loop())


def has_other_loop(client: object) -> bool:
    """Whether a client may have connections of another loop than the one that runs now."""
    used_in = _USED_IN.get(client)
    return used_in is not None and used_in() is not asyncio.get_running_loop()


def other_event_loop(client: str) -> OtherEventLoop:
    """The verdict on a client that is used in another event loop.

    Args:
        client: What it is, such as ``httpx.AsyncClient``.
    """
    return OtherEventLoop(
        f"The connector uses one {client} in several event loops.",
        details=[
            "Each test has an event loop of its own, and so has the replay that proves a recording.",
            "This client is of an earlier one, and its connections work in no other.",
        ],
        remedy="Make the client in the capability, as connector-py's clients are made. If the connector is\n"
        "to keep it, give a function that makes it forget the client, for each scenario and each\n"
        "replayed call: ConnectorUnderTest(reset=...).",
    )
