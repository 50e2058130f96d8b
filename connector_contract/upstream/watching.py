"""Watch the served application: an exception in it is an error of the recording, not a response to record.

A framework answers "Internal Server Error" for an exception that nobody handles. Recorded, the bug would be
replayed for ever, and every run would be green. So the application is watched from the outside, where ASGI
frameworks raise such an exception again after their response, for the server to log.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from connector_contract.errors import ContractError, UpstreamFailure
from connector_contract.replaced import replaced
from connector_contract.upstream.application import Asgi, Misfit, called, name_of
from connector_contract.upstream.raised import named, shown
from connector_contract.upstream.served_request import ServedRequest, current, leaves

_ON_PURPOSE = """An exception is not a response, and cannot be recorded. Fix the application; or the
connector, if it should not ask for that. If the application should fail, have it send a response:
by an HTTPException, or by a handler of the exception's class."""
_WHOLE = "Such a response cannot be recorded. Have the application send each response to its end."


class Watch:
    """An ASGI application, with an eye on it.

    Args:
        named_as: What the author calls the application.
        root: The author's project.
        report: Called with each failure, from the server's thread.
        redact: Takes the secrets out of what a message shows.

    Attributes:
        application: What is watched.
        start_failure: Why the application did not start; an exception, or the message that it sent.
        stopping: Whether the server is about to end, and cancels what is still running.
        unfinished: The tasks of requests whose response is not finished.
    """

    application: Asgi

    def __init__(
        self,
        named_as: object,
        root: Path,
        report: Callable[[ContractError], object],
        redact: Callable[[str], str],
    ) -> None:
        self.start_failure: BaseException | str | None = None
        self.stopping = False
        self._named_as = named_as
        self._root = root
        self._report = report
        self._redact = redact
        self.unfinished: set[asyncio.Task[Any] | None] = set()
        self._told: set[int] = set()
        # What was reported is kept, so that no other object gets its id().
        self._kept: list[BaseException] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Call the application, as a server does."""
        watched = _Lifespan(self) if scope["type"] == "lifespan" else ServedRequest(self, scope)
        await watched.run(scope, receive, send)

    def failed(self, how: str, error: BaseException | None = None, request: str = "") -> None:
        """Report a failure, once for each exception.

        Args:
            how: What the application did, such as ``"raised"``.
            error: What it raised.
            request: What it was asked for.
        """
        if error is not None:
            parts = set(map(id, leaves(error)))
            if parts <= self._told:
                return
            self._told |= parts
            self._kept.append(error)
            how = f"{how} {named(error)}"
        where = [("app", name_of(self._named_as)), *([("request", request)] if request else [])]
        failure = UpstreamFailure(
            self._redact(f"The upstream application {how}"),
            where=[(label, self._redact(value)) for label, value in where],
            details=[] if error is None else [self._redact(line) for line in shown(error, self._root)],
            remedy=_WHOLE if error is None else _ON_PURPOSE,
        )
        self._report(failure)

    def give_up(self) -> None:
        """End the requests that nobody waits for any more; what goes on behind an answer may go on."""
        while self.unfinished:
            if (task := self.unfinished.pop()) is not None:
                task.cancel()

    def ignores(self, error: BaseException) -> bool:
        """Whether an exception is the end that the server made of the application."""
        return self.stopping and isinstance(error, asyncio.CancelledError)

    def task_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An event loop's exception handler: a task that nobody waits for has raised something."""
        error = context.get("exception")
        if error is not None and isinstance(context.get("future", context.get("task")), asyncio.Task):
            if not self.ignores(error):
                self.failed("started a task that raised", error)
            return
        loop.default_exception_handler(context)


@contextmanager
def heard() -> Iterator[None]:
    """Note which exceptions libraries log in a request, as long as the context lasts."""
    make = logging.getLogRecordFactory()

    def make_and_note(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        request = current.get()
        if request is not None and record.levelno >= logging.ERROR and record.exc_info:
            request.logged(record)
        return record

    logging.setLogRecordFactory(make_and_note)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


@contextmanager
def threads_watched(watch: Watch, server: threading.Thread) -> Iterator[None]:
    """Report what the threads raise that the application starts, as long as the context lasts.

    Args:
        watch: Takes each failure.
        server: The thread that runs the application. What it starts, and what that starts, are the
            application's; other threads are the connector's.
    """
    start, hook = threading.Thread.start, threading.excepthook
    of_application = WeakSet([server])

    def start_and_note(thread: threading.Thread) -> None:
        if threading.current_thread() in of_application:
            of_application.add(thread)
        start(thread)

    def report(raised: threading.ExceptHookArgs) -> None:
        if raised.thread not in of_application:
            hook(raised)
        elif raised.exc_value is not None and not isinstance(raised.exc_value, SystemExit):
            watch.failed("started a thread that raised", raised.exc_value)

    with replaced([(threading.Thread, "start", start_and_note), (threading, "excepthook", report)]):
        yield


class _Lifespan:
    """The start and the end of an application."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._started = False

    async def run(self, scope: Any, receive: Any, send: Any) -> None:
        async def watched_send(message: Any) -> None:
            self._note(message)
            await send(message)

        try:
            await called(self._watch.application, scope, receive, watched_send)
        except BaseException as error:
            await self._raised(error, send)
            raise

    def _note(self, message: Any) -> None:
        error = sys.exc_info()[1]
        if message["type"] == "lifespan.startup.complete":
            self._started = True
        elif message["type"] == "lifespan.startup.failed":
            self._watch.start_failure = error or _last_line(message)
        elif message["type"] == "lifespan.shutdown.failed" and not (error and self._watch.ignores(error)):
            self._watch.failed("failed to shut down:" + ("" if error else f" {_last_line(message)}"), error)

    async def _raised(self, error: BaseException, send: Any) -> None:
        watch = self._watch
        if watch.ignores(error):
            return
        if self._started:
            watch.failed("failed to shut down:" if watch.stopping else "raised in its lifespan", error)
        elif watch.start_failure is None and not isinstance(error, (Exception, asyncio.CancelledError)):
            watch.start_failure = error
            await send({"type": "lifespan.startup.failed", "message": named(error)})
        elif watch.start_failure is None and isinstance(error, Misfit):
            watch.start_failure = error
            await send({"type": "lifespan.startup.failed", "message": str(error)})
        # Whatever else is raised here means that the application has no lifespan: so it is in ASGI.


def _last_line(message: Any) -> str:
    lines = message.get("message", "").strip().splitlines()
    return lines[-1] if lines else "it does not say why"
