"""Aliases for what a connector makes up each time, from two requests that should be equal."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.request_aliases import request_aliases

URL = "https://api.example.com/v1/users"
ONE, OTHER = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2))


def posted(body, headers=(), query=""):
    return Request("POST", URL + query, headers, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("recorded", "made", "aliases"),
    [
        (posted({"password": ONE}), posted({"password": OTHER}), {"password": "request.body.password"}),
        (
            posted({}, (("idempotency-key", ONE),)),
            posted({}, (("idempotency-key", OTHER),)),
            {"idempotency-key": 'request.headers."idempotency-key"'},
        ),
        (
            posted({}, query=f"?nonce={ONE}"),
            posted({}, query=f"?nonce={OTHER}"),
            {"nonce": "request.query.nonce"},
        ),
        (
            posted({"users": [{"key": ONE}, {"key": OTHER}]}),
            posted({"users": [{"key": OTHER}, {"key": ONE}]}),
            {"key": "request.body.users[].key"},
        ),
        # Two places with one name.
        (
            posted({"key": ONE, "user": {"key": ONE}}),
            posted({"key": OTHER, "user": {"key": OTHER}}),
            {"key": "request.body.key", "key-2": "request.body.user.key"},
        ),
        (posted({"password": ONE}), posted({"password": ONE}), {}),
        # One that is there only once is no value that is made up each time.
        (posted({"password": ONE}), posted({}), {}),
        # Nobody can tell this from another value.
        (posted({"active": True}), posted({"active": False}), {}),
        # A token from somewhere.
        (posted({"key": "<token>"}), posted({"key": OTHER}), {}),
    ],
)
def test_a_value_that_differs_has_an_alias_proposed(recorded, made, aliases):
    assert request_aliases(recorded, made, {}) == aliases


def test_the_aliases_that_there_are_stay():
    known = {"key": "id"}
    found = request_aliases(posted({"key": ONE}), posted({"key": OTHER}), known)
    assert found == {"key": "id", "key-2": "request.body.key"}
