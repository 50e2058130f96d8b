import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from acme_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        settings={"url": "https://acme.example.com/v1"},
        upstream=Upstream(origin="https://acme.example.com", app="acme_server:create_app"),
    )
