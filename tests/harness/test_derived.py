"""What a test took out of responses, and compared by itself."""

from __future__ import annotations

import pytest

from tests.review_testing import (
    MODULE,
    Scenario,
    account,
    accounts,
    as_json,
    reviewed,
    stored,
    success,
    titles,
)

PEOPLE = [account(number) for number in range(1, 5)]
OWN = f"snapshots/{MODULE}/test_own.json"


def changed(people, own):
    base = stored(accounts("test_walk", *PEOPLE), {OWN: as_json(own(PEOPLE))})
    head = stored(accounts("test_walk", *people), {OWN: as_json(own(people))})
    return reviewed(base, head)


def statuses(people):
    return {each["username"]: each["user_status"] for each in people}


def test_values_that_are_names_of_a_table():
    now = [{**each, "username": each["email"]} for each in PEOPLE]
    review = changed(now, statuses)
    assert titles(review) == ["major: username of 4 accounts: now equals email, in 4 of 4"]
    assert OWN in review.changes[0].files


def test_values_of_a_table():
    now = [{**PEOPLE[0], "user_status": "SUSPENDED"}, *PEOPLE[1:]]
    assert titles(changed(now, statuses)) == ["critical: user_status of 1 account: ACTIVE → SUSPENDED"]


def test_one_record_out_of_a_list():
    now = [{**each, "username": each["email"]} for each in PEOPLE]

    def newest(people):
        email = "newest@example.com"
        return {"email": email, "username": "Newest" if people is PEOPLE else email}

    # Who is in no list is one more.
    assert titles(changed(now, newest)) == ["major: username of 5 accounts: now equals email, in 5 of 5"]


@pytest.mark.parametrize("names", [("integration_specific_id", "user_status"), ("email", "user_status")])
def test_a_person_in_a_value_is_counted_once_and_hides_nobody(names):
    now = [{**each, "user_status": "SUSPENDED"} if each is PEOPLE[2] else each for each in PEOPLE]

    def one(person):
        return lambda people: {name: person(people)[name] for name in names}

    assert titles(changed(now, one(lambda people: people[2]))) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED"
    ]
    assert titles(changed(now, one(lambda people: account(9, user_status=people[2]["user_status"])))) == [
        "critical: user_status of 2 accounts: ACTIVE → SUSPENDED"
    ]
    # What becomes of the same person is not what has become of others.
    assert titles(
        changed(now, one(lambda people: account(9, user_status="ACTIVE" if people is PEOPLE else "INACTIVE")))
    ) == [
        "critical: user_status of 1 account: ACTIVE → INACTIVE",
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
    ]


def test_a_name_in_a_table_that_is_another_persons_has_its_own_line():
    now = [{**PEOPLE[0], "user_status": "SUSPENDED"}, *PEOPLE[1:]]
    assert titles(changed(now, lambda people: {"Person 9": people[0]["user_status"]})) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "major: Person 9: ACTIVE → SUSPENDED",
    ]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (
            {"vault": "prod-keys", "state": "ACTIVE"},
            'major: the list: 1 value is gone: {"state": "ACTIVE", "vault": "prod-keys"}',
        ),
        ({**account(9)}, "major: the list: 1 value is gone: {"),
        ("ACTIVE", "major: the list: 1 value is gone: ACTIVE"),
        ("person-9@example.com", "major: the list: 1 value is gone: person-9@example.com"),
    ],
)
def test_what_is_gone_and_only_has_a_text_of_a_record_that_is_gone(value, line):
    critical, major = titles(changed(PEOPLE[1:], lambda people: [value] if people is PEOPLE else []))
    assert critical == "critical: 1 account is gone"
    assert major.startswith(line)


@pytest.mark.parametrize(
    "of", [lambda one: one, lambda one: one["email"], lambda one: {"email": one["email"]}]
)
def test_a_record_that_is_gone_from_a_list_of_the_tests_own(of):
    assert titles(changed(PEOPLE[1:], lambda people: [of(each) for each in people])) == [
        "critical: 1 account is gone"
    ]


def test_an_answer_that_a_call_is_known_to_give_is_no_part_of_another_change():
    def tenant(id_):
        page = success({"valid": True, "unique_tenant_id": id_})
        return Scenario("test_valid", "validate_credentials", [page], is_walk=False)

    def resources(id_):
        resource = {"integration_specific_id": id_, "resource_type": "account", "label": "Acme"}
        return Scenario("test_resources", "list_resources", [success([resource])])

    base, head = (stored(tenant(id_), resources(id_)) for id_ in ("acme", "ACME"))
    assert titles(reviewed(base, head)) == [
        "critical: integration_specific_id of 1 resource: acme → ACME",
        "major: response.unique_tenant_id: acme → ACME",
    ]


def test_what_info_no_longer_declares_is_said_though_its_records_are_gone_too():
    def info(*types):
        declared = {"entitlement_types": [{"type_id": each} for each in types]}
        return Scenario("test_info", "info", [success(declared)], is_walk=False)

    def entitlements(*types):
        records = [{"integration_specific_id": f"id-{each}", "entitlement_type": each} for each in types]
        return Scenario("test_entitlements", "list_entitlements", [success(records)])

    base, head = (stored(info(*types), entitlements(*types)) for types in (("admin", "user"), ("user",)))
    assert titles(reviewed(base, head)) == [
        "critical: 1 entitlement is gone",
        'major: response.entitlement_types[]: 1 value is gone: {"type_id": "admin"}',
    ]


def test_people_of_another_project_explain_nothing():
    def of(project, files):
        return {f"{project}{path}": data for path, data in files.items()}

    def both(people, table):
        return stored(of("b/", accounts("test_walk", *people).files()), {OWN: as_json(statuses(table))})

    review = reviewed(both(PEOPLE, PEOPLE), both(PEOPLE[1:], PEOPLE[1:]))
    assert titles(review) == ["critical: 1 account is gone", "major: Person 1: 1 value is gone: ACTIVE"]


def test_a_record_that_came_or_went():
    assert titles(changed(PEOPLE[1:], statuses)) == ["critical: 1 account is gone"]
    assert titles(changed([*PEOPLE, account(9)], statuses)) == ["major: 1 account is new"]


def test_names_that_have_changed_with_their_values():
    now = [{**PEOPLE[0], "username": PEOPLE[0]["email"], "user_status": "SUSPENDED"}, *PEOPLE[1:]]
    lines = titles(changed(now, lambda people: {each["username"]: each["user_status"] for each in people}))
    assert lines == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "major: username of 1 account: Person 1 → person-1@example.com",
    ]


def test_a_table_whose_names_alone_have_changed_is_one_line():
    """Nobody knows whose names they are if the test that is run compares nothing else."""

    def table(name):
        path = f"snapshots/{MODULE}/test_own.json"
        return {path: as_json({"of": {each[name]: n // 2 for n, each in enumerate(PEOPLE)}})}

    (change,) = reviewed(table("username"), table("email")).changes
    assert (change.field, change.count) == ("the names in of", 1)
    assert change.old == [each["username"] for each in PEOPLE]
    # Of people who are all the same, others may be there now.
    same = ({OWN: as_json({each[name]: "ACTIVE" for each in PEOPLE})} for name in ("username", "email"))
    assert len(reviewed(*same).changes) == 2 * len(PEOPLE)


def test_what_is_something_of_its_own_stays_that():
    now = [{**PEOPLE[0], "user_status": "SUSPENDED"}, *PEOPLE[1:]]
    review = changed(now, lambda people: {"count": 4 if people is PEOPLE else 5})
    assert titles(review) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "major: count: 4 → 5",
    ]


def test_names_that_have_all_become_empty():
    now = [{**each, "username": None} for each in PEOPLE]
    review = changed(
        now, lambda people: {str(each["username"] or "null"): each["user_status"] for each in people}
    )
    assert titles(review) == ["major: username of 4 accounts: now empty, in 4 of 4"]
