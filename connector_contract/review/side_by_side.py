"""Two values side by side: which lines belong together, and which words of them differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from connector_contract.review.html_text import short, value_text

# So many lines of a value are shown, so many characters of a line, and so many of what two lines share.
LINES, LINE, _SHARED = 40, 400, 40
# A comparison of longer ones takes long, and shows nothing more.
_COMPARED_LINES, _COMPARED_WORDS = 400, 200
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Part(NamedTuple):
    """A piece of a line.

    Attributes:
        text: The piece.
        differs: Whether the other side does not have it.
    """

    text: str
    differs: bool = False


class Row(NamedTuple):
    """A line at the base beside its line at the head.

    Attributes:
        old: The parts of the one; ``None`` if there is no such line.
        new: The parts of the other.
    """

    old: Sequence[Part] | None
    new: Sequence[Part] | None

    @property
    def is_same(self) -> bool:
        """Whether both sides are the same."""
        return self.old == self.new


class Field(NamedTuple):
    """A field of a record at the base beside the same at the head.

    Attributes:
        name: Its name.
        rows: Its values, side by side.
        differs: Whether they do.
    """

    name: str
    rows: Sequence[Row]
    differs: bool


def side_by_side(old: Any, new: Any) -> list[Row]:
    """Two JSON values, line by line; long ones are shortened, and say by how much."""
    texts = [value_text(value) for value in (old, new)]
    if texts[0] == texts[1] and _json(old) != _json(new):
        texts = [_json(old), _json(new)]
    rows = list(_rows(*(text.split("\n") for text in texts)))
    if len(rows) <= LINES:
        return rows
    more = [Part(f"… and {len(rows) - LINES:,} more lines")]
    return [*rows[:LINES], Row(more, more)]


def field_by_field(before: Any, after: Any) -> list[Field]:
    """The fields of a record, those of both revisions, in their order.

    Args:
        before: The record at the base; ``None`` if there was none.
        after: The same at the head.
    """
    old, new = (each if isinstance(each, Mapping) else {} for each in (before, after))
    whole = before is not None and after is not None
    return [
        Field(
            str(name),
            _one_side(old.get(name), new.get(name), whole),
            whole and _json(old.get(name)) != _json(new.get(name)),
        )
        for name in dict.fromkeys([*old, *new])
    ]


def _one_side(old: Any, new: Any, whole: bool) -> list[Row]:
    """A field's values; of a record that came or went, the one that there is."""
    return side_by_side(old, new) if whole else side_by_side(*[new if old is None else old] * 2)


def _json(value: Any) -> str:
    """A value as JSON, which tells a number from a text of it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _rows(olds: Sequence[str], news: Sequence[str]) -> Iterator[Row]:
    if max(len(olds), len(news)) > _COMPARED_LINES:
        yield from _pairs(olds, news)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Row([Part(short(line, LINE))], [Part(short(line, LINE))]) for line in olds[i1:i2])
        else:
            yield from _named_pairs(olds[i1:i2], news[j1:j2])


def _named_pairs(olds: Sequence[str], news: Sequence[str]) -> Iterator[Row]:
    """Lines that differ, those with the same name before a colon beside each other."""
    one, other = ([line.partition(":")[0] for line in lines] for lines in (olds, news))
    for _, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield from _pairs(olds[i1:i2], news[j1:j2])


def _pairs(olds: Sequence[str], news: Sequence[str]) -> Iterator[Row]:
    for index in range(max(len(olds), len(news))):
        if index >= len(olds):
            yield Row(None, [Part(short(news[index], LINE), True)])
        elif index >= len(news):
            yield Row([Part(short(olds[index], LINE), True)], None)
        else:
            yield Row(*_parts(olds[index], news[index]))


def _parts(old: str, new: str) -> tuple[list[Part], list[Part]]:
    """Two lines, word by word; from where they differ, if they are long."""
    if old == new:
        return [Part(short(old, LINE))], [Part(short(new, LINE))]
    start = _shared_start(old, new) if max(len(old), len(new)) > LINE else 0
    shared = [Part(f"… {start:,} characters as before … ")] if start else []
    olds, news = (_WORDS.findall(short(line[start:], LINE)) for line in (old, new))
    one, other = _words(olds, news)
    return [*shared, *one], [*shared, *other]


def _shared_start(old: str, new: str) -> int:
    """How many characters of two long lines need not be shown, because both begin with them."""
    same = next((index for index, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    return max(0, (min(len(old), len(new)) if same is None else same) - _SHARED)


def _words(olds: Sequence[str], news: Sequence[str]) -> tuple[list[Part], list[Part]]:
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    # Lines that share little are other values; marks within them only disturb.
    if max(len(olds), len(news)) > _COMPARED_WORDS or matcher.ratio() < 0.3:
        return [Part("".join(olds), True)], [Part("".join(news), True)]
    one: list[Part] = []
    other: list[Part] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        one += [Part("".join(olds[i1:i2]), tag != "equal")] if i2 > i1 else []
        other += [Part("".join(news[j1:j2]), tag != "equal")] if j2 > j1 else []
    return one, other
