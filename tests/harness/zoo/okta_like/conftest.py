import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        settings={"url": "https://okta-like.example.com/api/v1"},
        upstream=Upstream(origin="https://okta-like.example.com", app="app_server:create_app"),
    )
