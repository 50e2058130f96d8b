"""**credential_config**: a credential that is validated alone is valid if it is good, and only then."""

from __future__ import annotations

from collections.abc import Iterator

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.reports import silent_breach
from connector_contract.contract.rules.responses import error_of, error_text

VALIDATION = "validate_credential_config"
_CANNOT_CONNECT = "No customer can connect."
UNKNOWN_CREDENTIAL = "no-such-credential"
"""The id of a credential that no connector declares."""


def valid_breach(kind: str, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to a good credential.

    Args:
        kind: The credential's id.
        response: The response of ``validate_credential_config``.

    Source: ``ValidatedCredentialConfig.valid`` of the SDK's specification: "true: Credentials are valid and
    can be used for API operations, no validation errors expected."
    """
    error = error_of(response)
    if error is not None:
        title = f"the good credential {kind} gave an error: {error_text(error)}"
        yield Breach(VALIDATION, title, _CANNOT_CONNECT)
        return
    report = response.get("response") or {}
    errors = [str(each) for each in report.get("validation_errors") or ()]
    if report.get("valid") is not True:
        yield Breach(VALIDATION, f"the good credential {kind} is not valid", _CANNOT_CONNECT, errors)
    elif errors:
        title = f"the good credential {kind} is valid, with validation errors"
        yield Breach(VALIDATION, title, "Lumos shows them to the customer, who has nothing to fix.", errors)


def invalid_breach(asked: str, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to a credential that is not good.

    An error is right as well: the SDK raises for one that it does not know.

    Args:
        asked: What was validated, for the message.
        response: The response of ``validate_credential_config``.

    Source: ``ValidatedCredentialConfig.valid``: "false: Credentials are invalid, expired, or revoked. It is
    expected that the connector returns at least one validation error."
    """
    if error_of(response) is None:
        yield from silent_breach(VALIDATION, asked, response)


def space_remarks(kind: str, response: Json) -> list[str]:
    """That white space behind a secret goes unnoticed; the SDK refuses it, the specification is silent."""
    report = response.get("response") or {}
    if error_of(response) is not None or report.get("valid") is not True:
        return []
    return [
        f"{VALIDATION} finds {kind} valid with white space behind its secret: base_validation of the SDK's "
        "CredentialsModule refuses that, and the specification does not say"
    ]


def unasked_remark(kind: str) -> str:
    """That a wrong credential is valid, because nobody asks the upstream; the SDK's scaffold does so, too."""
    return (
        f"{VALIDATION} finds a wrong {kind} valid, for it asks the upstream for nothing. So does what the "
        'SDK scaffolds; by the specification, it "verifies that the credentials are valid and active"'
    )
