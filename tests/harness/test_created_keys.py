"""Keys that a server hands out when one is created, and what else is called so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.created_keys import created_keys
from connector_contract.secrets.named_values import named_values
from connector_contract.secrets.secret_names import WELL_KNOWN

KEY = "Xk9vB2nM" + "7qLp4RtZw8s"
UUID = "0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60"


def found(value, path="/v1/api-keys", method="POST"):
    request = Request(method, f"https://token.example{path}")
    body = json.dumps(value).encode()
    return [each for _, each in created_keys(request, Response(201, "Created", (), body))]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"id": "k1", "name": "ci", "key": KEY}, "/v1/api-keys"),
        ({"id": "k1", "value": KEY}, "/v1/users/7/tokens"),
        ({"apiKey": {"id": "k1", "key": KEY}}, "/v1/x"),
        ({"data": [{"credential": {"value": KEY}}]}, "/v1/x"),
        ({"token": KEY}, "/v1/users/7/tokens"),
    ],
)
def test_a_key_that_was_created(value, path):
    assert found(value, path) == [KEY]
    assert found(value, path, "GET") == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"key": "department", "value": "engineering-emea"}, "/v1/keys"),
        ({"id": KEY, "name": KEY}, "/v1/api-keys"),
        ({"key": UUID, "token": UUID}, "/v1/api-keys"),
        ({"key": "PROJ-1234"}, "/v1/keys"),
        ({"key": KEY, "value": KEY}, "/v1/issues"),
        ({"users": [], "token": KEY}, "/v1/users/search"),
        # If it is sent later, its use tells that it is one.
        ({"token": KEY}, "/v1/login"),
        ({"token": "page-2-of-everything"}, "/v1/users"),
        ({"key": ["x", KEY], "token": 7}, "/v1/keys"),
        ({"key": KEY}, "/v1/monkeyed/turkeybone?by=token"),
        (KEY, "/v1/keys"),
    ],
)
def test_what_else_has_such_a_name(value, path):
    assert found(value, path) == []


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"type": "api_keys", "id": "k1", "attributes": {"name": "ci", "key": KEY}}},
        {"data": [{"type": "application_keys", "attributes": {"key": KEY}}]},
        {"authentication": {"type": "api_key", "data": {"value": KEY}}},
        [{"type": "personal_access_token", "token": KEY}],
        {"type": "secret", "value": KEY},
    ],
)
def test_an_object_that_says_that_it_is_a_key_has_one_in_any_answer(value):
    assert found(value, "/v1/all", "GET") == [KEY]
    assert found([value, "x" * 70_000], "/v1/all", "GET") == [KEY]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "ssh_keys", "attributes": {"key": KEY}},
        {"type": "public_key", "value": KEY},
        {"type": "primary_key", "key": KEY},
        {"type": "page_token", "value": KEY},
        {"type": "api_keys", "attributes": {"key": "PROJ-1234", "last4": KEY}},
        {"type": "api_keys", "relationships": {"owner": {"data": {"type": "users", "key": KEY}}}},
        {"type": "api_keys", "links": {"key": KEY}},
        {"type": "users", "attributes": {"key": KEY}, "was": {"type": "api_keys"}},
        {"type": 7, "key": KEY, "x": {"type": ["token"]}},
    ],
)
def test_what_else_has_a_type(value):
    assert found(value, "/v1/all", "GET") == []


def test_a_recording_and_lint_know_it_and_no_body_is_too_odd():
    request = Request("POST", "https://a.example/v1/keys")
    response = Response(201, "Created", (), json.dumps({"key": KEY}).encode())
    assert list(named_values(request, response, WELL_KNOWN)) == [("key", KEY)]
    for body in (b"", b"{", b"[" * 9000, b'{"key": "%b", "x": "%b"}' % (KEY.encode(), b"x" * 70_000)):
        assert list(created_keys(request, replace(response, body=body))) == []
