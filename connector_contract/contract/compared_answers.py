"""What a connector answers, beside the snapshot that was reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connector_contract.contract.rules.new_values import response_aliases
from connector_contract.contract.rules.raw_values import About, Table, table_changes
from connector_contract.contract.rules.records import changes
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.shared_recordings import SharedRecordings
from connector_contract.contract.shared_writes import Write
from connector_contract.errors import ContractError
from connector_contract.recording.scenario import Scenario
from connector_contract.reporting.changes import (
    changed_records,
    changed_table,
    no_records,
    no_success,
    no_table,
)

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.rule_context import RuleContext


class ComparedAnswers:
    """Compares what a rule asks for with its snapshot.

    Args:
        context: What asks the connector for the rule.
        nodeid: The test.
        scenario: The scenario that the test is.
        report_once: Turns an error that another test has reported into a short reference to it.
        recordings: What the rules of the class share.
    """

    def __init__(
        self,
        context: RuleContext,
        nodeid: str,
        scenario: Scenario,
        report_once: Callable[[ContractError], ContractError],
        recordings: SharedRecordings,
    ) -> None:
        self._context = context
        self._nodeid = nodeid
        self._scenario = scenario
        self._report_once = report_once
        self._recordings = recordings

    async def records(self, capability: str, snapshot: SnapshotAssertion) -> None:
        """Fail if the response of a capability differs from its snapshot, with any of the examples.

        Raises:
            ChangedRecords: It does, or is an error now.
            RuleWaits: It is an error, and has no snapshot.
            UsageError: There is no snapshot.
        """
        for number in self._context.numbers(capability):
            await self._compare(capability, number, snapshot)

    async def _compare(self, capability: str, number: int, snapshot: SnapshotAssertion) -> None:
        shared = await self._context.example(capability, number)
        walk = self._answered(capability, shared.result)
        answered = walk.pages if self._context.capabilities[walk.capability].paginated else walk.pages[0]
        if walk.failure and self._recordings.has_snapshot(f"test_records[{capability}]", number - 1):
            # It does not hold, and the end of the run says what Lumos would be told.
            _ = answered == snapshot
            raise no_success(capability, walk.failure.title, self._context.where)
        self._context.good(walk)
        if answered == snapshot:
            return
        result = snapshot.executions[snapshot.num_executions - 1]
        if result.recalled_data is None:
            raise self._report_once(no_records(self._nodeid))
        scenario = self._scenario
        found = changes(walk, str(result.recalled_data), str(result.asserted_data))
        aliases: dict[str, str] = {}
        if scenario.plan.record:
            aliases = response_aliases(found, shared.cassette.interactions, scenario.connector.aliases)
        raise changed_records(
            walk.capability,
            found,
            aliases,
            self._context.where,
            self._nodeid,
            is_recorded=scenario.plan.record,
        )

    def table(self, table: Table, snapshot: SnapshotAssertion, about: About) -> None:
        """Fail if a table of raw values differs from its snapshot.

        Raises:
            ChangedTable: It does.
            MissingSnapshot: There is none.
        """
        if table == snapshot:
            return
        stored = snapshot.executions[snapshot.num_executions - 1].recalled_data
        if stored is None:
            raise no_table(self._context.where, self._nodeid, about.many)
        changed = [self._scenario.traffic.redact(line) for line in table_changes(str(stored), table, about)]
        raise changed_table(changed, self._context.where, self._nodeid, about.many)

    def _answered(self, capability: str, result: Walk | Write) -> Walk:
        if isinstance(result, Walk):
            return result
        return self._context.capabilities[capability].walk([result.response])
