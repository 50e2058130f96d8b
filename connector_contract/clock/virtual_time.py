"""Python's clocks, as the threads that count see them."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import BuiltinFunctionType
from typing import Any

from connector_contract.clock.in_place import real
from connector_contract.clock.trio_guard import refuse_trio
from connector_contract.clock.waits import NANOSECONDS, timeline

Function = Callable[..., Any]

# CPU times, which the same function gives, are no clocks. Each system has some of these.
_WALL = {"CLOCK_REALTIME"}
_MONOTONIC = {"CLOCK_BOOTTIME", "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME", "CLOCK_UPTIME_RAW"}


def either(original: Function, virtual: Function) -> Function:
    """A function that does one thing for those who see real time, and another for all others."""

    def function(*args: Any, **kwargs: Any) -> Any:
        return virtual(*args, **kwargs) if timeline.is_virtual() else original(*args, **kwargs)

    function.__name__ = original.__name__
    function.__qualname__ = original.__qualname__
    return function


def virtual_clocks() -> dict[BuiltinFunctionType, Function]:
    """The clocks of the module time, and what they become."""
    made = {**_counters(), **_calendar(), **_numbered()}
    return {function: either(real(function), virtual) for function, virtual in made.items()}


def virtual_dates() -> dict[tuple[type, str], Function]:
    """The class methods of the module datetime that read a clock, and what they become."""
    made: dict[tuple[type, str], Function] = {
        (datetime, "now"): _now,
        (datetime, "utcnow"): _utcnow,
        (date, "today"): _today,
    }
    return {key: either(_unbound(*key), virtual) for key, virtual in made.items()}


def _counters() -> dict[Any, Function]:
    perf_counter_ns = real(time.perf_counter_ns)

    def perf_counter() -> float:
        refuse_trio(sys._getframe(2).f_globals.get("__name__", ""))
        return (perf_counter_ns() + timeline.jumped_ns) / NANOSECONDS  # type: ignore[no-any-return]

    return {
        time.time: lambda: timeline.wall_ns() / NANOSECONDS,
        time.time_ns: timeline.wall_ns,
        time.monotonic: lambda: timeline.monotonic_ns() / NANOSECONDS,
        time.monotonic_ns: timeline.monotonic_ns,
        time.perf_counter: perf_counter,
        time.perf_counter_ns: lambda: perf_counter_ns() + timeline.jumped_ns,
    }


def _calendar() -> dict[Any, Function]:
    gmtime, localtime, ctime = real(time.gmtime), real(time.localtime), real(time.ctime)
    asctime, strftime = real(time.asctime), real(time.strftime)
    return {
        time.gmtime: lambda seconds=None, /: gmtime(_or_now(seconds)),
        time.localtime: lambda seconds=None, /: localtime(_or_now(seconds)),
        time.ctime: lambda seconds=None, /: ctime(_or_now(seconds)),
        time.asctime: lambda *given: asctime(*given or [localtime(_or_now(None))]),
        time.strftime: lambda form, *given: strftime(form, *given or [localtime(_or_now(None))]),
    }


def _numbered() -> dict[Any, Function]:
    if not hasattr(time, "clock_gettime"):
        return {}  # Windows has none.
    wall, monotonic = _numbers(_WALL), _numbers(_MONOTONIC)
    clock_gettime, clock_gettime_ns = real(time.clock_gettime), real(time.clock_gettime_ns)

    def ahead_ns(number: object) -> int:
        if number in wall:
            return timeline.wall_offset_ns + timeline.jumped_ns
        return timeline.jumped_ns if number in monotonic else 0

    return {
        time.clock_gettime: lambda number, /: clock_gettime(number) + ahead_ns(number) / NANOSECONDS,
        time.clock_gettime_ns: lambda number, /: clock_gettime_ns(number) + ahead_ns(number),
    }


def _numbers(names: set[str]) -> set[int]:
    return {getattr(time, name) for name in names if hasattr(time, name)}


def _or_now(seconds: float | None) -> float:
    return timeline.wall_ns() // NANOSECONDS if seconds is None else seconds


def _unbound(owner: type, name: str) -> Function:
    own = vars(owner)[name]

    def call(cls: type, *args: Any, **kwargs: Any) -> Any:
        return own.__get__(None, cls)(*args, **kwargs)

    call.__name__, call.__qualname__ = name, own.__qualname__
    return call


def _now(cls: type[datetime], tz: Any = None) -> datetime:
    # A float has too few digits for microseconds of today.
    seconds, microseconds = divmod(timeline.wall_ns() // 1000, 1_000_000)
    return cls.fromtimestamp(seconds, tz).replace(microsecond=microseconds)


def _utcnow(cls: type[datetime]) -> datetime:
    if sys.version_info >= (3, 12):
        warnings.warn(
            "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use "
            "timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).",
            DeprecationWarning,
            stacklevel=3,
        )
    return _now(cls, UTC).replace(tzinfo=None)


def _today(cls: type[date]) -> date:
    return _now(cls) if issubclass(cls, datetime) else cls.fromtimestamp(_or_now(None))
