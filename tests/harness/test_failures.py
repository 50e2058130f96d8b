"""The rule **errors**: what cannot be done gives an error with the right code, and no secret in it."""

from __future__ import annotations

import pytest
from rules_testing import failure, interaction, page, told

from connector_contract.contract.declared_less import NO_LOGIN
from connector_contract.contract.rules.failures import (
    FAILING_STATUSES,
    INVALID,
    FailedCall,
    failing_breach,
    later_records,
    refusal_breach,
    secret_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)
from connector_contract.recording.sdk_errors import error_map

NAME = "get_account"
ERRORS = error_map()
SUMMARY = {"execution_summary": {"caught_errors": [{"error_code": "service_error", "message": "?"}]}}
CHECKS = {
    "status": "failed",
    "checks": [{"check": "accounts", "status": "failed", "error": {"message": "?"}}],
}


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


def failing(response, status, *, name=NAME, again=False, choice=None):
    failed = FailedCall(name, status, "it", response, again)
    return [title for _, title, _ in told(failing_breach(failed, failed.codes(ERRORS, choice)))]


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "permission_denied"), (429, "rate_limit"), (500, "bad_gateway"), (503, "service_error")],
)
def test_a_status_has_the_code_of_the_sdk(status, code):
    assert status in FAILING_STATUSES
    assert failing(failure(code), status) == []
    assert failing(failure("not_found"), status) == [f"it gave not_found, not {code}"]
    assert failing(failure("internal_error"), status) == [f"it gave internal_error, not {code}"]
    assert failing(page(), status) == [f"it gave a success, not {code}"]


def test_a_success_may_say_what_it_has_caught():
    assert failing(page() | SUMMARY, 503) == []
    assert failing(page() | SUMMARY, 403) == ["it gave a success, not permission_denied"]
    # An error with another code is none of these.
    assert failing(failure("not_found") | SUMMARY, 503) == ["it gave not_found, not service_error"]


@pytest.mark.parametrize(
    ("status", "code", "raised", "again", "said"),
    [
        pytest.param(503, "bad_gateway", "UpstreamError", True, [], id="it has asked again"),
        pytest.param(
            503,
            "bad_gateway",
            "UpstreamError",
            False,
            ["it gave bad_gateway, not service_error"],
            id="it has not asked again",
        ),
        pytest.param(429, "rate_limit", "RateLimitError", True, [], id="its code is the status's"),
        pytest.param(429, "budget_exhausted", "BudgetExhaustedError", False, [], id="Lumos would not wait"),
        pytest.param(
            403,
            "bad_gateway",
            "UpstreamError",
            True,
            ["it gave bad_gateway, not permission_denied"],
            id="nobody asks again after 403",
        ),
        pytest.param(
            503, "bad_gateway", "Own", True, ["it gave bad_gateway, not service_error"], id="the author's own"
        ),
    ],
)
def test_the_sdks_rate_limiter_ends_with_a_code_of_its_own(status, code, raised, again, said):
    assert failing(failure(code, "No.", raised), status, again=again) == said


def test_an_upstream_that_refuses_wrong_credentials_with_403():
    assert failing(failure("unauthorized"), 403) == ["it gave unauthorized, not permission_denied"]
    assert failing(failure("unauthorized"), 403, choice=NO_LOGIN) == []
    (said,) = failing(failure("permission_denied"), 403, choice=NO_LOGIN)
    assert said.startswith("it gave permission_denied, not ")
    assert failing(failure("unauthorized"), 503, choice=NO_LOGIN) == [
        "it gave unauthorized, not service_error"
    ]


def test_a_probe_reports_what_fails_and_gives_no_error():
    name = "probe_integration"
    assert failing({"response": CHECKS}, 403, name=name) == []
    assert failing(failure("permission_denied"), 403, name=name) == [
        "it gave permission_denied, and no report"
    ]
    passed = {"response": {"status": "passed", "checks": [{"check": "accounts", "status": "passed"}]}}
    assert failing(passed, 403, name=name) == ["it gave a report in which no check failed"]
    # Of a single credential, the specification does not say so.
    assert failing(failure("permission_denied"), 403, name="validate_credential_config") == []


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
