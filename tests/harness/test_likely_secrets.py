"""Secrets that a name and the look of the value tell together, and their neighbours."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.likely_secrets import likely_secrets
from connector_contract.secrets.named_values import named_values
from connector_contract.secrets.secret_names import WELL_KNOWN, secret_names

KEY = "Xk9vB2nM" + "7qLp4RtZw8sQ"
HEX = "9f86d081884c7d65" + "9a2feaa0c55ad015"
UUID = "0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60"
REQUEST = Request("GET", "https://acme.example/v1/users")


def found(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return list(likely_secrets(text.encode()))


@pytest.mark.parametrize(
    ("value", "name", "secret"),
    [
        ({"integration_key": HEX}, "integration_key", HEX),
        ({"a": [{"integrationKey": KEY}]}, "integrationKey", KEY),
        ({"pager-integration-key": KEY}, "pager-integration-key", KEY),
        (f"INTEGRATION_KEY={KEY}", "INTEGRATION_KEY", KEY),
        ({"x": json.dumps({"deploy_key": KEY})}, "deploy_key", KEY),
        ({"name": "deploy_key", "value": KEY}, "deploy_key", KEY),
        ({"deployKey": f"a/{KEY}"}, "deployKey", f"a/{KEY}"),
        (json.dumps({"deployKey": f"a/{KEY}"}).replace("/", "\\/"), "deployKey", f"a/{KEY}"),
        ({"ticket": KEY}, "ticket", KEY),
        (f"<ticket>{KEY}</ticket>", "ticket", KEY),
        (f"a=1&pass={KEY}&b=2", "pass", KEY),
        ({"creds": {"pass": KEY}}, "pass", KEY),
        ("Your temporary password is Spring2025!", "temporary_password", "Spring2025"),
        ('The password is "P4ssw0rd".', "the_password", "P4ssw0rd"),
        ({"text": f"The access token is {KEY}."}, "access_token", KEY),
        (f"Use your API key: {KEY}, please", "api_key", KEY),
        (f"token: {KEY}", "token", KEY),
    ],
)
def test_a_random_value_of_such_a_name(value, name, secret):
    assert found(value) == [(name, secret)]


@pytest.mark.parametrize(
    "value",
    [
        *({"ticket": each} for each in ("INC0012345", 42, UUID, "0015g00000XyZabAAB", "SUP-2026-emea-1234")),
        # An id of GraphQL.
        {"ticket": "Z2lkOi8vYWNtZS9UaWNrZXQvMTIzNDU2"},
        {"ticket": {"id": 1, "title": "x", "key": KEY}},
        {"ticket_id": KEY, "tickets": KEY, "ticketRef": KEY},
        {"deploy_key": f"ssh-rsa AAAAB3NzaC1yc2E{KEY}"},
        {"deploy_key": f"AAAAB3NzaC1yc2E{KEY}"},
        {"deploy_key_id": KEY, "integration_keys_url": KEY},
        {"integration_key": "DIRWIH0ZZPV4G88B37VQ"},
        {"pass": True, "bypass": KEY, "compass": KEY},
        {"pass": "passed"},
        {"primary_key": KEY, "sort_key": KEY, "project_key": "ABC", "public_key": KEY, "issueKey": KEY},
        {"key": KEY, "token": KEY},
        "password is required",
        "The password is case-sensitive, and the token is opaque-but-very-long.",
        "password is SHA256-hashed",
        "the password is 12345678",
        "the password is ada2@acme.example",
        "the password is https://acme.example/x1y2z3",
        "no password is Xk9vB2nM7q",
        f"next page token: {KEY}",
        f"the page token is {KEY}",
        f"the primary key is {KEY}",
        f"public key: {KEY}",
        f"key: {KEY}",
    ],
)
def test_what_else_has_such_a_name(value):
    assert found(value) == []


def test_a_recording_replaces_it_lint_finds_it_and_the_authors_list_is_heard():
    body = json.dumps({"ticket": KEY, "text": f"Your API key: {HEX}", "same": KEY}).encode()
    response = Response(200, "OK", (), body)
    assert list(named_values(REQUEST, response, WELL_KNOWN)) == [("ticket", KEY), ("api_key", HEX)]
    secrets = Secrets(WELL_KNOWN)
    secrets.learn(REQUEST, response)
    shown = secrets.redactor().response(response)
    assert json.loads(shown.body) == {
        "ticket": "<ticket>", "text": "Your API key: <api_key>", "same": "<ticket>",
    }  # fmt: skip
    assert list(named_values(REQUEST, shown, WELL_KNOWN)) == []
    names = secret_names(["-ticket: is the number of a record"])
    assert list(named_values(REQUEST, response, names)) == [("api_key", HEX)]


def test_what_has_many_names_is_gone_through_once():
    for text in ("ticket" * 20_000, "ticket:" * 20_000, 'pass"' + " " * 100_000, "password is " * 20_000):
        assert found(text) == []
