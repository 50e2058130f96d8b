"""A success beside the recorded one."""

from __future__ import annotations

import pytest
from faults_testing import NOW

from connector_contract.faults.compared_success import compared, count, is_same
from connector_contract.faults.fault import Outcome

ONE, TWO = {"id": "1", "tags": ["a", "b"]}, {"id": "2", "name": None}


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ([ONE, TWO], [ONE, TWO], Outcome.SAME_SUCCESS),
        ([], [], Outcome.SAME_SUCCESS),
        ([ONE, TWO], [TWO, ONE], Outcome.OTHER_SUCCESS),
        ([ONE, TWO], [], Outcome.EMPTY_SUCCESS),
        ([ONE, TWO], None, Outcome.EMPTY_SUCCESS),
        ([ONE, TWO], [TWO], Outcome.PARTIAL_SUCCESS),
        ([ONE, TWO], [{"id": "1", "tags": ["b"]}, TWO], Outcome.PARTIAL_SUCCESS),
        ([ONE, TWO], [{"id": "1"}, TWO], Outcome.PARTIAL_SUCCESS),
        ([ONE, TWO], [{"id": "1", "tags": ["c"]}, TWO], Outcome.OTHER_SUCCESS),
        ([ONE], [ONE, TWO], Outcome.OTHER_SUCCESS),
        ({"valid": True}, {"valid": False}, Outcome.OTHER_SUCCESS),
        ({"valid": True}, {}, Outcome.EMPTY_SUCCESS),
        ({"id": 1}, {"id": True}, Outcome.OTHER_SUCCESS),
    ],
)
def test_a_success_is_the_same_or_empty_or_less_or_another(before, now, outcome):
    assert compared("custom", {"response": before}, {"response": now}, NOW) is outcome


def test_records_may_be_within_the_response():
    before = {"response": {"accounts": [ONE], "cursor": "x"}}
    now = {"response": {"accounts": [], "cursor": "x"}}
    assert compared("list_updated_accounts", before, now, NOW) is Outcome.EMPTY_SUCCESS
    assert (count("list_updated_accounts", before), count("get_account", before)) == (1, None)


def test_a_list_that_no_longer_goes_on_is_less():
    before, now = ({"response": [ONE], "page": page} for page in ({"token": "t", "size": 1}, None))
    assert compared("list_accounts", before, now, NOW) is Outcome.PARTIAL_SUCCESS


def test_what_the_sdk_says_of_its_requests_makes_no_difference():
    before, now = ({"response": [ONE], "rate_limit": rest} for rest in (None, {"remaining": 3}))
    assert compared("list_accounts", before, now, NOW) is Outcome.SAME_SUCCESS


def test_how_long_a_probe_took_makes_no_difference():
    before, now = (
        {"response": {"checks": [{"duration_ms": took}], "duration_ms": took}} for took in (62, 35)
    )
    assert compared("probe_integration", before, now, NOW) is Outcome.SAME_SUCCESS


def test_a_time_of_a_moment_later_makes_none_and_another_time_does():
    assert is_same("2024-05-06T07:08:09Z", "2024-05-06T07:08:39Z", NOW)
    assert not is_same("2024-05-06T07:08:09Z", "2023-05-06T07:08:09Z", NOW)
