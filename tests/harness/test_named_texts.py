"""Secrets by name in forms and in texts."""

from __future__ import annotations

import pytest

from connector_contract.secrets.named_formats import named_in_body
from connector_contract.secrets.named_texts import is_form, is_settings, with_form_values, with_text_values
from connector_contract.secrets.secret_names import WELL_KNOWN, judge

IS_SECRET = judge(WELL_KNOWN)


def found(text):
    pairs = {}

    def note(name, value):
        pairs[name, value] = None
        return value

    assert with_text_values(text, IS_SECRET, note) == text
    return [value for _, value in pairs]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("password=s3same-0pen", ["s3same-0pen"]),
        ("the password: s3same-0pen.", ["s3same-0pen"]),
        ("password => 's3same 0pen'", ["s3same 0pen"]),
        ('password := "s3same \\"0pen"', ['s3same \\"0pen']),
        ("https://a.example/?api_key=s3same%2D0pen&x=1", ["s3same-0pen"]),
        ("/next?api_key=s3same%20pass%2B0pen&x=1", ["s3same pass+0pen"]),
        ("/next?password_policy=s3same%20pass%2B0pen", []),
        ("password: please read%2C and go on 1", []),
        ("https://a.example/;jsessionid=A1B2C3D4E5F6A7B8", ["A1B2C3D4E5F6A7B8"]),
        ("Authorization: Bearer s3same-0pen", ["s3same-0pen"]),
        ("A=1\nPASSWORD=ab,c;d!\n", ["ab,c;d!"]),
        ("A=1\nPASSWORD='winter' # of 2026\n", ["winter"]),
        ("a: 1\npassword: must be given again\n", []),
        ("password: required", []),
        ("passwords are secret: everybody knows", []),
        ("password=", []),
        ("password: |\n  s3same-0pen", ["s3same-0pen"]),
        ("a: 1\npassword: >-\r\n  s3same-0pen\nb: 2", ["s3same-0pen"]),
        ("password: |\nother: s3same-0pen", []),
        ("mysql --password=s3same-0pen -v", ["s3same-0pen"]),
        ("mysql --password-file=s3same-0pen", []),
        ("userPassword:: czNzYW1lLTBwZW4=", ["czNzYW1lLTBwZW4="]),
        ("https://a.example/?password_policy=s3same-0pen", []),
        # An argument of a command, and a message.
        (
            "curl -H 'Authorization: Bearer s3same-0pen' -H \"X-Api-Key: s4same-0pen\"",
            ["s3same-0pen", "s4same-0pen"],
        ),
        ('299 - "api_key=s3same-0pen is old"', ["s3same-0pen"]),
        ("say 'password: required' to them", []),
        ("Driver={SQL Server};Uid=ada;Pwd={s3same;0pen}", ["s3same;0pen"]),
        # What stands for a secret in an example.
        ("Authorization: Bearer $TOKEN, password=${DB_PASSWORD}, api_key: YOUR_OWN_API_KEY", []),
        ("password=$ecret1-0pen", ["$ecret1-0pen"]),
    ],
)
def test_what_is_beside_a_name(text, values):
    assert found(text) == values


def test_settings_have_a_name_in_each_line():
    assert is_settings("# all\n[section]\n\na = 1\nexport B='2'\n- c: 3\nd:\n")
    assert not is_settings("a = 1\nand a sentence\n")
    assert not is_settings("# nothing\n\n")


def test_a_form():
    assert is_form("a=b&c=&d%5B%5D=e%20f==")
    # A recording has one with placeholders.
    assert is_form("access_token=<access_token>&scope=&token_type=bearer")
    for text in ("a=b", "https://a.example/?a=b&c=d", "a = b & c = d", "a&b", '{"a": "b=c&d=e"}'):
        assert not is_form(text)

    def nested(value):
        return value.replace("x", "y z")

    text = "password=a%20b&token_type=x&pwd=true&api_key=%31"
    shown = with_form_values(text, IS_SECRET, lambda name, value: f"<{len(value)}>", nested)
    assert shown == "password=<3>&token_type=y+z&pwd=true&api_key=<1>"


def test_the_name_of_a_resource_has_no_names_in_it():
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod-AbCdEf"
    for text in (arn, f'{{"secretArn": "{arn}"}}', f"see {arn}, or urn:acme:password:4711-AbCd"):
        assert named_in_body(text.encode(), IS_SECRET) == []
    for text in ("secret:prod-AbCdEf", "my arn: secret:prod-AbCdEf", "see barn:secret:prod-AbCdEf"):
        assert named_in_body(text.encode(), IS_SECRET) == [("secret", "prod-AbCdEf")]
