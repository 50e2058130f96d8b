"""Records that have another id now, and what only follows them."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.lines import details
from connector_contract.review.new_ids import with_new_ids
from tests.review_testing import Scenario, account, reviewed, stored, success, titles

LABELS = ("Viewer", "Editor", "Admin", "Owner")


def entitlement(id_, label="Editor", resource="r1", **more):
    keys = {"integration_specific_id": id_, "integration_specific_resource_id": resource}
    return {**keys, "entitlement_type": "role", "label": label, **more}


def association(account, id_, resource="r1"):
    keys = {"account_id": account, "integration_specific_entitlement_id": id_}
    return {**keys, "integration_specific_resource_id": resource}


def resource(id_, label):
    return {"integration_specific_id": id_, "resource_type": "box", "label": label}


def listed(capability, *records):
    return Scenario(f"test_{capability}", capability, [success(list(records))])


def told(base, head):
    return reviewed(stored(*base), stored(*head))


def entitlements(*records):
    return listed("list_entitlements", *records)


def associations(*records):
    return listed("find_entitlement_associations", *records)


def test_an_id_of_many_records_with_equal_fields_is_one_line():
    base, head = ([entitlement(f"{prefix}{n}") for n in range(40)] for prefix in ("e", "role-"))
    review = told([entitlements(*base)], [entitlements(*head)])
    assert [(each.kind, each.what, each.field, each.count) for each in review.changes] == [
        (Kind.ENTITLEMENT, What.CHANGED, "integration_specific_id", 40)
    ]
    assert review.changes[0].people[7].old == "e7"
    assert review.changes[0].people[7].new == "role-7"


@pytest.mark.parametrize("number", [2, 6])
def test_an_id_of_a_few_records_is_one_line_too(number):
    base, head = (
        [entitlement(each, f"L{n}") for n, each in enumerate(ids[:number])]
        for ids in (["a", "b", "c", "d", "e", "f"], ["k9", "zz", "q", "m4", "n", "w"])
    )
    assert titles(told([entitlements(*base)], [entitlements(*head)])) == [
        f"critical: integration_specific_id of {number} entitlements: different values"
    ]


def test_associations_that_have_the_new_ids_are_explained_and_counted():
    people = ("u1", "u2", "u3")
    base, head = (
        [
            entitlements(*[entitlement(f"{prefix}{n}", label) for n, label in enumerate(LABELS)]),
            associations(*[association(who, f"{prefix}{n}") for who in people for n in range(4)]),
        ]
        for prefix in ("e", "x")
    )
    review = told(base, head)
    (change,) = review.changes
    assert (change.field, change.count) == ("integration_specific_id", 4)
    assert change.followed_by == {(Kind.ASSOCIATION, "integration_specific_entitlement_id"): 12}
    assert details(change)[1] == (
        "the new ids are in 12 associations, too: integration_specific_entitlement_id"
    )
    assert [each.rpartition("/")[2] for each in change.files] == [
        "test_list_entitlements.json",
        "test_find_entitlement_associations.json",
    ]
    assert len(change.scenarios) == 2


def test_an_association_that_changes_otherwise_still_shows():
    base = [entitlements(entitlement("e1", "A"), entitlement("e2", "B"))]
    head = [entitlements(entitlement("x1", "A"), entitlement("x2", "B"))]
    before = [association("u1", "e1"), association("u2", "e1"), association("u3", "e2")]
    after = [association("u1", "x1"), association("u3", "x2"), association("u9", "x2")]
    review = told([*base, associations(*before)], [*head, associations(*after)])
    assert sorted(titles(review)) == [
        "critical: 1 association is gone",
        "critical: integration_specific_id of 2 entitlements: different values",
        "major: 1 association is new",
    ]
    (change,) = (each for each in review.changes if each.kind is Kind.ENTITLEMENT)
    assert change.followed_by == {(Kind.ASSOCIATION, "integration_specific_entitlement_id"): 2}


def test_an_association_with_another_role_beside_its_new_id_is_gone_and_new():
    base = [
        entitlements(entitlement("e1", "A"), entitlement("e2", "B")),
        associations(association("u", "e1")),
    ]
    head = [
        entitlements(entitlement("x1", "A"), entitlement("x2", "B")),
        associations(association("u", "x2")),
    ]
    assert [line for line in titles(told(base, head)) if "association" in line] == [
        "critical: 1 association is gone",
        "major: 1 association is new",
    ]


def test_an_id_that_is_only_unique_within_its_resource():
    """Each resource has a "member", whose new id names the resource."""
    places = [f"r{n}" for n in range(8)]
    base = [
        entitlements(*[entitlement("member", "Member", place) for place in places]),
        associations(*[association("u1", "member", place) for place in places]),
    ]
    head = [
        entitlements(*[entitlement(f"{place}-member", "Member", place) for place in places]),
        associations(*[association("u1", f"{place}-member", place) for place in reversed(places)]),
    ]
    (change,) = told(base, head).changes
    assert (change.kind, change.count) == (Kind.ENTITLEMENT, 8)
    assert change.followed_by == {(Kind.ASSOCIATION, "integration_specific_entitlement_id"): 8}


def test_a_resource_with_another_id_and_all_that_lies_in_it():
    names = ("Docs", "Wiki", "Shop")
    base, head = (
        [
            listed("list_resources", *[resource(f"{prefix}{n}", name) for n, name in enumerate(names)]),
            entitlements(*[entitlement("member", "Member", f"{prefix}{n}") for n in turn]),
            associations(*[association("u1", "member", f"{prefix}{n}") for n in turn]),
        ]
        for prefix, turn in (("r", (0, 1, 2)), ("box", (2, 0, 1)))
    )
    (change,) = told(base, head).changes
    assert (change.kind, change.count) == (Kind.RESOURCE, 3)
    assert change.followed_by == {
        (Kind.ENTITLEMENT, "integration_specific_resource_id"): 3,
        (Kind.ASSOCIATION, "integration_specific_resource_id"): 3,
    }


def test_without_the_list_of_resources_the_associations_follow_the_entitlements():
    base, head = (
        [entitlements(entitlement("e1", resource=place)), associations(association("u", "e1", place))]
        for place in ("r1", "x1")
    )
    (change,) = told(base, head).changes
    assert (change.kind, change.field) == (Kind.ENTITLEMENT, "integration_specific_resource_id")
    assert change.followed_by == {(Kind.ASSOCIATION, "integration_specific_resource_id"): 1}


def test_records_that_are_gone_and_others_that_are_new_are_not_the_same():
    base = [entitlements(*[entitlement(f"e{n}", "Member") for n in range(3)])]
    head = [entitlements(*[entitlement(f"x{n}", "Member") for n in range(2)])]
    assert titles(told(base, head)) == ["critical: 3 entitlements are gone", "major: 2 entitlements are new"]
    assert titles(told([associations(association("u", "e"))], [associations(association("u", "x"))])) == [
        "critical: 1 association is gone",
        "major: 1 association is new",
    ]


def test_one_part_of_a_key_changes_beside_equal_labels():
    """In two of three resources, the entitlements have another id each; all are called Member."""
    base = [entitlement(f"e{n}", "Member", f"r{n}") for n in range(3)]
    head = [base[0], *(entitlement(f"x{n}", "Member", f"r{n}") for n in (2, 1))]
    (change,) = told([entitlements(*base)], [entitlements(*head)]).changes
    assert (change.field, change.count) == ("integration_specific_id", 2)
    assert {(one.old, one.new) for one in change.members} == {("e1", "x1"), ("e2", "x2")}


def test_one_part_of_a_key_changes_in_records_that_have_no_name():
    def activity(number, kind):
        return {"account_id": f"u{number}", "event_type": kind, "happened_at": f"2026-01-0{number}T00:00:00Z"}

    base, head = (
        [listed("get_last_activity", *(activity(number, kind) for number in range(1, 4)))]
        for kind in ("last_login", "last_activity")
    )
    assert titles(told(base, head)) == ["major: event_type of 3 activities: last_login → last_activity"]


def test_who_has_one_entitlement_in_place_of_another_has_lost_one():
    base, head = ([associations(association("u1", id_))] for id_ in ("viewer", "admin"))
    assert titles(told(base, head)) == ["critical: 1 association is gone", "major: 1 association is new"]


def test_ids_and_names_are_written_in_upper_case():
    base = [account(number) for number in range(1, 4)]
    names = ("integration_specific_id", "email", "username")
    head = [{**one, **{name: one[name].upper() for name in names}} for one in base]
    assert titles(told([listed("list_accounts", *base)], [listed("list_accounts", *head)])) == [
        "critical: integration_specific_id of 3 accounts: now upper case, in 3 of 3",
        "major: email of 3 accounts: now upper case, in 3 of 3",
        "major: username of 3 accounts: now upper case, in 3 of 3",
    ]


def test_ids_with_white_space_at_their_ends():
    base, head = ([associations(association(id_, "e1"))] for id_ in ("u1", "u1 "))
    assert titles(told(base, head)) == ["critical: account_id of 1 association: u1 → u1 "]


def test_an_account_of_the_same_address_has_another_id():
    base = [account(number, given_name="") for number in range(1, 4)]
    head = [
        {**one, "integration_specific_id": f"okta|{number * 7}", "given_name": "Ada"}
        for number, one in enumerate(base)
    ]
    (first, second) = told([listed("list_accounts", *base)], [listed("list_accounts", *head)]).changes
    assert (first.field, first.count, second.field) == ("integration_specific_id", 3, "given_name")


def test_accounts_that_share_an_address_are_not_the_same():
    base = [account(number, email="team@example.com", username=None) for number in (1, 2)]
    head = [account(number, email="team@example.com", username="x") for number in (3, 4)]
    assert titles(told([listed("list_accounts", *base)], [listed("list_accounts", *head)])) == [
        "critical: 2 accounts are gone",
        "major: 2 accounts are new",
    ]


def test_an_id_that_is_known_from_another_list_is_known_where_other_fields_have_changed_too():
    def first(id_, description):
        page = success([entitlement(id_, "A", description=description)])
        return Scenario("test_first", "list_entitlements", [page])

    base = [entitlements(entitlement("e1", "A")), first("e1", "x")]
    head = [entitlements(entitlement("x1", "A")), first("x1", "y")]
    assert titles(told(base, head)) == [
        "critical: integration_specific_id of 1 entitlement: e1 → x1",
        "major: description of 1 entitlement: x → y",
    ]


def test_each_project_has_its_own_ids():
    request = Request("list_entitlements", "", "tests/test_a.py::test_a")
    of = Request("find_entitlement_associations", "", "tests/test_a.py::test_b")

    def one(kind, what, record, request, project):
        old, new = (record, None) if what is What.REMOVED else (None, record)
        return Difference(
            kind, what, "", old, new, request, f"{project}/snapshots/{request.scenario[-1]}.json", "any",
            before=old, after=new,
        )  # fmt: skip

    found = [
        one(Kind.ENTITLEMENT, What.REMOVED, entitlement("e1"), request, "a"),
        one(Kind.ENTITLEMENT, What.ADDED, entitlement("x1"), request, "a"),
        *(
            one(Kind.ASSOCIATION, what, association("u", id_), of, project)
            for project in ("a", "b")
            for what, id_ in ((What.REMOVED, "e1"), (What.ADDED, "x1"))
        ),
    ]
    changed, *others = with_new_ids(found)
    assert (changed.field, changed.old, changed.new, changed.is_key) == (
        "integration_specific_id", "e1", "x1", True,
    )  # fmt: skip
    follower, *others = others
    assert follower.follows == ("a/", Kind.ENTITLEMENT, "'e1'", "'x1'")
    assert [(each.project, each.what) for each in others] == [("b/", What.REMOVED), ("b/", What.ADDED)]


def test_without_changed_ids_nothing_is_touched():
    request = Request("list_accounts", "", "tests/test_a.py::test_a")
    found = [Difference(Kind.ACCOUNT, What.CHANGED, "username", "a", "b", request, "snapshots/a.json", "u1")]
    assert with_new_ids(found) == found


def test_an_id_that_has_become_two_others_explains_nothing():
    """The same resource has one new id in a list, and another one in the other list."""
    base, head = (
        [
            listed("list_resources", resource(first, "Docs")),
            Scenario("test_again", "list_resources", [success([resource(second, "Docs")])]),
            associations(association("u1", "member", third)),
        ]
        for first, second, third in (("r1", "r1", "r1"), ("x1", "y1", "y1"))
    )
    assert [line for line in titles(told(base, head)) if "association" in line] == [
        "critical: 1 association is gone",
        "major: 1 association is new",
    ]
