"""Watch the served application: what it raises is an error of the recording, not an answer to record.

A framework answers "Internal Server Error" for an exception that nobody handled. Recorded, that would be a
mock that is green for ever because of a bug in it. So the application is watched from the outside, where ASGI
frameworks raise such an exception again after their answer, for the server to log.

What is answered on purpose can be recorded. An exception that does not come out of the application was
handled. One that does, though the answer was sent whole, was handled if the answer was the author's own:

- by a handler that they registered for ``Exception`` or 500: Starlette and FastAPI call it, send its answer,
  and raise the exception again;
- by a middleware of their own, which sent the answer in its ``except`` and raised the exception again.

Flask, Quart and Django answer 500 and raise nothing; they log the exception. So a 500 is an error, too, if a
library has logged an exception while the request was answered. A framework that does neither cannot be told
from one that answers 500 on purpose.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from connector_contract.errors import ContractError, UpstreamFailure
from connector_contract.live.application import Asgi, Misfit, called
from connector_contract.live.raised import is_library, named, shown

_ON_PURPOSE = """What the application raises is no answer that could be recorded. Fix it; or, if it is meant
to fail so, have it answer: with an HTTPException, or by a handler of the exception's class."""
_WHOLE = "What the connector made of that is no recording. Have the application send each answer to its end."


class Watch:
    """An ASGI application, with an eye on it.

    Args:
        named_as: What the author calls the application.
        root: The author's project.
        report: Told of each failure, from the server's thread.
        redact: Takes the secrets out of what a message shows.

    Attributes:
        application: What is watched.
        start_failure: Why the application did not start; an exception, or the message that it sent.
        stopping: Whether the server is about to end, and cancels what is still running.
        unfinished: The tasks of requests that are not answered as a whole.
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
        # What was told of is kept, so that nothing else gets its identity.
        self._kept: list[BaseException] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Call the application, as a server does."""
        watched = _Lifespan(self) if scope["type"] == "lifespan" else _Exchange(self, scope)
        await watched.run(scope, receive, send)

    def failed(self, how: str, error: BaseException | None = None, request: str = "") -> None:
        """Report a failure, once for each exception.

        Args:
            how: What the application did, such as ``"raised"``.
            error: What it raised.
            request: What it was asked for.
        """
        if error is not None:
            parts = set(map(id, _leaves(error)))
            if parts <= self._told:
                return
            self._told |= parts
            self._kept.append(error)
            how = f"{how} {named(error)}"
        where = [("app", str(self._named_as)), *([("request", request)] if request else [])]
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
        exchange = _current.get()
        if exchange is not None and record.levelno >= logging.ERROR and record.exc_info:
            exchange.logged(record)
        return record

    logging.setLogRecordFactory(make_and_note)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


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


class _Exchange:
    """A request, and what becomes of it."""

    def __init__(self, watch: Watch, scope: Any) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        self._watch = watch
        self._request = f"{scope.get('method', scope['type'])} {scope['path']}" + (query and f"?{query}")
        self._status: int | None = None
        self._whole = False
        self._given_up = False
        self._on_purpose: BaseException | None = None
        self._logged: BaseException | None = None

    async def run(self, scope: Any, receive: Any, send: Any) -> None:
        async def watched_receive() -> Any:
            message = await receive()
            self._given_up |= message["type"] == "http.disconnect" and not self._whole
            return message

        async def watched_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._starts(message["status"])
            await send(message)
            self._whole |= message["type"] == "http.response.body" and not message.get("more_body", False)
            if self._whole:
                unfinished.discard(task)

        task, unfinished = asyncio.current_task(), self._watch.unfinished
        unfinished.add(task)
        token = _current.set(self)
        try:
            await called(self._watch.application, scope, watched_receive, watched_send)
        except BaseException as error:
            self._raised(error)
            if not self._whole:
                raise
            # The server would close the connection, which the connector is about to use again.
        else:
            self._returned()
        finally:
            unfinished.discard(task)
            _current.reset(token)

    def logged(self, record: logging.LogRecord) -> None:
        """Note that an exception was logged, unless that was the author's own doing."""
        if record.name != "asyncio" and is_library(record.pathname) and isinstance(record.exc_info, tuple):
            self._logged = record.exc_info[1]

    def _starts(self, status: int) -> None:
        # Now, before the connector can see it: what it does next may depend on it.
        self._status = status
        error = sys.exc_info()[1]
        if error is None:
            if status == 500 and self._logged is not None:
                self._failed(self._logged)
            return
        caught_in = error.__traceback__.tb_frame if error.__traceback__ is not None else None
        if caught_in is None:
            return
        if _is_starlettes(caught_in) and not _has_handler(caught_in):
            self._failed(error)
        elif _is_starlettes(caught_in) or not is_library(caught_in.f_code.co_filename):
            self._on_purpose = error

    def _raised(self, error: BaseException) -> None:
        given_up = self._given_up and not self._whole
        on_purpose = self._whole and all(map(self._is_on_purpose, _leaves(error)))
        if not (given_up or on_purpose or self._watch.ignores(error)):
            self._failed(error)

    def _returned(self) -> None:
        if self._whole or self._given_up:
            return
        how = "returned without an answer" if self._status is None else "did not finish its answer"
        self._watch.failed(f"{how} to a request", request=self._request)

    def _failed(self, error: BaseException) -> None:
        answered = f", after it had answered {self._status}:" if self._whole and self._status != 500 else ""
        self._watch.failed(f"raised{answered}", error, self._request)

    def _is_on_purpose(self, error: BaseException) -> bool:
        # Where the answer goes through a task of its own, it is not sent in the except that made it.
        return error is self._on_purpose or any(
            _is_starlettes(frame) and _has_handler(frame) and not frame.f_locals.get("response_started", True)
            for frame in _frames(error.__traceback__)
        )


_current: ContextVar[_Exchange | None] = ContextVar("exchange", default=None)


def _is_starlettes(frame: FrameType) -> bool:
    """Whether a frame is that of Starlette's outermost middleware, which answers whatever nobody handled."""
    errors = sys.modules.get("starlette.middleware.errors")
    return errors is not None and frame.f_code is errors.ServerErrorMiddleware.__call__.__code__


def _has_handler(frame: FrameType) -> bool:
    middleware = frame.f_locals["self"]
    return middleware.handler is not None and not middleware.debug


def _frames(trace: TracebackType | None) -> Iterator[FrameType]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that are no groups in one that may be a group."""
    grouped: tuple[BaseException, ...] | None = getattr(error, "exceptions", None)
    if grouped is None:
        yield error
    else:
        for part in grouped:
            yield from _leaves(part)


def _last_line(message: Any) -> str:
    lines = message.get("message", "").strip().splitlines()
    return lines[-1] if lines else "it does not say why"
