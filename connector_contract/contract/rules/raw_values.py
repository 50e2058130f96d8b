"""Raw values of the upstream, and what each became in Lumos: a table, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector_contract.contract.contract_config import Paths
from connector_contract.contract.listed_statuses import raw_text
from connector_contract.contract.rules.bodies import found, require_found
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, shown
from connector_contract.errors import UsageError
from connector_contract.reporting.excerpts import beginning

Table = dict[str, list[str | None]]
"""What each raw value became."""


@dataclass(frozen=True)
class About:
    """What a table is about.

    Attributes:
        fact: The attribute of a contract class that says where the raw values are.
        field: The field of a record that is made from them.
        one: What a value is called.
        many: The same of several.
        by_chance: What it means if one raw value became several.
        not_told_apart: What it means if all became the same.
        apart: What one of several raw values has to contain, if it is wrong that all became the same.
    """

    fact: str
    field: str
    one: str
    many: str
    by_chance: str
    not_told_apart: str
    apart: re.Pattern[str] | None = None


def raw_table(walk: Walk, paths: Paths, upstream_ids: Paths | None, about: About) -> Table:
    """What each raw value that the recorded bodies have became.

    Args:
        walk: A walk through the list.
        paths: Where the raw values are: lists of an id and what makes up its value, such as
            ``items[].[id, status]``; or the values alone, in the order of ``upstream_ids``.
        upstream_ids: Where the ids are.
        about: What the values are.

    Raises:
        UsageError: An expression is none, matches nothing, or finds no pairs, or none of a record.
    """
    table: dict[str, set[str | None]] = {}
    pairs = list(raw_pairs(walk, paths, upstream_ids, about))
    # Only the upstream's own id need be found; an application's account has that of both.
    parts = len(pairs[0][0]) if pairs else 1
    lumos = {walk.key_of(record)[:parts]: record.get(about.field) for record in walk.records}
    for id_, raw in pairs:
        # A record that is not listed is another rule's.
        if id_ in lumos:
            table.setdefault(raw, set()).add(lumos[id_])
    fact = f"{about.fact}[{walk.capability!r}]"
    example = f"Have it find the {about.one} with each id, such as {_example(about)}."
    if pairs and all(id_ == (raw,) for id_, raw in pairs):
        raise UsageError(f"{fact} finds the ids themselves, such as {shown(pairs[0][0])!r}.", remedy=example)
    if pairs and lumos and not table:
        raise UsageError(
            f"{fact} finds ids that no record has, such as {shown(pairs[0][0])!r}.",
            details=[f"the records have ids such as {shown(next(iter(lumos)))!r}"],
            remedy=f"Have it find the id with each {about.one}, such as {_example(about)}.",
        )
    # Of a sample, those with another value may lie outside.
    if set(table) == {"null"} and walk.is_whole:
        raise UsageError(
            f"{fact} finds no {about.one}: null for all {len(pairs)} ids.",
            remedy=f"Fix the expression: it should find each id and its {about.one}, or all parts of it.",
        )
    return {raw: sorted(values, key=str) for raw, values in sorted(table.items())}


def table_changes(stored: str, table: Table, about: About) -> Iterator[str]:
    """Each raw value that a table has otherwise than its snapshot, in a line.

    Args:
        stored: The text of the snapshot.
        table: The table now.
        about: What it is about.
    """
    try:
        before = json.loads(stored)
    except ValueError:
        before = None
    if not isinstance(before, dict):
        yield f"the snapshot is not a table of {about.many}"
        before = {}
    for raw in sorted(before.keys() | table.keys()):
        if before.get(raw) != table.get(raw):
            yield f"- {raw}: {_cell(before.get(raw))} in the snapshot, {_cell(table.get(raw))} now"


def raw_breach(capability: str, table: Mapping[str, list[str | None]], about: About) -> Iterator[Breach]:
    """What is wrong with a table: a raw value that became several, some that became none, all the same."""
    for raw, values in table.items():
        if len(values) > 1:
            title = f"the upstream's {about.one} {raw} became {len(values)} {about.many}"
            yield Breach(capability, title, about.by_chance, [str(value) for value in values])
    without = [raw for raw, values in table.items() if values == [None]]
    if without and len(without) < len(table):
        title = f"some of the upstream's {about.many} became none"
        yield Breach(capability, title, about.not_told_apart, without)
    seen = {value for values in table.values() for value in values}
    are_apart = about.apart is None or any(map(about.apart.search, table))
    if len(table) > 1 and len(seen) == 1 and are_apart:
        title = f"all {len(table)} {about.many} of the upstream became {seen.pop()}"
        yield Breach(capability, title, about.not_told_apart, list(table))


def raw_pairs(walk: Walk, paths: Paths, ids: Paths | None, about: About) -> Iterator[tuple[Key, str]]:
    """Each id that the recorded bodies have, with its raw value; the arguments are those of ``raw_table``.

    Raises:
        UsageError: An expression is none, matches nothing, or finds no pairs.
    """
    fact = f"{about.fact}[{walk.capability!r}]"
    results = require_found(walk, paths, fact)
    lists = [value for _, values in results for value in values if isinstance(value, list)]
    if any(len(value) == 1 for value in lists):
        raise UsageError(
            f"{fact} finds lists of one value, such as {beginning(json.dumps(lists[0]), 80)}.",
            remedy=f"Have it find the {about.one} with each id, such as {_example(about)};\n"
            f'or the {about.many} alone, without brackets: "items[].{about.one}".',
        )
    if lists and len(lists) == sum(len(values) for _, values in results):
        yield from ((_key(value[0]), raw_text(value[1:])) for _, values in results for value in values)
        return
    beside = found(walk.interactions, ids, f"upstream_ids[{walk.capability!r}]") if ids is not None else ()
    ids_of = {id(interaction): values for interaction, values in beside}
    # The globs of upstream_ids leave some out.
    with_ids = [pair for pair in results if ids is None or id(pair[0]) in ids_of]
    if results and not with_ids:
        interaction, values = results[0]
        raise UsageError(
            f"{fact} finds no ids beside its {about.many}, such as {beginning(json.dumps(values), 80)} "
            f"in {interaction.request}.",
            remedy=f"Have it find the id with each {about.one}, such as {_example(about)};\n"
            f'where a body is one record: "[@][].[id, {about.one}]".',
        )
    for interaction, values in with_ids:
        of_body = ids_of.get(id(interaction), [])
        if len(of_body) != len(values):
            raise UsageError(
                f"{fact} finds {len(values)} {about.many} for {len(of_body)} ids in {interaction.request}.",
                remedy=f"Have it find the id with each {about.one}, such as {_example(about)}:\n"
                "JMESPath leaves out what a record does not have.",
            )
        yield from ((_key(id_), raw_text([value])) for id_, value in zip(of_body, values, strict=True))


def _key(id_: Any) -> Key:
    return tuple(map(str, id_)) if isinstance(id_, list) else (str(id_),)


def _example(about: About) -> str:
    return f'"items[].[id, {about.one}]"'


def _cell(values: object) -> str:
    if not isinstance(values, list):
        return "not there" if values is None else json.dumps(values)
    return " or ".join(map(str, values))
