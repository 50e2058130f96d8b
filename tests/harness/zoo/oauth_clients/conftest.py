import pytest

from connector_contract import ConnectorUnderTest, Upstream

CLIENT = {"client_id": "lumos-client", "client_secret": "sesame-of-the-client", "scopes": []}


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    token = {"access_token": "access-of-the-tests", **CLIENT}
    return ConnectorUnderTest(
        integration=integration,
        credentials=[{"id": "machine", "oauth_client_credentials": token}],
        settings={"url": "https://print.example.com"},
        upstream=Upstream(origin="https://print.example.com", app="app_server:create_app"),
    )
