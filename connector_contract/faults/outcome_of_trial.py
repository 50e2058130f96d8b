"""What came of a trial, and how bad that is: decided from plain values, without a word of a message."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from connector_contract.config import Json
from connector_contract.contract.rules.failures import is_logout
from connector_contract.contract.rules.reports import silent_breach
from connector_contract.contract.rules.responses import code_of, error_of
from connector_contract.contract.standard_capabilities import Kind, Refused
from connector_contract.faults.accepted_writes import is_known_end, is_poll
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.compared_success import compared, lacks_only
from connector_contract.faults.fault import Group, Outcome, Owed, Trial, Weight
from connector_contract.faults.field_faults import ANOTHER_VALUE
from connector_contract.faults.moved_fields import moved, wrongs
from connector_contract.faults.record_ids import lumos_records, record_ids
from connector_contract.faults.request_roles import doubles, is_login, only_reads
from connector_contract.faults.seen import Seen, Stopped
from connector_contract.faults.status_faults import ELSEWHERE, REQUEST_TIMEOUT
from connector_contract.faults.wrong_writes import wrong_write

CRASH = "internal_error"
_STOPPED = {
    Stopped.RAISED: Outcome.EXCEPTION,
    Stopped.TOO_MANY: Outcome.OVER_BUDGET,
    Stopped.ENDLESS: Outcome.ENDLESS,
}
# The faults after which the upstream may have done what it was asked for.
_PERHAPS_DONE = frozenset(
    {
        *(f"status-{status}{once}" for status in (500, 502, 504) for once in ("", "-once")),
        "read-timeout",
        "dropped-mid-body",
    }
)
# What a body may say that is not even looked at, where the status alone says that a write is done.
_UNREAD = frozenset(
    {
        "truncated-json",
        "truncated-xml",
        "empty-body",
        "broken-gzip",
        "broken-utf-8",
        "empty-object",
        "null-body",
    }
)
_SUCCESSES = frozenset(
    {Outcome.SAME_SUCCESS, Outcome.EMPTY_SUCCESS, Outcome.PARTIAL_SUCCESS, Outcome.OTHER_SUCCESS}
)
# What Lumos takes away no access for.
_NO_ACCESS = frozenset({"list_expenses", "list_custom_attributes_schema"})


def outcome_of(trial: Trial, call: BrokenCall, seen: Seen) -> Outcome:
    """What came of a trial.

    ``AS_EXPECTED`` and ``CAUGHT`` are right; ``SAME_SUCCESS`` may be, which ``weight_of`` says.

    Args:
        trial: It.
        call: The call, and what it answers if nothing is broken.
        seen: What the replay gave.
    """
    if trial.changes and not any(seen.fired.get(number) for number in trial.changes):
        return Outcome.NOT_FIRED
    if any(urlsplit(request.uri).hostname == ELSEWHERE for request in seen.elsewhere):
        return Outcome.SENT_ELSEWHERE
    if seen.secrets:
        return Outcome.SECRET
    if is_written_twice(trial, call, seen):
        return Outcome.WRITTEN_TWICE
    if wrong_write(trial, call, seen) is not None:
        return Outcome.WRONG_WRITE
    if seen.response is None:
        outcome = _STOPPED[seen.stopped or Stopped.RAISED]
    elif error_of(seen.response) is not None:
        outcome = _of_error(trial, call, seen, seen.response)
    else:
        return _of_success(trial, call, seen.response)
    # What comes of a request that nobody has recorded is no answer of the upstream, and so no defect.
    is_harness = seen.off_script and outcome not in (
        Outcome.AS_EXPECTED,
        Outcome.OVER_BUDGET,
        Outcome.ENDLESS,
    )
    return Outcome.OFF_SCRIPT if is_harness else outcome


def weight_of(outcome: Outcome, trial: Trial, call: BrokenCall, seen: Seen) -> Weight:
    """How bad an outcome is; what the SDK does of itself is no defect of the connector."""
    weight = _weight_of(outcome, trial, call, seen)
    return weight if weight is Weight.GOOD or not call.is_sdks else Weight.NOTE


def _weight_of(outcome: Outcome, trial: Trial, call: BrokenCall, seen: Seen) -> Weight:
    if outcome in (Outcome.AS_EXPECTED, Outcome.CAUGHT, Outcome.NOT_APPLICABLE):
        return Weight.GOOD
    if outcome is Outcome.OFF_SCRIPT:
        # Another id leads to another request. That is measured, and no failure to be recorded.
        return Weight.GOOD if trial.fault is ANOTHER_VALUE else Weight.NOTE
    if outcome not in _SUCCESSES:
        return Weight.WRONG
    if outcome is Outcome.SAME_SUCCESS and may_be_same(trial, call, seen):
        return Weight.GOOD
    if outcome is Outcome.SAME_SUCCESS and is_harmless(trial, call, seen):
        return Weight.NOTE
    if call.writes:
        return Weight.WRITE_LOST
    is_list = call.kind is Kind.READS_LIST and call.call.capability not in _NO_ACCESS
    is_lost = outcome in (Outcome.EMPTY_SUCCESS, Outcome.PARTIAL_SUCCESS) and (
        is_list or call.call.capability.endswith(("_last_activity", "_associations"))
    )
    return Weight.ACCESS_LOST if is_lost else Weight.WRONG


def may_be_same(trial: Trial, call: BrokenCall, seen: Seen) -> bool:
    """Whether the recorded success is right.

    Of a fault that heals, it is if the connector has asked again. A session need not end well, and what asks
    for nothing by its specification always gives the same. A poll may be answered as the recorded last one.
    """
    if call.refused is Refused.NOTHING or _ends_session(trial, call) or is_known_end(trial, call):
        return True
    return trial.owed.may_be_same and (not trial.fault.heals or is_asked_again(trial, call, seen))


def is_harmless(trial: Trial, call: BrokenCall, seen: Seen) -> bool:
    """Whether the recorded success of a call is true all the same.

    Of a write it is if each of its requests that change something was made, and answered as recorded, or with
    a body alone that nobody reads; and of a login, whose cookie may be all that is read. A poll is needed:
    until it is answered, the write is accepted, and not made.
    """
    if trial.place is None or is_poll(call, trial.place):
        return False
    request = call.interactions[trial.place].request
    is_unread = trial.fault.name in _UNREAD
    if is_login(request):
        return is_unread
    if not call.writes:
        return False
    changing = [number for number, each in call.interactions.items() if not only_reads(each.request)]
    is_made = bool(changing) and all(seen.asked.get(number) for number in changing)
    return is_made and (is_unread or only_reads(request))


def is_asked_again(trial: Trial, call: BrokenCall, seen: Seen) -> bool:
    """Whether the connector has made a broken request again, beyond those that are recorded."""
    return any(_times(call, seen, number) > len(call.equal(number)) for number in trial.changes)


def is_written_twice(trial: Trial, call: BrokenCall, seen: Seen) -> bool:
    """Whether a write was sent again that the upstream may have done by then."""
    if trial.place is None or not call.writes or trial.fault.name not in _PERHAPS_DONE:
        return False
    return doubles(call.interactions[trial.place].request) and is_asked_again(trial, call, seen)


def is_sdks(trial: Trial, call: BrokenCall, seen: Seen) -> bool:
    """Whether a code is what the SDK itself makes of the fault, which is right whatever the table says.

    Its rate limiter asks again, and ends with a code of its own, or earlier if Lumos would not wait for it.
    Its GraphQL client has one code for all that is none of GraphQL.
    """
    error = error_of(seen.response or {}) or {}
    raised, code = str(error.get("raised_by") or ""), error.get("error_code")
    is_asked_later = trial.fault.group in (Group.RATE_LIMIT, Group.SERVER_ERROR, Group.CONNECTION)
    if is_asked_later or trial.fault is REQUEST_TIMEOUT:
        ended = call.errors.retries_given_up.get(raised) == code
        return ended and (code == call.errors.out_of_time or is_asked_again(trial, call, seen))
    is_of_data = trial.fault.group in (Group.BODY, Group.FIELD)
    return is_of_data and call.errors.transport.get(raised) == code


def retryable_of(response: Json) -> bool | None:
    """What an error's metadata says of a retry; ``None`` if it says nothing."""
    told = ((error_of(response) or {}).get("error_metadata") or {}).get("retryable")
    return told if isinstance(told, bool) else None


def caught_codes(call: BrokenCall, response: Json) -> set[str]:
    """The codes of the errors that a success says it has caught, but for those that the recorded one has."""
    return {code for code, _ in _caught(response) - _caught(call.response)}


def _caught(response: Json) -> Counter[tuple[str, str]]:
    summary = response.get("execution_summary") or {}
    errors = summary.get("caught_errors") or ()
    return Counter((str(error.get("error_code")), str(error.get("message"))) for error in errors)


def _of_error(trial: Trial, call: BrokenCall, seen: Seen, response: Json) -> Outcome:
    code, owed = code_of(response), trial.owed
    if code == CRASH:
        return Outcome.INTERNAL_ERROR
    if not owed.may_fail:
        return Outcome.UNWANTED_ERROR
    if is_sdks(trial, call, seen):
        return Outcome.AS_EXPECTED
    if owed.codes and code not in owed.codes:
        return Outcome.OTHER_CODE
    told = retryable_of(response)
    if None not in (owed.retryable, told) and told is not owed.retryable:
        return Outcome.NOT_RETRYABLE
    message = str((error_of(response) or {}).get("message"))
    return Outcome.AS_EXPECTED if is_named(owed.names, message) else Outcome.UNNAMED


def _of_success(trial: Trial, call: BrokenCall, response: Json) -> Outcome:
    owed, name = trial.owed, call.call.capability
    caught = caught_codes(call, response)
    if caught and CRASH not in caught and caught <= (owed.codes or caught):
        if call.writes or not record_ids(name, call.response) - record_ids(name, response):
            return Outcome.CAUGHT
        # Whoever is not listed is gone, whatever is told beside the list.
        response = {**response, "execution_summary": call.response.get("execution_summary")}
    if call.refused is Refused.REPORT and owed.may_fail and not list(silent_breach(name, "", response)):
        return Outcome.AS_EXPECTED
    if trial.fault.group in (Group.FIELD, Group.PAGE):
        return _of_shape(owed, call, response)
    if owed.may_lack and lacks_only(owed.may_lack, name, call.response, response, call.now):
        return Outcome.AS_EXPECTED
    return compared(name, call.response, response, call.now)


def _of_shape(owed: Owed, call: BrokenCall, response: Json) -> Outcome:
    """What came of a record, or a page, that the upstream serves otherwise."""
    if not any(wrongs(call, owed, response)):
        return Outcome.AS_EXPECTED if moved(call, response) else Outcome.SAME_SUCCESS
    is_ended = owed.leads_on and not (response.get("page") or {}).get("token")
    is_less = is_ended or bool(owed.keeps - record_ids(call.call.capability, response))
    if not is_less:
        return Outcome.OTHER_SUCCESS
    return Outcome.PARTIAL_SUCCESS if lumos_records(call.call.capability, response) else Outcome.EMPTY_SUCCESS


def _ends_session(trial: Trial, call: BrokenCall) -> bool:
    """Whether all that is broken is the end of a session."""
    broken = [call.interactions[number].request for number in trial.changes if number in call.interactions]
    return bool(broken) and all(map(is_logout, broken))


def _times(call: BrokenCall, seen: Seen, number: int) -> int:
    return sum(seen.asked.get(equal, 0) for equal in call.equal(number))


def is_named(name: str, message: str) -> bool:
    """Whether a message has a name in it, in any spelling: ``firstName`` is in ``first_name: missing``.

    A short one, such as ``id``, is not in ``invalid``.
    """
    spelled = _spelled(name)
    words = [_spelled(each) for each in re.findall(r"\w+", message)]
    # "First name" is two words, and a URN is as many as it has.
    starts, most = range(len(words)), max(4, len(re.findall(r"\w+", name)))
    return not spelled or any(
        spelled == "".join(words[start : start + count]) for start in starts for count in range(1, most + 1)
    )


def _spelled(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())
