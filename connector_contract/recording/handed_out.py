"""The coroutines that ``lumos`` hands out: the test has to await each of them to its end.

A call that nobody awaits calls nothing. Python only warns of it: filters hide the warning, and it may come as
late as in another test. A call that fails also fails the scenario where the test, or ``asyncio.gather``,
catches its error.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from connector_contract.errors import ContractError, UnansweredCall
from connector_contract.reporting.tracebacks import calling_line

_T = TypeVar("_T")
_P = ParamSpec("_P")

_OURS = ("connector_contract",)


@dataclass(eq=False)
class _Handed:
    """A coroutine that has not come to its end yet.

    Attributes:
        what: The call, as it reads in the test.
        line: File and line that made it.
        started: Whether it was awaited, or given to a task that has run.
        coroutine: The coroutine, which lives as long as this: so Python has nothing to warn of.
    """

    what: str
    line: str
    started: bool = False
    coroutine: Coroutine[Any, Any, Any] | None = None


class HandedOut:
    """The coroutines of one scenario that have not come to their end."""

    def __init__(self) -> None:
        self._open: dict[_Handed, None] = {}
        self._failures: list[ContractError] = []

    def check(self, nodeid: str) -> None:
        """Fail if one of them has failed, or will never come to its end.

        Args:
            nodeid: The test.

        Raises:
            ContractError: The call raised it, and the test went on.
            UnansweredCall: It was never awaited, or did not come to its end.
        """
        if self._failures:
            raise self._failures[0]
        if self._open:
            raise _unanswered(next(iter(self._open)), len(self._open) - 1, nodeid)

    def take(self, failure: ContractError) -> None:
        """Have a failure be a finding of whoever asked, and not one of the scenario."""
        self._failures.remove(failure)

    def close(self) -> None:
        """Close those that nobody will await any more, without a warning."""
        while self._open:
            handed, _ = self._open.popitem()
            if handed.coroutine is not None and not handed.started:
                handed.coroutine.close()

    def follow(self, what: str, function: Callable[[], Coroutine[Any, Any, _T]]) -> Coroutine[Any, Any, _T]:
        """A coroutine that does what a function's does, and is known here until it has answered.

        Args:
            what: The call, as it reads in the test.
            function: Makes the coroutine that calls the connector.
        """
        handed = _Handed(what, calling_line(_OURS))
        self._open[handed] = None
        coroutine = self._followed(handed, function)
        handed.coroutine = coroutine
        return coroutine

    async def _followed(self, handed: _Handed, function: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        handed.started = True
        try:
            answer = await function()
        except Exception as error:
            self._open.pop(handed, None)
            if isinstance(error, ContractError):
                self._failures.append(error)
            raise
        # What is cancelled stays: it has given no answer.
        self._open.pop(handed, None)
        return answer


class _HandsOut(Protocol):
    handed_out: HandedOut


_Self = TypeVar("_Self", bound=_HandsOut)


def must_be_awaited(
    method: Callable[Concatenate[_Self, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[_Self, _P], Coroutine[Any, Any, _T]]:
    """Have each coroutine of a method be known to ``handed_out`` until it has answered.

    Args:
        method: An ``async def`` whose first argument, after ``self``, is a capability.
    """

    @functools.wraps(method)
    def hand_out(self: _Self, /, *args: _P.args, **kwargs: _P.kwargs) -> Coroutine[Any, Any, _T]:
        capability = args[0] if args else kwargs.get("capability", "")
        what = f"lumos.{method.__name__}({capability!r})"
        return self.handed_out.follow(what, lambda: method(self, *args, **kwargs))

    if hasattr(inspect, "markcoroutinefunction"):  # from Python 3.12 on
        inspect.markcoroutinefunction(hand_out)
    return hand_out


def _unanswered(handed: _Handed, others: int, nodeid: str) -> UnansweredCall:
    and_others = f"{others} other calls were" if others > 1 else "another call was"
    return UnansweredCall(
        f"{handed.what} {_why(handed)}",
        where=[("made in", handed.line), ("scenario", nodeid)],
        details=[f"{and_others} left without a response, too"] if others else [],
        remedy=f"Write await in front: await {handed.what}.\n"
        "If you give it to a task or to gather, await that, too. If you do not need the call, remove it.",
    )


def _why(handed: _Handed) -> str:
    if handed.started:
        return "was left before it had a response: it shows nothing."
    if handed.coroutine is not None and inspect.getcoroutinestate(handed.coroutine) == inspect.CORO_CLOSED:
        return "was cancelled or closed before it started: it has called nothing."
    return "was never awaited: it has called nothing."
