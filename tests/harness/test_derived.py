"""What a test took out of responses, and compared by itself."""

from __future__ import annotations

from tests.review_testing import MODULE, account, accounts, as_json, reviewed, stored, titles

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

    assert titles(changed(now, newest)) == ["major: username of 4 accounts: now equals email, in 4 of 4"]


def test_a_record_that_came_or_went():
    assert titles(changed(PEOPLE[1:], statuses)) == ["critical: 1 account is gone"]
    assert titles(changed([*PEOPLE, account(9)], statuses)) == ["major: 1 account is new"]


def test_what_is_something_of_its_own_stays_that():
    now = [{**PEOPLE[0], "user_status": "SUSPENDED"}, *PEOPLE[1:]]
    review = changed(now, lambda people: {"count": 4 if people is PEOPLE else 5})
    assert titles(review) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "major: count of 1 record: 4 → 5",
    ]


def test_names_that_have_all_become_empty():
    now = [{**each, "username": None} for each in PEOPLE]
    review = changed(
        now, lambda people: {str(each["username"] or "null"): each["user_status"] for each in people}
    )
    assert titles(review) == ["major: username of 4 accounts: now empty, in 4 of 4"]
