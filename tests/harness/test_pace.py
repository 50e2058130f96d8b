"""How fast a real server is asked: so many requests a minute, and no sooner than it says."""

import asyncio

import pytest
from pace_testing import VirtualTime
from scenario_testing import Connector, application, client
from traffic_testing import ORIGIN, traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.clients.interception import Interception
from connector_contract.errors import UpstreamFailure, UsageError
from connector_contract.recording.ending import Ending
from connector_contract.recording.interactions import Response
from connector_contract.recording.running import running
from connector_contract.recording.scenario import Session
from connector_contract.storage.files import load_cassette, scenario_files
from connector_contract.upstream.pace import Clock, Pace, Paces
from connector_contract.upstream.server import serve


@pytest.fixture
def time():
    return VirtualTime()


def limit(seconds):
    return Response(429, "", (("retry-after", str(seconds)),), b"")


def test_requests_are_as_far_apart_as_the_limit_asks(time):
    pace = Paces(time.clock).of("https://a.example", 60)
    assert pace.take_turn() == 0
    assert pace.take_turn() == 1
    # Who waits has taken nothing.
    assert pace.take_turn() == 1
    time.now = 1
    assert (pace.take_turn(), pace.take_turn()) == (0, 1)


def test_time_that_nobody_used_is_not_made_up_for(time):
    pace = Paces(time.clock).of("https://a.example", 60)
    pace.take_turn()
    time.now = 100
    assert (pace.take_turn(), pace.take_turn()) == (0, 1)


def test_without_a_limit_nobody_waits(time):
    pace = Paces(time.clock).of("https://a.example", None)
    assert [pace.take_turn() for _ in range(3)] == [0, 0, 0]


def test_a_server_has_one_pace_whoever_asks_it(time):
    paces = Paces(time.clock)
    pace = paces.of("https://A.example/v1", 60)
    assert paces.of("https://a.example", 60) is pace
    assert paces.of("https://b.example", 60) is not pace
    assert paces.of("https://a.example:8443", 60) is not pace


def test_nothing_goes_out_before_the_server_allows_it(time):
    pace = Pace(time.clock)
    pace.heed(limit(30))
    assert (pace.take_turn(), pace.held) == (30, 30)
    # Another response, sent before, asks for less.
    pace.heed(limit(5))
    time.now = 29
    assert pace.take_turn() == 1
    time.now = 30
    assert (pace.take_turn(), pace.held) == (0, 0)


def test_the_real_clock_waits_in_threads_and_tasks():
    clock = Clock()
    assert clock.now() <= clock.now()
    assert clock.today() > 1767225600
    clock.sleep(0)
    asyncio.run(clock.async_sleep(0))


def test_who_asks_for_too_long_a_wait_is_asked_nothing_more(time):
    traffic = traffic_for(ORIGIN)
    traffic.pace = Pace(time.clock)
    traffic.pace.heed(limit(3600))
    with pytest.raises(UpstreamFailure) as caught:
        Interception(traffic).wait()
    assert traffic.verdicts == [caught.value]
    assert time.waits == []
    assert caught.value.what.startswith("The upstream asks to wait until 2026-01-01 01:00:00 UTC")
    # The next scenario says the same, so that it is one report.
    time.now += 0.7
    with pytest.raises(UpstreamFailure) as again:
        Interception(traffic).wait()
    assert str(again.value) == str(caught.value)


def test_a_quarter_of_an_hour_is_waited_for(time):
    traffic = traffic_for(ORIGIN)
    traffic.pace = Pace(time.clock)
    traffic.pace.heed(limit(900))
    asyncio.run(Interception(traffic).async_wait())
    assert time.waits == [900]
    assert traffic.verdicts == []


@pytest.mark.parametrize("number", [0, -1, float("inf"), float("nan"), True, "60"])
def test_a_limit_is_a_positive_number(number):
    with pytest.raises(UsageError) as caught:
        Upstream(ORIGIN, requests_per_minute=number)
    assert str(caught.value) == (
        f"Upstream(requests_per_minute=...) is {number!r}, which is not a positive number.\n"
        "Give how many requests may go out in a minute while recording, such as requests_per_minute=60."
    )


class Limited:
    """An upstream with a limit of requests in each minute of a virtual time."""

    def __init__(self, time, limit):
        self.time, self.limit = time, limit
        self.asked = []

    def __call__(self, _asked):
        minute = self.time.now // 60
        self.asked.append(self.time.now)
        if sum(when // 60 == minute for when in self.asked) > self.limit:
            return 429, {"retry-after": str(60 - int(self.time.now % 60))}, {"error": "too fast"}
        return {"number": len(self.asked)}


def asking(number, retries=0):
    """A connector that asks for so many pages, and again what was refused."""

    async def list_accounts(_envelope):
        async with client() as upstream:
            for _ in range(number):
                for _try in range(1 + retries):
                    response = await upstream.get("/users")
                    if response.status_code != 429:
                        break
        return response.status_code

    return Connector(list_accounts=list_accounts)


@pytest.fixture
def recorded_from(tmp_path, time):
    """Records scenarios from a server with a limit in virtual time, without ``app``."""

    def recorded(upstream, connector, names=("test_x",), **options):
        session = Session(paces=Paces(time.clock))
        with serve(application(upstream), tmp_path) as url:
            return _record(tmp_path, url, connector, session, names, options)

    return recorded


def _record(root, url, connector, session, names, options):
    statuses = []
    upstream = Upstream(origin="https://app.example.com", **options)
    for name in names:
        files = scenario_files(root, f"test_x.py::{name}")
        under_test = ConnectorUnderTest(integration=connector, upstream=upstream)
        with running(under_test, files, name, "rewrite", url, session) as scenario:
            response = asyncio.run(scenario.lumos.call("list_accounts"))
            scenario.conclude(Ending.PASSED, update_snapshots=False)
            asyncio.run(scenario.prove())
        scenario.save("server", Ending.PASSED)
        recorded = load_cassette(files, name).interactions
        statuses.append((response["response"], [each.response.status for each in recorded]))
    return statuses


@pytest.mark.loopback
def test_a_limit_of_requests_is_kept_over_all_scenarios(recorded_from, time):
    upstream = Limited(time, 60)
    statuses = recorded_from(upstream, asking(50), ("test_a", "test_b", "test_c"), requests_per_minute=60)
    assert statuses == [(200, [200] * 50)] * 3
    assert upstream.asked == [float(second) for second in range(150)]


@pytest.mark.loopback
def test_without_the_limit_the_server_refuses(recorded_from, time):
    upstream = Limited(time, 60)
    ((status, recorded),) = recorded_from(upstream, asking(61))
    assert (status, recorded.count(200), recorded.count(429)) == (429, 60, 1)


@pytest.mark.loopback
def test_a_connector_that_tries_again_is_held_back_for_as_long_as_the_server_asks(recorded_from, time):
    upstream = Limited(time, 60)
    (first, second) = recorded_from(upstream, asking(70, retries=1), ("test_a", "test_b"))
    # The refusal is a part of the recording, and the connector's next request came in the next minute.
    assert first == (200, [200] * 60 + [429] + [200] * 10)
    assert second == (200, [200] * 50 + [429] + [200] * 20)
    assert time.waits == [60, 60]


@pytest.mark.loopback
def test_what_a_refusal_of_the_end_of_a_scenario_asks_for_holds_the_next_one_back(recorded_from, time):
    upstream = Limited(time, 60)
    recorded_from(upstream, asking(61), ("test_a", "test_b"))
    assert upstream.asked == [0.0] * 61 + [60.0] * 61


@pytest.mark.loopback
def test_a_connector_that_has_waited_itself_is_not_delayed_twice(recorded_from, time):
    upstream = Limited(time, 60)

    async def list_accounts(_envelope):
        async with client() as ask:
            for _ in range(61):
                response = await ask.get("/users")
            time.now += int(response.headers["retry-after"])
            return (await ask.get("/users")).status_code

    assert recorded_from(upstream, Connector(list_accounts=list_accounts))[0][0] == 200
    assert time.waits == []


@pytest.mark.loopback
def test_an_application_that_is_served_is_asked_at_once(tmp_path, time):
    upstream = Upstream(
        origin="https://app.example.com", app=lambda: application(lambda _: {}), requests_per_minute=60
    )
    under_test = ConnectorUnderTest(integration=asking(3), upstream=upstream)
    files = scenario_files(tmp_path, "test_x.py::test_x")
    session = Session(paces=Paces(time.clock))
    with running(under_test, files, "test_x", "rewrite", None, session) as scenario:
        asyncio.run(scenario.lumos.call("list_accounts"))
    assert time.waits == []
