"""A call that is to be broken, with what is known of it before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connector_contract.config import Json
from connector_contract.contract.standard_capabilities import STANDARD, Kind, Refused
from connector_contract.faults.error_map import ErrorMap
from connector_contract.faults.known_ends import Ends
from connector_contract.faults.known_nulls import Nulls
from connector_contract.recording.call import Call
from connector_contract.recording.interactions import Interaction

READS = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing (RFC 9110, 9.2.1)."""


# By identity: what is found out about a call is kept for it.
@dataclass(frozen=True, eq=False)
class BrokenCall:
    """A recorded call, and its replay as it was recorded.

    Attributes:
        call: As the cassette has it.
        interactions: Its interactions, by their number in the cassette, in the order in which it asked.
        response: What the connector answers if nothing is broken.
        errors: The codes of the installed SDK.
        now: When it is replayed, for an upstream that names a time from which on it may be asked again.
        recorded: All interactions of the cassette, in their order: a call that is one page of a walk does not
            have the page before. Empty if they are not known.
        nulls: The fields that are null in some recording of the connector, by the endpoint that was asked.
        ends: What the last pages of its recordings have, by the endpoint that was asked.
        is_sdks: Whether the SDK itself makes the call, as it does for OAuth, and none of the author's code.
        no_login_is_403: Whether the author declares that the upstream refuses wrong credentials with 403.
    """

    call: Call
    interactions: Mapping[int, Interaction]
    response: Json = field(default_factory=dict)
    errors: ErrorMap = field(default_factory=ErrorMap)
    now: datetime = datetime(2015, 10, 21, 7, 28, tzinfo=UTC)
    recorded: Sequence[Interaction] = ()
    nulls: Nulls = frozenset()
    ends: Ends = field(default_factory=dict)
    is_sdks: bool = False
    no_login_is_403: bool = False

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
        return any(each.request.method not in READS for each in self.interactions.values())

    @property
    def leads_on(self) -> bool:
        """Whether it is one page of a walk that goes on."""
        return bool((self.response.get("page") or {}).get("token"))

    @property
    def refused(self) -> Refused:
        """What its capability gives if the upstream fails."""
        standard = STANDARD.get(self.call.capability)
        return Refused.ERROR if standard is None else standard.refused

    @property
    def handed_on(self) -> str:
        """Why nothing in a body can be wrong, in a clause; empty if something can."""
        is_handed_on = self.call.capability == "fulfill_arbitrary_endpoint"
        return "its capability hands on what the upstream says, unaltered" if is_handed_on else ""

    def equal(self, number: int) -> list[int]:
        """The numbers of its interactions that ask the same as one of them does, that one included."""
        request = self.interactions[number].request
        return [other for other, each in self.interactions.items() if each.request == request]

    def equal_from(self, number: int) -> list[int]:
        """The numbers of one of its interactions, and of those after it that ask the same."""
        equal = self.equal(number)
        return equal[equal.index(number) :]
