"""Statuses: the upstream refuses a request, fails, asks to wait, or sends the connector elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from email.utils import format_datetime

from connector_contract.contract.rules.credentials import REFUSED
from connector_contract.contract.rules.failures import FORBIDDEN
from connector_contract.faults.body_kind import error_response, with_body
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.faults.request_roles import is_login, names
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Once

_MAP = "connector.oai.errors.base: _status_code_to_error_code"
ELSEWHERE = "elsewhere.example"
"""The host that redirects lead to. RFC 2606 keeps its domain from everybody."""

_REASONS: Mapping[int, str] = {
    302: "Found",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_REFUSALS = {
    status: Fault(f"status-{status}", Group.STATUS, f"the upstream answers {status}", _MAP)
    for status in (400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 501)
}
REQUEST_TIMEOUT = _REFUSALS[408]
"""The one refusal after which the SDK's rate limiter asks again (RFC 9110, 15.5.9)."""
EVERYWHERE = Fault(
    "status-404-everywhere",
    Group.STATUS,
    "the upstream answers 404 to every request of the call",
    "https://developers.lumos.com/reference/error-handling",
    everywhere=True,
)
_WAIT = timedelta(seconds=30)
_RETRY_AFTER = "RFC 9110, 10.2.3 (Retry-After); RFC 6585, 4 (429)"
_LIMITS = {
    "seconds": Fault(
        "status-429-seconds",
        Group.RATE_LIMIT,
        "the upstream answers 429 with Retry-After in seconds",
        _RETRY_AFTER,
    ),
    "date": Fault(
        "status-429-date",
        Group.RATE_LIMIT,
        "the upstream answers 429 with Retry-After as a date",
        _RETRY_AFTER,
    ),
    "": Fault("status-429", Group.RATE_LIMIT, "the upstream answers 429 without Retry-After", _RETRY_AFTER),
}
_FAILURES = {
    status: (
        Fault(
            f"status-{status}-once",
            Group.SERVER_ERROR,
            f"the upstream answers {status} once, and then as recorded",
            _MAP,
            heals=True,
        ),
        Fault(f"status-{status}", Group.SERVER_ERROR, f"the upstream answers {status}", _MAP),
    )
    for status in (500, 502, 503, 504)
}
_REDIRECTS = {
    status: Fault(
        f"redirect-{status}",
        Group.STATUS,
        f"the upstream answers {status}, which leads to another host",
        "RFC 9110, 15.4: what a client sends with the first request may not be for the second place",
    )
    for status in (302, 307)
}
FAULTS: tuple[Fault, ...] = (
    *_REFUSALS.values(),
    EVERYWHERE,
    *_LIMITS.values(),
    *(fault for pair in _FAILURES.values() for fault in pair),
    *_REDIRECTS.values(),
)


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of all faults of this module, at one interaction.

    Args:
        call: The call.
        number: The number of the interaction.
    """
    yield from _refusals(call, number)
    for fault, headers in zip(_LIMITS.values(), _retry_afters(call), strict=True):
        yield _trial(call, number, fault, 429, headers=headers)
    for status, pair in _FAILURES.items():
        for fault in pair:
            yield _trial(call, number, fault, status)
    for status, fault in _REDIRECTS.items():
        yield Trial(fault, number, {number: _redirect(call, number, status)}, Owed())


def _redirect(call: BrokenCall, number: int, status: int) -> Response:
    """A redirect: without a body where none is due, so that nothing but its status gives it away."""
    moved = _response(call, number, status, (("location", f"https://{ELSEWHERE}/moved"),))
    return moved if call.interactions[number].response.body else with_body(moved, b"", "")


def everywhere(call: BrokenCall) -> Trial | NotApplicable:
    """The trial of a call in which every request gets a 404.

    A call that asks once meets the same as ``status-404``, unless there the id may be taken for one that no
    longer exists.
    """
    if call.writes:
        return NotApplicable(EVERYWHERE, None, "its capability writes: each of its requests is refused alone")
    broken = [number for number, each in call.interactions.items() if each.response.status < 300]
    if not broken:
        return NotApplicable(EVERYWHERE, None, "the upstream refuses all of its requests as it is")
    if len(call.interactions) == 1 and not _id_asked_for(call, broken[0]):
        return NotApplicable(EVERYWHERE, None, "it makes one request, which status-404 refuses")
    changes = {number: _response(call, number, 404) for number in broken}
    # A connector may make a further request then, to see whether the API is there at all.
    refused = next(iter(changes.values()))
    return Trial(EVERYWHERE, None, changes, Owed(), otherwise=lambda _: refused)


def _refusals(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    status = call.interactions[number].response.status
    for refused, fault in _REFUSALS.items():
        if not 200 <= status < 300:
            yield NotApplicable(fault, number, f"its response is no success: {status}")
        else:
            may_lack = _id_asked_for(call, number) if refused == 404 else ""
            yield _trial(call, number, fault, refused, may_lack=may_lack)


def _retry_afters(call: BrokenCall) -> Iterator[tuple[tuple[str, str], ...]]:
    yield (("retry-after", str(int(_WAIT.total_seconds()))),)
    yield (("retry-after", format_datetime(call.now + _WAIT, usegmt=True)),)
    yield ()


def _trial(
    call: BrokenCall,
    number: int,
    fault: Fault,
    status: int,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    may_lack: str = "",
) -> Trial:
    codes = frozenset(_codes(call, number, status))
    response = _response(call, number, status, headers)
    owed = Owed(codes, call.errors.retryable(codes), may_be_same=fault.heals, may_lack=may_lack)
    return Trial(fault, number, {number: Once(response) if fault.heals else response}, owed)


def _codes(call: BrokenCall, number: int, status: int) -> Iterator[str]:
    """The codes that are right for a status.

    A refused page is mostly one with a token that has expired. A token server says with 400 that credentials
    are wrong (RFC 6749, 5.2). Some upstreams say that with 403, which their authors declare.
    """
    if status == FORBIDDEN and call.no_login_is_403:
        yield from REFUSED
        return
    yield call.errors.code_of_status[status]
    if status == 400 and is_login(call.interactions[number].request):
        yield call.errors.code_of_status[401]
    if status in (400, 422) and (call.call.asked.get("page") or {}).get("token"):
        yield call.errors.bad_page_token


def _response(
    call: BrokenCall, number: int, status: int, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    return error_response(call.interactions, number, status, _REASONS[status], headers)


def _id_asked_for(call: BrokenCall, number: int) -> str:
    """The id that a read is asked for in a list, and that this request is about; empty if there is none.

    Of what is asked for in a list, the answer has what exists: a 404 says that this one does not.
    """
    request = call.interactions[number].request
    if call.writes or is_login(request):
        return ""
    asked = call.call.asked.get("request") or {}
    lists = (value for value in asked.values() if isinstance(value, list))
    ids = (each for value in lists for each in value if isinstance(each, str) and each)
    return next((each for each in ids if names(request, each)), "")
