"""A recording that differs a day later, and cannot be stored so that it does not, is refused."""

from __future__ import annotations

import ast
import hashlib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from scenario_testing import Connector, Project, at, client, once

from connector_contract.clock.waits import Timeline
from connector_contract.errors import UnmatchedRequest, UnprovenRecording

pytestmark = pytest.mark.loopback

TODAY = datetime(2026, 11, 29, 9, 24, 31, 250_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_jumps(monkeypatch):
    """Have the clock jump in replays alone: a served application is real, and takes its time."""
    jump = Timeline._jump_if_all_wait
    monkeypatch.setattr(Timeline, "_jump_if_all_wait", lambda self: self.depth > 1 and jump(self))


@pytest.fixture
def project(tmp_path):
    """A project for a connector that makes a request of what was 30 days ago."""

    def make(ask, handle=lambda _: {}, **options):
        async def read(envelope):
            async with client() as http:
                return await ask(http, datetime.now(UTC) - timedelta(days=30), envelope)

        return Project(tmp_path, Connector(list_accounts=read), handle, options)

    return make


def signature(moment):
    return hashlib.sha256(f"{moment:%Y-%m-%dT%H}".encode()).hexdigest()[:12]


def asks(**arguments):
    async def ask(http, moment, _):
        made = {name: argument(moment) for name, argument in arguments.items()}
        return (await http.request("POST", made.pop("url", "/events"), **made)).status_code

    return ask


# What is asked, where it differs a day later, and which alias is proposed.
ASKED = {
    "query": (
        asks(params=lambda at: {"since": f"{at:%Y-%m-%d}", "sign": signature(at)}),
        "query sign",
        "{'sign': 'request.query.sign'}",
    ),
    "no other time": (
        asks(params=lambda at: {"sign": signature(at)}),
        "query sign",
        "{'sign': 'request.query.sign'}",
    ),
    "header": (
        asks(headers=lambda at: {"X-Hash": signature(at)}),
        "header x-hash",
        "{'x-hash': 'request.headers.\"x-hash\"'}",
    ),
    "JSON": (
        asks(json=lambda at: {"auth": {"mac": signature(at)}}),
        "body.auth.mac",
        "{'mac': 'request.body.auth.mac'}",
    ),
    "form": (
        asks(data=lambda at: {"digest": signature(at)}),
        "form field digest",
        "{'digest': 'request.body.digest'}",
    ),
    "JSON name": (
        asks(json=lambda at: {signature(at): 1}),
        f"body.{signature(TODAY - timedelta(days=30))}",
        "",
    ),
    "path": (asks(url=lambda at: f"/{at.toordinal()}/events"), "path", ""),
}


@pytest.mark.parametrize("how", ASKED)
def test_a_request_that_is_another_one_a_day_later_is_refused(project, how):
    ask, place, alias = ASKED[how]
    made = project(ask, match_headers=["X-Hash"])
    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY, made.record, once)
    message = str(caught.value)
    assert "cannot be replayed on another day" in message
    assert "capability: list_accounts" in message
    assert f"\n  {place}: recorded " in message
    assert ", a day later " in message
    # What is stored relative is no trouble.
    assert "since: recorded" not in message
    assert f"ConnectorUnderTest(aliases={alias})." in message if alias else "aliases" not in message
    assert made.text() == ""


@pytest.mark.parametrize("how", [how for how, (_, _, alias) in ASKED.items() if alias])
def test_with_the_alias_it_replays_on_any_day(project, how):
    ask, _, alias = ASKED[how]
    made = project(ask, match_headers=["X-Hash"], aliases=ast.literal_eval(alias))
    stored = at(TODAY, made.record, once)
    for day in (TODAY + timedelta(days=1), TODAY + timedelta(days=365, hours=7)):
        at(day, made.replay, once)
    assert at(TODAY + timedelta(days=9), made.record, once) == stored


def test_a_time_beside_the_alias_is_still_compared(project):
    ask, _, alias = ASKED["query"]
    at(TODAY, project(ask, aliases=ast.literal_eval(alias)).record, once)

    async def further_back(http, moment, envelope):
        return await ask(http, moment - timedelta(days=30), envelope)

    with pytest.raises(UnmatchedRequest, match="query since: recorded <now-30d>, now <now-60d>"):
        at(TODAY + timedelta(days=1), project(further_back, aliases=ast.literal_eval(alias)).replay, once)


def test_each_of_several_that_change_is_asked_for_what_it_was_recorded_with(project):
    async def ask(http, moment, _):
        first = await http.get("/first", params={"sign": signature(moment)})
        return (
            await http.get("/second", params={"token": first.json()["token"], "at": str(moment)})
        ).status_code

    made = project(ask, lambda _: {"token": "t-1"}, aliases={"sign": "request.query.sign"})
    assert "/second?token=t-1&at=<now-30d, " in at(TODAY, made.record, once)


@pytest.mark.parametrize("minutes", [0, 7])
def test_a_rounded_time_is_given_no_alias(project, minutes):
    """It may show in the replay at the time of the recording, or only a day later."""

    async def ask(http, moment, _):
        quarter = datetime.fromtimestamp((moment.timestamp() + 450) // 900 * 900, UTC)
        return (await http.get("/events", params={"since": f"{quarter:%Y-%m-%dT%H:%M:%SZ}"})).status_code

    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY + timedelta(minutes=minutes), project(ask).record, once)
    assert "aliases" not in str(caught.value)
    assert "query since: recorded" in str(caught.value)
    assert "Round it down" in str(caught.value)


def test_a_time_that_moves_with_the_calendar_is_to_be_declared(project):
    ask = asks(params=lambda at: {"since": f"{at + timedelta(days=30):%Y-%m-01}"})
    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY + timedelta(days=1), project(ask).record, once)
    assert "query since: recorded '2026-11-01', a day later '2026-12-01'" in str(caught.value)
    assert str(caught.value).endswith("ConnectorUnderTest(times={'query.since': 'start of month'}).")


async def expiring(http, moment, _):
    for _ in range(2):
        if tokens.get("until", 0) < datetime.now(UTC).timestamp():
            tokens["until"] = (await http.post("/login", json={"first": not tokens})).json()["until"]
        await http.get("/events", params={"since": f"{moment:%Y-%m-%d}"})


tokens = {}


def test_other_requests_for_a_token_that_has_expired_are_no_fault(project):
    made = project(expiring, lambda _: {"until": TODAY.timestamp() + 60}, reset=tokens.clear)
    assert "since=<now-30d>" in at(TODAY, made.record, once)


def test_what_differs_in_any_two_replays_is_reported_as_that(project):
    async def ask(http, moment, _):
        params = {"sign": signature(moment), "nonce": uuid.uuid4().hex}
        return (await http.get("/events", params=params)).status_code

    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY, project(ask).record, once)
    assert "another day" not in str(caught.value)
    assert "aliases={'nonce': 'request.query.nonce'}" in str(caught.value)
    # Once that has its alias, the other one is left.
    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY, project(ask, aliases={"nonce": "request.query.nonce"}).record, once)
    assert "nonce: recorded" not in str(caught.value)
    assert "query sign: recorded" in str(caught.value)


def test_a_response_that_is_another_one_a_day_later_is_refused_if_a_snapshot_has_it(acme):
    asked_on = acme.edit(
        "acme_connector.py", "import httpx\n", "import httpx\nfrom datetime import UTC, datetime\n"
    ).edit("acme_connector.py", 'username=user["login"]', "username=str(datetime.now(UTC).date())")
    refused = asked_on.run("--record-mode=once", "-k", "walk or wrong")
    refused.had(failed=1, passed=1)
    refused.said(
        "cannot be replayed on another day: a day later, the connector makes another response",
        "response[0].username: recorded",
        "snapshot(exclude=...)",
    )
    assert len(refused.project.recorded("cassettes")) == 1
    test = "async def test_walk(lumos):\n    assert await lumos.walk('list_accounts', page_size=2)\n"
    asked_on.write("test_acme.py", test).run("--record-mode=once").had(passed=1)
