"""What all tests share: knowing whether this machine lets them serve anything."""

from __future__ import annotations

import socket
import sys

import hypothesis
import pytest

pytest_plugins = ["pytester"]

# The same examples each time, on however slow a machine.
hypothesis.settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("deterministic")


@pytest.fixture(scope="session")
def loopback_works() -> bool:
    """Whether a server on 127.0.0.1 can be reached; it cannot in a network namespace of its own."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname(), timeout=5),
        ):
            return True
    except OSError:
        return False


@pytest.fixture(autouse=True)
def _needs_loopback(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("loopback") and not request.getfixturevalue("loopback_works"):
        pytest.skip("serves an upstream on 127.0.0.1, which this machine has no loopback interface for")


_ELSEWHERE: set[str] = set()
"""The names of modules that are of no project of a test, so that each test looks at the new ones alone."""


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Forget what a thread of an earlier test has imported of its project after that test had ended."""
    folder = str(tmp_path_factory.getbasetemp())
    for name in sys.modules.keys() - _ELSEWHERE:
        if _source(sys.modules[name]).startswith(folder):
            del sys.modules[name]
        else:
            _ELSEWHERE.add(name)


def _source(module: object) -> str:
    """Where a module comes from, or its folder if it is a namespace."""
    return str(getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), ""))
