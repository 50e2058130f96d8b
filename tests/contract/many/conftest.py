"""The same connector, and a MockApp with more users than its largest page has room for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_contract import ConnectorUnderTest


def many_users() -> object:
    from mock_api_server import create_app

    return create_app(users=250)


@pytest.fixture(scope="session")
def connector_under_test(connector_under_test: ConnectorUnderTest) -> ConnectorUnderTest:
    return replace(connector_under_test, upstream=replace(connector_under_test.upstream, app=many_users))
