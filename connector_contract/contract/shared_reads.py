"""What a contract class reads of each capability: one shared recording for each size of pages.

The largest size that gives three pages is walked to its end, so that a lost last page shows. Smaller sizes
are walked for three pages, and compared with the beginning of that walk. In a sample, that walk stops, too,
and the last page is a recording of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.shared_names import INFO, last_name, read_name
from connector_contract.contract.shared_recordings import Result, Script, Shared, SharedRecordings
from connector_contract.contract.walking import last_page, walked
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
        """Of the walks to the end, or through the sample, the one with the most pages; if none, the first."""
        best = await self.read(capability, self.largest)
        for size in self._sizes[1:] if self.capabilities[capability].paginated else ():
            if is_long(best.result):
                break
            shared = await self.read(capability, size)
            if shared.result.failure is None and (shared.result.is_whole or is_long(shared.result)):
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
        self,
        name: str,
        script: Script[Result],
        compared_elsewhere: Collection[str] = (),
        *,
        is_asked_once: bool = False,
    ) -> Shared[Result]:
        """A shared recording of the contract class; the arguments are those of ``SharedRecordings.get``."""

        async def heeding(scenario: Scenario) -> Result:
            if scenario.lumos.guard is not None:
                scenario.lumos.guard.heed(self.config)
            return await script(scenario)

        shared = await self._recordings.get(
            name,
            heeding,
            self._nodeid,
            self._report_once,
            compared_elsewhere,
            is_asked_once=is_asked_once,
        )
        # The test may not go on with a token of the shared recording. Connector and SDK forget what they keep
        # in any case, so that it asks for the same whether that was made now or before.
        self._scenario.forget()
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

    def snapshot(self, capability: str, number: int = 1) -> str:
        """The file name of the snapshot that the rule ``records`` has of a capability's response.

        Args:
            capability: What is called.
            number: With which of the author's examples, from 1.
        """
        return self._recordings.snapshot(f"test_records[{capability}]", number - 1)

    def compared_elsewhere(self, capability: str, number: int = 1) -> list[str]:
        """The same in a list, which is empty where nobody compares it."""
        waived = f"records[{capability}]" in self.config.waivers
        return [] if waived else [self.snapshot(capability, number)]

    @property
    def _sizes(self) -> list[int]:
        return sorted(set(self.config.page_sizes), reverse=True)

    async def _limit(self, capability: Capability, size: int | None) -> int | None:
        """After how many pages a walk stops, if a larger size has shown enough of them; else ``None``."""
        for larger in self._sizes:
            if size is not None and larger <= size:
                return None
            # Until one of them is long enough, each is walked to its end, or through the sample.
            shared = await self._walked(capability, larger, None, is_compared=larger == self.largest)
            if is_long(shared.result):
                return PAGES if self.config.sample is None else min(PAGES, self.config.sample.pages)
        return None

    async def _walked(
        self, capability: Capability, size: int | None, limit: int | None, *, is_compared: bool
    ) -> Shared[Walk]:
        """A walk that stops at a limit, or else one to the end or through the sample."""
        sample = self.config.sample if limit is None and capability.paginated else None
        stops = limit if sample is None else sample.pages

        async def script(scenario: Scenario) -> Walk:
            walk = await walked(scenario, capability, self.config, size, stops)
            return self._accepted(scenario, walk, is_compared=is_compared)

        elsewhere = self.compared_elsewhere(capability.name) if is_compared else ()
        shared = await self.recorded(read_name(capability, size), script, elsewhere)
        walk = shared.result
        if sample is None or not sample.last or walk.failure is not None or not walk.goes_on:
            return shared

        async def script_of_last(scenario: Scenario) -> Walk:
            last = await last_page(scenario, capability, self.config, walk)
            return self._accepted(scenario, last, is_compared=is_compared)

        last = (await self.recorded(last_name(capability, size), script_of_last, elsewhere)).result
        with_last = replace(
            walk,
            pages=[*walk.pages, *last.pages],
            interactions=(*walk.interactions, *last.interactions),
            per_page=(*walk.per_page, *last.per_page),
            gap=len(walk.pages),
        )
        return replace(shared, result=with_last)

    def _accepted(self, scenario: Scenario, walk: Walk, *, is_compared: bool) -> Walk:
        """A walk whose credentials the upstream has accepted, linked to its snapshot if it is compared."""
        for page in walk.pages if scenario.plan.record else ():
            self.refuse_refusal(scenario, page)
        for call in scenario.traffic.calls if is_compared and walk.failure is None else ():
            call.snapshots.append(self.snapshot(walk.capability))
        return walk


def is_long(walk: Walk) -> bool:
    """Whether a walk has enough pages to show what can go wrong between them."""
    return walk.failure is None and (len(walk.beginning.pages) >= PAGES or not walk.is_whole)
