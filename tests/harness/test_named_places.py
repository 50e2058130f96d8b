"""What cannot be a secret by itself has a placeholder where its name says that it is one, and only there."""

import json

import pytest

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.matching import request_key
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN, secret_names

URL = "https://127.0.0.1/users/1?state=active&api_key=active&lang=en"
FORM = (("content-type", "application/x-www-form-urlencoded"),)
PARTS = (("content-type", "multipart/form-data; boundary=b"),)


def learned(*pairs, names=WELL_KNOWN, auth=None):
    """Secrets that have seen these requests and responses."""
    secrets = Secrets(names)
    secrets.add(auth, None)
    for request, response in pairs:
        secrets.learn(request, response)
    return secrets


def answer(*headers, **fields):
    return Response(200, "OK", headers, json.dumps(fields).encode())


def stored(secrets, request, response):
    return secrets.redactor().interaction(Interaction(request, response))


def test_a_word_is_replaced_in_its_field_and_nowhere_else():
    request = Request("GET", URL, (("x-auth-token", "none"), ("x-state", "none")))
    response = answer(
        api_key="active", state="active", items=[{"apiKey": "active", "n": 1}], other={"a": "active"}
    )
    secrets = learned((request, response))
    shown = stored(secrets, request, response)
    assert shown.request.uri == "https://127.0.0.1/users/1?state=active&api_key=<api_key>&lang=en"
    assert shown.request.headers == (("x-auth-token", "<x-auth-token>"), ("x-state", "none"))
    assert json.loads(shown.response.body) == {
        "api_key": "<api_key>",
        "state": "active",
        "items": [{"apiKey": "<api_key>", "n": 1}],
        "other": {"a": "active"},
    }
    redact = secrets.redactor()
    assert redact.json({"apiKey": "active", "state": "active"}) == {"apiKey": "<api_key>", "state": "active"}
    assert redact.text("it is active") == "it is active"
    assert redact.remaining(b"active") is None


def test_what_may_be_random_is_replaced_everywhere():
    request = Request(
        "GET", "https://a.example/users/s3same-key?q=s3same-key", (("x-api-key", "s3same-key"),)
    )
    shown = stored(learned((request, answer(text="s3same-key"))), request, answer(text="s3same-key"))
    assert "s3same-key" not in str(shown)
    assert shown.request.uri == "https://a.example/users/<x-api-key>?q=<x-api-key>"


def test_what_calls_carry_is_replaced_everywhere():
    """It is declared to be a secret."""
    request = Request("GET", "https://a.example/?q=winter", (("x-api-key", "winter"),))
    secrets = learned((request, answer(season="winter")), auth={"token": {"token": "winter"}})
    shown = stored(secrets, request, answer(season="winter"))
    assert shown.request.uri == "https://a.example/?q=<token.token>"
    assert shown.response.body == b'{"season": "<token.token>"}'


@pytest.mark.parametrize(
    ("headers", "body", "shown"),
    [
        (FORM, b"password=winter&season=winter", b"password=<password>&season=winter"),
        (FORM, b"season=a+b&password=a+b", b"season=a+b&password=<password>"),
        (FORM, b"password=%31&n=1", b"password=<password>&n=1"),
        (
            (),
            b'{"password": "winter", "season": "winter"}',
            b'{"password": "<password>", "season": "winter"}',
        ),
        ((), rb'{"pass\u0077ord" : "wint\u0065r", "n": 1.5}', rb'{"pass\u0077ord" : "<password>", "n": 1.5}'),
        ((), b'{"password": 123456, "n": 123456}', b'{"password": "<password>", "n": 123456}'),
        ((), b'{"password": 12, "n": 12}', b'{"password": 12, "n": 12}'),
        (
            (),
            b'["x", ":", {"password" :1, "a":":"}, "winter"]',
            b'["x", ":", {"password" :1, "a":":"}, "winter"]',
        ),
        (
            (),
            b'["x", ":", {"password":"x", "a":":"}, "x"]',
            b'["x", ":", {"password":"<password>", "a":":"}, "x"]',
        ),
        ((), b'[{"password": ["winter"]}]', b'[{"password": ["winter"]}]'),
        (
            PARTS,
            b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nwinter\r\n'
            b'--b\r\nContent-Disposition: form-data; name="season"\r\nX: y\r\n\r\nwinter\r\n--b--\r\n',
            b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n<password>\r\n'
            b'--b\r\nContent-Disposition: form-data; name="season"\r\nX: y\r\n\r\nwinter\r\n--b--\r\n',
        ),
    ],
)
def test_a_body_has_a_placeholder_in_the_place_of_the_name(headers, body, shown):
    request = Request("POST", "https://a.example/", headers, body)
    assert learned((request, None)).redactor().request(request).body == shown


def test_a_token_that_is_a_word_is_the_same_placeholder_where_it_is_sent():
    """So a connector that sends another one is found out."""
    request = Request("POST", "https://a.example/login")
    secrets = learned((request, answer(**{"access_token": "open-sesame"})))
    asks = Request("GET", "https://a.example/", (("authorization", "Bearer open-sesame"),))
    secrets.learn(asks)
    assert secrets.redactor().request(asks).headers == (("authorization", "Bearer <access_token>"),)


SETS = (
    Request("GET", "https://a.example/"),
    answer(("set-cookie", "lang=en; Path=/en"), ("x", "en"), lang="en"),
)


def sends(cookie):
    return Request("GET", "https://a.example/en", (("cookie", cookie),))


def test_a_cookie_that_the_server_sets_is_a_placeholder_in_its_headers_alone():
    shown = stored(learned(SETS), *SETS)
    assert shown.response.headers == (("set-cookie", "lang=<cookie.lang>; Path=/en"), ("x", "en"))
    assert shown.response.body == b'{"lang": "en"}'
    made = learned(SETS, (sends('en=1; lang="en"'), None)).redactor().request(sends('en=1; lang="en"'))
    assert (made.uri, made.headers) == ("https://a.example/en", (("cookie", "en=1; lang=<cookie.lang>"),))


def test_a_cookie_that_the_connector_sets_is_data():
    assert learned((sends("region=eu; org=acme-engineering-emea"), None)).names == {}
    secrets = learned(SETS, (sends("region=en; lang=en"), None))
    assert secrets.redactor().request(sends("region=en; lang=en")).headers == (
        ("cookie", "region=en; lang=<cookie.lang>"),
    )
    # The server confirms it.
    sent, confirmed = sends("lang=en"), answer(("set-cookie", "lang=en; Path=/"))
    secrets = learned((sent, confirmed), (sent, None))
    shown = stored(secrets, sent, confirmed)
    assert shown.request.headers == (("cookie", "lang=en"),)
    assert shown.response.headers == (("set-cookie", "lang=en; Path=/"),)


def test_a_cookie_that_the_connector_sets_may_be_a_secret():
    told = Request("GET", "https://a.example/"), answer(id="handed-out-in-a-body")
    secrets = learned(told, (sends("x=handed-out-in-a-body"), None))
    assert secrets.names == {"handed-out-in-a-body": "issued.cookie"}
    for cookie in ("device=4f7d0c1e22aa9b83", "password=winter", "token=open-sesame"):
        secrets = learned((sends(cookie), None), auth={"token": {"token": "open-sesame"}})
        assert cookie.partition("=")[2] not in str(secrets.redactor().request(sends(cookie)))


def test_an_author_says_what_a_cookie_is():
    names = secret_names(["-cookie.Device: is the same for all", "cookie.visit: is another each time"])
    made = sends("device=4f7d0c1e22aa9b83; visit=7; region=eu")
    secrets = learned((made, None), names=names)
    assert secrets.redactor().request(made).headers == (
        ("cookie", "device=4f7d0c1e22aa9b83; visit=<cookie.visit>; region=eu"),
    )
    # What was handed out in another place, or is set by the server, is one, too.
    handed_out = (
        Request("GET", "https://a.example/"),
        answer(("set-cookie", "device=4f7d0c1e22aa9b83"), id="4f7d0c1e22aa9b83"),
    )
    secrets = learned(handed_out, (made, None), names=names)
    assert secrets.names == {"7": "cookie.visit"}


def test_a_played_cookie_is_the_servers():
    """The connector may set it, too, with the same value each time."""
    secrets = Secrets()
    secrets.note_played(Response(200, "OK", (("set-cookie", "lang=<cookie.lang>; Path=/"),)))
    secrets.learn(sends("lang=en; region=eu"))
    shown = secrets.redactor().request(sends("lang=en; region=eu"))
    assert shown.headers == (("cookie", "lang=<cookie.lang>; region=eu"),)


def test_cookies_may_come_in_any_order_and_those_of_one_name_in_theirs():
    one = request_key(sends("a=1; b=2; a=3"))
    assert request_key(sends("b=2;a=1; a=3")) == one
    assert (
        request_key(Request("GET", "https://a.example/en", (("cookie", "b=2"), ("cookie", "a=1; a=3"))))
        == one
    )
    for other in ("a=3; b=2; a=1", "a=1; b=2", "a=1; b=3; a=3", "a=1; b=2; a=3; c="):
        assert request_key(sends(other)) != one
