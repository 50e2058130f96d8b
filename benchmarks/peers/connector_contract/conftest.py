import pytest

from benchmarks.facts import AUTH, origin
from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="module")
def connector_under_test(request):
    if "walk" in request.module.__name__:
        from benchmarks.subject import walker

        url = origin("BENCH_WALKER")
        return ConnectorUnderTest(walker, Upstream(url), auth=AUTH, settings={"url": url, "pages": 1})
    from mockapp_connector.integration import integration

    url = origin("BENCH_MOCKAPP")
    return ConnectorUnderTest(integration, Upstream(url), auth=AUTH, settings={"api_url": url})
