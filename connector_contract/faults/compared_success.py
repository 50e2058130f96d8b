"""A success of a broken call beside the recorded one: the same, empty, less, or another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.faults.fault import Outcome
from connector_contract.recording.moments import same_moment
from connector_contract.storage.volatile import without_volatile

# What the SDK says of its own requests, which a broken response may change.
_BESIDE = ("rate_limit", "raw_data")


def compared(capability: str, before: Json, now: Json, at: datetime) -> Outcome:
    """Which kind of success ``now`` is.

    Args:
        capability: What was called.
        before: The recorded success.
        now: The success of the broken call.
        at: When it was replayed: times that the connector makes up are near it.
    """
    before, now = _answered(before), _answered(now)
    if is_same(before, now, at):
        return Outcome.SAME_SUCCESS
    if _is_empty(_payload(capability, now)) and not _is_empty(_payload(capability, before)):
        return Outcome.EMPTY_SUCCESS
    return Outcome.PARTIAL_SUCCESS if _is_less(now, before, at) else Outcome.OTHER_SUCCESS


def is_same(before: Any, now: Any, at: datetime) -> bool:
    """Whether two answers say the same, at whatever moment."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return before.keys() == now.keys() and all(is_same(before[name], now[name], at) for name in before)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(
            is_same(one, other, at) for one, other in zip(before, now, strict=True)
        )
    if type(before) is type(now) and before == now:
        return True
    return same_moment(before, now, at.timestamp())


def lacks_only(text: str, capability: str, before: Json, now: Json, at: datetime) -> bool:
    """Whether a success is the recorded one without the records that have ``text`` as a value."""
    old, new = _payload(capability, before), _payload(capability, now)
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    rest = [record for record in old if text not in values(record)]
    return is_same(rest, new, at)


def count(capability: str, response: Json) -> int | None:
    """How many records a success has; ``None`` if it has none by its nature."""
    payload = _payload(capability, response)
    return len(payload) if isinstance(payload, list) else None


def values(data: Any) -> set[str]:
    """All values in some data, as texts."""
    if isinstance(data, Mapping):
        return set().union(*map(values, data.values())) if data else set()
    if isinstance(data, list):
        return set().union(*map(values, data)) if data else set()
    return {str(data)}


def _answered(response: Json) -> Json:
    return {name: part for name, part in without_volatile(response).items() if name not in _BESIDE}


def _payload(capability: str, response: Json) -> Any:
    payload = response.get("response")
    standard = STANDARD.get(capability)
    if standard is not None and standard.within and isinstance(payload, Mapping):
        return payload.get(standard.within)
    return payload


def _is_empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_empty, value.values()))
    return value is None or value == "" or value == []


def _is_less(now: Any, before: Any, at: datetime) -> bool:
    """Whether ``now`` says nothing that ``before`` does not."""
    if _is_empty(now) or is_same(before, now, at):
        return True
    if isinstance(now, Mapping) and isinstance(before, Mapping):
        return all(_is_less(value, before.get(name), at) for name, value in now.items())
    if isinstance(now, list) and isinstance(before, list):
        left = iter(before)
        return all(any(_is_less(item, other, at) for other in left) for item in now)
    return False
