"""The rule **writes**: after a write, reading back shows it; a repeat does no harm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_testing import ASSOCIATION, failure, observed, told

from connector_contract.contract.declared_less import KEEPS_ACCESS, NOT_LISTED
from connector_contract.contract.rules.writes import late_remarks, read_back_by, unseen, written_breach


def account(id_, status="ACTIVE", **fields):
    return {"integration_specific_id": id_, "user_status": status, **fields}


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


ANN, BEN = account("u1", email="ann@example.com"), account("u2", email="ben@example.com")
NEW = account("u9", email="new@example.com")
ADMIN, AGENT = grant("u1", "admin", "p1"), grant("u2", "agent", "p1")
ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"


def said(written):
    breaches = told(written_breach(written))
    assert {capability for capability, *_ in breaches} <= {written.capability}
    return [(title, records) for _, title, records in breaches]


def accounts(capability, request, payload, after, before=(ANN, BEN), **rest):
    return said(observed(capability, request, payload, list_accounts=(before, after), **rest))


def access(capability, request, payload, after, before=(ADMIN, AGENT), **rest):
    lists = {ASSOCIATIONS: (before, after)}
    return said(observed(capability, request, payload, **lists, **rest))


# create_account

CREATE = {"email": "new@example.com", "username": "new"}
CREATED = {"created": True, "id": "u9", "status": "ACTIVE"}


def create(after, payload=(), before=(ANN, BEN), **request):
    return accounts("create_account", CREATE | request, CREATED | dict(payload), after, before)


@pytest.mark.parametrize(
    ("new", "payload"),
    [
        pytest.param({**NEW, "username": "new"}, {}, id="right"),
        pytest.param({**NEW, "email": "NEW@example.com"}, {}, id="other capitals"),
        pytest.param(NEW, {"status": None}, id="it says no status"),
        pytest.param(NEW, {}, id="no account has a user name"),
        pytest.param({**NEW, "user_status": None}, {}, id="no account has a status"),
    ],
)
def test_a_created_account_is_read_back(new, payload):
    assert create([ANN, BEN, new], payload) == []


@pytest.mark.parametrize(
    ("after", "payload", "title", "records"),
    [
        pytest.param(
            [ANN, BEN, account("u8"), account("u7")],
            {},
            "the account 'u9' that it says it created is not in list_accounts",
            ["u7", "u8"],
            id="not there",
        ),
        pytest.param(
            [ANN, BEN, NEW],
            {"status": "PENDING"},
            "it returned the status PENDING, and ACTIVE is read back",
            [],
            id="another status",
        ),
        pytest.param(
            [ANN, BEN, {**NEW, "email": "x@example.com"}],
            {},
            "the account differs from what was asked for",
            ["email: asked for 'new@example.com', read back 'x@example.com'"],
            id="another address",
        ),
        pytest.param(
            [ANN, BEN, account("u9")],
            {},
            "the account differs from what was asked for",
            ["email: asked for 'new@example.com', read back None"],
            id="no address, though others have one",
        ),
        pytest.param(
            [ANN, NEW], {}, "it changed 1 other record of list_accounts", ["u2"], id="another is gone"
        ),
        pytest.param(
            [ANN, BEN, NEW, account("u8")],
            {},
            "it changed 1 other record of list_accounts",
            ["u8"],
            id="another came as well",
        ),
        pytest.param(
            [ANN, BEN, NEW], {"created": False}, "it returned a success with created: False", [], id="flag"
        ),
    ],
)
def test_a_created_account_that_is_not_as_it_was_asked_for(after, payload, title, records):
    assert create(after, payload) == [(title, records)]


def test_an_account_that_was_there_before_is_not_created():
    found = create([ANN, BEN], {"id": "u1"}, email="ann@example.com")
    assert found == [("the account 'u1' was there before", [])]


WANTED = [{"integration_specific_id": "admin", "integration_specific_resource_id": "p1"}]


@pytest.mark.parametrize(
    ("wanted", "granted", "expected"),
    [
        pytest.param(WANTED, [grant("u9", "admin", "p1")], [], id="right"),
        pytest.param(
            [{"integration_specific_id": "admin"}], [grant("u9", "admin", "p2")], [], id="any resource"
        ),
        pytest.param(
            WANTED, [grant("u9", "admin", "p1"), grant("u9", "viewer", "p1")], [], id="one more for all"
        ),
        pytest.param(
            WANTED,
            [],
            [("it was asked for entitlements that are not read back", ["u9 / admin / p1"])],
            id="none",
        ),
        pytest.param(
            WANTED,
            [grant("u9", "admin", "p2")],
            [("it was asked for entitlements that are not read back", ["u9 / admin / p1"])],
            id="of another resource",
        ),
        pytest.param(
            WANTED,
            [grant("u9", "admin", "p1"), grant("u1", "viewer", "p1")],
            [("it changed 1 other record of find_entitlement_associations", ["u1 / viewer / p1"])],
            id="another account's",
        ),
    ],
)
def test_the_entitlements_that_an_account_is_created_with(wanted, granted, expected):
    found = access("create_account", {"entitlements": wanted}, CREATED, [ADMIN, AGENT, *granted])
    assert found == expected


# update_account

UPDATE = {"id": "u1", "email": "lee@example.com"}


def update(after, request=UPDATE, payload=(), before=(ANN, BEN)):
    return accounts("update_account", request, {"id": "u1", **dict(payload)}, after, before)


@pytest.mark.parametrize(
    ("after", "payload", "expected"),
    [
        pytest.param([{**ANN, "email": "lee@example.com"}, BEN], {}, [], id="right"),
        pytest.param(
            [{**ANN, "email": "lee@example.com"}, BEN],
            {"id": "u2"},
            [("it returned the id 'u2' for another account", [])],
            id="another id",
        ),
        pytest.param(
            [ANN, BEN],
            {},
            [
                (
                    "the account differs from what was asked for",
                    ["email: asked for 'lee@example.com', read back 'ann@example.com'"],
                )
            ],
            id="not done",
        ),
        pytest.param(
            [BEN],
            {},
            [
                ("'u1' is not in list_accounts afterwards", []),
                (
                    "the account differs from what was asked for",
                    ["email: asked for 'lee@example.com', read back None"],
                ),
            ],
            id="gone",
        ),
        pytest.param(
            [{**ANN, "email": "lee@example.com"}, {**BEN, "email": "lee@example.com"}],
            {},
            [("it changed 1 other record of list_accounts", ["u2"])],
            id="another account too",
        ),
    ],
)
def test_an_updated_account_is_read_back(after, payload, expected):
    assert update(after, payload=payload) == expected


def test_an_update_of_what_no_list_shows():
    both = [ANN], [ANN]
    updated = observed("update_account", {"id": "u1", "department": "IT"}, {"id": "u1"}, list_accounts=both)
    assert told(written_breach(updated)) == []
    assert unseen(updated) == "nothing that update_account asks for is in list_accounts"


# activate_account, deactivate_account, delete_account

OFF = {**ANN, "user_status": "SUSPENDED"}
CHANGE = {"account_id": "u1"}


@pytest.mark.parametrize(
    ("capability", "payload", "before", "after", "expected"),
    [
        pytest.param(
            "activate_account", {"activated": True, "status": "ACTIVE"}, OFF, [ANN], [], id="activated"
        ),
        pytest.param(
            "activate_account",
            {"activated": True},
            OFF,
            [OFF],
            [("'u1' is SUSPENDED when read back, not ACTIVE", [])],
            id="not activated",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True, "status": "SUSPENDED"},
            ANN,
            [OFF],
            [],
            id="deactivated",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True},
            ANN,
            [{**ANN, "user_status": "DELETED"}],
            [],
            id="deactivated in other words",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True, "status": "SUSPENDED"},
            ANN,
            [ANN],
            [
                ("'u1' is ACTIVE when read back, not another status", []),
                ("it returned the status SUSPENDED, and ACTIVE is read back", []),
            ],
            id="not deactivated",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True},
            ANN,
            [],
            [("'u1' is not in list_accounts afterwards", [])],
            id="deleted in place of deactivated",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True, "status": "SUSPENDED"},
            {**ANN, "user_status": None},
            [{**ANN, "user_status": None}],
            [("'u1' is read back without a status", [])],
            id="a status that cannot be read back",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": True},
            {**ANN, "user_status": None},
            [{**ANN, "user_status": None}],
            [],
            id="an application without statuses",
        ),
        pytest.param(
            "deactivate_account",
            {"deactivated": False},
            ANN,
            [OFF],
            [("it returned a success with deactivated: False", [])],
            id="a success that was none",
        ),
        pytest.param("delete_account", {"deleted": True}, ANN, [], [], id="deleted"),
        pytest.param(
            "delete_account",
            {"deleted": True},
            ANN,
            [{**ANN, "user_status": "DEPROVISIONED"}],
            [],
            id="kept as deleted",
        ),
        pytest.param(
            "delete_account",
            {"deleted": True},
            ANN,
            [ANN],
            [("'u1' is ACTIVE when read back, not one of DELETED, DEPROVISIONED, INACTIVE, SUSPENDED", [])],
            id="not deleted",
        ),
    ],
)
def test_a_change_of_status_is_read_back(capability, payload, before, after, expected):
    found = accounts(capability, CHANGE, payload, [*after, BEN], before=[before, BEN])
    assert found == expected


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account", "delete_account"])
def test_a_change_of_status_is_of_one_account(capability):
    status = {"activate_account": "ACTIVE", "deactivate_account": "SUSPENDED"}.get(capability)
    mine = [{**ANN, "user_status": status}] if status else []
    after = [*mine, {**BEN, "user_status": "SUSPENDED"}]
    assert accounts(capability, CHANGE, {}, after) == [("it changed 1 other record of list_accounts", ["u2"])]


def test_what_changes_by_itself_is_not_the_doing_of_a_write():
    before = [ANN, {**BEN, "extra_data": {"seen": 1}}]
    after = [OFF, {**BEN, "extra_data": {"seen": 2}}]
    assert accounts("deactivate_account", CHANGE, {"deactivated": True}, after, before) == []


# assign_entitlement, unassign_entitlement

ASSIGN = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "viewer",
    "resource_integration_specific_id": "p1",
}
VIEWER = grant("u1", "viewer", "p1")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param([ADMIN, AGENT, VIEWER], [], id="right"),
        pytest.param([VIEWER, AGENT, ADMIN], [], id="another order"),
        pytest.param(
            [ADMIN, AGENT], [("0 associations read back for u1 / viewer / p1", [])], id="not assigned"
        ),
        pytest.param(
            [ADMIN, AGENT, grant("u1", "viewer", "p2")],
            [
                ("0 associations read back for u1 / viewer / p1", ["u1 / viewer / p2"]),
                ("it changed 1 other record of find_entitlement_associations", ["u1 / viewer / p2"]),
            ],
            id="for another resource",
        ),
        pytest.param(
            [ADMIN, AGENT, VIEWER, VIEWER],
            [("2 associations read back for u1 / viewer / p1", ["u1 / viewer / p1"])],
            id="assigned twice",
        ),
        pytest.param(
            [AGENT, VIEWER],
            [("it changed 1 other record of find_entitlement_associations", ["u1 / admin / p1"])],
            id="in place of another",
        ),
    ],
)
def test_an_assignment_is_read_back(after, expected):
    assert access("assign_entitlement", ASSIGN, {"assigned": True}, after) == expected


def test_a_type_that_is_always_replaced_takes_the_place_of_another():
    replaced = [AGENT, VIEWER]
    assert access("assign_entitlement", ASSIGN, {"assigned": True}, replaced, replaces=True) == []
    elsewhere = grant("u1", "admin", "p2")
    found = access(
        "assign_entitlement", ASSIGN, {}, replaced, before=[ADMIN, AGENT, elsewhere], replaces=True
    )
    assert found == [("it changed 1 other record of find_entitlement_associations", ["u1 / admin / p2"])]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param([ADMIN, AGENT], [], id="right"),
        pytest.param([ADMIN, AGENT, VIEWER], [("u1 / viewer / p1 is still read back", [])], id="still there"),
        pytest.param(
            [AGENT],
            [("it changed 1 other record of find_entitlement_associations", ["u1 / admin / p1"])],
            id="another as well",
        ),
    ],
)
def test_what_is_unassigned_is_gone(after, expected):
    before = [ADMIN, AGENT, VIEWER]
    assert access("unassign_entitlement", ASSIGN, {"unassigned": True}, after, before) == expected


# A repeat


@pytest.mark.parametrize(
    ("repeated", "expected"),
    [
        pytest.param({"response": {"deactivated": True}}, [], id="right"),
        pytest.param(failure("bad_request"), [], id="an error that says so"),
        pytest.param(failure("not_found"), [], id="another error"),
        pytest.param({"response": {"deactivated": True, "seen": 2}}, [], id="something else besides"),
        pytest.param(
            failure("rate_limit", "Wait."),
            [("a repeat gave rate_limit: Wait.", [])],
            id="an error to try again",
        ),
        pytest.param(
            failure("internal_error", "'id'", "KeyError"),
            [("a repeat gave internal_error (KeyError): 'id'", [])],
            id="a crash",
        ),
        pytest.param(
            {"response": {"deactivated": False}},
            [
                (
                    "a repeat gave another response, as a success",
                    ["deactivated: True the first time, False when repeated"],
                )
            ],
            id="another success",
        ),
        pytest.param(
            {"response": {"deactivated": True, "id": "u2"}},
            [
                (
                    "a repeat gave another response, as a success",
                    ["id: None the first time, 'u2' when repeated"],
                )
            ],
            id="of another account",
        ),
    ],
)
def test_a_repeat_is_harmless_or_an_error_that_says_so(repeated, expected):
    found = accounts("deactivate_account", CHANGE, {"deactivated": True}, [OFF, BEN], repeated=repeated)
    assert found == expected


def test_a_repeat_changes_nothing():
    lists = {ASSOCIATIONS: [ADMIN, AGENT, VIEWER, VIEWER]}
    found = access("assign_entitlement", ASSIGN, {}, [ADMIN, AGENT, VIEWER], finally_=lists)
    assert found == [("a repeat changed find_entitlement_associations", ["u1 / viewer / p1"])]


def test_of_a_custom_write_a_repeat_is_checked_alone():
    found = accounts("lock_account", CHANGE, {"success": False}, [ANN], finally_={ACCOUNTS: []})
    assert found == [
        ("it returned a success with success: False", []),
        ("a repeat changed list_accounts", ["u1"]),
    ]


# Where a write is seen


@pytest.mark.parametrize(
    ("capability", "request_", "there", "expected"),
    [
        ("create_account", {}, [ACCOUNTS, ASSOCIATIONS], [ACCOUNTS]),
        ("create_account", {"entitlements": WANTED}, [ACCOUNTS, ASSOCIATIONS], [ACCOUNTS, ASSOCIATIONS]),
        ("delete_account", CHANGE, [ACCOUNTS, ASSOCIATIONS, "get_account"], [ACCOUNTS, ASSOCIATIONS]),
        ("delete_account", CHANGE, [ACCOUNTS], [ACCOUNTS]),
        ("assign_entitlement", ASSIGN, [ACCOUNTS, ASSOCIATIONS], [ASSOCIATIONS, ACCOUNTS]),
        ("assign_entitlement", ASSIGN, ["list_resources"], []),
        ("lock_account", CHANGE, [ACCOUNTS, ASSOCIATIONS], [ACCOUNTS]),
    ],
)
def test_a_write_is_read_back_by_the_lists_that_show_it(capability, request_, there, expected):
    assert read_back_by(capability, request_, there) == expected


@pytest.mark.parametrize(
    ("capability", "lists", "why"),
    [
        pytest.param("delete_account", {ACCOUNTS: ([ANN], [])}, None, id="seen"),
        pytest.param("assign_entitlement", {ASSOCIATIONS: ([], [])}, None, id="not done, which is no reason"),
        pytest.param(
            "delete_account",
            {ASSOCIATIONS: ([ADMIN], [])},
            "the connector has no list_accounts in which to read delete_account back",
            id="access alone",
        ),
        pytest.param(
            "update_account",
            {ASSOCIATIONS: ([ADMIN], [ADMIN])},
            "the connector has no list_accounts in which to read update_account back",
            id="access alone, of an update",
        ),
        pytest.param(
            "assign_entitlement",
            {ACCOUNTS: ([ANN], [ANN])},
            "the connector has no find_entitlement_associations in which to read assign_entitlement back",
            id="accounts alone",
        ),
        pytest.param("update_account", {ACCOUNTS: ([ANN], [OFF])}, None, id="an update that is seen"),
        pytest.param(
            "lock_account",
            {ACCOUNTS: ([ANN], [ANN])},
            "nobody knows where lock_account is to be seen; what is checked is that a repeat does no harm",
            id="a custom one",
        ),
    ],
)
def test_why_a_write_is_not_seen(capability, lists, why):
    assert unseen(observed(capability, CHANGE, {}, **lists)) == why


# The access of a deleted account


GONE_ANN = account("u1", "DELETED", email="ann@example.com")


@pytest.mark.parametrize(
    ("lists", "payload", "expected"),
    [
        pytest.param({ACCOUNTS: ([ANN], []), ASSOCIATIONS: ([ADMIN, AGENT], [AGENT])}, {}, [], id="right"),
        pytest.param(
            {ACCOUNTS: ([ANN], []), ASSOCIATIONS: ([ADMIN, AGENT], [ADMIN, AGENT])},
            {},
            [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])],
            id="not listed, and it keeps its access",
        ),
        pytest.param(
            {ACCOUNTS: ([ANN], [GONE_ANN]), ASSOCIATIONS: ([ADMIN], [ADMIN])},
            {},
            [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])],
            id="listed as deleted, and it keeps its access",
        ),
        pytest.param(
            {ACCOUNTS: ([ANN], [{**ANN, "user_status": "SUSPENDED"}]), ASSOCIATIONS: ([ADMIN], [ADMIN])},
            {},
            [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])],
            id="only suspended",
        ),
        pytest.param(
            {ASSOCIATIONS: ([ADMIN], [ADMIN])},
            {"status": "SUSPENDED"},
            [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])],
            id="it says so",
        ),
        pytest.param(
            {ASSOCIATIONS: ([ADMIN], [ADMIN])},
            {"status": "DELETED"},
            [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])],
            id="without a list of accounts",
        ),
    ],
)
def test_a_deletion_leaves_no_association(lists, payload, expected):
    write = observed("delete_account", {"account_id": "u1"}, {"deleted": True, **payload}, **lists)
    assert said(write) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SUSPENDED", []),
        ("DELETED", [("the deleted account 'u1' still has 1 association", ["u1 / admin / p1"])]),
    ],
)
def test_an_application_may_keep_an_account_with_its_access_where_that_is_declared(status, expected):
    lists = {ACCOUNTS: ([ANN], [{**ANN, "user_status": status}]), ASSOCIATIONS: ([ADMIN], [ADMIN])}
    write = observed("delete_account", {"account_id": "u1"}, {"deleted": True}, **lists)
    assert said(replace(write, choice=KEEPS_ACCESS)) == expected


# What the list shows otherwise, or later


def test_a_deactivation_leaves_the_account():
    write = observed(
        "deactivate_account", {"account_id": "u1"}, {"deactivated": True}, list_accounts=([ANN, BEN], [BEN])
    )
    assert said(write) == [("'u1' is not in list_accounts afterwards", [])]
    for right in ({"is_left_out": True}, {"choice": NOT_LISTED}):
        assert said(replace(write, **right)) == []


def test_a_deactivation_that_hides_another_account_as_well():
    write = observed(
        "deactivate_account", {"account_id": "u1"}, {"deactivated": True}, list_accounts=([ANN, BEN], [])
    )
    assert said(replace(write, choice=NOT_LISTED)) == [("it changed 1 other record of list_accounts", ["u2"])]


@pytest.mark.parametrize(
    ("capability", "before", "after", "status", "is_right"),
    [
        ("activate_account", "INACTIVE", "PENDING", "PENDING", True),
        ("activate_account", "PENDING", "PENDING", "PENDING", True),
        ("activate_account", "INACTIVE", "SUSPENDED", "SUSPENDED", True),
        # It has done nothing.
        ("activate_account", "INACTIVE", "INACTIVE", "INACTIVE", False),
        ("activate_account", "INACTIVE", "PENDING", None, False),
        ("deactivate_account", "PENDING", "INACTIVE", None, True),
        ("deactivate_account", "PENDING", "PENDING", "PENDING", False),
        ("deactivate_account", "ACTIVE", "ACTIVE", "ACTIVE", False),
        ("delete_account", "ACTIVE", "PENDING", "PENDING", True),
        ("delete_account", "PENDING", "ACTIVE", "ACTIVE", False),
    ],
)
def test_a_status_that_a_write_says_and_the_list_confirms_is_right(
    capability, before, after, status, is_right
):
    one, other = ({**ANN, "user_status": each} for each in (before, after))
    write = observed(capability, {"account_id": "u1"}, {"status": status}, list_accounts=([one], [other]))
    assert (said(write) == []) == is_right


def test_an_account_that_is_listed_a_while_later_is_right():
    conflict = failure("conflict")
    write = observed(
        "create_account",
        CREATE,
        CREATED,
        repeated=conflict,
        finally_={ACCOUNTS: [ANN, NEW]},
        list_accounts=([ANN], [ANN]),
    )
    assert said(write) == []
    assert list(late_remarks(write)) == [
        "create_account: list_accounts shows the account 'u9' only a while later"
    ]
    assert list(late_remarks(write.settled)) == []


def test_another_account_that_comes_with_a_repeat_is_one_too_many():
    other = account("u10", email="new@example.com")
    write = observed(
        "create_account",
        CREATE,
        CREATED,
        finally_={ACCOUNTS: [ANN, other, NEW]},
        list_accounts=([ANN], [ANN]),
    )
    assert said(write) == [("it changed 1 other record of list_accounts", ["u10"])]


def test_an_account_that_is_not_listed_at_first_is_declared():
    write = observed("create_account", CREATE, CREATED, list_accounts=([ANN], [ANN]))
    assert said(write) == [("the account 'u9' that it says it created is not in list_accounts", [])]
    declared = replace(write, choice=NOT_LISTED)
    assert said(declared) == []
    assert unseen(declared) == "list_accounts does not have the new account 'u9' yet"


def test_an_account_that_is_listed_once_it_is_active():
    write = observed(
        "activate_account", {"account_id": "u1"}, {"status": "ACTIVE"}, list_accounts=([BEN], [BEN, ANN])
    )
    assert said(write) == []
