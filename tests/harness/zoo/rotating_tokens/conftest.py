import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"oauth": {"access_token": "access-of-the-tests"}},
        settings={"url": "https://staff.example.com"},
        aliases={"cursor": "next"},
        upstream=Upstream(origin="https://staff.example.com", app="app_server:create_app"),
    )
