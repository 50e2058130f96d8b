"""All faults, in the order in which reports show them, and the trials that they make of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from connector_contract.faults import (
    body_faults,
    connection_faults,
    deadline_fault,
    field_faults,
    meaning_faults,
    page_faults,
    status_faults,
)
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Trial

FAULTS: tuple[Fault, ...] = (
    *status_faults.FAULTS,
    *connection_faults.FAULTS,
    *body_faults.FAULTS,
    *meaning_faults.FAULTS,
    *field_faults.FAULTS,
    *page_faults.FAULTS,
    *deadline_fault.FAULTS,
)
"""Each fault once; ``docs/faults.md`` has a row for each."""

BY_NAME: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}

_Trials = Callable[[BrokenCall, int], Iterator[Trial | NotApplicable]]
_AT_EACH: tuple[_Trials, ...] = (
    status_faults.trials,
    connection_faults.trials,
    body_faults.trials,
    meaning_faults.trials,
    field_faults.trials,
    page_faults.trials,
)
_OF_THE_CALL: tuple[Callable[[BrokenCall], Trial | NotApplicable], ...] = (
    status_faults.everywhere,
    deadline_fault.trial,
)


def planned(call: BrokenCall) -> Iterator[Trial | NotApplicable]:
    """All trials of a call: each fault at each interaction, and those of the call as a whole."""
    for number in call.interactions:
        for trials in _AT_EACH:
            yield from trials(call, number)
    for trial in _OF_THE_CALL:
        yield trial(call)


def in_group(group: Group) -> list[Fault]:
    """The faults of one kind."""
    return [fault for fault in FAULTS if fault.group is group]
