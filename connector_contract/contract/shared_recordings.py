"""Recordings that the rules of a contract share: recorded once in a run, and played once in a process.

The first rule that asks for one records or plays it, whole, as a scenario of its own, and checks it. Whoever
asks later gets what the first one got. So the rules that judge the same response ask the upstream once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from filelock import FileLock

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import ContractError, LongWait, PointlessExample, SeveralProcesses
from connector_contract.recording.ending import Ending
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.record_modes import DISABLED, plan_for
from connector_contract.recording.running import running, upstream_name
from connector_contract.recording.scenario import Scenario, Session
from connector_contract.reporting.outcome import Outcome
from connector_contract.secrets.redaction import Redactor
from connector_contract.storage.files import ScenarioFiles

Result = TypeVar("Result")
Script = Callable[[Scenario], Awaitable[Result]]
"""What is called to record or to play a shared recording."""


@dataclass(frozen=True)
class Shared(Generic[Result]):
    """What came of a shared recording.

    Attributes:
        result: What its script has returned.
        cassette: What was recorded or played.
        redactor: Takes the secrets out that it knows.
        replaced: The file names that were replaced for it.
        trace: What was said in it, if traces are wanted.
    """

    result: Result
    cassette: Cassette
    redactor: Redactor
    replaced: Sequence[str] = ()
    trace: str = ""


class OnceInRun:
    """What has been recorded in this run of pytest, whichever worker of pytest-xdist has done it.

    Args:
        folder: One that all workers share; ``None`` if there is only this process.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._done: set[str] = set()

    @contextmanager
    def claim(self, what: str) -> Iterator[bool]:
        """Keep others from recording the same. It counts as done if the context ends without an error.

        Yields:
            Whether it is done already.
        """
        if self._folder is None:
            yield what in self._done
            self._done.add(what)
            return
        path = self._folder / hashlib.sha256(what.encode()).hexdigest()
        with FileLock(path.with_suffix(".lock")):
            yield path.exists()
            path.touch()


@dataclass
class SharedRecordings:
    """The shared recordings of one contract class, in this process.

    Attributes:
        connector: The connector under test.
        files: The files of a scenario of the class, whose folder and class they have.
        mode: pytest-recording's record mode, or ``record_modes.DISABLED``.
        upstream_url: A running upstream, in place of the declared one.
        session: What the scenarios of this run share.
        secret_names: Normalized names whose values are secret.
        update_snapshots: Whether changed outcomes are accepted.
        once: What this run has recorded.
        traces: Whether traces are wanted.
        outcomes: What became of those that nobody has ``taken`` yet.
        accepted: Whether the upstream has accepted the connector's credentials.
    """

    connector: ConnectorUnderTest
    files: ScenarioFiles
    mode: str
    upstream_url: str | None
    session: Session
    secret_names: frozenset[str]
    update_snapshots: bool
    once: OnceInRun
    traces: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    accepted: bool = False
    _known: dict[str, Shared[Any] | ContractError] = field(default_factory=dict)

    async def get(
        self,
        name: str,
        script: Script[Result],
        nodeid: str,
        report_once: Callable[[ContractError], ContractError],
        snapshots: Collection[str] = (),
        *,
        is_asked_once: bool = False,
    ) -> Shared[Result]:
        """A shared recording; it is recorded or played if it was not yet.

        Args:
            name: Its name in the class, such as ``reads[list_accounts-100]``.
            script: Calls the connector.
            nodeid: The test that asks for it.
            report_once: Makes what several tests have to report one report.
            snapshots: The file names of snapshots that a rule compares its responses in.
            is_asked_once: Whether the upstream must not be asked again in this run if it has failed.

        Raises:
            ContractError: It cannot be recorded or played, for this test or an earlier one.
        """
        if name not in self._known:
            try:
                self._known[name] = await self._made(name, script, nodeid, snapshots)
            except ContractError as error:
                # An upstream that failed may answer the next one; a replay fails again.
                if is_asked_once or not self._records(self.files.shared(name)):
                    self._known[name] = error
                # The first is reported by one rule alone, the others once for all scenarios.
                is_left_alone = isinstance(error, (PointlessExample, SeveralProcesses, LongWait))
                raise error if is_left_alone else report_once(error) from None
        known = self._known[name]
        if isinstance(known, ContractError):
            raise report_once(known) from None
        return known

    def taken(self) -> list[Outcome]:
        """Take what became of the recordings that were made or played since this was last called."""
        taken, self.outcomes = self.outcomes, []
        return taken

    def has_snapshot(self, name: str, index: int = 0) -> bool:
        """Whether a snapshot of a test in the class is there; the first one, if no other is meant."""
        return self.files.shared(name).snapshot(index).exists()

    def snapshot(self, name: str, index: int = 0) -> str:
        """The file name of a snapshot of a test in the class; of the first one, if no other is meant."""
        return self.files.shared(name).snapshot(index).name

    def is_played(self, name: str) -> bool:
        """Whether a recording is there, and is played alone."""
        plan = plan_for(self.mode, self.files.shared(name).has_cassette)
        return name in self._known or (plan.load and not plan.record)

    def _records(self, files: ScenarioFiles) -> bool:
        return plan_for(self.mode, files.has_cassette).record

    async def _made(
        self, name: str, script: Script[Result], nodeid: str, snapshots: Collection[str]
    ) -> Shared[Result]:
        files = self.files.shared(name)
        mode = self.session.rewrite.mode(self.mode, files.cassette)
        if mode == DISABLED or not plan_for(mode, files.has_cassette).record:
            return await self._run(files, script, nodeid, mode, snapshots)
        with self.once.claim(str(files.cassette)) as done:
            return await self._run(files, script, nodeid, "none" if done else mode, snapshots)

    async def _run(
        self, files: ScenarioFiles, script: Script[Result], nodeid: str, mode: str, snapshots: Collection[str]
    ) -> Shared[Result]:
        existed = files.has_cassette
        with running(
            self.connector, files, nodeid, mode, self.upstream_url, self.session, self.secret_names
        ) as scenario:
            result = await script(scenario)
            scenario.conclude(
                Ending.PASSED, update_snapshots=self.update_snapshots, compared_elsewhere=snapshots
            )
            if scenario.is_to_be_proved:
                await scenario.prove()
        upstream = upstream_name(self.connector.upstream, self.upstream_url)
        outcome = scenario.save(upstream, Ending.PASSED)
        module = nodeid.partition("::")[0]
        variant = f"[{files.variant}]" if files.variant else ""
        self.outcomes.append(replace(outcome, nodeid=f"{module}::{files.name}{variant}", is_shared=True))
        replaced = [files.shown(files.cassette)] if existed and outcome.cassette_changed else []
        trace = scenario.trace() if self.traces else ""
        return Shared(result, scenario.stored, scenario.redactor, replaced, trace)
