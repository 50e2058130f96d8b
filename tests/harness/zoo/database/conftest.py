import pytest
from app_connector import integration

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        settings={"url": "https://app.example.com", "database": "app.sqlite"},
        upstream=Upstream(origin="https://app.example.com", app="app_server:create_app"),
    )
