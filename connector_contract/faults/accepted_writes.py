"""Writes that an upstream has only accepted: what becomes of them is known once it says so.

It says with 202 that it has not done yet what it was asked for (RFC 9110, 15.3.3), or with a state such as
``pending`` that a later response of the call has otherwise. Then the requests that ask what became of it are
part of the write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector_contract.contract.rules.failures import is_logout
from connector_contract.contract.rules.paging import spelled
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Trial
from connector_contract.faults.json_places import values_in
from connector_contract.faults.request_roles import is_login, only_reads
from connector_contract.faults.rewritten_body import NotRewritable, body_of
from connector_contract.recording.interactions import Interaction, Request, Response

_ACCEPTED = 202
# As ``spelled`` has them.
_WAITING = frozenset(
    {
        "accepted", "deleting", "enqueued", "inprogress", "notstarted", "pending", "processing", "queued",
        "running", "scheduled", "started", "submitted", "waiting",
    }
)  # fmt: skip
# How an upstream says that what was deleted is gone.
_GONE = (404, 410)


def is_poll(call: BrokenCall, number: int) -> bool:
    """Whether an interaction asks what became of a write that its upstream has only accepted.

    Args:
        call: The call.
        number: The interaction.
    """
    if not call.writes or not _reads(call.interactions[number].request):
        return False
    numbers = [*call.interactions]
    return any(_is_accepted(call, each) for each in numbers[: numbers.index(number)])


def is_known_end(trial: Trial, call: BrokenCall) -> bool:
    """Whether a poll is answered as the recording ends it: what was deleted is gone."""
    if trial.place is None or not is_poll(call, trial.place):
        return False
    change = trial.changes.get(trial.place)
    if not isinstance(change, Response) or change.status not in _GONE:
        return False
    ends = [call.interactions[each].response.status for each in call.equal(trial.place)]
    return change.status == ends[-1]


def _reads(request: Request) -> bool:
    return only_reads(request) and not is_login(request) and not is_logout(request)


def _is_accepted(call: BrokenCall, number: int) -> bool:
    interaction = call.interactions[number]
    if only_reads(interaction.request) or not 200 <= interaction.response.status < 300:
        return False
    if interaction.response.status == _ACCEPTED:
        return True
    waits = {name for name, state in _states(interaction) if state in _WAITING}
    later = [each for other, each in call.interactions.items() if other > number and _reads(each.request)]
    # Who is invited is pending, too, and stays so.
    return any(name in waits and state not in _WAITING for each in later for name, state in _states(each))


def _states(interaction: Interaction) -> Iterator[tuple[str, str]]:
    """The states in a response, by the names of their fields."""
    try:
        data = body_of(interaction).data
    except NotRewritable:
        return
    if isinstance(data, Mapping):
        for each in values_in(data):
            name = spelled(each.name)
            if name.endswith(("status", "state")) and isinstance(each.value, str):
                yield name, spelled(each.value)
