"""**complete**: each record that the upstream sent is in the response, exactly once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rules.bodies import data_bodies, found, longest, require_found
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.listed import RawStatuses, proposal
from connector_contract.contract.rules.responses import ACCESS_LOST, Key, Walk, shown
from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.reporting.excerpts import beginning
from connector_contract.reporting.messages import counted


def lost_breach(
    walk: Walk, upstream_ids: Paths, excluded: Mapping[str, str], statuses: RawStatuses | None = None
) -> Iterator[Breach]:
    """What the upstream sent and the walk does not have, or has twice.

    Args:
        walk: A walk through the whole list.
        upstream_ids: Where the ids are in the recorded bodies.
        excluded: Where ids are that are left out on purpose, each with the reason.
        statuses: The raw statuses of accounts, where they are known.

    Raises:
        UsageError: An expression is none, matches nothing, or finds ids that cannot be compared.

    Source: ``list_accounts`` and its siblings of the Lumos connector API list all that there is;
    https://developers.lumos.com/reference/connector-capabilities.
    """
    fact = f"upstream_ids[{walk.capability!r}]"
    found_ids = require_found(walk, upstream_ids, fact)
    left_out = _excluded(walk, excluded)
    listed = _listed(walk)
    sent = _owed(walk, found_ids, fact)
    owed = [key for key in sent if statuses is None or not statuses.leaves_out(key[0])]
    missing = [key for key in owed if key not in listed and not left_out & set(_beginnings(key))]
    if missing:
        of_all = f"{len(missing)} of the {counted(len(owed), 'record')}"
        title = f"it lost {of_all} that the upstream sent"
        records = [shown(key) for key in missing]
        if len(missing) == len(owed) and walk.keys:
            # The expression may be wrong instead.
            records = [f"{records[0]}, and all others; it lists {shown(walk.keys[0])}, for one"]
        on_purpose = proposal([key[0] for key in missing], {key[0] for key in walk.keys}, statuses)
        consequence = f"{ACCESS_LOST}\n{on_purpose}" if on_purpose else ACCESS_LOST
        yield Breach(walk.capability, title, consequence, records)
    elif isinstance(upstream_ids, str):
        _refuse_others(walk, fact, {beginning for key in sent for beginning in _beginnings(key)})
    not_left_out = sorted(left_out & listed)
    if not_left_out:
        title = f"it lists {counted(len(not_left_out), 'record')} of those that excluded_ids leaves out"
        consequence = "The contract's class declares that they are not listed."
        yield Breach(walk.capability, title, consequence, [shown(key) for key in not_left_out])
    if twice := walk.repeated:
        title = f"it lists {counted(len(twice), 'record')} more than once"
        consequence = "Lumos lets one overwrite the other."
        yield Breach(walk.capability, title, consequence, [shown(key) for key in twice])


def _listed(walk: Walk) -> set[Key]:
    # An author may name the first parts of a key alone.
    return {beginning for key in walk.keys for beginning in _beginnings(key)}


def _owed(walk: Walk, found_ids: Sequence[tuple[Interaction, list[Any]]], fact: str) -> list[Key]:
    """The ids that were sent, and of a sample those that have to be on its pages.

    Where a walk stops, what was sent after the last listed record may be on a later page; and on a last page,
    what was sent before the first one may be on an earlier page.
    """
    beginning, end = walk.beginning, walk.end
    at_end = {id(each) for each in end.interactions} if end else set()
    sent = _ids(walk, [pair for pair in found_ids if id(pair[0]) not in at_end], fact)
    if beginning.goes_on and walk.limit is not None:
        listed = _listed(beginning)
        places = [place for place, key in enumerate(sent, 1) if key in listed]
        sent = sent[: max(places, default=len(sent))]
    if end is None:
        return sent
    last = _ids(walk, [pair for pair in found_ids if id(pair[0]) in at_end], fact)
    listed = _listed(end)
    places = [place for place, key in enumerate(last) if key in listed]
    return list(dict.fromkeys([*sent, *last[min(places, default=0) :]]))


def _refuse_others(walk: Walk, fact: str, sent: set[Key]) -> None:
    others = [key for key in walk.keys if not sent & set(_beginnings(key))]
    if others:
        raise UsageError(
            f"{fact} finds no id of {counted(len(others), 'record')} of {walk.capability}.",
            details=[f"one of them is {shown(others[0])}"],
            remedy="Fix the expression; or the connector, if it makes them up. If the expression is for\n"
            'some requests only, name their paths: {"/api/users*": "..."}.',
        )


def _beginnings(key: Key) -> list[Key]:
    return [key[:length] for length in range(1, len(key) + 1)]


def empty_list_breach(walk: Walk) -> Iterator[Breach]:
    """No records at all, where the upstream sent some: the one loss that is seen without ``upstream_ids``.

    Args:
        walk: A walk through the whole list.
    """
    sent = {interaction.request: longest(body) for interaction, body in data_bodies(walk.interactions)}
    if not walk.records and any(sent.values()):
        records = [f"{count} in {request}" for request, count in sent.items() if count]
        yield Breach(
            walk.capability, "it has no records, although the upstream sent some", ACCESS_LOST, records
        )


def _ids(walk: Walk, results: Sequence[tuple[Interaction, list[Any]]], fact: str) -> list[Key]:
    """The ids that were sent, each once, in the order in which they came."""
    return list(
        dict.fromkeys(
            key
            for interaction, values in results
            for value in values
            for key in _keys(walk, value, fact, interaction.request)
        )
    )


def _keys(walk: Walk, value: Any, fact: str, request: Request) -> list[Key]:
    """The ids in what was found: one, its parts, or those of several records, as ``_parts`` has them."""
    keys, fields = list(_parts(value if isinstance(value, list) else [value])), walk.key_fields
    if not all(0 < len(key) <= len(fields) and None not in key for key in keys):
        in_order = ", or lists of them in the order " + ", ".join(fields)
        several = f"{in_order}; what may be missing is not_null({fields[-1]}, '')" if len(fields) > 1 else ""
        raise UsageError(
            f"{fact} finds {beginning(json.dumps(value), 80)}, which cannot be compared with the records "
            f"of {walk.capability}.",
            details=[f"found in the response to {request}"],
            remedy=f"It should find each {fields[0]}{several}."
            if fields
            else "These records have no field that identifies them: give them a field id, or delete this.",
        )
    return [tuple(map(str, key)) for key in keys]


def _parts(parts: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The parts of an id; where one of them is a list, of an id for each that is in it.

    So ``[1, ["a", "b"]]``, a user with roles, is ``(1, "a")`` and ``(1, "b")``; an object is part of none.
    """
    lists = [part if isinstance(part, list) else [part] for part in parts]
    choices = [[each if isinstance(each, list) else [each] for each in part] for part in lists]
    for chosen in product(*choices):
        yield tuple(None if isinstance(each, dict | list) else each for part in chosen for each in part)


def _excluded(walk: Walk, excluded: Mapping[str, str]) -> set[Key]:
    keys: set[Key] = set()
    for expression in excluded:
        fact = f"excluded_ids[{walk.capability!r}][{expression!r}]"
        new = set(_ids(walk, list(found(walk.interactions, expression, fact)), fact))
        if not new and walk.is_whole:
            raise UsageError(
                f"{fact} finds no id in the recorded bodies, so it is no longer needed.",
                remedy="Delete it, or fix the expression.",
            )
        keys |= new
    return keys
