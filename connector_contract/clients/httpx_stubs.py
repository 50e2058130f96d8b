"""Play or record the requests of httpx's transports.

vcrpy says which transports there are, and patches them with what it makes by ``vcr_handle_request`` and
``vcr_handle_async_request``. These are the ones of ours: what goes through them is bytes, both ways.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Any

from connector_contract.clients.header_text import header_bytes, header_text
from connector_contract.clients.interception import Held, current
from connector_contract.recording.interactions import Headers, Request, Response

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
        if asked is Held.HELD:
            raise interception.cannot_wait(made)
        response = real(transport, request)
        try:
            content = b"".join(response.stream)
        finally:
            response.stream.close()
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
        if asked is Held.HELD:
            await interception.wait_until_given_up(made)
        try:
            response, content = await _whole(real(transport, request))
        except asyncio.CancelledError:
            interception.give_up(asked)
            raise
        response.stream = httpx.ByteStream(content)
        interception.keep(asked, _response(response, content))
        return response

    return handle


async def _whole(answering: Awaitable[Any]) -> tuple[Any, bytes]:
    """A response, and its body."""
    response = await answering
    try:
        return response, b"".join([part async for part in response.stream])
    finally:
        await response.stream.aclose()


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
