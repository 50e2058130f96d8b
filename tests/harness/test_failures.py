"""The rule **errors**: what cannot be done gives an error with the right code, and no secret in it."""

from __future__ import annotations

import pytest
from rules_testing import failure, interaction, page, told

from connector_contract.contract.rules.failures import (
    INVALID,
    later_records,
    refusal_breach,
    refused_breach,
    secret_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)

NAME = "get_account"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param(failure("bad_request"), None, id="right"),
        pytest.param(failure("invalid_value"), None, id="another code that is right"),
        pytest.param(page(), ("a success", []), id="a success"),
        pytest.param(failure("internal_error"), ("internal_error", ["internal_error: No."]), id="a crash"),
        pytest.param(failure("unauthorized"), ("unauthorized", ["unauthorized: No."]), id="another code"),
        pytest.param({"is_error": True}, ("None", ["None: "]), id="an error without a code"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_the_right_code(response, expected):
    breaches = told(refusal_breach(NAME, "no id", response, INVALID))
    codes = "bad_request or integration_missing_parameter or invalid_value or unknown_value"
    assert breaches == ([(NAME, f"no id gave {expected[0]}, not {codes}", expected[1])] if expected else [])


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (failure("permission_denied"), None),
        (failure("rate_limit"), None),
        ({"response": {}, "execution_summary": {"caught_errors": [{"error_code": "rate_limit"}]}}, None),
        ({"response": {}, "execution_summary": {"caught_errors": []}}, "a success"),
        ({"response": {}}, "a success"),
        (failure("internal_error"), "internal_error"),
    ],
)
def test_a_write_that_is_refused_is_no_success(response, says):
    found = told(refused_breach("delete_account", "an upstream that says no", response))
    assert [title for _, title, _ in found] == (
        [] if says is None else [f"an upstream that says no gave {says}"]
    )


def test_a_crash_is_another_matter_than_a_wrong_code():
    (crash,), (wrong,) = (
        list(refusal_breach(NAME, "it", failure(code), {"not_found"}))
        for code in ("internal_error", "bad_gateway")
    )
    assert crash.consequence == "Lumos treats the connector as broken, and tries again."
    assert wrong.consequence.startswith("Lumos decides by the code")


@pytest.mark.parametrize(
    ("interactions", "expected"),
    [
        ([], []),
        ([interaction()], []),
        ([interaction(), interaction(), interaction()], [1, 2]),
        ([interaction(), interaction(b""), interaction(b" \n"), interaction()], [3]),
        (
            [interaction(b"<users/>"), interaction(b"id;name\r\n"), interaction(b'{"id": 1}\n{"id": 2}\n')],
            [1, 2],
        ),
        ([interaction(), interaction(b"goodbye", "/v1/logout"), interaction({}, "/v1/session/logout")], []),
        ([interaction(), interaction(status=404)], []),
    ],
)
def test_a_later_request_for_records_has_something_in_its_response(interactions, expected):
    assert later_records(interactions) == expected


def redact(text):
    return text.replace("hush", "<token>")


@pytest.mark.parametrize(
    ("response", "records"),
    [
        pytest.param(failure(message="No."), [], id="right"),
        pytest.param(page({"id": "hush"}), [], id="a success has no message"),
        pytest.param({"is_error": True, "error": {}}, [], id="no message"),
        pytest.param(failure(message="no hush"), ["no <token>"], id="a secret"),
        pytest.param(failure(message="x" * 300 + "hush"), ["x" * 300], id="a secret in a long one"),
    ],
)
def test_no_error_has_a_secret_in_its_message(response, records):
    title = "the error's message has a secret in it"
    assert told(secret_breach(NAME, response, redact)) == ([(NAME, title, records)] if records else [])


@pytest.mark.parametrize(
    ("request_", "fields", "expected"),
    [
        ({"account_id": "u1"}, ["account_id"], {"account_id": {"account_id": "x"}}),
        ({"ids": ["u1", "u2"], "size": 1}, ["ids"], {"ids": {"ids": ["x"], "size": 1}}),
        (
            {"of": "a", "for": "b"},
            ["of", "for"],
            {"of": {"of": "x", "for": "b"}, "for": {"of": "a", "for": "x"}},
        ),
        ({"of": "a", "for": None}, ["of", "for", "by"], {"of": {"of": "x", "for": None}}),
        ({}, ["of"], {}),
    ],
)
def test_what_is_not_there_is_asked_for_by_each_id(request_, fields, expected):
    assert with_unknown_ids(request_, fields, "x") == expected


ONE, MANY = {"account_id": "x"}, {"account_ids": ["x"]}
HINT = "if the upstream cannot read such an id, name one that it can: unknown_id in the class"


@pytest.mark.parametrize(
    ("request_", "response", "expected"),
    [
        pytest.param(ONE, failure("not_found"), None, id="right"),
        pytest.param(
            ONE, page(), ("an unknown account_id gave a success, not not_found", []), id="a success"
        ),
        pytest.param(
            ONE,
            failure("bad_request", "No number."),
            ("an unknown account_id gave bad_request, not not_found", ["bad_request: No number.", HINT]),
            id="an id that the upstream cannot read",
        ),
        pytest.param(
            ONE,
            failure("bad_gateway"),
            ("an unknown account_id gave bad_gateway, not not_found", ["bad_gateway: No."]),
            id="another code",
        ),
        pytest.param(MANY, page(), None, id="nothing of several"),
        pytest.param(MANY, {"response": None}, None, id="no list of several"),
        pytest.param(MANY, failure("not_found"), None, id="an error for several"),
        pytest.param(
            MANY,
            failure("bad_gateway"),
            ("unknown account_ids gave bad_gateway, not not_found", ["bad_gateway: No."]),
            id="another code for several",
        ),
        pytest.param(
            MANY, page({"id": "u1"}), ("unknown account_ids gave records", ['{"id": "u1"}']), id="records"
        ),
        pytest.param(
            MANY, {"response": {"id": "u1"}}, ("unknown account_ids gave records", ['{"id": "u1"}']), id="one"
        ),
    ],
)
def test_an_id_of_nothing_is_not_found(request_, response, expected):
    (field,) = request_
    breaches = told(unknown_breach(NAME, field, request_, response))
    assert breaches == ([(NAME, *expected)] if expected else [])


def test_a_request_without_one_of_its_fields():
    request = {"id": "u1", "name": "ann"}
    assert without_field(request, "id") == {"name": "ann"}
    assert request == {"id": "u1", "name": "ann"}
