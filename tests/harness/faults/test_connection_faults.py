"""Connections that fail, as faults."""

from __future__ import annotations

import pytest
from faults_testing import asked, call_of, trial_of, why_not

from connector_contract.faults.connection_faults import trials
from connector_contract.recording.played_changes import Lost, LostConnection

CALL = call_of("list_accounts", asked(body={"items": []}), asked("DELETE", status=204))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("connect-refused", Lost.REFUSED),
        ("connect-timeout", Lost.CONNECT_TIMEOUT),
        ("read-timeout", Lost.READ_TIMEOUT),
        ("dropped-mid-body", Lost.DROPPED),
    ],
)
def test_each_owes_a_code_of_the_sdk_for_lost_connections(name, how):
    trial = trial_of(trials(CALL, 1), name)
    change = trial.changes[1]
    assert isinstance(change, LostConnection)
    assert change.how is how
    assert trial.owed.retryable is True
    assert trial.owed.codes == {
        "connection_timeout",
        "connection_rejected",
        "connection_closed",
        "request_timeout",
    }


def test_what_is_dropped_has_come_in_part():
    change = trial_of(trials(CALL, 1), "dropped-mid-body").changes[1]
    assert isinstance(change, LostConnection)
    assert change.response is not None
    assert change.response.body == b'{"item'


def test_no_body_ends_in_the_middle_where_there_is_none():
    assert why_not(trials(CALL, 2), "dropped-mid-body").startswith("its response has no body")
    assert trial_of(trials(CALL, 2), "read-timeout").changes
