"""Bodies that can be read, and say something else: an error with 200, nothing at all, an empty list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from connector_contract.contract.rules.paging import number as count_of
from connector_contract.faults.body_faults import not_about_bodies
from connector_contract.faults.body_kind import Body, BodyKind, body_of, error_document, with_body
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.recording.interactions import Response

_ERROR = "https://developers.lumos.com/reference/error-handling"
ERROR_WITH_200 = Fault(
    "error-200", Group.MEANING, "the upstream answers 200 with an error in the body", _ERROR
)
EMPTY_OBJECT = Fault("empty-object", Group.MEANING, "the body is {}", _ERROR)
NULL = Fault("null-body", Group.MEANING, "the body is null", _ERROR)
EMPTY_LIST = Fault(
    "empty-list",
    Group.MEANING,
    "the body is [], and a header counts records",
    "the header X-Total-Count",
)
FAULTS: tuple[Fault, ...] = (ERROR_WITH_200, EMPTY_OBJECT, NULL, EMPTY_LIST)

_TOTAL = re.compile(
    "(?:x-)?(?:total(?:-(?:count|items|records|results|elements))?|pagination-(?:total|count))"
)
_MESSAGE = "The request could not be completed."

_Broken = bytes | str
"""The body of a broken response, or why there is none, in a clause."""


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of all faults of this module, at one interaction.

    Args:
        call: The call.
        number: The number of the interaction.
    """
    response = call.interactions[number].response
    body = body_of(response)
    for fault in FAULTS:
        broken = not_about_bodies(call, response, body) or _BREAKS[fault](response, body)
        if isinstance(broken, str):
            yield NotApplicable(fault, number, broken)
        else:
            yield Trial(fault, number, {number: with_body(response, broken)}, Owed())


def _no_object(body: Body) -> str:
    """Why a body is no object that could be another one; empty if it is one."""
    if body.kind is not BodyKind.JSON:
        return f"its body is {body.kind.value}, and not JSON"
    if not isinstance(body.data, dict):
        return "its body is no object"
    return ""


def _error(_response: Response, body: Body) -> _Broken:
    if why := _no_object(body):
        return why
    return error_document(body, "internal_server_error", _MESSAGE, is_refused=False)


def _empty_object(_response: Response, body: Body) -> _Broken:
    if body.data == {}:
        return "its body is {} as it is"
    return _no_object(body) or b"{}"


def _null(_response: Response, body: Body) -> _Broken:
    return _no_object(body) or b"null"


def _empty_list(response: Response, body: Body) -> _Broken:
    if not isinstance(body.data, list):
        return "its body is no list"
    if not body.data:
        return "its body is [] as it is"
    totals = [count_of(value) for name, value in response.headers if _TOTAL.fullmatch(name)]
    if any(total for total in totals):
        return b"[]"
    if any(name == "link" and "next" in value for name, value in response.headers):
        return "a page in the middle of a list may be empty, and no header counts records"
    return "nothing beside the list says that there is a record"


_BREAKS: dict[Fault, Callable[[Response, Body], _Broken]] = {
    ERROR_WITH_200: _error,
    EMPTY_OBJECT: _empty_object,
    NULL: _null,
    EMPTY_LIST: _empty_list,
}
