"""OAuth scopes are a set: another order is no change."""

import json

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import differences, request_key
from connector_contract.recording.scopes import (
    response_with_sorted_scopes,
    sorted_scopes,
    url_with_sorted_scopes,
    with_sorted_scopes,
)

FORM = (("content-type", "application/x-www-form-urlencoded"),)
JSON = (("content-type", "application/json"),)
URL = "https://a.example/token"


def form(body):
    return Request("POST", URL, FORM, body.encode())


def as_json(**fields):
    return Request("POST", URL, JSON, json.dumps(fields).encode())


def query(text):
    return Request("GET", f"{URL}?{text}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (form("scope=b+a&grant_type=x"), form("grant_type=x&scope=a+b")),
        (form("scope=b%20a&grant_type=x"), form("scope=a+b&grant_type=x")),
        (query("scope=b+a%3Aall&grant_type=x"), query("grant_type=x&scope=a%3Aall+b")),
        (as_json(scope="b a", grant_type="x"), as_json(grant_type="x", scope="a b")),
    ],
)
def test_scopes_in_another_order_are_the_same(one, other):
    assert request_key(one) == request_key(other)
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (form("scope=b+a&grant_type=x"), form("scope=b&grant_type=x")),
        # Some servers take commas: then it is one scope, in the author's own order.
        (form("scope=b,a&grant_type=x"), form("scope=a,b&grant_type=x")),
        # Fields of other APIs have texts.
        (form("scope=b+a"), form("scope=a+b")),
        (query("scope=b+a"), query("scope=a+b")),
        (as_json(scope="tidy up"), as_json(scope="up tidy")),
        (as_json(scope=["b", "a"], grant_type="x"), as_json(scope=["a", "b"], grant_type="x")),
    ],
)
def test_other_scopes_and_other_fields_are_not(one, other):
    assert request_key(one) != request_key(other)


@pytest.mark.parametrize(
    "request_",
    [
        form("grant_type=x&scope=a+b"),
        form("scope&grant_type=x"),
        as_json(grant_type="x", scope="a b"),
        Request("POST", URL, JSON, b'{"scope": "b a", grant_type'),
        Request("POST", URL, JSON, b'["scope"]'),
        query("scope=b+a"),
    ],
)
def test_what_is_in_order_stays_as_it_is_to_the_byte(request_):
    assert with_sorted_scopes(request_) is request_


def test_a_url_keeps_all_else_as_it_is():
    url = "https://a.example/auth?x=b+a&response_type=code&scope=b%3A1+a&state=%2f#scope=b+a"
    expected = "https://a.example/auth?x=b+a&response_type=code&scope=a+b%3A1&state=%2f#scope=b+a"
    assert url_with_sorted_scopes(url) == expected
    assert url_with_sorted_scopes("https://a.example/auth") == "https://a.example/auth"
    # As the SDK writes it, if the author's URL has a query of its own.
    twice = "https://a.example/auth?x=1?client_id=1&response_type=code&scope=b+a"
    assert url_with_sorted_scopes(twice).endswith("scope=a+b")


def test_the_response_with_the_url_is_compared_by_it():
    def response(url):
        return {"response": {"authorization_url": url, "code_verifier": None}}

    one, other = (response(f"https://a.example/?response_type=code&scope={each}") for each in ("b+a", "a+b"))
    assert response_with_sorted_scopes(one) == response_with_sorted_scopes(other) == other
    for value in ({"response": [1]}, {"is_error": True}, [1], "text", {"response": {"authorization_url": 1}}):
        assert response_with_sorted_scopes(value) is value


def test_scopes_keep_what_they_are():
    assert sorted_scopes("read") == "read"
    assert sorted_scopes("") == ""
    assert sorted_scopes("b a b") == "a b b"
