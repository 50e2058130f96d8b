"""The life of a cookie: what ends it ends it again, and what would end it by and by does not."""

from __future__ import annotations

import json
import time
from email.utils import formatdate

import pytest
from clients_testing import CLIENTS, once, served
from odd_server import answer

from connector_contract.errors import UnmatchedRequest
from connector_contract.recording.interactions import Response
from connector_contract.secrets.named_values import named_in_response
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.secrets.set_cookie import cookie_values, deletes, lasting, with_lasting_cookies

# 2026-11-29T12:00:00Z
AT = 1_795_953_600.0
LONG_AGO = "Thu, 01 Jan 1970 00:00:01 GMT"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a=b", "a=b"),
        ("a=b; Path=/; HttpOnly; Secure; SameSite=Lax; Domain=a.example",) * 2,
        ("a=b; Max-Age=60; Path=/", "a=b; Path=/"),
        ("a=b; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/", "a=b; Path=/"),
        ("a=b; expires=Wednesday, 21-Oct-99 07:28:00 GMT", "a=b; expires=Wednesday, 21-Oct-99 07:28:00 GMT"),
        ("a=b; expires=Wednesday, 21-Oct-50 07:28:00 GMT", "a=b"),
        ("a=b; Expires=Wed Oct 21 07:28:00 2099", "a=b"),
        # An age beats a date.
        ("a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=b"),
        ("a=b; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Max-Age=0", "a=b; Max-Age=0"),
        ('a=b; Max-Age="60"', "a=b"),
        # A client that does not know the age does not keep the cookie, or reads the date.
        ("a=b; Max-Age=soon", "a=b; Max-Age=soon"),
        ("a=b; Max-Age=soon; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "a=b; Max-Age=soon"),
        ("a=b; Expires=0", "a=b; Expires=0"),
        ("a=b; Expires=never", "a=b; Expires=never"),
        ("a=b; Expires", "a=b; Expires"),
        ("a=; Max-Age=0; Path=/", "a=; Max-Age=0; Path=/"),
        ("a=; Max-Age=-1", "a=; Max-Age=-1"),
        # This one aiohttp takes for no date, so it is left as it is.
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
        ("a=; expires=Sat, 28 Nov 2026 12:00:00 GMT; path=/", f"a=; expires={LONG_AGO}; path=/"),
        ("a=; expires=Thu, 01-Jan-2015 00:00:01 GMT", f"a=; expires={LONG_AGO}"),
        ("a=; Expires=Mon, 1 Jan 2001 00:00:00 +0000", "a=; Expires=Mon, 1 Jan 2001 00:00:00 +0000"),
        ("a=; Expires=Mon, 01 Jan 0001 00:00:00 GMT", f"a=; Expires={LONG_AGO}"),
        # A semicolon in quotes belongs to the value.
        ('a="b; Max-Age=60; c"; Max-Age=60', 'a="b; Max-Age=60; c"'),
        ('a="b\\"; Max-Age=60"; Path=/', 'a="b\\"; Max-Age=60"; Path=/'),
        ('a="b; Max-Age=60', 'a="b'),
        ("max-age=60; Path=/", "max-age=60; Path=/"),
    ],
)
def test_a_cookie_that_can_be_played_at_any_time(sent, stored):
    assert lasting(sent, AT) == stored
    # A file is linted whenever that is.
    assert lasting(stored, float("inf")) == stored


@pytest.mark.parametrize(
    ("header", "is_deleted"),
    [
        ("a=b", False),
        ("a=deleted; Max-Age=0", True),
        ("a=deleted; Max-Age=-5", True),
        ("a=b; Max-Age=5", False),
        (f"a=deleted; Expires={LONG_AGO}", True),
        ("a=deleted; Expires=Sat, 28 Nov 2026 12:00:00 GMT", True),
        ("a=b; Expires=Wed, 21 Oct 2099 07:28:00 GMT", False),
        (f"a=b; Max-Age=5; Expires={LONG_AGO}", False),
        ("a=b; Max-Age=0; Expires=Wed, 21 Oct 2099 07:28:00 GMT", True),
        ('a="b; Max-Age=0"', False),
        ("a=b; Expires=never", False),
    ],
)
def test_what_deletes_a_cookie(header, is_deleted):
    assert deletes(header, AT) is is_deleted
    assert deletes(lasting(header, AT)) is is_deleted


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("a=b; Path=/", [("a", "b")]),
        ("a=b=c", [("a", "b=c")]),
        ("a", [("a", "")]),
        ('a="b"', [("a", "b")]),
        ('a=""', [("a", "")]),
        ('a="b; c"; Path=/', [("a", "b"), ("a", "c")]),
    ],
)
def test_the_values_of_a_cookie(header, values):
    assert list(cookie_values(header)) == values


def test_what_a_cookie_is_deleted_with_is_no_secret():
    def secrets(cookie):
        return list(named_in_response(Response(200, "", (("set-cookie", cookie),)), WELL_KNOWN))

    assert secrets("sid=deleted; Max-Age=0") == secrets(f"sid=deleted; Expires={LONG_AGO}") == []
    assert secrets("sid=chocolate; Max-Age=60") == [("cookie.sid", "chocolate")]


@pytest.mark.parametrize("value", ["M\xfcller", "M\xc3\xbcller", '"M\\374ller"'])
def test_what_no_token_has_is_no_secret(value):
    response = Response(200, "", (("set-cookie", f"name={value}; Path=/"),))
    assert list(named_in_response(response, WELL_KNOWN)) == []


def test_the_cookies_of_a_response():
    response = Response(
        200, "", (("set-cookie", "a=b; Max-Age=5"), ("x", "y; Max-Age=5"), ("set-cookie", "c=d"))
    )
    headers = (("set-cookie", "a=b"), ("x", "y; Max-Age=5"), ("set-cookie", "c=d"))
    assert with_lasting_cookies(response, AT).headers == headers
    plain = Response(200, "", (("x", "y"),))
    assert with_lasting_cookies(plain, AT) is plain


@pytest.fixture
def project(tmp_path):
    with served(tmp_path) as make:
        yield make


def answers(log_in, *log_out):
    """A server that says which cookies it was sent."""

    def users(headers):
        cookies = sorted(headers.get("Cookie", "").split("; "))
        return answer(json.dumps([cookies[0].partition("=")[0], len(cookies)]).encode())

    return {
        "/login": answer(b"[]", *(("Set-Cookie", each) for each in log_in)),
        "/logout": lambda _: answer(b"[]", *(("Set-Cookie", each()) for each in log_out)),
        "/users": users,
    }


async def in_and_out(session):
    found = []
    for path in ("/users", "/login", "/users", "/logout", "/users"):
        found.append(json.loads((await session.ask(path)).content))
    return [found]


async def stays_in(session):
    found = []
    for path in ("/users", "/login", "/users", "/users", "/logout"):
        found.append(json.loads((await session.ask(path)).content))
    return [found]


def ago(seconds):
    return lambda: f"sid=deleted; Path=/; Expires={formatdate(time.time() - seconds, usegmt=True)}"


ENDS = {
    "age": lambda: "sid=; Path=/; Max-Age=0",
    "negative age": lambda: "sid=; Path=/; Max-Age=-1",
    "date": lambda: f"sid=; Path=/; Expires={LONG_AGO}",
    "first date": lambda: "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "date of today": ago(3600),
    "date with dashes": lambda: "sid=deleted; Path=/; expires=Thu, 01-Jan-1970 00:00:01 GMT",
    "age beats date": lambda: "sid=; Path=/; Max-Age=0; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
}


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("end", ENDS)
def test_a_cookie_that_is_deleted_is_deleted_in_the_replay(project, client, end):
    sid = "sid=s-" + "x" * 20 + "; Path=/; HttpOnly"
    made = project(client, in_and_out, answers([sid], ENDS[end]))
    stored = made.record(once)
    assert stored.count("sid=<cookie.sid>") == 3
    assert made.record(once) == stored
    made.replay(once)
    with pytest.raises(UnmatchedRequest):
        project(client, stays_in, {}).replay(once)


LIVES = [
    "a=chocolate-chip",
    "a=chocolate-chip; Path=/; Max-Age=1",
    "a=chocolate-chip; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
    "a=chocolate-chip; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "a=chocolate-chip; Path=/users; SameSite=Lax",
    "a=chocolate chip; Path=/",
    'a="chocolate-chip"; Path=/',
    'a="chocolate; chip"; Path=/; Max-Age=60',
    "a=b=chocolate-chip==; Path=/",
]


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("cookie", LIVES)
def test_a_cookie_that_lives_is_sent_in_the_replay(project, client, cookie):
    made = project(client, stays_in, answers([cookie, "b=oatmeal-raisin; Path=/"]))
    stored = made.record(once)
    assert "chip" not in stored
    assert "oatmeal" not in stored
    assert made.record(once) == stored
    made.replay(once)
    with pytest.raises(UnmatchedRequest):
        project(client, never_in, {}).replay(once)


async def never_in(session):
    return [json.loads((await session.ask("/users")).content) for _ in range(3)]


async def reads(session):
    """Some clients send such a cookie in their own way, some do not keep it, and httpx fails of it."""
    await session.ask("/login")
    try:
        return [json.loads((await session.ask("/users")).content)]
    except UnicodeError as error:
        return [str(error)]


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("value", ["M\xfcller", "M\xc3\xbcller"])
def test_a_cookie_that_is_not_ascii_is_played_as_the_bytes_that_it_was(project, client, value):
    def users(headers):
        return answer(json.dumps(headers.get("Cookie", "")).encode())

    log_in = answer(b"[]", ("Set-Cookie", f"name={value}; Path=/"))
    made = project(client, reads, {"/login": log_in, "/users": users})
    stored = made.record(once)
    assert f"name={value}; Path=/" in stored
    assert made.record(once) == stored
    made.replay(once)
