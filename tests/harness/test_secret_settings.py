"""Secrets among settings: by the words of their names, unless they are ordinary."""

from __future__ import annotations

import base64
import json

import pytest

from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.secrets.secret_settings import names_a_secret, secret_settings

VALUE = "k7" + "Qz9x" * 5


@pytest.mark.parametrize(
    "name",
    ["api_key", "apiKey", "APIKey", "token", "webhook_secret", "signing-key", "key2", "password",
     "adminPassword", "SecretAccessKey", "client_cert", "private_key_pem", "session_token",
     "connectionString", "psk", "recoveryCodes", "motDePasse", "db_pw", "x-functions-key"],
)  # fmt: skip
def test_a_name_that_says_so_is_a_secret(name):
    assert names_a_secret(name, WELL_KNOWN)
    assert [*secret_settings({name: VALUE}, WELL_KNOWN)] == [(f"settings.{name}", VALUE)]


@pytest.mark.parametrize(
    "name",
    ["api_url", "token_url", "key_id", "key_name", "password_policy", "auth_type", "monkey", "compass",
     "keyboard", "token_ttl", "region", "secret_name", "author", "passport", "public_key"],
)  # fmt: skip
def test_a_name_that_says_something_else_is_public(name):
    assert not names_a_secret(name, WELL_KNOWN)
    assert [*secret_settings({name: VALUE}, WELL_KNOWN)] == []


def test_ordinary_values_and_urls_are_no_secrets_under_whatever_name():
    settings = {
        "key": "email",
        "token": "v2",
        "secret": "",
        "auth": "https://login.example.com/oauth",
        "pin": 7,
    }
    assert [*secret_settings(settings, WELL_KNOWN)] == []
    webhook = "https://hooks.example.com/" + VALUE
    assert [*secret_settings({"hook_secret": webhook}, WELL_KNOWN)] == [("settings.hook_secret", webhook)]


def test_settings_are_looked_into_at_any_depth():
    settings = {"sso": {"keys": [VALUE, "no"], "name": VALUE[1:]}, "tokens": {"eu": VALUE[2:]}}
    assert [*secret_settings(settings, WELL_KNOWN)] == [
        ("settings.sso.keys.0", VALUE),
        ("settings.tokens.eu", VALUE[2:]),
    ]
    assert [*secret_settings(None, WELL_KNOWN)] == []


@pytest.mark.parametrize("spelled", [str, lambda text: base64.b64encode(text.encode()).decode()])
def test_the_file_of_a_key_has_a_secret_under_whatever_name(spelled):
    file = spelled(
        json.dumps({"type": "service_account", "private_key": VALUE, "client_email": "a@b.example"})
    )
    found = [("settings.google.private_key", VALUE)]
    assert [*secret_settings({"google": file, "region": "eu"}, WELL_KNOWN)] == found


def test_what_calls_carry_knows_them():
    secrets = Secrets()
    secrets.add(None, None, {"api_key": VALUE, "proxy": "http://u:pw-1234@proxy", "region": "eu"})
    assert secrets.names == {VALUE: "settings.api_key", "pw-1234": "settings.proxy.password"}
    assert secrets.users == {"u": "settings.proxy.user"}
    assert secrets.redactor().text(f"eu {VALUE}") == "eu <settings.api_key>"
