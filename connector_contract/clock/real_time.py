"""The clocks as they are, and who reads them in a replay, too."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import FrameType

from connector_contract.clock.in_place import real

# These packages run the tests or wait for something outside of this process: their clocks are real in each
# thread, and the threads that they start do not count.
REAL_TIME = frozenset({
    "_pydevd_bundle", "_pytest", "connector_contract", "coverage", "debugpy", "execnet", "faulthandler",
    "hypothesis", "multiprocessing", "pluggy", "pydevd", "pytest", "pytest_benchmark", "pytest_cov",
    "pytest_timeout", "subprocess", "xdist",
})  # fmt: skip


# These read a clock, or wait, for whoever calls them. ``lanes`` runs what the connector starts in a thread.
_FOR_OTHERS = frozenset({"concurrent", "queue", "threading", "connector_contract.recording.lanes"})
_VIRTUAL = {f"{__package__}.{name}" for name in ("virtual_locks", "virtual_time", "virtual_waits", "waits")}


class _ByModule(dict[str, "bool | None"]):
    """Whether a module's clocks are real, by its name; None if that is up to its caller."""

    def __missing__(self, name: str) -> bool | None:
        package = name.partition(".")[0]
        self[name] = None if {name, package} & _FOR_OTHERS else package in REAL_TIME
        return self[name]


_by_module = _ByModule()


def is_read_by(frame: FrameType) -> bool:
    """Whether the code that runs there is of a package that reads real time, or runs for one."""
    is_real, caller = _by_module[_module(frame)], frame.f_back
    while is_real is None and caller is not None:
        # What is virtual already may go through something else that is.
        is_real = False if _module(caller) in _VIRTUAL else _by_module[_module(caller)]
        caller = caller.f_back
    return bool(is_real)


def _module(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name


sleep: Callable[[float], None] = real(time.sleep)
time_ns: Callable[[], int] = real(time.time_ns)
monotonic_ns: Callable[[], int] = real(time.monotonic_ns)
