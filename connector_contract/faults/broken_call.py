"""A call that is to be broken, with what is known of it before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connector_contract.config import Json
from connector_contract.contract.standard_capabilities import STANDARD, Kind
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Interaction


# By identity: what is found out about a call is kept for it.
@dataclass(frozen=True, eq=False)
class BrokenCall:
    """A recorded call, and its replay as it was recorded.

    Attributes:
        call: As the cassette has it.
        interactions: Its interactions, by their number in the cassette, in the order in which it asked.
        response: What the connector answers if nothing is broken.
        recorded: All interactions of the cassette, in their order: a call that is one page of a walk does not
            have the page before. Empty if they are not known.
    """

    call: Call
    interactions: Mapping[int, Interaction]
    response: Json = field(default_factory=dict)
    recorded: Sequence[Interaction] = ()

    @property
    def kind(self) -> Kind | None:
        """What its capability is for; ``None`` if it is no standard one."""
        standard = STANDARD.get(self.call.capability)
        return None if standard is None else standard.kind

    @property
    def writes(self) -> bool:
        """Whether its capability writes; a custom one does if it asks with more than GET and HEAD."""
        if self.kind is not None:
            return self.kind is Kind.WRITES
        return any(each.request.method not in ("GET", "HEAD") for each in self.interactions.values())
