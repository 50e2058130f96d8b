"""Rules about accounts: who may use them, and what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.rule import (
    accounts_with_status,
    has_status,
    lacks,
    no_kind,
    no_status,
    rule,
)
from connector_contract.contract.rules.kinds import (
    KIND,
    both_breach,
    both_remarks,
    kind_breach,
    kind_remarks,
    kind_table,
)
from connector_contract.contract.rules.raw_values import About, Table
from connector_contract.contract.rules.status import WITH_STATUS, status_table, table_breach
from connector_contract.errors import NothingToCheck
from connector_contract.fill_in import refuse_fill_ins

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.rule_context import RuleContext


class AccountRules:
    """The rules about accounts: who may use them, and what they are for."""

    @rule("status", has_status, skip_reason=no_status)
    async def test_status(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """Each raw status becomes one Lumos status, and not all become the same; the table is a snapshot.

        Of applications, their accounts, credentials and non-human accounts, it is checked if
        ``upstream_status`` says where their status is.

        Source: the schema ``AccountStatus`` of the SDK's specification: "the possible statuses of an
        account"; ``ApplicationAccount.status``: "Indicates the status of the account in the application";
        ``Application.status``, ``Credential.status`` and ``NonHumanAccount.status``.
        """
        config = rule_context.config
        refuse_fill_ins(config.upstream_status[capability])
        walk = await rule_context.full_walk(capability)
        table = status_table(walk, config.upstream_status[capability], config.upstream_ids.get(capability))
        rule_context.compared.table(table, snapshot, WITH_STATUS[capability])
        rule_context.judge(table_breach(capability, table))
        _leave_one(capability, table, WITH_STATUS[capability])

    @rule("kinds of account", accounts_with_status, skip_reason=no_kind)
    async def test_kinds(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """Each raw kind becomes one account type, and machines not that of people; the table is a snapshot.

        A kind is whatever tells people from machines. No kind becomes no type where others have one. If all
        become the same, that is a breach where the name of one says that it is a machine's, and else a note.

        Source: the schemas ``AccountType``: "Enum representing the types of accounts", and
        ``FoundAccountData.account_type``: "The type of the account (e.g., service account or user account)."
        """
        config = rule_context.config
        refuse_fill_ins(config.upstream_kind[capability])
        walk = await rule_context.full_walk(capability)
        table = kind_table(walk, config.upstream_kind[capability], config.upstream_ids.get(capability))
        rule_context.compared.table(table, snapshot, KIND)
        rule_context.remarks += kind_remarks(capability, table)
        rule_context.judge(kind_breach(capability, table))
        _leave_one(capability, table, KIND)

    @rule("kinds of account", skip_reason=lacks("list_accounts", "list_non_human_accounts"))
    async def test_non_human_accounts(self, rule_context: RuleContext) -> None:
        """Nobody is a user in ``list_accounts`` and a non-human account as well.

        A service account may be in both lists, with one ``resource_id``; a note says so.

        Source: the schemas ``FoundAccountData`` and ``NonHumanAccount``, whose ``resource_id`` is the
        "Globally-unique resource id - the account's identity as a node in the synthesized graph".
        """
        accounts = await rule_context.full_walk("list_accounts")
        non_human = await rule_context.full_walk("list_non_human_accounts")
        rule_context.remarks += both_remarks(accounts, non_human)
        rule_context.judge(both_breach(accounts, non_human))
        for walk in (accounts, non_human):
            if not walk.records:
                raise NothingToCheck(f"{walk.capability} has no records")


def _leave_one(capability: str, table: Table, about: About) -> None:
    """Leave a table that shows nothing, because it has one row, or none.

    Raises:
        NothingToCheck: It has.
    """
    if not table:
        raise NothingToCheck(f"{capability} lists nothing of which the upstream sent the {about.one}")
    if len(table) < 2:
        raise NothingToCheck(f"{capability} has only 1 raw {about.one}: {', '.join(table)}")
