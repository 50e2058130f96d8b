"""The rule **secret_in_url**: no secret travels in a URL."""

from __future__ import annotations

import pytest
from rules_testing import HOST, told

from connector_contract.contract.declared_less import ONLY_WAY
from connector_contract.contract.rules.secret_in_url import asked_by, secret_in_url_breach
from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response

KINDS = {"token", "basic", "acme-key"}


def breaches(*paths, choice=None):
    requests = [Request("GET", HOST + path) for path in paths]
    return told(secret_in_url_breach("list_accounts", requests, KINDS, choice))


@pytest.mark.parametrize(
    "path",
    [
        "/users?limit=3",
        pytest.param("/users?since=<now-30d>", id="a time"),
        pytest.param("/users/<basic.username>/groups", id="the name of a user"),
        pytest.param("/users?client_id=<acme-key.client_id>", id="a client's id"),
        pytest.param("/<basic.tenant_id>/users", id="whose data it is"),
        pytest.param("/files/7?sig=<sig>", id="what the upstream has put in a link"),
        pytest.param("/files/7?X-Amz-Security-Token=<x-amz-security-token>", id="a signed link"),
        pytest.param("/users?name=%3Cb%3E", id="markup"),
    ],
)
def test_what_may_be_in_a_url(path):
    assert breaches(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "/users?api_key=<token.token>",
        pytest.param("/bot<token.token>/users", id="in the path"),
        pytest.param("/users?key=%3Ctoken.token%3E", id="escaped"),
        pytest.param("/users?key=<token.token.base64>", id="in another form"),
        pytest.param("/users?key=<token.token-2>", id="one of several"),
        pytest.param("/users?p=<basic.password>", id="a password"),
        pytest.param("/users?key=<acme-key.token.token>", id="one of several credentials"),
        pytest.param("/users?access_token=<access_token>", id="what a login gives"),
        pytest.param("/users?session=<issued.x-session>", id="what a header has, too"),
        pytest.param("/token?client_secret=<client_secret>", id="a client's secret"),
    ],
)
def test_a_secret_in_a_url(path):
    line = f"GET {HOST}{path}"
    assert breaches(path, "/users", path) == [("list_accounts", "it sends a secret in a URL", [line])]


def test_where_there_is_no_other_way():
    assert breaches("/users?api_key=<token.token>", choice=ONLY_WAY) == []
    title = "no request has a secret in its URL, and declared_choices says that some have"
    assert breaches("/users", choice=ONLY_WAY) == [("list_accounts", title, [])]


def test_what_is_asked_for_by_some_calls():
    requests = [Request("GET", f"{HOST}/{number}") for number in range(3)]
    interactions = tuple(Interaction(each, Response(200)) for each in requests)
    names = ["list_accounts", "list_resources", "list_accounts"]
    calls = tuple(Call(name, Success(), interactions=(number,)) for number, name in enumerate(names, 1))
    asked = asked_by(Cassette(interactions, calls), ["list_accounts"])
    assert asked == [requests[0], requests[2]]
