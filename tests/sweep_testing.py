"""A call that is recorded, and then broken in every way that applies, for tests that need no pytest."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from connector.oai.integration import Integration
from scenario_testing import Project, Test

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.faults.fault import Row
from connector_contract.faults.sweep import sweep
from connector_contract.recording.running import running
from connector_contract.recording.scenario import Scenario
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.files import scenario_files

_NAME = "test_x.py::test_x"


def swept(integration: Integration, upstream: Upstream, test: Test, root: Path) -> list[Row]:
    """What came of all faults of the first call of a scenario.

    Args:
        integration: The connector, which has a token as its credential.
        upstream: What it asks.
        test: The scenario.
        root: Where it is recorded.
    """
    options: dict[str, Any] = {"auth": {"token": {"token": "t0"}}, "upstream": upstream}
    project = Project(root, integration, None).with_(**options)
    project.record(test)
    under_test = ConnectorUnderTest(integration=integration, **options)
    found: list[Row] = []

    async def sweeps(scenario: Scenario) -> None:
        done = await sweep(scenario, project.cassette(), 1, _NAME)
        assert not done.why_not, done.why_not
        found.extend(done.rows)

    files = scenario_files(root, _NAME)
    with running(under_test, files, _NAME, "none", None, project.session, WELL_KNOWN) as scenario:
        asyncio.run(sweeps(scenario))
    return found
