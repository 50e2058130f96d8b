"""The rule **credential_config**: valid if it is good, and only then."""

from __future__ import annotations

import pytest
from rules_testing import failure, told

from connector_contract.contract.rules.credential_config import (
    invalid_breach,
    space_remarks,
    unasked_remark,
    valid_breach,
)

NAME = "validate_credential_config"


def answer(valid, *errors):
    return {"response": {"valid": valid, "validation_errors": list(errors)}}


def test_a_good_one_is_valid_without_errors():
    assert told(valid_breach("api", answer(True))) == []
    assert told(valid_breach("api", {"response": {"valid": True, "validation_errors": None}})) == []


@pytest.mark.parametrize(
    ("response", "title", "records"),
    [
        (failure("unauthorized", "No."), "the good credential api gave an error: unauthorized: No.", []),
        (answer(False, "It is old."), "the good credential api is not valid", ["It is old."]),
        (
            answer(True, "It is old."),
            "the good credential api is valid, with validation errors",
            ["It is old."],
        ),
    ],
)
def test_a_good_one_that_is_not_valid(response, title, records):
    assert told(valid_breach("api", response)) == [(NAME, title, records)]


def test_another_is_not_valid_and_the_reason_is_said():
    assert told(invalid_breach("an empty api", answer(False, "It is empty."))) == []
    # The SDK raises for what it does not know.
    assert told(invalid_breach("a credential that is not declared", failure("invalid_value"))) == []
    (breach,) = told(invalid_breach("an empty api", answer(True)))
    assert breach[:2] == (NAME, "an empty api gave valid: true")
    (breach,) = told(invalid_breach("an empty api", answer(False)))
    assert breach[:2] == (NAME, "an empty api gave valid: false without a validation error")


def test_white_space_that_goes_unnoticed_is_remarked():
    (remark,) = space_remarks("api", answer(True))
    assert remark.startswith("validate_credential_config finds api valid with white space behind its secret")
    assert space_remarks("api", answer(False, "It has white space.")) == []
    assert space_remarks("api", failure("unauthorized")) == []


def test_a_check_of_the_form_alone_is_remarked():
    assert "finds a wrong api valid, for it asks the upstream for nothing" in unasked_remark("api")
