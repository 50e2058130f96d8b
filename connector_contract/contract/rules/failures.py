"""**errors**: what cannot be done gives an error with the right code, and no secret in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from connector_contract.config import Json
from connector_contract.contract.declared_less import NO_LOGIN
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.credentials import REFUSED
from connector_contract.contract.rules.reports import raised_breach, reports_failure, silent_breach
from connector_contract.contract.rules.responses import (
    ACCESS_LOST,
    Walk,
    code_of,
    error_of,
    error_text,
)
from connector_contract.faults.error_map import ErrorMap
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.reporting.excerpts import beginning
from connector_contract.reporting.messages import counted

_LIES = "Lumos believes a success: that it was done, or that this is all there is."
_BROKEN = "Lumos treats the connector as broken, and tries again."
_BY_CODE = "Lumos decides by the code whether to try again, to ask for credentials, or to give up."

# What ConnectorErrorCode has for a request that can never succeed.
UNKNOWN = {"not_found"}
INVALID = {"bad_request", "invalid_value", "unknown_value", "integration_missing_parameter"}

FAILING_STATUSES = (403, 429, 500, 503)
"""What an upstream that fails responds with."""
FORBIDDEN = 403


@dataclass(frozen=True)
class FailedCall:
    """A call whose upstream failed.

    Attributes:
        capability: What was called.
        status: What the upstream responded with.
        broken: What failed, for messages.
        response: The connector's response.
        is_asked_again: Whether the connector made a broken request again.
    """

    capability: str
    status: int
    broken: str
    response: Json
    is_asked_again: bool = False

    def codes(self, errors: ErrorMap, choice: str | None = None) -> set[str]:
        """The codes that are right for it.

        The SDK's own rate limiter asks again, and ends with a code of its own, whatever the status was; or at
        once, if Lumos would not wait for it.

        Args:
            errors: The installed SDK's.
            choice: What the author declares, ``NO_LOGIN`` or nothing.
        """
        codes = {errors.code_of_status[self.status]}
        raised = str((error_of(self.response) or {}).get("raised_by") or "")
        given_up = errors.retries_given_up.get(raised)
        if self.status != FORBIDDEN and given_up is not None:
            codes |= {given_up} if self.is_asked_again or given_up == errors.out_of_time else set()
        if self.status == FORBIDDEN and choice == NO_LOGIN:
            return set(REFUSED)
        return codes


def refusal_breach(capability: str, asked: str, response: Json, codes: set[str]) -> Iterator[Breach]:
    """A success, or an error with another code, where there has to be an error.

    Args:
        capability: What was called.
        asked: What was asked of it, for the message.
        response: Its response.
        codes: The codes that are right.

    Source: ``ConnectorErrorCode`` of connector-sdk-types, which decides whether Lumos tries again;
    https://developers.lumos.com/reference/error-handling.
    """
    code = code_of(response)
    if code is None and reports_failure(capability):
        yield from silent_breach(capability, asked, response)
        return
    title = f"{asked} gave {code or 'a success'}, not {' or '.join(sorted(codes))}"
    if code is None:
        yield Breach(capability, title, _LIES)
    elif code not in codes:
        consequence = _BROKEN if code == "internal_error" else _BY_CODE
        yield Breach(capability, title, consequence, [error_text(error_of(response) or {})])


def failing_breach(failed: FailedCall, codes: Collection[str]) -> Iterator[Breach]:
    """A response that hides that the upstream has failed.

    A success may say in its execution summary which errors it has caught on the way. What reports failures
    and never raises them is broken by an error.

    Args:
        failed: The call.
        codes: Those that are right for it.

    Source: the SDK's own map of statuses, ``connector.oai.errors``; ``ExecutionSummary.caught_errors`` of
    connector-sdk-types; ``probe_integration``: "Failures are reported, not raised."
    """
    summary = failed.response.get("execution_summary") or {}
    caught = {error.get("error_code") for error in summary.get("caught_errors") or ()}
    if error_of(failed.response) is None and caught and caught <= set(codes):
        return
    if raised := list(raised_breach(failed.capability, failed.broken, failed.response)):
        yield from raised
    else:
        yield from refusal_breach(failed.capability, failed.broken, failed.response, set(codes))


_LOGOUT = re.compile("log[-_]?(?:out|off)|sign[-_]?(?:out|off)|revoke", re.IGNORECASE)
_SESSION = re.compile("(?:session|token)s?", re.IGNORECASE)


def is_logout(request: Request) -> bool:
    """Whether a request ends the connector's own session. It may fail, and nobody has to know."""
    segments = urlsplit(request.uri).path.rstrip("/").split("/")
    deletes_session = request.method == "DELETE" and any(map(_SESSION.fullmatch, segments))
    return deletes_session or _LOGOUT.fullmatch(segments[-1]) is not None


def later_records(interactions: Sequence[Interaction]) -> list[int]:
    """The indices of the interactions that answered with something, but for the first of them.

    Records come as JSON, XML, CSV or otherwise. What answers with nothing, or ends a session, has none.
    """
    return [
        index
        for index, each in enumerate(interactions)
        if each.response.status < 400 and each.response.body.strip() and not is_logout(each.request)
    ][1:]


@dataclass(frozen=True)
class FailedWalk:
    """A walk whose upstream failed at one of its later requests.

    Attributes:
        walk: It as it ended, its last page the one that failed.
        request: The request that was broken.
        failed: The call of that page.
    """

    walk: Walk
    request: Request
    failed: FailedCall


def partial_breaches(failing: Iterable[tuple[FailedWalk, Collection[str]]]) -> list[Breach]:
    """Walks that ended well although one of their later requests failed: a breach for each page.

    Args:
        failing: Each walk, with the codes that are right for it.

    Source: as for ``refusal_breach``.
    """
    found: dict[tuple[str, str], Breach] = {}
    errors: dict[tuple[str, str], dict[str, None]] = {}
    broken: dict[tuple[str, str], dict[str, list[int]]] = {}
    for each, codes in failing:
        for breach in _partial_breach(each, codes):
            key = breach.title, breach.consequence
            found.setdefault(key, breach)
            errors.setdefault(key, {}).update(dict.fromkeys(breach.records))
            statuses = broken.setdefault(key, {}).setdefault(str(each.request), [])
            statuses += [each.failed.status] if each.failed.status not in statuses else []
    return [
        replace(breach, records=(*errors[key], *(_broken_line(*pair) for pair in broken[key].items())))
        for key, breach in found.items()
    ]


def _broken_line(request: str, statuses: Sequence[int]) -> str:
    return f"broken: {request}, by {', '.join(map(str, statuses))}"


def _partial_breach(each: FailedWalk, codes: Collection[str]) -> Iterator[Breach]:
    walk = each.walk
    where = "a later request" if walk.size is None else f"page {len(walk.pages)}"
    asked = f"an upstream that failed at {where}"
    if walk.error is not None:
        yield from failing_breach(replace(each.failed, broken=asked), codes)
    else:
        title = f"{asked} gave {counted(len(walk.records), 'record')}, as a success"
        yield walk.failure or Breach(walk.capability, title, ACCESS_LOST)


def secret_breach(capability: str, response: Json, without_secrets: Callable[[str], str]) -> Iterator[Breach]:
    """A secret in an error's message.

    Args:
        capability: What was called.
        response: Its response.
        without_secrets: Replaces the known secrets in a text, and nothing else.
    """
    message = str((error_of(response) or {}).get("message", ""))
    if without_secrets(message) != message:
        title, consequence = "the error's message has a secret in it", "Lumos logs messages, and shows them."
        yield Breach(capability, title, consequence, [without_secrets(message)[:300]])


def with_unknown_ids(request: Json, fields: Sequence[str], unknown: str) -> dict[str, dict[str, Any]]:
    """Requests with an unknown id, each by the field that has it.

    Args:
        request: One with known ids.
        fields: Those of its fields with an id, or a list of ids.
        unknown: An id that nothing has.
    """
    return {
        name: {**request, name: [unknown] if isinstance(request[name], list) else unknown}
        for name in fields
        if request.get(name)
    }


def unknown_breach(capability: str, field: str, request: Json, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to a request with an unknown id in ``field``.

    For a list of ids, the response has what exists: for an unknown one, nothing.
    """
    several = isinstance(request[field], list)
    asked = f"unknown {field}" if several else f"an unknown {field}"
    if error_of(response) is not None or not several:
        for breach in refusal_breach(capability, asked, response, UNKNOWN):
            unreadable = code_of(response) in INVALID
            hint = "if the upstream cannot read such an id, name one that it can: unknown_id in the class"
            yield replace(breach, records=[*breach.records, hint]) if unreadable else breach
    elif records := response.get("response"):
        records = records if isinstance(records, list) else [records]
        shown = [beginning(json.dumps(record), 200) for record in records]
        yield Breach(capability, f"{asked} gave records", _LIES, shown)


def without_field(request: Json, field: str) -> dict[str, Any]:
    """A request that lacks a field."""
    return {name: value for name, value in request.items() if name != field}
