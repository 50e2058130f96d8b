"""A pytest plugin for each measured process: how long each test takes, and what it was answered."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

_seconds: dict[str, float] = {}
_responses: list[str] = []


def seen(response: Any) -> Any:
    """Note a response, so that all peers can be shown to have had the same; return it."""
    _responses.append(json.dumps(response, sort_keys=True))
    return response


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Time a test with its set-up, which loads a recording, and its teardown, which checks it."""
    start = time.perf_counter()
    result = yield
    _seconds[item.nodeid] = time.perf_counter() - start
    return result


def pytest_sessionfinish() -> None:
    """Write what was measured where the benchmark looks for it."""
    path = os.environ.get("BENCH_RESULT")
    if path is not None and "PYTEST_XDIST_WORKER" not in os.environ:
        measured = {
            "seconds": list(_seconds.values()),
            "responses": hashlib.sha256("\n".join(sorted(_responses)).encode()).hexdigest(),
            "answered": len(_responses),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        Path(path).write_text(json.dumps(measured), "utf-8")
