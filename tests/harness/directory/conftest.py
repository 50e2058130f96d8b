import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from directory_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        settings={"url": "https://directory.example.com"},
        upstream=Upstream(origin="https://directory.example.com", app="directory_server:create_app"),
    )
