"""What a scenario registers to run when Python exits: it runs when all tests have ended, and reaches nothing.

By the time Python exits, a run has said how it ended, and nothing can fail it any more. So these functions
run before that, and what one of them tries to reach is a verdict on the scenario that has registered it. A
function runs once, whoever runs it, and not at all after ``atexit.unregister``.
"""

from __future__ import annotations

import atexit
import sys
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

from connector_contract.clock.in_place import Redirection, real
from connector_contract.errors import ContractError
from connector_contract.recording import mismatch
from connector_contract.recording.lanes import Lane, asking, current_asker, following_threads
from connector_contract.recording.mismatch import Place
from connector_contract.replaced import replaced
from connector_contract.reporting.tracebacks import asking_line
from connector_contract.upstream.attempts import Attempt
from connector_contract.upstream.network import closed

# What these register of their own, such as the end of the pools of threads, is no connector's.
_OTHERS = {*sys.stdlib_module_names, "_pytest"}


@dataclass(frozen=True)
class Exit:
    """Who asks when such a function runs: a scenario, which is over by then.

    Attributes:
        place: The scenario.
        root: The project.
        late: Takes each verdict.
        registered: The line that has registered the function, if it is known.
    """

    place: Place
    root: Path
    late: list[ContractError]
    registered: str | None = None
    is_closed = True

    def refusal(self, attempt: Attempt) -> ContractError:
        """The verdict on what the function tries to reach."""
        return self.late_attempt(attempt)

    def late_attempt(self, attempt: object) -> ContractError:
        """Report what the function, or a thread that it has started, tries to reach."""
        error = mismatch.at_exit(str(attempt), self.registered, asking_line(self.root), self.place)
        self.late.append(error)
        return error

    @contextmanager
    def asks(self) -> Iterator[None]:
        """Have it ask for all that is asked for in the context."""
        with asking(None, Lane(), self), following_threads(), closed(self):
            yield


class ExitHandlers:
    """What the scenarios of a run have registered."""

    def __init__(self) -> None:
        # Each gives what is to run, if it still is.
        self._registered: list[Callable[[], Callable[[], object] | None]] = []

    @contextmanager
    def noted(self, scenario: Exit) -> Iterator[None]:
        """Note what is registered by a scenario, or its calls, as long as the context lasts."""
        _NOTING.append(_Noting(scenario, self._registered, threading.get_ident()))
        try:
            if len(_NOTING) > 1:
                yield
                return
            with _redirected(), replaced(_of_python()):
                yield
        finally:
            _NOTING.pop()

    def run(self) -> None:
        """Run what is left, the last first, as Python does: what it raises is printed, and no more."""
        while self._registered:
            function = self._registered.pop()()
            if function is None:
                continue
            try:
                function()
            except ContractError:
                continue  # It is reported.
            except (Exception, SystemExit):  # noqa: BLE001 - whatever the connector raises
                traceback.print_exc()


@dataclass(frozen=True)
class _Noting:
    """A scenario that runs, and where it is noted what it registers."""

    scenario: Exit
    registered: list[Callable[[], Callable[[], object] | None]]
    thread: int

    def exit_of(self, function: object, frame: FrameType) -> Exit | None:
        """Who asks when a function runs that is registered now; ``None`` if that is another's."""
        asker = current_asker()
        is_its_own = asker is not None or threading.get_ident() == self.thread
        if not is_its_own or _is_others(function, frame):
            return None
        package = getattr(asker and asker.call, "package", None)
        return replace(self.scenario, registered=asking_line(self.scenario.root, package))


# A scenario may run within another one: the innermost comes last.
_NOTING: list[_Noting] = []


class _Handler:
    """A function that runs once, at the end of the tests or when Python exits.

    Args:
        function: What was registered.
        call: Calls it with what it was registered with.
        scenario: Who asks when it runs.
    """

    def __init__(self, function: object, call: Callable[[], object], scenario: Exit) -> None:
        self._function = function
        self._call = call
        self._scenario = scenario
        self._has_run = False

    def __call__(self) -> None:
        if not self._has_run:
            self._has_run = True
            with self._scenario.asks():
                self._call()

    def __eq__(self, other: object) -> bool:
        """Whether this is what ``atexit.unregister`` is asked for."""
        return self is other or self._function == other

    __hash__ = None  # type: ignore[assignment] # nobody keeps it by that


def _is_others(function: object, frame: FrameType) -> bool:
    """Whether a module registers a function of its own that has nothing to do with the connector."""
    owner = str(getattr(function, "__module__", "")).partition(".")[0]
    return owner in _OTHERS and frame.f_globals.get("__name__", "").partition(".")[0] == owner


@contextmanager
def _redirected() -> Iterator[None]:
    redirection = _redirection()
    redirection.apply()
    try:
        yield
    finally:
        redirection.undo()


@cache
def _redirection() -> Redirection:
    """Redirects ``atexit.register``, which somebody may have imported by its name."""
    return Redirection(atexit.register, _registering(real(atexit.register)))


def _of_python() -> list[tuple[Any, str, Any]]:
    """The other two ways to have something run when Python exits."""
    return [
        (threading, "_register_atexit", _registering(threading._register_atexit)),  # type: ignore[attr-defined]
        (weakref.finalize, "__init__", _finalizing(weakref.finalize.__init__)),
    ]


def _registering(register: Callable[..., Any]) -> Callable[..., Any]:
    def registered(function: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
        noting = _NOTING[-1]
        scenario = noting.exit_of(function, sys._getframe(1)) if callable(function) else None
        if scenario is None:
            return register(function, *args, **options)
        handler = _Handler(function, partial(function, *args, **options), scenario)
        register(handler)
        # It lives as long as Python is to run it.
        noting.registered.append(weakref.ref(handler))
        return function

    return registered


def _finalizing(make: Callable[..., None]) -> Callable[..., None]:
    def made(finalizer: Any, holder: Any, function: Any, /, *args: Any, **options: Any) -> None:
        make(finalizer, holder, function, *args, **options)
        noting = _NOTING[-1]
        scenario = noting.exit_of(function, sys._getframe(1))
        if scenario is None:
            return
        handler = _Handler(function, finalizer, scenario)
        noting.registered.append(lambda: handler if finalizer.alive and finalizer.atexit else None)

    return made
