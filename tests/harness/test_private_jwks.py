"""The private half of a key in JSON is a secret, and the public half is none."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.named_values import named_in_response, named_values
from connector_contract.secrets.private_jwks import private_members
from connector_contract.secrets.secret_names import WELL_KNOWN

PUBLIC = {
    "n": "n0" + "aB3_" * 20,
    "e": "AQAB",
    "x": "x0" + "aB3_" * 8,
    "y": "y0" + "aB3_" * 8,
    "kid": "k" * 20,
}
SECRET = [f"{name}0-" + "aB3_" * 8 for name in ("d", "p", "q", "k")]
PRIVATE = dict(zip("dpqk", SECRET, strict=True))


def found(value):
    return [*private_members(json.dumps(value).encode())]


@pytest.mark.parametrize("kind", [{**PUBLIC, "kty": "RSA", **PRIVATE}, {**PRIVATE, "kty": "oct", **PUBLIC}])
def test_the_private_members_of_a_key(kind):
    assert found(kind) == SECRET
    assert found({"keys": [{"kty": "EC", **PUBLIC}, kind, {"d": "d" * 20}]}) == SECRET
    assert found({"file": json.dumps(kind)}) == SECRET


def test_what_is_no_key_or_a_public_one_has_none():
    assert found({"kty": "RSA", **PUBLIC}) == []
    assert found(PRIVATE) == []
    assert found({"kty": "RSA", "d": "short", "dx": "d" * 20}) == []
    assert found([{"kty": "RSA"}, PRIVATE]) == []


def test_a_recording_and_lint_know_them_by_the_form_of_a_private_key():
    response = Response(200, "OK", (), json.dumps({"kty": "oct", **PRIVATE}).encode())
    assert [*named_in_response(response, WELL_KNOWN)] == [("private-key", value) for value in SECRET]
    assert ("private-key", SECRET[0]) in [*named_values(Request("GET", "/"), response, WELL_KNOWN)]


def test_many_keys_take_one_look():
    assert [*private_members(b'"kty":' * 50_000 + b'"d":"')] == []
    assert len([*private_members(b'{"kty":"oct","k":"%b"},' % SECRET[0].encode() * 2_000)]) == 2_000
