"""Whether a walk ends: seen by what its pages have, not by how many there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connector_contract.errors import EndlessWalk

EMPTY_PAGES = 100
"""How many pages in a row may be empty although they announce more."""


class SeenRecords:
    """The records of the pages of a walk.

    Most pages have new records, and that is seen by the first value of each, which is its id in the SDK's
    models. Only where these are all known are the records compared as a whole.
    """

    def __init__(self) -> None:
        self._pages: list[Sequence[Any]] = []
        self._firsts: set[str] = set()
        self._whole: set[str] = set()

    def all_seen(self, records: Sequence[Any]) -> bool:
        """Whether there are records, and each was on an earlier page; they count as seen from now on."""
        firsts = set(map(_first, records))
        seen = bool(records) and firsts <= self._firsts and self._all_whole(records)
        self._firsts |= firsts
        self._pages.append(records)
        return seen

    def _all_whole(self, records: Sequence[Any]) -> bool:
        for page in self._pages:
            self._whole.update(map(_whole, page))
        self._pages.clear()
        return all(_whole(record) in self._whole for record in records)


def endless(capability: str, why: str, pages: int) -> EndlessWalk:
    """A walk that goes round in a circle, or that finds nothing new."""
    error = EndlessWalk(
        f"The walk of {capability} does not end: {why}, after {pages} pages.",
        remedy="Lumos would walk for ever. Fix the connector's pagination: the last page has no token.",
    )
    error.reason = f"{why} after {pages} pages"
    return error


def too_long(capability: str, pages: int) -> EndlessWalk:
    """A walk that still finds new records on the last page that it may ask for."""
    error = EndlessWalk(
        f"The walk of {capability} is longer than allowed: page {pages} has new records and is not last.",
        remedy="Ask for larger pages, or allow more pages: max_pages.",
    )
    error.reason = f"it is longer than the {pages} pages that are allowed"
    error.is_endless = False
    return error


def _first(record: Any) -> str:
    if isinstance(record, Mapping):
        return str(next(iter(record.values()), None))
    return str(record)


def _whole(record: Any) -> str:
    return json.dumps(record, sort_keys=True)
