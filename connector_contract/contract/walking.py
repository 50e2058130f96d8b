"""Walk through a capability in a scenario, whatever comes of it."""

from __future__ import annotations

from dataclasses import replace

from connector_contract.contract.capabilities import Capability
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import EndlessWalk
from connector_contract.recording.scenario import Scenario


async def walked(
    scenario: Scenario,
    capability: Capability,
    config: ContractConfig,
    size: int | None = None,
    limit: int | None = None,
) -> Walk:
    """Walk through a capability with the author's example; an error, or no end, is a result.

    What does not come in pages is called, as a walk of one page.

    Args:
        scenario: The scenario that it is a part of.
        capability: What to walk through.
        config: What the author configured.
        size: The size of the pages; ``None`` for the connector's default.
        limit: After how many pages to stop; ``None`` to walk to the end.
    """
    start = len(scenario.traffic.calls)
    name, request = capability.name, config.request(capability.name)
    walk = Walk(name, size, [], key_fields=capability.key, within=capability.within or "", limit=limit)
    try:
        if capability.paginated:
            pages = await scenario.lumos.walk(
                name, request, page_size=size, pages=limit, max_pages=config.max_pages
            )
        else:
            walk = replace(walk, size=None)
            pages = [await scenario.lumos.call(name, request)]
        walk = replace(walk, pages=pages)
    except EndlessWalk as error:
        # A rule judges it, and says more.
        scenario.lumos.handed_out.take(error)
        walk = replace(walk, endless=error.reason, is_endless=error.is_endless)
    calls = scenario.traffic.calls[start:]
    return replace(walk, interactions=tuple(each for call in calls for each in call.interactions))
