"""The fields of an upstream that are null in some recording: there, null says something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from connector_contract.faults.json_places import values_in
from connector_contract.faults.rewritten_body import NotRewritable, body_of
from connector_contract.recording.interactions import Interaction
from connector_contract.recording.matching import endpoint

Nulls = frozenset[tuple[str, str]]
"""Endpoints, each with the path of a field."""

# Of each endpoint, so many responses that have null are looked at: they are alike.
_ENOUGH = 20


def known_nulls(interactions: Iterable[Interaction]) -> Nulls:
    """The fields that some recorded record has null in, by the endpoint that was asked."""
    found: set[tuple[str, str]] = set()
    seen: Counter[str] = Counter()
    for interaction in interactions:
        asked = endpoint(interaction.request)
        if b"null" in interaction.response.body and seen[asked] < _ENOUGH:
            seen[asked] += 1
            with suppress(NotRewritable):
                data = body_of(interaction).data
                found.update((asked, each.path) for each in values_in(data) if each.value is None)
    return frozenset(found)
