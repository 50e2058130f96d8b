"""A review as Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar

from connector_contract.reporting.messages import counted
from connector_contract.review.change import (
    Change,
    Difference,
    HttpChange,
    NotUnderstood,
    Review,
    Waiver,
)
from connector_contract.review.lines import details, example_line, title
from connector_contract.review.plain_text import plain
from connector_contract.review.review_lines import closing, revision_name, where_line

T = TypeVar("T")


class Size(Enum):
    """Where the Markdown is to fit, with how many bytes it may have.

    Source: GitHub takes 65,536 letters in a comment, and 1 MiB in the summary of a step. A bit is left for
    what a workflow adds.
    """

    COMMENT = 65_536 - 2_048
    SUMMARY = 1024 * 1024 - 2_048


class _Detail(NamedTuple):
    """How much is shown.

    Attributes:
        people: How many records of each change.
        files: How many files of each change.
        lines: How many lines of each section that is not about what Lumos is told.
    """

    people: int
    files: int
    lines: int


_DETAILS = (
    _Detail(10_000, 1000, 5000),
    _Detail(1000, 100, 1000),
    _Detail(100, 30, 100),
    _Detail(20, 10, 30),
    _Detail(5, 3, 10),
)
_LEAST = (_Detail(0, 0, 10), _Detail(0, 0, 3))
_LONG = 240
# Of a longer run, GitHub's parser no longer makes a code span: cmark-gfm's MAXBACKTICKS is 80.
_MANY_TICKS = re.compile("`{40,}")
_NAMED = 3
# What of a line says how much is left out.
_ROOM = 300


def markdown_page(review: Review, size: Size = Size.COMMENT, rest: str = "connector-contract review") -> str:
    """A review as Markdown that fits, shortened with a count of what is left out.

    Names and values are in code spans, so that nothing in them is markup, a link or a mention of somebody.

    Args:
        review: It.
        size: Where it is to fit.
        rest: The command that shows all of it.
    """
    for detail in _DETAILS:
        changes = _fitting(review.changes, detail, size.value)
        if len(changes) == len(review.changes):
            page = _page(review, changes, detail, rest)
            if len(page.encode()) <= size.value:
                return page
    for detail in _LEAST:
        room = size.value - len(_page(review, (), detail, rest).encode()) - _ROOM
        if room > size.value / 2:
            break
    return _page(review, _fitting(review.changes, detail, room), detail, rest)


def _fitting(changes: Iterable[Change], detail: _Detail, room: int) -> list[str]:
    """The first changes that fit into so many bytes."""
    found = []
    for each in changes:
        text = _change(each, detail)
        room -= len(text.encode()) + 2
        if room < 0:
            break
        found.append(text)
    return found


def _page(review: Review, changes: Sequence[str], detail: _Detail, rest: str) -> str:
    parts = ["## What Lumos would be told now", f"**{closing(review)}**", _compared(review), *changes]
    left_out = list(_left_out(review, len(changes), detail))
    if left_out:
        parts.append(f"_Left out here: {', '.join(left_out)}._ All of it: {code(rest)}")
    parts += _section("What the connector asks its upstream", review.requests, _where, detail)
    parts += _section("What the upstream says", review.upstream, _where, detail)
    parts += _section("In force, so that less is demanded", review.waivers, _waiver, detail)
    parts += _section("Not compared", review.not_understood, _not_understood, detail)
    return "\n\n".join(parts) + "\n"


def _compared(review: Review) -> str:
    return f"Compared: {code(revision_name(review.base))} and {code(revision_name(review.head))}."


def _left_out(review: Review, shown: int, detail: _Detail) -> Iterator[str]:
    if shown < len(review.changes):
        yield counted(len(review.changes) - shown, "change")
    people = sum(max(0, len(each.people) - detail.people) for each in review.changes[:shown])
    if people:
        yield counted(people, "record")
    files = sum(max(0, len(each.files) - detail.files) for each in review.changes[:shown])
    if files:
        yield f"{counted(files, 'name')} of files"


def _change(change: Change, detail: _Detail) -> str:
    lines = [f"### {change.severity.value}: {code(title(change))}", change.why]
    lines += [code(each) for each in details(change)]
    people = change.people
    if detail.people:
        shown = [*map(_person, people[: detail.people]), *_more(len(people), detail.people)]
        files = change.files
        shown += ["", "Files:", "", *(f"- {code(each)}" for each in files[: detail.files])]
        shown += _more(len(files), detail.files)
        head = f"{counted(len(people), 'record')}, {counted(len(files), 'file')}"
        lines.append("\n".join([f"<details><summary>{head}</summary>", "", *shown, "", "</details>"]))
    return "\n\n".join(lines)


def _person(one: Difference) -> str:
    return f"- {code(example_line(one) or one.file)}"


def _section(name: str, entries: Sequence[T], line: Callable[[T], str], detail: _Detail) -> list[str]:
    if not entries:
        return []
    lines = [f"- {line(each)}" for each in entries[: detail.lines]]
    return [f"### {name}", "\n".join([*lines, *_more(len(entries), detail.lines)])]


def _more(total: int, shown: int) -> Iterable[str]:
    return [f"- and {total - shown:,} more"] if total > shown else []


def _where(one: HttpChange) -> str:
    return f"{one.severity.value}: {code(where_line(one))}"


def _waiver(one: Waiver) -> str:
    return f"{code(one.name)}: {code(one.reason)}"


def _not_understood(one: NotUnderstood) -> str:
    files = ", ".join(code(each) for each in one.files[:_NAMED])
    more = f" and {len(one.files) - _NAMED:,} more" if len(one.files) > _NAMED else ""
    return f"{counted(one.count, 'file')}: {code(one.what)}: {files}{more}"


def code(text: str) -> str:
    """A text as Markdown shows it letter by letter, in one line."""
    text = _MANY_TICKS.sub(lambda found: f"({len(found[0])} backticks)", plain(text, _LONG)) or '""'
    fence = "`" * (max((len(ticks) for ticks in re.findall("`+", text)), default=0) + 1)
    padded = f" {text} " if text[0] in "` " or text[-1] in "` " else text
    return f"{fence}{padded}{fence}"
