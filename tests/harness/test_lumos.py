import asyncio
import json
from types import SimpleNamespace

import pytest
from traffic_testing import traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.walking import walked
from connector_contract.errors import BrokenConnector, EndlessWalk, UsageError
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.lumos import Lumos
from connector_contract.secrets.known_secrets import Secrets

AUTH = {"token": {"token": "open-sesame"}}


class Scripted:
    """Stands for an ``Integration``: answers from a function, and keeps what it was sent."""

    def __init__(self, answer):
        self.answer = answer
        self.sent = []
        self.capabilities = {"list_accounts": None, "x": None}

    async def dispatch(self, name, request):
        self.sent.append(json.loads(request))
        return json.dumps(self.answer(len(self.sent), self.sent[-1]))


def lumos_for(answer, **connector):
    integration = Scripted(answer)
    under_test = ConnectorUnderTest(
        integration=integration,
        upstream=Upstream(origin="https://a.example"),
        **(connector or {"auth": AUTH}),
    )
    secrets = Secrets()
    traffic = traffic_for("https://a.example", Cassette(), secrets)
    return Lumos(under_test, traffic, secrets), integration


def test_a_call_sends_what_lumos_sends():
    lumos, integration = lumos_for(lambda *_: {"response": []}, auth=AUTH, settings={"url": "u"})
    asyncio.run(lumos.call("list_accounts"))
    asyncio.run(lumos.call("x", {"a": 1}, page={"size": 2}, auth={}, settings={}))
    asyncio.run(lumos.call("x", credentials=[]))
    assert integration.sent == [
        {"auth": AUTH, "request": {}, "settings": {"url": "u"}},
        {"auth": {}, "request": {"a": 1}, "page": {"size": 2}, "settings": {}},
        {"credentials": [], "request": {}, "settings": {"url": "u"}},
    ]


def test_a_multi_auth_connector_gets_its_credentials():
    lumos, integration = lumos_for(lambda *_: {}, credentials=[{"id": "a", "token": {"token": "t"}}])
    asyncio.run(lumos.call("x"))
    assert integration.sent == [
        {"credentials": [{"id": "a", "token": {"token": "t"}}], "request": {}, "settings": {}}
    ]


def test_a_call_asks_for_raw_data_and_says_how_long_it_may_take():
    lumos, integration = lumos_for(lambda *_: {})
    limit = {"max_execution_time": 60, "caller_override_mode": "bypass"}
    asyncio.run(lumos.call("x", rate_limit=limit, include_raw_data=True))
    asyncio.run(lumos.walk("x", rate_limit=limit, include_raw_data=False))
    assert integration.sent == [
        {"auth": AUTH, "request": {}, "settings": {}, "rate_limit": limit, "include_raw_data": True},
        {"auth": AUTH, "request": {}, "settings": {}, "rate_limit": limit, "include_raw_data": False},
    ]


def test_a_walk_hands_the_state_of_rate_limits_back():
    answers = [
        {"page": {"token": "a"}, "rate_limit": {"current_state": {"acme": {"remaining": 3}}}},
        {"page": {"token": "b"}, "rate_limit": {"current_state": {"acme": {"remaining": 2}}}},
        # What gives no state takes none away.
        {"page": {"token": "c"}, "rate_limit": None},
        {"page": {"token": None}},
    ]
    lumos, integration = lumos_for(lambda n, _: answers[n - 1])
    first = {"max_execution_time": 60, "last_known_state": {"acme": {"remaining": 4}}}
    assert asyncio.run(lumos.walk("x", rate_limit=first)) == answers
    assert [sent["rate_limit"] for sent in integration.sent] == [
        {"max_execution_time": 60, "last_known_state": {"acme": {"remaining": n}}} for n in (4, 3, 2, 2)
    ]
    assert first["last_known_state"] == {"acme": {"remaining": 4}}


def test_a_walk_follows_the_tokens_to_the_last_page():
    pages = {None: "a", "a": "b", "b": None}
    lumos, integration = lumos_for(
        lambda _, sent: {"page": {"token": pages[sent.get("page", {}).get("token")], "size": 1}}
    )
    assert len(asyncio.run(lumos.walk("x", page_size=1))) == 3
    assert [sent["page"] for sent in integration.sent] == [
        {"size": 1},
        {"size": 1, "token": "a"},
        {"size": 1, "token": "b"},
    ]


def test_a_walk_stops_after_some_pages_and_the_last_call_says_so():
    answers = [{"response": [], "page": {"token": token}} for token in "abc"] + [{"response": []}]
    lumos, integration = lumos_for(lambda number, _: answers[number - 1])
    pages = asyncio.run(lumos.walk("list_accounts", pages=2))
    assert (len(pages), len(integration.sent)) == (2, 2)
    assert [call.stopped_after for call in lumos._traffic.calls] == [None, 2]


@pytest.mark.parametrize("pages", [0, -1, 1.5, "3", True])
def test_a_walk_has_a_page_at_least(pages):
    lumos, integration = lumos_for(lambda *_: {"response": []})
    with pytest.raises(
        UsageError, match=r"lumos\.walk\(pages=\.\.\.\) is .*, and should be a positive number"
    ):
        asyncio.run(lumos.walk("list_accounts", pages=pages))
    assert integration.sent == []


def test_a_walk_that_ends_with_the_last_page_that_it_may_have_has_not_been_stopped():
    answers = [{"response": [], "page": {"token": "a"}}, {"response": []}]
    lumos, _ = lumos_for(lambda number, _: answers[number - 1])
    assert len(asyncio.run(lumos.walk("list_accounts", pages=2))) == 2
    assert [call.stopped_after for call in lumos._traffic.calls] == [None, None]


def test_a_walk_ends_with_an_error():
    lumos, _ = lumos_for(lambda n, _: {"page": {"token": str(n)}} if n < 3 else {"is_error": True})
    assert asyncio.run(lumos.walk("x")) == [
        {"page": {"token": "1"}},
        {"page": {"token": "2"}},
        {"is_error": True},
    ]


def test_a_token_that_comes_again_is_an_endless_walk():
    lumos, _ = lumos_for(lambda n, _: {"page": {"token": "ab"[n % 2]}})
    with pytest.raises(EndlessWalk, match="the token of page 1 came again, after 3 pages"):
        asyncio.run(lumos.walk("list_accounts", max_pages=5))


def test_a_walk_without_end_that_the_test_swallows_is_a_failure_all_the_same():
    lumos, _ = lumos_for(lambda n, _: {"page": {"token": "ab"[n % 2]}})

    async def swallow():
        return await asyncio.gather(lumos.walk("x"), return_exceptions=True)

    (error,) = asyncio.run(swallow())
    with pytest.raises(EndlessWalk) as found:
        lumos.handed_out.check("test_x.py::test_x")
    assert found.value is error


def test_one_that_a_rule_walks_is_a_finding_of_the_rule():
    lumos, _ = lumos_for(lambda n, _: {"page": {"token": "ab"[n % 2]}})
    scenario = SimpleNamespace(lumos=lumos, traffic=SimpleNamespace(calls=[]))
    capability = SimpleNamespace(name="x", walk=lambda pages: Walk("x", None, pages), paginated=True)
    config = SimpleNamespace(request=lambda _: {}, max_pages=5)
    walk = asyncio.run(walked(scenario, capability, config))
    assert walk.endless == "the token of page 1 came again after 3 pages"
    lumos.handed_out.check("test_x.py::test_x")


def test_a_capability_that_the_connector_does_not_have():
    lumos, integration = lumos_for(lambda *_: {})
    with pytest.raises(UsageError, match="The connector has no capability 'list_acounts'"):
        asyncio.run(lumos.call("list_acounts"))
    assert integration.sent == []


def test_new_tokens_without_end_are_an_endless_walk():
    lumos, _ = lumos_for(lambda n, _: {"page": {"token": str(n)}})
    with pytest.raises(EndlessWalk, match="is longer than allowed: page 5 has new records"):
        asyncio.run(lumos.walk("list_accounts", max_pages=5))


@pytest.mark.parametrize(
    "answer", [None, [], "text", {"page": "3"}, {"rate_limit": "3"}, {"is_error": True, "error": "bad"}]
)
def test_what_is_no_response_is_told(answer):
    lumos, _ = lumos_for(lambda *_: answer)
    with pytest.raises(BrokenConnector, match="The connector gave no response to x: it returned"):
        asyncio.run(lumos.call("x"))


def test_what_is_no_json_is_told():
    lumos, integration = lumos_for(lambda *_: {})

    async def dispatch(name, request):
        return "<html>"

    integration.dispatch = dispatch
    with pytest.raises(BrokenConnector, match="it returned '<html>'"):
        asyncio.run(lumos.call("x"))


@pytest.mark.parametrize("error", [RuntimeError("out of order"), SystemExit("stop")])
def test_an_error_out_of_dispatch_is_told(error):
    def answer(*_):
        raise error

    lumos, _ = lumos_for(answer)
    with pytest.raises(BrokenConnector, match=f"it raised {type(error).__name__}: {error}"):
        asyncio.run(lumos.call("x"))


@pytest.mark.parametrize("name", ["any_of_schemas", "one_of_schemas"])
def test_a_set_of_the_sdk_has_one_order(name):
    """The SDK's model of an activity's type has one, which JSON shows in another order in each process."""
    for names in (["str", "ActivityType"], ["ActivityType", "str"]):
        answer = {"response": [{"type": {"actual_instance": "Grant", name: names}, "names": ["b", "a"]}]}
        lumos, _ = lumos_for(lambda *_, answer=answer: answer)
        (record,) = asyncio.run(lumos.call("x"))["response"]
        assert record["type"][name] == ["ActivityType", "str"]
        assert record["names"] == ["b", "a"]
