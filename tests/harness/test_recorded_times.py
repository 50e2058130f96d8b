"""Which recorded request a request is by now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.recorded_times import RecordedTimes
from connector_contract.recording.relative_times import Span

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
SPAN = Span(NOW - 1, NOW)
URL = "https://app.example.com"


@pytest.fixture(autouse=True)
def in_utc(zone):
    """Have no date be another one in the zone of this process."""
    zone("UTC")


def get(path):
    return Request("GET", URL + path)


def read(recorded, made, *, left=None, guesses=True):
    times = RecordedTimes(map(get, recorded))
    found = times.read(get(made), SPAN, lambda each: left is None or each in map(get, left), guesses=guesses)
    return found.uri.removeprefix(URL)


def test_there_may_be_none_that_move():
    assert not RecordedTimes([get("/e?since=2026-10-30"), get("/e")])
    assert RecordedTimes([get("/e?since=<now-30d>")])


def test_a_time_that_has_moved_is_the_recorded_one():
    assert read(["/e?since=<now-30d>&a=b"], "/e?a=b&since=2026-10-30") == "/e?since=<now-30d>&a=b"


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ("/e?since=2026-09-30", "/e?since=<now-60d>"),
        # What differs besides is what the message shows.
        ("/e?since=2026-10-30&b=c", "/e?since=<now-30d>&b=c"),
        ("/e?since=2026-10-30T12:00:00Z", "/e?since=<now-30d, YYYY-MM-DDThh:mm:ssZ>"),
        ("/other?since=2026-09-30", "/other?since=2026-09-30"),
        ("/e?until=2026-09-30", "/e?until=2026-09-30"),
    ],
)
def test_another_request_has_its_times_as_the_likeliest_has_them(made, shown):
    assert read(["/e?since=<now-30d>"], made) == shown
    assert read(["/e?since=<now-30d>"], made, guesses=False) == made


def test_a_recorded_time_that_does_not_move_stays():
    recorded = ["/e?since=<now-30d>", "/e?since=2026-01-01"]
    assert read(recorded, "/e?since=2026-01-01") == "/e?since=2026-01-01"
    mixed = ["/e?since=<now-30d>&until=2026-01-01"]
    assert read(mixed, "/e?since=2026-10-30&until=2026-01-01") == mixed[0]
    assert read(mixed, "/e?since=2026-10-30&until=2026-01-02") == "/e?since=<now-30d>&until=2026-01-02"


def test_on_the_day_on_which_two_are_the_same_what_is_left_counts_first():
    recorded = ["/e?since=<now-30d>", "/e?since=2026-10-30"]
    for left in recorded:
        assert read(recorded, "/e?since=2026-10-30", left=[left]) == left
    assert read(recorded, "/e?since=2026-10-30", left=[]) == recorded[0]


def test_of_several_that_move_it_is_the_one_that_fits():
    recorded = [f"/e?from=<now-{n}d>&to=<now-{n - 1}d>" for n in (3, 2, 1)]
    assert read(recorded, "/e?from=2026-11-27&to=2026-11-28") == recorded[1]


def test_a_declared_span_that_is_not_at_its_edge_stays_as_it_is():
    assert read(["/e?since=<start of month>"], "/e?since=2026-11-17") == "/e?since=2026-11-17"
    assert read(["/e?since=<start of month>"], "/e?since=2026-10-01") == "/e?since=<start of month-1>"


def test_what_has_no_time_stays_as_it_is():
    assert read(["/e?since=<now-30d>"], "/e?since=") == "/e?since="
