"""The rule **writes** for what takes licences, resources or data away from an account that stays."""

from __future__ import annotations

import pytest
from rules_testing import ASSOCIATION, failure, listed, observed, told

from connector_contract.contract.rules.resets import reset_remarks, types_of
from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import unseen, written_breach
from connector_contract.contract.standard_capabilities import STANDARD, Kind

INFO = {
    "entitlement_types": [
        {"type_id": "licence", "type_label": "Seat", "min": 0},
        {"type_id": "plan", "type_label": "Base License", "min": 1},
        {"type_id": "role", "type_label": "Role", "min": 0},
        {"type_id": "duty", "type_label": "Duty", "min": 1},
    ]
}
KINDS = {
    ("pro", ""): "licence",
    ("free", ""): "licence",
    ("base", ""): "plan",
    ("admin", ""): "role",
    ("member", "g1"): "role",
    ("oncall", "g2"): "duty",
}
TYPES = types_of(
    [
        {
            "integration_specific_id": id_,
            "integration_specific_resource_id": resource,
            "entitlement_type": kind,
        }
        for (id_, resource), kind in KINDS.items()
    ],
    INFO,
)
OF = {"account_id": "u1"}
MOVE = {"source_account_id": "u1", "target_account_id": "u2"}
DONE, ACCOUNTS, ACCESS = {"success": True}, "list_accounts", "find_entitlement_associations"


def account(id_, status="ACTIVE"):
    return {"integration_specific_id": id_, "user_status": status}


def grant(*key):
    return dict(zip(ASSOCIATION, key, strict=True))


PRO, FREE, BASE, ADMIN = (grant("u1", id_, "") for id_ in ("pro", "free", "base", "admin"))
MEMBER, ONCALL, OTHERS = grant("u1", "member", "g1"), grant("u1", "oncall", "g2"), grant("u2", "pro", "")
U1, U2, U3 = map(account, ("u1", "u2", "u3"))


def write(capability, before, after, payload=DONE, *, accounts=None, types=TYPES, **rest):
    lists = {ACCESS: (before, after), ACCOUNTS: accounts or ([U1, U2, U3], [U1, U2, U3])}
    request = MOVE if capability == "transfer_data" else OF
    return observed(capability, request, payload, types=types, **lists, **rest)


def said(*args, **kwargs):
    return [(title, records) for _, title, records in told(written_breach(write(*args, **kwargs)))]


@pytest.mark.parametrize(
    ("before", "after", "types"),
    [
        pytest.param([PRO, ADMIN, OTHERS], [ADMIN, OTHERS], TYPES, id="without a licence"),
        pytest.param([PRO, OTHERS], [FREE, OTHERS], TYPES, id="another one"),
        pytest.param([PRO, BASE], [BASE], TYPES, id="one of its type has to stay"),
        pytest.param([PRO, MEMBER], [], TYPES, id="what hung on it is gone, too"),
        pytest.param([PRO], [PRO], {}, id="nobody knows what a licence is"),
        pytest.param([ADMIN], [ADMIN], TYPES, id="a licence is no entitlement"),
    ],
)
def test_after_a_downgrade_the_licence_is_gone(before, after, types):
    assert said("downgrade_license", before, after, types=types) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            [PRO, ADMIN],
            [PRO],
            [("1 licence still read back that 'u1' had before", ["u1 / pro / "])],
            id="still there",
        ),
        pytest.param(
            [PRO, FREE],
            [PRO],
            [("1 licence still read back that 'u1' had before", ["u1 / pro / "])],
            id="one of two is still there",
        ),
        pytest.param(
            [BASE],
            [BASE],
            [("1 licence still read back that 'u1' had before", ["u1 / base / "])],
            id="one that has to be replaced is still there",
        ),
        pytest.param(
            [PRO, OTHERS],
            [],
            [("it changed 1 other record of find_entitlement_associations", ["u2 / pro / "])],
            id="somebody else's is gone",
        ),
    ],
)
def test_a_licence_that_stays_is_a_breach(before, after, expected):
    assert said("downgrade_license", before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([MEMBER, OTHERS], [OTHERS], id="none left"),
        pytest.param([MEMBER, PRO], [PRO], id="what is of no resource stays"),
        pytest.param([MEMBER, ONCALL], [ONCALL], id="what everybody has to have stays"),
        pytest.param([PRO], [PRO], id="there was none"),
    ],
)
def test_after_a_release_nothing_is_left(before, after):
    assert said("release_resources", before, after) == []


def test_a_resource_that_stays_is_a_breach():
    assert said("release_resources", [MEMBER, ONCALL], [MEMBER]) == [
        ("1 association of 'u1' still read back", ["u1 / member / g1"])
    ]
    assert said("release_resources", [MEMBER, OTHERS], []) == [
        ("it changed 1 other record of find_entitlement_associations", ["u2 / pro / "])
    ]


@pytest.mark.parametrize("capability", ["downgrade_license", "release_resources", "transfer_data"])
@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param([U1, U2, U3], [], id="as before"),
        pytest.param([U2, U3], [("'u1' is not in list_accounts afterwards", [])], id="gone"),
        pytest.param(
            [account("u1", "DELETED"), U2, U3],
            [("'u1' is DELETED when read back, and was ACTIVE", [])],
            id="deleted",
        ),
        pytest.param(
            [U1, U2, account("u3", "SUSPENDED")],
            [("it changed who is active", ["u3: ACTIVE before, SUSPENDED after"])],
            id="somebody else is suspended",
        ),
    ],
)
def test_the_account_stays(capability, after, expected):
    assert said(capability, [], [], accounts=([U1, U2, U3], after)) == expected


@pytest.mark.parametrize(("capability", "is_right"), [("transfer_data", True), ("downgrade_license", False)])
def test_whoever_hands_over_may_be_suspended_with_it(capability, is_right):
    found = said(capability, [], [], accounts=([U1, U2], [account("u1", "SUSPENDED"), U2]))
    assert found == ([] if is_right else [("'u1' is SUSPENDED when read back, and was ACTIVE", [])])


def test_whoever_gets_the_data_goes_on_working_with_what_it_had():
    after = [U1, account("u2", "SUSPENDED")]
    assert said("transfer_data", [], [], accounts=([U1, U2], after)) == [
        ("'u2' is SUSPENDED when read back, and was ACTIVE", [])
    ]
    own = grant("u2", "admin", "")
    assert said("transfer_data", [own], []) == [
        ("it changed 1 other record of find_entitlement_associations", ["u2 / admin / "])
    ]
    assert said("transfer_data", [], [own]) == []


def test_a_transfer_changes_the_access_of_its_two_accounts_alone():
    theirs = grant("u3", "admin", "")
    assert said("transfer_data", [ADMIN, theirs], [OTHERS, theirs]) == []
    assert said("transfer_data", [ADMIN, theirs], [ADMIN]) == [
        ("it changed 1 other record of find_entitlement_associations", ["u3 / admin / "])
    ]
    assert said("transfer_data", [], [], accounts=([U1, U2], [U1])) == [
        ("'u2' is not in list_accounts afterwards", [])
    ]


# It may say in a success that it was not done.

NOT_DONE = {"success": False, "reason": "there is no free plan"}


def test_a_success_that_was_not_done_is_a_remark_if_it_says_why():
    written = write("downgrade_license", [PRO], [PRO], NOT_DONE)
    assert told(written_breach(written)) == []
    assert list(reset_remarks(written)) == [
        "downgrade_license returned success: False, with the reason 'there is no free plan'. "
        'DowngradedLicense.reason says: "if the status was not successful, this should contain details about '
        'the failure"; AssignedEntitlement.assigned says of another write: "This should only ever be true. '
        "If the assignment can't happen we expect an error.\""
    ]
    assert unseen(written) == "downgrade_license says that it did not do it: there is no free plan"


@pytest.mark.parametrize("reason", [None, "", " "])
def test_a_success_that_was_not_done_is_a_breach_if_it_does_not_say_why(reason):
    written = write("transfer_data", [], [], {"success": False, "reason": reason})
    assert told(written_breach(written)) == [
        ("transfer_data", "it returned a success with success: False, and no reason", [])
    ]
    assert list(reset_remarks(written)) == []


def test_a_repeat_that_says_that_there_is_nothing_left_to_do_is_right():
    assert said("downgrade_license", [PRO], [], repeated={"response": NOT_DONE}) == []
    assert said("downgrade_license", [PRO], [], repeated=failure("conflict")) == []
    assert said("downgrade_license", [PRO], [], repeated={"response": {"success": False}}) == [
        (
            "a repeat gave another response, as a success",
            ["success: True the first time, False when repeated"],
        )
    ]


def test_another_licence_is_a_remark():
    [remark] = reset_remarks(write("downgrade_license", [PRO], [FREE]))
    assert remark.startswith("downgrade_license gave another licence: u1 / free / .")
    assert list(reset_remarks(write("downgrade_license", [PRO], []))) == []
    assert list(reset_remarks(write("release_resources", [PRO], [FREE]))) == []


@pytest.mark.parametrize(
    ("capability", "before", "after", "why"),
    [
        ("downgrade_license", [PRO], [], None),
        ("downgrade_license", [ADMIN], [], None),
        (
            "downgrade_license",
            [ADMIN],
            [ADMIN],
            "find_entitlement_associations shows no licence of the account 'u1' before: none of a type "
            "that is called so",
        ),
        ("release_resources", [MEMBER], [], None),
        ("release_resources", [PRO], [], "the account 'u1' has no association with a resource before"),
        (
            "transfer_data",
            [],
            [],
            "what transfer_data transfers is in no list; what is checked is that nobody loses an account",
        ),
    ],
)
def test_what_no_list_shows_is_not_seen(capability, before, after, why):
    assert unseen(write(capability, before, after)) == why


def test_an_example_is_of_an_account_that_is_there():
    accounts, access = listed(ACCOUNTS, U1), listed(ACCESS)
    before = {ACCOUNTS: accounts, ACCESS: access}
    assert pointless("release_resources", OF, before) is None
    assert pointless("release_resources", {"account_id": "u9"}, before) == (
        "the account 'u9' is not in list_accounts before"
    )
    assert pointless("transfer_data", MOVE, before) == "the account 'u2' is not in list_accounts before"
    assert pointless("release_resources", {"account_id": "u9"}, {ACCESS: access}) is None


def test_each_standard_write_is_checked_where_the_table_reads_it_back():
    for name, owes in STANDARD.items():
        if owes.kind is Kind.WRITES:
            lists = {each: ([], []) for each in owes.read_back}
            why = unseen(observed(name, {}, {}, **lists)) or ""
            assert not why.startswith("nobody knows where")


def test_an_entitlement_of_a_type_that_is_not_declared_is_of_none():
    strange = {
        "integration_specific_id": "x",
        "integration_specific_resource_id": "",
        "entitlement_type": "y",
    }
    assert types_of([strange], INFO) == {("x", ""): [{}]}
