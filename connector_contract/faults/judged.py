"""A trial that was replayed, as a row of the report."""

from __future__ import annotations

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.consequences import consequence
from connector_contract.faults.fault import Fault, NotApplicable, Outcome, Row, Trial, Weight
from connector_contract.faults.fault_words import evidence, expected, told
from connector_contract.faults.outcome_of_trial import outcome_of, weight_of
from connector_contract.faults.remedies import remedy
from connector_contract.faults.seen import Seen
from connector_contract.recording.matching import endpoint


def judged(trial: Trial, call: BrokenCall, seen: Seen, scenario: str = "") -> Row:
    """What came of a trial, with what Lumos does with it, and how to put it right.

    Args:
        trial: It.
        call: The call, and what it answers if nothing is broken.
        seen: What the replay gave.
        scenario: The test whose cassette has the call.
    """
    outcome = outcome_of(trial, call, seen)
    weight = weight_of(outcome, trial, call, seen)
    return Row(
        capability=call.call.capability,
        fault=trial.fault.name,
        group=trial.fault.group,
        endpoint=_endpoint(call, trial.place),
        place=trial.place,
        outcome=outcome,
        weight=weight,
        expected=expected(trial, call),
        told=told(outcome, trial, call, seen),
        consequence=consequence(outcome, weight, trial, call, seen),
        scenario=scenario,
        detail=trial.detail,
        remedy=remedy(outcome, weight, trial, call, seen),
        evidence=evidence(trial, call, seen),
    )


def not_applicable(found: NotApplicable, call: BrokenCall, scenario: str = "") -> Row:
    """The row of a fault that does not apply; what it told is why."""
    fault: Fault = found.fault
    return Row(
        capability=call.call.capability,
        fault=fault.name,
        group=fault.group,
        endpoint=_endpoint(call, found.place),
        place=found.place,
        outcome=Outcome.NOT_APPLICABLE,
        weight=Weight.GOOD,
        expected="",
        told=found.why,
        scenario=scenario,
    )


def _endpoint(call: BrokenCall, place: int | None) -> str:
    return "" if place is None else endpoint(call.interactions[place].request)
