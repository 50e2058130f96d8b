"""Secrets by name in JSON: under a name, in pairs, lists and objects."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector_contract.secrets.named_json import may_name_secrets, named_in_json, with_json_values
from connector_contract.secrets.secret_names import WELL_KNOWN, judge

IS_SECRET = judge(WELL_KNOWN)
NAMES = st.sampled_from(
    [
        *("password", "name", "value", "key", "api_keys", "recovery_codes", "id", "hash", "x"),
        *("path", "values", "newValue", "ParameterKey"),
    ]
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(),
    st.sampled_from(["password", "s3same-0pen", "winter", "12345678", "2026-01-01", 'q"\\uote', "é\n"]),
)  # fmt: skip
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20)


def in_text(text):
    found = []

    def note(name, value):
        found.append((name, value))
        return value

    assert with_json_values(text, IS_SECRET, note, lambda within: within) == text
    return found


@given(VALUES, st.booleans())
@example({"name": [None, "password", "s3same-0pen"]}, True)
@example({"password": {"name": "PASSWORD", "value": "s3same-0pen"}}, True)
@example({"name": [1.5, "password", "s3same-0pen", True]}, True)
def test_a_text_has_what_its_value_has(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    expected = set(named_in_json(value, IS_SECRET, lambda text: ()))
    assert set(in_text(text)) == expected
    assert not expected or may_name_secrets(text, IS_SECRET)


@given(VALUES)
@example({"password": [100_000]})
def test_what_is_replaced_is_still_json(value):
    text = json.dumps(value, indent=1)
    # A value that may stand in a list, too.
    shown = 'q7"\\Zk3-w8Vx2'
    changed = with_json_values(text, IS_SECRET, lambda name, value: shown, lambda within: within)
    assert in_text(changed) == [(name, shown) for name, _ in in_text(text)] or not is_document(value)
    json.loads(changed)


def is_document(value):
    return isinstance(value, dict | list)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"password": {"value": "winter"}}, ["winter"]),
        (
            {"password": {"hash": {"algorithm": "BCRYPT", "salt": "s4lt", "value": "v4lue"}}},
            ["s4lt", "v4lue"],
        ),
        ({"password": {"note": "s3same-0pen", "value": None}}, []),
        (
            {"recovery_codes": ["12345678", 12345678, "winter", "1", 7, "a1b2-c3d4"]},
            ["12345678"] * 2 + ["a1b2-c3d4"],
        ),
        ({"recovery_codes": [{"code": "x"}, {"value": "a1b2-c3d4"}]}, ["a1b2-c3d4"]),
        ({"recovery_codes": [{"code": "a1b2-c3d4", "used": False}]}, ["a1b2-c3d4"]),
        ({"password": {"code": "E-1024-9", "message": "too short"}}, []),
        ({"name": "password", "value": "winter"}, ["winter"]),
        ({"value": "winter", "other": {"name": "x"}, "name": "password"}, ["winter"]),
        ({"name": "password", "other": {"value": "winter"}}, []),
        ({"name": "season", "value": "winter"}, []),
        # SCIM, JSON Patch, LDAP, CloudFormation, and a log of changes.
        ({"op": "replace", "path": "password", "value": "winter"}, ["winter"]),
        ({"op": "add", "path": "/users/0/password", "value": "winter"}, ["winter"]),
        ({"value": "winter", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password"}, ["winter"]),
        ({"name": "userPassword", "values": ["s3same-0pen", "n3w-one7"]}, ["s3same-0pen", "n3w-one7"]),
        ({"values": ["s3same-0pen"], "name": "userPassword"}, ["s3same-0pen"]),
        ({"ParameterKey": "DbPassword", "ParameterValue": "winter"}, ["winter"]),
        ({"field": "password", "oldValue": "winter", "newValue": "spring"}, ["winter", "spring"]),
        ({"path": "/users/0/name", "value": "s3same-0pen"}, []),
        ({"path": "passwordPolicy", "value": "s3same-0pen"}, []),
        ({"name": "password", "values": ["winter", "spring"]}, []),
        ({"name": "groups", "values": ["s3same-0pen"]}, []),
        ({"path": "/password", "other": "s3same-0pen"}, []),
        ({"key": "password", "label": "Password"}, []),
        ({"api_key": 123456, "pwd": 12345, "secret": 1.5}, ["123456"]),
        ({"headers": {"Authorization": ["Bearer s3same-0pen"]}}, ["Bearer s3same-0pen"]),
        ([["password", "s3same-0pen"], ["season", "s3same-0pen"]], ["s3same-0pen"]),
        ({"headers": [["Authorization", "Bearer s3same-0pen"]]}, ["Bearer s3same-0pen"]),
        ([["password", "string"], ["api_key", "refresh_token"], ["client_secret", "is required"]], []),
        ([["password", "s3same-0pen", "x"], ["s3same-0pen", "password"], ["password", ["s3same-0pen"]]], []),
        (["password", "https://a.example/reset"], []),
        ([["pwd", "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"]], []),
        ([["api_key", "1.2.840.113549.1.1.11"], ["secret", "2026-01-02T03:04:05Z"]], []),
        ({"required": ["password", "client_secret_expires_at"]}, []),
    ],
)
def test_where_a_value_is(value, found):
    assert [each for _, each in in_text(json.dumps(value))] == found
    assert sorted(each for _, each in named_in_json(value, IS_SECRET, lambda text: ())) == sorted(found)


SECRET = "Xk9vB2nM" + "7qLp4RtZw8s"


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ({"api_key": {"primary": SECRET, "secondary": SECRET + "1"}}, 2),
        ({"secret_keys": {"test": SECRET, "live": SECRET + "1"}}, 2),
        ({"api_key": {"production": SECRET, "old_format": SECRET + "1"}}, 2),
        ({"changes": {"password": {"from": SECRET, "to": SECRET + "1"}}}, 2),
        ({"password": {"policy": "strong", "set_by": SECRET, "id": SECRET, "keyId": SECRET}}, 0),
        ({"secret": {"next": SECRET, "cursor": SECRET, "url": SECRET, "fingerprint": SECRET}}, 0),
        ({"api_key": {"scope": "everything-there-is", "region": "eu-west-1"}}, 0),
    ],
)
def test_what_is_random_in_an_object_of_a_secret_name(value, count):
    found = [each for _, each in named_in_json(value, IS_SECRET, lambda text: ())]
    assert len(found) == count
    assert [each for _, each in in_text(json.dumps(value))] == found


@pytest.mark.parametrize("path", ["/password", "password", "/users/0/password", "urn:acme:2.0:User:password"])
def test_a_path_has_the_name_that_it_ends_with(path):
    fields = {"op": "replace", "path": path, "value": "winter"}
    assert in_text(json.dumps(fields)) == [("password", "winter")]
    assert [*named_in_json(fields, IS_SECRET, lambda text: ())] == [("password", "winter")]
