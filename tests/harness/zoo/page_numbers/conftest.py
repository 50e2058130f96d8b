import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"basic": {"username": "alice", "password": "open-sesame"}},
        settings={"url": "https://numbers.example.com"},
        upstream=Upstream(origin="https://numbers.example.com", app="app_server:create_app"),
    )
