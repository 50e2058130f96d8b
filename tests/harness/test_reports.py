"""Reports: what failed is in the response, and that it is not said is a breach."""

from __future__ import annotations

import pytest
from rules_testing import failure, told

from connector_contract.contract.rules.credentials import bad_breach, missing_breach
from connector_contract.contract.rules.failures import FailedCall, failing_breach, refusal_breach
from connector_contract.contract.rules.reports import leak_breach, reports_failure, silent_breach
from connector_contract.contract.standard_capabilities import STANDARD, Refused

ERROR = {"message": "No.", "error_code": "bad_gateway", "app_id": "app"}
FAILED = {"check": "accounts", "status": "failed", "observed_count": 0, "samples": [], "error": ERROR}
PASSED = {
    "check": "entitlements",
    "status": "passed",
    "observed_count": 1,
    "samples": [{"kind": "entitlement"}],
}
UNPROVED = {
    "check": "entitlement_associations",
    "status": "passed",
    "observed_count": 1,
    "samples": [{"kind": "association", "linked_to_sampled_account": False}],
}


def test_each_capability_that_may_report_is_known():
    reporting = [name for name, owes in STANDARD.items() if owes.refused is Refused.REPORT]
    assert list(filter(reports_failure, STANDARD)) == reporting
    for name in reporting:
        assert told(silent_breach(name, "it", {"response": {}}))
    assert not reports_failure("list_accounts")
    assert not reports_failure("a_custom_one")


@pytest.mark.parametrize(
    ("capability", "report"),
    [
        ("validate_credential_config", {"valid": False, "validation_errors": ["It is not valid."]}),
        ("probe_integration", {"status": "failed", "checks": [FAILED]}),
        ("probe_integration", {"status": "partial", "checks": [FAILED, PASSED]}),
        # What the link to an account could not be proved for, it does not claim.
        ("probe_integration", {"status": "passed", "checks": [PASSED, UNPROVED]}),
        ("fulfill_arbitrary_endpoint", {"ok": False, "status_code": 503, "error": None}),
        (
            "fulfill_arbitrary_endpoint",
            {"ok": False, "status_code": None, "error": "It could not be reached."},
        ),
    ],
)
def test_a_report_that_tells_of_a_failure_is_right(capability, report):
    response = {"response": report}
    assert told(silent_breach(capability, "it", response)) == []
    assert told(bad_breach(capability, response)) == []
    assert told(missing_breach(capability, response)) == []
    assert told(failing_breach(FailedCall(capability, 503, "it", response), {"service_error"})) == []


@pytest.mark.parametrize(
    ("capability", "report", "gave"),
    [
        ("validate_credential_config", {"valid": True, "validation_errors": []}, "valid: true"),
        (
            "validate_credential_config",
            {"valid": False, "validation_errors": None},
            "valid: false without a validation error",
        ),
        ("probe_integration", {"status": "passed", "checks": [PASSED]}, "a report in which no check failed"),
        ("probe_integration", {"status": "passed", "checks": [FAILED, PASSED]}, "a report that passed"),
        (
            "probe_integration",
            {"status": "failed", "checks": [{**FAILED, "error": None}]},
            "a failed check without its error",
        ),
        ("fulfill_arbitrary_endpoint", {"ok": True, "status_code": 200}, "ok: true"),
        (
            "fulfill_arbitrary_endpoint",
            {"ok": False, "status_code": 200, "error": None},
            "ok: false, and neither a status that says so nor an error",
        ),
    ],
)
def test_a_report_that_says_nothing_of_it_is_a_breach_of_each_rule(capability, report, gave):
    response = {"response": report}
    (breach,) = told(silent_breach(capability, "it", response))
    assert breach[:2] == (capability, f"it gave {gave}")
    for breaches in (
        bad_breach(capability, response),
        missing_breach(capability, response),
        failing_breach(FailedCall(capability, 503, "it", response), {"service_error"}),
        refusal_breach(capability, "a request without url", response, {"bad_request"}),
    ):
        ((_, title, _),) = told(breaches)
        assert title.endswith(f" gave {gave}")


def test_an_error_is_right_and_its_code_counts():
    assert told(bad_breach("probe_integration", failure("unauthorized"))) == []
    ((_, title, _),) = told(bad_breach("probe_integration", failure("internal_error")))
    assert title == "bad credentials gave internal_error, not unauthorized"


def test_what_is_no_report_is_held_to_an_error_as_ever():
    response = {"response": {"valid": False, "validation_errors": ["No."]}}
    ((_, title, _),) = told(bad_breach("validate_credentials", response))
    assert title == "bad credentials gave a success with valid: false"


def test_a_secret_in_the_words_of_a_report_is_a_breach():
    def redact(text: str) -> str:
        return text.replace("open-sesame", "<token>")

    report = {
        "status": "failed",
        "checks": [{"message": "open-sesame is wrong", "samples": [{"email": "a@b.c"}]}],
    }
    assert told(leak_breach("probe_integration", {"response": report}, redact)) == [
        ("probe_integration", "its checks[0].message has a secret in it", ["<token> is wrong"])
    ]
    answer = {
        "body": "open-sesame",
        "headers": {"x": "open-sesame"},
        "resolved_url": "https://a.b/?key=open-sesame",
    }
    assert told(leak_breach("fulfill_arbitrary_endpoint", {"response": answer}, redact)) == [
        ("fulfill_arbitrary_endpoint", "its resolved_url has a secret in it", ["https://a.b/?key=<token>"])
    ]
    assert told(leak_breach("fulfill_arbitrary_endpoint", failure(), redact)) == []
