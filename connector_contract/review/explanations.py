"""What explains that many values changed, each into another: the rule that leads from the old to the new."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from connector_contract.review.change import Difference, What

# An explanation of one record explains nothing.
_LEAST = 2
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_WORD_ENDS = re.compile(r"\b")


class Explanation(NamedTuple):
    """A rule that leads from old values to new ones.

    Attributes:
        text: The rule, such as ``now equals email``.
        members: The differences that it explains.
        is_telling: Whether it says what each value was made of, and not only what all are now.
    """

    text: str
    members: Sequence[Difference]
    is_telling: bool = True


def explained(members: Sequence[Difference]) -> Explanation | None:
    """The rule that explains most of some differences in one field; ``None`` if none explains half of them.

    Args:
        members: Differences in one field, of several records.
    """
    found: dict[str, list[Difference]] = {}
    constants = list(_constants(members))
    shared = [*constants, *_replacements(members)]
    for one in members:
        for text in dict.fromkeys([*rules(one), *(text for text, holds in shared if holds(one))]):
            found.setdefault(text, []).append(one)
    # Of several that explain as many, the first one says the most.
    best = max(found, key=lambda text: len(found[text]), default=None)
    if best is None or len(found[best]) < max(_LEAST, len(members) / 2):
        return None
    return Explanation(best, found[best], is_telling=best not in dict(constants))


def rules(one: Difference) -> Iterator[str]:
    """The rules that lead from an old value to its new one, those that say most first."""
    old, new = one.old, one.new
    if one.what is not What.CHANGED:
        return
    if new in (None, "", [], {}):
        yield "now empty"
        return
    yield from _equals(one)
    if old in (None, "", [], {}):
        yield "empty before"
    elif isinstance(old, str) and isinstance(new, str):
        yield from _of_texts(old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new)
    elif str(old) == str(new):
        yield f"the same, now as {_TYPES.get(type(new), 'another type')}"


_TYPES = {str: "text", int: "a number", float: "a number", bool: "true or false"}


def _equals(one: Difference) -> Iterator[str]:
    """The other fields of the record that have the new value."""
    if not isinstance(one.after, Mapping) or isinstance(one.new, bool):
        return
    before = one.before if isinstance(one.before, Mapping) else {}
    for name, value in one.after.items():
        # Of two fields that have changed together, neither explains the other.
        same = value == one.new and type(value) is type(one.new) and before.get(name, value) == value
        if name != one.field and same:
            yield f"now equals {name}"
    if not isinstance(one.new, str):
        return
    for name, value in before.items():
        if name != one.field and value == one.new and one.after.get(name) != value:
            yield f"now what {name} was"


def _of_texts(old: str, new: str) -> Iterator[str]:
    for text, made in _CASES.items():
        if new == made(old):
            yield text
    if (one := _time(old)) is not None and (other := _time(new)) is not None:
        if (one.tzinfo is None) == (other.tzinfo is None):
            yield _moved(other - one)
        else:
            yield "now with a zone" if one.tzinfo is None else "now without a zone"
    for sign in ("@", "/", ":", ".", "-", "_", " "):
        first, found, rest = old.partition(sign)
        if found and new in (first, rest):
            yield f"now the part {'before' if new == first else 'after'} the first {sign!r}"


_CASES: Mapping[str, Callable[[str], str]] = {
    "now upper case": str.upper,
    "now lower case": str.lower,
    "now title case": str.title,
    "now without white space at its ends": str.strip,
}


def _time(text: str) -> datetime | None:
    if _TIME.match(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moved(by: timedelta) -> str:
    if not by:
        return "the same time, now written otherwise"
    return f"now {abs(by)} {'later' if by > timedelta(0) else 'earlier'}"


def _of_lists(old: list[Any], new: list[Any]) -> Iterator[str]:
    before, after = (Counter(json.dumps(each, sort_keys=True) for each in value) for value in (old, new))
    if before == after:
        yield "the same, in another order"
        return
    gone, come = sorted((before - after).elements()), sorted((after - before).elements())
    parts = [f"without {', '.join(gone)}"] if gone else []
    parts += [f"with {', '.join(come)}"] if come else []
    yield f"now {' and '.join(parts)}"


def _constants(members: Sequence[Difference]) -> Iterator[tuple[str, Callable[[Difference], bool]]]:
    """That several differences lead to one value, with whether it holds for one."""
    values = Counter(canonical(one.new) for one in members)
    for value, times in values.most_common(1):
        if times >= _LEAST:
            yield f"now always {value}", partial(_is_now, value)


def _replacements(members: Sequence[Difference]) -> Iterator[tuple[str, Callable[[Difference], bool]]]:
    """That one part of several texts was replaced, with whether it holds for one."""
    parts = Counter(part for one in members if (part := part_replaced(one.old, one.new)) is not None)
    for part, times in parts.most_common(1):
        if times >= _LEAST:
            yield replacement(*part), partial(_is_replaced, part)


def _is_now(value: str, one: Difference) -> bool:
    return canonical(one.new) == value


def _is_replaced(part: tuple[str, str], one: Difference) -> bool:
    return part_replaced(one.old, one.new) == part


def canonical(value: Any) -> str:
    """A text that equal values have in common; JSON, of a plain one in Python's way, which is faster."""
    if value is None or isinstance(value, (str, int, float)):
        return repr(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def replacement(old: str, new: str) -> str:
    """That a part of several texts was replaced, in words."""
    if not old:
        return f"now with {new!r} in it"
    return f"now {new!r} in place of {old!r}" if new else f"now without {old!r}"


def part_replaced(old: Any, new: Any) -> tuple[str, str] | None:
    """The part of a text that was replaced, and by what, in whole words; ``None`` if most of it was."""
    if not (isinstance(old, str) and isinstance(new, str)) or old == new:
        return None
    start = _common(old, new)
    start = max(
        (each.start() for each in _WORD_ENDS.finditer(old, 0, len(old)) if each.start() <= start), default=0
    )
    one, other = old[start:], new[start:]
    end = _common(one[::-1], other[::-1])
    ends = [len(one) - each.start() for each in _WORD_ENDS.finditer(one)]
    end = max((each for each in ends if each <= end), default=0)
    if start + end == 0:
        return None
    return one[: len(one) - end], other[: len(other) - end]


def _common(one: str, other: str) -> int:
    """How many characters two texts start with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
