"""What of credentials names somebody, and is no secret by itself."""

from __future__ import annotations

import pytest

from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.user_names import in_data, is_place, is_user_name, names_a_user

PASSWORD = "pw-" + "7Qz9" * 3
KEY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"


@pytest.mark.parametrize(
    "name",
    ["username", "userName", "user", "login", "email", "X-Auth-Email", "client_id", "clientId", "tenant"],
)
def test_fields_that_name_a_user(name):
    assert names_a_user(name)


@pytest.mark.parametrize(
    "name", ["user_key", "user_token", "client_secret", "password", "key_id", "", "email_key"]
)
def test_fields_that_name_none(name):
    assert not names_a_user(name)


@pytest.mark.parametrize("user", ["admin", "ada@a.example", "svc_1", "AC" + KEY])
def test_who_has_a_password_is_a_user(user):
    assert is_user_name("username", user, {"username": user, "password": PASSWORD})


@pytest.mark.parametrize("password", ["", "x", "X", "api_token", None])
def test_a_key_in_the_place_of_the_user_stays_a_secret(password):
    assert not is_user_name("username", KEY, {"username": KEY, "password": password})
    assert is_user_name("username", "ada@a.example", {"username": "ada@a.example", "password": password})


RANDOM = "Xk9vB2nM" + "7qLp4RtZw8s"


@pytest.mark.parametrize("password", ["unused", "ignored", "password", "not-used"])
def test_beside_an_idle_word_a_user_as_random_as_a_key_is_one(password):
    assert not is_user_name("username", RANDOM, {"username": RANDOM, "password": password})
    for name, user in (("username", "ada-lovelace"), ("client_id", RANDOM), ("username", "MyCompanySvc1")):
        assert is_user_name(name, user, {name: user, "password": password})
    assert is_user_name("username", RANDOM, {"username": RANDOM, "password": PASSWORD})


@pytest.mark.parametrize("name", ["domain", "host", "audience", "scope", "region", "environment", "url"])
def test_what_is_as_random_as_a_key_is_no_place(name):
    assert not is_place(name, RANDOM)
    assert not is_place("url", f"https://hooks.example.com/a?k={RANDOM}")
    for public in ("acme-prod-east-12", "d-9067f3a1b2.awsapps.com", "MyCompanyDept2Emea", "eu-west-1"):
        assert is_place(name, public)


def test_places_are_public_unless_they_have_a_secret_part():
    assert is_place("subdomain", "acme")
    assert is_place("scopes", "https://www.example.com/auth/admin.directory.user.readonly2")
    assert not is_place("webhook_url", "https://hooks.example.com/" + KEY)
    assert not is_place("token", "acme")


def test_what_calls_carry_has_users_and_secrets():
    secrets = Secrets()
    secrets.add({"basic": {"username": "admin", "password": PASSWORD}}, None)
    secrets.add(None, [{"id": "a", "oauth_client_credentials": {"client_id": "app", "client_secret": KEY}}])
    assert secrets.users == {"admin": "basic.username", "app": "a.oauth_client_credentials.client_id"}
    assert secrets.names == {PASSWORD: "basic.password", KEY: "a.oauth_client_credentials.client_secret"}
    assert secrets.redactor().body(b'{"role": "admin", "app": "app"}') == b'{"role": "admin", "app": "app"}'


def test_the_users_that_are_data_too():
    users = {"admin": "basic.username", "ada@a.example": "b.username", "zoe": "c.username"}
    texts = ['{"role": "admin"}', "mail: ada@a.example, zoe2", "administrators, x-zoe"]
    assert in_data(users, texts) == ["ada@a.example", "admin"]
    assert in_data({}, texts) == []
