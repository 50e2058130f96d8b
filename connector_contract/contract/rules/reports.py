"""Reports: a capability that reports says what failed in its response, where others give an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import code_of, error_of, error_text
from connector_contract.contract.standard_capabilities import STANDARD, Refused
from connector_contract.reporting.excerpts import beginning

_LIES = "Lumos believes what is reported, and tells the customer that all is well."

_NO_REPORT = "The customer is not told which of the checks failed, and which passed."


def reports_failure(capability: str) -> bool:
    """Whether a capability may report a failure in a success."""
    owes = STANDARD.get(capability)
    return owes is not None and owes.refused is Refused.REPORT


def raised_breach(capability: str, failed: str, response: Json) -> Iterator[Breach]:
    """An error of a capability that reports that its upstream fails, and never gives an error for it.

    Args:
        capability: What was called.
        failed: What failed, for the message.
        response: Its response.

    Source: ``probe_integration``: "Failures are reported, not raised.", "A target API returning 403 while
    listing entitlements is a failed check, not a failed probe."
    """
    owes = STANDARD.get(capability)
    if owes is not None and owes.only_reports and (error := error_of(response)) is not None:
        title = f"{failed} gave {code_of(response)}, and no report"
        yield Breach(capability, title, _NO_REPORT, [error_text(error)])


def silent_breach(capability: str, asked: str, response: Json) -> Iterator[Breach]:
    """A success of a capability that reports, which says nothing of what failed.

    Args:
        capability: What was called.
        asked: What was asked of it, or what failed, for the message.
        response: Its response, a success.

    Source: ``probe_integration``: "Failures are reported, not raised."; ``fulfill_arbitrary_endpoint``: "A
    vendor response of any status is a successful execution of this capability";
    ``ValidatedCredentialConfig``: "It is expected that the connector returns at least one validation error."
    """
    payload = response.get("response")
    report = payload if isinstance(payload, Mapping) else {}
    if (what := _TELLS[capability](report)) is not None:
        yield Breach(capability, f"{asked} gave {what}", _LIES, [beginning(json.dumps(payload), 200)])


def _validation(report: Mapping[str, Any]) -> str | None:
    if report.get("valid") is not False:
        return "valid: true"
    return None if report.get("validation_errors") else "valid: false without a validation error"


def _probe(report: Mapping[str, Any]) -> str | None:
    checks = [check for check in report.get("checks") or () if isinstance(check, Mapping)]
    failed = [check for check in checks if check.get("status") == "failed"]
    unproved = any(
        sample.get("linked_to_sampled_account") is False
        for check in checks
        for sample in check.get("samples") or ()
        if isinstance(sample, Mapping)
    )
    if not failed and unproved:
        # What the check could not fetch, it does not claim.
        return None
    if not failed:
        return "a report in which no check failed"
    if not any(check.get("error") for check in failed):
        return "a failed check without its error"
    return "a report that passed" if report.get("status") == "passed" else None


def _endpoint(report: Mapping[str, Any]) -> str | None:
    if report.get("ok") is not False:
        return "ok: true"
    status = report.get("status_code")
    told = bool(report.get("error")) or (isinstance(status, int) and not 200 <= status < 300)
    return None if told else "ok: false, and neither a status that says so nor an error"


_TELLS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    "validate_credential_config": _validation,
    "probe_integration": _probe,
    "fulfill_arbitrary_endpoint": _endpoint,
}
"""What a report says in place of a failure; ``None`` if it reports one."""


def leak_breach(capability: str, response: Json, without_secrets: Callable[[str], str]) -> Iterator[Breach]:
    """A secret in what a report says in its own words.

    What an upstream has sent is not the connector's: the body and headers of an arbitrary endpoint.

    Args:
        capability: What was called.
        response: Its response.
        without_secrets: Replaces the known secrets in a text, and nothing else.

    Source: ``probe_integration``: "never raw payloads, credential material, or connector-specific extra
    data"; ``ArbitraryResponse.error``: "End-user-safe reason".
    """
    payload = response.get("response")
    report = payload if isinstance(payload, Mapping) else {}
    own = {name: value for name, value in report.items() if name not in ("body", "headers", "content_type")}
    for path, text in _texts(own):
        if without_secrets(text) != text:
            yield Breach(
                capability,
                f"its {path} has a secret in it",
                "Lumos shows reports to customers, and logs them.",
                [without_secrets(text)[:300]],
            )


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value
