"""What the stored files say beside the answers: declarations, and tables of raw values and of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.faults.field_changes import field_changes
from connector_contract.faults.field_use import from_json
from connector_contract.review.change import Difference, Kind, Request, Waiver, What
from connector_contract.review.severity import CHOICES, LOWERS
from connector_contract.storage.json_differences import load_once
from connector_contract.storage.stored_names import DECLARATIONS, FIELDS

_TABLE = re.compile(r".*\.test_(?:status|kinds)\[(?P<capability>\w+)]")


def is_declarations(path: str) -> bool:
    """Whether a file has a contract's declarations."""
    return path.endswith(DECLARATIONS)


def table_of(name: str) -> str | None:
    """The capability that a file has the table of raw values of; ``None`` if it has none.

    Args:
        name: The file's, without suffix.
    """
    found = _TABLE.fullmatch(name)
    return None if found is None else found["capability"]


def fields_of(path: str) -> str | None:
    """The capability that a file has the table of fields of; ``None`` if it has none."""
    name = path.rpartition("/")[2]
    return name.removesuffix(FIELDS) if name.endswith(FIELDS) else None


def declaration_changes(
    old: bytes | None, new: bytes | None, path: str, scenario: str
) -> Iterator[Difference]:
    """What is declared now, and was not, or otherwise.

    Raises:
        ValueError: One is no JSON.
    """
    before, after = dict(_entries(old)), dict(_entries(new))
    for name in dict.fromkeys([*before, *after]):
        if _text(before, name) != _text(after, name):
            what = What.ADDED if name not in before else What.REMOVED if name not in after else What.CHANGED
            request = Request("", "", scenario)
            yield Difference(
                Kind.DECLARATION, what, name, before.get(name), after.get(name), request, path, name
            )


def waivers_of(data: bytes, path: str) -> Iterator[Waiver]:
    """What is declared to demand less.

    Raises:
        ValueError: It is no JSON.
    """
    for name, reason in _entries(data):
        if name.partition("[")[0] in LOWERS:
            cell = _cell(reason)
            shown = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
            yield Waiver(name, shown, path)


def table_changes(old: bytes | None, new: bytes | None, path: str, request: Request) -> Iterator[Difference]:
    """The raw values that lead to something else now.

    Raises:
        ValueError: One is no JSON.
    """
    before, after = _object(old), _object(new)
    for name in dict.fromkeys([*before, *after]):
        if _text(before, name) != _text(after, name):
            one, other = _cell(before.get(name)), _cell(after.get(name))
            what = What.ADDED if name not in before else What.REMOVED if name not in after else What.CHANGED
            yield Difference(Kind.STATUS, what, str(name), one, other, request, path, str(name))


def use_changes(old: bytes, new: bytes, path: str, capability: str) -> Iterator[Difference]:
    """What the connector does otherwise with the fields of its upstream.

    Raises:
        ValueError: One is no table of fields.
    """
    before, after = (from_json(load_once(each.decode("utf-8"))) for each in (old, new))
    for each in field_changes(before, after):
        what = What.ADDED if each.old is None else What.REMOVED if each.new is None else What.CHANGED
        one, other = (None if side is None else str(side) for side in (each.old, each.new))
        request = Request(capability, "", "")
        yield Difference(Kind.FIELD, what, each.place, one, other, request, path, each.place)


def _text(side: Mapping[str, Any], name: str) -> str | None:
    """A value as text: true is no 1, and nothing is no null."""
    return json.dumps(side[name], sort_keys=True) if name in side else None


def _cell(values: Any) -> Any:
    return ", ".join(map(str, values)) if isinstance(values, list) else values


def _entries(data: bytes | None) -> Iterator[tuple[str, Any]]:
    """Each declaration by its name, such as ``waivers[complete[list_accounts]]``."""
    for attribute, value in _object(data).items():
        if attribute == "sample":
            # It is one declaration.
            yield attribute, value
        elif attribute == CHOICES and isinstance(value, Mapping):
            yield from ((f"{attribute}[{key}]", _choice(each)) for key, each in value.items())
        else:
            yield from _flat(attribute, value)


def _choice(value: Any) -> Any:
    """A choice with its reason, in a line."""
    if isinstance(value, Mapping) and {"choice", "reason"} <= set(value):
        return f"{value['choice']}: {value['reason']}"
    return value


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(f"{name}[{key}]", each)
    else:
        yield name, value


def _object(data: bytes | None) -> Mapping[str, Any]:
    value = {} if data is None else load_once(data.decode("utf-8"))
    if not isinstance(value, Mapping):
        raise ValueError("it is no JSON object")
    return value
