"""**status**: each raw status of the upstream is one Lumos status."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rules.bodies import found, require_found
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import UsageError

Table = dict[str, list[str | None]]

_NOT_TOLD_APART = "Lumos cannot see who is active and who has left."


def status_table(walk: Walk, upstream_status: Paths, upstream_ids: Paths | None) -> Table:
    """The Lumos statuses of each raw status that the recorded bodies have.

    Args:
        walk: A walk through the accounts.
        upstream_status: Where the raw statuses are: lists of an id and what makes up its status, such as
            ``items[].[id, status]``; or the statuses alone, in the order of ``upstream_ids``.
        upstream_ids: Where the ids are.

    Raises:
        UsageError: An expression is none, matches nothing, or finds no pairs, or none of a record.
    """
    lumos = {str(record.get("integration_specific_id")): record.get("user_status") for record in walk.records}
    table: dict[str, set[str | None]] = {}
    pairs = list(_pairs(walk, upstream_status, upstream_ids))
    for id_, raw in pairs:
        # An account that was lost is another rule's.
        if id_ in lumos:
            table.setdefault(raw, set()).add(lumos[id_])
    if pairs and all(id_ == raw for id_, raw in pairs):
        raise UsageError(
            f"upstream_status[{walk.capability!r}] finds the ids themselves, such as {pairs[0][0]!r}.",
            remedy='Have it find the status with each id, such as "items[].[id, status]".',
        )
    if pairs and lumos and not table:
        raise UsageError(
            f"upstream_status[{walk.capability!r}] finds ids that no record has, such as {pairs[0][0]!r}.",
            details=[f"the records have ids such as {next(iter(lumos))!r}"],
            remedy='Have it find the id with each status, such as "items[].[id, status]".',
        )
    if set(table) == {"null"}:
        raise UsageError(
            f"upstream_status[{walk.capability!r}] finds no status: null for all {len(pairs)} ids.",
            remedy="Fix the expression: it should find each id and its status, or all parts of it.",
        )
    return {raw: sorted(statuses, key=str) for raw, statuses in sorted(table.items())}


def table_changes(stored: str, table: Table) -> Iterator[str]:
    """Each raw status that a table has otherwise than its snapshot, in a line.

    Args:
        stored: The text of the snapshot.
        table: The table now.
    """
    try:
        before = json.loads(stored)
    except ValueError:
        before = None
    if not isinstance(before, dict):
        yield "the snapshot is not a table of statuses"
        before = {}
    for raw in sorted(before.keys() | table.keys()):
        if before.get(raw) != table.get(raw):
            yield f"- {raw}: {_cell(before.get(raw))} in the snapshot, {_cell(table.get(raw))} now"


def table_breach(capability: str, table: Mapping[str, list[str | None]]) -> Iterator[Breach]:
    """What is wrong with a table of statuses.

    Source: ``AccountStatus`` of connector-sdk-types, and
    https://developers.lumos.com/reference/list_accounts: active and suspended accounts differ.
    """
    for raw, statuses in table.items():
        if len(statuses) > 1:
            title = f"the upstream's status {raw} became {len(statuses)} statuses"
            consequence = "Lumos sees people as active or not by chance."
            yield Breach(capability, title, consequence, [str(status) for status in statuses])
    without = [raw for raw, statuses in table.items() if statuses == [None]]
    if without and len(without) < len(table):
        yield Breach(capability, "some of the upstream's statuses became none", _NOT_TOLD_APART, without)
    seen = {status for statuses in table.values() for status in statuses}
    if len(table) > 1 and len(seen) == 1:
        title = f"all {len(table)} statuses of the upstream became {seen.pop()}"
        yield Breach(capability, title, _NOT_TOLD_APART, list(table))


def _pairs(walk: Walk, paths: Paths, ids: Paths | None) -> Iterator[tuple[str, str]]:
    fact = f"upstream_status[{walk.capability!r}]"
    results = require_found(walk, paths, fact)
    lists = [value for _, values in results for value in values if isinstance(value, list)]
    if any(len(value) == 1 for value in lists):
        raise UsageError(
            f"{fact} finds lists of one value, such as {json.dumps(lists[0])[:80]}.",
            remedy='Have it find the id with each status, such as "items[].[id, status]";\n'
            'or the statuses alone, without brackets: "items[].status".',
        )
    if lists and len(lists) == sum(len(values) for _, values in results):
        yield from ((str(value[0]), _raw(value[1:])) for _, values in results for value in values)
        return
    beside = found(walk.interactions, ids, f"upstream_ids[{walk.capability!r}]") if ids is not None else ()
    ids_of = {id(interaction): values for interaction, values in beside}
    for interaction, values in results:
        if ids is not None and id(interaction) not in ids_of:
            # The globs of upstream_ids leave it out.
            continue
        of_body = ids_of.get(id(interaction), [])
        if len(of_body) != len(values):
            raise UsageError(
                f"{fact} finds {len(values)} statuses for {len(of_body)} ids in {interaction.request}.",
                remedy='Have it find the id with each status, such as "items[].[id, status]":\n'
                "JMESPath leaves out what a record does not have.",
            )
        yield from ((str(id_), _raw([value])) for id_, value in zip(of_body, values, strict=True))


def _cell(statuses: object) -> str:
    if not isinstance(statuses, list):
        return "not there" if statuses is None else json.dumps(statuses)
    return " or ".join(map(str, statuses))


def _raw(parts: list[Any]) -> str:
    return ", ".join(part if isinstance(part, str) else json.dumps(part) for part in parts)
