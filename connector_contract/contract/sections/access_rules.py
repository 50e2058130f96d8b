"""Rules about access: what refers to what, and how much of it an account has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.rule import (
    asks_for_several,
    lacks,
    no_example,
    refers,
    rule,
    tells_of_some,
)
from connector_contract.contract.rules.actors import actor_breach, actor_remarks, unknown_actors
from connector_contract.contract.rules.agreement import FULL_LIST, agreement_breach, samples
from connector_contract.contract.rules.cardinality import (
    CREATE,
    ENTITLEMENTS,
    example_breach,
    has_limits,
    held_breach,
    held_remarks,
    requirements_breach,
)
from connector_contract.contract.rules.graphs import graph_breach, graph_lists, graph_remarks
from connector_contract.contract.rules.identities import (
    identity_breach,
    identity_remarks,
)
from connector_contract.contract.rules.references import (
    reference_breach,
    reference_remarks,
    referred_lists,
    unknown_references,
)
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.together import (
    LISTED,
    candidates,
    differing,
    has_enough,
    is_enough,
    together_breach,
)
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    ASSOCIATIONS,
)
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.errors import NothingToCheck
from connector_contract.fill_in import is_filled_in
from connector_contract.reporting.messages import counted

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class AccessRules:
    """The rules about access: what refers to what, and how much of it an account has."""

    @rule("references", refers, skip_reason=no_example)
    async def test_references(self, rule_context: RuleContext, capability: str) -> None:
        """Associations refer to listed accounts, entitlements and resources; all types are declared.

        The resource of an entitlement has the resource type that the entitlement's type is declared with.
        What is in an application refers to what is in the same one, credentials to the accounts that they
        give access to, and each edge and each assignment of an access graph to nodes that exist. An activity
        is of the id of an account, and not of its e-mail; an account that is not listed may be gone, which
        is a note.

        Source: the schemas of the SDK's specification: ``FoundEntitlementData`` ("Should match a previously
        declared entitlement type from this connector"), ``FoundEntitlementAssociation`` ("The ID of the
        account that has been granted the entitlement"), ``Credential`` ("the account this credential grants
        access to"), ``AccessGraphResourceRelationship`` ("a relationship between two resources").
        """
        walk = await rule_context.full_walk(capability)
        refers_to = [*referred_lists(capability), *graph_lists(capability)]
        targets = [target for target in refers_to if target in rule_context.capabilities]
        referred = {target: await rule_context.full_walk(target) for target in targets}
        declared = await rule_context.declared()
        for remarks in (
            reference_remarks(walk, referred),
            actor_remarks(walk, referred),
            graph_remarks(walk, declared),
            identity_remarks(walk),
        ):
            rule_context.remarks += remarks
        rule_context.judge(
            [
                *reference_breach(walk, referred, declared),
                *actor_breach(walk, referred),
                *graph_breach(walk, referred, declared),
                *identity_breach(walk),
            ]
        )
        if unknown := unknown_references(walk, referred) + unknown_actors(walk, referred):
            rule_context.outside = f"{counted(unknown, 'reference')} may be to what is on other pages"
        if not targets and ("associations" in capability or "activity" in capability):
            raise NothingToCheck(f"the connector has none of the lists that {capability} refers to")
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", tells_of_some, skip_reason=no_example)
    async def test_agreement(self, rule_context: RuleContext, capability: str) -> None:
        """A response about some accounts is about the requested ones, and agrees with the list of all.

        It agrees in the status, names and access of each account. So does one about an application, or about
        an account in it.

        Source: the operations of the SDK's specification that ask for some accounts: their records have the
        schemas that the list of all has.
        """
        request = rule_context.config.request(capability) or {}
        walk = await rule_context.full_walk(capability)
        all_of_them = FULL_LIST[capability]
        full = await rule_context.full_walk(all_of_them) if all_of_them in rule_context.capabilities else None
        rule_context.judge(agreement_breach(walk, request, full))
        for one in samples(capability, request, full):
            rule_context.judge(agreement_breach(await rule_context.ask(capability, one), one, full))
        rule_context.refuse_other_choice(capability, None)
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", asks_for_several, skip_reason=no_example)
    async def test_together(self, rule_context: RuleContext, capability: str) -> None:
        """What is asked for several ids at once is answered for each of them as if it was asked alone.

        The ids are those of the example, and further ones of the list of accounts, until two have records.

        Source: the operation ``get_last_activity`` of the SDK's specification, and its field ``account_ids``:
        "List of account identifiers to fetch activity data for".
        """
        request = rule_context.config.request(capability) or {}
        (field, *_) = rule_context.capabilities[capability].several_ids
        all_of_them = LISTED.get(capability, "")
        full = await rule_context.full_walk(all_of_them) if all_of_them in rule_context.capabilities else None

        async def answered(*ids: str) -> Walk:
            return await rule_context.ask(capability, {**request, field: [*ids]})

        alone: dict[str, Walk] = {}
        for one in candidates(field, request, full):
            if is_enough(alone):
                break
            alone[one] = await answered(one)
        if not has_enough(alone):
            rule_context.refuse_other_choice(capability, None)
            raise NothingToCheck(f"{capability} has records of fewer than two ids: {', '.join(alone)}")
        together = await answered(*alone)
        # Somebody may have been active in between.
        for one in differing(together, alone):
            alone[one] = await answered(one)
        rule_context.judge(together_breach(together, alone))

    @rule("cardinality", skip_reason=lacks("list_entitlements", "find_entitlement_associations"))
    async def test_cardinality(self, rule_context: RuleContext) -> None:
        """Nobody has more entitlements of a type than its ``max``, and no active account fewer than ``min``.

        What an account has is counted for each resource against the ``max``, and for all resources against
        the ``min``. The example of ``create_account`` asks for what the types require of a new account.

        Source: the schema ``EntitlementType``: "all accounts must have have one", "an account can only have
        one", "Overrides the base min/max values for the entitlement type and the specific capability."
        """
        info, config = await rule_context.declared(), rule_context.config
        breaches = list(requirements_breach(info, {*STANDARD, *rule_context.capabilities}))
        example = config.request(CREATE)
        if CREATE in rule_context.capabilities and example is not None and is_filled_in(example):
            breaches += example_breach(info, example)
        accounts = await rule_context.full_walk(ACCOUNTS) if ACCOUNTS in rule_context.capabilities else None
        entitlements = await rule_context.full_walk(ENTITLEMENTS)
        associations = await rule_context.full_walk(ASSOCIATIONS)
        breaches += held_breach(info, accounts, entitlements, associations)
        rule_context.remarks += held_remarks(info, entitlements, associations)
        rule_context.judge(breaches)
        if not has_limits(info):
            raise NothingToCheck("no entitlement type has a min or a max")
