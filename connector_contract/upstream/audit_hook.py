"""See each attempt to leave the process, however it is made: an audit hook (PEP 578).

It sees a ``connect`` that somebody kept, and the ``_socket`` below ``socket``, where replaced functions see
neither. Python has no way to remove it: the first scenario installs it, and afterwards it looks at the name
of each event, and at nothing else.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Protocol

from connector_contract.errors import ContractError
from connector_contract.recording.lanes import current_asker
from connector_contract.replaced import Attribute, replaced
from connector_contract.upstream.attempts import EVENTS, FORK_EXEC, Attempt, Kind, attempt_of

# Modules of Python's that start a program to know the machine by, once for the process: which scenario is the
# first to want that is chance, and neither a network nor the connector is part of it.
_ABOUT_THE_MACHINE = ("platform", "uuid", "ctypes.util")
_STARTS_FOR_OTHERS = ("subprocess", "os")
# Where there are no pairs of sockets, socket makes one of a connection to itself; event loops need it.
_PAIRING = ("socketpair", "_fallback_socketpair")


class Guard(Protocol):
    """What a scenario allows while it runs."""

    def refusal(self, attempt: Attempt) -> ContractError | None:
        """What to raise in place of an attempt, which is reported by then; ``None`` if it may be made."""


@contextmanager
def guarded(guard: Guard, packages: Callable[[], Collection[str]] = tuple) -> Iterator[None]:
    """Ask a guard about each attempt as long as the context lasts; the innermost decides.

    Threads that run already, and those that they start, are others' business: a debugger's, or a server's.
    Only what they do for a call of the connector, or in its code, is asked about.

    Args:
        guard: Decides.
        packages: Gives the names of the connector's own packages.
    """
    _install()
    others = weakref.WeakSet(set(threading.enumerate()) - {threading.current_thread()})
    watch = _Watch(guard, others, packages)
    _WATCHES.append(watch)
    try:
        with replaced([(threading.Thread, "start", _followed(others)), *_multiprocessing_audited()]):
            yield
    finally:
        _WATCHES.remove(watch)


def _followed(others: weakref.WeakSet[threading.Thread]) -> Callable[[threading.Thread], None]:
    start = threading.Thread.start

    def start_and_follow(thread: threading.Thread) -> None:
        if threading.current_thread() in others:
            others.add(thread)
        start(thread)

    return start_and_follow


class _Watch:
    """One guard, and whom it is asked about."""

    def __init__(
        self, guard: Guard, others: Collection[threading.Thread], packages: Callable[[], Collection[str]]
    ) -> None:
        self._guard = guard
        self._others = others
        self._packages = packages

    def refusal(self, attempt: Attempt, *, is_called: bool) -> BaseException | None:
        """What to raise in place of an attempt.

        Args:
            attempt: It.
            is_called: Whether a call of the connector has led to it.
        """
        if not is_called and threading.current_thread() in self._others and not self._is_connectors():
            return None
        if _is_logged():
            # What ships logs is nobody's request, and knows how to go on when it cannot.
            return ConnectionRefusedError("A scenario sends no logs to other processes.")
        return self._guard.refusal(attempt)

    def _is_connectors(self) -> bool:
        packages = self._packages()
        return any(_module(frame).partition(".")[0] in packages for frame in _stack())


_WATCHES: list[_Watch] = []
_INSTALLED: list[Callable[..., None]] = []


def _install() -> None:
    if not _INSTALLED:
        _INSTALLED.append(_hook)
        sys.addaudithook(_hook)


def _look(event: str, args: tuple[Any, ...]) -> None:
    attempt = attempt_of(event, args, _family(args[0]) if event in _OF_SOCKETS else "")
    if attempt is None or attempt.is_harmless((socket.gethostname(),)) or _is_pythons_own(attempt):
        return
    refusal = _refusal(attempt)
    if refusal is None:
        return
    if attempt.kind is Kind.CONNECT and not isinstance(refusal, OSError):
        # Who opened it expects an OSError, and would leave it open.
        args[0].close()
    raise refusal


def _refusal(attempt: Attempt) -> BaseException | None:
    asker = current_asker()
    traffic = None if asker is None else asker.traffic
    if traffic is not None and traffic.is_closed:
        late: ContractError = traffic.late_attempt(attempt)
        return late
    for watch in _WATCHES[-1:]:
        return watch.refusal(attempt, is_called=asker is not None)
    return None


# The defaults are there for the end of the process, which takes modules apart while events still come.
def _hook(event: str, args: tuple[Any, ...], events: Any = EVENTS, look: Any = _look) -> None:
    if event in events:
        look(event, args)


_OF_SOCKETS = frozenset(
    name for name, kind in EVENTS.items() if kind in (Kind.CONNECT, Kind.SEND, Kind.LISTEN)
)


def _family(sock: Any) -> str:
    try:
        return socket.AddressFamily(sock.family).name
    except ValueError:
        return str(sock.family)


def _is_pythons_own(attempt: Attempt) -> bool:
    """Whether the standard library makes an attempt for purposes of its own."""
    if attempt.kind is Kind.START:
        callers = (module for module in map(_module, _stack()) if module not in _STARTS_FOR_OTHERS)
        return next(callers, "") in _ABOUT_THE_MACHINE
    if not attempt.is_local:
        return False
    return any(frame.f_code.co_name in _PAIRING and _module(frame) == "socket" for frame in _stack())


def _is_logged() -> bool:
    handle: CodeType = logging.Handler.handle.__code__
    return any(frame.f_code is handle for frame in _stack())


def _stack() -> Iterator[FrameType]:
    """The frames around an event, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if _module(frame) != __name__:
            yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name


def _multiprocessing_audited() -> list[Attribute]:
    """Raise an event when multiprocessing starts a process without a fork: Python itself raises none."""
    try:
        import _posixsubprocess
    except ImportError:
        return []
    start = _posixsubprocess.fork_exec

    def audited(*args: Any) -> Any:
        sys.audit(FORK_EXEC, args[0])
        return start(*args)

    return [(_posixsubprocess, "fork_exec", audited)]
