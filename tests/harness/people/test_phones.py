from __future__ import annotations

import pytest

from connector_contract.people.phones import Phones, is_fictitious, name_and_number, national_number
from connector_contract.people.stand_ins import StandIns


def phones(*numbers):
    found = Phones(StandIns(b"key"))
    for number in numbers:
        found.learn(number)
    return found


@pytest.mark.parametrize(
    ("text", "national"),
    [
        ("+1 (415) 321-7654", "4153217654"),
        ("1-415-321-7654", "4153217654"),
        ("415.321.7654 x12", "4153217654"),
        ("+1-415-321-7654;ext=12", "4153217654"),
        ("+49 30 1234567", "301234567"),
        ("0049 30 1234567", "301234567"),
        ("030 1234567", "301234567"),
        ("+353 1 234 5678", "12345678"),
        ("+7 912 345-67-89", "9123456789"),
        ("321-7654", "3217654"),
        ("", ""),
    ],
)
def test_a_number_is_the_same_in_each_format(text, national):
    assert national_number(text) == national


@pytest.mark.parametrize(
    "text", ["+1 (415) 321-7654", "415.321.7654 x12", "+49 30 1234567", "030 1234567", "321-7654", "4711"]
)
def test_a_format_stays(text):
    made = phones().made_up(text)
    assert made != text
    assert "".join("0" if each.isdigit() else each for each in made) == "".join(
        "0" if each.isdigit() else each for each in text
    )


def test_one_number_is_one_in_all_formats():
    found = phones()
    made = found.made_up("+1 (415) 321-7654")
    assert national_number(found.made_up("4153217654")) == national_number(made)
    assert is_fictitious(national_number(made))
    assert made.startswith("+1 (")


def test_country_codes_stay():
    assert phones().made_up("+49 30 1234567").startswith("+49 ")
    assert phones().made_up("+353 1 234 5678").startswith("+353 ")
    assert phones().made_up("030 1234567").startswith("0")


def test_a_number_that_is_hidden_in_part_keeps_its_country():
    assert phones().made_up("+1-XXX-XXX-1337").startswith("+1-XXX-XXX-")
    assert "1337" not in phones().made_up("+1-XXX-XXX-1337")


def test_made_up_numbers_stay():
    found = phones()
    made = found.made_up("+1 415 321 7654")
    assert found.made_up(made) == made
    assert found.made_up("(212) 555-0123") == "(212) 555-0123"


def test_numbers_differ_whatever_order_they_come_in():
    numbers = [f"+1 415 {exchange} {last}" for exchange in range(200, 260) for last in range(1000, 1100)]
    one, other = phones(*numbers), phones(*reversed(numbers))
    made = [one.made_up(number) for number in numbers]
    assert len(set(made)) == len(numbers)
    assert made == [other.made_up(number) for number in numbers]


def test_beyond_what_there_are_numbers_are_the_same():
    numbers = [f"321-{last}" for last in range(1000, 1150)]
    assert len({phones(*numbers).made_up(number) for number in numbers}) <= 100


def test_several_numbers_in_one_value():
    first, second = phones().made_up("415 321 7654 / 415 321 7655").split(" / ")
    assert is_fictitious(national_number(first))
    assert first != second


def test_known_numbers():
    found = phones("+1 415 321 7654", "12")
    assert found.is_known("(415) 321-7654")
    assert not found.is_known("415 321 7655")
    assert not found.is_known("494153217654321")
    assert len(found) == 1


def test_where_a_number_goes_does_not_depend_on_who_came_first():
    numbers = [f"+1 212 999 {last:04d}" for last in range(3_000)]
    one, other = Phones(StandIns(b"k" * 20)), Phones(StandIns(b"k" * 20))
    for number in numbers:
        one.learn(number)
    for number in reversed(numbers):
        other.learn(number)
    made = [one.made_up(number) for number in numbers]
    assert made == [other.made_up(number) for number in numbers]
    assert len(set(made)) == len(numbers)


def test_a_country_code_without_its_sign_is_one_before_a_known_number():
    found = Phones(StandIns(b"key"))
    found.learn("+49 171 8834 291")
    assert found.is_known("491718834291")
    assert found.made_up("491718834291") == "".join(filter(str.isdigit, found.made_up("+491718834291")))
    assert not found.is_known("991718834291")
    assert not found.is_known("491718834292")


@pytest.mark.parametrize("number", ["+1 303 731 0042", "(303) 731-0042", "303 731 0042", "+44 20 7946 1234"])
@pytest.mark.parametrize(
    "around", ["{} {}", "{}, {}", "{} ({})", "{} tel. {}", "{} (wife): {}", "{} / {}", "{}\n{}"]
)
def test_a_name_and_a_number(around, number):
    assert name_and_number(around.format("Alice de Martin", number)) == ("Alice de Martin", number)


def test_a_number_and_a_name():
    assert name_and_number("+1 303 731 0042, Alice Martin") == ("Alice Martin", "+1 303 731 0042")


@pytest.mark.parametrize(
    "value",
    [
        "Alice Martin",
        "+1 303 731 0042",
        "Alice Martin (100927)",
        "Alice Martin / 1009271234",
        "Alice Martin 2024-01-02",
        "Alice Martin 01.02.2024",
        "Alice Martin, 12 Baker Street 731 0042",
        "Alice Martin 303 731 0042 and Bob 303 731 0043",
        "Alice Martin +1 303 731 0042 1234 5678 9012",
    ],
)
def test_what_is_no_name_and_number(value):
    assert name_and_number(value) is None
