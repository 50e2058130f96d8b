"""The rule **writes**: a repeat of a write claims no more than it does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import HOST, failure, observed, told

from connector_contract.contract.rules.repeats import repeated_effect_breach
from connector_contract.contract.rules.writes import written_breach
from connector_contract.recording.interactions import Interaction, Request, Response

ANN = {"integration_specific_id": "u1", "user_status": "ACTIVE"}
OFF = {**ANN, "user_status": "INACTIVE"}
READ, WRITE = "GET /users/u1 200", "PUT /users/u1 200"


def asked(*lines):
    found = []
    for line in lines:
        method, path, status, *body = line.split(" ", 3)
        request = Request(method, HOST + path, (), "".join(body).encode())
        found.append(Interaction(request, Response(int(status), "", (), b"{}")))
    return found


def activated(kind, first, again):
    """An activation, and a repeat of it that claims an effect."""
    write = observed(
        "activate_account", {"account_id": "u1"}, {"status": "ACTIVE"}, list_accounts=([OFF], [ANN])
    )
    repeated = {**write.response, "execution_summary": {"effect": {"kind": kind}, "request_fingerprint": "f"}}
    return replace(write, repeated=repeated, asked=asked(*first), asked_again=asked(*again))


@pytest.mark.parametrize("kind", ["created", "updated", "deleted"])
def test_a_repeat_that_only_reads_has_no_effect(kind):
    write = activated(kind, [READ, WRITE], [READ])
    title = f"the execution summary of a repeat says {kind}, and the repeat has changed nothing"
    breach = [("activate_account", title, [f"GET {HOST}/users/u1: 200"])]
    assert told(repeated_effect_breach(write)) == breach
    assert told(written_breach(write)) == breach
    assert told(written_breach(activated("noop", [READ, WRITE], [READ]))) == []


@pytest.mark.parametrize(
    ("again", "reads"),
    [
        pytest.param(["POST /users 409", READ], True, id="it is refused"),
        pytest.param(["POST /login 200", READ], True, id="a login"),
        pytest.param(["POST /users/search 200"], True, id="a search"),
        pytest.param(['POST /graphql 200 {"query": "query { user }"}'], True, id="GraphQL that reads"),
        pytest.param(['POST /graphql 200 {"query": "mutation { on }"}'], False, id="GraphQL that writes"),
        pytest.param([READ, WRITE], False, id="it writes the same again"),
        pytest.param(["POST /users/u1/on 202"], False, id="it may be done later"),
        pytest.param(["POST /users/u1/on 500"], False, id="it may be done"),
        pytest.param([], False, id="nobody knows what it has done"),
    ],
)
def test_what_a_repeat_may_have_changed(again, reads):
    assert bool(told(repeated_effect_breach(activated("updated", [WRITE], again)))) is reads


def test_an_upstream_that_a_get_changes():
    on = "GET /users/u1/activate 200"
    assert told(repeated_effect_breach(activated("updated", [on], [on]))) == []


def test_a_repeat_without_a_summary():
    write = activated("updated", [WRITE], [READ])
    assert told(repeated_effect_breach(replace(write, repeated={"response": {}}))) == []
    assert told(repeated_effect_breach(replace(write, repeated=failure("conflict")))) == []
