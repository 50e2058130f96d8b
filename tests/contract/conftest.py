"""MockApp's connector, as the scenarios beside this file test it."""

from __future__ import annotations

import os

import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test() -> ConnectorUnderTest:
    # Imported here, so that a connector that does not import is one clear error of its scenarios.
    from mockapp_connector.integration import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": os.environ.get("MOCKAPP_TOKEN", "valid-token")}},
        settings={"api_url": "http://localhost:8000"},
        upstream=Upstream(origin="http://localhost:8000", app="mock_api_server:create_app"),
    )
