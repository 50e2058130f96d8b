"""Values in base64, and in the SDK's page tokens, are changed there, and encoded again."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import msgpack
import pytest

from connector_contract.secrets.wrapped import rewrapped


class Change:
    """Gives the cursors "Zk3x9" and 12345 an alias."""

    def data(self, data):
        return data.replace(b"Zk3x9", b"cursor-1").replace(b"12345", b"9000001")

    def json(self, value):
        return json.loads(self.data(json.dumps(value).encode()))

    def has_alias(self, data):
        return b"cursor-1" in data or b"9000001" in data


def changed(text):
    return rewrapped(text.encode(), Change()).decode()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def for_urls(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


def bare(text):
    return encoded(text).rstrip("=")


def in_query(text):
    return quote(encoded(text), safe="")


BEFORE, AFTER = '{"after": "Zk3x9", "n": 12345}', '{"after": "cursor-1", "n": 9000001}'


# Those of "?" and ">" are the digits that are no letters.
@pytest.mark.parametrize("start", ["", "??????", ">>>>", "ab?"])
@pytest.mark.parametrize(
    "around", ["{}", "token={}&limit=2", '{{"next": "{}"}}', "{}.x.{}", "/pages/{}/next"]
)
@pytest.mark.parametrize("encode", [encoded, for_urls])
def test_what_base64_has_in_it_is_changed(encode, around, start):
    before, after = encode(start + BEFORE), encode(start + AFTER)
    if around.startswith("/") and "/" in before:
        # Its slashes part segments.
        before, after = quote(before, safe=""), quote(after, safe="")
    assert changed(around.format(before, before)) == around.format(after, after)


@pytest.mark.parametrize("start", ["", " ", "  ", "??????"])
@pytest.mark.parametrize("spell", [in_query, encoded, bare])
def test_base64_in_a_url_is_percent_encoded_whether_it_was_or_not(spell, start):
    url = "/pages?token={}&limit=2"
    before = url.format(spell(start + BEFORE)).encode()
    assert rewrapped(before, Change(), in_url=True).decode() == url.format(in_query(start + AFTER))


def test_the_case_of_percent_encoding_is_none_of_the_token():
    before = in_query("??????" + BEFORE).replace("%2F", "%2f").replace("%3D", "%3d")
    assert changed(before) == in_query("??????" + AFTER)


@pytest.mark.parametrize("more", ["", " ", "  "])
def test_base64_is_filled_up_whether_it_was_or_not(more):
    assert changed(bare(BEFORE + more)) == encoded(AFTER + more)
    assert changed(bare(AFTER + more)) == changed(encoded(AFTER + more)) == encoded(AFTER + more)


def test_base64_in_base64_is_changed_by_who_changes_the_text():
    class Twice(Change):
        def data(self, data):
            return rewrapped(super().data(data), Change())

        def has_alias(self, data):
            return super().has_alias(data) or encoded(AFTER).encode() in data

    assert rewrapped(encoded(encoded(BEFORE)).encode(), Twice()).decode() == encoded(encoded(AFTER))


@pytest.mark.parametrize("value", ["Zk3x9", 12345, ["Zk3x9", {"Zk3x9": 12345}], None])
def test_what_a_page_token_of_the_sdk_has_in_it_is_changed(value):
    token = msgpack.packb([{"endpoint": None, "after": value}]).hex()
    expected = msgpack.packb([{"endpoint": None, "after": Change().json(value)}]).hex()
    assert changed(f"no such token: {token}.") == f"no such token: {expected}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Zk3x9",
        encoded("nothing to change"),
        bare("nothing to change"),
        base64.b64encode(b"\xff\x00Zk3x9").decode(),
        encoded("Zk3x9\x00"),
        "integration_specific_id=Zk3x9",
        "9" * 40,
        "91" + "a3" * 20,
        "0" * 9 + "=",
    ],
)
def test_what_is_no_such_token_stays_as_it_is(text):
    assert changed(text) == text
