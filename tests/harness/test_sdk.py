"""Under pytest and in a scenario, a connector answers as it answers Lumos."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import connector.httpx_rewrite
import httpx
import pytest
from connector.observability.instrument import Instrument, statsd
from connector.utils.rate_limiting import RateLimiter
from connector_sdk_types.oai.modules.rate_limiting_types import RateLimitConfig

from connector_contract.recording import sdk
from connector_contract.recording.sdk import sdk_as_in_production

WALK = "test_acme.py::test_walk"

# Acme's client with a rate limit that is never reached.
LIMITED = """
class Client(BaseIntegrationClient):
    _rate_limit_config = RateLimitConfig(config_id="acme", requests_per_window=100, window_seconds=60)
"""
CONFIG = """
from connector_sdk_types.oai.modules.rate_limiting_types import RateLimitConfig, RateLimitMode


class Settings("""


def limited(project):
    return project.edit("acme_connector.py", "\nclass Client(BaseIntegrationClient):\n", LIMITED).edit(
        "acme_connector.py", "class Settings(", CONFIG.strip("\n")
    )


def config(**changed):
    return RateLimitConfig(config_id="a", requests_per_window=100, window_seconds=60, **changed)


# -- What the SDK's own pytest plugin does.

PLAIN = """
import asyncio, json, httpx
from acme_connector import integration
from acme_server import USERS

async def answer(self, request):
    limit, start = (int(request.url.params[name]) for name in ("limit", "start"))
    following = start + limit if start + limit < len(USERS) else None
    return httpx.Response(200, json={"users": USERS[start : start + limit], "next": following})

httpx.AsyncHTTPTransport.handle_async_request = answer
request = {
    "auth": {"token": {"token": "open-sesame"}},
    "request": {},
    "page": {"size": 2},
    "settings": {"url": "https://acme.example.com/v1"},
}
print(asyncio.run(integration.dispatch("list_accounts", json.dumps(request))))
"""

ONE_CALL = """
import json, pathlib

async def test_walk(lumos):
    first, _ = await lumos.walk("list_accounts", page_size=2)
    pathlib.Path("answer.json").write_text(json.dumps(first))
"""


def test_a_connector_answers_as_it_does_without_pytest(recorded):
    project = limited(recorded).remove("snapshots").write("test_acme.py", ONE_CALL).write("plain.py", PLAIN)
    plain = subprocess.run(
        [sys.executable, "plain.py"], cwd=project.materialize(), capture_output=True, check=True
    )
    run = project.run(WALK)
    run.had(passed=1)
    in_production, in_scenario = (
        json.loads(text) for text in (plain.stdout, run.project.files["answer.json"])
    )
    # Another moment, and no other difference.
    reset = in_production["rate_limit"]["current_state"]["acme"].pop("reset")
    assert in_scenario["rate_limit"]["current_state"]["acme"].pop("reset") >= reset
    assert in_scenario == in_production
    assert in_production["rate_limit"]["current_state"]["acme"]["remaining"] == 99


BESIDE = """
from connector.utils.rate_limiting import RateLimiter

def test_before():
    assert RateLimiter.get_current_state(None) is None

async def test_walk(lumos, request):
    assert "suppress_rate_limit_state_passthrough" in request.fixturenames
    assert not hasattr(RateLimiter.get_current_state, "return_value")
    await lumos.walk("list_accounts", page_size=2)

def test_after():
    assert RateLimiter.get_current_state(None) is None
"""


def test_tests_that_are_no_scenarios_have_the_sdks_plugin_as_before(recorded):
    recorded.remove("snapshots").write("test_acme.py", BESIDE).run("test_acme.py").had(passed=3)


OVERRIDDEN = """
@pytest.fixture(autouse=True)
def suppress_rate_limit_state_passthrough(monkeypatch):
    from connector.utils.rate_limiting import RateLimiter

    monkeypatch.setattr(RateLimiter, "get_current_state", lambda limiter: None)
"""


def test_what_an_author_patches_stays_patched(recorded):
    project = limited(recorded)
    conftest = project.files["conftest.py"].decode() + OVERRIDDEN
    run = project.write("conftest.py", conftest).run()
    run.had(passed=3)


@pytest.mark.parametrize(
    "call",
    ['"%s and %s", 1', '"%(a)s", {"b": 1}', '"%d", "open-sesame"', "Unreadable()", '"%s", Unreadable()'],
)
@pytest.mark.parametrize("failing", [False, True])
def test_a_log_message_that_cannot_be_made_is_no_error_of_the_connector(recorded, call, failing):
    unreadable = """
import logging

class Unreadable:
    def __str__(self):
        raise KeyError("open-sesame")

class Settings("""
    project = recorded.edit("acme_connector.py", "class Settings(", unreadable).edit(
        "acme_connector.py",
        "    paginations = NextPageToken",
        f"    logging.getLogger('acme').error({call})\n    paginations = NextPageToken",
    )
    if failing:
        project = project.edit("test_acme.py", "page_size=2) == snapshot", "page_size=2) == snapshot and 0")
    run = project.run(WALK)
    run.had(**({"failed": 1} if failing else {"passed": 1}))
    assert "open-sesame" not in run.output
    if failing:
        run.said("Captured log call", "(its arguments do not make a message)")


# -- What a scenario sends of it and shows of it.


def test_a_walk_hands_the_state_back(recorded):
    text = """
async def test_walk(lumos):
    pages = await lumos.walk("list_accounts", page_size=2)
    states = [page["rate_limit"]["current_state"]["acme"] for page in pages]
    # The second request knows of the first.
    assert [state["remaining"] for state in states] == [99, 98]
"""
    limited(recorded).remove("snapshots").write("test_acme.py", text).run(WALK).had(passed=1)


def test_snapshots_show_the_limit_and_no_counter(recorded):
    project = limited(recorded)
    # The connector tells Lumos what it did not before, and that is a difference.
    project.run(WALK).had(failed=1)
    updated = project.run(WALK, "--snapshot-update")
    updated.had(passed=1)
    pages = json.loads(updated.project.files["snapshots/test_acme/test_walk.json"])
    assert [page["rate_limit"]["current_state"] for page in pages] == [
        {
            "acme": {
                "remaining": "<varies>",
                "limit": 100,
                "reset": "<varies>",
                "window_seconds": 60,
                "current_delay": 0,
                "source": "sdk_counter",
            }
        }
    ] * 2
    again = updated.project.run(WALK)
    again.had(passed=1)
    assert again.project == updated.project


def test_a_changed_limit_is_seen(recorded):
    updated = limited(recorded).run(WALK, "--snapshot-update").project
    updated.edit("acme_connector.py", "window=100", "window=50").run(WALK).had(failed=1)


RAW = """
    return ListAccountsResponse(
        raw_data={f"/users?token={get_token_auth(args).token}": {"sent": get_token_auth(args).token}}
        if args.include_raw_data else None,
        response=["""


def test_raw_data_is_shown_without_secrets(recorded):
    old = "\n    return ListAccountsResponse(\n        response=["
    project = recorded.edit("acme_connector.py", old, RAW)
    project.run(WALK).had(passed=1)
    asked = project.edit("test_acme.py", "page_size=2", "page_size=2, include_raw_data=True")
    run = asked.run(WALK, "--snapshot-update")
    run.had(passed=1)
    page, _ = json.loads(run.project.files["snapshots/test_acme/test_walk.json"])
    assert page["raw_data"] == {"/users?token=<token.token>": {"sent": "<token.token>"}}


# -- What one scenario leaves to the next.

TAUGHT = """
from acme_connector import Client

async def test_walk(lumos):
    states = {"acme": {"limit": 7, "window_seconds": 5}}
    await lumos.walk("list_accounts", page_size=2, rate_limit={"last_known_state": states})
    assert Client._rate_limit_config.requests_per_window == 7

async def test_wrong_token(lumos):
    await lumos.call("list_accounts", auth={"token": {"token": "wrong"}})
    assert Client._rate_limit_config.requests_per_window == 100
"""


def test_a_scenario_does_not_know_what_another_has_taught_the_rate_limiter(recorded):
    project = limited(recorded).edit(
        "acme_connector.py", "window_seconds=60)", "window_seconds=60, mode=RateLimitMode.ENFORCE)"
    )
    project.remove("snapshots").write("test_acme.py", TAUGHT).run(WALK, "test_acme.py::test_wrong_token").had(
        passed=2
    )


def test_rate_limits_are_as_before_at_the_end_and_whenever_it_is_asked_for():
    kept = config()
    before = dict(vars(kept))
    with sdk_as_in_production() as forget:
        RateLimiter(kept).config.requests_per_window = 7
        forget()
        assert vars(kept) == before
        RateLimiter(config=kept).config.window_seconds = 7
    assert vars(kept) == before


def test_a_configuration_that_is_gone_is_not_kept():
    with sdk_as_in_production() as forget:
        for _ in range(3):
            RateLimiter(config()).config.requests_per_window = 7
        kept = [cell.cell_contents for cell in RateLimiter.__init__.__closure__]
        (limits,) = (limits for limits in kept if isinstance(limits, sdk._RateLimits))
        assert limits._before == {}
        forget()


def test_a_proxy_that_a_test_has_left_behind_is_not_used():
    rewrite = connector.httpx_rewrite
    before = rewrite.get_proxy_url()
    with rewrite.proxy_settings(proxy_url="https://proxy.example", proxy_headers={"a": "b"}):
        pass
    try:
        # The SDK leaves it behind, or this test shows nothing.
        assert rewrite.get_proxy_url() == "https://proxy.example"
        with sdk_as_in_production():
            assert rewrite.get_proxy_url() is None
            assert dict(rewrite.get_proxy_headers()) == {}
        assert rewrite.get_proxy_url() == "https://proxy.example"
    finally:
        rewrite.LUMOS_PROXY_URL.set(before)
        rewrite.LUMOS_PROXY_HEADERS.set(httpx.Headers())


# -- What the SDK does for logs and metrics.


def get(transport, stream=False):
    async def send():
        async with connector.httpx_rewrite.AsyncClient(transport=transport) as client:
            request = client.build_request("GET", "https://a.example")
            return await client.send(request, stream=stream)

    return asyncio.run(send())


def test_bodies_are_neither_searched_nor_printed(capfd, monkeypatch):
    def refuse(data):
        raise AssertionError("searched")

    monkeypatch.setattr(connector.httpx_rewrite, "redact_sensitive_data", refuse)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text="body"))
    with pytest.raises(AssertionError, match="searched"):
        get(transport)
    with sdk_as_in_production():
        assert get(transport).text == "body"
    assert capfd.readouterr() == ("", "")


def test_a_body_that_is_streamed_is_an_error_as_in_production():
    async def body():
        yield b"body"

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body()))
    with pytest.raises(httpx.ResponseNotRead):
        get(transport, stream=True)
    with sdk_as_in_production(), pytest.raises(httpx.ResponseNotRead):
        get(transport, stream=True)


def test_no_metric_leaves_though_the_sdk_was_imported_before_they_were_turned_off(monkeypatch):
    packets = []
    monkeypatch.setattr(statsd, "_enabled", True)
    monkeypatch.setattr(statsd, "_send", lambda packet, *more: packets.append(packet))

    def measure():
        Instrument.a.b.tags(c="d").incr()
        with Instrument.a.timer():
            pass

    with sdk_as_in_production():
        measure()
    assert packets == []
    measure()
    assert [packet.partition(":")[0] for packet in packets] == ["a.b", "a"]


# -- Other releases of the SDK.


def everything():
    owners = [connector.httpx_rewrite, statsd, Instrument, RateLimiter]
    return [dict(vars(owner)) for owner in owners]


def test_the_sdk_is_left_as_it_was_also_after_an_error():
    before = everything()

    def fail():
        with sdk_as_in_production():
            assert everything() != before
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert everything() == before


def test_an_sdk_that_has_none_of_it_is_left_alone(monkeypatch):
    before = everything()
    monkeypatch.setattr(sdk, "_found", lambda place: None)
    with sdk_as_in_production() as forget:
        assert everything() == before
        forget()


@pytest.mark.parametrize("place", ["connector.no_such_module", "connector.httpx_rewrite:no_such_name"])
def test_what_an_sdk_does_not_have(place):
    assert sdk._found(place) is None
