"""A call: what Lumos asked of the connector, which interactions it took, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connector_contract.config import Json
from connector_contract.recording.concurrency import Lanes, as_json, keep_order, numbers_in, read_lanes

_ASKED: dict[str, type] = {
    "request": dict,
    "page": dict,
    "auth": dict,
    "credentials": list,
    "settings": dict,
    "rate_limit": dict,
    "include_raw_data": bool,
}
"""The parts of what was asked, as the envelope of the SDK's requests names them, and what each is in JSON."""

_KEYS = ("capability", "stopped_after", "interactions", "concurrent", "success", "error", "snapshots")


@dataclass(frozen=True)
class Success:
    """The outcome of a call that succeeded.

    Attributes:
        records: How many records the response has; ``None`` if it is not a list.
    """

    records: int | None = None

    def __str__(self) -> str:
        """The outcome as messages name it."""
        if self.records is None:
            return "a success"
        return f"a success with {self.records} {'record' if self.records == 1 else 'records'}"


@dataclass(frozen=True)
class Failure:
    """The outcome of a call that returned an ``ErrorResponse``.

    Attributes:
        code: The error's code, one of the SDK's ``ErrorCode``.
    """

    code: str

    def __str__(self) -> str:
        """The outcome as messages name it."""
        return f"the error {self.code}"


CallOutcome = Success | Failure


@dataclass(frozen=True)
class Call:
    """One capability called once.

    Attributes:
        capability: Its name.
        asked: What was asked, without secrets and with page tokens decoded: ``request``, ``page``, and of
            ``auth``, ``credentials``, ``settings`` and the like what was not as the connector under test is
            configured.
        outcome: What came of it.
        interactions: The numbers of its interactions in the cassette, from 1.
        concurrent: The lanes of those of them that tasks or threads asked for at the same time, as
            ``concurrency`` has them.
        snapshots: The file names of the snapshots that its response was compared with.
        stopped_after: The number of its page, if its walk was stopped there although there are more.
    """

    capability: str
    outcome: CallOutcome
    asked: Json = field(default_factory=dict)
    interactions: tuple[int, ...] = ()
    concurrent: Lanes = ()
    snapshots: tuple[str, ...] = ()
    stopped_after: int | None = None

    @cached_property
    def at_once(self) -> frozenset[int]:
        """The numbers of the interactions that are in lanes."""
        return numbers_in(self.concurrent)

    def to_json(self) -> dict[str, Any]:
        """The call as a cassette keeps it."""
        asked = {name: self.asked[name] for name in _ASKED if name in self.asked}
        data: dict[str, Any] = {"capability": self.capability, **asked}
        if self.stopped_after is not None:
            data["stopped_after"] = self.stopped_after
        data["interactions"] = list(self.interactions)
        if self.concurrent:
            data["concurrent"] = as_json(self.concurrent)
        if isinstance(self.outcome, Failure):
            data["error"] = self.outcome.code
        else:
            data["success"] = True if self.outcome.records is None else self.outcome.records
        if self.snapshots:
            data["snapshots"] = list(self.snapshots)
        return data

    @classmethod
    def from_json(cls, data: Any) -> Call:
        """The call that a cassette has ``data`` of.

        Raises:
            ValueError: A part is missing, unknown or of another type.
        """
        if not isinstance(data, dict) or not isinstance(data.get("capability"), str):
            raise ValueError("a call names no capability")
        if unknown := [str(name) for name in data if name not in _KEYS and name not in _ASKED]:
            raise ValueError(f"a call has the unknown part {', '.join(sorted(unknown))}")
        call = cls(
            data["capability"],
            _outcome(data),
            {name: _asked(name, data[name]) for name in _ASKED if name in data},
            _numbers(data.get("interactions")),
            read_lanes(data.get("concurrent", [])),
            tuple(_texts(data.get("snapshots", []))),
            *_numbers([data["stopped_after"]] if "stopped_after" in data else []),
        )
        if not call.at_once <= set(call.interactions):
            raise ValueError("a call has as concurrent what is none of its interactions")
        if not keep_order(call.concurrent, {number: place for place, number in enumerate(call.interactions)}):
            raise ValueError("a call has lanes in another order than its interactions")
        return call


def asked_of(envelope: Mapping[str, Any], configured: Mapping[str, Any]) -> dict[str, Any]:
    """What of an envelope has to be kept to ask the same again.

    Args:
        envelope: What was sent to the connector.
        configured: The parts that the connector under test is configured with.
    """
    # A copy: the test may go on with what it has passed.
    return {
        name: deepcopy(envelope[name])
        for name in _ASKED
        if name in envelope and envelope[name] != configured.get(name, {} if name == "request" else None)
    }


def outcome_of(response: Mapping[str, Any]) -> CallOutcome:
    """What came of a call, by its response."""
    if response.get("is_error"):
        return Failure(str((response.get("error") or {}).get("error_code")))
    records = response.get("response")
    return Success(len(records) if isinstance(records, list) else None)


def _outcome(data: Mapping[str, Any]) -> CallOutcome:
    if ("error" in data) == ("success" in data):
        raise ValueError("a call needs either a success or an error")
    if "error" in data:
        return Failure(*_texts([data["error"]]))
    records = data["success"]
    if records is True:
        return Success()
    return Success(*_numbers([records]))


def _asked(name: str, value: Any) -> Any:
    if not isinstance(value, _ASKED[name]) or not _is_json(value):
        raise ValueError(f"a call has {value!r} as its {name}")
    return value


def _is_json(value: Any) -> bool:
    """Whether it is what JSON may hold: YAML has dates, sets and the like, too."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, (str, bool, int, float))


def _numbers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(each) is int and each >= 0 for each in value):
        raise ValueError(f"a call has {value!r} in the place of numbers")
    return tuple(value)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"a call has {value!r} in the place of texts")
    return value
