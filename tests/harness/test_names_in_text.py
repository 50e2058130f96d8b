"""Words that are secrets, and names of fields: values are replaced, and names stay."""

from __future__ import annotations

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.names_in_text import is_in_value, outside_names
from connector_contract.secrets.redaction import Redactor

WORD = "password"
NAMES = [
    '{"password": 1}',
    '{"a": 1, "password" : 1}',
    r'{"a": "{\"password\": 1}"}',
    "password=1&a=2",
    "/x?a=1&password=2",
    "a=1; password=2",
    '<password kind="1">x</password>',
    '<a password="1"/>',
    '<input id="password" name="password" type="password">',
    'form-data; name="password"',
    "<basic.password>",
    "a <basic.password-2> b",
    "&lt;basic.password&gt;",
]
VALUES = [
    '{"a": "password"}',
    '["password"]',
    '{"a": ["password", "password"]}',
    "a=password&b=1",
    "/x/password?a=1",
    "a=1; b=password",
    "<a>password</a>",
    '<a b="password"/>',
    "user:password",
    "password",
    "my password is it",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_stays(text):
    assert Redactor({WORD: "basic.password"}).text(text) == text
    assert Redactor({WORD: "basic.password"}).remaining(text.encode()) is None


@pytest.mark.parametrize("text", VALUES)
def test_a_value_is_replaced(text):
    redactor = Redactor({WORD: "basic.password"})
    assert redactor.text(text) == text.replace(WORD, "<basic.password>")
    left = redactor.remaining(text.encode())
    assert left is not None
    assert left.name == "basic.password"


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/x; charset=utf-8"])
def test_a_media_type_stays(media_type):
    redactor = Redactor({"x": "token.token", "charset": "token.token-2", "utf": "token.token-3"})
    assert redactor.text(media_type) == media_type
    assert redactor.text("/x/charset") == "/<token.token>/<token.token-2>"


def test_what_is_no_word_is_replaced_in_names_too():
    secret = "7Qz9" * 4
    assert Redactor({secret: "token.token"}).text(f'{{"{secret}": 1}}') == '{"<token.token>": 1}'


def test_json_and_its_numbers():
    redactor = Redactor({WORD: "basic.password", "1234567": "basic.pin"})
    body = b'{"password": 1234567, "a": ["password"]}'
    assert redactor.body(body) == b'{"password": "<basic.pin>", "a": ["<basic.password>"]}'
    assert redactor.json({"password": {"a": WORD}}) == {"password": {"a": "<basic.password>"}}
    url = f"https://a.example/{WORD}?b=c"
    assert redactor.json({url: 1}) == {"https://a.example/<basic.password>?b=c": 1}


def test_a_login_of_a_word():
    secrets = Secrets()
    secrets.add({"basic": {"username": "ada", "password": WORD}}, None)
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    request = Request("POST", "https://a.example/password", headers, b"username=ada&password=password")
    stored = secrets.redactor().request(request)
    assert stored.body == b"username=<basic.username>&password=<basic.password>"
    assert stored.uri == "https://a.example/<basic.password>"
    page = b'<form><input name="password" type="password"><p>password</p></form>'
    answer = Response(200, "OK", (("content-type", "text/html"),), page)
    shown = secrets.redactor().response(answer).body
    assert shown == page.replace(b"<p>password", b"<p>&lt;basic.password&gt;")


def test_edits_of_other_texts_are_kept():
    data = b'{"password": "other"}'
    edits = [(2, 10, b"a"), (14, 19, b"b")]
    assert outside_names(data, edits, {b"password"}) == [(14, 19, b"b")]
    assert outside_names(data, edits, {b"other"}) == edits
    assert is_in_value(data, b"other")
    assert not is_in_value(data, b"password")
