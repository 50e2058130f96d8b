"""The data of the fault sweep: what is broken, what Lumos must see of it, and what it saw.

Read it as it flows: a call and its interactions become ``Trial``s; a replayed trial has an ``Outcome``; both
together are a ``Row``, which may be a ``Finding``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from connector_contract.recording.played_changes import Change, Otherwise


class Group(Enum):
    """What kind of a fault it is, in the order in which reports show them."""

    STATUS = "a status"
    RATE_LIMIT = "a rate limit"
    SERVER_ERROR = "a server error"
    CONNECTION = "the connection"
    BODY = "an unreadable body"
    MEANING = "a body that says something else"
    FIELD = "a field of a record"
    PAGE = "the pages of a list"
    DEADLINE = "the deadline"


@dataclass(frozen=True)
class Fault:
    """One way in which an upstream breaks.

    Attributes:
        name: As options, declarations and JSON name it: ``status-401``, ``truncated-json``.
        group: Its kind.
        title: What the upstream does, in a clause: ``the upstream answers 401``.
        source: Where it comes from: the SDK's map, a specification, an RFC.
        heals: Whether only the first request that meets it is broken, and the next is answered as recorded.
        everywhere: Whether it breaks all interactions of the call at once, and not each alone.
    """

    name: str
    group: Group
    title: str
    source: str
    heals: bool = False
    everywhere: bool = False


@dataclass(frozen=True)
class Owed:
    """What Lumos must see of a broken call.

    Attributes:
        codes: The codes of an error that are right; empty if any but ``internal_error`` is.
        retryable: What the error's metadata must say; ``None`` if either is right.
        may_fail: Whether an error is right at all.
        may_be_same: Whether the recorded success is right.
        may_differ: Whether a success is right that has other values than the recorded one, or other records
            beside those of ``keeps``: what was made of the broken part.
        keeps: The ids of records that a success must have, as ``record_ids`` names them, for a fault that
            must not lose any.
        steady: The fields of Lumos' records that a success may have as recorded or null, and in no other
            way: a status that is made of nothing is made up.
        leads_on: Whether a success must have the token of a next page, for there are more.
        names: What an error's message must name, such as the field that is missing; empty for nothing.
        may_lack: The id whose records a success may lack, as it does for an id that nothing has; empty if it
            may lack none.
    """

    codes: frozenset[str] = frozenset()
    retryable: bool | None = None
    may_fail: bool = True
    may_be_same: bool = False
    may_differ: bool = False
    keeps: frozenset[str] = frozenset()
    steady: frozenset[str] = frozenset()
    leads_on: bool = False
    names: str = ""
    may_lack: str = ""


@dataclass(frozen=True)
class Trial:
    """One call with one fault in it.

    Attributes:
        fault: What is broken.
        place: The number of the broken interaction in the cassette; ``None`` if all of the call's are.
        changes: What the connector sees in place of the recorded responses, by number.
        owed: What Lumos must see.
        detail: What of the response is broken, such as the path of a field; empty if all of it is.
        rate_limit: What Lumos says in the envelope's ``rate_limit``, for a fault of the deadline.
        otherwise: What answers a request that nothing has recorded, for a fault that makes the connector ask
            for more; ``None`` if nothing does.
        in_turn: Whether equal requests get what is due, changed or as recorded: a job that is polled ends.
            Otherwise the first changed response is played for ever.
    """

    fault: Fault
    place: int | None
    changes: Mapping[int, Change]
    owed: Owed
    detail: str = ""
    rate_limit: Mapping[str, object] | None = None
    otherwise: Otherwise | None = None
    in_turn: bool = False


@dataclass(frozen=True)
class NotApplicable:
    """A fault that does not apply to an interaction.

    Attributes:
        fault: The fault.
        place: The number of the interaction; ``None`` for all of the call.
        why: In a clause: ``its response has no body``.
    """

    fault: Fault
    place: int | None
    why: str


class Outcome(Enum):
    """What came of a broken call."""

    AS_EXPECTED = "as expected"
    SAME_SUCCESS = "the same success"
    CAUGHT = "a success that tells of the error it caught"
    OTHER_CODE = "another error code"
    NOT_RETRYABLE = "an error with the wrong retryable"
    UNNAMED = "an error that does not name what is wrong"
    UNWANTED_ERROR = "an error where there is nothing wrong"
    INTERNAL_ERROR = "internal_error"
    EXCEPTION = "an exception"
    EMPTY_SUCCESS = "an empty success"
    PARTIAL_SUCCESS = "a partial success"
    OTHER_SUCCESS = "another success"
    WRITTEN_TWICE = "a write that is made twice"
    WRONG_WRITE = "another write than the recorded one"
    SENT_ELSEWHERE = "a request to another place"
    SECRET = "a secret in the message"  # noqa: S105 - it is none
    OFF_SCRIPT = "a request that was never recorded"
    OVER_BUDGET = "too many requests"
    ENDLESS = "no end"
    NOT_FIRED = "the broken response was never asked for"
    NOT_APPLICABLE = "does not apply"


class Weight(Enum):
    """How bad a row is, the worst first."""

    ACCESS_LOST = "Lumos takes away access that people still have"
    WRITE_LOST = "Lumos believes that it was done"
    WRONG = "Lumos does the wrong thing next"
    NOTE = "worth knowing"
    GOOD = "right"


@dataclass(frozen=True)
class Row:
    """One fault at one interaction of one call, and what came of it.

    Attributes:
        capability: What Lumos called.
        fault: The fault's name.
        group: The fault's kind.
        endpoint: The method and path of the broken request, with ``*`` for ids: ``GET /users/*``; empty for
            all of the call.
        place: The number of the broken interaction in the cassette; ``None`` for all of the call.
        outcome: What came of it.
        weight: How bad that is.
        expected: What Lumos must see, in words: ``unauthorized, not retryable``.
        told: What Lumos saw, in words: ``a success with 0 records``.
        consequence: What Lumos does with that, in a sentence; empty if it is right.
        scenario: The test whose cassette has the call.
        detail: What of the response is broken, such as the path of a field.
        remedy: How the author can put it right; empty if it is right.
        tolerated: The author's reason to tolerate it; ``None`` if nobody does.
        evidence: Lines that show it: the request, what it was answered, the message of the error.
    """

    capability: str
    fault: str
    group: Group
    endpoint: str
    place: int | None
    outcome: Outcome
    weight: Weight
    expected: str
    told: str
    consequence: str = ""
    scenario: str = ""
    detail: str = ""
    remedy: str = ""
    tolerated: str | None = None
    evidence: tuple[str, ...] = ()

    @property
    def is_finding(self) -> bool:
        """Whether it fails the sweep."""
        return self.tolerated is None and self.weight not in (Weight.NOTE, Weight.GOOD)

    def to_json(self) -> dict[str, Any]:
        """The row as plain data: it crosses from pytest-xdist's workers."""
        plain = {name: value for name, value in vars(self).items() if not isinstance(value, Enum)}
        enums = {name: value.name for name, value in vars(self).items() if isinstance(value, Enum)}
        return {**plain, **enums, "evidence": list(self.evidence)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Row:
        """The row that ``to_json`` was made of."""
        return cls(
            **{
                **data,
                "group": Group[data["group"]],
                "outcome": Outcome[data["outcome"]],
                "weight": Weight[data["weight"]],
                "evidence": tuple(data["evidence"]),
            }
        )
