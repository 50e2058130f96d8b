"""Serve the author's ASGI application on a free loopback port while a scenario is recorded."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from connector_contract.errors import UpstreamFailure

# How long an application may take for its start-up, in seconds, before that is an error.
START_TIMEOUT = 60.0
# How long requests that are still being answered may keep a server that is to stop, and the thread then.
GRACE, STOP_TIMEOUT = 1, 5.0


@contextmanager
def serve(app: str | Callable[..., Any], app_dir: Path, root_path: str = "") -> Iterator[str]:
    """Serve an application, in a state of its own, for as long as the context lasts.

    Args:
        app: An ASGI application, a factory of one, or the ``"module:attribute"`` of either.
        app_dir: Where to look for the module, besides Python's own path.
        root_path: The path that the origin has: what the application says of its own URL begins with it.

    Yields:
        The URL that it answers at.

    Raises:
        UpstreamFailure: It cannot be imported, made or started.
    """
    if str(app_dir) not in sys.path:
        sys.path.append(str(app_dir))
    application = _fresh_application(app)
    with _listener() as listener:
        server = _Server(application, app, root_path)
        thread = threading.Thread(target=server.serve_on, args=(listener,), daemon=True)
        thread.start()
        try:
            server.wait_until_started()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.stop()
            thread.join(STOP_TIMEOUT)


def _listener() -> socket.socket:
    # With its protocol named, asyncio turns Nagle's algorithm off: else each answer may wait 40 ms for an
    # acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server in a thread of its own that says when it has started, or why it has not."""

    def __init__(self, application: Any, named: object, root_path: str) -> None:
        super().__init__(
            uvicorn.Config(
                self._watch_lifespan,
                http="h11",
                ws="none",
                interface="asgi3",
                loop="asyncio",
                log_config=None,
                access_log=False,
                root_path=root_path,
            )
        )
        self._application = application
        self._named = named
        self._settled = threading.Event()
        self._failure: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def serve_on(self, listener: socket.socket) -> None:
        """Run until ``stop``; the thread's target."""
        try:
            self.run(sockets=[listener])
        except (Exception, SystemExit) as error:  # noqa: BLE001 - told by wait_until_started
            self._failure = self._failure or _describe(error)
        finally:
            self._settled.set()

    def stop(self) -> None:
        """End the server; safe to call from another thread, and when it has not started."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    def wait_until_started(self) -> None:
        """Return once requests are answered; raise ``UpstreamFailure`` if they will not be."""
        if not self._settled.wait(START_TIMEOUT):
            raise _failure(self._named, f"it has not started within {START_TIMEOUT:.0f} seconds")
        if not self.started:
            raise _failure(self._named, self._failure or "its server ended at once")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        self._settled.set()

    async def main_loop(self) -> None:
        """Wait for ``stop`` itself, where uvicorn would look for it ten times a second."""
        await self.on_tick(0)
        await self._stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as uvicorn does, which first waits a tenth of a second: longer than most scenarios take."""
        for listener in [*self.servers, *(sockets or ())]:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            await asyncio.wait_for(self._all_answered(), GRACE)
        except asyncio.TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()

    async def _all_answered(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.001)

    async def _watch_lifespan(self, scope: Any, receive: Any, send: Any) -> None:
        """The application, with the reason kept if its start-up fails: uvicorn only logs it."""

        async def watched_send(message: Any) -> None:
            if message["type"] == "lifespan.startup.failed":
                lines = message.get("message", "").strip().splitlines()
                self._failure = lines[-1] if lines else "its start-up failed"
            await send(message)

        await self._application(scope, receive, watched_send if scope["type"] == "lifespan" else send)


def _fresh_application(app: str | Callable[..., Any]) -> Any:
    try:
        target = _import_again(app) if isinstance(app, str) else app
        application = target() if _is_factory(target) else target
    except UpstreamFailure:
        raise
    except (Exception, SystemExit) as error:
        raise _failure(app, _describe(error)) from error
    if not callable(application):
        raise _failure(app, f"it is {application!r}, which is no ASGI application")
    return application


def _import_again(name: str) -> Any:
    module_name, colon, attribute = name.partition(":")
    if not (module_name and colon and attribute):
        raise _failure(name, 'it is no "module:attribute"')
    known = sys.modules.get(module_name)
    target = getattr(known or importlib.import_module(module_name), attribute, None)
    if target is None:
        raise _failure(name, f"the module {module_name} has no {attribute}")
    if known is None or _is_factory(target):
        return target
    # The state of an application that is no factory's lives in its module.
    del sys.modules[module_name]
    return getattr(importlib.import_module(module_name), attribute)


def _is_factory(target: Any) -> bool:
    """Whether ``target`` can be called without arguments, which no ASGI application can."""
    try:
        inspect.signature(target).bind()
    except TypeError:
        return False
    return True


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _failure(app: object, reason: str) -> UpstreamFailure:
    return UpstreamFailure(
        f"The upstream application did not start: {reason}.",
        where=[("app", str(app))],
        remedy="Fix Upstream(app=...) in conftest.py, or record from a server that runs already:\n"
        "--upstream-url http://localhost:8000",
    )
