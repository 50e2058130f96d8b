"""Connections that fail: nobody is there, no answer comes in time, or it ends in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.recording.interactions import Response
from connector_contract.recording.played_changes import Lost, LostConnection

_SOURCE = "connector.oai.errors: DefaultHandler, NetworkError and its subclasses"
_FAULTS = {
    Lost.REFUSED: Fault("connect-refused", Group.CONNECTION, Lost.REFUSED.value, _SOURCE),
    Lost.CONNECT_TIMEOUT: Fault("connect-timeout", Group.CONNECTION, Lost.CONNECT_TIMEOUT.value, _SOURCE),
    Lost.READ_TIMEOUT: Fault("read-timeout", Group.CONNECTION, Lost.READ_TIMEOUT.value, _SOURCE),
    Lost.DROPPED: Fault("dropped-mid-body", Group.CONNECTION, Lost.DROPPED.value, _SOURCE),
}
FAULTS: tuple[Fault, ...] = tuple(_FAULTS.values())


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of all faults of this module, at one interaction.

    Which of the codes for a lost connection is right depends on the client library, so any of them is.

    Args:
        call: The call.
        number: The number of the interaction.
    """
    response = call.interactions[number].response
    codes = call.errors.lost_connection
    owed = Owed(codes, call.errors.retryable(codes))
    for how, fault in _FAULTS.items():
        if how is Lost.DROPPED and len(response.body) < 2:
            yield NotApplicable(fault, number, "its response has no body that could end in the middle")
        else:
            came = _half(response) if how is Lost.DROPPED else None
            yield Trial(fault, number, {number: LostConnection(how, came)}, owed)


def _half(response: Response) -> Response:
    return replace(response, body=response.body[: len(response.body) // 2])
