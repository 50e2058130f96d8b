"""Rules about custom attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.rule import (
    gives_attributes,
    no_example,
    rule,
)
from connector_contract.contract.rules.attributes import (
    FILLED,
    SCHEMA,
    asked_in,
    declared_for,
    disagreement_breach,
    empty_breach,
    richest,
    stray_breach,
    surplus_breach,
    surplus_remark,
    type_breach,
    unfilled,
    unreachable_breach,
)
from connector_contract.errors import NothingToCheck

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class AttributeRules:
    """The rules about custom attributes."""

    @rule("attributes", gives_attributes, skip_reason=no_example)
    async def test_attributes(self, rule_context: RuleContext, capability: str) -> None:
        """Each declared custom attribute can be asked for, has values of its type, and comes alone.

        Some record has a value of it, or ``empty_attributes`` says why there is none. ``get_account`` gives
        what the list gives.

        Source: the schemas of the SDK's specification: ``ListAccounts`` ("Each string in this array
        represents a specific custom attribute to retrieve."), ``GetAccount`` ("If omitted, no custom
        attributes will be included."), ``Credential`` ("Values are typed per the attribute's declared
        attribute_type"), ``ProbeCheck`` ("the schema exists but nothing populates it, so custom attributes
        would sync empty").
        """
        schema = await rule_context.full_walk(SCHEMA)
        if not schema.records:
            raise NothingToCheck(f"{SCHEMA} declares none")
        if capability == SCHEMA:
            rule_context.judge(unreachable_breach(schema, rule_context.capabilities))
            return
        types = declared_for(schema, capability)
        if not types:
            raise NothingToCheck(f"{SCHEMA} declares none that {capability} could give")
        shared = await rule_context.full_walk(capability)
        asked = asked_in(rule_context.config.request(capability) or {})
        if asked or capability == "get_account":
            rule_context.judge(surplus_breach(shared, asked))
        else:
            rule_context.remarks += surplus_remark(shared)
        accounts, account_id = None, None
        if capability == "get_account" and "list_accounts" in rule_context.capabilities:
            accounts = await rule_context.with_attributes("list_accounts", types, pages=1, is_large=False)
            account_id = richest(accounts)
        walk = await rule_context.with_attributes(capability, types, account_id=account_id)
        empty = rule_context.config.empty_attributes.get(capability, {})
        if not schema.is_whole:
            # What else is declared, and perhaps empty, is on other pages.
            empty = {name: reason for name, reason in empty.items() if name in types}
        breaches = [*surplus_breach(walk, types), *type_breach(walk, types), *stray_breach(walk)]
        if accounts is not None:
            breaches += disagreement_breach(walk, accounts, list(types))
        if capability in FILLED and walk.records:
            if walk.is_whole:
                breaches += empty_breach(walk, types, empty)
            elif missing := unfilled(walk, types, empty):
                rule_context.outside = f"values of {', '.join(missing)} may be on other pages"
        if len(types) > 1:
            one = list(types)[:1]
            alone = await rule_context.with_attributes(
                capability, one, account_id=account_id, pages=1, is_large=False
            )
            if not breaches:
                breaches += surplus_breach(alone, one)
        rule_context.judge(breaches)
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")
