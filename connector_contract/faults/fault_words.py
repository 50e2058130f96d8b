"""What Lumos must see of a broken call, and what it saw, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from connector_contract.config import Json
from connector_contract.contract.rules.responses import code_of, error_of, error_text
from connector_contract.contract.standard_capabilities import Refused
from connector_contract.errors import UnmatchedRequest
from connector_contract.faults.accepted_writes import is_known_end
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.compared_success import count
from connector_contract.faults.fault import Group, Outcome, Owed, Trial
from connector_contract.faults.moved_fields import wrongs
from connector_contract.faults.outcome_of_trial import caught_codes, retryable_of
from connector_contract.faults.seen import Seen
from connector_contract.faults.wrong_writes import wrong_write
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.played_changes import LostConnection, Once
from connector_contract.reporting.excerpts import beginning
from connector_contract.reporting.messages import counted

_RETRYABLE = {True: ", retryable", False: ", not retryable", None: ""}
_SUCCESSES = {
    Outcome.SAME_SUCCESS: "the recorded success",
    Outcome.EMPTY_SUCCESS: "an empty success",
    Outcome.PARTIAL_SUCCESS: "a success that lacks something",
    Outcome.OTHER_SUCCESS: "another success than the recorded one",
}
_SHAPES = (Group.FIELD, Group.PAGE)
# Of requests that nobody has recorded, and of what is wrong with a success, some are shown.
_SHOWN = 3


def expected(trial: Trial, call: BrokenCall) -> str:
    """What Lumos must see: ``unauthorized, not retryable``."""
    return "; or ".join(_expected(trial, trial.owed, call))


def _expected(trial: Trial, owed: Owed, call: BrokenCall) -> Iterator[str]:
    if owed.may_fail:
        codes = " or ".join(sorted(owed.codes)) or "an error other than internal_error"
        yield codes + _RETRYABLE[owed.retryable] + (f", naming {owed.names}" if owed.names else "")
    if owed.may_be_same and trial.fault.heals:
        yield "the recorded success, if it asks again"
    elif owed.may_be_same or call.refused is Refused.NOTHING or is_known_end(trial, call):
        yield "the recorded success"
    if owed.may_lack:
        yield f"the recorded success without the records of {owed.may_lack}"
    if owed.keeps:
        records = "this record" if len(owed.keeps) == 1 else f"these {len(owed.keeps):,} records"
        yield f"a success that keeps {records}" + " and leads to the next page" * owed.leads_on
    elif owed.leads_on:
        yield "a success that leads to the next page"
    if call.refused is Refused.REPORT:
        yield "a report that says so"


def told(outcome: Outcome, trial: Trial, call: BrokenCall, seen: Seen) -> str:
    """What Lumos saw: ``an empty success: 0 of 8 records``."""
    if outcome is Outcome.OFF_SCRIPT:
        return "off script"
    if outcome is Outcome.WRONG_WRITE and (write := wrong_write(trial, call, seen)) is not None:
        said = map(str, write.differences[:_SHOWN])
        return "; ".join([f"the connector sent {_without_query(write.made)}", *said])
    if seen.response is None:
        return f"no response: {seen.why or (seen.stopped.value if seen.stopped else 'it gave none')}"
    code = code_of(seen.response)
    if outcome is Outcome.SENT_ELSEWHERE:
        return f"the connector sent {', '.join(dict.fromkeys(map(_without_query, seen.elsewhere[:_SHOWN])))}"
    if code is not None:
        raised = str((error_of(seen.response) or {}).get("raised_by") or "")
        return code + (f" ({raised})" if raised else "") + _RETRYABLE[retryable_of(seen.response)]
    if outcome is Outcome.CAUGHT:
        return f"a success that tells of {', '.join(sorted(caught_codes(call, seen.response)))}"
    what = _SUCCESSES.get(outcome, "a success") + _records(call, seen.response)
    wrong = wrongs(call, trial.owed, seen.response) if trial.fault.group in _SHAPES else ()
    return "; ".join([what, *islice(wrong, _SHOWN)])


def _without_query(request: Request) -> str:
    return f"{request.method} {urlsplit(request.uri)._replace(query='', fragment='').geturl()}"


def _records(call: BrokenCall, response: Json) -> str:
    name = call.call.capability
    had, has = count(name, call.response), count(name, response)
    if had is None or has is None:
        return ""
    return f": {counted(has, 'record')}" if has == had else f": {has} of {counted(had, 'record')}"


def evidence(trial: Trial, call: BrokenCall, seen: Seen) -> tuple[str, ...]:
    """Lines that show what happened: requests, what was answered, the error's message, what is off script."""
    broken = [_broken(number, trial, call, seen) for number in trial.changes if number in call.interactions]
    more = len(broken) - _SHOWN
    error = error_of(seen.response or {})
    if seen.secrets or (error or {}).get("raised_by") == UnmatchedRequest.__name__:
        # What has a secret in it is not to be shown, and what the harness says is no answer of the connector.
        error = None
    return (
        *broken[:_SHOWN],
        *([f"and {counted(more, 'more request')}"] if more > 0 else []),
        *([f"Lumos says: rate_limit {dict(trial.rate_limit)}"] if trial.rate_limit else []),
        *([f"told: {error_text(error)}"] if error else []),
        *([f"stopped: {seen.why}"] if seen.why else []),
        *(f"secret: {where}" for where in seen.secrets),
        *(f"never recorded: {request}" for request in seen.off_script[:_SHOWN]),
    )


def _broken(number: int, trial: Trial, call: BrokenCall, seen: Seen) -> str:
    times = seen.asked.get(number, 0)
    often = "never asked for" if not times else counted(times, "time") + " asked for"
    return f"{call.interactions[number].request}: {answered(trial, number)}; {often}"


def answered(trial: Trial, number: int) -> str:
    """What a broken request is answered with, in short."""
    change = trial.changes[number]
    once = isinstance(change, Once)
    change = change.change if isinstance(change, Once) else change
    if isinstance(change, Response):
        text = " ".join(change.body[:200].decode("utf-8", "replace").split())
        what = f"answered with {change.status}" + (f" {beginning(text, 60)}" if text else "")
    else:
        what = change.how.value if isinstance(change, LostConnection) else f"{type(change).__name__} raised"
    return f"once {what}" if once else what
