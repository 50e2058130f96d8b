"""Watch one request to the served application: is its response meant, or the result of a bug?

A response that is meant can be recorded. An exception that does not leave the application was handled. One
that does, after a whole response, was handled if the response is the author's own:

- a handler that they registered for ``Exception`` or 500: Starlette and FastAPI call it, send its response,
  and raise the exception again;
- a middleware of their own, which sent the response in its ``except`` and raised the exception again.

Flask, Quart and Django respond with 500 and raise nothing; they log the exception. So a 500 is an error, too,
if a library has logged an exception meanwhile. A framework that does neither looks like one that responds
with 500 on purpose.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from connector_contract.upstream.application import called
from connector_contract.upstream.raised import is_library

if TYPE_CHECKING:
    from connector_contract.upstream.watching import Watch


class ServedRequest:
    """A request, and what becomes of it.

    Args:
        watch: Takes each failure.
        scope: The request, as ASGI has it.
    """

    def __init__(self, watch: Watch, scope: Any) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        self._watch = watch
        self._task = asyncio.current_task()
        self._request = f"{scope.get('method', scope['type'])} {scope['path']}" + (query and f"?{query}")
        self._status: int | None = None
        self._whole = False
        self._given_up = False
        self._on_purpose: BaseException | None = None
        self._logged: BaseException | None = None

    async def run(self, scope: Any, receive: Any, send: Any) -> None:
        """Have the application answer, as a server calls it."""
        self._receive_from, self._send_to = receive, send
        token = current.set(self)
        self._watch.unfinished.add(self._task)
        try:
            await called(self._watch.application, scope, self._receive, self._send)
        except BaseException as error:
            self._raised(error)
            if not self._whole:
                raise
            # The server would close the connection, which the connector is about to use again.
        else:
            self._returned()
        finally:
            self._watch.unfinished.discard(self._task)
            current.reset(token)

    async def _receive(self) -> Any:
        message = await self._receive_from()
        self._given_up |= message["type"] == "http.disconnect" and not self._whole
        return message

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._starts(message["status"])
        await self._send_to(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._whole = True
            self._watch.unfinished.discard(self._task)

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
        on_purpose = self._whole and all(map(self._is_on_purpose, leaves(error)))
        if not (given_up or on_purpose or self._watch.ignores(error)):
            self._failed(error)

    def _returned(self) -> None:
        if self._whole or self._given_up:
            return
        how = "sent no response" if self._status is None else "did not finish its response"
        self._watch.failed(f"{how} to a request", request=self._request)

    def _failed(self, error: BaseException) -> None:
        answered = f", after a response of {self._status}:" if self._whole and self._status != 500 else ""
        self._watch.failed(f"raised{answered}", error, self._request)

    def _is_on_purpose(self, error: BaseException) -> bool:
        # Where the answer goes through a task of its own, it is not sent in the except that made it.
        return error is self._on_purpose or any(
            _is_starlettes(frame) and _has_handler(frame) and not frame.f_locals.get("response_started", True)
            for frame in _frames(error.__traceback__)
        )


# The request that is being answered, also in the threads and tasks of its own.
current: ContextVar[ServedRequest | None] = ContextVar("served_request", default=None)


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


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that are no groups in one that may be a group."""
    grouped: tuple[BaseException, ...] | None = getattr(error, "exceptions", None)
    if grouped is None:
        yield error
    else:
        for part in grouped:
            yield from leaves(part)
