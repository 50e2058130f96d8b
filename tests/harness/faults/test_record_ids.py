"""Pure: the ids of Lumos' records, and which responses they come from."""

from __future__ import annotations

from fault_planning_testing import called, said

from connector_contract.faults.record_ids import all_ids, ids_in, ids_served_by, may_be_nothing, record_ids

ASSOCIATION = {
    "account_id": "u1",
    "integration_specific_entitlement_id": "admin",
    "integration_specific_resource_id": "acme",
}
TWO_PAGES = (said("/users?page=1", {"items": [{"id": "u1"}]}), said("/users?page=2", {"items": [{"id": 2}]}))


def test_an_id_has_all_parts_of_its_key():
    response = {"response": [ASSOCIATION]}
    assert record_ids("find_entitlement_associations", response) == {"u1 / admin / acme"}
    assert record_ids(
        "list_updated_accounts", {"response": {"accounts": [{"integration_specific_id": "u1"}]}}
    ) == {"u1"}
    assert record_ids("get_account", {"response": {"integration_specific_id": "u1"}}) == {"u1"}


def test_an_error_and_a_capability_without_records_have_no_ids():
    assert record_ids("list_accounts", {"is_error": True, "error": {}, "response": None}) == frozenset()
    assert record_ids("validate_credentials", {"response": {"valid": True}}) == frozenset()
    assert record_ids("my_own", {"response": [{"id": 1}]}) == frozenset()


def test_an_id_is_served_where_a_record_has_it():
    call = called(*TWO_PAGES, ids=["u1", "2", "made-up"])
    assert all_ids(call) == {"u1", "2", "made-up"}
    assert (ids_served_by(call, [1]), ids_served_by(call, [2])) == ({"u1"}, {"2"})
    assert ids_in(call, 1, 0) == {"u1"}
    assert ids_in(call, 1, 1) == frozenset()


def test_one_record_has_all_parts_of_an_id():
    items = [{"user": "u1", "role": "admin"}, {"user": "u2", "role": "viewer"}]
    response = {
        "response": [
            {**ASSOCIATION, "integration_specific_resource_id": ""},
            {**ASSOCIATION, "account_id": "u2"},
        ]
    }
    call = called(
        said("/roles", {"items": items}), capability="find_entitlement_associations", response=response
    )
    assert ids_served_by(call, [1]) == {"u1 / admin / "}


def test_a_last_activity_is_made_of_one_field():
    assert may_be_nothing("get_last_activity")
    assert not may_be_nothing("list_accounts")
    assert not may_be_nothing("my_own")
