"""What a request is for."""

from __future__ import annotations

import json

import pytest

from connector_contract.faults.request_roles import doubles, is_login, names, only_reads
from connector_contract.recording.interactions import Request

HOST = "https://app.example.com"
FORM = (("content-type", "application/x-www-form-urlencoded"),)


def sent(method, path, body=b"", headers=()):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method, HOST + path, tuple(headers), content)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (sent("POST", "/oauth2/token"), True),
        (sent("POST", "/x", b"grant_type=client_credentials", FORM), True),
        (sent("POST", "/x", {"grant_type": "refresh_token"}), True),
        (sent("POST", "/api/login/"), True),
        (sent("POST", "/v1/sessions"), True),
        (sent("GET", "/v1/sessions"), False),
        (sent("POST", "/v1/users"), False),
        (sent("POST", "/v1/tokens/17/revoke"), False),
    ],
)
def test_a_login_asks_for_a_token_or_a_session(request_, expected):
    assert is_login(request_) is expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (sent("GET", "/v1/users"), True),
        (sent("POST", "/v1/users"), False),
        (sent("POST", "/v1/users/_search"), True),
        (sent("POST", "/v1/users:lookup"), True),
        (sent("POST", "/v1/research"), False),
        (sent("POST", "/v1/logout"), True),
        (sent("POST", "/graphql", {"query": "{ users { id } }"}), True),
        (sent("POST", "/graphql", {"query": "query Users { users { id } }"}), True),
        (sent("POST", "/graphql", {"query": "fragment F on User { id } query { users { ...F } }"}), True),
        (sent("POST", "/graphql", {"query": "fragment F on User { id } mutation { a { ...F } }"}), False),
        (sent("POST", "/graphql", {"query": "mutation { remove }"}), False),
        (sent("PATCH", "/v1/search"), False),
    ],
)
def test_some_requests_change_nothing(request_, expected):
    assert only_reads(request_) is expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (sent("POST", "/v1/users"), True),
        (sent("PATCH", "/v1/users/1"), True),
        (sent("PUT", "/v1/users/1"), False),
        (sent("DELETE", "/v1/users/1"), False),
        (sent("POST", "/v1/users", headers=[("idempotency-key", "k")]), False),
    ],
)
def test_some_do_twice_what_is_asked_twice(request_, expected):
    assert doubles(request_) is expected


@pytest.mark.parametrize(
    ("request_", "text", "expected"),
    [
        (sent("GET", "/users/u1"), "u1", True),
        (sent("GET", "/users/u10"), "u1", False),
        (sent("GET", "/users?id=u1&x=2"), "u1", True),
        (sent("POST", "/users/find", {"ids": ["u1"]}), "u1", True),
        (sent("GET", "/users/u1-b"), "u1", False),
        (sent("GET", "/users/a.b"), "a.b", True),
    ],
)
def test_a_request_is_about_an_id(request_, text, expected):
    assert names(request_, text) is expected
