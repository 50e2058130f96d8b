"""Where the name of a user authenticates, and where it is data."""

from __future__ import annotations

import base64

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets

PASSWORD = "pw-" + "7Qz9" * 3
FORM = ("content-type", "application/x-www-form-urlencoded")


def redacted(request: Request, user: str = "admin", kind: str = "basic") -> Request:
    secrets = Secrets()
    name, secret = (
        ("client_id", "client_secret") if kind == "oauth_client_credentials" else ("username", "password")
    )
    secrets.add({kind: {name: user, secret: PASSWORD}}, None)
    return secrets.redactor().request(request)


def header(value: str, name: str = "authorization") -> Request:
    return Request("GET", "https://a.example/roles/admin", ((name, value),))


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (basic(f"admin:{PASSWORD}"), "Basic <basic.username>:<basic.password>"),
        (basic(f"admin/token:{PASSWORD}"), "Basic <basic.username>/token:<basic.password>"),
        (
            f'Digest username="admin", realm="x", response="{PASSWORD}"',
            'Digest username="<basic.username>", realm="x", response="<basic.password>"',
        ),
    ],
)
def test_a_header_that_authenticates(value, shown):
    request = redacted(header(value))
    assert dict(request.headers)["authorization"].replace('realm="<authorization>"', 'realm="x"') == shown
    assert request.uri == "https://a.example/roles/admin"


def test_a_header_beside_one_that_authenticates():
    headers = (("x-auth-email", "admin"), ("x-auth-key", PASSWORD), ("x-role", "admin"))
    assert redacted(Request("GET", "https://a.example/", headers)).headers == (
        ("x-auth-email", "<basic.username>"),
        ("x-auth-key", "<basic.password>"),
        ("x-role", "admin"),
    )
    assert redacted(Request("GET", "https://a.example/", headers[:1])).headers == headers[:1]
    secrets = Secrets()
    secrets.add({"basic": {"username": "admin", "password": PASSWORD}}, None)
    assert secrets.redactor().authenticating(headers) == {"x-auth-email", "x-auth-key"}
    assert secrets.redactor().authenticating(headers[:1]) == frozenset()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            f'{{"username": "admin", "password": "{PASSWORD}", "role": "admin"}}',
            '{"username": "<basic.username>", "password": "<basic.password>", "role": "admin"}',
        ),
        (
            f"<l><wsse:Username>admin</wsse:Username><Password>{PASSWORD}</Password><Role>admin</Role></l>",
            "<l><wsse:Username><basic.username></wsse:Username><Password><basic.password></Password>"
            "<Role>admin</Role></l>",
        ),
        (
            f'--x\r\nContent-Disposition: form-data; name="user"\r\n\r\nadmin\r\n--x\r\n'
            f'Content-Disposition: form-data; name="password"\r\n\r\n{PASSWORD}\r\n--x--\r\n',
            '--x\r\nContent-Disposition: form-data; name="user"\r\n\r\n<basic.username>\r\n--x\r\n'
            'Content-Disposition: form-data; name="password"\r\n\r\n<basic.password>\r\n--x--\r\n',
        ),
        ('{"username": "admin", "role": "admin"}', '{"username": "admin", "role": "admin"}'),
        (
            f'{{"username": "other", "password": "{PASSWORD}"}}',
            '{"username": "other", "password": "<basic.password>"}',
        ),
    ],
    ids=["json", "xml", "multipart", "no secret", "another"],
)
def test_a_login_has_a_placeholder_and_data_does_not(body, shown):
    assert redacted(Request("POST", "https://a.example/", (), body.encode())).body.decode() == shown


def test_a_form_and_a_query():
    body = f"username=admin&password={PASSWORD}&role=admin".encode()
    assert redacted(Request("POST", "https://a.example/", (FORM,), body)).body == (
        b"username=<basic.username>&password=<basic.password>&role=admin"
    )
    uri = f"https://a.example/admin?login=admin&role=admin&k={PASSWORD}"
    assert redacted(Request("GET", uri)).uri == (
        "https://a.example/admin?login=<basic.username>&role=admin&k=<basic.password>"
    )
    assert redacted(Request("GET", "https://a.example/?login=admin")).uri == "https://a.example/?login=admin"


def test_a_client_s_id_in_a_request_for_a_token_whose_secret_is_in_a_header():
    kind = "oauth_client_credentials"
    headers = (("authorization", basic(f"app:{PASSWORD}")), FORM)
    asked = Request(
        "POST", "https://a.example/token", headers, b"grant_type=client_credentials&client_id=app"
    )
    assert redacted(asked, "app", kind).body == (
        b"grant_type=client_credentials&client_id=<oauth_client_credentials.client_id>"
    )


def test_a_client_s_id_is_encoded_as_in_a_form():
    pair = basic(f"app%3A1:{PASSWORD}")
    (shown,) = redacted(header(pair), "app:1", "oauth_client_credentials").headers
    name = "oauth_client_credentials"
    assert shown == ("authorization", f"Basic <{name}.client_id>:<{name}.client_secret>")


@pytest.mark.parametrize(
    ("user", "password"), [("admin", "admin"), ("svc:odd", PASSWORD), ("a%b+c", PASSWORD), ("ä ö", PASSWORD)]
)
def test_whatever_the_user_is_called(user, password):
    secrets = Secrets()
    secrets.add({"basic": {"username": user, "password": password}}, None)
    request = secrets.redactor().request(header(basic(f"{user}:{password}")))
    assert dict(request.headers) == {"authorization": "Basic <basic.username>:<basic.password>"}


def test_who_has_a_longer_name_is_another():
    assert dict(redacted(header(basic(f"superadmin:{PASSWORD}"))).headers) == {
        "authorization": "Basic <authorization>:<basic.password>"
    }


def test_an_account_in_the_path_is_replaced_unless_it_is_a_word():
    sid = "AC" + "9f8e7d6c5b4a3928" * 2
    uri = "https://a.example/Accounts/{}/Calls.json"
    assert redacted(Request("GET", uri.format(sid)), sid).uri == uri.format("<basic.username>")
    assert redacted(Request("GET", uri.format("admin"))).uri == uri.format("admin")


def test_a_response_is_data():
    secrets = Secrets()
    secrets.add({"basic": {"username": "ada@a.example", "password": PASSWORD}}, None)
    response = Response(200, "", (), b'{"email": "ada@a.example", "username": "ada@a.example"}')
    assert secrets.redactor().response(response) == response


def test_what_lumos_asks_with_another_login_has_placeholders():
    secrets = Secrets()
    secrets.add({"basic": {"username": "admin", "password": PASSWORD}}, None)
    asked = {"auth": {"basic": {"username": "admin", "password": PASSWORD}}, "request": {"role": "admin"}}
    assert secrets.redactor().asked(asked) == {
        "auth": {"basic": {"username": "<basic.username>", "password": "<basic.password>"}},
        "request": {"role": "admin"},
    }
    assert secrets.redactor().restored_json(secrets.redactor().asked(asked)) == asked
