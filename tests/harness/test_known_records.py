"""Which records each side answers with, and to which requests."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.differences import MEMBERSHIP
from connector_contract.review.known_records import KnownRecords
from connector_contract.review.stored import Revision
from tests.review_testing import MODULE, Scenario, account, accounts, failure, stored, success

FILE = f"snapshots/{MODULE}/test_a.json"
REQUEST = Request("list_accounts", "", "tests/test_acme.py::test_a")


def known(base, head):
    return KnownRecords(Revision(stored(*base)), Revision(stored(*head)))


def gone(record="u1", what=What.REMOVED, kind=Kind.ACCOUNT, request=REQUEST, file=FILE, **more):
    return Difference(kind, what, "", None, None, request, file, record, **{"in_part": True, **more})


EVERYBODY = accounts("test_all", account(1), account(2))


@pytest.mark.parametrize("what", [What.REMOVED, What.ADDED])
def test_who_is_on_another_page_is_not_gone(what):
    one = known([EVERYBODY], [EVERYBODY]).in_its_place(gone(what=what))
    assert (one.kind, one.what, one.field) == (Kind.PAGE, What.CHANGED, MEMBERSHIP)


@pytest.mark.parametrize(
    ("base", "head", "one"),
    [
        # Only a part of a list may leave somebody to another page.
        ([EVERYBODY], [EVERYBODY], gone(in_part=False)),
        ([EVERYBODY], [], gone()),
        ([], [EVERYBODY], gone()),
        ([EVERYBODY], [EVERYBODY], gone("u9")),
        ([EVERYBODY], [EVERYBODY], gone(request=Request("get_account", "", ""))),
    ],
)
def test_who_is_gone(base, head, one):
    assert known(base, head).in_its_place(one) is one


def test_a_record_that_another_capability_lists_is_not_gone():
    graph = {"id": "r1", "resource_type": "box", "label": "Docs"}
    listed = {"integration_specific_id": "r1", "resource_type": "box"}
    head = [EVERYBODY, Scenario("test_list", "list_resources", [success([listed])])]
    updated = Request("list_updated_accounts", "", "")
    node = Request("find_resource_graph", "", "")
    gone_ones = [
        gone(request=updated, before=account(1)),
        gone("r1 / box", kind=Kind.RESOURCE, request=node, before=graph),
    ]
    assert known([], head).still_in(gone_ones) == {
        (Kind.ACCOUNT, ("", "u1")): ["list_accounts in pages of 100"],
        (Kind.RESOURCE, ("", "r1 / box")): ["list_resources"],
    }


def test_a_changed_field_stays_one():
    one = Difference(Kind.ACCOUNT, What.CHANGED, "email", "a", "b", REQUEST, FILE, "u1", in_part=True)
    assert known([EVERYBODY], [EVERYBODY]).in_its_place(one) is one


def test_where_a_record_still_is():
    more = [accounts("test_all", account(2)), accounts("test_few", account(1), size=5)]
    head = [*more, Scenario("test_wrong", "list_accounts", [failure("not_found")], is_walk=False)]
    still = known([EVERYBODY], head).still_in([gone(), gone("u2"), gone("u3"), gone("u4", What.ADDED)])
    assert still == {
        (Kind.ACCOUNT, ("", "u1")): ["list_accounts in pages of 5"],
        (Kind.ACCOUNT, ("", "u2")): ["list_accounts in pages of 100"],
        (Kind.ACCOUNT, ("", "u3")): [],
    }
    assert known([], head).still_in([gone(kind=Kind.OTHER)]) == {}


def test_only_the_modules_of_one_folder_and_project_know_each_other():
    head = {f"other/{path}": data for path, data in stored(EVERYBODY).items()}
    far = {path.replace(MODULE, "elsewhere/test_b"): data for path, data in stored(EVERYBODY).items()}
    near = {path.replace(MODULE, "tests/test_b"): data for path, data in stored(EVERYBODY).items()}
    for files, names in ((head, []), (far, []), (near, ["list_accounts in pages of 100"])):
        still = KnownRecords(Revision({}), Revision(files)).still_in([gone()])
        assert list(still.values()) == [names]


def test_a_snapshot_that_is_not_valid_or_of_several_capabilities_says_nothing():
    files = stored(EVERYBODY, accounts("test_few", account(1)))
    broken = {path: b"{" if path.endswith("test_all.json") else data for path, data in files.items()}
    still = KnownRecords(Revision({}), Revision(broken)).still_in([gone()])
    assert list(still.values()) == [["list_accounts in pages of 100"]]
    own = stored(Scenario("test_own", "list_resources", [success([account(1)])]))
    assert list(KnownRecords(Revision({}), Revision(own)).still_in([gone()]).values()) == [[]]
