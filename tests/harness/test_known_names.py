"""By what people know the records that a change names by their ids."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.known_names import KnownNames
from connector_contract.review.stored import Revision
from tests.review_testing import MODULE, Scenario, account, accounts, stored, success

FILE = f"snapshots/{MODULE}/test_a.json"
REQUEST = Request("find_entitlement_associations", "", "tests/test_acme.py::test_a")
ROLES = [
    {"integration_specific_id": "r", "integration_specific_resource_id": place, "label": f"Owner of {place}"}
    for place in ("docs", "code")
]
ENTITLEMENTS = Scenario("test_roles", "list_entitlements", [success(ROLES)])


def has_role(place="docs", account_id="u1"):
    ids = {"integration_specific_entitlement_id": "r", "integration_specific_resource_id": place}
    return {"account_id": account_id, **ids}


def gone(record, kind=Kind.ASSOCIATION, key="key", file=FILE):
    return Difference(kind, What.REMOVED, "", None, None, REQUEST, file, key, before=record)


def named(one, base, head=()):
    return KnownNames([Revision(stored(*base)), Revision(stored(*head))]).named(one).name


def test_an_association_has_the_names_of_the_account_and_of_the_entitlement():
    lists = [accounts("test_all", account(1), account(2)), ENTITLEMENTS]
    assert named(gone(has_role()), lists) == "person-1@example.com, Owner of docs"
    assert named(gone(has_role("code", "u2")), [], lists) == "person-2@example.com, Owner of code"
    assert named(gone(has_role("elsewhere", "u9")), lists) == ""


def test_a_name_is_that_which_people_knew_before():
    before, after = (accounts("test_all", account(1, email=f"{name}@example.com")) for name in ("a", "b"))
    assert named(gone(has_role()), [before], [after]) == "a@example.com"


def test_who_is_new_is_named_by_the_head():
    before, after = (accounts("test_all", account(1, email=f"{name}@example.com")) for name in ("a", "b"))
    new = replace(gone(None), what=What.ADDED, after=has_role())
    assert named(new, [before], [after]) == "b@example.com"


def test_what_a_write_is_about_has_the_name_of_the_account():
    everybody = [accounts("test_all", account(1))]
    assert named(gone({"status": "ACTIVE"}, Kind.ACCOUNT, "u1"), everybody) == "person-1@example.com"


@pytest.mark.parametrize(
    "one",
    [
        gone(has_role(), key=""),
        gone(has_role(), Kind.DECLARATION),
        gone(None),
        gone({"account_id": ["u1"]}),
        gone(has_role(), file="snapshots/other/test_b/test_b.json"),
    ],
)
def test_who_is_not_known_has_no_name(one):
    assert KnownNames([Revision(stored(accounts("test_all", account(1))))]).named(one) == one


def test_a_name_that_is_known_stays():
    one = replace(gone(has_role()), name="Ada's role")
    assert named(one, [accounts("test_all", account(1))]) == "Ada's role"
