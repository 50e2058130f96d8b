"""A call that is recorded, and then broken in every way that applies, for tests that need no pytest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.oai.integration import Integration
from scenario_testing import Project, Test

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.faults.fault import Row
from connector_contract.faults.sweep import Sweep, sweep
from connector_contract.recording.running import running
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.files import scenario_files

_NAME = "test_x.py::test_x"


def swept(integration: Integration, upstream: Upstream, test: Test, root: Path) -> list[Row]:
    """What came of all faults of the first call of a scenario; the arguments are those of ``sweep_of``."""
    done = sweep_of(integration, upstream, test, root)
    assert not done.why_not, done.why_not
    return done.rows


def sweep_of(
    integration: Integration,
    upstream: Upstream,
    test: Test,
    root: Path,
    number: int = 1,
    replayed: Mapping[str, Any] | None = None,
    **more: Any,
) -> Sweep:
    """The sweep of a call of a scenario.

    Args:
        integration: The connector, which has a token as its credential.
        upstream: What it asks.
        test: The scenario.
        root: Where it is recorded.
        number: Which of its calls it is.
        replayed: Arguments of ``ConnectorUnderTest`` that differ in the sweep.
        more: Further ones.
    """
    options: dict[str, Any] = {"auth": {"token": {"token": "t0"}}, "upstream": upstream, **more}
    project = Project(root, integration, None).with_(**options)
    project.record(test)
    under_test = ConnectorUnderTest(integration=integration, **options | dict(replayed or {}))
    files = scenario_files(root, _NAME)
    with running(under_test, files, _NAME, "none", None, project.session, WELL_KNOWN) as scenario:
        return asyncio.run(sweep(scenario, project.cassette(), number, _NAME))
