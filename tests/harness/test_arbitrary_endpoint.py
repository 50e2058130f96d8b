"""The rule **arbitrary_endpoint**: the vendor's answer as it is, and refusals without a request."""

from __future__ import annotations

import pytest
from rules_testing import HOST, failure, interaction, told

from connector_contract.contract.rules.arbitrary_endpoint import (
    NOT_FOUND,
    answer_breach,
    asked_before,
    asked_breach,
    endpoint,
    forbidden_breach,
    forbidden_requests,
    refused_answer_breach,
)
from connector_contract.recording.interactions import Interaction, Request, Response

URL = f"{HOST}/v1/things"
HEADERS = [
    ("Content-Type", "text/plain; charset=latin-1"),
    ("Link", "<a>"),
    ("Link", "<b>"),
    ("Set-Cookie", "s=<s>"),
]
ANSWER = interaction("Zoë".encode("latin-1"), headers=HEADERS)
RIGHT = {
    "ok": True,
    "status_code": 200,
    "headers": {"content-type": "text/plain; charset=latin-1", "link": "<a>, <b>", "date": "now"},
    "body": "Zoë",
    "content_type": "text/plain; charset=latin-1",
    "error": None,
    "resolved_url": URL,
}
TITLE = "it does not hand on the vendor's answer as it is"


@pytest.mark.parametrize(
    ("changed", "answered"),
    [
        pytest.param({}, [ANSWER], id="right"),
        pytest.param({}, [interaction({"token": "t"}, "/v1/login"), ANSWER], id="after a login"),
        pytest.param({"resolved_url": f"{URL}?page=2"}, [ANSWER], id="with a query"),
        pytest.param(
            {"ok": False, "status_code": 404, "headers": {}, "body": "{}"},
            [interaction({}, status=404)],
            id="not found",
        ),
        pytest.param(
            {"status_code": 204, "headers": {}, "body": None}, [interaction(b"", status=204)], id="no content"
        ),
        pytest.param(
            {"headers": {"content-type": "text/plain; charset=odd"}, "body": "x"},
            [interaction(b"x", headers=[("Content-Type", "text/plain; charset=odd")])],
            id="a charset that nobody knows",
        ),
    ],
)
def test_the_answer_as_it_is(changed, answered):
    assert told(answer_breach({**RIGHT, **changed}, answered)) == []


@pytest.mark.parametrize(
    ("changed", "records"),
    [
        ({"status_code": 201}, ["status_code: 201; the vendor's: 200"]),
        ({"ok": False}, ["ok: False, at the status 200"]),
        ({"error": "no"}, ["error: 'no', although the vendor answered"]),
        (
            {"headers": {"content-type": "text/plain; charset=latin-1", "link": "<b>"}},
            ["the header link: '<b>'; the vendor's: '<a>, <b>'"],
        ),
        ({"body": "ZoÃ«"}, ["body: 'ZoÃ«'; the vendor's: 'Zoë'"]),
    ],
)
def test_an_answer_that_was_changed(changed, records):
    assert told(answer_breach({**RIGHT, **changed}, [ANSWER])) == [
        ("fulfill_arbitrary_endpoint", TITLE, records)
    ]


@pytest.mark.parametrize("url", ["/v1/things", "https://other.example.com/v1/things", f"{HOST}/things"])
def test_a_resolved_url_that_was_not_called(url):
    assert told(answer_breach({**RIGHT, "resolved_url": url}, [ANSWER])) == [
        (
            "fulfill_arbitrary_endpoint",
            "its resolved_url is not the URL that was called",
            [f"{url}; called: {URL}"],
        )
    ]


def test_an_example_that_is_refused_or_asks_for_nothing():
    refused = {"ok": False, "status_code": None, "error": "Not allowed.", "headers": {}, "resolved_url": URL}
    assert told(answer_breach(refused, [])) == [
        ("fulfill_arbitrary_endpoint", "its example was refused", ["Not allowed."])
    ]
    assert told(answer_breach(RIGHT, [])) == [
        ("fulfill_arbitrary_endpoint", "it reports what no request has asked for", [""])
    ]


def test_each_request_that_is_forbidden_is_harmless():
    requests = forbidden_requests({"url": "things", "method": "POST", "body": "{}"})
    assert len(requests) == 4
    posted = [request for request in requests.values() if request.get("method") == "POST"]
    assert [request["url"] for request in posted] == ["connector-contract-no-such-path"]


REFUSED = {"response": {"ok": False, "status_code": None, "error": "Not allowed.", "headers": {}}}


def test_a_refusal():
    login = interaction({}, "/v1/login")
    before = asked_before([login, ANSWER])
    assert before == {endpoint(login.request)}
    assert told(forbidden_breach("a POST", REFUSED, [login], before)) == []
    assert told(forbidden_breach("a POST", REFUSED, [], set())) == []


@pytest.mark.parametrize(
    ("response", "sent", "title", "records"),
    [
        (REFUSED, [ANSWER], "a POST was not refused, but sent", [f"GET {URL}"]),
        (failure("bad_request", "No."), [], "a POST gave an error: bad_request: No.", []),
        (
            {"response": {"ok": True, "status_code": 200, "error": None}},
            [],
            "a POST was refused, and the report does not say so",
            ["ok: True", "error: None", "status_code: 200"],
        ),
    ],
)
def test_what_is_no_refusal(response, sent, title, records):
    assert told(forbidden_breach("a POST", response, sent, set())) == [
        ("fulfill_arbitrary_endpoint", title, records)
    ]


def sent(method, path, body=b""):
    return [Interaction(Request(method, HOST + path, (), body), Response(200, "", (), b"{}"))]


@pytest.mark.parametrize(
    ("example", "interactions"),
    [
        ({"url": "things"}, sent("GET", "/v1/things")),
        ({"url": "/things/"}, sent("GET", "/v1/things")),
        ({"url": f"{HOST}/v1/things?page=2", "query": {"ignored": ["1"]}}, sent("GET", "/v1/things?page=2")),
        ({"url": "things?a=1", "query": {"b": ["2", "3"]}}, sent("GET", "/v1/things?b=2&a=1&b=3&key=mine")),
        ({"url": "a%20b"}, sent("GET", "/v1/a%20b")),
        ({"url": "graphql", "method": "POST", "body": "{}"}, sent("POST", "/graphql", b"{}")),
        ({"url": "things"}, []),
    ],
)
def test_what_is_asked_is_sent(example, interactions):
    assert told(asked_breach(example, interactions)) == []


@pytest.mark.parametrize(
    ("example", "interactions", "record"),
    [
        ({"url": "things?a=1"}, sent("GET", "/v1/things"), "the query lacks a=1"),
        ({"url": "things", "query": {"a": ["1", "1"]}}, sent("GET", "/things?a=1"), "the query lacks a=1"),
        ({"url": "things"}, sent("POST", "/v1/things"), "the method POST; asked for: GET"),
        ({"url": "things/7"}, sent("GET", "/v1/things"), "the path /v1/things; asked for: things/7"),
        ({"url": "q", "method": "POST", "body": "{}"}, sent("POST", "/q"), "the body is another"),
    ],
)
def test_what_is_sent_and_was_not_asked(example, interactions, record):
    title = "it does not send what it was asked to send"
    assert told(asked_breach(example, interactions)) == [("fulfill_arbitrary_endpoint", title, [record])]


def test_a_404_of_the_vendor_comes_back_as_it_is():
    report = {**RIGHT, "ok": False, "status_code": 404, "body": NOT_FOUND.body.decode()}
    right = {**report, "headers": {"content-type": "application/json"}}
    assert told(refused_answer_breach({"response": right}, [ANSWER])) == []
    assert told(refused_answer_breach({"response": {**right, "ok": True}}, [ANSWER])) == [
        ("fulfill_arbitrary_endpoint", f"at a vendor's 404, {TITLE}", ["ok: True, at the status 404"])
    ]
    assert told(refused_answer_breach(failure(), [ANSWER])) == [
        ("fulfill_arbitrary_endpoint", "a vendor's 404 gave an error: not_found: No.", [])
    ]
