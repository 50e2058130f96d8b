"""What a contract class reads of each capability: one shared recording for each size of pages.

The largest size that gives three pages is walked to its end, so that a lost last page shows. Smaller sizes
are walked for three pages, and compared with the beginning of that walk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.shared_names import INFO, read_name
from connector_contract.contract.shared_recordings import Result, Script, Shared, SharedRecordings
from connector_contract.contract.walking import walked
from connector_contract.errors import ContractError
from connector_contract.recording.scenario import Scenario

PAGES = 3
"""From so many pages on, a walk shows what can go wrong between two of them."""


class SharedReads:
    """Reads each capability with the author's example, once for each size of pages.

    Args:
        recordings: Those of the contract class.
        capabilities: The connector's.
        config: What the author configured.
        nodeid: The test that reads.
        report_once: Makes what several tests have to report one report.
        scenario: That test's own.
        refuse_refusal: Called with a scenario that records, and each response in it; raises if the upstream
            refuses the credentials.
    """

    def __init__(
        self,
        recordings: SharedRecordings,
        capabilities: Mapping[str, Capability],
        config: ContractConfig,
        nodeid: str,
        report_once: Callable[[ContractError], ContractError],
        scenario: Scenario,
        refuse_refusal: Callable[[Scenario, Json], None],
    ) -> None:
        self.capabilities = capabilities
        self.config = config
        self.refuse_refusal = refuse_refusal
        self._recordings = recordings
        self._nodeid = nodeid
        self._report_once = report_once
        self._scenario = scenario
        self._seen: list[Shared[Any]] = []

    async def read(self, capability: str, size: int | None) -> Shared[Walk]:
        """The walk through a capability in pages of a size; ``None`` is the connector's default.

        An error is a result, and so is a walk without end. What does not come in pages is called, as a walk
        of one page.
        """
        described = self.capabilities[capability]
        if not described.paginated:
            return await self._walked(described, None, None, is_compared=True)
        return await self._walked(
            described, size, await self._limit(described, size), is_compared=size == self.largest
        )

    async def paged(self, capability: str) -> Shared[Walk]:
        """Of the walks that came to their end the one with the most pages; if none did, the first."""
        best = await self.read(capability, self.largest)
        for size in self._sizes[1:] if self.capabilities[capability].paginated else ():
            if is_long(best.result):
                break
            shared = await self.read(capability, size)
            if shared.result.is_whole:
                best = shared
        return best

    async def info(self) -> Shared[Json]:
        """The response of ``info``; what it raises is one as well."""

        async def script(scenario: Scenario) -> Json:
            try:
                return await scenario.lumos.call("info")
            except ContractError:
                raise
            except Exception as error:  # noqa: BLE001 - it is the connector's, and reported as a breach
                message = f"{type(error).__name__}: {error}"
                return {"is_error": True, "error": {"error_code": "internal_error", "message": message}}

        return await self.recorded(INFO, script)

    async def recorded(
        self, name: str, script: Script[Result], compared_elsewhere: Collection[str] = ()
    ) -> Shared[Result]:
        """A shared recording of the contract class; the arguments are those of ``SharedRecordings.get``."""

        async def heeding(scenario: Scenario) -> Result:
            if scenario.lumos.guard is not None:
                scenario.lumos.guard.heed(self.config)
            return await script(scenario)

        shared = await self._recordings.get(
            name, heeding, self._nodeid, self._report_once, compared_elsewhere
        )
        if not any(shared is each for each in self._seen):
            self._seen.append(shared)
            self._scenario.know(shared.redactor)
            self._scenario.replaced_before.extend(shared.replaced)
            self._scenario.traces_before.append(shared.trace)
        return shared

    @property
    def largest(self) -> int:
        """The largest size of pages."""
        return self._sizes[0]

    def snapshot(self, capability: str) -> str:
        """The file name of the snapshot that the rule ``records`` has of a capability's response."""
        return self._recordings.snapshot(f"test_records[{capability}]")

    def compared_elsewhere(self, capability: str) -> list[str]:
        """The same in a list, which is empty where nobody compares it."""
        waived = f"records[{capability}]" in self.config.waivers
        return [] if waived else [self.snapshot(capability)]

    @property
    def _sizes(self) -> list[int]:
        return sorted(set(self.config.page_sizes), reverse=True)

    async def _limit(self, capability: Capability, size: int | None) -> int | None:
        """After how many pages a walk is to stop; ``None`` if no larger size has shown enough of them."""
        for larger in self._sizes:
            if size is not None and larger <= size:
                return None
            # Until one of them is long enough, each is walked to its end.
            shared = await self._walked(capability, larger, None, is_compared=larger == self.largest)
            if is_long(shared.result):
                return PAGES
        return None

    async def _walked(
        self, capability: Capability, size: int | None, limit: int | None, *, is_compared: bool
    ) -> Shared[Walk]:
        async def script(scenario: Scenario) -> Walk:
            walk = await walked(scenario, capability, self.config, size, limit)
            for page in walk.pages if scenario.plan.record else ():
                self.refuse_refusal(scenario, page)
            for call in scenario.traffic.calls if is_compared and walk.failure is None else ():
                call.snapshots.append(self.snapshot(capability.name))
            return walk

        elsewhere = self.compared_elsewhere(capability.name) if is_compared else ()
        return await self.recorded(read_name(capability, size), script, elsewhere)


def is_long(walk: Walk) -> bool:
    """Whether a walk has enough pages to show what can go wrong between them."""
    return walk.failure is None and len(walk.pages) >= PAGES
