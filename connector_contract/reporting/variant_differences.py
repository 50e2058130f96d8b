"""What differs between the variants of a connector: the same scenario's responses, beside each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.reporting.outcome import Outcome

# Of many scenarios, and of many fields, a line names some.
_SCENARIOS = 3
_FIELDS = 2


def told(response: str) -> dict[str, Any]:
    """What is compared of a response, as plain data.

    Args:
        response: A snapshot's JSON: a response, a list of pages, or something that a test took out of it.

    Returns:
        ``records``, how many there are, or ``None``; ``fields``, those that have a value; ``error``, the code
        of one, or ``None``; ``digest``, which is equal for equal text.
    """
    value = json.loads(response)
    pages = [page for page in (value if isinstance(value, list) else [value]) if isinstance(page, dict)]
    answers = [page["response"] for page in pages if "response" in page]
    lists = [answer for answer in answers if isinstance(answer, list)]
    codes = [page["error"].get("error_code") for page in pages if isinstance(page.get("error"), dict)]
    return {
        "records": sum(map(len, lists)) if lists else None,
        "fields": sorted({name for answer in answers for name in _fields(answer)}),
        "error": str(codes[0]) if codes else None,
        "digest": hashlib.sha256(response.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    }


def _fields(value: Any, name: str = "") -> Iterator[str]:
    """The names of all fields that have a value, those within others with a dot."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _fields(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _fields(item, name)
    elif value is not None and name:
        yield name


def variant_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each variant but the first: in which scenarios it differs from the first.

    Args:
        outcomes: Of all scenarios of a run. Those count that have compared responses in both variants.
    """
    scenarios: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        if outcome.variant:
            scenarios.setdefault(outcome.variant, {})[outcome.title] = outcome
    first, *others = sorted(scenarios) or [""]
    lines = (_line(first, scenarios[first], other, scenarios[other]) for other in others)
    return [line for line in lines if line is not None]


def _line(first: str, ones: Mapping[str, Outcome], other: str, others: Mapping[str, Outcome]) -> str | None:
    only = _only_offered(first, ones, other, others)
    both = sorted(title for title in ones.keys() & others.keys() if ones[title].told and others[title].told)
    if not both:
        return f"{first} and {other} differ{only.replace(';', ':', 1)}" if only else None
    seen = {title: _difference(first, ones[title].told, other, others[title].told) for title in both}
    named = [f"{title} ({how})" for title, how in seen.items() if how]
    in_values = sum(how == "" for how in seen.values())
    count = len(named) + in_values
    scenarios = f"{len(both)} scenario{'' if len(both) == 1 else 's'}"
    if not count:
        return f"{first} and {other} answer the same in {scenarios}{only}"
    parts = named[:_SCENARIOS]
    if len(named) > _SCENARIOS:
        parts.append(f"{len(named) - _SCENARIOS} more")
    if in_values:
        parts.append(f"{in_values} in values alone")
    return f"{first} and {other} differ in {count} of {scenarios}: {', '.join(parts)}{only}"


def _only_offered(first: str, ones: Mapping[str, Outcome], other: str, others: Mapping[str, Outcome]) -> str:
    """The capabilities that one of two variants has alone."""
    here, there = ({name for each in of.values() for name in each.offered} for of in (ones, others))
    found = [(first, sorted(here - there)), (other, sorted(there - here))]
    return "".join(f"; only {variant} has {_some(names)}" for variant, names in found if names)


def _difference(
    first: str, ones: Mapping[str, Mapping[str, Any]], other: str, others: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """How a scenario differs; empty if only in values, ``None`` if not at all."""
    if set(ones) != set(others):
        return "other snapshots"
    ways = [_way(first, ones[name], other, others[name]) for name in sorted(ones)]
    return next((way for way in ways if way), "" if "" in ways else None)


def _way(first: str, one: Mapping[str, Any], other: str, another: Mapping[str, Any]) -> str | None:
    if one["digest"] == another["digest"]:
        return None
    if one["error"] != another["error"]:
        return f"{one['error'] or 'success'}, {another['error'] or 'success'}"
    if one["records"] != another["records"] and None not in (one["records"], another["records"]):
        records = f"record{'' if one['records'] == 1 else 's'}"
        return f"{one['records']} {records}, {another['records']}"
    here, there = set(one["fields"]), set(another["fields"])
    ways = [_only(first, here - there), _only(other, there - here)]
    return ", ".join(way for way in ways if way)


def _only(variant: str, fields: set[str]) -> str:
    return f"{_some(sorted(fields))} only in {variant}" if fields else ""


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FIELDS} more" if len(names) > _FIELDS else ""
    return ", ".join(names[:_FIELDS]) + more
