import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    # The SDK requires an access token, which this connector fetches for itself.
    client = {"access_token": "", "client_id": "lumos-client", "client_secret": "open-sesame"}
    return ConnectorUnderTest(
        integration=integration,
        auth={"oauth_client_credentials": {**client, "scopes": ["owners", "devices"]}},
        settings={"url": "https://fleet.example.com"},
        upstream=Upstream(origin="https://fleet.example.com", app="app_server:create_app"),
    )
