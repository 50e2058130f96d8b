import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import KEPT, integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "refresh-of-the-tests"}},
        settings={"url": "https://shop.example.com"},
        reset=KEPT.clear,
        upstream=Upstream(origin="https://shop.example.com", app="app_server:create_app"),
    )
