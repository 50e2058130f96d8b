"""Times of requests that move with the calendar, as the author has declared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector_contract.errors import UsageError
from connector_contract.recording.calendar_spans import SPANS
from connector_contract.recording.declared_times import declared_in, proposed, used_times
from connector_contract.recording.interactions import Request
from connector_contract.recording.relative_times import Span

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
SPAN = Span(NOW, NOW)


def get(query):
    return Request("GET", f"https://app.example.com/e?{query}")


def test_only_what_is_declared_is_stored_so():
    request = get("since=2026-11-01&until=2026-11-01")
    assert declared_in(request, {"query.until": "start of month"}, SPAN, ()) == {1: "<start of month>"}
    assert declared_in(request, {}, SPAN, ()) == {}
    header = Request("GET", "https://app.example.com/e", (("x-since", "2026-11-01"),))
    assert declared_in(header, {"headers.X-Since": "start of month"}, SPAN, ()) == {0: "<start of month>"}
    assert declared_in(get("since="), {"query.since": "start of month"}, SPAN, ()) == {}


@pytest.mark.parametrize("value", ["2026-11-17", "2026-11-01T00:00:01Z"])
def test_what_is_not_there_is_told_with_the_request(value):
    with pytest.raises(UsageError) as caught:
        declared_in(get(f"since={value}"), {"query.since": "start of month"}, SPAN, [("scenario", "test_x")])
    message = str(caught.value)
    assert f"the connector sends {value} there, which is not the start of a month" in message
    assert f"GET https://app.example.com/e?since={value}" in message
    assert "test_x" in message
    assert all(span in message for span in SPANS)


def test_a_declaration_may_be_for_one_endpoint():
    request = get("since=2026-11-01")
    for endpoint in ("GET /e", "GET /*"):
        times = {f"{endpoint} query.since": "start of month", "query.since": "end of month"}
        assert declared_in(request, times, SPAN, ()) == {0: "<start of month>"}
        assert used_times(times, [request]) == [(key, span, True) for key, span in times.items()]
    others = {f"{other} query.since": "end of month" for other in ("POST /e", "GET /e/*", "GET /f")}
    assert declared_in(request, others, SPAN, ()) == {}
    assert not any(is_used for _, _, is_used in used_times(others, [request]))
    with pytest.raises(UsageError, match=r"'GET /e query.since': 'a month ago': .* which is not a month ago"):
        declared_in(request, {"GET /e query.since": "a month ago"}, SPAN, ())


def test_whether_a_declaration_is_used():
    times = {"query.since": "start of month", "query.until": "end of month", "headers.X-At": "start of day"}
    header = Request("GET", "https://app.example.com/e", (("x-at", "<start of day>"),))
    assert used_times(times, [get("since=<start of month>&until=never"), header]) == [
        ("query.since", "start of month", True),
        ("query.until", "end of month", False),
        ("headers.X-At", "start of day", True),
    ]
    assert used_times({}, [get("since=2026-11-01")]) == []


@pytest.mark.parametrize(
    ("recorded", "made", "spans"),
    [
        ("since=2026-11-01", "since=2027-04-01", {"query.since": "start of month"}),
        ("since=2026-01-01T00:00:00Z", "since=2027-01-01T00:00:00Z", {"query.since": "start of year"}),
        ("until=2026-11-30", "until=2027-02-28", {"query.until": "end of month"}),
        ("since=2026-11-23", "since=2026-11-30", {"query.since": "start of week"}),
        (
            "since=2026-10-01&until=2026-12-31",
            "since=2027-04-01&until=2027-06-30",
            {"query.since": "start of quarter", "query.until": "end of quarter"},
        ),
        # A month that has no day begins a quarter, or a year, by chance.
        ("since=2026-10", "since=2027-04", {"query.since": "start of month"}),
        ("since=2026-11-17", "since=2027-04-17", {}),
        ("since=2026-11-01&a=2026-01-02", "since=2027-04-01&a=2026-01-03", {}),
        ("since=2026-11-01", "since=2027-04-01&a=b", {}),
        ("since=2026-11-01", "since=2026-11-01", {}),
        ("since=<now-30d>", "since=2027-04-01", {}),
    ],
)
def test_the_spans_that_would_explain_a_difference(recorded, made, spans):
    assert proposed(get(recorded), get(made)) == spans
