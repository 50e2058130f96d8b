import base64
import unicodedata
from urllib.parse import quote

import pytest

from connector_contract.secrets.spellings import (
    BASE64,
    HEX,
    UTF_8,
    in_form,
    in_hex,
    in_utf_16,
    spelled,
    spellings_of_secret,
    traces,
)

UUID = "550e8400-e29b-" + "41d4-a716-446655440000"


def texts(value):
    return dict(spellings_of_secret(value, "name"))


def test_what_is_spelled_alike_everywhere_has_one_spelling():
    assert spelled("a-b_c.d~1") == ("a-b_c.d~1",)


def test_all_other_values_have_as_many_spellings():
    assert len(spelled("a b")) == len(spelled("schl\xfc/ssel"))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_with_accents_are_spelled_in_several_ways(form):
    value = unicodedata.normalize(form, "schl\xfcssel")
    for each in ("NFC", "NFD"):
        text = unicodedata.normalize(each, value)
        assert {text.encode(), quote(text).encode()} <= texts(value).keys()
    assert {b"schl\xfcssel", b"schl%FCssel", b"schl%fcssel"} <= texts(value).keys() or form == "NFD"
    assert set(texts(value).values()) == {b"<name>"}


def test_a_uuid_is_spelled_in_either_case_and_without_dashes():
    bare = UUID.replace("-", "")
    assert {text.decode() for text in texts(UUID)} == {UUID, UUID.upper(), bare, bare.upper()}


@pytest.mark.parametrize("value", ["short", "Mixed-Case1234", "opensesame-opensesame", "a-few-words"])
def test_other_values_have_one_case(value):
    assert set(texts(value)) == {value.encode()}


def test_a_secret_has_forms():
    assert in_form(BASE64, "a?>") == base64.b64encode(b"a?>").decode()
    assert in_form(HEX, "a?>") == b"a?>".hex()
    assert in_form(UTF_8, "\xfc") == "\xc3\xbc"
    assert in_hex("jk") == ("6a6b", "6A6B")
    assert next(text for text, _ in in_utf_16("abcdef", "n")) == b"a\0b\0c\0d\0e\0f\0"
    assert list(in_utf_16("short", "n")) == []


def test_a_trace_is_in_base64_wherever_the_secret_begins():
    secret = "o/pen+" + "sesame??>"
    found = traces(secret)
    assert found[secret.encode()] == ()
    for before in range(7):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            data = encode(b"." * before + secret.encode() + b"...")
            assert [form for trace, form in found.items() if trace in data] == [(BASE64,)]


def test_a_quote_in_csv_is_two():
    value = 's3cr"3t' + '-of-"all"'
    assert value.replace('"', '""') in spelled(value)
    assert value.replace('"', '""').encode() in traces(value)
