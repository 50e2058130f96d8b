import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest

from connector_contract.interactions import Interaction, Request, Response
from connector_contract.redaction import Secrets

AWKWARD = ["a+b/c=d", "100%25", 'quo"te', "back\\slash", "new\nline", "schlüssel-ß", "sp ace", "<angle>"]


def redactor(auth=None, credentials=None):
    secrets = Secrets()
    secrets.add(auth, credentials)
    return secrets.redactor()


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda secret: quote(secret, safe=""),
        quote,
        quote_plus,
        lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        lambda secret: json.dumps(secret)[1:-1],
        lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    ],
)
def test_a_secret_is_found_in_each_spelling(secret, spell):
    assert redactor({"token": {"token": secret}}).text(f"x{spell(secret)}y") == "x<token.token>y"


def test_one_secret_is_one_placeholder_on_either_side_and_in_every_part():
    redact = redactor({"token": {"token": "open-sesame"}})
    done = redact.interaction(
        Interaction(
            Request(
                "GET",
                "https://a.example/open-sesame?t=open-sesame",
                (("x-t", "open-sesame"),),
                b"open-sesame",
            ),
            Response(200, "OK", (("location", "/open-sesame"),), b'{"echo": "open-sesame"}'),
        )
    )
    assert str(done).count("<token.token>") == 6
    assert "open-sesame" not in str(done)


def test_basic_authentication_hides_the_pair():
    redact = redactor({"basic": {"username": "ada", "password": "pass:word"}})
    header = "Basic " + base64.b64encode(b"ada:pass:word").decode()
    assert redact.headers((("authorization", header),)) == (
        ("authorization", "Basic <basic.username:password>"),
    )


def test_a_secret_that_is_a_part_of_another_does_not_tear_it_apart():
    redact = redactor(
        credentials=[{"id": "a", "token": {"token": "abc"}}, {"id": "b", "token": {"token": "xabcx"}}]
    )
    assert redact.text("abc xabcx") == "<a.token.token> <b.token.token>"


def test_another_secret_in_the_same_place_has_a_placeholder_of_its_own():
    secrets = Secrets()
    for token in ("first", "second", "first", "third"):
        secrets.add({"token": {"token": token}}, None)
    assert secrets.names == {"first": "token.token", "second": "token.token-2", "third": "token.token-3"}


def test_an_unknown_value_of_a_secret_header_is_hidden_and_its_scheme_kept():
    redact = redactor()
    assert redact.headers((("authorization", "Bearer abc"), ("x-api-key", "abc"), ("accept", "abc"))) == (
        ("authorization", "Bearer <authorization>"),
        ("x-api-key", "<x-api-key>"),
        ("accept", "abc"),
    )


def test_redaction_of_what_is_redacted_changes_nothing():
    redact = redactor({"token": {"token": "open-sesame"}})
    once = redact.headers((("authorization", "Bearer open-sesame"), ("cookie", "a=b")))
    assert redact.headers(once) == once


def test_json_is_redacted_in_its_strings_alone():
    redact = redactor({"token": {"token": "42"}})
    assert redact.json({"42": ["a 42", 42, None, True]}) == {"42": ["a <token.token>", 42, None, True]}
