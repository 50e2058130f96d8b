"""Send what goes to the declared origin to the upstream that is recorded.

This works below httpx's transports and so below vcrpy, at httpcore: the connector, its errors and the
cassettes know the declared origin alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar
from unittest import mock
from weakref import WeakKeyDictionary

import httpcore
import httpx

from connector_contract.errors import ContractError, UpstreamFailure
from connector_contract.recording.urls import canonical_host
from connector_contract.upstream.deadline import NO_ANSWER, Deadline

_Pool = httpcore.ConnectionPool | httpcore.AsyncConnectionPool
_Error = TypeVar("_Error", bound=ContractError)
# Timeouts of the connector's own client. That no connection comes about says that nobody is there.
_OWN_TIMEOUTS = (httpcore.ReadTimeout, httpcore.WriteTimeout, httpcore.PoolTimeout)


class Route:
    """The way from the declared origin to a live upstream.

    Args:
        origin: What the connector calls.
        target: The URL that really answers; the origin itself to go there.
        report: Called with each request that failed, because a connector may swallow the error.
        redact: Takes the secrets out of what a message shows.
        timeout: How long an answer may take, in seconds, from the request to its last byte.
        further_origins: What else the connector calls: the target answers for it, too, unless that is the
            origin itself.

    Attributes:
        serves_app: Whether the target is the application that the harness serves, which then believes
            that it is called at the origin: what it says of its own URL has to be true in a replay.
    """

    def __init__(
        self,
        origin: str,
        target: str,
        *,
        serves_app: bool,
        report: Callable[[ContractError], object],
        redact: Callable[[str], str],
        timeout: float = 30.0,
        further_origins: Iterable[str] = (),
        by_proxy: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.serves_app = serves_app
        self._origin = httpx.URL(origin)
        self._further_origins = [httpx.URL(each) for each in further_origins]
        self._target = httpx.URL(target)
        self._report = report
        self._redact = redact
        self._timeout = timeout
        self._by_proxy = by_proxy

    def origin_of(self, request: httpcore.Request) -> httpx.URL:
        """The declared origin that a request goes to."""
        asked = _server(request.url)
        return next((each for each in self._further_origins if _server(each) == asked), self._origin)

    def prepare(self, pool: _Pool) -> None:
        """Let a pool of connections reach a real server by the proxy that it has, if it has one."""
        # httpcore has it in one of these: by its own argument, or by a kind of pool that httpx makes.
        proxy = getattr(pool, "_proxy_url", None) or getattr(getattr(pool, "_proxy", None), "url", None)
        if proxy is not None and not self.serves_app:
            self._by_proxy(bytes(proxy).decode())

    def redirect(self, request: httpcore.Request, origin: httpx.URL) -> Deadline:
        """Point a request of the connector to the upstream, if it is not there already by a link of its.

        Args:
            request: What the connector asks.
            origin: The declared origin that it goes to.

        Returns:
            When it has to be answered by.
        """
        name = f"{request.method.decode()} {bytes(request.url).decode()}"
        deadline = Deadline(self._timeout, lambda: self._overdue(name, origin))
        deadline.shorten(request)
        prefix = origin.raw_path.rstrip(b"/")
        request.headers = [self._header(header, self._answers(origin)) for header in request.headers]
        if self.serves_app:
            request.headers.append((b"X-Forwarded-Proto", origin.raw_scheme))
        if self._target != self._origin and _host(request.url) == _host(origin):
            request.url = httpcore.URL(
                scheme=self._target.raw_scheme,
                host=self._target.raw_host,
                port=self._target.port,
                target=self._target.raw_path.rstrip(b"/") + request.url.target[len(prefix) :] or b"/",
            )
        return deadline

    def _answers(self, origin: httpx.URL) -> httpx.URL:
        """What answers for a declared origin; unless all goes elsewhere, it is itself."""
        return origin if self._target == self._origin else self._target

    def unreachable(self, origin: httpx.URL, error: Exception) -> UpstreamFailure:
        """The failure to raise where the upstream did not answer a request, because of ``error``."""
        return self._reported(
            UpstreamFailure(
                f"The upstream did not answer: {type(error).__name__}: {self._redact(str(error))}.",
                where=[("upstream", str(self._answers(origin))), ("origin", str(origin))],
                remedy="Start the server, or say where it runs: --upstream-url http://localhost:8000",
            )
        )

    def _overdue(self, name: str, origin: httpx.URL) -> None:
        self._report(
            UpstreamFailure(
                self._redact(
                    f"The upstream did not answer {name} as a whole within {self._timeout:g} seconds."
                ),
                where=[("upstream", str(self._answers(origin))), ("origin", str(origin))],
                remedy="Find out what it waits for; or, if it needs that long, allow more time:\n"
                "Upstream(timeout=...) in conftest.py.",
            )
        )

    def _header(self, header: tuple[bytes, bytes], answers: httpx.URL) -> tuple[bytes, bytes]:
        name, _ = header
        if name.lower() == b"host" and not self.serves_app:
            # A real server chooses a virtual host by this.
            return name, answers.netloc
        return header

    def _reported(self, error: _Error) -> _Error:
        self._report(error)
        return error


def _server(url: httpcore.URL | httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    scheme = url.scheme if isinstance(url, httpx.URL) else url.scheme.decode("ascii")
    return scheme, _host(url), url.port or {"http": 80, "https": 443}.get(scheme)


def _host(url: httpcore.URL | httpx.URL) -> str:
    host = url.raw_host if isinstance(url, httpx.URL) else url.host
    return canonical_host(host.decode("latin-1"))


@contextmanager
def routed(route: Route) -> Iterator[None]:
    """Have every request of httpx take the route, as long as the context lasts."""
    send = httpcore.ConnectionPool.handle_request
    send_async = httpcore.AsyncConnectionPool.handle_async_request
    close_pool, aclose_pool = httpcore.ConnectionPool.close, httpcore.AsyncConnectionPool.aclose
    # How often the connector has closed each: a transport may be used again after that.
    closed: WeakKeyDictionary[_Pool, int] = WeakKeyDictionary()

    def check(pool: _Pool, times_closed: int, origin: httpx.URL, error: Exception) -> None:
        """Raise a failure of the upstream, unless the connector itself has given the request up."""
        if not isinstance(error, _OWN_TIMEOUTS) and closed.get(pool, 0) == times_closed:
            raise route.unreachable(origin, error) from error

    def handle_request(pool: httpcore.ConnectionPool, request: httpcore.Request) -> httpcore.Response:
        route.prepare(pool)
        origin = route.origin_of(request)
        deadline = route.redirect(request, origin)
        check_own = partial(check, pool, closed.get(pool, 0), origin)
        try:
            return deadline.watch(send(pool, request), check_own)
        except NO_ANSWER as error:
            deadline.check(error)
            check_own(error)
            raise

    async def handle_async_request(
        pool: httpcore.AsyncConnectionPool, request: httpcore.Request
    ) -> httpcore.Response:
        route.prepare(pool)
        origin = route.origin_of(request)
        deadline = route.redirect(request, origin)
        check_own = partial(check, pool, closed.get(pool, 0), origin)
        try:
            return deadline.watch(await send_async(pool, request), check_own)
        except NO_ANSWER as error:
            deadline.check(error)
            check_own(error)
            raise

    def close(pool: httpcore.ConnectionPool) -> None:
        closed[pool] = closed.get(pool, 0) + 1
        close_pool(pool)

    async def aclose(pool: httpcore.AsyncConnectionPool) -> None:
        closed[pool] = closed.get(pool, 0) + 1
        await aclose_pool(pool)

    # A proxy of the environment would be asked for the loopback address of the application.
    no_proxies = {"NO_PROXY": "*", "no_proxy": "*"} if route.serves_app else {}
    with (
        mock.patch.object(httpcore.ConnectionPool, "handle_request", handle_request),
        mock.patch.object(httpcore.AsyncConnectionPool, "handle_async_request", handle_async_request),
        mock.patch.object(httpcore.ConnectionPool, "close", close),
        mock.patch.object(httpcore.AsyncConnectionPool, "aclose", aclose),
        mock.patch.dict(os.environ, no_proxies),
    ):
        yield
