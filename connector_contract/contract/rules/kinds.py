"""**kinds of account**: each raw kind of the upstream is one account type; people are no machines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from connector_contract.config import Json
from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.raw_values import About, Table, raw_breach, raw_table
from connector_contract.contract.rules.responses import Walk
from connector_contract.reporting.messages import counted

KIND = About(
    fact="upstream_kind",
    field="account_type",
    one="kind",
    many="kinds",
    by_chance="Lumos takes accounts for people or for machines by chance.",
    not_told_apart="Lumos cannot see which accounts are people's, and which are machines'.",
    # The short ones are parts of other words, too: an apprentice, a therapist.
    apart=re.compile(
        "(?i:service|machine|system|daemon|integration|application)"
        "|(?i:bots?|apps?(?!rov|ren|lican|oint)|(?<!ther)apis?)(?![a-z])"
    ),
)
"""What the table of kinds is about."""

_USER = "user"


def kind_table(walk: Walk, upstream_kind: Paths, upstream_ids: Paths | None) -> Table:
    """The account types of each raw kind that the recorded bodies have, of the accounts that are listed.

    The arguments are those of ``raw_table``.

    Raises:
        UsageError: An expression is none, matches nothing, or finds no pairs, or none of a record.
    """
    return raw_table(walk, upstream_kind, upstream_ids, KIND)


def kind_breach(capability: str, table: Mapping[str, list[str | None]]) -> Iterator[Breach]:
    """What is wrong with a table of kinds.

    Source: ``AccountType``: "Enum representing the types of accounts", which are ``service`` and ``user``.
    """
    yield from raw_breach(capability, table, KIND)


def kind_remarks(capability: str, table: Mapping[str, list[str | None]]) -> Iterator[str]:
    """That all raw kinds became one type, where no name says that one of them is a machine's."""
    types = {value for values in table.values() for value in values}
    if len(table) > 1 and len(types) == 1 and not list(kind_breach(capability, table)):
        kinds = ", ".join(table)
        yield f"all {len(table)} raw kinds of {capability} became {types.pop()}: {kinds}"


def both_breach(accounts: Walk, non_human: Walk) -> Iterator[Breach]:
    """People among the non-human accounts: records of both lists that are one node, and of a user here.

    Source: ``FoundAccountData.resource_id`` and ``NonHumanAccount.resource_id``: "Globally-unique resource
    id - the account's identity as a node in the synthesized graph"; ``AccountType.user``.
    """
    people = [_shown(each) for each in _in_both(accounts, non_human) if each.get("account_type") == _USER]
    if people:
        title = f"{counted(len(people), 'account')} of the type user in list_non_human_accounts, too"
        yield Breach(
            accounts.capability, title, "Lumos takes one identity for a person and for a machine.", people
        )


def both_remarks(accounts: Walk, non_human: Walk) -> Iterator[str]:
    """Accounts in both lists that no sentence of the specification keeps out of either."""
    nodes = _in_both(accounts, non_human)
    same = [each for each in nodes if each.get("account_type") != _USER]
    if same:
        yield (
            f"{_said(same)} in list_accounts and in list_non_human_accounts. "
            'FoundAccountData.account_type allows it: "(e.g., service account or user account)"; '
            'NonHumanAccount is "for a non-human principal such as an IAM role, a GitHub App installation, '
            'or a service principal".'
        )
    ids = {str(each.get("id")) for each in non_human.records}
    alike = [each for each in accounts.records if _id(each) in ids and each not in nodes]
    if alike:
        yield (
            f"{_said(alike)} the id of a record of list_accounts and of one of list_non_human_accounts, "
            "which differ in resource_id. If they are the same account, give them one resource_id."
        )


def _in_both(accounts: Walk, non_human: Walk) -> list[Json]:
    nodes = {str(each.get("resource_id")) for each in non_human.records if each.get("resource_id")}
    return [each for each in accounts.records if _node(each) in nodes]


def _node(account: Json) -> str:
    # FoundAccountData.resource_id: "when absent Lumos falls back to the `account:<id>` convention".
    return str(account.get("resource_id") or f"account:{_id(account)}")


def _id(account: Json) -> str:
    return str(account.get("integration_specific_id"))


def _shown(account: Json) -> str:
    return f"{_id(account)} ({_node(account)})"


def _said(accounts: list[Json]) -> str:
    more = f" and {counted(len(accounts) - 1, 'other')}" if len(accounts) > 1 else ""
    return f"{_id(accounts[0])!r}{more} {'are' if more else 'is'}"
