"""Who is recognised from what is stored: as if the records were read again."""

from __future__ import annotations

import json
import random
import string

import pytest

from connector_contract.people.known_people import People
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.recalled import as_real
from connector_contract.people.stand_ins import StandIns
from tests.people_testing import KEY, people, tenant, user

ALICE = {
    **user(7, "Alice", "Martin"),
    "nickName": "allyx",
    "employeeNumber": "E004711",
    "photo": "https://cdn.acme.org/a.png",
}
OTHERS = [user(8, "Will", "Page"), user(9, "Jürgen", "Müller"), user(10, "Anne-Marie", "van der Berg")]
RECORDS = {"Resources": [ALICE, *OTHERS]}


def recalling(records, *read, key=KEY):
    """People who know nothing of records but what is stored of them, and read something else."""
    stored = People(PersonalFields(), StandIns(None))
    made = json.dumps(people(records, *read).json(records), ensure_ascii=False)
    stored.learn_body(as_real(made.encode()), "application/json")
    found = People(PersonalFields(), StandIns(key))
    found.recall(stored)
    for each in read:
        found.learn_json(each)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Friends of Alice Martin",
        "MARTIN, Alice",
        "ask martin",
        "OfAliceMartin",
        "amartin alicem martinalice",
        "owner: allyx",
        "https://sub.acme.com/x",
        "acme.com",
        "see https://cdn.acme.org/a.png",
        "E004711 is away",
        "call +1 (415) 207-1007",
        "Will Page, and the page will do",
        "juergen.mueller, jmueller, Müller",
        "avanderberg and vanderberg",
        "?q=M%C3%BCller",
    ],
)
def test_who_is_mentioned_is_made_up_as_if_the_record_was_read(text):
    value = {"label": text}
    made = people(RECORDS, value).json(value)
    assert made != value
    found = recalling(RECORDS, value)
    assert found.json(value) == made
    assert list(found.left(json.dumps(made).encode())) == []
    assert found.restored_json(made) == value


@pytest.mark.parametrize("field", ["email", "userName", "id"])
@pytest.mark.parametrize("value", ["amartin@acme.com", "alice.martin7@acme.com", "jmueller@acme.com"])
def test_an_address_without_the_name_is_the_same_as_with_it(field, value):
    read = {"members": [{field: value}]}
    assert recalling(RECORDS, read).json(read) == people(RECORDS, read).json(read)


def test_a_login_is_known_where_it_is_an_id():
    records = {
        "users": [{"id": "u1", "login": "martin.alice7", "givenName": "Alice", "familyName": "Martin"}]
    }
    read = {"assignee_id": "martin.alice7"}
    made = people(records, read).json(read)
    assert made != read
    assert recalling(records, read).json(read) == made
    assert recalling(records, read).uri("/users/martin.alice7") == people(records, read).uri(
        "/users/martin.alice7"
    )


def test_a_whole_tenant_is_recognised():
    users = tenant(40)
    names = [(each["name"]["givenName"], each["name"]["familyName"], each["userName"]) for each in users]
    notes = [
        {"note": text}
        for given, family, login in names
        for text in (
            f"by {given} {family}",
            f"cc {login}",
            f"{given[0]}{family}".lower(),
            f"x {family}",
        )
    ]
    read = {"notes": notes}
    assert recalling({"Resources": users}, read).json(read) == people({"Resources": users}, read).json(read)


def test_with_another_key_nobody_is_recognised():
    read = {"label": "Friends of Alice Martin, amartin, E004711"}
    assert recalling(RECORDS, read, key=b"another key").json(read) == read


def test_words_that_are_nobodys_stay():
    draw = random.Random(7)  # noqa: S311 not for secrets
    words = ["".join(draw.choices(string.ascii_letters, k=draw.randint(3, 14))) for _ in range(1_000)]
    read = {"text": "the user was added to the group; status: active, 1234567 of 20240101", "words": words}
    assert recalling(RECORDS, read).json(read) == people(RECORDS, read).json(read)


def test_what_recordings_call_their_fields_and_states_is_no_name():
    stored = {"drafting": 1, "status": "archiving", "users": [user(1, "Drafting", "Archiving")]}
    read = {"label": "still archiving while drafting"}
    assert people(stored, read).json(read) == read
    assert recalling(stored, read).json(read) == read


def test_a_number_that_many_have_by_chance_is_not_taken_for_somebodys():
    records = {
        "users": [
            {"id": f"u{each}", "name": {"formatted": "A B"}, "employeeNumber": str(each)}
            for each in range(100_000, 100_040)
        ]
    }
    read = {"count": "100007 of them"}
    assert recalling(records, read).json(read) == read
