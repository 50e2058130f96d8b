"""Play or record the requests of aiohttp, on the wire.

vcrpy replaces aiohttp's sessions: it sees the arguments of a call, and not what is sent. A body is then an
object, content type and authentication are missing, and redirects are followed unseen. So this module works
below the sessions, in place of the connection: it reads the bytes of a request and gives the bytes of a
response. All that aiohttp does itself, such as redirects, cookies and decoding, is then the same in a
recording and in a replay.

Requests go to the upstream through httpcore, as httpx's do.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any

import h11
import httpcore

from connector_contract.clients.cut_off import FRAMING, cut_off, head
from connector_contract.clients.event_loops import other_event_loop
from connector_contract.clients.header_text import header_text
from connector_contract.clients.interception import Held, Interception, current
from connector_contract.errors import CallAborted, Unrecordable
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.lanes import task_of_asker
from connector_contract.recording.played_changes import Loss, Lost
from connector_contract.replaced import replaced

_WITHOUT_BODY = (204, 304)
# After so many seconds a system gives up to connect: Linux by default.
_OF_THE_SYSTEM = 127
# A wait that a timeout of the session's ends, if it has one.
_UNTIL_GIVEN_UP = 24 * 60 * 60


def request(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """What takes the place of a session's ``_request``: it refuses a session of another event loop."""

    @wraps(real)
    async def request_here(session: Any, *args: Any, **kwargs: Any) -> Any:
        if session._loop is not asyncio.get_running_loop():
            raise current().refuse(other_event_loop("aiohttp.ClientSession"))
        return await real(session, *args, **kwargs)

    return request_here


def connect(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """What takes the place of a connector's ``connect``, by which a session of aiohttp gets a connection."""

    @wraps(real)
    async def connect_to_us(connector: Any, *args: Any, **kwargs: Any) -> Any:
        if "_create_connection" not in vars(connector):
            _drop_connections(connector)
            interception = current()
            # Subclasses have their own: on the object it takes the place of each.
            made = (connector, "_create_connection", _connection_of(connector, interception))
            interception.at_end.enter_context(replaced([made]))
            interception.at_end.callback(_drop_connections, connector)
        return await real(connector, *args, **kwargs)

    return connect_to_us


def _drop_connections(connector: Any) -> None:
    """Close what is kept alive: it is of another time, with a recording or without."""
    for connections in list(connector._conns.values()):
        for protocol, _ in list(connections):
            protocol.close()


def _connection_of(connector: Any, interception: Interception) -> Callable[..., Awaitable[Any]]:
    async def create_connection(asked: Any, _traces: Any, timeout: Any) -> Any:
        upstream = _Upstream(connector, asked, timeout)
        protocol = connector._factory()
        protocol.connection_made(_Wire(protocol, interception, upstream))
        return protocol

    return create_connection


class _Upstream:
    """The server that a request of aiohttp asks for.

    Args:
        connector: Of the session.
        asked: Its request.
        timeout: The session's timeouts for this request.
    """

    def __init__(self, connector: Any, asked: Any, timeout: Any) -> None:
        self._asked = asked
        self._timeout = timeout
        self.uri = str(asked.url.with_fragment(None))
        self._options: dict[str, Any] = {}
        if asked.is_ssl():
            self._options["ssl_context"] = connector._get_ssl_context(asked)
        if (socket := getattr(connector, "path", None)) is not None:
            self._options["uds"] = socket

    async def send(self, event: h11.Request, body: bytes) -> Response:
        """Ask it."""
        url = self._asked.url
        request = httpcore.Request(
            event.method,
            httpcore.URL(
                scheme=url.scheme.encode(),
                host=url.raw_host.encode(),
                # Its own port, as aiohttp itself asks a proxy.
                port=url.explicit_port,
                target=url.raw_path_qs.encode(),
            ),
            headers=[(name, value) for name, value in event.headers.raw_items() if name.lower() != b"expect"],
            content=body or None,
        )
        async with self._pool() as pool:
            answer = await pool.handle_async_request(request)
            try:
                content = await answer.aread()
            finally:
                await answer.aclose()
        return Response(
            answer.status,
            header_text(answer.extensions.get("reason_phrase", b"")),
            tuple((header_text(name), header_text(value)) for name, value in answer.headers),
            content,
        )

    async def unconnected(self, how: Lost) -> Exception:
        """What aiohttp raises where no connection comes about, once it has waited for that."""
        import aiohttp

        waits = [each for each in (self._timeout.connect, self._timeout.sock_connect) if each]
        if how is Lost.CONNECT_TIMEOUT:
            await asyncio.sleep(min(waits, default=_OF_THE_SYSTEM))
            if waits:
                # Before 3.10 it has no error of its own.
                late = getattr(aiohttp, "ConnectionTimeoutError", aiohttp.ServerTimeoutError)
                error: Exception = late(f"Connection timeout to host {self._asked.url}")
                return error
        number = errno.ECONNREFUSED if how is Lost.REFUSED else errno.ETIMEDOUT
        failed = OSError(number, f"Connect call failed {(self._asked.host, self._asked.port)}")
        return aiohttp.ClientConnectorError(self._asked.connection_key, failed)

    def _pool(self) -> httpcore.AsyncConnectionPool:
        proxy, auth = self._asked.proxy, getattr(self._asked, "proxy_auth", None)
        if proxy is None:
            return httpcore.AsyncConnectionPool(**self._options)
        login = None if auth is None else (auth.login, auth.password)
        return httpcore.AsyncHTTPProxy(str(proxy), proxy_auth=login, **self._options)


class _Wire(asyncio.Transport):
    """A connection to nowhere, for one request."""

    def __init__(self, protocol: Any, interception: Interception, upstream: _Upstream) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        self._interception = interception
        self._upstream = upstream
        self._received = h11.Connection(h11.SERVER)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._answering: asyncio.Task[None] | None = None
        self._closing = False
        self._lost = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take a part of a request; the last one has it answered."""
        with self._interception.guarded(f"a request to {self._upstream.uri}"):
            self._received.receive_data(bytes(data))
            while self._answering is None:
                event = self._received.next_event()
                if event is h11.NEED_DATA:
                    break
                self._take(event)

    def _take(self, event: Any) -> None:
        if isinstance(event, h11.Request):
            self._head = event
            if self._received.they_are_waiting_for_100_continue:
                self._loop.call_soon(self._protocol.data_received, b"HTTP/1.1 100 Continue\r\n\r\n")
        elif isinstance(event, h11.Data):
            self._body += event.data
        elif self._head is not None:
            self._answering = task_of_asker(partial(self._answer, self._head))

    async def _answer(self, head: h11.Request) -> None:
        try:
            response = await self._response(head)
        except asyncio.CancelledError:
            raise
        except (Exception, CallAborted) as error:  # noqa: BLE001 - the connector's task raises it
            self._protocol.set_exception(_as_aiohttp_has_it(error))
            return
        # No other request comes this way.
        self._closing = True
        if isinstance(response, Loss):
            self._protocol.data_received(cut_off(response.response))
            self._lost = True
            self._protocol.connection_lost(None)
        else:
            self._protocol.data_received(_serialized(response, head.method))

    async def _response(self, head: h11.Request) -> Response | Loss:
        headers = tuple((header_text(name), header_text(value)) for name, value in head.headers)
        request = Request(head.method.decode(), self._upstream.uri, headers, bytes(self._body))
        if any(name == "upgrade" for name, _ in headers):
            raise self._interception.refuse(_no_http(request))
        asked = self._interception.ask(request)
        if isinstance(asked, Response):
            return asked
        if isinstance(asked, Loss):
            return await self._dropped(asked)
        if isinstance(asked, Held):
            raise await self._interception.held_for_ever(request)
        try:
            await self._interception.async_wait()
            response = await self._upstream.send(head, request.body)
        except asyncio.CancelledError:
            self._interception.give_up(asked)
            raise
        except Exception:
            self._interception.lose(asked)
            raise
        self._interception.keep(asked, _lowered(response))
        return response

    async def _dropped(self, loss: Loss) -> Loss:
        """A connection that is closed in the middle of the body; raise the error of any other that fails."""
        if loss.how in (Lost.REFUSED, Lost.CONNECT_TIMEOUT):
            # Where nothing has connected, nothing is read, and nothing can be late to be read.
            self._protocol._read_timeout = None
            self._protocol._drop_timeout()
            raise await self._upstream.unconnected(loss.how)
        if loss.how is Lost.READ_TIMEOUT:
            # The session's own timeouts end the wait.
            await asyncio.sleep(_UNTIL_GIVEN_UP)
            loss.never_answered()
        return loss

    def writelines(self, list_of_data: Any) -> None:
        """As for a real one."""
        self.write(b"".join(list_of_data))

    def is_closing(self) -> bool:
        """Whether it takes no more."""
        return self._closing

    def close(self) -> None:
        """Give up."""
        self._closing = True
        if self._answering is not None:
            self._answering.cancel()
        if not self._lost and not self._loop.is_closed():
            self._lost = True
            self._loop.call_soon(self._protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """Go on: an answer comes as a whole."""

    def resume_reading(self) -> None:
        """As before."""


def _serialized(response: Response, method: bytes) -> bytes:
    kept = (
        (name, value)
        for name, value in response.headers
        if name.lower() not in FRAMING or (method == b"HEAD" and name.lower() == "content-length")
    )
    lines = head(response, tuple(kept))
    if method == b"HEAD" or response.status in _WITHOUT_BODY:
        return b"\r\n".join([*lines, b"", b""])
    length = b"content-length: %d" % len(response.body)
    return b"\r\n".join([*lines, length, b"", response.body])


def _lowered(response: Response) -> Response:
    return replace(response, headers=tuple((name.lower(), value) for name, value in response.headers))


def _as_aiohttp_has_it(error: BaseException) -> BaseException:
    """An error of the network as the connector would have got it without the harness."""
    import aiohttp

    if isinstance(error, httpcore.TimeoutException):
        return aiohttp.ServerTimeoutError(str(error))
    if isinstance(error, httpcore.NetworkError):
        return aiohttp.ClientOSError(str(error))
    if isinstance(error, httpcore.ProtocolError):
        return aiohttp.ServerDisconnectedError(str(error))
    return error


def _no_http(request: Request) -> Unrecordable:
    return Unrecordable(
        f"The connector asked to leave HTTP: {request}",
        details=["It sent the header Upgrade, as for a WebSocket."],
        remedy="A cassette holds only HTTP requests and responses. Have the connector use these.",
    )
