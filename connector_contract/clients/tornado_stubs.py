"""Play or record the requests of Tornado's HTTP clients, in place of vcrpy's ``vcr_fetch_impl``.

vcrpy's keeps Tornado's own response to a failed connection, a status 599, as if the server had sent it.
"""

from __future__ import annotations

import asyncio
import errno
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import wraps
from io import BytesIO
from typing import Any

from connector_contract.clients.event_loops import other_event_loop
from connector_contract.clients.header_text import header_bytes, header_text
from connector_contract.clients.interception import Held, current
from connector_contract.errors import ContractError, Unrecordable
from connector_contract.recording.interactions import Headers, Request, Response
from connector_contract.recording.played_changes import Loss, Lost

FetchImpl = Callable[[Any, Any, Callable[[Any], None]], None]
_REDIRECTS = (301, 302, 303, 307, 308)
# After so many seconds a system gives up to connect: Linux by default.
_OF_THE_SYSTEM = 127


def fetch_impl(real: FetchImpl) -> FetchImpl:
    """What takes the place of a client's ``fetch_impl``."""

    @wraps(real)
    def fetch(client: Any, request: Any, callback: Callable[[Any], None]) -> None:
        made = _request(request)
        interception = current()
        if any(getattr(request, name, None) is not None for name in _STREAMING):
            raise interception.refuse(_unrecordable(made, "streams its body in parts"))
        asked = interception.ask(made)
        if isinstance(asked, Response):
            callback(_played(request, asked, client.io_loop.time() - request.start_time))
            return
        if isinstance(asked, Loss):
            seconds, error = _lost(request, asked)
            asyncio.get_running_loop().call_later(seconds, lambda: callback(_refused(request, error)))
            return
        if isinstance(asked, Held):
            raise interception.cannot_wait(made)
        if client.io_loop.asyncio_loop is not asyncio.get_running_loop():
            interception.lose(asked)
            raise interception.refuse(other_event_loop("tornado.httpclient.AsyncHTTPClient"))

        def keep(response: Any) -> None:
            try:
                # A redirect is followed below, by a request that comes here, too.
                if response.effective_url != request.url:
                    raise interception.refuse(_unrecordable(made, "follows a redirect"))
                # That is Tornado's own response where there is none.
                if response.code == 599:
                    interception.lose(asked)
                else:
                    interception.keep(asked, _response(response))
            except ContractError as verdict:
                # Raised here, it would reach nobody, and the connector would wait for ever.
                response.code, response.error = 599, verdict
            callback(response)

        async def send() -> None:
            try:
                await interception.async_wait()
            except ContractError as verdict:
                interception.lose(asked)
                callback(_refused(request, verdict))
            else:
                real(client, request, keep)

        if interception.waits_for_its_turn:
            # Here nothing can be awaited, and a sleep would stop the connector's event loop.
            client.io_loop.add_callback(send)
        else:
            real(client, request, keep)

    return fetch


_STREAMING = ("body_producer", "header_callback", "streaming_callback")


def _request(request: Any) -> Request:
    headers = [*request.headers.get_all()]
    if request.auth_username is not None:
        # Only what sends the request makes a header of these.
        login = f"{request.auth_username}:{request.auth_password or ''}"
        headers.append(("Authorization", f"Basic {b64encode(login.encode()).decode()}"))
    return Request(request.method, request.url, _headers(headers), request.body or b"")


def _response(response: Any) -> Response:
    headers = _headers(response.headers.get_all())
    return Response(response.code, response.reason or "", headers, response.body or b"")


def _headers(pairs: Iterable[tuple[str, str]]) -> Headers:
    # Tornado reads and writes headers as Latin-1, a character a byte, unless it cannot.
    return tuple((name.lower(), header_text(header_bytes(value))) for name, value in pairs)


def _played(request: Any, response: Response, seconds: float) -> Any:
    from tornado import httpclient, httputil

    headers = httputil.HTTPHeaders()
    for name, value in response.headers:
        headers.add(name, header_bytes(value).decode("latin-1"))
    return httpclient.HTTPResponse(
        request,
        response.status,
        headers,
        BytesIO(response.body),
        effective_url=request.url,
        request_time=seconds,
        # Without one, Tornado makes one up.
        reason=response.reason,
    )


def _refused(request: Any, error: Exception) -> Any:
    """Tornado's own response where there is none."""
    from tornado import httpclient

    return httpclient.HTTPResponse(request, 599, error=error)


def _lost(request: Any, loss: Loss) -> tuple[float, Exception]:
    """After how many seconds a request fails whose connection does, and what Tornado makes of it."""
    from tornado import simple_httpclient

    if loss.how is Lost.REFUSED:
        return 0, ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    if loss.how is Lost.DROPPED:
        return 0, simple_httpclient.HTTPStreamClosedError("Connection closed")
    whole = request.request_timeout
    if loss.how is Lost.CONNECT_TIMEOUT:
        waits = [each for each in (request.connect_timeout, whole) if each]
        late = simple_httpclient.HTTPTimeoutError("Timeout while connecting")
        return min(waits, default=_OF_THE_SYSTEM), late
    if not whole:
        loss.never_answered()
    return whole, simple_httpclient.HTTPTimeoutError("Timeout during request")


def _unrecordable(request: Request, what: str) -> Unrecordable:
    return Unrecordable(
        f"The connector's HTTP client, Tornado, {what}: {request}",
        remedy="That can be neither recorded nor replayed. Have the connector send this request through\n"
        "httpx, as connector-py's clients do; or, for a redirect, pass follow_redirects=False.",
    )
