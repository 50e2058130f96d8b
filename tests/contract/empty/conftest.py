"""The same connector, and a MockApp that nobody has signed up for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_contract import ConnectorUnderTest


def no_users() -> object:
    from mock_api_server import create_app

    return create_app(users=0)


@pytest.fixture(scope="session")
def connector_under_test(connector_under_test: ConnectorUnderTest) -> ConnectorUnderTest:
    return replace(connector_under_test, upstream=replace(connector_under_test.upstream, app=no_users))
