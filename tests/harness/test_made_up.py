"""Secrets that nobody has any more are made up, in the form of those that there are."""

from __future__ import annotations

import base64
import json

import pytest

from connector_contract.secrets.made_up import like, made_up_secrets, not_made_up


def encoded(text):
    return base64.b64encode(text.encode()).decode()


JWT = ".".join([encoded('{"alg": "none"}').rstrip("="), encoded('{"exp": 9}').rstrip("="), "Sign-4tur3"])


@pytest.mark.parametrize(
    ("model", "other"),
    [
        ("Ab-9z", "Bc-0a"),
        ('{"id": "ab", "at": "https://a.example/token", "n": 1}', None),
        (encoded("ann:word"), encoded("boo:xpse")),
        ("!!", "!!1"),
    ],
)
def test_the_form_stays(model, other):
    made = like(model, 1)
    assert made != model
    if other is not None:
        assert made == other
    else:
        assert json.loads(made) == {"id": "bc", "at": "https://a.example/token", "n": 1}


def test_what_a_token_claims_stays():
    made = like(JWT, 1)
    assert made.split(".")[:2] == JWT.split(".")[:2]
    assert made.split(".")[2] == "Tjho-5uvs4"


def test_each_placeholder_has_a_value_of_its_own():
    asked = {"auth": {"token": {"token": "Bearer <token.token-2>"}}, "request": ["<token.token-3>", 1]}
    made = made_up_secrets(asked, {"ab1": "token.token"})
    assert made == {"token.token-2": "bc2", "token.token-3": "cd3"}


def test_many_secrets_of_few_letters_differ():
    asked = [f"<pin-{number}>" for number in range(2, 40)]
    made = made_up_secrets(asked, {"1": "pin"})
    assert len({"1", *made.values()}) == 39


def test_what_is_configured_or_has_no_model_stays():
    assert made_up_secrets({"a": "<token> <basic.password> <x>"}, {"v": "token", "": "x"}) == {}


def test_a_private_key_cannot_be_made_up():
    key = "-----BEGIN " + "PRIVATE KEY-----\nMIIB\n"
    assert not_made_up({"auth": "<key-2>"}, {key: "key"}) == "<key-2>"
    assert not_made_up({"auth": "<key>"}, {key: "key"}) is None
    assert not_made_up({"auth": "<token-2>"}, {"t": "token"}) is None
