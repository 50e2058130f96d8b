"""What the summary takes from the report of a test, as plain data: it crosses from pytest-xdist's workers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from connector_contract.reporting.outcome import Outcome

ATTRIBUTE = "connector_contract"
"""The attribute of pytest's reports that has it."""


class Note(NamedTuple):
    """What a rule of the standard contract did not check, or has to remark.

    Attributes:
        kind: ``waived``, ``nothing to check``, ``outside the sample`` or ``note``.
        rule: The rule, as waivers have it.
        reason: Why; of a remark, what it is.
    """

    kind: str
    rule: str
    reason: str


@dataclass(frozen=True)
class RunReport:
    """What one run of a test reports to the summary.

    Attributes:
        note: What a rule did not check.
        cause: A mistake that another test has reported already, in full.
        unrecorded: Whether the scenario has no cassette.
        outcome: What became of the scenario.
        shared: What became of the recordings that it was the first to need of those that tests share.
        late: Verdicts on earlier scenarios, which have left something running that asks in this one.
        project: The folder of the test's project.
        remarks: What a rule has to remark without failing.
        verdict: Which verdict its failure is, as ``errors.Verdict`` has it.
        compares_nothing: Whether it has failed before anything was compared.
        answers: Of a failure, the text that each stored file would have now, by its path below pytest's root;
            ``None`` if there would be no file.
        asks: What it asks for that is not recorded, as ``ContractError.asks``.
        faults: What came of each fault that it has tried, as ``faults.swept_call`` has it.
    """

    note: Note | None = None
    cause: str | None = None
    unrecorded: bool = False
    outcome: Outcome | None = None
    shared: list[Outcome] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    project: str = ""
    remarks: list[Note] = field(default_factory=list)
    verdict: str | None = None
    compares_nothing: bool = False
    answers: dict[str, str | None] = field(default_factory=dict)
    asks: list[list[str]] = field(default_factory=list)
    faults: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report as pytest-xdist can send it."""
        # pytest-xdist sends plain lists, and no named tuples.
        note = None if self.note is None else list(self.note)
        # Faults are plain already, and many.
        plain = asdict(replace(self, faults={}))
        return {
            **plain,
            "faults": self.faults,
            "note": note,
            "remarks": [list(each) for each in self.remarks],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RunReport:
        """The report that ``to_json`` was made of."""
        note, outcome = data["note"], data["outcome"]
        return cls(
            None if note is None else Note(*note),
            data["cause"],
            data["unrecorded"],
            None if outcome is None else Outcome(**outcome),
            [Outcome(**each) for each in data["shared"]],
            data["late"],
            data["project"],
            [Note(*each) for each in data["remarks"]],
            data["verdict"],
            data["compares_nothing"],
            data["answers"],
            data["asks"],
            data["faults"],
        )
