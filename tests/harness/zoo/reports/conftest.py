import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from app_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        credentials=[
            {"id": "api", "token": {"token": "open-sesame"}},
            {"id": "workspace", "token": {"token": "workspace-sesame"}},
        ],
        settings={"url": "https://reports.example.com/v1"},
        upstream=Upstream(origin="https://reports.example.com/v1", app="app_server:create_app"),
    )
