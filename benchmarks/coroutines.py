"""A pytest plugin for the floors: runs coroutines with nothing around them, and keeps snapshots as JSON."""

from __future__ import annotations

import asyncio
import inspect

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run a test that is a coroutine."""
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Syrupy's, a file each."""
    return snapshot.use_extension(JSONSnapshotExtension)
