"""What a test took out of responses, and compared by itself: its differences are those of the responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector_contract.review.change import Difference, Kind, What
from connector_contract.review.explanations import canonical, rules

# Of shorter texts, two may be equal by chance.
_TELLING = 4
_INDEX = re.compile(r"\[\d+]")


def attributed(found: Sequence[Difference]) -> list[Difference]:
    """The differences, with those of derived values as what they are derived from.

    A test may compare ``{account["username"]: account["user_status"]}``, or one account out of a list. No
    call says what that is. But where the same old value has become the same new one in a record, or the same
    field follows the same rule, it is the same change.

    Args:
        found: All differences of a review.
    """
    if not any(map(_is_plain, found)):
        return list(found)
    known = [one for one in found if one.record and one.kind is not Kind.OTHER]
    by_values = {_values(one.old, one.new): one for one in reversed(known) if _is_telling(one)}
    by_parts = {
        (one.what, text): one
        for one in reversed(known)
        if one.what is not What.CHANGED
        for text in (one.record, *_texts(one.before or one.after))
    }
    by_rules = {(one.field, rule): one for one in reversed(known) for rule in rules(one)}
    names = _new_names(found, by_values, {one.old: one for one in known if _was_text(one)})
    result = []
    for one in found:
        if not _is_plain(one):
            result.append(one)
            continue
        source = names.get(id(one)) or by_values.get(_values(one.old, one.new))
        if source is None:
            source = next((by_rules[key] for key in _rules(one) if key in by_rules), None)
        if source is None and one.what is not What.CHANGED:
            parts = (_split(one)[1], *_texts(one.old if one.what is What.REMOVED else one.new))
            source = next((by_parts[one.what, part] for part in parts if (one.what, part) in by_parts), None)
        result.append(one if source is None else replace(source, file=one.file, request=one.request))
    return result


def _is_plain(one: Difference) -> bool:
    """Whether a difference is in a snapshot that has no records."""
    return one.kind is Kind.OTHER and not one.record


def _is_telling(one: Difference) -> bool:
    """Whether equal values elsewhere are the same change: true and false may be another."""
    texts = (isinstance(each, str) and len(each) > 1 for each in (one.old, one.new))
    return one.what is What.CHANGED and all(texts)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value that are long enough to know something by."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str) and len(value) >= _TELLING:
        yield value


def _values(old: Any, new: Any) -> tuple[str, str]:
    return canonical(old), canonical(new)


def _rules(one: Difference) -> Iterator[tuple[str, str]]:
    field = _INDEX.sub("", one.field).rpartition(".")[2]
    yield from ((field, rule) for rule in rules(replace(one, field=field)))


def _was_text(one: Difference) -> bool:
    return one.what is What.CHANGED and isinstance(one.old, str) and len(one.old) >= _TELLING


def _new_names(
    found: Iterable[Difference],
    known: dict[tuple[str, str], Difference],
    olds: dict[str, Difference],
) -> dict[int, Difference]:
    """The names in an object that are gone, or new, because the value that they are has changed."""
    by_object: dict[tuple[str, str], dict[str, list[Difference]]] = {}
    for one in found:
        if _is_plain(one) and one.what is not What.CHANGED:
            # A name may have a dot in it: the objects themselves know their names.
            parent, name = _split(one)
            by_object.setdefault((one.file, parent), {}).setdefault(name, []).append(one)
    sources: dict[int, Difference] = {}
    for names in by_object.values():
        sources |= _lost_names(names, olds)
        for name, gone in names.items():
            for other, come in names.items():
                source = known.get(_values(name, other))
                if source is not None and gone[0].old == come[0].new:
                    sources[id(gone[0])] = sources[id(come[0])] = source
    return sources


def _lost_names(names: dict[str, list[Difference]], olds: dict[str, Difference]) -> dict[int, Difference]:
    """The names that were the old values of what has become the same for all, so that one name is left."""
    gone = {name: of[0] for name, of in names.items() if of[0].what is What.REMOVED and name in olds}
    news = {str(olds[name].new) if olds[name].new is not None else "null" for name in gone}
    found = {id(one): olds[name] for name, one in gone.items()}
    for name in news & names.keys() if gone else ():
        found[id(names[name][0])] = olds[next(iter(gone))]
    return found


def _split(one: Difference) -> tuple[str, str]:
    inside = (one.before if one.what is What.REMOVED else one.after) or {}
    names = [name for name in inside if one.field == name or one.field.endswith(f".{name}")]
    name = max(names, key=len, default=one.field)
    return one.field.removesuffix(name), name
