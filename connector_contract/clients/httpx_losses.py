"""How a connection fails in httpx, or in a fork of it: what its transports raise, and after how long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from connector_contract.clients.cut_off import whole_length
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Loss, Lost

OF_THE_SYSTEM = 127.0
"""After so many seconds a system gives up to connect, if the client has no timeout: Linux by default."""

_TIMEOUTS = {Lost.CONNECT_TIMEOUT: "connect", Lost.READ_TIMEOUT: "read"}
# httpcore waits so long, in seconds, before it connects once more, and twice as long each further time.
_FIRST_PAUSE = 0.5


def pauses(transport: Any) -> Iterator[float]:
    """How long a transport waits, in seconds, before each further try to connect: ``retries=`` of it."""
    retries = getattr(getattr(transport, "_pool", None), "_retries", 0)
    yield from (_FIRST_PAUSE * 2 ** (number - 1) if number else 0.0 for number in range(retries))


def is_unconnected(loss: object) -> bool:
    """Whether no connection comes about."""
    return isinstance(loss, Loss) and loss.how in (Lost.REFUSED, Lost.CONNECT_TIMEOUT)


def seconds_of(loss: Loss, request: Any) -> float:
    """After how many seconds the client gives a request up; it waits for ever if it has no timeout.

    Raises:
        CallAborted: It would wait for ever.
    """
    timeout = _TIMEOUTS.get(loss.how)
    if timeout is None:
        return 0.0
    seconds: float | None = request.extensions.get("timeout", {}).get(timeout)
    if seconds is None and timeout == "read":
        loss.never_answered()
    return OF_THE_SYSTEM if seconds is None else seconds


def error_of(httpx: Any, how: Lost, request: Any, *, is_async: bool) -> Exception:
    """What a transport raises where no response comes at all.

    Args:
        httpx: The library.
        how: How the connection fails.
        request: The request that fails.
        is_async: Whether the transport is an asynchronous one, whose errors have other texts.
    """
    refused = "All connection attempts failed" if is_async else "[Errno 111] Connection refused"
    late = "" if is_async else "timed out"
    made: dict[Lost, tuple[Any, str]] = {
        Lost.REFUSED: (httpx.ConnectError, refused),
        Lost.CONNECT_TIMEOUT: (httpx.ConnectTimeout, late),
        Lost.READ_TIMEOUT: (httpx.ReadTimeout, late),
    }
    kind, text = made[how]
    error: Exception = kind(text, request=request)
    return error


def broken_off(httpx: Any, played: Any, response: Response) -> Any:
    """A response of the library whose body breaks off when it is read.

    Args:
        httpx: The library.
        played: The response with what has come of its body.
        response: The same, as the harness has it.
    """
    length = whole_length(response)
    missing = "incomplete chunked read"
    if length is not None:
        missing = f"received {len(response.body)} bytes, expected {length}"
    text = f"peer closed connection without sending complete message body ({missing})"

    class BrokenOff(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc] # of the library in use
        def __iter__(self) -> Iterator[bytes]:
            yield response.body
            raise httpx.RemoteProtocolError(text)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield response.body
            raise httpx.RemoteProtocolError(text)

    played.stream = BrokenOff()
    return played
