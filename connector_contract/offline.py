"""Keep a replay off the network: pytest-recording's guard, with a verdict for whoever tries."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from pytest_recording import network

from connector_contract.errors import ContractError, NetworkAccess


@contextmanager
def no_network(report: Callable[[ContractError], ContractError]) -> Iterator[None]:
    """Refuse every connection, this machine's own ports included, as long as the context lasts.

    Args:
        report: Told of each attempt, because a connector may swallow the error that it gets.
    """

    def watched(connect: Callable[..., Any]) -> Callable[..., Any]:
        def connect_or_report(sock: socket.socket, address: Any, *args: Any) -> Any:
            try:
                return connect(sock, address, *args)
            except RuntimeError as error:
                raise report(_refused(address)) from error

        return connect_or_report

    with (
        network.blocking_context(),
        mock.patch.object(socket.socket, "connect", watched(socket.socket.connect)),
        mock.patch.object(socket.socket, "connect_ex", watched(socket.socket.connect_ex)),
    ):
        yield


def _refused(address: Any) -> NetworkAccess:
    return NetworkAccess(
        f"The connector tried to connect to {address!r} in a replay, which has no network.",
        remedy="Have the connector call its upstream through httpx or another HTTP client that vcrpy knows;\n"
        "then the harness can record what it asks, and replay it.",
    )
