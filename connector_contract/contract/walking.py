"""Walk through a capability in a scenario, whatever comes of it."""

from __future__ import annotations

from dataclasses import replace

from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import EndlessWalk
from connector_contract.recording.lumos import next_token
from connector_contract.recording.scenario import Scenario


async def walked(
    scenario: Scenario,
    capability: Capability,
    config: ContractConfig,
    size: int | None = None,
    limit: int | None = None,
    request: Json | None = None,
) -> Walk:
    """Walk through a capability with the author's example; an error, or no end, is a result.

    What does not come in pages is called, as a walk of one page.

    Args:
        scenario: The scenario that it is a part of.
        capability: What to walk through.
        config: What the author configured.
        size: The size of the pages; ``None`` for the connector's default.
        limit: After how many pages to stop; ``None`` to walk to the end.
        request: In place of the example.
    """
    start = len(scenario.traffic.calls)
    name = capability.name
    if request is None:
        request = config.request(name)
    walk = replace(capability.walk([]), size=size, limit=limit)
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
    return replace(
        walk,
        interactions=tuple(each for call in calls for each in call.interactions),
        per_page=tuple(len(call.interactions) for call in calls),
    )


async def last_page(scenario: Scenario, capability: Capability, config: ContractConfig, walk: Walk) -> Walk:
    """The last page of a list, as a walk of one page.

    While it is recorded, the list is walked to its end, and nothing of that is kept; what the connector keeps
    in the process by then, such as a login, it has to forget, because a replay asks for the last page alone.

    Args:
        scenario: The scenario that the page is recorded in.
        capability: What to walk through.
        config: What the author configured.
        walk: The walk's beginning, which stopped before the last page.

    Raises:
        EndlessWalk: There is no last page.
    """
    name, request, size = capability.name, config.request(capability.name), walk.size
    page: Json | None = scenario.recorded_page
    if page is None:
        with scenario.unrecorded():
            pages = await scenario.lumos.walk(name, request, page_size=size, max_pages=config.max_pages)
        # A list may have become shorter meanwhile.
        token = next_token(pages[-2]) if len(pages) > 1 else None
        page = {part: given for part, given in (("size", size), ("token", token)) if given is not None}
    response = await scenario.lumos.call(name, request, page=page)
    (call,) = scenario.traffic.calls
    interactions = tuple(call.interactions)
    return replace(walk, pages=[response], interactions=interactions, per_page=(len(interactions),))
