"""Broken calls made by hand, and what a replay of them gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import NotApplicable, Trial
from connector_contract.faults.seen import Seen
from connector_contract.recording.call import Call, outcome_of
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.played_changes import Once
from connector_contract.recording.sdk_errors import error_map

HOST = "https://app.example.com"
JSON = (("content-type", "application/json"),)
ERRORS = error_map()
NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def asked(
    method: str = "GET",
    path: str = "/v1/users",
    body: Any = None,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = JSON,
    sends: bytes = b"",
    carries: tuple[tuple[str, str], ...] = (),
) -> Interaction:
    """A request, and its response; its body is JSON, or bytes as they are, and none for ``None``."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    request = Request(method, HOST + path, carries, sends)
    return Interaction(request, Response(status, "", headers if content else (), content))


def call_of(
    capability: str = "list_accounts",
    *interactions: Interaction,
    response: Mapping[str, Any] | None = None,
    **request: Any,
) -> BrokenCall:
    """A call with these interactions, from number 1 on."""
    answer = {"response": []} if response is None else response
    call = Call(capability, outcome_of(answer), {"request": request}, tuple(range(1, len(interactions) + 1)))
    return BrokenCall(call, dict(enumerate(interactions, 1)), answer, ERRORS, NOW)


def one(found: Any, name: str) -> Trial | NotApplicable:
    """The trial of a fault among those that a call has, or why it does not apply."""
    (it,) = [each for each in found if each.fault.name == name]
    assert isinstance(it, (Trial, NotApplicable))
    return it


def trial_of(found: Any, name: str) -> Trial:
    """The trial of a fault, which applies."""
    it = one(found, name)
    assert isinstance(it, Trial), it
    return it


def why_not(found: Any, name: str) -> str:
    """Why a fault does not apply."""
    it = one(found, name)
    assert isinstance(it, NotApplicable), it
    return it.why


def change_of(trial: Trial, number: int = 1) -> Any:
    """What the connector sees at an interaction, even if only once."""
    change = trial.changes[number]
    return change.change if isinstance(change, Once) else change


def error(code: str, *, message: str = "No.", retryable: bool | None = None, raised_by: str = "") -> Any:
    """An ``ErrorResponse``; its metadata is the SDK's own, if not said."""
    told = ERRORS.retryable_of_code[code] if retryable is None else retryable
    found = {"message": message, "error_code": code, "app_id": "app", "error_metadata": {"retryable": told}}
    return {"is_error": True, "error": found | ({"raised_by": raised_by} if raised_by else {})}


def seen(trial: Trial, response: Any = None, *, asked: Mapping[int, int] | None = None, **rest: Any) -> Seen:
    """What a replay gave in which each broken request was made once."""
    fired = dict.fromkeys(trial.changes, 1)
    return Seen(response, **{"fired": fired, "asked": fired if asked is None else asked, **rest})
