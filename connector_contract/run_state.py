"""What the plugin knows of a test while it runs, and of a run of pytest."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.errors import ContractError, Verdict
from connector_contract.recording.ending import Ending
from connector_contract.reporting.run_report import Note, RunReport

if TYPE_CHECKING:
    from connector_contract.contract.declarations_file import Declarations
    from connector_contract.recording.exit_handlers import ExitHandlers
    from connector_contract.recording.run_people import RunPeople
    from connector_contract.recording.scenario import Scenario
    from connector_contract.reporting.outcome import Outcome


@dataclass
class TestRun:
    """One run of one test. A test that is run again, after a failure say, has another.

    Attributes:
        scenario: The scenario that it is, as soon as it is set up.
        upstream: What the scenario is recorded from, for the summary.
        ending: How its body has ended, if it has not failed; ``None`` before that.
        verdict: What a rule raised to end its body, which says nothing against the recording.
        has_failed_part: Whether anything but that verdict was reported as failed, such as a subtest.
        concluded: Whether its scenario was found good, and waits to be written.
        note: What a rule of the standard contract did not check.
        cause: A mistake that another test has reported already, in full.
        unrecorded: Whether the scenario has no cassette.
        outcome: What became of the scenario.
        shared: What became of the recordings that it was the first to need of those that tests share.
        late: Verdicts on earlier scenarios, which have left something running that asks in this one.
        remarks: What a rule has to remark without failing.
        judged: Which verdict its failure is; ``None`` if it has not failed, or with none.
        compares_nothing: Whether it has failed before anything was compared.
        answers: Of a failure, the text that each stored file would have now, by its path.
        declarations: What its contract class declares, if it is about that.
        asks: What it asks for that is not recorded, as ``ContractError.asks``.
        faults: What came of each fault that it has tried, as ``faults.swept_call`` has it.
    """

    __test__ = False

    scenario: Scenario | None = None
    upstream: str = ""
    ending: Ending | None = None
    verdict: BaseException | None = None
    has_failed_part: bool = False
    concluded: bool = False
    note: Note | None = None
    cause: str | None = None
    unrecorded: bool = False
    outcome: Outcome | None = None
    shared: list[Outcome] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    remarks: list[Note] = field(default_factory=list)
    judged: Verdict | None = None
    compares_nothing: bool = False
    answers: dict[str, str | None] = field(default_factory=dict)
    declarations: Declarations | None = None
    asks: list[list[str]] = field(default_factory=list)
    faults: dict[str, Any] = field(default_factory=dict)

    @property
    def report(self) -> RunReport | None:
        """What goes along with the test's report; ``None`` if there is nothing to say."""
        report = RunReport(
            self.note,
            self.cause,
            self.unrecorded,
            self.outcome,
            self.shared,
            self.late,
            remarks=self.remarks,
            verdict=None if self.judged is None else self.judged.value,
            compares_nothing=self.compares_nothing,
            answers=self.answers,
            asks=self.asks,
            faults=self.faults,
        )
        return None if report == RunReport() else report


_RUN = pytest.StashKey[TestRun]()

VERDICT = "verdict"
"""The property of a failed test that says which verdict it is."""


def begin_run(item: pytest.Item) -> None:
    """Forget what is known of an earlier run of a test."""
    item.stash[_RUN] = TestRun()
    item.user_properties[:] = [each for each in item.user_properties if each[0] != VERDICT]


def run_of(item: pytest.Item) -> TestRun:
    """The run of a test."""
    return item.stash.setdefault(_RUN, TestRun())


_LATE = pytest.StashKey[list[ContractError]]()


def late_of(config: pytest.Config) -> list[ContractError]:
    """The verdicts on what scenarios have left running that nobody has taken yet; they come at any time."""
    return config.stash.setdefault(_LATE, [])


def take_late(config: pytest.Config) -> list[str]:
    """Take the verdicts on earlier scenarios that have come since this was last called."""
    late = late_of(config)
    taken = [str(error) for error in late]
    del late[: len(taken)]
    return taken


COLLECTED: pytest.StashKey[tuple[pytest.Item, ...]] = pytest.StashKey()
"""Of a run of pytest: all tests that were found, also those that are left out."""

EXIT_HANDLERS: pytest.StashKey[ExitHandlers] = pytest.StashKey()
"""Of a run of pytest: what its scenarios have registered to run when Python exits."""

RUN_PEOPLE: pytest.StashKey[RunPeople] = pytest.StashKey()
"""Of a run of pytest: whom its recordings make up."""


def people_counts(config: pytest.Config) -> list[dict[str, Any]]:
    """What has become of the people in a run's recordings, as plain data; empty if they are not made up."""
    people = config.stash.get(RUN_PEOPLE, None)
    return [] if people is None else [asdict(each) for each in people.counts()]


REPORTED = pytest.StashKey[dict[str, str]]()
"""Of a run of pytest: the errors that some test has reported in full, each with the first such test."""
