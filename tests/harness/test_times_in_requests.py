"""A time in a request that moves with the clock is stored relative to it, and replays on another day."""

from __future__ import annotations

import asyncio
import gzip
import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from email.utils import format_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from scenario_testing import ORIGIN, Connector, Project, at, client, once

from connector_contract import Upstream
from connector_contract.clock.waits import Timeline
from connector_contract.errors import UnmatchedRequest, UnprovenRecording, UsageError
from connector_contract.recording.proof import Prover
from connector_contract.storage.lint import lint_cassette

pytestmark = pytest.mark.loopback

# A morning in winter, whose day is the same in all zones of these tests but one.
TODAY = datetime(2026, 11, 29, 9, 24, 31, 250_000, tzinfo=UTC)
OTHER_DAYS = {
    "tomorrow": TODAY + timedelta(days=1),
    "late in the evening": datetime(2026, 12, 3, 23, 58, 1, tzinfo=UTC),
    "in a year": TODAY + timedelta(days=365, seconds=77),
    "in summer time": datetime(2027, 4, 7, 3, 2, 1, tzinfo=UTC),
}
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def project(tmp_path):
    """A project for a connector that makes a request of the days that it looks back."""

    def make(ask, days=30, handle=lambda _: {}, **options):
        async def read(envelope):
            async with client() as http:
                return (await ask(http, datetime.now(UTC) - timedelta(days=days), envelope)).status_code

        return Project(tmp_path, Connector(list_accounts=read), handle, options)

    return make


@pytest.fixture(autouse=True)
def no_jumps(monkeypatch):
    """Have the clock jump in replays alone: a served application is real, and takes its time."""
    jump = Timeline._jump_if_all_wait
    monkeypatch.setattr(Timeline, "_jump_if_all_wait", lambda self: self.depth > 1 and jump(self))


def query(since):
    async def ask(http, moment, _):
        return await http.get("/events", params={"since": since(moment), "limit": "30"})

    return ask


def body(**parts):
    async def ask(http, moment, _):
        return await http.post("/search", **{name: part(moment) for name, part in parts.items()})

    return ask


async def in_path(http, moment, _):
    return await http.get(f"/days/{moment:%Y-%m-%d}/events")


async def in_path_of_dates(http, moment, _):
    return await http.get(f"/days/{moment:%Y/%m/%d}/events")


async def in_header(http, moment, _):
    return await http.get("/events", headers={"X-Since": format_datetime(moment, usegmt=True)})


async def in_one_that_nobody_encodes(http, moment, _):
    return await http.get(f"/events?since={moment.isoformat()}")


# What is asked, and what of it is stored.
ASKED = {
    "date": (query(lambda at: at.date().isoformat()), "?since=<now-30d>&limit=30"),
    "date-time": (query(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"), "since=<now-30d, YYYY-MM-DDThh:mm:ssZ>&"),
    "offset": (query(datetime.isoformat), "since=<now-30d, YYYY-MM-DDThh:mm:ss.ffffff%2BHH:MM>&"),
    "offset that nobody encodes": (
        in_one_that_nobody_encodes,
        "since=<now-30d, YYYY-MM-DDThh:mm:ss.ffffff HH:MM>",
    ),
    "no zone": (
        query(lambda at: at.replace(tzinfo=None).isoformat(timespec="seconds")),
        "since=<now-30d, YYYY-MM-DDThh:mm:ss>&",
    ),
    "midnight": (query(lambda at: f"{at:%Y-%m-%dT00:00:00Z}"), "since=<now-30d, YYYY-MM-DDT00:00:00Z>&"),
    "Berlin's midnight": (
        query(lambda at: datetime.combine(at.astimezone(BERLIN), clock.min, BERLIN).isoformat()),
        "since=<now-30d, YYYY-MM-DDT00:00:00%2BHH:MM>&",
    ),
    "hour": (query(lambda at: f"{at:%Y-%m-%dT%H:00:00Z}"), "since=<now-30d, YYYY-MM-DDThh:00:00Z>&"),
    "seconds": (query(lambda at: str(int(at.timestamp()))), "since=<now-30d, seconds>&"),
    "milliseconds": (query(lambda at: str(int(at.timestamp() * 1e3))), "since=<now-30d, milliseconds>&"),
    "filter": (
        query(lambda at: f'lastUpdated gt "{at:%Y-%m-%dT00:00:00Z}" and status eq "ACTIVE"'),
        "since=lastUpdated+gt+%22<now-30d, YYYY-MM-DDT00:00:00Z>%22+and",
    ),
    "OData": (
        query(lambda at: f"createdDateTime ge {at:%Y-%m-%dT%H:%M:%SZ}"),
        "since=createdDateTime+ge+<now-30d, YYYY-MM-DDThh:mm:ssZ>&",
    ),
    "date with slashes": (query(lambda at: f"{at:%Y/%m/%d}"), "since=<now-30d, YYYY/MM/DD>&"),
    "path of dates": (in_path_of_dates, "/days/<now-30d, YYYY/MM/DD>/events"),
    "path": (in_path, "/days/<now-30d>/events"),
    "header": (in_header, "- <now-30d, Ddd, DD Mmm YYYY hh:mm:ss GMT>"),
    "JSON": (body(json=lambda at: {"f": {"since": f"{at:%Y-%m-%d}"}}), '"since": "<now-30d>"'),
    "JSON number": (
        body(json=lambda at: {"since": int(at.timestamp())}),
        '"since": "<now-30d, number of seconds>"',
    ),
    "form": (body(data=lambda at: {"a": "b", "since": f"{at:%Y-%m-%d}"}), "a=b&since=<now-30d>"),
    "GraphQL": (
        body(json=lambda at: {"query": f'{{ users(since: "{at:%Y-%m-%dT%H:%M:%SZ}") {{ id }} }}'}),
        r'"{ users(since: \"<now-30d, YYYY-MM-DDThh:mm:ssZ>\") { id } }"',
    ),
}


@pytest.mark.parametrize("how", ASKED)
def test_what_moves_with_the_clock_replays_on_any_day_and_is_recorded_alike(project, zone, how):
    zone("Europe/Berlin")
    ask, shown = ASKED[how]
    made = project(ask, match_headers=["X-Since"])
    stored = at(TODAY, made.record, once)
    assert shown in stored
    for day in OTHER_DAYS.values():
        at(day, made.replay, once)
    assert at(OTHER_DAYS["in summer time"], made.record, once) == stored
    assert [*lint_cassette("x.yaml", stored.encode(), frozenset())] == []


@pytest.mark.parametrize("how", ASKED)
def test_another_distance_is_a_request_change(project, how):
    ask, _ = ASKED[how]
    at(TODAY, project(ask, match_headers=["X-Since"]).record, once)
    for day in OTHER_DAYS.values():
        with pytest.raises(UnmatchedRequest) as caught:
            at(day, project(ask, 60, match_headers=["X-Since"]).replay, once)
        assert str(caught.value).startswith("Request change: ")
        assert "<now-30d" in str(caught.value)
        assert "<now-60d" in str(caught.value)


def test_the_message_says_both_distances(project):
    at(TODAY, project(ASKED["date"][0]).record, once)
    with pytest.raises(UnmatchedRequest) as caught:
        at(OTHER_DAYS["tomorrow"], project(ASKED["date"][0], 60).replay, once)
    assert "query since: recorded <now-30d>, now <now-60d>" in str(caught.value)


def test_what_the_request_the_settings_and_a_response_say_stays_as_it_is(project):
    async def ask(http, moment, envelope):
        watermark = (await http.get("/last")).json()["last"]
        times = [envelope["request"]["start"], envelope["settings"]["start"], watermark, f"{moment:%Y-%m-%d}"]
        return await http.get("/events", params={"times": times})

    async def test(lumos):
        return await lumos.call("list_accounts", {"start": "2026-10-30"})

    made = project(ask, handle=lambda _: {"last": "2026-10-30"}, settings={"start": "2026-10-30"})
    # On this day, they are all the same.
    stored = at(TODAY, made.record, test)
    assert "?times=2026-10-30&times=2026-10-30&times=2026-10-30&times=<now-30d>\n" in stored
    for day in OTHER_DAYS.values():
        at(day, made.replay, test)


@pytest.mark.parametrize("first", ["moving", "fixed"])
def test_on_a_day_on_which_two_requests_are_the_same_each_is_its_own(project, first):
    async def ask(http, moment, envelope):
        since = f"{moment:%Y-%m-%d}" if envelope["request"]["moving"] else "2026-12-01"
        return await http.get("/events", params={"since": since})

    async def test(lumos):
        for moving in (first == "moving", first != "moving"):
            await lumos.call("list_accounts", {"moving": moving})

    made = project(ask)
    stored = at(TODAY, made.record, test)
    assert stored.count("since=<now-30d>") == stored.count("since=2026-12-01") == 1
    at(datetime(2026, 12, 31, 12, tzinfo=UTC), made.replay, test)


def windows(concurrent):
    async def ask(http, moment, _):
        days = [moment + timedelta(days=number) for number in range(4)]
        pairs = [{"from": f"{a:%Y-%m-%d}", "to": f"{b:%Y-%m-%d}"} for a, b in pairwise(days)]
        if concurrent:
            return (await asyncio.gather(*(http.get("/e", params=pair) for pair in pairs)))[0]
        for pair in pairs:
            response = await http.get("/e", params=pair)
        return response

    return ask


@pytest.mark.parametrize("concurrent", [False, True])
def test_each_of_several_windows_moves(project, concurrent):
    made = project(windows(concurrent), 4)
    stored = at(TODAY, made.record, once)
    for pair in ("from=<now-4d>&to=<now-3d>", "from=<now-3d>&to=<now-2d>", "from=<now-2d>&to=<now-1d>"):
        assert stored.count(pair) == 1
    for day in OTHER_DAYS.values():
        at(day, made.replay, once)
    assert at(OTHER_DAYS["in a year"], made.record, once) == stored


def test_windows_that_do_not_move_stay(project):
    async def ask(http, _, envelope):
        return await windows(concurrent=False)(http, datetime(2026, 1, 1, tzinfo=UTC), envelope)

    assert "<now" not in at(TODAY, project(ask).record, once)


def test_time_that_passes_in_the_scenario_counts(project):
    async def ask(http, moment, _):
        await http.get("/first")
        await asyncio.sleep(90 if replays else 0)
        return await http.get("/events", params={"since": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})

    replays = False
    made = project(ask)
    assert "<now-30d, YYYY-MM-DDThh:mm:ssZ>" in at(TODAY, made.record, once)
    replays = True
    at(OTHER_DAYS["in a year"], made.replay, once)
    at(datetime(2027, 12, 31, 23, 59, 30, tzinfo=UTC), made.replay, once)


@pytest.mark.parametrize("value", ["cursor-12345", "2601234567", "12345678901", "30", "10.20.30.40"])
def test_a_recording_without_times_is_not_replayed_twice(project, monkeypatch, value):
    async def never(*_):
        raise AssertionError("there is nothing that reads as a time")

    monkeypatch.setattr(Prover, "later", never)
    at(TODAY, project(query(lambda _: value)).record, once)


def test_what_the_connector_reads_once_in_its_process_does_not_move(project):
    kept = []

    async def ask(http, moment, _):
        kept.append(f"{moment:%Y-%m-%d}")
        return await http.get("/events", params={"since": kept[0]})

    assert "since=2026-10-30" in at(TODAY, project(ask).record, once)


def test_what_else_keeps_a_recording_from_being_replayed_is_told_as_ever(project):
    made = []

    async def ask(http, moment, _):
        made.append(1)
        return await http.get("/events", params={"since": f"{moment:%Y-%m-%d}", "number": f"n{len(made)}"})

    with pytest.raises(UnprovenRecording) as caught:
        at(TODAY, project(ask).record, once)
    assert "query number: recorded 'n1', now 'n4'" in str(caught.value)
    assert "aliases={'number': 'request.query.number'}" in str(caught.value)


def start_of_month(moment):
    return f"{moment:%Y-%m-01}"


def test_a_declared_span_moves_with_the_calendar(project):
    made = project(query(start_of_month), 0, times={"query.since": "start of month"})
    stored = at(TODAY, made.record, once)
    assert "?since=<start of month>&" in stored
    for day in OTHER_DAYS.values():
        at(day, made.replay, once)
    assert at(OTHER_DAYS["in a year"], made.record, once) == stored
    with pytest.raises(
        UnmatchedRequest, match="query since: recorded <start of month>, now <start of month-2>"
    ):
        at(TODAY, project(query(start_of_month), 60, times={"query.since": "start of month"}).replay, once)


def test_a_span_that_is_not_declared_stays_and_the_message_proposes_it(project):
    made = project(query(start_of_month), 0)
    assert "?since=2026-11-01&" in at(TODAY, made.record, once)
    at(TODAY + timedelta(days=1), made.replay, once)
    with pytest.raises(UnmatchedRequest) as caught:
        at(OTHER_DAYS["in summer time"], made.replay, once)
    assert "ConnectorUnderTest(times={'query.since': 'start of month'})" in str(caught.value)


def test_a_wrong_declaration_is_one_clear_error(project):
    made = project(query(start_of_month), 0, times={"query.since": "end of month"})
    with pytest.raises(UsageError) as caught:
        at(TODAY, made.record, once)
    assert "the connector sends 2026-11-01 there, which is not the end of a month" in str(caught.value)
    assert made.text() == ""


def test_a_request_that_is_given_up_moves_as_well(tmp_path):
    arrived, released = asyncio.Event(), asyncio.Event()

    async def handle(asked):
        if asked.path == "/slow":
            arrived.set()
            await released.wait()
        elif asked.path == "/fast":
            await arrived.wait()
        else:
            released.set()
        return {}

    async def read(_):
        since = {"since": f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"}
        async with client() as http:
            slow = asyncio.ensure_future(http.get("/slow", params=since))
            # It is to ask before this task does.
            await asyncio.sleep(0)
            await http.get("/fast")
            slow.cancel()
            return (await http.get("/release")).status_code

    made = Project(tmp_path, Connector(list_accounts=read), handle)
    stored = at(TODAY, made.record, once)
    assert "/slow?since=<now-30d, YYYY-MM-DDThh:mm:ssZ>" in stored
    scenario = at(OTHER_DAYS["tomorrow"], made.run, "none", once)
    assert scenario.traffic.player.not_given_up == []


def test_a_call_that_is_replayed_alone_reads_its_times(project):
    made = project(ASKED["offset"][0])
    at(TODAY, made.record, once)
    replayed = []

    async def during(scenario):
        await once(scenario.lumos)
        replayed.append(await scenario.replays.replay(scenario.stored.calls[0]))

    at(OTHER_DAYS["in a year"], lambda: made.run("none", once, during=during))
    # While it is recorded, too, before it is proved.
    at(OTHER_DAYS["in a year"], lambda: made.run("rewrite", once, during=during))
    for each in replayed:
        assert each.response == {"response": 200}
        assert each.off_script == []


def test_a_new_episode_is_recorded_beside_what_is_replayed(project):
    async def ask(http, moment, envelope):
        return await http.get(f"/{envelope['request']['what']}", params={"since": f"{moment:%Y-%m-%d}"})

    async def first(lumos):
        await lumos.call("list_accounts", {"what": "first"})

    async def both(lumos):
        await first(lumos)
        await lumos.call("list_accounts", {"what": "second"})

    made = project(ask)
    at(TODAY, made.record, first)
    at(OTHER_DAYS["tomorrow"], made.run, "new_episodes", both)
    for what in ("first", "second"):
        assert made.text().count(f"/{what}?since=<now-30d>") == 1
    at(OTHER_DAYS["in a year"], made.replay, both)


@pytest.mark.parametrize("where", ["alias", "password"])
def test_what_the_connector_makes_up_may_stand_beside_a_time(project, where):
    async def ask(http, moment, _):
        made_up = {"nonce": uuid.uuid4().hex} if where == "alias" else {"password": uuid.uuid4().hex}
        return await http.post("/signed", json={"at": f"{moment:%Y-%m-%dT%H:%M:%SZ}", **made_up})

    async def twice(lumos):
        return [await once(lumos), await once(lumos)]

    made = project(ask, 0, aliases={"nonce": "request.body.nonce"} if where == "alias" else {})
    stored = at(TODAY, made.record, twice)
    assert stored.count('"at": "<now, YYYY-MM-DDThh:mm:ssZ>"') == 2
    for day in OTHER_DAYS.values():
        at(day, made.replay, twice)
    assert at(OTHER_DAYS["in a year"], made.record, twice) == stored


PARAMETERS = "limit=size, start=start"


def looking_back(acme, moment, times="{}"):
    """Acme, whose connector asks for what is since a moment."""
    imports = "import httpx\nfrom datetime import UTC, datetime, timedelta\n"
    return (
        acme.edit("acme_connector.py", "import httpx\n", imports)
        .edit("acme_connector.py", PARAMETERS, f"{PARAMETERS}, since={moment}")
        .edit(
            "conftest.py",
            "        integration=integration,\n",
            f"        integration=integration,\n        times={times},\n",
        )
    )


DAYS_AGO = "str((datetime.now(UTC) - timedelta(days=30)).date())"
MONTH = 'f"{datetime.now(UTC):%Y-%m-01}"'
DECLARED = "{'query.since': 'start of month'}"


def test_a_project_is_recorded_replayed_and_told_of_a_change(acme):
    recorded = looking_back(acme, DAYS_AGO).run("--record-mode=once")
    recorded.had(passed=3)
    assert any(b"since=<now-30d>" in text for text in recorded.project.recorded("cassettes").values())
    recorded.project.run().had(passed=3)
    changed = recorded.project.edit("acme_connector.py", "days=30", "days=60").run()
    changed.had(failed=3)
    changed.said(
        "Request change:", "query since: recorded <now-30d>, now <now-60d>", "verdicts: 3 request changes"
    )


def test_a_declaration_that_nothing_uses_fails_a_run_of_all_scenarios(acme):
    recorded = looking_back(acme, "'none'", DECLARED).run("--record-mode=once")
    recorded.had(passed=3)
    assert recorded.exit_code == 1
    recorded.said(
        "ConnectorUnderTest(times=...) has 'query.since': 'start of month': no request has a time there.",
        "The calendar spans are: start of day, start of week",
    )
    assert recorded.output.count("no request has a time there") == 1
    assert recorded.project.run().exit_code == 1
    # Others may use it.
    assert recorded.project.run("-k", "walk").exit_code == 0


def test_a_declaration_that_some_requests_use_is_good(acme):
    recorded = looking_back(acme, MONTH, DECLARED).run("--record-mode=once")
    recorded.had(passed=3)
    assert recorded.exit_code == 0
    assert recorded.project.run().exit_code == 0


def test_a_declaration_of_nothing_is_told_at_once_without_a_traceback(acme):
    run = looking_back(acme, MONTH, "{'query.since': 'start of moon'}").run("--record-mode=once")
    run.had(errors=3)
    run.said("'query.since': 'start of moon': there is no such calendar span.", "The calendar spans are:")
    assert "Traceback" not in run.output


def test_a_token_that_has_expired_a_day_later_hides_no_time(project):
    tokens = {}

    async def ask(http, moment, _):
        if tokens.get("until", 0) < datetime.now(UTC).timestamp():
            tokens["until"] = (await http.get("/login")).json()["until"]
        since = {"since": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}
        return await http.get("/events", params=since)

    async def twice(lumos):
        return [await once(lumos), await once(lumos)]

    made = project(ask, handle=lambda _: {"until": TODAY.timestamp() + 60}, reset=tokens.clear)
    assert at(TODAY, made.record, twice).count("since=<now-30d, YYYY-MM-DDThh:mm:ssZ>") == 2


def test_a_connector_that_decodes_a_response_itself_has_times_that_move(project):
    async def ask(http, moment, _):
        since = {"since": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}
        async with http.stream("GET", "/events", params=since) as response:
            packed = b"".join([part async for part in response.aiter_raw()])
        assert gzip.decompress(packed) == b"{}"
        return response

    async def packed_app(scope, receive, send):
        if scope["type"] == "http":
            headers = [(b"content-encoding", b"gzip")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": gzip.compress(b"{}", mtime=0)})

    made = project(ask, upstream=Upstream(origin=ORIGIN, app=lambda: packed_app))
    assert "since=<now-30d, YYYY-MM-DDThh:mm:ssZ>" in at(TODAY, made.record, once)
    at(OTHER_DAYS["in a year"], made.replay, once)


KEPT: dict[str, float] = {}


@pytest.mark.parametrize(("field", "fails_later"), [("expires_on", True), ("expires_in", False)])
def test_what_asks_for_more_once_a_time_in_a_response_is_over_is_said(project, field, fails_later):
    async def ask(http, _, __):
        if KEPT.get("until", 0.0) < datetime.now(UTC).timestamp():
            answer = (await http.post("/token")).json()
            KEPT["until"] = answer.get("expires_on") or datetime.now(UTC).timestamp() + answer["expires_in"]
        return await http.get("/users", params={"since": "2026-01-01"})

    async def twice(lumos):
        await once(lumos)
        await once(lumos)

    token = {"expires_on": int(TODAY.timestamp()) + 3600, "expires_in": 3600}
    made = project(ask, handle=lambda _: {field: token[field]}, reset=KEPT.clear)
    at(TODAY, made.record, twice)
    assert made.outcome.fails_later is fails_later
    at(TODAY + timedelta(minutes=1), made.replay, twice)
    if fails_later:
        with pytest.raises(UnmatchedRequest, match="more often than it is recorded"):
            at(TODAY + timedelta(hours=2), made.replay, twice)
    else:
        at(TODAY + timedelta(hours=2), made.replay, twice)


def test_what_another_call_asks_for_does_not_say_that_a_time_moves(project):
    """The day is what the upstream says; a day later, the first call asks for the next one as well."""

    async def ask(http, _, __):
        day = datetime.fromisoformat((await http.get("/last")).json()["last"]).date()
        while day < datetime.now(UTC).date():
            answer = await http.get("/export", params={"day": str(day)})
            day += timedelta(days=1)
        return answer

    async def twice(lumos):
        await once(lumos)
        await once(lumos)

    yesterday = str((TODAY - timedelta(days=1)).date())
    made = project(ask, handle=lambda _: {"last": yesterday})
    with pytest.raises(UnprovenRecording, match=f"on another day.*day={yesterday}"):
        at(TODAY, made.record, twice)
