"""A secret is found by its name in every format, and a placeholder stands in its place."""

from __future__ import annotations

import json
from html import escape

import pytest

from connector_contract.secrets.named_formats import named_in_body, named_in_value, with_named_values
from connector_contract.secrets.secret_names import WELL_KNOWN, judge, names_one

IS_SECRET = judge(WELL_KNOWN)
VALUE = "hunter2hunter2"
INNER = json.dumps({"newPassword": VALUE})
FORMATS = {
    "JSON lines": f'{{"a":1}}\n{{"password":"{VALUE}"}}\n',
    "events": f'event: x\ndata: {{"access_token": "{VALUE}"}}\n\ndata: {{}}\n',
    "documents": f'{{"a":1}}{{"password":"{VALUE}"}}',
    "cut off": f'{{"a":1,"password":"{VALUE}',
    "twice in an object": f'{{"password":"{VALUE}","password":"other"}}',
    "after a byte order mark": f'\ufeff{{"password":"{VALUE}"}}',
    "JSON in JSON": json.dumps({"body": INNER}),
    "JSON in JSON in JSON": json.dumps({"body": json.dumps({"a": INNER})}),
    "JSON in a form": "user=x&payload=" + INNER.replace(" ", "+"),
    "XML": f'<?xml version="1.0"?><r><newPassword>{VALUE}</newPassword></r>',
    "SOAP": f'<s:E xmlns:s="x"><w:Password Type="a#PasswordText">{VALUE}</w:Password></s:E>',
    "CDATA": f"<r><password><![CDATA[{VALUE}]]></password></r>",
    "attribute": f'<user name="x" password="{VALUE}"/>',
    "pair of an element": f'<config><key name="password">{VALUE}</key></config>',
    "pair of attributes": f'<add key="Password" value="{VALUE}" />',
    "property list": f"<dict><key>password</key><string>{VALUE}</string></dict>",
    "element within": f"<password><value>{VALUE}</value></password>",
    "HTML": f'<html><input type="hidden" name="csrf_token" value="{VALUE}"> Hello, all of you</html>',
    "HTML backwards": f'<html><input value="{VALUE}" type="hidden" name="csrf_token"></html>',
    "SAML": f'<form><input type="hidden" name="SAMLResponse" value="{VALUE}"/></form>',
    "meta": f'<meta name="csrf-token" content="{VALUE}">',
    "script": f'<script>window.csrfToken = "{VALUE}";</script>',
    "JSON in a script": f'<script>window.settings = {{"apiKey": "{VALUE}"}}</script>',
    "JSON in an attribute": f'<html><div data-props="{escape(INNER)}"></div></html>',
    "attribute of SAML": f'<a:A Name="apiKey"><a:AttributeValue>{VALUE}</a:AttributeValue></a:A>',
    "link": f'<a href="https://a.example/#access_token={VALUE}&amp;x=1">x</a>',
    "CSV": f"id,password,x\n1,{VALUE},2\n",
    "CSV in quotes": f'"id";"new_password";"x"\r\n"1";"{VALUE}";"2"\r\n',
    "tabs": f"id\tapi_key\n1\t{VALUE}\n",
    "form": f"access_token={VALUE}&token_type=bearer",
    "YAML": f"user: x\npassword: {VALUE}\n",
    "YAML within": f'user: x\nauth:\n  client_secret: "{VALUE}"\n',
    ".env": f"FOO=1\nexport DB_PASSWORD={VALUE}\n",
    "INI": f"[a]\nuser = x\npassword = {VALUE}\n",
    "GraphQL": f'mutation {{ login(user: "a", password: "{VALUE}") {{ id }} }}',
    "GraphQL in JSON": json.dumps({"query": f'mutation {{ login(password: "{VALUE}") {{ id }} }}'}),
    "variables": json.dumps({"query": "mutation($p: String!) {x}", "variables": {"password": VALUE}}),
    "pair": json.dumps([{"name": "password", "value": VALUE}]),
    "pair backwards": json.dumps([{"Value": VALUE, "x": {"y": 1}, "Key": "password"}]),
    "pair of texts": json.dumps([["password", VALUE]]),
    "pairs of texts": json.dumps({"settings": [["season", "winter"], ["password", VALUE]]}),
    "cells": f"<table><tr><td>API key</td><td>{VALUE}</td></tr></table>",
    "terms": f"<dl><dt>Client secret:</dt><dd>{VALUE}</dd></dl>",
    "list": json.dumps({"recovery_codes": [VALUE]}),
    "object": json.dumps({"credentials": {"password": {"value": VALUE}}}),
    "hash": json.dumps({"password": {"hash": {"algorithm": "BCRYPT", "value": VALUE}}}),
    "echo of headers": json.dumps({"headers": {"Authorization": ["Bearer " + VALUE]}}),
    "log": f"2026-01-01 POST /login Authorization: Bearer {VALUE} ok",
    "URL in JSON": json.dumps({"next": f"https://x.example/a?cursor=1&api_key={VALUE}"}),
    "connection string": json.dumps({"c": f"Server=tcp:x;User ID=a;Password={VALUE};Encrypt=True"}),
    "part": f'--b\r\nContent-Disposition: form-data; name="j"\r\n\r\n{{"password":"{VALUE}"}}\r\n--b--\r\n',
    "Python": f"{{'password': '{VALUE}'}}",
    "JavaScript": f"var x = {{password: '{VALUE}'}}",
}


def values(body: bytes) -> list[str]:
    return [value.removeprefix("Bearer ") for _, value in named_in_body(body, IS_SECRET)]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_value_is_found_and_replaced(format_):
    body = FORMATS[format_].encode()
    assert names_one(body, WELL_KNOWN)
    assert VALUE in values(body)
    assert VALUE.encode() not in with_named_values(body, IS_SECRET, lambda name, value: "<it>")
    # Who looks again finds nothing but what has been replaced.
    replaced = with_named_values(body, IS_SECRET, lambda name, value: value.replace(VALUE, "<it>"))
    assert set(values(replaced)) <= {"<it>", *values(body)} - {VALUE}
    # What nobody replaces stays to the byte.
    assert with_named_values(body, IS_SECRET, lambda name, value: value) == body


DATA = {
    "errors": json.dumps({"errors": {"password": ["must contain at least 8 characters", "is too short"]}}),
    "message": json.dumps({"message": "password: must contain at least 8 characters"}),
    "sentence": "password: must contain at least 8 characters and a digit",
    "schema": json.dumps({"password": {"type": "string", "description": "At least 8 characters long"}}),
    "keys": json.dumps({"api_keys": [{"id": "0oa1234567890abcdef", "name": "My production key"}]}),
    "prose": "Please reset the secret, password and token as soon as possible.\nThanks, a, b\n",
    "pages": json.dumps(
        {"nextPageToken": "CAESBQjk9bG6BhABGAEiDAoA", "page_token": "CAESBQjk9bG6BhABGAEiDA"}
    ),
    "no values": json.dumps(
        {
            "password": "2026-01-01T00:00:00.000Z",
            "secret": True,
            "client_secret": "",
            "api_key": "https://api.example.com/keys/1",
            "access_token": None,
            "passwd": "false",
            "pwd": 12,
        }
    ),
    "page": "<r><password>Please enter your password below</password></r>",
    "label": '<label id="password">Forgot your password? Click here</label><input name="password" value="">',
    "objects": "<Contents><Key>my_secret</Key><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>",
    "pairs": json.dumps({"fields": [{"key": "password", "name": "Password of the customer portal"}]}),
    "fields": json.dumps({"name": "password", "type": "string", "required": True}),
    "types": json.dumps({"fields": [["password", "string"], ["api_key", "varchar"]]}),
    "grants": json.dumps(["password", "authorization_code"]),
    "cells": "<table><tr><th>Password</th><th>Needed</th></tr><tr><td>0oa1234567890abcdef</td></tr></table>",
    "policy": json.dumps({"password": {"minLength": 8}, "passwordPolicy": "very-strict-password-policy-2"}),
    "manual": "# password: how to\n\nuse `password=...`",
    "binary": "\x00\x01password=hunter2hunter2",
}


@pytest.mark.parametrize("format_", DATA)
def test_data_stays_data(format_):
    assert named_in_body(DATA[format_].encode(), IS_SECRET) == []


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("password=winter&season=winter", "password=<it>&season=winter"),
        ("<r><password>winter</password></r>", "<r><password>&lt;it&gt;</password></r>"),
        ("<r><password><![CDATA[winter]]></password></r>", "<r><password><![CDATA[<it>]]></password></r>"),
        ('<p></p>{"password": "winter"}', '<p></p>{"password": "&lt;it&gt;"}'),
        ("id,password\n1,winter\n2,summer\n", "id,password\n1,<it>\n2,<it>\n"),
        ("season: winter\npassword: winter\n", "season: winter\npassword: <it>\n"),
        ('mutation { login(password: "winter") }', 'mutation { login(password: "<it>") }'),
        ('[{"name": "password", "value": "winter"}]', '[{"name": "password", "value": "<it>"}]'),
        ('{"recovery_codes": ["12345678", "winter"]}', '{"recovery_codes": ["<it>", "winter"]}'),
        # In a sentence, a word is none.
        ("password: winter", "password: winter"),
        ("your password: winter, and a season", "your password: winter, and a season"),
    ],
)
def test_a_word_is_replaced_where_it_is_a_value(body, shown):
    assert with_named_values(body.encode(), IS_SECRET, lambda name, value: "<it>").decode() == shown


def test_values_of_json_are_found_as_in_its_text():
    # A value of JSON has no name twice.
    for text in (text for format_, text in FORMATS.items() if format_ != "twice in an object"):
        try:
            value = json.loads(text.removeprefix("\ufeff"))
        except ValueError:
            continue
        found = set(named_in_value(value, IS_SECRET))
        assert VALUE in {each.removeprefix("Bearer ") for _, each in found}
        assert found <= set(named_in_body(text.encode(), IS_SECRET))


def test_a_text_of_utf_16_is_read():
    body = json.dumps({"password": VALUE, "pwd": "winter"})
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        assert values(body.encode(encoding)) == [VALUE]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000 + '"password":',
        '"' * 200_001 + ":",
        '{"password":' * 20_000,
        "password=" * 20_000,
        "password='" * 20_000,
        'password="' * 20_000,
        "<password>" * 20_000,
        "<a password='" * 20_000,
        "<![CDATA[" * 20_000,
        "password," * 20_000 + "\n" + "," * 20_000,
        "\\" * 200_000 + '":"',
        "a" * 200_000 + "=password&",
        "=password" * 20_000 + "&",
    ],
)
def test_what_is_made_to_take_long_does_not(text):
    named_in_body(text.encode(), IS_SECRET)
