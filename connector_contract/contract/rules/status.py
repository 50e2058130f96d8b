"""**status**: each raw status of the upstream is one Lumos status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.raw_values import About, Table, raw_breach, raw_table
from connector_contract.contract.rules.responses import Walk

STATUS = About(
    fact="upstream_status",
    field="user_status",
    one="status",
    many="statuses",
    by_chance="Lumos sees people as active or not by chance.",
    not_told_apart="Lumos cannot see who is active and who has left.",
)
"""What the table of statuses is about."""

_NOT_APART = "Lumos cannot see what is in use and what is not."
_OF_OTHERS = replace(STATUS, field="status", not_told_apart=_NOT_APART)
WITH_STATUS = {
    "list_accounts": STATUS,
    "list_updated_accounts": STATUS,
    "list_applications_accounts": replace(STATUS, field="status"),
    "list_applications": _OF_OTHERS,
    "list_credentials": _OF_OTHERS,
    "list_non_human_accounts": _OF_OTHERS,
}
"""The lists whose records have a status, each with what their table is about."""


def status_table(walk: Walk, upstream_status: Paths, upstream_ids: Paths | None) -> Table:
    """The Lumos statuses of each raw status that the recorded bodies have, of what is listed.

    The arguments are those of ``raw_table``.

    Raises:
        UsageError: An expression is none, matches nothing, or finds no pairs, or none of a record.
    """
    return raw_table(walk, upstream_status, upstream_ids, WITH_STATUS[walk.capability])


def table_breach(capability: str, table: Mapping[str, list[str | None]]) -> Iterator[Breach]:
    """What is wrong with a table of statuses.

    Source: ``AccountStatus`` of connector-sdk-types, and
    https://developers.lumos.com/reference/list_accounts: active and suspended accounts differ.
    """
    yield from raw_breach(capability, table, WITH_STATUS[capability])
