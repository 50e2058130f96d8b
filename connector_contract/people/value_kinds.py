"""Which kind of personal value a text is, in whichever field it stands: as any of its fields says.

A connector passes values on under names of its own. What stands for a value has to be the same in both
places, or the connector would no longer give what it is given.
"""

from __future__ import annotations

import re

# Where fields disagree, the first of these counts.
_ORDER = (
    *("photo", "email", "phone", "date", "ip", "number", "address"),
    *("login", "name", "given_name", "family_name", "text"),
)
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
# What tells a value from a word or a count that something else has as well, by its kind.
_DISTINCT = {
    "photo": re.compile(r"(?s).*/|.{16}"),
    "number": re.compile(r"(?:.*?\d){4}"),
    "address": re.compile(r"(?s)(?=.{8}).*\S\s+\S"),
    "text": re.compile(r"(?s)(?=.{12}).*\S\s+\S"),
    "date": re.compile(r".*\d"),
    "login": re.compile(r".*[\s.\d@]"),
    "name": re.compile(r".*\S[\s.]"),
    "given_name": re.compile(r".*\S[\s.]"),
    "family_name": re.compile(r".*\S[\s.]"),
}


class ValueKinds:
    """The kind of each value that some field says is personal."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def learn(self, kind: str, value: str) -> None:
        """Take in the value of a field.

        Args:
            kind: What the field holds.
            value: Its value.
        """
        known = self._kinds.get(value)
        if known is None or _RANK[kind] < _RANK[known]:
            self._kinds[value] = kind

    def is_one(self, kind: str, value: str) -> bool:
        """Whether a field has said that a value is of a kind, and none that it is another."""
        return self._kinds.get(value) == kind

    def of(self, kind: str, value: str) -> str:
        """What kind a value is.

        Args:
            kind: What its field holds; empty if that is not personal.
            value: The value.
        """
        known = self._kinds.get(value)
        if known is None or known == kind:
            return kind
        if kind:
            return known
        distinct = _DISTINCT.get(known)
        return known if distinct is None or distinct.match(value) else ""
