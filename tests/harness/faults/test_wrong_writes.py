"""Writes that a connector makes after a broken response, in place of the recorded ones."""

from __future__ import annotations

import json

import pytest
from faults_testing import HOST, asked, call_of, trial_of

from connector_contract.faults.catalogue import planned
from connector_contract.faults.seen import Seen
from connector_contract.faults.wrong_writes import wrong_write
from connector_contract.recording.interactions import Request

MEMBERS = "/v1/groups/g1/members"
READ = asked(path=MEMBERS, body={"members": ["u1", "u2"], "name": "Staff"})


def sent(method, path, body=None, headers=()):
    return Request(method, HOST + path, tuple(headers), b"" if body is None else json.dumps(body).encode())


def write(method, path, body=None, answer=None):
    content = b"" if body is None else json.dumps(body).encode()
    return asked(method, path, {} if answer is None else answer, sends=content)


ALL = {"members": ["u1", "u2", "u3"], "name": "Staff"}
PUT = write("PUT", MEMBERS, ALL)
ONE = {**ALL, "members": ["u3"]}
REPLACES = call_of("assign_entitlement", READ, PUT)


def wrong(call, name, *made, at=1, done=(1,)):
    """What of the requests that a broken call made is a wrong write."""
    trial = trial_of([each for each in planned(call) if each.place == at], name)
    found = wrong_write(trial, call, Seen(asked=dict.fromkeys(done, 1), off_script=made))
    return None if found is None else found.made


@pytest.mark.parametrize(
    "name", ["status-500", "connect-refused", "truncated-json", "error-200", "null-body"]
)
def test_a_list_that_was_not_read_is_not_to_be_written(name):
    made = sent("PUT", MEMBERS, ONE)
    assert wrong(REPLACES, name, made) == made


def test_what_differs_is_shown_without_headers():
    made = sent("PUT", MEMBERS, ONE, [("authorization", "Bearer other")])
    trial = trial_of([each for each in planned(REPLACES) if each.place == 1], "status-500")
    found = wrong_write(trial, REPLACES, Seen(asked={1: 1}, off_script=(made,)))
    assert {each.part.partition("[")[0] for each in found.differences} == {"body.members"}


def test_another_id_is_another_write():
    call = call_of("delete_account", READ, write("DELETE", "/v1/users/17"))
    assert wrong(call, "status-500", sent("DELETE", "/v1/users/18")) is not None


@pytest.mark.parametrize(
    "made",
    [
        sent("POST", "/oauth/token", {"grant_type": "client_credentials"}),
        sent("POST", "/v1/groups/search", {"name": "Staff"}),
        sent("GET", "/v1/groups/g1"),
        # A new token makes it no other write.
        sent("PUT", MEMBERS, ALL, [("authorization", "Bearer other")]),
        # What is recorded of no call proves nothing.
        sent("POST", "/v1/audit", {"failed": True}),
    ],
    ids=["login", "search", "read", "token", "elsewhere"],
)
def test_what_may_follow_an_error_is_none(made):
    assert wrong(REPLACES, "status-500", made) is None


def test_a_search_by_graphql_is_none_and_another_mutation_is_one():
    query, mutation = (
        write("POST", "/graphql", {"query": text, "variables": {"id": "u1"}})
        for text in ("query { user { id } }", "mutation { deleteUser }")
    )
    call = call_of("delete_account", query, mutation)
    other = {"query": "mutation { deleteUser }", "variables": {"id": None}}
    assert wrong(call, "status-500", sent("POST", "/graphql", {"query": "{ users { id } }"})) is None
    assert wrong(call, "status-500", sent("POST", "/graphql", other)) is not None


def test_what_was_created_may_be_deleted_again():
    call = call_of(
        "create_account",
        write("POST", "/v1/users", {"name": "Ann"}, {"id": "u9"}),
        READ,
        write("DELETE", "/v1/invitations/i1"),
        write("DELETE", "/v1/users/u1"),
    )
    assert wrong(call, "status-500", sent("DELETE", "/v1/users/u9"), at=2, done=(1, 2)) is None
    assert wrong(call, "status-500", sent("DELETE", "/v1/users/u8"), at=2, done=(1, 2)) is not None


def test_what_was_written_may_be_written_back():
    call = call_of("update_account", PUT, READ, write("PUT", "/v1/groups/g2/members", ALL))
    assert wrong(call, "status-500", sent("PUT", MEMBERS, ONE), at=2, done=(1, 2)) is None


def test_a_write_with_another_body_beside_the_recorded_one_is_none():
    """As with a second try under another name, if the first one is taken."""
    assert wrong(REPLACES, "status-409", sent("PUT", MEMBERS, ONE), at=2, done=(1, 2)) is None


@pytest.mark.parametrize(
    ("name", "body", "is_wrong"),
    [
        ("field-missing", ONE, True),
        ("field-missing", {"members": ALL["members"]}, False),
        ("field-missing", {"name": "Staff"}, False),
        ("field-null", {**ALL, "name": None}, False),
        # What another value of a field leads to is measured.
        ("another-value", ONE, False),
    ],
)
def test_what_a_response_lacks_may_be_written_back_but_for_items_of_a_list(name, body, is_wrong):
    trial = next(each for each in planned(REPLACES) if each.fault.name == name and each.place == 1)
    found = wrong_write(trial, REPLACES, Seen(asked={1: 1}, off_script=(sent("PUT", MEMBERS, body),)))
    assert (found is not None) is is_wrong


def test_a_call_that_reads_writes_nothing():
    call = call_of("list_accounts", READ, write("POST", MEMBERS, ALL))
    assert wrong(call, "status-500", sent("POST", MEMBERS, ONE)) is None
