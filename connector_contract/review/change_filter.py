"""Which changes a text such as ``kind=account,severity=critical`` is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from connector_contract.errors import UsageError
from connector_contract.review.change import Severity, What
from connector_contract.review.decisions import KINDS, Item

SYNTAX = (
    "A FILTER is KEY=VALUE, or several with commas between them, all of which must hold. VALUE may be "
    "several with | between them, one of which must. KEY is severity, kind, what (added, removed, changed), "
    "capability, field or scenario. In a VALUE, * stands for any text and ? for one character, such as a "
    "comma. The FILTER all takes every change. If a FILTER matches none, nothing is done and "
    "the exit code is 2."
)
_ALL = "all"
_VALUES = {
    "severity": tuple(each.value for each in Severity),
    "kind": KINDS,
    "what": tuple(each.value for each in What),
}
_KEYS = (*_VALUES, "capability", "field", "scenario")
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True)
class ChangeFilter:
    """What changes must have in common.

    Attributes:
        text: As somebody wrote it.
        conditions: The values that each key may have; empty if every change is meant.
    """

    text: str
    conditions: Mapping[str, Sequence[str]]

    def matches(self, item: Item) -> bool:
        """Whether an item is meant."""
        values = _values(item)
        return all(
            any(_pattern(one).fullmatch(value) for one in allowed for value in values[key])
            for key, allowed in self.conditions.items()
        )


def change_filter(text: str) -> ChangeFilter:
    """What a text means.

    Raises:
        UsageError: It is not of the form that ``SYNTAX`` says, or has a value that no change can have.
    """
    if text.strip() == _ALL:
        return ChangeFilter(text, {})
    conditions: dict[str, list[str]] = {}
    for part in text.split(","):
        key, equals, value = (each.strip() for each in part.partition("="))
        if not (equals and value) or key not in _KEYS:
            near = _near(key, _KEYS) if value else ""
            keys = ", ".join(_KEYS)
            raise _wrong(text, f"{part.strip()!r} is not KEY=VALUE with one of the keys {keys}{near}")
        if key in conditions:
            raise _wrong(text, f"{key} is there twice; write {key}=ONE|OTHER")
        conditions[key] = [_known(text, key, one.strip()) for one in value.split("|")]
    return ChangeFilter(text, conditions)


def filter_of(item: Item) -> str:
    """A filter that an item matches, and as few others as it can."""
    severity = [] if item.severity is None else [f"severity={item.severity.value}"]
    parts = [f"kind={item.kind}", f"what={item.what}", *severity]
    parts += [f"field={_quoted(item.field)}"] if item.field else []
    parts += [f"capability={_quoted(item.capabilities[0])}"] if len(item.capabilities) == 1 else []
    return ",".join(parts)


def chosen(filters: Sequence[str], items: Collection[Item]) -> list[Item]:
    """The items that filters are about, each once.

    Raises:
        UsageError: A filter is wrong, or is about none of them.
    """
    found: dict[Item, None] = {}
    for each in map(change_filter, filters):
        matching = [item for item in items if each.matches(item)]
        if not matching:
            raise _matches_nothing(each, items)
        found |= dict.fromkeys(matching)
    return list(found)


def _values(item: Item) -> dict[str, tuple[str, ...]]:
    return {
        "severity": (item.severity.value,) if item.severity is not None else (),
        "kind": (item.kind,),
        "what": (item.what,),
        "capability": item.capabilities,
        "field": (item.field,),
        "scenario": item.scenarios,
    }


def _pattern(value: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(each) or re.escape(each) for each in value), re.DOTALL)


def _known(text: str, key: str, value: str) -> str:
    values = _VALUES.get(key)
    if not value:
        raise _wrong(text, f"a value of {key} is empty")
    if values is not None and not any(_pattern(value).fullmatch(each) for each in values):
        raise _wrong(text, f"{key} is one of {', '.join(values)}, and not {value!r}{_near(value, values)}")
    return value


def _quoted(value: str) -> str:
    return re.sub(r"[,|=*]", "?", value)


def _wrong(text: str, what: str) -> UsageError:
    return UsageError(f"The filter {text!r} is not valid: {what}.", remedy=SYNTAX)


def _near(word: str, known: Sequence[str]) -> str:
    """A question for one who has mistyped a word; empty if none is like it."""
    near = get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _matches_nothing(each: ChangeFilter, items: Collection[Item]) -> UsageError:
    there = dict.fromkeys(filter_of(item) for item in items)
    shown = list(there)[:10]
    more = [f"and {len(there) - len(shown)} more"] if len(there) > len(shown) else []
    return UsageError(
        f"The filter {each.text!r} matches none of the changes. Nothing was done.",
        details=["there is:", *(f"  {one}" for one in (*shown, *more))] if there else ["there is no change"],
        remedy="Run the command without --accept and --restore to see the changes.",
    )
