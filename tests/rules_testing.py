"""What the rules of the standard contract look at, made by hand, and what they say of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.written import ObservedWrite
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.recording.interactions import Interaction, Request, Response

HOST = "https://app.example.com"
ID = ("integration_specific_id",)
ASSOCIATION = ("account_id", "integration_specific_entitlement_id", "integration_specific_resource_id")


def interaction(
    body: Any = (), path: str = "/v1/things", *, status: int = 200, headers: Sequence[tuple[str, str]] = ()
) -> Interaction:
    """A request, and a response with a JSON body, or with bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Interaction(Request("GET", HOST + path), Response(status, "", tuple(headers), content))


def page(*records: Any) -> dict[str, Any]:
    """A response with records."""
    return {"response": list(records)}


def failure(code: str = "not_found", message: str = "No.", raised_by: str | None = None) -> dict[str, Any]:
    """An ``ErrorResponse``."""
    error = {"message": message, "error_code": code, "app_id": "app"}
    return {"is_error": True, "error": error | ({"raised_by": raised_by} if raised_by else {})}


def walk(*pages: Mapping[str, Any], name: str = "list_things", size: int | None = 100, **rest: Any) -> Walk:
    """A walk of these pages; ``rest`` are further attributes."""
    return Walk(name, size, pages, **{"key_fields": ("id",), **rest})


def listed(name: str, *records: Mapping[str, Any], **rest: Any) -> Walk:
    """A list in one page, with the key that the SDK's model of its records has."""
    key = ASSOCIATION if name.endswith("_associations") else ID
    if name.startswith("list_applications"):
        # What is in an application is unique within it.
        owed = STANDARD[name].key
        assert owed is not None
        key = owed.fields
    return walk(page(*records), name=name, **{"key_fields": key, **rest})


def told(breaches: Iterable[Breach]) -> list[tuple[str, str, list[str]]]:
    """What breaches say: capability, title and records of each, which all have a consequence."""
    found = list(breaches)
    assert all(breach.consequence.endswith((".", "!")) for breach in found)
    return [(breach.capability, breach.title, list(breach.records)) for breach in found]


def observed(
    capability: str,
    request: Mapping[str, Any],
    payload: Mapping[str, Any],
    *,
    repeated: Mapping[str, Any] | None = None,
    finally_: Mapping[str, Sequence[Any]] | None = None,
    replaces: bool = False,
    types: Mapping[Any, Any] | None = None,
    **lists: tuple[Sequence[Any], Sequence[Any]],
) -> ObservedWrite:
    """A write with the records of each list before and after it; a repeat changes nothing, if not said."""
    before, after = ({name: listed(name, *pair[when]) for name, pair in lists.items()} for when in (0, 1))
    last = after | {name: listed(name, *records) for name, records in (finally_ or {}).items()}
    response = {"response": payload}
    again = response if repeated is None else repeated
    return ObservedWrite(capability, request, response, again, before, after, last, replaces, types or {})
