"""The failures of strict replay, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.mismatch import (
    Place,
    asks_to_wait,
    foreign,
    no_longer_in_turn,
    out_of_order,
    too_many,
    unanswered,
    unmatched,
    unplayed,
)

PLACE = Place("tests/test_a.py::test_b[x y]", "cassettes/a.yaml", "https://a.example")
ASKER = [("call", "list_accounts, page 2"), ("asked in", "client.py:7")]
WHERE = ["  cassette: cassettes/a.yaml", "  scenario: tests/test_a.py::test_b[x y]"]
ASKED = ["  call:     list_accounts, page 2", "  asked in: client.py:7"]
REWRITE = "  pytest --record-mode=rewrite 'tests/test_a.py::test_b[x y]'"


def get(number):
    return Request("GET", f"https://a.example/users?page={number}")


def recorded(*numbers):
    return [Interaction(get(number), Response(200)) for number in numbers]


def lines(error):
    return str(error).splitlines()


def test_a_request_that_is_not_recorded_is_shown_beside_the_nearest():
    assert lines(unmatched(get(3), recorded(1, 2), [2], PLACE, ASKER)) == [
        "Request change: The connector made a request that is not recorded: GET https://a.example/users?page=3",
        *ASKED,
        *WHERE,
        "  nearest recorded request, number 2: GET https://a.example/users?page=2",
        "  query page: recorded '2', now '3'",
        "Fix the connector; or, if it should make this request, record again:",
        REWRITE,
    ]


def test_of_equally_near_requests_one_that_is_left_is_shown():
    for left in (1, 2):
        error = unmatched(get(3), recorded(1, 2), [left], PLACE, [])
        assert error.details[0].startswith(f"nearest recorded request, number {left}: ")


def test_a_write_that_is_too_early_is_shown_with_what_was_first():
    requests = [Request(*each.split()) for each in ("POST https://a.example/a", "DELETE https://a.example/b")]
    interactions = [Interaction(each, Response(200)) for each in requests]
    assert lines(out_of_order(requests[1], 2, [1], interactions, PLACE, ASKER)) == [
        "Request change: The connector made DELETE https://a.example/b before POST https://a.example/a, "
        "which was recorded first.",
        *ASKED,
        *WHERE,
        "  recorded first, number 1: POST https://a.example/a",
        "  recorded after it, number 2: DELETE https://a.example/b",
        "The order of what a call writes counts, because what is left behind depends on it.",
        "Fix the connector; or, if this order is right, record again:",
        REWRITE,
    ]
    many = out_of_order(requests[1], 2, [1] * 7, interactions, PLACE, [])
    assert many.details[5:] == ("and 2 more", "recorded after it, number 2: DELETE https://a.example/b")


def puts(*bodies):
    made = [Request("PUT", "https://a.example/a", (), body) for body in bodies]
    return made, [Interaction(each, Response(200)) for each in made]


def test_of_two_writes_to_one_place_the_message_says_what_differs():
    (_, second), interactions = puts(b'{"status": "on", "a": 1}', b'{"status": "off", "a": 1}')
    early = out_of_order(second, 2, [1], interactions, PLACE, ASKER)
    assert early.what == (
        "The connector made PUT https://a.example/a before another PUT https://a.example/a, "
        "which was recorded first."
    )
    assert early.details[2:] == ('body.status: first "on", after it "off"',)
    at_once = no_longer_in_turn(1, 2, interactions, PLACE, "x")
    assert at_once.details[2:] == early.details[2:]


def test_a_write_that_does_not_wait_is_shown_with_what_was_first():
    requests = [Request(*each.split()) for each in ("POST https://a.example/a", "DELETE https://a.example/b")]
    interactions = [Interaction(each, Response(200)) for each in requests]
    assert lines(no_longer_in_turn(1, 2, interactions, PLACE, "delete_account")) == [
        "Request change: The connector made DELETE https://a.example/b at the same time as "
        "POST https://a.example/a, which was answered first when it was recorded.",
        "  capability: delete_account",
        "  cassette:   cassettes/a.yaml",
        "  scenario:   tests/test_a.py::test_b[x y]",
        "  recorded first, number 1: POST https://a.example/a",
        "  recorded after it, number 2: DELETE https://a.example/b",
        "The order of what a call writes counts, because what is left behind depends on it.",
        "Have the connector wait for the first one; or, if they may come in any order, record again:",
        REWRITE,
    ]


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://xn--bcher-kva.example/v1/users", "https://bücher.example/v1/users"),
        ("https://xn--bcher-kva.example/v1", "https://bücher.example/v1"),
        ("https://xn--bcher-kva.example/v10", "https://xn--bcher-kva.example/v10"),
        ("https://b.example/x", "https://B.example:443/x"),
        ("https://b.example.org/x", "https://b.example.org/x"),
        ("https://c.example/x", "https://c.example/x"),
    ],
)
def test_a_request_is_shown_at_its_origin_as_that_is_declared(uri, shown):
    further = ["https://B.example:443", "https://c.example"]
    place = Place("tests/test_a.py::test_b", "a.yaml", "https://bücher.example/v1/", further)
    assert place.called(Request("GET", uri)) == f"GET {shown}"
    assert str(unmatched(Request("GET", uri), [], [], place, [])).splitlines()[0].endswith(f" GET {shown}")


def test_where_nothing_is_recorded_nothing_is_near():
    assert unmatched(get(1), [], [], PLACE, []).details == ("nothing is recorded",)


@pytest.mark.parametrize(("numbers", "times"), [([1], "1 time"), ([1, 2, 1], "2 times")])
def test_a_request_that_is_made_more_often_than_recorded(numbers, times):
    error = unmatched(get(1), recorded(*numbers), [], PLACE, ASKER)
    assert error.what == (
        "The connector made a request more often than it is recorded: GET https://a.example/users?page=1"
    )
    assert error.details == (f"it is recorded {times}, and was played as often",)


def test_a_request_that_is_made_more_often_with_another_body_shows_what_differs():
    def refresh(token):
        headers = (("content-type", "application/x-www-form-urlencoded"),)
        return Request("POST", "https://a.example/token", headers, f"refresh_token=<{token}>".encode())

    tokens = [refresh("refresh_token"), refresh("refresh_token-2"), refresh("refresh_token-3")]
    requests = [tokens[0], Request("GET", "https://a.example/users"), *tokens[1:]]
    interactions = [Interaction(each, Response(200)) for each in requests]
    error = unmatched(tokens[0], interactions, [2, 3, 4], PLACE, ASKER, [2, 3, 4])
    assert error.details == (
        "it is recorded 1 time, and was played as often",
        "not made yet, number 3: POST https://a.example/token",
        "form field refresh_token: recorded '<refresh_token-2>', now '<refresh_token>'",
    )


def test_a_header_that_is_compared_for_its_secret_alone_is_shown_as_it_is():
    def users(*headers):
        return Request("GET", "https://a.example/users", headers)

    interactions = [Interaction(users(("x-check", "<cookie.check>")), Response(200))]
    error = unmatched(users(), interactions, [1], PLACE, ASKER, (), lambda _: users(("x-check", "none")))
    assert error.details[1:] == ("header x-check: recorded '<cookie.check>', now 'none'",)


def test_requests_that_were_not_made():
    assert lines(unplayed(recorded(1, 2), [2], [], PLACE)) == [
        "Request change: The connector did not make 1 of the 2 recorded requests.",
        *WHERE,
        "  number 2: GET https://a.example/users?page=2",
        "Fix the connector; or, if it should ask for less, record again:",
        REWRITE,
    ]


def test_many_requests_that_were_not_made_are_shortened():
    error = unplayed(recorded(*range(9)), range(2, 10), [], PLACE)
    assert error.what == "The connector did not make 8 of the 9 recorded requests."
    assert [line.partition(":")[0] for line in error.details] == [
        *(f"number {number}" for number in range(2, 7)),
        "and 3 more",
    ]


def test_what_a_recording_must_not_reach():
    assert lines(foreign("https://b.example/x", PLACE, ASKER)) == [
        "The connector called https://b.example/x, which is not at its declared origin.",
        "  origin:   https://a.example",
        *ASKED,
        *WHERE,
        "A recording may reach only what is declared, so that no credential goes elsewhere.",
        "Fix the connector, or Upstream(origin=...) in conftest.py. If it needs another server, such as",
        "that of its tokens, declare it: Upstream(..., further_origins=[...]).",
    ]
    further = replace(PLACE, further_origins=("https://c.example",))
    assert lines(foreign("https://b.example/x", further, ASKER))[1:3] == [
        "  origin:   https://a.example",
        "  origin:   https://c.example",
    ]


def test_what_the_upstream_did_not_answer():
    error = unanswered([get(number) for number in range(9)], 12, PLACE)
    assert error.what == "The upstream did not answer 9 of 12 requests as a whole."
    assert error.details == tuple(str(get(number)) for number in range(5))
    assert "a timeout of the connector's own\nclient has ended them" in error.remedy


def test_a_wait_that_is_too_long():
    until = datetime(2026, 1, 1, 14, 30, tzinfo=UTC)
    assert lines(asks_to_wait(until, 900.0, PLACE)) == [
        "The upstream asks to wait until 2026-01-01 14:30:00 UTC (Retry-After), and a recording waits "
        "15 minutes at most.",
        "  origin: https://a.example",
        "Nothing more was sent. Go on after that: --record-mode=once records what is missing, and",
        "--record-mode=rewrite --record-resume what is left of a rewrite. To stay below the limit:",
        "Upstream(requests_per_minute=...) in conftest.py.",
    ]


def test_what_is_asked_without_end():
    assert lines(too_many([(get(1), 99), (get(2), 2)], PLACE, ASKER)) == [
        "Contract breach: The connector asks without end: 101 requests in one call, "
        "99 times GET https://a.example/users?page=1.",
        *ASKED,
        *WHERE,
        "  2 times GET https://a.example/users?page=2",
        "Lumos would wait for ever. Have the connector give up after some tries.",
        "If the call needs that many requests, allow them: ConnectorUnderTest(max_requests=...).",
    ]


def test_as_many_requests_as_are_shown_have_no_more():
    recorded = [Interaction(Request("GET", f"https://a.example/{n}"), Response(200)) for n in range(5)]
    error = unplayed(recorded, [1, 2, 3, 4, 5], [], Place("t.py::t", "t.yaml", "https://a.example"))
    assert len(error.details) == 5
