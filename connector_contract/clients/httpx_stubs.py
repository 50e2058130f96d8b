"""Play or record the requests of httpx's transports.

vcrpy says which transports there are, and patches them with what it makes by ``vcr_handle_request`` and
``vcr_handle_async_request``. These are the ones of ours: what goes through them is bytes, both ways.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Any

from connector_contract.clients.event_loops import has_other_loop, note_use, other_event_loop
from connector_contract.clients.header_text import header_bytes, header_text
from connector_contract.clients.httpx_losses import (
    broken_off,
    error_of,
    is_unconnected,
    pauses,
    seconds_of,
)
from connector_contract.clients.interception import Held, current
from connector_contract.clock.virtual_waits import sleep
from connector_contract.recording.interactions import TIMEOUTS, Headers, Request, Response
from connector_contract.recording.played_changes import Loss, Lost

Handle = Callable[[Any, Any], Any]
AsyncHandle = Callable[[Any, Any], Awaitable[Any]]


def handle_request(real: Handle, httpx: Any) -> Handle:
    """What takes the place of a transport's ``handle_request``; ``httpx`` may be a fork of it."""

    @wraps(real)
    def handle(transport: Any, request: Any) -> Any:
        # The body can be read once, so what is sent has to be what was read here.
        body = b"".join(request.stream)
        request.stream = httpx.ByteStream(body)
        made = _request(request, body)
        interception = current()
        asked = interception.ask(made)
        if isinstance(asked, Response):
            return _played(httpx, asked)
        if isinstance(asked, Loss):
            return _lost(httpx, transport, request, asked, lambda: interception.ask(made))
        if isinstance(asked, Held):
            seconds = _seconds(request, asked.timeout)
            if asked.timeout is None or seconds is None:
                raise interception.cannot_wait(made)
            sleep(seconds)
            raise _timed_out(httpx, asked.timeout, request)
        try:
            interception.wait()
            response, content = _whole(real(transport, request))
        except _given_up(httpx) as error:
            interception.give_up(asked, _named(httpx, error))
            raise _as_replayed(httpx, error, request) from error
        except Exception:
            interception.lose(asked)
            raise
        response.stream = httpx.ByteStream(content)
        interception.keep(asked, _response(response, content))
        return response

    return handle


def handle_async_request(real: AsyncHandle, httpx: Any) -> AsyncHandle:
    """What takes the place of a transport's ``handle_async_request``."""

    @wraps(real)
    async def handle(transport: Any, request: Any) -> Any:
        body = b"".join([part async for part in request.stream])
        request.stream = httpx.ByteStream(body)
        made = _request(request, body)
        interception = current()
        asked = interception.ask(made)
        if isinstance(asked, Response):
            return _played(httpx, asked)
        if isinstance(asked, Loss):
            return await _async_lost(httpx, transport, request, asked, lambda: interception.ask(made))
        if isinstance(asked, Held):
            seconds = _seconds(request, asked.timeout)
            if asked.timeout is None or seconds is None:
                raise await interception.held_for_ever(made)
            await asyncio.sleep(seconds)
            raise _timed_out(httpx, asked.timeout, request)
        try:
            await interception.async_wait()
            response, content = await _async_whole(real(transport, request))
        except asyncio.CancelledError:
            interception.give_up(asked)
            raise
        except _given_up(httpx) as error:
            interception.give_up(asked, _named(httpx, error))
            raise _as_replayed(httpx, error, request) from error
        except Exception as error:
            interception.lose(asked)
            if isinstance(error, RuntimeError) and has_other_loop(transport):
                raise interception.refuse(other_event_loop(f"{httpx.__name__}.AsyncClient")) from error
            raise
        note_use(transport)
        response.stream = httpx.ByteStream(content)
        interception.keep(asked, _response(response, content))
        return response

    return handle


def _lost(httpx: Any, transport: Any, request: Any, asked: object, ask: Callable[[], object]) -> Any:
    """What comes of a request whose connection fails, once the transport has tried as often as it does.

    Args:
        httpx: The library.
        transport: Its transport, which may try to connect more than once.
        request: Its request.
        asked: How the connection fails.
        ask: Asks once more, for a response or for how the connection fails then.
    """
    for pause in pauses(transport):
        if not (isinstance(asked, Loss) and is_unconnected(asked)):
            break
        sleep(seconds_of(asked, request) + pause)
        asked = ask()
    if isinstance(asked, Loss) and asked.how is not Lost.DROPPED:
        sleep(seconds_of(asked, request))
        raise error_of(httpx, asked.how, request, is_async=False)
    return _come(httpx, asked)


async def _async_lost(
    httpx: Any, transport: Any, request: Any, asked: object, ask: Callable[[], object]
) -> Any:
    """The same in a task."""
    for pause in pauses(transport):
        if not (isinstance(asked, Loss) and is_unconnected(asked)):
            break
        await asyncio.sleep(seconds_of(asked, request) + pause)
        asked = ask()
    if isinstance(asked, Loss) and asked.how is not Lost.DROPPED:
        await asyncio.sleep(seconds_of(asked, request))
        raise error_of(httpx, asked.how, request, is_async=True)
    return _come(httpx, asked)


def _come(httpx: Any, asked: object) -> Any:
    """A response, or what has come of it before its connection was closed."""
    if isinstance(asked, Loss):
        return broken_off(httpx, _played(httpx, asked.response), asked.response)
    assert isinstance(asked, Response)  # noqa: S101 - a replay that loses connections sends and holds nothing
    return _played(httpx, asked)


def _whole(response: Any) -> tuple[Any, bytes]:
    """A response, and its body."""
    try:
        return response, b"".join(response.stream)
    finally:
        response.stream.close()


async def _async_whole(answering: Awaitable[Any]) -> tuple[Any, bytes]:
    """A response that is still to come, and its body."""
    response = await answering
    try:
        return response, b"".join([part async for part in response.stream])
    finally:
        await response.stream.aclose()


def _given_up(httpx: Any) -> tuple[type[Exception], ...]:
    """What a client raises for a request that the connector has given up.

    A failure of the network comes as an ``UpstreamFailure``: ``upstream.routing`` lets through only what the
    client itself has ended, by a timeout or by being closed.
    """
    return (httpx.NetworkError, httpx.ProtocolError, *(_class_of(httpx, name) for name in TIMEOUTS))


def _named(httpx: Any, error: Exception) -> str | None:
    """Which timeout an error is of, if of one."""
    return next((name for name in TIMEOUTS if isinstance(error, _class_of(httpx, name))), None)


def _as_replayed(httpx: Any, error: Exception, request: Any) -> Exception:
    """An error as a replay raises it: what a timeout says depends on the operating system."""
    name = _named(httpx, error)
    return error if name is None else _timed_out(httpx, name, request)


def _timed_out(httpx: Any, timeout: str, request: Any) -> Exception:
    error: Exception = _class_of(httpx, timeout)("timed out", request=request)
    return error


def _class_of(httpx: Any, timeout: str) -> Any:
    return getattr(httpx, f"{timeout.capitalize()}Timeout")


def _seconds(request: Any, timeout: str | None) -> float | None:
    """After how many seconds the client gives a request up, by the timeout that is to end it."""
    seconds: float | None = request.extensions.get("timeout", {}).get(timeout)
    return seconds


def _request(request: Any, body: bytes) -> Request:
    return Request(request.method, str(request.url), _headers(request.headers), body)


def _response(response: Any, body: bytes) -> Response:
    # HTTP/2 has no reason; httpx then gives the usual one.
    reason = response.extensions.get("reason_phrase")
    text = response.reason_phrase if reason is None else header_text(reason)
    return Response(response.status_code, text, _headers(response.headers), body)


def _headers(headers: Any) -> Headers:
    return tuple(_pair(name, value) for name, value in headers.raw)


# The requests of a walk have the same headers, and so have most responses.
@lru_cache(256)
def _pair(name: bytes, value: bytes) -> tuple[str, str]:
    return header_text(name).lower(), header_text(value)


@lru_cache(256)
def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(header_bytes(name), header_bytes(value)) for name, value in headers]


def _played(httpx: Any, response: Response) -> Any:
    return httpx.Response(
        response.status,
        headers=_raw(response.headers),
        # As ``content=`` it would be read and closed already, which one from the network is not.
        stream=httpx.ByteStream(response.body),
        extensions={"reason_phrase": header_bytes(response.reason)},
    )
