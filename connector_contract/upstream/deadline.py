"""End a request whose response the upstream does not finish in time."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import httpcore

NO_ANSWER = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
"""What httpcore raises where an answer does not come, or not to its end."""


class Deadline:
    """When a request has to be answered by, to its last byte.

    It shortens the timeouts that the client has set itself, and never lengthens them. A timeout of the client
    that ends first is the client's own, and no failure.

    Args:
        seconds: How long an answer may take, from now.
        overdue: Called once, if the answer takes longer.
        clock: The time now, in seconds.
    """

    def __init__(
        self, seconds: float, overdue: Callable[[], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._end = clock() + seconds
        self._overdue = overdue
        self._clock = clock
        self._told = False
        # Whether the shorter of the two timeouts, at the last look, was this one.
        self._is_shorter = False

    def shorten(self, request: httpcore.Request) -> None:
        """Have the request's own timeouts end by the deadline."""
        own = request.extensions.get("timeout", {})
        request.extensions = {**request.extensions, "timeout": _Timeouts(own, self)}

    def left(self, own: float | None) -> float:
        """How long to wait now, in seconds, if the client itself would wait for ``own``."""
        # A socket that may wait for no time at all would not wait for what is there.
        left = max(self._end - self._clock(), 0.001)
        self._is_shorter = own is None or own > left
        return left if own is None else min(own, left)

    def check(self, error: Exception | None = None) -> None:
        """Raise ``httpcore.ReadTimeout``, for the client, if the answer is late.

        Args:
            error: What was raised in place of an answer.
        """
        timed_out = isinstance(error, httpcore.TimeoutException) and self._is_shorter
        if timed_out or self._clock() >= self._end:
            if not self._told:
                self._told = True
                self._overdue()
            raise httpcore.ReadTimeout("the upstream did not answer in time") from error

    def watch(
        self, response: httpcore.Response, check: Callable[[Exception], object] = lambda _: None
    ) -> httpcore.Response:
        """The response, with a stream that keeps to the deadline.

        Args:
            response: What the upstream answers.
            check: Called with the error that is raised where the rest of it does not come.
        """
        self.check()
        response.stream = _Stream(response.stream, self, check)
        return response


class _Timeouts(dict[str, Any]):
    """A request's timeouts, each of them what is left at the moment when it is asked for."""

    def __init__(self, own: dict[str, Any], deadline: Deadline) -> None:
        super().__init__(own)
        self._deadline = deadline

    def get(self, name: str, default: Any = None) -> Any:
        return self._deadline.left(super().get(name, default))


class _Stream:
    """The body of a response, for synchronous and asynchronous clients."""

    def __init__(self, stream: Any, deadline: Deadline, check: Callable[[Exception], object]) -> None:
        self._stream: Any = stream
        self._deadline = deadline
        self._check = check

    def __iter__(self) -> Iterator[bytes]:
        stream: Iterable[bytes] = self._stream
        try:
            for part in stream:
                self._deadline.check()
                yield part
        except NO_ANSWER as error:
            self._deadline.check(error)
            self._check(error)
            raise

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream: AsyncIterable[bytes] = self._stream
        try:
            async for part in stream:
                self._deadline.check()
                yield part
        except NO_ANSWER as error:
            self._deadline.check(error)
            self._check(error)
            raise

    def close(self) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        await self._stream.aclose()
