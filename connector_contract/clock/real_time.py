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


class _ByModule(dict[str, bool]):
    """Whether a module's clocks are real, by its name."""

    def __missing__(self, name: str) -> bool:
        self[name] = name.partition(".")[0] in REAL_TIME
        return self[name]


_by_module = _ByModule()


def is_read_by(frame: FrameType) -> bool:
    """Whether the code that runs there is of a package that reads real time."""
    return _by_module[frame.f_globals.get("__name__", "")]


sleep: Callable[[float], None] = real(time.sleep)
time_ns: Callable[[], int] = real(time.time_ns)
monotonic_ns: Callable[[], int] = real(time.monotonic_ns)
