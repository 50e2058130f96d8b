from contextlib import nullcontext
from os import environ

import pytest

from benchmarks.facts import AUTH, origin
from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="module")
def connector_under_test(request):
    if "walk" in request.module.__name__:
        from benchmarks.subject import walker

        url = origin("BENCH_WALKER")
        return ConnectorUnderTest(
            walker,
            Upstream(url),
            auth=AUTH,
            settings={"url": url, "pages": 1},
            personal_data=environ.get("BENCH_PEOPLE") == "1",
        )
    from mockapp_connector.integration import integration

    url = origin("BENCH_MOCKAPP")
    return ConnectorUnderTest(integration, Upstream(url), auth=AUTH, settings={"api_url": url})


if environ.get("BENCH_PROOF") == "0":
    # There is no option for it: a recording always proves itself.
    from connector_contract.recording.scenario import Scenario

    Scenario.is_to_be_proved = False

if environ.get("BENCH_HOOK") == "0":
    # There is no option for it: what is taken for installed is not installed.
    from connector_contract.upstream import audit_hook

    audit_hook._INSTALLED.append(audit_hook._hook)

if put_back := int(environ.get("BENCH_PUT_BACK", "0")):
    from connector_contract.recording import running, sdk

    if put_back == 1:
        # They are still not sent: that would be a verdict.
        sdk._UNREAD = sdk._UNREAD[:2]
    elif put_back == 2:
        running.trust_on_demand = nullcontext
    else:
        sdk._UNREAD = sdk._UNREAD[1:]
        running.safe_logs = lambda _: nullcontext()
