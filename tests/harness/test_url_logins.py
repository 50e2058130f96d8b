"""Users and passwords in URLs."""

from __future__ import annotations

import base64

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.url_logins import in_settings, logins, url_passwords, without_logins

PASSWORD = "pw-" + "7Qz9" * 3
BOTH = "<url.user>:<url.password>@"


@pytest.mark.parametrize(
    ("text", "safe", "found"),
    [
        ("https://svc:pw@host/x", f"https://{BOTH}host/x", ("svc", "pw")),
        ("postgres://u:p@ss@db:5432/x", f"postgres://{BOTH}db:5432/x", ("u", "p@ss")),
        ("postgresql+psycopg://u:p@db", f"postgresql+psycopg://{BOTH}db", ("u", "p")),
        ("redis://:pw@cache", "redis://:<url.password>@cache", ("", "pw")),
        ("https://a%40b.c:p%2Fq@host", f"https://{BOTH}host", ("a@b.c", "p/q")),
        (r'{"u": "https:\/\/svc:pw@host\/"}', r'{"u": "https:\/\/' + BOTH + r'host\/"}', ("svc", "pw")),
        (
            "?next=https%3A%2F%2Fsvc%3Ap%2540q%40host%2Fx&y=a@b",
            "?next=https%3A%2F%2F<url.user>%3A<url.password>%40host%2Fx&y=a@b",
            ("svc", "p@q"),
        ),
        ("(see <https://svc:pw@host>)", f"(see <https://{BOTH}host>)", ("svc", "pw")),
        ("https://t0ken8sd7f8s7df9@host", "https://<url.user>@host", ("t0ken8sd7f8s7df9", "")),
        ("https://svc:<basic.password>@host", "https://<url.user>:<basic.password>@host", ("svc", "")),
    ],
)
def test_a_login_is_found_and_replaced(text, safe, found):
    assert without_logins(text) == safe
    assert [*url_passwords(text)] == [found]
    assert without_logins(safe) == safe
    assert all(login.is_hidden for login in logins(safe))


@pytest.mark.parametrize(
    "text",
    [
        "https://host/x?email=a@b.example",
        "https://medium.example/@ada",
        "http://localhost:8000,ada@a.example",
        "https://a.example,ada@b.example",
        "ssh://git@host/x.git",
        "ada@a.example",
        "mailto:ada:x@a.example",
        "a://",
        "https://<basic.username>:<basic.password>@host",
        "https://<basic.username:password>@host",
        "https%3A%2F%2Fhost%2Fx&to=a%40b.example",
        "",
    ],
)
def test_what_is_no_login_stays(text):
    assert without_logins(text) == text
    assert not any(password for _, password in url_passwords(text))


def test_a_known_user_has_his_own_placeholder():
    assert without_logins("https://svc:pw@h", {"svc": "basic.username"}) == (
        "https://<basic.username>:<url.password>@h"
    )


def test_the_password_is_a_secret_wherever_it_is_and_the_user_only_there():
    secrets = Secrets()
    body = b'{"dsn": "postgres://svc:%b@db/x", "owner": "svc", "note": "%b"}' % ((PASSWORD.encode(),) * 2)
    secrets.learn(Request("GET", "https://a.example/"), Response(200, "OK", (), body))
    assert secrets.redactor().body(body) == (
        b'{"dsn": "postgres://<url.user>:<url.password>@db/x", "owner": "svc", "note": "<url.password>"}'
    )


def test_each_place_of_a_request_and_a_response_is_looked_into():
    url = f"https://svc:{PASSWORD}@host/"
    plain = Request("GET", "https://a.example/")
    for request, response in [
        (Request("GET", url), None),
        (Request("GET", "https://a.example/", (("referer", url),)), None),
        (Request("POST", "https://a.example/", (), url.encode()), None),
        (plain, Response(302, "", (("location", url),))),
        (plain, Response(200, "", (), url.encode())),
    ]:
        secrets = Secrets()
        secrets.learn(request, response)
        assert secrets.names.get(PASSWORD) == "url.password"
        assert PASSWORD not in repr(secrets.redactor().request(request))
        assert response is None or PASSWORD not in repr(secrets.redactor().response(response))


def test_who_follows_a_redirect_logs_in_with_the_placeholders():
    secrets = Secrets()
    location = Response(302, "", (("location", f"https://svc:{PASSWORD}@host/"),))
    secrets.learn(Request("GET", "https://a.example/"), location)
    recorded, replayed = f"svc:{PASSWORD}", "<url.user>:<url.password>"
    for redactor, login in ((secrets.redactor(), recorded), (Secrets().redactor(), replayed)):
        header = "Basic " + base64.b64encode(login.encode()).decode()
        (pair,) = redactor.request(Request("GET", "https://host/", (("authorization", header),))).headers
        assert pair == ("authorization", "Basic <url.user>:<url.password>")


def test_settings_may_have_logins_at_any_depth():
    settings = {"proxy": "http://u:p@proxy", "more": [{"dsn": "redis://:q@x"}], "url": "https://h", "n": 1}
    assert [*in_settings(settings)] == [
        ("settings.proxy", "u", "p"),
        ("settings.more.0.dsn", "", "q"),
    ]


def test_many_urls_take_time_in_proportion():
    text = "https://a:b,c;d&e/" * 50_000 + "http://" * 50_000 + "@"
    assert without_logins(text) == text
