from __future__ import annotations

import base64
import json
from urllib.parse import quote

import msgpack
import pytest

from tests.people_testing import people

ALICE = {"givenName": "Alice", "familyName": "Martin", "email": "alice@acme.com", "phone": "+1 415 321 7654"}


def left(data, **how):
    known = people(ALICE, {"givenName": "Will", "familyName": "Page"}, {"givenName": "Li"}, **how)
    return list(known.left(data if isinstance(data, bytes) else data.encode()))


@pytest.mark.parametrize(
    "data",
    [
        "to Alice",
        "ALICE",
        "amartin2",
        "x=alice%40acme.com",
        json.dumps({"a": "\u00e9 Alice"}),
        json.dumps(json.dumps({"a": '"Martin"'})),
        base64.b64encode(b"after Alice Martin"),
        base64.urlsafe_b64encode(b"after Alice Martin").rstrip(b"="),
        quote(base64.b64encode(b"after: Alice Martin??")),
        msgpack.packb([["k", "after Alice Martin"]]).hex(),
        "call (415) 321-7654",
        "bob@acme.com",
        b"\x89PNG\0 Alice \xff",
        base64.b64encode(b"\x08\x01\x12 Alice \x00\xff\xfe"),
    ],
)
def test_what_is_left_is_found_but_not_said(data):
    found = left(data)
    assert found
    assert not any(word in " ".join(found) for word in ("Alice", "Martin", "acme", "415"))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "Page by page, and will",
        "bob@example.com, alice@a.test",
        "smartin palice",
        "call 415 321 7655",
        "\x00\xff\xfe",
        b"\x89PNG\0 Li \xff",
        '{"a": "\\u00e9alicex"}',
    ],
)
def test_what_is_not_there_is_not_found(data):
    assert left(data) == []


def test_what_is_kept_is_not_left():
    assert left("alice@acme.com", kept=["alice@acme.com"]) == []
    assert left("Alice", kept=["Alice"]) == []


def test_each_is_said_once():
    assert left("Alice Alice ALICE") == ["a word of a name, of 5 letters"]
