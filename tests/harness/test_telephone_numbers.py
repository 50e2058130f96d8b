"""Telephone numbers in a text, and which are nobody's."""

from __future__ import annotations

import json

import pytest

from connector_contract.storage.telephone_numbers import is_nobodys, telephone_numbers


def found(text):
    return [digits for _, digits in telephone_numbers(text)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+14155552671", "14155552671"),
        ("call +1 (415) 555-2671, please", "14155552671"),
        ('"+49 30/1234567"', "49301234567"),
        ("tel:+33-1-23-45-67-89", "33123456789"),
        ("tel:4155552671", "4155552671"),
        ("?to=%2B14155552671&x=1", "14155552671"),
        ("?to=%2b1%20415%20555%202671", "14155552671"),
        ('"phone": "030 1234567"', "0301234567"),
        ('"phone": 4155552671', "4155552671"),
        ("phone: '(415) 555-2671'", "4155552671"),
        ("mobilePhone=415.555.2671&a=b", "4155552671"),
        ("<workTel>030 1234567</workTel>", "0301234567"),
        ('"telephoneNumber": "030 1234567"', "0301234567"),
        ('"mobile": "0171 1234567"', "01711234567"),
        ('"MOBILE": "0171 1234567"', "01711234567"),
        ('"facsimile_fax_no": "030 1234567"', "0301234567"),
        ('"tel": "030 1234567"', "0301234567"),
        ('"TEL": "030 1234567"', "0301234567"),
        ('"phone_home": "030 1234567"', "0301234567"),
        ('"phone2": "030 1234567"', "0301234567"),
        (r"{\"phone\": \"030 1234567\"}", "0301234567"),
        # Letters that have two in place of one when they are small.
        ('İİİİ "phone": "030 1234567"', "0301234567"),
        ("+1 415 5552671x12", "14155552671"),
        ('"phone": "415-555-2671 ext. 12"', "4155552671"),
    ],
)
def test_a_form_or_the_name_of_a_field(text, digits):
    assert set(found(text)) == {digits}
    assert all(text[place:].startswith(digits[0]) for place, _ in telephone_numbers(text))


@pytest.mark.parametrize(
    "value",
    [
        {"businessPhones": ["030 1234567", "030 7654321"]},
        {"phoneNumbers": [{"value": "030 1234567"}, {"type": "work", "value": "030 7654321"}]},
        {"phones": {"desk": "030 1234567", "home": "030 7654321"}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_all_of_a_list_and_of_its_objects(value, indent):
    assert found(json.dumps(value, indent=indent)) == ["0301234567", "0307654321"]
    escaped = json.dumps(json.dumps(value))
    assert found(escaped) == ["0301234567", "0307654321"]


def test_the_ids_in_an_object_are_no_numbers():
    value = {
        "phoneNumbers": [{"id": "12345678", "ownerId": "12345678", "value": "030 1234567", "at": "12345678"}]
    }
    assert found(json.dumps(value)) == ["0301234567"]
    # What is within another is looked at once.
    assert found('{"phones": {"phone": ["030 1234567"]}}') == ["0301234567"]
    # A list ends where it ends.
    assert found('{"phones": [], "ids": ["12345678"]}') == []
    assert found('{"phones": ["a", "ids": ["12345678"') == ["12345678"]


@pytest.mark.parametrize(
    "text",
    [
        '"id": "4155552671"',
        '"count": 4155552671',
        '"login_count": 12345678',
        "2024-01-15T09:30:00+0100",
        "2024-01-15T09:30:00+01:00",
        "Mon, 15 Jan 2024 09:30:00 +0100",
        "1.5e+12345678",
        # Base64.
        "abc+14155552671",
        "abc/+14155552671",
        "+14155552671abc",
        '"hotel": "12345678"',
        '"title": "12345678"',
        '"pax": "12345678"',
        '"phone_number_id": "106540352242922"',
        '"phone_verified_at": "2024-01-15 10:00"',
        '"is_mobile": true, "version": "12345678"',
        '"telemetry": "12345678"',
        '"phone": null, "id": "12345678"',
        '"phone": "", "id": "12345678"',
        '"phone": "112"',
        '"phone": "+1 415 *** 2671"',
        '"phone": "<phone-1>"',
        "tel:911",
        "hotel:4155552671",
        "+0 123 456 789",
        "+12 34",
        # An inner number, of six digits.
        "+49 123456",
        '"phone": "+49 123456"',
        '"phone": "5550123x12345678"',
        "+1234567890123456",
        '"phone": "0000000000"',
    ],
)
def test_other_digits_are_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "digits",
    [
        "4155550100",
        "14155550199",
        "5550123",
        "442079460101",
        "4402079460101",
        "02079460101",
        "447700900123",
        "01632960123",
        "01164960123",
        "01214960123",
        "00442079460101",
        "1111111",
    ],
)
def test_a_number_for_fiction_is_nobodys(digits):
    assert is_nobodys(digits)


@pytest.mark.parametrize(
    "digits",
    ["4155550200", "4155550099", "41555501001", "4155512671", "442079461101", "447700901123", "1234567"],
)
def test_the_numbers_beside_them_may_be_somebodys(digits):
    assert not is_nobodys(digits)
