import pytest

from benchmarks.facts import AUTH, origin
from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture
def connector_under_test(request):
    if "walk" in request.node.name:
        from benchmarks.subject import walker

        url = origin("BENCH_WALKER")
        settings = {"url": url, "pages": request.node.callspec.params["pages"]}
        return ConnectorUnderTest(walker, Upstream(url), auth=AUTH, settings=settings)
    from mockapp_connector.integration import integration

    url = origin("BENCH_MOCKAPP")
    return ConnectorUnderTest(integration, Upstream(url), auth=AUTH, settings={"api_url": url})
