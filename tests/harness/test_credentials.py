"""The rule **credentials**: good ones are valid and name the tenant; bad and missing ones are refused."""

from __future__ import annotations

import pytest
from rules_testing import failure, interaction, page, told

from connector_contract.contract.rules.credentials import (
    bad_breach,
    empty_credentials_breach,
    good_breach,
    missing_breach,
    with_secret,
)
from connector_contract.recording.interactions import Interaction, Request, Response

NAME = "validate_credentials"


def valid(tenant, *, is_valid=True):
    return {"response": {"valid": is_valid, "unique_tenant_id": tenant}}


def good(*responses, body=b"{}", headers=(), settings=(), marked=()):
    asked = [interaction(body, "/acme/me", headers=headers)]
    return told(good_breach(responses, asked, dict(settings), marked))


# Good ones


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"body": {"tenant": {"id": 4711}}}, id="a field"),
        pytest.param({"body": b"<id>4711</id>"}, id="a part of what is no JSON"),
        pytest.param({"headers": [("x-tenant", "4711")]}, id="a header"),
        pytest.param({"body": {"arn": "arn:app:iam::4711:user/x"}}, id="a word in a field"),
    ],
)
def test_a_tenant_that_the_upstream_names(sent):
    assert good(valid("4711"), valid("4711"), **sent) == []


@pytest.mark.parametrize(
    ("responses", "title", "records"),
    [
        pytest.param(
            [failure("unauthorized")], "good credentials gave an error: unauthorized: No.", [], id="an error"
        ),
        pytest.param(
            [valid("4711"), failure("rate_limit")],
            "good credentials gave an error: rate_limit: No.",
            [],
            id="an error the second time",
        ),
        pytest.param([valid("4711", is_valid=False)], "good credentials are not valid", [], id="not valid"),
        pytest.param(
            [valid("4711"), valid("4711", is_valid=None)], "good credentials are not valid", [], id="at times"
        ),
        pytest.param(
            [valid("4711"), valid("4712")],
            "unique_tenant_id changes from call to call",
            ["4711", "4712"],
            id="another tenant each time",
        ),
        pytest.param([valid("")], "unique_tenant_id is empty", [], id="an empty tenant"),
        pytest.param([valid(None)], "unique_tenant_id is empty", [], id="no tenant"),
        pytest.param([valid(" ")], "unique_tenant_id is empty", [], id="a blank tenant"),
        pytest.param(
            [valid("made-up")],
            "unique_tenant_id 'made-up' is in no response of the upstream",
            [],
            id="a tenant that nobody named",
        ),
        pytest.param(
            [valid("471")],
            "unique_tenant_id '471' is in no response of the upstream",
            [],
            id="a part of a number",
        ),
    ],
)
def test_good_credentials_that_do_not_work(responses, title, records):
    assert good(*responses, body={"id": "4711"}) == [(NAME, title, records)]


def test_no_response_at_all_is_both_not_valid_and_of_no_tenant():
    titles = [title for _, title, _ in good({"response": None})]
    assert titles == ["good credentials are not valid", "unique_tenant_id is empty"]


@pytest.mark.parametrize(
    ("tenant", "marked", "records"),
    [
        ("Acme", ["site"], None),
        ("acme.example.com", ["site"], None),
        ("eu", ["at.region"], None),
        ("acme", [], ["it is made from the setting site, which anybody may mistype"]),
        ("acme", ["at.region"], ["it is made from the setting site, which anybody may mistype"]),
        (
            "eu-1",
            ["at.region"],
            ["it is made from the setting at.region, which no request to the upstream contains"],
        ),
        ("other", ["site"], []),
        ("other", ["gone"], []),
    ],
)
def test_a_tenant_id_from_a_setting_is_marked_as_such_and_asked_with(tenant, marked, records):
    settings = {"site": "acme", "at": {"region": "eu-1"}, "pages": 3}
    body = {"user": "u1", "region": "eu"}
    found = good(valid(tenant), valid(tenant), body=body, settings=settings, marked=marked)
    title = f"unique_tenant_id {tenant!r} is in no response of the upstream"
    assert found == ([] if records is None else [(NAME, title, records)])


@pytest.mark.parametrize(
    ("tenant", "body", "marked", "is_right"),
    [
        ("4711", b'{"arn": "arn:app:iam::4711:user/x"}', [], True),
        ("4711", b"<user><id>4711</id></user>", [], True),
        ("4711", b'{"arn": "arn:app:iam::47110:user/x"}', [], False),
        ("acme", b"{}", ["url"], True),
        ("acme.example.com", b"{}", ["url"], True),
        ("acme", b"{}", [], False),
        ("https://acme.example.com/scim", b'{"self": "https://acme.example.com/scim/me"}', [], False),
    ],
)
def test_a_tenant_id_may_be_a_part_of_what_was_said(tenant, body, marked, is_right):
    me = Interaction(Request("GET", "https://acme.example.com/scim/me"), Response(200, "OK", (), body))
    settings = {"url": "https://acme.example.com/scim"}
    assert bool(list(good_breach([valid(tenant)] * 2, [me], settings, marked))) != is_right


# Bad, missing and empty ones


@pytest.mark.parametrize("code", ["unauthorized", "authentication_expired", "creds_revoked"])
@pytest.mark.parametrize("breach", [bad_breach, missing_breach, empty_credentials_breach])
def test_a_refusal_has_a_code_of_its_own(breach, code):
    assert told(breach("list_accounts", failure(code))) == []


@pytest.mark.parametrize(
    ("breach", "what", "codes"),
    [
        pytest.param(bad_breach, "bad credentials", ["bad_request", "internal_error"], id="bad"),
        pytest.param(missing_breach, "a request without credentials", ["internal_error"], id="missing"),
        pytest.param(empty_credentials_breach, "empty credentials", [], id="empty"),
    ],
)
def test_what_is_no_refusal(breach, what, codes):
    for code in ("bad_request", "internal_error"):
        expected = (
            [(NAME, f"{what} gave {code}, not unauthorized", [f"{code}: No."])] if code in codes else []
        )
        assert told(breach(NAME, failure(code))) == expected
    assert told(breach(NAME, page())) == [(NAME, f"{what} gave a success", ["[]"])]
    assert told(breach(NAME, valid("4711", is_valid=False))) == [
        (NAME, f"{what} gave a success with valid: false", [])
    ]
    assert told(breach(NAME, valid("a"))) == [
        (NAME, f"{what} gave a success", ['{"valid": true, "unique_tenant_id": "a"}'])
    ]


@pytest.mark.parametrize("code", ["not_found", "conflict"])
def test_empty_credentials_are_no_record(code):
    title = f"empty credentials gave {code}, not unauthorized"
    assert told(empty_credentials_breach(NAME, failure(code))) == [(NAME, title, [f"{code}: No."])]
    for other in ("invalid_value", "integration_missing_parameter", "permission_denied"):
        assert told(empty_credentials_breach(NAME, failure(other))) == []


def test_of_a_long_success_the_beginning_is_told():
    ((_, _, (record,)),) = told(bad_breach(NAME, page("xx " * 100)))
    assert record == '["' + "xx " * 65 + "xx..."


@pytest.mark.parametrize(
    ("given", "replaced"),
    [
        ({"token": {"token": "t"}}, {"token": {"token": "wrong"}}),
        ({"basic": {"username": "u", "password": "p"}}, {"basic": {"username": "u", "password": "wrong"}}),
        (
            [{"id": "api", "key": {"key": "k", "key_id": "i"}}],
            [{"id": "api", "key": {"key": "wrong", "key_id": "i"}}],
        ),
        (
            ({"oauth": {"access_token": "t", "scopes": ["a"]}},),
            [{"oauth": {"access_token": "wrong", "scopes": ["a"]}}],
        ),
        ({"hmac": {"signing_word": "s"}}, {"hmac": {"signing_word": "s"}}),
        (None, None),
    ],
)
def test_bad_credentials_are_the_good_ones_with_other_secrets(given, replaced):
    assert with_secret(given, "wrong") == replaced


def test_the_author_may_name_a_secret():
    given = {"hmac": {"signing_word": "s"}}
    assert with_secret(given, "wrong", frozenset({"signingword"})) == {"hmac": {"signing_word": "wrong"}}
