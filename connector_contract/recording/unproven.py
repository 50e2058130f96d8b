"""Why a recording cannot be replayed, in words, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from connector_contract.errors import ContractError, UnmatchedRequest, UnprovenRecording
from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import Difference, differences, nearest
from connector_contract.recording.mismatch import Place
from connector_contract.reporting.messages import counted

# How many requests, or values, a message lists.
_SHOWN = 5

# Times that differ by less than this, in seconds, differ because the one was made after the other.
_MOMENT = 60.0
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Asked:
    """A request that the replay makes, and that is not recorded.

    Attributes:
        request: What was asked.
        near: The nearest recorded request, if there is one.
        differences: What differs between the two; none if it was asked once too often.
    """

    request: Request
    near: Request | None
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, made: Request, recorded: Sequence[Request], left: Sequence[int]) -> Asked:
        """A request that equals no recorded one of those that are left; ``left`` has numbers from 1."""
        index = nearest(recorded, made, [number - 1 for number in left])
        near = None if index is None else recorded[index]
        return cls(made, near, () if near is None else tuple(differences(near, made)))

    @property
    def error(self) -> ContractError:
        """What the connector sees."""
        return UnmatchedRequest(f"The request is not recorded: {self.request}", remedy="Record it again.")


@dataclass(frozen=True)
class Unasked:
    """Recorded requests that the replay does not make."""

    requests: Sequence[str]


@dataclass(frozen=True)
class Trouble:
    """The first thing that keeps a recording from being replayed.

    Attributes:
        call: The call that it happened in; empty if it shows at the end.
        what: A request too much, requests too few, what the connector answers otherwise, or another sentence.
        headers: Response headers that are left out, and without which it cannot be replayed.
    """

    call: str
    what: Asked | Unasked | Sequence[str] | str
    headers: tuple[str, ...] = ()


def differences_of(before: Any, now: Any, path: str = "response") -> list[str]:
    """Each value of a response that the replay changes; times of the same moment are equal."""
    return list(_differences(before, now, "" if path == "response" else path))


def unproven(trouble: Trouble, place: Place) -> UnprovenRecording:
    """The failure of a recording that, replayed, asks or answers otherwise."""
    what, details, remedy = _told(trouble)
    if trouble.headers:
        names = ", ".join(trouble.headers)
        details = [*details, f"it can be replayed with the response header {names}, which is left out"]
        remedy = f"Keep the header: ConnectorUnderTest(keep_headers={list(trouble.headers)})."
    called = [("capability", trouble.call)] if trouble.call else []
    return UnprovenRecording(
        f"The recording was not saved, because it cannot be replayed: {what}.",
        where=[*called, *place.where],
        details=details,
        remedy=remedy,
    )


def kept_token(name: str, request: Request, place: Place) -> UnprovenRecording:
    """A request with a token that an earlier scenario's upstream has handed out."""
    return UnprovenRecording(
        f"The recording was not saved: nothing in it hands out the token that the connector sends in {name}.",
        where=[("request", str(request)), *place.where],
        remedy="The connector keeps the token since an earlier scenario. Say how it forgets that:\n"
        "ConnectorUnderTest(reset=...), a function that is called before each scenario.",
    )


_KEEPS = (
    "The connector keeps something in the process, such as a token or a cache. Say how it forgets that:\n"
    "ConnectorUnderTest(reset=...), a function that is called before each scenario."
)


def _told(trouble: Trouble) -> tuple[str, list[str], str]:
    what = trouble.what
    if isinstance(what, str):
        return what.rstrip("."), [], _KEEPS
    if isinstance(what, Unasked):
        what_is = f"the connector does not make {counted(len(what.requests), 'request')} again"
        return what_is, _some(what.requests), _KEEPS
    if isinstance(what, Asked):
        return _asked_told(what)
    return (
        "the connector answers the same responses otherwise",
        _some(what),
        "Either it makes these values up, and should take them from the upstream; or what the recording\n"
        "leaves out, or has a placeholder for, matters to it.",
    )


def _asked_told(asked: Asked) -> tuple[str, list[str], str]:
    if asked.near is None:
        return f"the connector asks what it did not ask before: {asked.request}", [], _KEEPS
    if not asked.differences:
        return f"the connector asks once more than before: {asked.request}", [], _KEEPS
    details = [f"recorded: {asked.near}", *map(str, asked.differences)]
    if {each.part for each in asked.differences} & {"method", "path", "origin"}:
        return f"the connector asks what it did not ask before: {asked.request}", details, _KEEPS
    return (
        f"the connector asks otherwise than before: {asked.request}",
        details,
        _aliases(asked.differences),
    )


def _aliases(found: Sequence[Difference]) -> str:
    paths = dict(filter(None, map(_alias, found)))
    if not paths:
        return _KEEPS
    return (
        "The connector makes the value up each time. Give it an alias, to be recorded in its place:\n"
        f"ConnectorUnderTest(aliases={json.dumps(paths)})."
    )


def _alias(difference: Difference) -> tuple[str, str] | None:
    kind, _, name = difference.part.partition(" ")
    if kind in ("query", "header") and name:
        quoted = name if re.fullmatch(r"[A-Za-z_]\w*", name) else f'"{name}"'
        return _word(name), f"request.{'headers' if kind == 'header' else 'query'}.{quoted}"
    if difference.part.startswith("body."):
        return _word(difference.part.rpartition(".")[2]), f"request.{difference.part}"
    return None


def _word(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "value"


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]


def _differences(before: Any, now: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*before, *(key for key in now if key not in before)]:
            below = f"{path}.{key}" if path else str(key)
            yield from _differences(before.get(key), now.get(key), below)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, pair in enumerate(zip(before, now, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif before != now and not _same_moment(before, now):
        yield f"{path}: recorded {_short(before)}, now {_short(now)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _same_moment(before: Any, now: Any) -> bool:
    if isinstance(before, bool) or isinstance(now, bool):
        return False
    if isinstance(before, (int, float)) and isinstance(now, (int, float)):
        scale = 1000 if min(before, now) > 1e11 else 1
        return min(before, now) > 1e9 and abs(now - before) / scale < _MOMENT
    if not (isinstance(before, str) and isinstance(now, str)):
        return False
    if not (_TIME.fullmatch(before) and _TIME.fullmatch(now)):
        return False
    return abs((_moment(now) - _moment(before)).total_seconds()) < _MOMENT


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
