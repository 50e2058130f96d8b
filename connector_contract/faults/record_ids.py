"""The ids of Lumos' records, and which of the upstream's responses they come from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.bodies import texts
from connector_contract.contract.rules.responses import Key, shown
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.records_in_body import records_of
from connector_contract.faults.rewritten_body import NotRewritable, body_of

_Where = tuple[int, int]
"""The number of an interaction, and which of its body's records it is."""

_OF_ONE_FIELD = {"LastActivityData", "NonHumanAccountLastActivity", "CredentialLastActivity"}


def lumos_records(capability: str, response: Json) -> list[Mapping[str, Any]]:
    """The records of a response, in order; none if it is an error, or not of a standard capability."""
    standard = STANDARD.get(capability)
    payload = response.get("response")
    if standard is None or standard.key is None or response.get("is_error"):
        return []
    if isinstance(payload, Mapping):
        payload = payload.get(standard.within) if standard.within else [payload]
    return [each for each in payload if isinstance(each, Mapping)] if isinstance(payload, list) else []


def key_of(capability: str, record: Mapping[str, Any]) -> Key:
    """What identifies a record, the most specific part first."""
    key = STANDARD[capability].key
    return tuple(str(record.get(field)) for field in key.fields) if key else ()


def record_ids(capability: str, response: Json) -> frozenset[str]:
    """The ids of a response's records, as messages and ``Owed.keeps`` name them."""
    return frozenset(shown(key_of(capability, each)) for each in lumos_records(capability, response))


def all_ids(call: BrokenCall) -> frozenset[str]:
    """The ids of the records that the call gives if nothing is broken."""
    return record_ids(call.call.capability, call.response)


def ids_with(call: BrokenCall, parts: Collection[str]) -> frozenset[str]:
    """The ids of the records of the recorded response that have one of these as a part.

    Args:
        call: The call.
        parts: Texts: whole ones, or what a connector has put an id together of.
    """
    name = call.call.capability
    return frozenset(
        shown(key)
        for key in (key_of(name, each) for each in lumos_records(name, call.response))
        if any(_has_part(text, part) for text in key for part in parts)
    )


def _has_part(text: str, part: str) -> bool:
    return bool(part) and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None


def may_be_nothing(capability: str) -> bool:
    """Whether a record of a capability is made of one field, so that there is none without the field.

    So it is with the last activity of somebody who never logged in.
    """
    standard = STANDARD.get(capability)
    return standard is not None and standard.key is not None and standard.key.schema in _OF_ONE_FIELD


def ids_served_by(call: BrokenCall, numbers: Collection[int]) -> frozenset[str]:
    """The ids of the records that some interactions of a call have served.

    A record of Lumos comes from one of the upstream that has all parts of its id. An id that no body has, as
    one that the connector puts together, is left out: nobody knows where it comes from.
    """
    asked = set(numbers)
    return frozenset(
        id_ for id_, served in _served(call).items() if any(number in asked for number, _ in served)
    )


def ids_in(call: BrokenCall, number: int, index: int) -> frozenset[str]:
    """The ids of the records that are made of one record of the upstream.

    Args:
        call: The call.
        number: The interaction that served it.
        index: Which of its body's records it is, from 0.
    """
    return _made_of(call).get((number, index), frozenset())


@lru_cache(4)
def _made_of(call: BrokenCall) -> Mapping[_Where, frozenset[str]]:
    """The ids that are made of each of the upstream's records."""
    found: dict[_Where, set[str]] = defaultdict(set)
    for id_, served in _served(call).items():
        for at in served:
            found[at].add(id_)
    return {at: frozenset(ids) for at, ids in found.items()}


@lru_cache(4)
def _served(call: BrokenCall) -> Mapping[str, frozenset[_Where]]:
    """Where in the upstream's bodies each of Lumos' records comes from."""
    where: dict[str, set[_Where]] = defaultdict(set)
    for at, text in _texts(call):
        where[text].add(at)
    found: dict[str, frozenset[_Where]] = {}
    for record in lumos_records(call.call.capability, call.response):
        key = key_of(call.call.capability, record)
        parts = sorted((where[part] for part in key if part in where), key=len)
        found[shown(key)] = frozenset(set.intersection(*parts)) if parts else frozenset()
    return found


def _texts(call: BrokenCall) -> Iterator[tuple[_Where, str]]:
    for number, interaction in call.interactions.items():
        try:
            body = body_of(interaction)
        except NotRewritable:
            continue
        for index, (_, record) in enumerate(records_of(body.data)):
            yield from (((number, index), text) for text in texts(record))
