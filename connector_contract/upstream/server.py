"""Serve the author's ASGI application on a free loopback port while a scenario is recorded."""

from __future__ import annotations

import asyncio
import concurrent.futures.thread
import importlib
import inspect
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import uvicorn

from connector_contract.errors import ContractError, UpstreamFailure
from connector_contract.upstream.application import Misfit, as_asgi, is_factory, name_of
from connector_contract.upstream.raised import named, shown
from connector_contract.upstream.watching import Watch, heard, threads_watched

# How long requests that are still being answered may keep a server that is to stop, and the thread then.
GRACE, STOP_TIMEOUT = 1, 5.0


@dataclass(frozen=True)
class Serving:
    """An application that is served.

    Attributes:
        url: Where it answers.
        stop: Ends it, whatever it is doing; by then all that it does wrong was reported. Safe to call again.
    """

    url: str
    stop: Callable[[], None]


@contextmanager
def serve(app: str | Callable[..., Any], app_dir: Path, root_path: str = "") -> Iterator[str]:
    """Serve an application as ``serving`` does, with the first failure raised at the end.

    Yields:
        The URL that it answers at.
    """
    failures: list[ContractError] = []
    with serving(app, app_dir, root_path, report=failures.append) as served:
        yield served.url
    if failures:
        raise failures[0]


@contextmanager
def serving(
    app: str | Callable[..., Any],
    app_dir: Path,
    root_path: str = "",
    *,
    report: Callable[[ContractError], object],
    redact: Callable[[str], str] = str,
    timeout: float = 30.0,
) -> Iterator[Serving]:
    """Serve an application, in a state of its own, for as long as the context lasts.

    Args:
        app: An ASGI application, a factory of one, or the ``"module:attribute"`` of either.
        app_dir: Where to look for the module, besides Python's own path.
        root_path: The path that the origin has: what the application says of its own URL begins with it.
        report: Called, from another thread, with each exception of the application and each response that
            it does not finish. A client may swallow the error that it gets.
        redact: Takes the secrets out of what a message shows.
        timeout: How long it may take to start, in seconds.

    Yields:
        The application that is served.

    Raises:
        UpstreamFailure: It cannot be imported, made or started.
    """
    watch = Watch(app, app_dir, report, redact)
    with _importable(app_dir), _listener() as listener, heard():
        application = _fresh_application(app, app_dir)
        server = _Server(application, watch, app, app_dir, root_path)
        thread = threading.Thread(target=server.serve_on, args=(listener,), daemon=True)
        with threads_watched(watch, thread):
            thread.start()
            try:
                server.wait_until_started(timeout)
                yield Serving(
                    f"http://127.0.0.1:{listener.getsockname()[1]}", lambda: _stop(server, watch, thread)
                )
            finally:
                _stop(server, watch, thread)


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Have Python import from a folder, after its own path, until the context ends.

    The folder of another application may have modules of the same names.
    """
    entry = str(folder)
    added = entry not in sys.path
    if added:
        sys.path.append(entry)
    try:
        yield
    finally:
        if added and entry in sys.path:
            sys.path.remove(entry)


def _stop(server: _Server, watch: Watch, thread: threading.Thread) -> None:
    server.stop()
    thread.join(STOP_TIMEOUT)
    if thread.is_alive() and server.started:
        watch.failed(f"has not stopped within {STOP_TIMEOUT:g} seconds.")
    _leave_behind()


def _leave_behind() -> None:
    """Have Python not wait, at its end, for what the application still does in threads of a pool."""
    pools = getattr(concurrent.futures.thread, "_threads_queues", {})
    for worker in list(pools):
        # It was started by the server's thread, which is a daemon, and so are those that it starts.
        if worker.daemon:
            del pools[worker]


def _listener() -> socket.socket:
    # With its protocol named, asyncio turns Nagle's algorithm off: else each answer may wait 40 ms for an
    # acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server in a thread of its own that says when it has started, or why it has not."""

    def __init__(self, application: Any, watch: Watch, named: object, root: Path, root_path: str) -> None:
        super().__init__(
            uvicorn.Config(
                watch,
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
        self._watch = watch
        self._named = named
        self._root = root
        self._settled = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._main: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    def serve_on(self, listener: socket.socket) -> None:
        """Run until ``stop``; the thread's target.

        Not by ``asyncio.run``, which would wait for the threads of an application that hangs.
        """
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(self._watch.task_failed)
        ended: BaseException | None = None
        try:
            self._main = self._loop.create_task(self.serve(sockets=[listener]))
            self._loop.run_until_complete(self._main)
        except BaseException as error:  # noqa: BLE001 - whoever waits reports it, or the watch
            ended = error
            if not self.started and self._watch.start_failure is None:
                self._watch.start_failure = error
        self._settled.set()
        stopped, self._watch.stopping = self._watch.stopping, True
        self._close()
        if ended is not None and self.started and not stopped:
            self._watch.failed("ended its server:", ended)

    def _close(self) -> None:
        """End what the server and the application have left running."""
        for server in getattr(self, "servers", ()):
            server.close()
        if tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            with suppress(SystemExit, KeyboardInterrupt):
                self._loop.run_until_complete(asyncio.wait(tasks, timeout=GRACE))
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def stop(self) -> None:
        """End the server; safe to call from another thread, and when it has not started."""
        self.should_exit = self._watch.stopping = True
        # It may have ended by itself.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._stop.set()
        if self._main is not None and not self.started:
            self._main.cancel()

    def wait_until_started(self, timeout: float) -> None:
        """Return once requests are answered; raise ``UpstreamFailure`` if they will not be in time."""
        if not self._settled.wait(timeout):
            raise _failure(
                self._named,
                f"it has not started within {timeout:g} seconds",
                remedy="Fix its start-up; or, if it needs that long, allow more: Upstream(timeout=...).",
            )
        if not self.started:
            reason = self._watch.start_failure or "its server ended at once"
            if isinstance(reason, BaseException):
                raise _failed(self._named, reason, self._root) from reason
            raise _failure(self._named, reason)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        if inspect.isawaitable(self._application):
            self._application = as_asgi(await self._application)
        self._watch.application = self._application
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
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()

    async def _all_answered(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            if not self.server_state.connections:
                self._watch.give_up()
            await asyncio.sleep(0.001)


def _fresh_application(app: str | Callable[..., Any], root: Path) -> Any:
    try:
        target = _import_again(app) if isinstance(app, str) else app
        application = target() if is_factory(target) else target
        # An async factory is awaited where the application will run.
        return application if inspect.isawaitable(application) else as_asgi(application)
    except UpstreamFailure:
        raise
    except (Exception, SystemExit) as error:
        raise _failed(app, error, root) from error


def _import_again(name: str) -> Any:
    module_name, colon, attribute = name.partition(":")
    if not (module_name and colon and attribute):
        raise _failure(name, 'it is not a "module:attribute"')
    _forget_another(module_name.partition(".")[0])
    known = sys.modules.get(module_name)
    target = getattr(known or importlib.import_module(module_name), attribute, None)
    if target is None:
        raise _failure(name, f"the module {module_name} has no {attribute}")
    if known is None or is_factory(target):
        return target
    # The state of an application that is no factory's lives in its module.
    del sys.modules[module_name]
    return getattr(importlib.import_module(module_name), attribute)


def _forget_another(name: str) -> None:
    """Forget a module, with its submodules, if another file has its name now: that of an earlier folder."""
    path: str | None = getattr(sys.modules.get(name), "__file__", None)
    found = PathFinder.find_spec(name)
    # A module without a file was made by somebody on purpose.
    if not path or not found or not found.origin or Path(found.origin).resolve() == Path(path).resolve():
        return
    for each in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[each]


def _failed(app: object, error: BaseException, root: Path) -> UpstreamFailure:
    if isinstance(error, Misfit):
        return _failure(app, str(error), remedy=error.remedy)
    return _failure(app, named(error), shown(error, root))


def _failure(app: object, reason: str, details: Sequence[str] = (), remedy: str = "") -> UpstreamFailure:
    return UpstreamFailure(
        f"The upstream application did not start: {reason.rstrip(' .')}.",
        where=[("app", name_of(app))],
        details=details,
        remedy=remedy
        or "Fix Upstream(app=...) in conftest.py, or record from a server that runs already:\n"
        "--upstream-url http://localhost:8000",
    )
