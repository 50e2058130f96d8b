"""What a rule asks of a connector, through Lumos' part in a scenario, and what becomes of its findings."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability, tenant_settings
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.credential_variants import CredentialVariants
from connector_contract.contract.failing_upstream import FailingUpstream
from connector_contract.contract.rule import Target, reporting_rule
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.coverage import OF_ACCOUNTS
from connector_contract.contract.rules.credentials import REFUSED
from connector_contract.contract.rules.failures import secret_breach
from connector_contract.contract.rules.new_values import response_aliases
from connector_contract.contract.rules.records import changes
from connector_contract.contract.rules.responses import (
    Walk,
    code_of,
    error_of,
    error_text,
    is_not_implemented,
)
from connector_contract.contract.rules.status import Table, table_changes
from connector_contract.errors import (
    ContractError,
    EndlessWalk,
    NothingToCheck,
    RuleWaits,
    UpstreamFailure,
    UsageError,
)
from connector_contract.recording.interactions import Interaction
from connector_contract.recording.replay import Replays
from connector_contract.recording.scenario import Scenario
from connector_contract.reporting.breaches import contract_breach
from connector_contract.reporting.changes import changed_records, changed_table, no_records, no_table

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


class RuleContext:
    """Asks the connector under test what one rule wants to know.

    Args:
        rule: The rule, as waivers name it: ``complete[list_accounts]``.
        section: The rule's section in the contract, such as ``pages``.
        demand: What the rule demands, in a sentence.
        nodeid: The test.
        scenario: The scenario that the test is.
        capabilities: The connector's.
        config: What the author configured.
        report_once: Makes what several tests have to report, of the author's mistakes, one report.

    Attributes:
        capabilities: The connector's.
        config: What the author configured.
        section: The rule's section in the contract.
        where: The rule and the test, for messages.
        credentials: The good credentials, and those that must be refused.
        failing: What the connector answers if its upstream fails.
    """

    def __init__(
        self,
        rule: str,
        section: str,
        demand: str,
        nodeid: str,
        scenario: Scenario,
        capabilities: Mapping[str, Capability],
        config: ContractConfig,
        report_once: Callable[[UsageError], UsageError],
    ) -> None:
        self.capabilities = capabilities
        self.config = config
        self.section = section
        self.where = [("rule", f"{rule}: {demand}"), ("scenario", nodeid)]
        self.credentials = CredentialVariants(scenario.connector, config, scenario.secret_names)
        self.failing = FailingUpstream(self)
        self._rule = rule
        self._nodeid = nodeid
        self._scenario = scenario
        self._report_once = report_once
        self._found: list[Breach] = []
        self._accepted = False

    async def call(self, capability: str, request: Json | None = None, **envelope: Any) -> dict[str, Any]:
        """``lumos.call``, with the author's example if no request is given; no error may contain a secret."""
        example = self.config.request(capability) if request is None else request
        response = await self._call(capability, example, **envelope)
        if request is None and not envelope:
            self._refuse_refusal(response)
        await self._leave_stub(capability, response)
        return response

    async def _call(self, capability: str, request: Json | None, **envelope: Any) -> dict[str, Any]:
        response = await self._scenario.lumos.call(capability, request, **envelope)
        self.look_for_secrets(capability, response)
        return response

    def look_for_secrets(self, capability: str, response: Json) -> None:
        """Have ``judge`` report a secret in the message of a response."""
        self._found += secret_breach(capability, response, self._scenario.traffic.redact)

    def reported_by(self, capability: str) -> str:
        """The rule that reports a capability that gives an error."""
        return reporting_rule(Target(capability, self.capabilities, self.config))

    def _refuse_refusal(self, response: Json) -> None:
        """Record nothing with credentials that are missing, or not those of the upstream.

        Raises:
            UpstreamFailure: It has refused those that the connector was given, each time.
        """
        self._accepted |= not response.get("is_error")
        if self._scenario.plan.record and not self._accepted and code_of(response) in REFUSED:
            redact = self._scenario.traffic.redact
            raise UpstreamFailure(
                "The upstream refuses the connector's credentials, so nothing was recorded.",
                where=self.where,
                details=[redact(error_text(error_of(response) or {}))],
                remedy="Set good ones, perhaps in the variables that conftest.py reads, and record again.\n"
                "If they are good, the connector does not send them, or takes another error for a refusal.",
            )

    async def _leave_stub(self, capability: str, response: Json) -> None:
        """Leave a stub to the one rule that reports it: all others would repeat that.

        Raises:
            RuleWaits: It is not, whatever it is asked for.
        """
        if not is_not_implemented(response):
            return
        reporting = self.reported_by(capability)
        if self._rule == f"{reporting}[{capability}]":
            return
        if is_not_implemented(await self._call(capability, self.config.request(capability))):
            raise RuleWaits(f"{capability} is not implemented; the rule {reporting} reports it")

    async def try_walk(self, capability: str, size: int | None = None) -> Walk:
        """``lumos.walk``; an error is a result, and so is a walk without end.

        What does not come in pages is called, as a walk of one page.
        """
        described = self.capabilities[capability]
        start = len(self._scenario.traffic.calls)
        pages: list[dict[str, Any]] = []
        endless, is_endless = None, True
        try:
            pages = await self._pages(described, size)
        except EndlessWalk as error:
            endless, is_endless = error.reason, error.is_endless
        calls = self._scenario.traffic.calls[start:]
        interactions = tuple(interaction for call in calls for interaction in call.interactions)
        size = size if described.paginated else None
        return Walk(
            capability,
            size,
            pages,
            interactions,
            endless,
            described.key,
            described.within or "",
            is_endless,
        )

    async def walk(self, capability: str, size: int | None = None) -> Walk:
        """The same, for a rule that asks what is in a list.

        Raises:
            RuleWaits: The walk failed. That it must not is the rule ``pages``; of a call, ``coverage``.
        """
        walk = await self.try_walk(capability, size)
        if walk.failure and not self.capabilities[capability].paginated:
            reporting = self.reported_by(capability)
            # A server that keeps its state may refuse to do again what another scenario has done.
            done = ", unless an earlier recording has already done it" if reporting == "writes" else ""
            raise RuleWaits(f"{capability} gave an error; the rule {reporting} reports it{done}")
        if walk.failure:
            raise RuleWaits(
                self._scenario.traffic.redact(
                    f"{capability}: {walk.failure.title}; the rule pages reports it"
                )
            )
        return walk

    async def _pages(self, capability: Capability, size: int | None) -> list[dict[str, Any]]:
        if not capability.paginated:
            return [await self.call(capability.name)]
        request = self.config.request(capability.name)
        pages = await self._scenario.lumos.walk(
            capability.name, request, page_size=size, max_pages=self.config.max_pages
        )
        for page in pages:
            self.look_for_secrets(capability.name, page)
        self._refuse_refusal(pages[-1])
        await self._leave_stub(capability.name, pages[0])
        return pages

    async def ask(self, capability: str, request: Json) -> Walk:
        """A call with another request than the author's example, as a walk of one page.

        Raises:
            ContractBreach: It gives an error.
        """
        response = await self.call(capability, request)
        if response.get("is_error"):
            title = f"{json.dumps(request)} gave an error: {error_text(error_of(response) or {})}"
            self.judge([Breach(capability, title, "Lumos asks this for what a list gave it.")])
        described = self.capabilities[capability]
        return Walk(capability, None, [response], (), None, described.key, described.within or "")

    async def full_walk(self, capability: str) -> Walk:
        """``walk`` in the largest pages."""
        return await self.walk(capability, max(self.config.page_sizes))

    @property
    def some_pages(self) -> int:
        """A size of pages in which a list does not end before the connector has to go on, nor takes long."""
        return sorted(self.config.page_sizes)[len(self.config.page_sizes) // 2]

    async def read_back(self, capability: str) -> Walk:
        """``full_walk``, after a write; if it fails now, it is the write that broke it.

        Raises:
            ContractBreach: It does.
        """
        walk = await self.try_walk(capability, max(self.config.page_sizes))
        if walk.failure:
            self.judge([walk.failure])
        return walk

    async def info(self) -> Json:
        """The response of ``info``; what it raises is one as well."""
        try:
            return await self.call("info")
        except ContractError:
            raise
        except Exception as error:  # noqa: BLE001 - it is the connector's, and reported as a breach
            message = f"{type(error).__name__}: {error}"
            return {"is_error": True, "error": {"error_code": "internal_error", "message": message}}

    async def declared(self) -> Json:
        """What ``info`` declares.

        Raises:
            RuleWaits: It gives an error.
        """
        response = await self.info()
        if response.get("is_error"):
            raise RuleWaits("info gives an error; the rule info reports it")
        declared: Json = response["response"]
        return declared

    def leave_custom(self, capability: str) -> None:
        """Leave what has shown no second page, if it is a custom capability: their models have pages always.

        Raises:
            NothingToCheck: It is.
        """
        if not self.capabilities[capability].standard:
            raise NothingToCheck(f"{capability} does not come in pages")

    async def is_constant(self, capability: str) -> bool:
        """Whether a capability succeeds without asking the upstream for anything, whatever the credentials.

        Not ``validate_credentials``, nor what returns accounts: they cannot know without asking.
        """
        if capability == "validate_credentials" or capability in OF_ACCOUNTS or self.interactions:
            return False
        response = await self.call(capability)
        return not self.interactions and not response.get("is_error")

    @property
    def interactions(self) -> Sequence[Interaction]:
        """The interactions of the scenario by now."""
        calls = self._scenario.traffic.calls
        return [interaction for call in calls for interaction in call.interactions]

    @property
    def envelope(self) -> dict[str, Any]:
        """What the connector is given with each request: ``auth``, ``credentials`` and ``settings``."""
        return {**self.credentials.good, "settings": self._scenario.connector.settings}

    @property
    def tenant_settings(self) -> Sequence[str]:
        """The names of the settings that the connector marks as the tenant's."""
        return tenant_settings(self._scenario.connector.integration)

    @property
    def replays(self) -> Replays:
        """Replays the calls of the scenario by now."""
        return self._scenario.replays

    def compare_records(self, walk: Walk, snapshot: SnapshotAssertion) -> None:
        """Fail if the response of a capability differs from its snapshot.

        Raises:
            ChangedRecords: It does.
            UsageError: There is no snapshot.
        """
        answered = walk.pages if self.capabilities[walk.capability].paginated else walk.pages[0]
        if answered == snapshot:
            return
        result = snapshot.executions[snapshot.num_executions - 1]
        if result.recalled_data is None:
            raise self._report_once(no_records(self._nodeid))
        scenario, update = self._scenario, "pytest --snapshot-update"
        found = changes(walk, str(result.recalled_data), str(result.asserted_data))
        aliases: dict[str, str] = {}
        if scenario.plan.record:
            aliases = response_aliases(found, self.interactions, scenario.connector.aliases)
            update = "pytest --record-mode=rewrite --snapshot-update"
        command = f"{update} {shlex.quote(self._nodeid)}"
        raise changed_records(walk.capability, found, aliases, self.where, command)

    def compare_table(self, table: Table, snapshot: SnapshotAssertion) -> None:
        """Fail if a table of statuses differs from its snapshot.

        Raises:
            ChangedTable: It does, or there is no snapshot.
        """
        if table == snapshot:
            return
        stored = snapshot.executions[snapshot.num_executions - 1].recalled_data
        if stored is None:
            raise no_table(self.section, self.where, self._nodeid)
        changed = [self._scenario.traffic.redact(line) for line in table_changes(str(stored), table)]
        raise changed_table(self.section, changed, self.where, self._nodeid)

    @contextmanager
    def judged(self) -> Iterator[None]:
        """See to it that no secret in a message is passed over, however a rule ends."""
        try:
            yield
        except NothingToCheck:
            self.judge(())
            raise
        self.judge(())

    def judge(self, breaches: Iterable[Breach]) -> None:
        """Fail if the rule is broken.

        Raises:
            ContractBreach: It is; it has all the breaches.
        """
        name, redact = self._rule.partition("[")[0], self._scenario.traffic.redact
        found = [breach.found_by(name, redact) for breach in (*breaches, *self._found)]
        if found:
            raise contract_breach(found, self.section, self._rule, self.where)
