"""**errors**: what cannot be done gives an error with the right code, and no secret in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from connector_contract.contract.contract_config import Json
from connector_contract.contract.rules.bodies import json_bodies
from connector_contract.contract.rules.responses import (
    ACCESS_LOST,
    Breach,
    Walk,
    code_of,
    error_of,
    error_text,
)
from connector_contract.recording.interactions import Interaction
from connector_contract.reporting.messages import counted

_LIES = "Lumos takes a success for the truth: for what was done, or for all that there is."

# What ConnectorErrorCode has for a request that can never succeed.
UNKNOWN = {"not_found"}
INVALID = {"bad_request", "invalid_value", "unknown_value", "integration_missing_parameter"}
SERVER_ERRORS: dict[int, set[str]] = {500: {"bad_gateway"}, 503: {"service_error"}}
"""The codes that the SDK's own map has for an upstream that fails, by its status."""


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
    expected = " or ".join(sorted(codes))
    if code is None:
        yield Breach(f"{capability}: {asked} gave a success, not {expected}", _LIES)
    elif code == "internal_error":
        what = f"{capability}: {asked} gave internal_error, not {expected}"
        yield Breach(
            what,
            "Lumos takes the connector for broken, and tries again.",
            [error_text(error_of(response) or {})],
        )
    elif code not in codes:
        what = f"{capability}: {asked} gave {code}, not {expected}"
        consequence = "Lumos decides by the code whether to try again, to ask for credentials, or to give up."
        yield Breach(what, consequence, [error_text(error_of(response) or {})])


def later_records(interactions: Sequence[Interaction]) -> list[int]:
    """The indices of the interactions with JSON in their response, but for the first of them.

    What has no JSON is a logout or the like, and says nothing about records.
    """
    with_json = {id(interaction) for interaction, _ in json_bodies(interactions)}
    return [index for index, each in enumerate(interactions) if id(each) in with_json][1:]


def partial_breach(walk: Walk) -> Iterator[Breach]:
    """A walk that ended well although one of its later requests failed with 503.

    Source: as for ``refusal_breach``.
    """
    asked = "an upstream that failed at a later request"
    if walk.error is not None:
        yield from refusal_breach(walk.capability, asked, walk.pages[-1], SERVER_ERRORS[503])
    else:
        records = counted(len(walk.records), "record")
        what = f"{walk.capability}: {asked} gave {records}, as a success"
        yield walk.failure or Breach(what, ACCESS_LOST)


def secret_breach(capability: str, response: Json, redact: Callable[[str], str]) -> Iterator[Breach]:
    """A secret in an error's message.

    Args:
        capability: What was called.
        response: Its response.
        redact: Replaces the known secrets in a text.
    """
    message = str((error_of(response) or {}).get("message", ""))
    if redact(message) != message:
        what = f"{capability}: the error's message has a secret in it"
        yield Breach(what, "Lumos logs messages, and shows them to people.", [redact(message)[:300]])


def with_unknown_ids(request: Json, fields: Sequence[str], unknown: str) -> dict[str, dict[str, Any]]:
    """Requests for what is not there, each by the field in which it asks for it.

    Args:
        request: One for what is there.
        fields: Those of its fields with an id, or a list of ids.
        unknown: The id of nothing.
    """
    return {
        name: {**request, name: [unknown] if isinstance(request[name], list) else unknown}
        for name in fields
        if request.get(name)
    }


def unknown_breach(capability: str, field: str, request: Json, response: Json) -> Iterator[Breach]:
    """What is wrong with the response to a request for an id of nothing in ``field``.

    A list of ids is asked for what there is of them: of nothing, there is nothing.
    """
    asked = f"the {field} of nothing that is there"
    if error_of(response) is not None or not isinstance(request[field], list):
        for breach in refusal_breach(capability, asked, response, UNKNOWN):
            unreadable = code_of(response) in INVALID
            hint = "if the upstream cannot read such an id, name one that it can: unknown_id in the class"
            yield replace(breach, records=[*breach.records, hint]) if unreadable else breach
    elif records := response.get("response"):
        what = f"{capability}: {asked} gave records"
        records = records if isinstance(records, list) else [records]
        yield Breach(what, _LIES, [json.dumps(record)[:200] for record in records])


def without_field(request: Json, field: str) -> dict[str, Any]:
    """A request that lacks a field."""
    return {name: value for name, value in request.items() if name != field}
