"""The catalogue of faults."""

from __future__ import annotations

import re

from faults_testing import asked, call_of

from connector_contract.faults.catalogue import BY_NAME, FAULTS, in_group, planned
from connector_contract.faults.fault import Group, NotApplicable


def test_each_fault_has_a_name_of_its_own_a_title_and_a_source():
    assert len(BY_NAME) == len(FAULTS)
    assert all(re.fullmatch("[a-z0-9-]+", fault.name) and fault.title and fault.source for fault in FAULTS)
    assert not [fault.title for fault in FAULTS if fault.title.endswith(".")]


def test_groups_have_their_faults_in_the_order_of_the_catalogue():
    assert [fault.name for fault in in_group(Group.CONNECTION)] == [
        "connect-refused",
        "connect-timeout",
        "read-timeout",
        "dropped-mid-body",
    ]


def test_a_call_meets_each_fault_at_each_interaction_or_as_a_whole():
    call = call_of("list_accounts", asked(body={"items": [{"id": "u1"}]}), asked(path="/v1/b", body=[]))
    found = list(planned(call))
    places = {fault.name: {each.place for each in found if each.fault == fault} for fault in FAULTS}
    assert {name: where for name, where in places.items() if where != {1, 2}} == {
        "status-404-everywhere": {None},
        "deadline-exhausted": {None},
    }
    assert all(each.why for each in found if isinstance(each, NotApplicable))
