"""Where the specification says two things of what identifies a record, the end of a run says both."""

from __future__ import annotations

import pytest
from rules_testing import page, walk

from connector_contract.contract.rules.identity import key_remarks
from connector_contract.contract.rules.pages import walk_breach
from connector_contract.contract.standard_capabilities import STANDARD

ID = "integration_specific_id"


def walked(name, *records):
    key = STANDARD[name].key
    return walk(page(*records), name=name, key_fields=key.fields, unique_fields=key.fields)


def remarks(name, *records):
    return list(key_remarks(walked(name, *records), STANDARD[name].key))


def test_two_types_may_share_an_id_and_that_is_remarked():
    records = [
        {ID: id_, "resource_type": kind} for id_, kind in [("1", "team"), ("1", "repo"), ("2", "team")]
    ]
    assert list(walk_breach(walked("list_resources", *records))) == []
    assert remarks("list_resources", *records) == [
        "'1' is the id of several records of list_resources, which differ in resource_type. "
        "x-unique-hash of FoundResourceData is integration_specific_id; "
        'its text says: "May only be unique within the tenant and the resource type."'
    ]
    assert remarks("list_resources", *records[1:]) == []


def test_a_record_that_comes_twice_is_no_remark():
    record = {ID: "1", "resource_type": "team"}
    assert remarks("list_resources", record, record) == []
    assert len(list(walk_breach(walked("list_resources", record, record)))) == 1


def test_where_the_text_demands_more_than_the_mark_the_mark_decides():
    nodes = [{"id": id_, "resource_id": of} for id_ in ("read", "write") for of in ("a", "b")]
    assert remarks("find_entitlement_graph", *nodes) == [
        "'read' and 1 other are the id of several records of find_entitlement_graph, which differ in "
        "resource_id. x-unique-hash of AccessGraphEntitlement is id, resource_id; AccessGraphEntitlement.id "
        'says: "Must be unique for the entire tenant, not just for the type"'
    ]


def test_what_the_specification_says_nothing_of_is_not_remarked():
    assert list(key_remarks(walk(page({"id": "1"})), None)) == []
    assert remarks("list_accounts", {ID: "1"}, {ID: "1", "email": "a@example.com"}) == []


def test_a_credential_is_known_by_its_resource_id_whatever_the_upstream_calls_it():
    key = STANDARD["list_credentials"].key
    same = [{"external_id": id_, "resource_id": "cred:1"} for id_ in ("a", "b")]
    found = walk(
        page(*same),
        name="list_credentials",
        key_fields=("external_id", "resource_id"),
        unique_fields=key.fields,
    )
    (breach,) = walk_breach(found)
    assert breach.title == "the walk in pages of 100 gave 1 record more than once"
    assert list(breach.records) == ["cred:1: on pages 1"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("get_last_activity", "account_id"),
        ("get_non_human_account_last_activity", "non_human_account_id"),
        ("get_credential_last_activity", "credential_id"),
    ],
)
def test_two_with_a_login_are_two_activities(name, field):
    logins = [{field: id_, "event_type": "last_login"} for id_ in ("a", "b")]
    assert list(walk_breach(walked(name, *logins))) == []
    assert [breach.title for breach in walk_breach(walked(name, *logins, logins[0]))] == [
        "the walk in pages of 100 gave 1 record more than once"
    ]


def test_a_role_and_a_licence_may_share_an_id():
    shared = [{ID: "1", "integration_specific_resource_id": "", "entitlement_type": kind} for kind in "ab"]
    assert list(walk_breach(walked("list_entitlements", *shared))) == []
    assert len(remarks("list_entitlements", *shared)) == 1
