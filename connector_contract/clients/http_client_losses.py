"""How a connection of ``http.client`` fails, and of what is built on it.

That is urllib3, requests, botocore and httplib2. Each makes its own errors of what happens at its socket.
urllib3's connections are in vcrpy's place, so here are the errors that they make of it.
"""

from __future__ import annotations

import errno
import socket
from http.client import HTTPResponse
from importlib import import_module
from io import BytesIO
from typing import Any

from connector_contract.clients.cut_off import cut_off
from connector_contract.clock.virtual_waits import sleep
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Loss, Lost

# After so many seconds a system gives up to connect: Linux by default.
_OF_THE_SYSTEM = 127


def is_unconnected(loss: Loss) -> bool:
    """Whether no connection comes about."""
    return loss.how in (Lost.REFUSED, Lost.CONNECT_TIMEOUT)


def not_connected(connection: Any, loss: Loss) -> Exception:
    """What a connection raises that does not come about, once it has waited for that.

    Args:
        connection: The real one, that vcrpy's stands for.
        loss: How it fails.
    """
    if loss.how is Lost.REFUSED:
        return _raised_by(connection, ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"))
    seconds = _timeout(connection)
    sleep(_OF_THE_SYSTEM if seconds is None else seconds)
    if seconds is None:
        return _raised_by(connection, TimeoutError(errno.ETIMEDOUT, "Connection timed out"))
    return _raised_by(connection, TimeoutError("timed out"))


def not_answered(connection: Any, loss: Loss) -> Exception:
    """What a connection raises whose response does not come, once it has waited for that.

    Raises:
        CallAborted: It would wait for ever.
    """
    seconds = _timeout(connection)
    if seconds is None:
        loss.never_answered()
    sleep(seconds)
    return TimeoutError("timed out")


def broken_off(method: str, response: Response) -> HTTPResponse:
    """A response of ``http.client`` whose connection is closed in the middle of its body.

    Args:
        method: Of its request.
        response: What comes of it.
    """
    made = HTTPResponse(_Socket(cut_off(response)), method=method)  # type: ignore[arg-type] # it asks for no more
    made.begin()
    return made


class _Socket:
    """A socket that has received something, and is closed."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._received)


def _timeout(connection: Any) -> float | None:
    seconds = connection.timeout
    # A library has an object of its own for the timeout that all sockets have.
    return seconds if isinstance(seconds, (int, float)) else socket.getdefaulttimeout()


def _raised_by(connection: Any, error: OSError) -> Exception:
    if not any(each.__module__.endswith("urllib3.connection") for each in type(connection).__mro__):
        return error
    errors = import_module("urllib3.exceptions")
    if isinstance(error, TimeoutError):
        said = f"Connection to {connection.host} timed out. (connect timeout={connection.timeout})"
        made: Exception = errors.ConnectTimeoutError(connection, said)
    else:
        made = errors.NewConnectionError(connection, f"Failed to establish a new connection: {error}")
    made.__cause__ = error
    return made
