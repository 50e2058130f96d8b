"""What a contract class writes: a shared recording for each capability, with the lists around the write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from connector_contract.config import Json
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.cursor import UPDATES, cursor_of, observed_write, with_cursor
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import read_back_by
from connector_contract.contract.shared_names import write_name
from connector_contract.contract.shared_reads import SharedReads
from connector_contract.contract.shared_recordings import Shared
from connector_contract.contract.walking import walked
from connector_contract.errors import PointlessExample
from connector_contract.recording.scenario import Scenario


@dataclass(frozen=True)
class Write:
    """A write with the author's example, and what was read around it, as far as it came.

    Attributes:
        request: What was asked.
        before: Each list that shows it, by its name.
        response: What it answered.
        after: The same lists after the write.
        updates: What has changed since a cursor from before the write; ``None`` if there is no cursor.
        repeated: What it answered when asked again.
        finally_: The same lists after the repeat.
    """

    request: Json
    before: Mapping[str, Walk]
    response: Json
    after: Mapping[str, Walk] = field(default_factory=dict)
    updates: Walk | None = None
    repeated: Json = field(default_factory=dict)
    finally_: Mapping[str, Walk] = field(default_factory=dict)

    @property
    def failed_before(self) -> list[Walk]:
        """The lists that could not be read."""
        return [walk for walk in self.before.values() if walk.failure]

    @property
    def failed_after(self) -> list[Walk]:
        """The lists that cannot be read any more."""
        return [walk for walk in (*self.after.values(), *self.finally_.values()) if walk.failure]


class SharedWrites:
    """Writes with each of the author's examples, once each.

    Args:
        reads: What the contract class reads.
    """

    def __init__(self, reads: SharedReads) -> None:
        self._reads = reads

    async def write(self, capability: str, number: int = 1) -> Shared[Write]:
        """A write, with what was read before it, after it, and after a repeat.

        It ends at the first error: of the write itself, or of a list.

        Args:
            capability: The write.
            number: Which of the author's examples of it, from 1.

        Raises:
            PointlessExample: The author's example changes nothing.
        """
        reads = self._reads
        snapshot = reads.snapshot(capability, number)
        name = write_name(capability, number)

        async def script(scenario: Scenario) -> Write:
            request = example_of(reads.config, capability, number)
            shows = read_back_by(capability, request, list(reads.capabilities))
            observed = observed_write(list(reads.capabilities), reads.config.write_requests)
            is_observed = number == 1 and capability == observed
            shared = is_afresh(scenario, UPDATES if is_observed else capability)
            before = {name: await self._before(scenario, name, shared=shared) for name in shows}
            write = Write(request, before, {})
            if not write.failed_before and (why := pointless(capability, request, before)):
                raise _shows_nothing(capability, why)
            cursor = cursor_of(await self._updates(scenario)) if is_observed else None
            write = replace(write, response=await scenario.lumos.call(capability, request))
            if scenario.plan.record:
                reads.refuse_refusal(scenario, write.response)
            if write.response.get("is_error"):
                return write
            scenario.traffic.calls[-1].snapshots.append(snapshot)
            if cursor is not None:
                write = replace(write, updates=await self._updates(scenario, cursor))
            if write.failed_before:
                return write
            write = replace(write, after=await self._lists(scenario, shows))
            if write.failed_after:
                return write
            write = replace(write, repeated=await scenario.lumos.call(capability, request))
            return replace(write, finally_=await self._lists(scenario, shows))

        return await reads.recorded(name, script, reads.compared_elsewhere(capability, number))

    async def _before(self, scenario: Scenario, name: str, *, shared: bool) -> Walk:
        reads = self._reads
        if shared:
            return (await reads.read(name, reads.largest)).result.beginning
        return await walked(
            scenario, reads.capabilities[name], reads.config, reads.largest, reads.config.sample_pages
        )

    async def _updates(self, scenario: Scenario, cursor: str | None = None) -> Walk:
        """What has changed, as the author's example asks for it, or since a cursor."""
        reads = self._reads
        described, example = reads.capabilities[UPDATES], reads.config.request(UPDATES) or {}
        request = example if cursor is None else with_cursor(example, cursor, scenario.recorded_request)
        return await walked(
            scenario, described, reads.config, reads.largest, reads.config.sample_pages, request
        )

    async def _lists(self, scenario: Scenario, names: Iterable[str]) -> dict[str, Walk]:
        return {name: await self._before(scenario, name, shared=False) for name in names}


def example_of(config: ContractConfig, capability: str, number: int) -> Json:
    """One of the author's examples of a write, by its number from 1; an empty one if there is none."""
    return next(iter(config.examples(capability)[number - 1 : number]), {})


def is_afresh(scenario: Scenario, writes: str) -> bool:
    """Whether a scenario that writes begins in the state that every scenario begins in.

    Args:
        scenario: It.
        writes: The capability that it begins with, if so: where it was recorded from a server that keeps its
            state, it begins with the lists that show the write.
    """
    recorded = scenario.next_recorded
    if recorded is not None:
        return recorded == writes
    return scenario.serves_application


def _shows_nothing(capability: str, why: str) -> PointlessExample:
    return PointlessExample(
        f"The example of {capability} shows nothing: {why}.",
        remedy=f"Give one in write_requests[{capability!r}] that changes something.\n"
        "If an earlier recording has already changed it, undo that; Upstream(app=...) starts afresh.",
    )
