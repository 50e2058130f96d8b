from __future__ import annotations

import pytest

from connector_contract.people.uris import percent_encoded_as
from tests.people_testing import people

PIETER = {
    "name": "Pieter van der Merwe",
    "email": "pvdmerwe@brightmoor.io",
    "address": "88 Jakaranda Avenue, Stellenbosch 7600",
    "date_of_birth": "1980-02-03",
    "ssn": "731-88-4007",
    "last_login_ip": "81.2.69.10",
}
ANNA = {
    "name": "Anna Lindqvist",
    "email": "anna@brightmoor.io",
    "address": {"street": "12 Main Street", "city": "Springfield", "state": "IL", "postalCode": "62701"},
    "date_of_birth": "1991-07-05T00:00:00Z",
    "last_login_ip": "2a02:c7f:1::5",
}


def shown(text, *more, kept=()):
    return people(PIETER, ANNA, *more, kept=kept).text(text)


@pytest.fixture(scope="module")
def made():
    known = people(PIETER, ANNA)
    return known.json(PIETER), known.json(ANNA)


@pytest.mark.parametrize("field", ["address", "date_of_birth", "ssn", "last_login_ip"])
@pytest.mark.parametrize(
    "around", ["see {} (Lyon)", "{}: it", "it is\n{}.", "https://x.test/?q={}&b=1", "(it: {})"]
)
def test_a_value_is_the_same_within_a_text(made, field, around):
    assert made[0][field] != PIETER[field]
    assert shown(around.format(PIETER[field])) == around.format(made[0][field])


@pytest.mark.parametrize("plus", [False, True])
def test_an_address_is_the_same_within_a_url(made, plus):
    spelled = (
        "88+Jakaranda+Avenue%2C+Stellenbosch+7600"
        if plus
        else "88%20Jakaranda%20Avenue%2C%20Stellenbosch%207600"
    )
    expected = percent_encoded_as(spelled, made[0]["address"], plus=plus)
    assert shown(f"https://maps.test/x?q={spelled}") == f"https://maps.test/x?q={expected}"
    assert people(PIETER).uri(f"/places/{spelled}?q={spelled}").endswith(f"?q={expected}")


def test_an_address_has_any_case_and_any_signs_between_its_words(made):
    street, city = made[0]["address"].split(", ")
    assert shown("to 88 JAKARANDA AVENUE\nStellenbosch 7600") == f"to {street.upper()}\n{city}"


def test_parts_of_an_address_follow_its_street(made):
    address = made[1]["address"]
    text = "{street}, {city}, {state} {postalCode}, {state}"
    assert shown(text.format(**ANNA["address"])) == text.format(**address)
    assert address["state"] == "IL"


def test_a_date_of_birth_has_any_format(made):
    _, month, day = made[0]["date_of_birth"].split("-")
    assert shown("born 03.02.1980") == f"born {day}.{month}.1980"
    assert shown("born 1980/02/03") == f"born 1980/{month}/{day}"
    assert shown("born 1991-07-05") == f"born {made[1]['date_of_birth'][:10]}"


def test_a_number_has_its_signs_anywhere(made):
    digits = made[0]["ssn"].replace("-", "")
    assert shown("SSN 731884007") == f"SSN {digits}"
    assert people(PIETER).json({"count": 731884007}) == {"count": int(digits)}


def test_an_address_of_a_machine_has_any_spelling(made):
    assert shown("from 2A02:0C7F:1:0::5!") == f"from {made[1]['last_login_ip']}!"


@pytest.mark.parametrize(
    "text",
    [
        "Stellenbosch is in 7600, and Springfield in IL 62701",
        "188 Jakaranda Avenue, Stellenbosch 7600",
        "88 Jakaranda Avenues, 12 Main, Main Street",
        "version 81.2.69.10.5, v81.2.69.10, 1.81.2.69.10 and 81.2.69.100",
        "at 12:30:45, in 2a02:c7f:1::51",
        "1980-02-03",
        "1980-02-03T10:30:00Z",
        "changed at 1980-02-03 10:30",
        "/reports/1980-02-03/summary, report-1980-02-03.csv",
        "number 19800203, 02/03/1980, 1980-02-04",
        "731-88-40071, 1731884007, X731884007",
    ],
)
def test_what_only_looks_like_one_stays(text):
    assert shown(text) == text


@pytest.mark.parametrize("address", ["New York", "Floor 3 North", "PO Box 4456", "90210", "Level 3", "HQ 2"])
def test_an_address_that_may_be_anything_stays_within_a_text(address):
    text = f"the team in {address} grows"
    assert people({**PIETER, "address": address}).text(text) == text


def test_a_day_on_which_something_happened_stays_within_a_text():
    other = {"created": "1980-02-03T10:30:00Z"}
    assert shown("closed 1980-02-03", other) == "closed 1980-02-03"
    assert shown("born 1980-02-03", {"birthday": "1980-02-03T00:00:00Z"}) != "born 1980-02-03"


def test_a_day_counts_whoever_learns_it():
    other = people({"created": "1980-02-03T10:30:00Z"})
    known = people(PIETER)
    known.take(other.learned())
    assert known.text("closed 1980-02-03") == "closed 1980-02-03"


def test_a_value_that_a_test_names_stays():
    kept = (PIETER["address"], PIETER["date_of_birth"], PIETER["last_login_ip"])
    text = "born {1}, lives at {0}, came from {2}".format(*kept)
    assert shown(text, kept=kept) == text


def test_a_day_that_is_learned_later_counts():
    known = people(PIETER)
    before = known.known
    assert known.text("closed 1980-02-03") != "closed 1980-02-03"
    known.learn_json({"created": "1990-02-03T10:30:00Z"})
    assert known.text("closed 1980-02-03") != "closed 1980-02-03"
    known.learn_json({"created": "1980-02-03T10:30:00Z"})
    assert known.text("closed 1980-02-03") == "closed 1980-02-03"
    assert known.known > before


def test_codes_after_a_street_have_no_end():
    text = "12 Main Street " + "AB " * 5_000
    assert shown(text).endswith(" Street " + "AB " * 5_000)
