"""What the rules look at: the answers of a connector, and the upstream's bodies that they were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector_contract.interactions import Interaction

Json = Mapping[str, Any]
Key = tuple[str, ...]

_KEYS: dict[str, tuple[str, ...]] = {
    "list_accounts": ("integration_specific_id",),
    "list_updated_accounts": ("integration_specific_id",),
    "list_resources": ("integration_specific_id", "resource_type"),
    "list_entitlements": (
        "integration_specific_id",
        "entitlement_type",
        "integration_specific_resource_id",
    ),
    "find_entitlement_associations": (
        "account_id",
        "integration_specific_entitlement_id",
        "integration_specific_resource_id",
    ),
}
"""The fields that tell the records of a list apart, the most telling first. Of connector-sdk-types' models:
the id of an entitlement or a resource may only be unique within its type."""


@dataclass(frozen=True)
class Breach:
    """One way in which a connector breaks a rule.

    Attributes:
        what: A sentence: the capability and what is wrong with its answer.
        records: The offending records, each in a line.
        consequence: What Lumos would do with such an answer.
    """

    what: str
    consequence: str
    records: Sequence[str] = ()


@dataclass(frozen=True)
class Walk:
    """A capability called page after page.

    Attributes:
        capability: Its name.
        size: The size of the pages that were asked for; the connector's default if ``None``.
        pages: The responses in order. An error can only be the last.
        exchanges: What the connector asked its upstream for it.
        endless: Why the walk was given up, if it was.
    """

    capability: str
    size: int | None
    pages: Sequence[Json]
    exchanges: Sequence[Interaction] = ()
    endless: str | None = None

    @property
    def error(self) -> Json | None:
        """The error that the walk ended with."""
        return error_of(self.pages[-1]) if self.pages else None

    @property
    def records(self) -> list[Json]:
        """The records of all pages."""
        return [record for page in self.pages if error_of(page) is None for record in records_of(page)]

    @property
    def keys(self) -> list[Key]:
        """The key of each record, in order."""
        return [key_of(self.capability, record) for record in self.records]

    def __str__(self) -> str:
        """How messages name a walk."""
        return (
            "the walk in pages of the default size"
            if self.size is None
            else f"the walk in pages of {self.size}"
        )


def error_of(response: Json) -> Json | None:
    """The ``error`` of an ``ErrorResponse``; ``None`` for a success."""
    return (response.get("error") or {}) if response.get("is_error") else None


def code_of(response: Json) -> str | None:
    """The code of an ``ErrorResponse``; ``None`` for a success."""
    error = error_of(response)
    return None if error is None else str(error.get("error_code"))


def records_of(response: Json) -> list[Json]:
    """The records of a response; one that is no list is its one record."""
    payload = response.get("response")
    return list(payload) if isinstance(payload, list) else [] if payload is None else [payload]


def key_of(capability: str, record: Json) -> Key:
    """What tells a record apart from the others of its list: the whole record, if no field is known to."""
    fields = _KEYS.get(capability)
    if fields is None:
        return (json.dumps(record, sort_keys=True),)
    return tuple(str(record.get(field)) for field in fields)


def key_fields(capability: str) -> tuple[str, ...]:
    """The names of the fields of a key; none if the whole record is one."""
    return _KEYS.get(capability, ())


def shown(key: Key) -> str:
    """A key as messages name a record, with the most telling part first."""
    return " / ".join(key)


def told(error: Json) -> str:
    """An error as messages tell it: its code and its message, on one line."""
    message = " ".join(str(error.get("message", "")).split())
    return f"{error.get('error_code')}: {message[:200]}"
