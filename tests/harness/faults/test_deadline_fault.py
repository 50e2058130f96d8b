"""The deadline, as a fault."""

from __future__ import annotations

from connector_sdk_types.generated import RateLimitRequestInfo
from faults_testing import asked, call_of

from connector_contract.faults.deadline_fault import trial
from connector_contract.faults.fault import NotApplicable, Trial


def test_a_call_whose_time_is_over_gives_its_own_error_or_what_was_recorded():
    found = trial(call_of("list_accounts", asked(body=[])))
    assert isinstance(found, Trial)
    assert found.rate_limit is not None
    assert (found.owed.codes, found.owed.retryable) == ({"budget_exhausted"}, True)
    assert found.owed.may_be_same
    assert not found.changes
    assert found.place is None
    info = RateLimitRequestInfo.model_validate(found.rate_limit)
    # The SDK keeps ten seconds for the way back.
    assert info.max_execution_time is not None
    assert info.max_execution_time < 10


def test_a_call_that_asks_for_nothing_has_no_deadline():
    found = trial(call_of("info"))
    assert isinstance(found, NotApplicable)
    assert found.why == "the call asks the upstream for nothing"
