"""How the author of a connector can put right what a broken call shows."""

from __future__ import annotations

from connector_contract.contract.rules.responses import error_of
from connector_contract.contract.standard_capabilities import Refused
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Group, Outcome, Trial, Weight
from connector_contract.faults.seen import Seen
from connector_contract.faults.status_faults import EVERYWHERE
from connector_contract.recording.unproven import FORGET

_MEANT = " If the connector does so on purpose, tolerate the fault, with the reason."
_WRITE_NOTHING = (
    "Write only what is made from what could be read. If a request fails before the write, raise its error, "
    "and send nothing more."
)
_ALWAYS = {
    Outcome.SENT_ELSEWHERE: "Follow no redirect to another host; httpx follows none unless it is told to.",
    Outcome.SECRET: "Leave tokens, and URLs that have some, out of messages; pydantic leaves values out of "
    "its own with ConfigDict(hide_input_in_errors=True).",
    Outcome.WRONG_WRITE: _WRITE_NOTHING,
    Outcome.OVER_BUDGET: "Give up after some tries, with the error of the last one.",
    Outcome.ENDLESS: "Give every wait a timeout, and turn it into an error.",
    Outcome.NOT_FIRED: f"Have the connector ask as it did when it was recorded. {FORGET}",
    Outcome.OFF_SCRIPT: "To have it proved, record a scenario in which the upstream fails like this.",
    Outcome.UNWANTED_ERROR: "Require only what you use: leave it out of the DTO, or give it a default.",
    Outcome.UNNAMED: "Put what pydantic says of the field into the message.",
}
_NO_PROGRESS = (
    "Raise InvalidResponseError if a page announces another one and leads nowhere: it has no records, or its "
    "cursor is the one that was asked for."
)
_TWICE = (
    "Ask again only if the upstream cannot have done it: after 429, 503, or without a connection. "
    "Under the SDK's rate limiter, RateLimitConfig(transient_error_check=...) says what is repeated. If the "
    "upstream knows a repeated request by a key that you send, tolerate the fault."
)
_CHECK = (
    "Check the status of each response before you use its body; response.raise_for_status() does it. If it "
    "is checked already, do not return an answer in place of the error."
)
_NOTHING_FOUND = (
    "Raise NotFoundError if nothing at all is found: the path may be wrong, or the token may see nothing. Of "
    "several ids, those that are gone may be left out as long as others are there."
)
# What to say of an exception that became an internal_error, by its name.
_HANDLED = {
    "HTTPStatusError": "httpx.HTTPStatusError",
    "ClientResponseError": "aiohttp.ClientResponseError",
    "HTTPError": "requests.HTTPError",
    "DecodingError": "httpx.DecodingError",
    "TooManyRedirects": "httpx.TooManyRedirects",
    "UnicodeDecodeError": "UnicodeDecodeError",
    "ValidationError": "pydantic.ValidationError",
    "ContentTypeError": "aiohttp.ContentTypeError",
    "TransportServerError": "TransportServerError",
    "TransportProtocolError": "TransportProtocolError",
    "TransportQueryError": "TransportQueryError",
}
_GRAPHQL = ("TransportServerError", "TransportProtocolError")
# What gql, from its version 4 on, makes of whatever the HTTP client raises.
_HIDES_THE_CAUSE = "TransportConnectionFailed"
_ERROR_OF_GROUP = {
    Group.STATUS: "the error class of connector.oai.errors for the status",
    Group.RATE_LIMIT: "RateLimitError",
    Group.SERVER_ERROR: "UpstreamError, or TransientError for 503",
    Group.CONNECTION: "NetworkError or one of its subclasses",
    Group.DEADLINE: "BudgetExhaustedError",
}


def remedy(outcome: Outcome, weight: Weight, trial: Trial, call: BrokenCall, seen: Seen) -> str:
    """How to put it right; empty if it is right, or if there is nothing to do."""
    if weight is Weight.GOOD or (weight is Weight.NOTE and outcome is not Outcome.OFF_SCRIPT):
        return ""
    if outcome is Outcome.WRITTEN_TWICE:
        return _TWICE
    if outcome is Outcome.OVER_BUDGET and trial.fault.group is Group.PAGE:
        return _NO_PROGRESS
    if outcome in _ALWAYS:
        return _ALWAYS[outcome]
    if outcome in (Outcome.INTERNAL_ERROR, Outcome.EXCEPTION):
        return _of_crash(trial, seen)
    if outcome is Outcome.NOT_RETRYABLE:
        return "Leave retryable to the SDK: it knows it from the code."
    if outcome is Outcome.OTHER_CODE:
        return f"Raise {raised_for(trial)}." + _MEANT * may_be_meant(trial, call)
    return _of_success(trial, call) + _MEANT * may_be_meant(trial, call)


def raised_for(trial: Trial) -> str:
    """Which of the SDK's errors is right for a fault."""
    if trial.fault.group in _ERROR_OF_GROUP and trial.owed.codes:
        codes = " or ".join(sorted(trial.owed.codes))
        return f"{_ERROR_OF_GROUP[trial.fault.group]}, so that the code is {codes}"
    return "InvalidResponseError"


def _of_crash(trial: Trial, seen: Seen) -> str:
    raised = str((error_of(seen.response or {}) or {}).get("raised_by") or "")
    if raised == _HIDES_THE_CAUSE:
        return (
            f"Catch {raised} where the request is made, and raise its __cause__: the SDK has codes for what "
            "the HTTP client raises."
        )
    if raised in _HANDLED:
        handler = "GQLTransportHandler" if raised in _GRAPHQL else "HTTPHandler"
        return (
            f"Give the integration a handler, exception_handlers=[({_HANDLED[raised]}, {handler}, None)]; or "
            f"catch it, and raise {raised_for(trial)}."
        )
    caught = f"Catch {raised}" if raised else "Catch what is raised"
    where = "request is made" if trial.fault.group is Group.CONNECTION else "response is read"
    return f"{caught} where the {where}, and raise {raised_for(trial)}."


def _of_success(trial: Trial, call: BrokenCall) -> str:
    if trial.fault is EVERYWHERE:
        return _NOTHING_FOUND
    if may_be_meant(trial, call):
        return f"Raise {raised_for(trial)}."
    if call.refused is Refused.REPORT:
        return "Report it: this capability tells of failures in its response."
    if trial.fault.group is Group.STATUS and trial.fault.name.startswith("redirect"):
        return "Take a redirect for an error: response.is_success is false for it."
    if trial.fault.group in (Group.STATUS, Group.RATE_LIMIT, Group.SERVER_ERROR):
        return _CHECK
    if trial.fault.group is Group.CONNECTION:
        return "Do not catch what the HTTP client raises: the SDK has codes for it."
    if trial.fault.group is Group.BODY:
        return "Raise InvalidResponseError if a body cannot be read, whatever the status says."
    return (
        "Require in the DTO what the answer is made from, and raise InvalidResponseError if it is missing. "
        "What Lumos does not need is None then, never an empty text."
    )


def may_be_meant(trial: Trial, call: BrokenCall) -> bool:
    """Whether it may be on purpose: what is to be deleted is gone, what is to be created exists."""
    name = call.call.capability
    if trial.fault.name == "status-404":
        return name.startswith(("delete_", "unassign_", "deactivate_", "release_"))
    return trial.fault.name == "status-409" and name.startswith(("create_", "assign_"))
