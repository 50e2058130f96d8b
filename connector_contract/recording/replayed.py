"""The data of a call that is replayed alone: what the upstream does otherwise, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector_contract.errors import ContractError, UnmatchedRequest
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.played_changes import Change, Otherwise


@dataclass(frozen=True)
class Refusing:
    """An upstream that answers to the good credentials alone.

    Attributes:
        given: The ``auth`` or ``credentials`` that the connector is given in place of the good ones.
        response_to: What it answers to a request that carries others.
    """

    given: Mapping[str, Any]
    response_to: Callable[[Request], Response]


@dataclass(frozen=True)
class Broken:
    """What an upstream does otherwise than it was recorded.

    Attributes:
        changes: What the connector sees in place of a recorded response, by the number of the interaction.
        refusing: The upstream, if it refuses the credentials that the connector is given.
        otherwise: Answers a request that nothing has recorded.
        in_turn: Whether equal requests get what is due, changed or as recorded. Otherwise the first changed
            response is played for ever.
    """

    changes: Mapping[int, Change] = field(default_factory=dict)
    refusing: Refusing | None = None
    otherwise: Otherwise | None = None
    in_turn: bool = False


@dataclass
class Replayed:
    """What came of a replayed call.

    Attributes:
        response: The connector's response; ``None`` if it gave none.
        failure: Why it gave none: its dispatch raised an error, or was cancelled; or it asked, or waited,
            without end.
        fired: How often each changed interaction was asked for while it was changed, by its number.
        asked: How often each interaction was asked for, by its number.
        order: The numbers of the interactions as they were asked for: ``[3, 3]`` is one that was asked for
            twice.
        off_script: What the requests are told that nothing in the scenario has recorded, in order.
        not_recorded: The requests that are told so.
        answered_otherwise: Further ones that nothing has recorded: ``otherwise`` has answered them.
        sent_elsewhere: Those of both that went to another origin than the connector's declared ones.
    """

    response: dict[str, Any] | None = None
    failure: ContractError | None = None
    fired: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    order: list[int] = field(default_factory=list)
    off_script: list[UnmatchedRequest] = field(default_factory=list)
    not_recorded: list[Request] = field(default_factory=list)
    answered_otherwise: list[Request] = field(default_factory=list)
    sent_elsewhere: list[Request] = field(default_factory=list)
