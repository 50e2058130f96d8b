"""Writes that an upstream has only accepted, and the requests that ask what became of them."""

from __future__ import annotations

import pytest
from faults_testing import asked, call_of, seen, trial_of

from connector_contract.faults.accepted_writes import is_known_end, is_poll
from connector_contract.faults.catalogue import planned
from connector_contract.faults.fault import Outcome, Weight
from connector_contract.faults.judged import judged

DONE = {"response": {"status": "DELETED", "deleted": True}}
USER = asked(path="/v1/users/17", body={"id": "17"})
GONE = asked(path="/v1/users/17", body={"error": "gone"}, status=404)
ACCEPTED = asked("DELETE", "/v1/users/17", {"state": "deleting"}, status=202)
DELETE = call_of("delete_account", USER, ACCEPTED, USER, GONE, response=DONE)


def row_of(call, name, place):
    """What is said of a call that gives the recorded success although an interaction is broken."""
    trial = trial_of([each for each in planned(call) if each.place == place], name)
    return judged(trial, call, seen(trial, DONE, asked=dict.fromkeys(call.interactions, 1)))


def test_what_follows_an_accepted_write_is_part_of_it():
    assert [is_poll(DELETE, number) for number in DELETE.interactions] == [False, False, True, True]


@pytest.mark.parametrize("name", ["status-400", "status-401", "status-409", "read-timeout", "empty-body"])
def test_a_poll_that_fails_is_no_success(name):
    row = row_of(DELETE, name, 3)
    assert (row.outcome, row.weight) == (Outcome.SAME_SUCCESS, Weight.WRITE_LOST)
    assert row.consequence.startswith("Lumos believes that it was done. The upstream has only accepted it")


def test_what_the_recording_ends_with_is_a_success():
    row = row_of(DELETE, "status-404", 3)
    assert (row.weight, row.expected) == (Weight.GOOD, "not_found, not retryable; or the recorded success")
    # There the recording does not end with it.
    other = call_of("delete_account", ACCEPTED, USER, response=DONE)
    assert row_of(other, "status-404", 2).weight is Weight.WRITE_LOST


def test_a_broken_request_before_the_write_or_a_body_that_nobody_reads_loses_none():
    beside, unread = row_of(DELETE, "status-503", 1), row_of(DELETE, "empty-body", 2)
    assert (beside.weight, unread.weight) == (Weight.NOTE, Weight.NOTE)
    true = "What Lumos is told is true: "
    assert beside.consequence.startswith(f"{true}the write was made.")
    assert unread.consequence.startswith(f"{true}the status says that the write was made.")


@pytest.mark.parametrize(
    ("write", "later", "expected"),
    [
        ({"job": "j1", "state": "queued"}, {"job": "j1", "state": "done"}, True),
        ({"job": {"jobStatus": "in_progress"}}, {"job": {"jobStatus": "ok"}}, True),
        ({"state": "done"}, {"state": "done"}, False),
        # Who is invited stays so, and what is read later may be something else.
        ({"id": "u9", "status": "PENDING"}, {"id": "u9", "status": "PENDING"}, False),
        ({"id": "u9", "status": "PENDING"}, {"groups": []}, False),
        ({"id": "u9"}, {"id": "u9"}, False),
    ],
)
def test_a_state_that_changes_later_says_that_a_write_was_accepted(write, later, expected):
    call = call_of("create_account", asked("POST", "/v1/jobs", write), asked(path="/v1/jobs/1", body=later))
    assert is_poll(call, 2) is expected


@pytest.mark.parametrize("path", ["/v1/login", "/v1/logout"])
def test_a_session_is_no_poll(path):
    assert not is_poll(call_of("delete_account", ACCEPTED, asked("POST", path, {})), 2)


def test_a_read_polls_nothing():
    call = call_of("list_accounts", asked("POST", "/v1/exports", {}, status=202), USER)
    assert not is_poll(call, 2)
    trial = trial_of([each for each in planned(call) if each.place == 2], "status-404")
    assert not is_known_end(trial, call)
