"""A page token of another list, for a rule that gives it to one that has not made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.rule import Target, lists, no_example
from connector_contract.recording.lumos import next_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector_contract.contract.capabilities import Capability
    from connector_contract.contract.contract_config import ContractConfig
    from connector_contract.contract.rule_context import RuleContext


def other_lists(capability: str, capabilities: Mapping[str, Capability], config: ContractConfig) -> list[str]:
    """The other lists of a connector, from the one that comes after ``capability`` on."""
    names = list(capabilities)
    place = names.index(capability)
    targets = [Target(name, capabilities, config) for name in (*names[place + 1 :], *names[:place])]
    return [each.name for each in targets if lists(each) and no_example(each) is None]


async def token_of_another(context: RuleContext, capability: str, size: int) -> tuple[str, str] | None:
    """The next list that has a second page in pages of ``size``, and the token of that; ``None`` if none has.

    The list is found in what rules share, and asked once more, so that the token is of this recording.
    """
    for other in other_lists(capability, context.capabilities, context.config):
        pages = (await context.reads.read(other, size)).result.pages
        if pages and next_token(pages[0]) is not None:
            context.refuse_other_choice(other, context.config.request(other) or {})
            token = next_token(await context.call(other, page={"size": size}))
            return None if token is None else (other, token)
    return None
