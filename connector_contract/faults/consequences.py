"""What Lumos does with what a broken call told it, a sentence for each case."""

from __future__ import annotations

from connector_contract.contract.rules.responses import ACCESS_LOST, code_of
from connector_contract.contract.standard_capabilities import Refused
from connector_contract.faults.accepted_writes import is_poll
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Group, Outcome, Trial, Weight
from connector_contract.faults.outcome_of_trial import retryable_of
from connector_contract.faults.request_roles import only_reads
from connector_contract.faults.seen import Seen

_ALWAYS = {
    Outcome.EXCEPTION: "Lumos gets no answer at all, and cannot tell what is wrong.",
    Outcome.INTERNAL_ERROR: "Lumos treats the connector as broken, and tries again.",
    Outcome.UNWANTED_ERROR: "Lumos gets nothing, because of something that the connector does not need.",
    Outcome.UNNAMED: "Whoever reads the message has to search for what is wrong with which field.",
    Outcome.WRITTEN_TWICE: "The upstream may have done it already, and then does it twice.",
    Outcome.WRONG_WRITE: "The upstream does what nobody has asked for. A list that could not be read is "
    "overwritten, and whoever was in it loses access.",
    Outcome.SENT_ELSEWHERE: "Whoever runs the other host gets the request, perhaps with credentials.",
    Outcome.SECRET: "Lumos logs messages, and shows them.",
    Outcome.OFF_SCRIPT: "Nobody knows how the upstream would answer that request, so this proves nothing.",
    Outcome.OVER_BUDGET: "The connector asks again and again, and the upstream may lock it out.",
    Outcome.ENDLESS: "Lumos waits until it gives the call up.",
    Outcome.NOT_FIRED: "So nothing is proved: the call makes other requests than the recorded ones.",
}
_WRITE = "Lumos believes that it was done."
_ACTIVITY = "Lumos treats whoever has no activity as inactive, and may take their access away."
_REPORT = "Lumos believes what is reported, and tells the customer that all is well."
_CREDENTIALS = "Lumos believes that the credentials are good."
_SWALLOWED = (
    "Lumos is told nothing of the failure. The answer may come from a cache, which gets old; or it does not "
    "depend on this request here. Where it does, something is missing, and nobody is told."
)
_HARMLESS = "What Lumos is told is true: the write was made. Only the failure beside it is not told."
_UNREAD = "What Lumos is told is true: the status says that the write was made. Nobody reads the body."
_ACCEPTED = (
    "Lumos believes that it was done. The upstream has only accepted it, and nobody knows what became of it."
)
_OF_SDK = "The SDK's own code does this: a capability that you register in its place may do otherwise."
_BY_TOLD = {
    "unauthorized": "Lumos asks the customer for new credentials, although these are good.",
    "authentication_expired": "Lumos asks the customer for new credentials, although these are good.",
    "creds_revoked": "Lumos asks the customer for new credentials, although these are good.",
    "not_found": "Lumos believes that what it asked for does not exist.",
    "conflict": "Lumos believes that it exists already.",
    "unsupported_operation": "Lumos believes that the connector cannot do this, and stops asking for it.",
}
_BY_EXPECTED = {
    "unauthorized": "Nobody asks the customer for new credentials, so every later call fails as well.",
    "permission_denied": "Nobody tells the customer which permission is missing.",
    "rate_limit": "Lumos does not slow down, and the upstream goes on refusing.",
}


def consequence(outcome: Outcome, weight: Weight, trial: Trial, call: BrokenCall, seen: Seen) -> str:
    """What Lumos does with it; empty if it is right."""
    if weight is Weight.GOOD:
        return ""
    if call.is_sdks:
        return _OF_SDK
    if outcome in _ALWAYS:
        return _ALWAYS[outcome]
    if outcome in (Outcome.OTHER_CODE, Outcome.NOT_RETRYABLE):
        return _of_code(trial, seen)
    return _of_success(outcome, weight, trial, call)


def _of_code(trial: Trial, seen: Seen) -> str:
    code, retryable = code_of(seen.response or {}) or "", retryable_of(seen.response or {})
    if trial.owed.retryable and retryable is False:
        return "Lumos gives up, although it may go well a minute later."
    if trial.owed.retryable is False and retryable:
        return "Lumos tries again and again what cannot go well."
    if trial.fault.group is Group.STATUS and len(trial.owed.codes) == 1:
        by_expected = _BY_EXPECTED.get(min(trial.owed.codes))
    else:
        by_expected = _BY_EXPECTED.get("rate_limit") if "rate_limit" in trial.owed.codes else None
    return _BY_TOLD.get(code) or by_expected or "Lumos, and whoever looks for the cause, decide by the code."


def _of_success(outcome: Outcome, weight: Weight, trial: Trial, call: BrokenCall) -> str:
    name = call.call.capability
    if weight is Weight.WRITE_LOST:
        return _ACCEPTED if trial.place is not None and is_poll(call, trial.place) else _WRITE
    if weight is Weight.ACCESS_LOST:
        return _ACTIVITY if name.endswith("_last_activity") else ACCESS_LOST
    if weight is Weight.NOTE:
        return _true(trial, call)
    if call.refused is Refused.REPORT:
        return _REPORT
    if name == "validate_credentials":
        return _CREDENTIALS
    if outcome is Outcome.SAME_SUCCESS:
        return _SWALLOWED
    return "Lumos takes it for all that there is."


def _true(trial: Trial, call: BrokenCall) -> str:
    """What is to be said of a success that is true although something is broken."""
    if not call.writes:
        return "What Lumos is told is true: the body is not needed."
    is_of_write = trial.place is not None and not only_reads(call.interactions[trial.place].request)
    return _UNREAD if is_of_write else _HARMLESS
