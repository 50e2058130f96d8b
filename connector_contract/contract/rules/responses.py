"""What the rules look at: a connector's responses, and the interactions that they were made from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.recording.interactions import Interaction
from connector_contract.reporting.excerpts import beginning

Key = tuple[str, ...]

ACCESS_LOST = "Lumos treats whoever is not listed as gone, and takes their access away."
"""The consequence of an incomplete list."""

GONE = {"DELETED", "DEPROVISIONED", "INACTIVE", "SUSPENDED"}
"""The statuses (``AccountStatus``) that a deleted account may have in an application that keeps it."""

MISLEADING = {
    "internal_error", "bad_gateway", "service_error", "rate_limit",
    "unauthorized", "authentication_expired", "creds_revoked",
}  # fmt: skip
"""The codes on which Lumos tries again, or asks for credentials, where neither can help."""

NAMES = ("email", "username", "given_name", "family_name")
"""The fields of an account by which people know whose it is."""

_VOLATILE = "extra_data"

_LONG = (
    "Nobody has looked at what comes after that. If the list is that long, set larger page_sizes, or a "
    "larger max_pages; if not, Lumos walks for ever."
)


@dataclass(frozen=True)
class Walk:
    """A capability called page after page.

    Attributes:
        capability: Its name.
        size: The size of the pages that were asked for; the connector's default if ``None``.
        pages: The responses in order. An error can only be the last.
        interactions: What the connector asked its upstream for it.
        endless: Why the walk was given up, if it was.
        key_fields: The fields that identify a record, the most specific first; if there are none, the whole
            record does.
        within: The field of a response that has the records; empty if it is a list.
        is_endless: Of a walk that was given up, whether it has no end, or is only longer than allowed.
        limit: After how many pages it was to stop, though there may be more; ``None`` if it was not.
        per_page: How many of the interactions each page took.
        unique_fields: The fields that no two records have in common; if there are none, the key's.
        gap: Of a sample, after how many pages some were left out before the last one; ``None`` if none were.
    """

    capability: str
    size: int | None
    pages: Sequence[Json]
    interactions: Sequence[Interaction] = ()
    endless: str | None = None
    key_fields: tuple[str, ...] = ()
    within: str = ""
    is_endless: bool = True
    limit: int | None = None
    per_page: Sequence[int] = ()
    gap: int | None = None
    unique_fields: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end, so that it has all records."""
        return self.failure is None and self.gap is None and not self.goes_on

    @property
    def goes_on(self) -> bool:
        """Whether there are pages after the last one that it has."""
        return any(map(has_next, self.pages[-1:]))

    @property
    def beginning(self) -> Walk:
        """The pages up to the first that was left out."""
        return self if self.gap is None else self._part(0, self.gap)

    @property
    def end(self) -> Walk | None:
        """The last page, if some were left out before it."""
        return None if self.gap is None else self._part(self.gap, len(self.pages))

    def _part(self, first: int, end: int) -> Walk:
        start = sum(self.per_page[:first])
        own = self.per_page[first:end]
        interactions = self.interactions[start : start + sum(own)]
        return replace(self, pages=self.pages[first:end], interactions=interactions, per_page=own, gap=None)

    @property
    def asked_last(self) -> Sequence[Interaction]:
        """The interactions of its last page."""
        return self.interactions[len(self.interactions) - sum(self.per_page[-1:]) :]

    @property
    def error(self) -> Json | None:
        """The error that the walk ended with."""
        return error_of(self.pages[-1]) if self.pages else None

    @property
    def failure(self) -> Breach | None:
        """That the walk did not come to an end, or ended with an error, so that it says nothing else."""
        if self.endless is not None:
            return self._given_up(self.endless)
        if self.error is not None:
            title = f"{self} ended with an error on page {len(self.pages)}: {error_text(self.error)}"
            return Breach(self.capability, title, "Lumos cannot list anything.")
        return None

    @property
    def records(self) -> list[Json]:
        """The records of all pages."""
        return [record for page in self.pages for record in self.records_of(page)]

    @property
    def keys(self) -> list[Key]:
        """The key of each record, in order."""
        return [self.key_of(record) for record in self.records]

    def records_of(self, page: Json) -> list[Json]:
        """The records of one page, or the one that was called for; an error has none."""
        payload = page.get("response")
        if isinstance(payload, Mapping):
            payload = payload.get(self.within) if self.within else [payload]
        records = payload if isinstance(payload, list) else []
        # Of a custom capability, a record may be a plain value.
        return [each if isinstance(each, Mapping) else {"value": each} for each in records]

    def key_of(self, record: Json) -> Key:
        """What identifies a record."""
        if not self.key_fields:
            return (json.dumps(record, sort_keys=True),)
        return tuple(str(record.get(field)) for field in self.key_fields)

    @property
    def repeated(self) -> list[Key]:
        """What identifies several records at once."""
        return [key for key, times in Counter(map(self.identity_of, self.records)).items() if times > 1]

    def identity_of(self, record: Json) -> Key:
        """What no other record may have."""
        if not self.unique_fields:
            return self.key_of(record)
        return tuple(str(record.get(field)) for field in self.unique_fields)

    def _given_up(self, why: str) -> Breach:
        if self.is_endless:
            title = f"{self} does not end: {why}"
            return Breach(self.capability, title, "Lumos walks for ever.")
        return Breach(self.capability, f"{self} was not walked to its end: {why}", _LONG)

    def __str__(self) -> str:
        """How messages name a walk."""
        return f"the walk in pages of {self.asked}"

    @property
    def asked(self) -> str:
        """How messages name the size of its pages."""
        return "the default size" if self.size is None else str(self.size)


def lasting(record: Json) -> Json:
    """A record without what changes by itself in many applications, such as when somebody was last seen."""
    return {name: value for name, value in record.items() if name != _VOLATILE}


def same_text(one: object, other: object) -> bool:
    """Whether two values are the same but for capitals, which many applications do not keep."""
    return str(one).casefold() == str(other).casefold()


def error_of(response: Json) -> Json | None:
    """The ``error`` of an ``ErrorResponse``; ``None`` for a success."""
    return (response.get("error") or {}) if response.get("is_error") else None


def code_of(response: Json) -> str | None:
    """The code of an ``ErrorResponse``; ``None`` for a success."""
    error = error_of(response)
    return None if error is None else str(error.get("error_code"))


def has_next(page: Json) -> bool:
    """Whether a response announces another page."""
    return bool((page.get("page") or {}).get("token"))


def is_not_implemented(response: Json) -> bool:
    """Whether an ``ErrorResponse`` says that the capability is registered and no more."""
    error = error_of(response) or {}
    raised = str(error.get("raised_by") or "")
    return error.get("error_code") == "unsupported_operation" or "NotImplemented" in raised


def shown(key: Key) -> str:
    """A key as messages name a record, with the most specific part first."""
    return " / ".join(key)


def error_text(error: Json) -> str:
    """An error on one line, for messages: its code, its message, and of a crash what was raised."""
    message = " ".join(str(error.get("message", "")).split())
    code, raised = error.get("error_code"), str(error.get("raised_by") or "")
    crash = f" ({raised})" if code == "internal_error" and raised not in message else ""
    return f"{code}{crash}: {beginning(message, 200)}"
