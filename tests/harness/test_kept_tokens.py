"""A token that the connector has from an earlier scenario: where a request has it, and what is said."""

from __future__ import annotations

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.kept_tokens import kept_token, sent_in
from connector_contract.recording.mismatch import Place
from connector_contract.recording.unproven import FORGET

URL = "https://api.example.com/v1/users"


def request(uri=URL, headers=(), body=b""):
    return Request("GET", uri, headers, body)


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (request(headers=(("accept", "*/*"), ("cookie", "sid=a-token-of-before"))), "the header cookie"),
        (request(f"{URL}?key=a-token-of-before"), "the URL"),
        # As a client spells it in a URL.
        (request(f"{URL}?key=a%2Dtoken%2Dof%2Dbefore"), "the URL"),
        (request(body=b'{"key": "a-token-of-before"}'), "the body"),
        (request(body=b"\xff a-token-of-before"), "the body"),
        (request(headers=(("cookie", "sid=another-token"),)), None),
    ],
)
def test_a_token_is_found_wherever_a_request_has_it(made, place):
    assert sent_in(made, {"a-token-of-before"}) == place


def test_what_cannot_be_a_secret_may_be_in_a_request_by_chance():
    sent = request(headers=(("authorization", "Bearer 1234567x"),))
    assert sent_in(sent, {"1234567x"}) == "the header authorization"
    assert sent_in(request(body=b'{"state": "disabled"}'), {"disabled", "1"}) is None


def test_the_error_names_the_place_the_request_and_the_remedy():
    place = Place("tests/test_x.py::test_x", "cassettes/test_x.yaml", "https://api.example.com")
    assert str(kept_token("the header cookie", request(), place)) == (
        "The recording was not saved: nothing in it hands out the token that the connector sends in the "
        "header cookie.\n"
        "  request:  GET https://api.example.com/v1/users\n"
        "  cassette: cassettes/test_x.yaml\n"
        "  scenario: tests/test_x.py::test_x\n"
        f"The upstream handed it out in an earlier scenario.\n{FORGET}"
    )
