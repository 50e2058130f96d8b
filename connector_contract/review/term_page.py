"""A review for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from connector_contract.reporting.messages import counted
from connector_contract.review.change import Change, HttpChange, Review, Severity
from connector_contract.review.lines import details, example_line, examples, title
from connector_contract.review.plain_text import plain
from connector_contract.review.review_lines import between, closing, some, where_line

_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "yellow",
    Severity.MINOR: "cyan",
    Severity.INFO: "blue",
}
_INDENT = " " * 10
_LONG = 240
# Of files and of lines of a kind, a terminal shows so many.
_FILES, _LINES = 3, 20


def term_lines(review: Review) -> Iterator[Text]:
    """The lines of a review, the worst first; none of them breaks, and colours are for who can show them."""
    for change in review.changes:
        yield from _change(change)
    yield from _section("What the connector asks its upstream", map(_where, review.requests))
    yield from _section("What the upstream says", map(_where, review.upstream))
    waivers = (Text(plain(f"{each.name}: {each.reason}", _LONG)) for each in review.waivers)
    yield from _section("In force, so that less is demanded", waivers)
    not_understood = (
        _line(f"{counted(each.count, 'file')}: {each.what}", each.files) for each in review.not_understood
    )
    yield from _section("Not compared", not_understood, "bold red")
    worst = review.severity
    style = "bold red" if review.not_understood else _STYLES[worst] if worst is not None else "green"
    yield Text.assemble((closing(review), style), f" Compared: {between(review)}.")


def _change(change: Change) -> Iterator[Text]:
    yield _headed(change.severity, title(change))
    yield Text(f"{_INDENT}{plain(change.why, _LONG)}", "italic")
    for each in details(change):
        yield Text(f"{_INDENT}{plain(each, _LONG)}")
    shown = examples(change)
    for one in shown:
        yield Text(f"{_INDENT}- {plain(example_line(one), _LONG)}")
    if len(change.people) > len(shown):
        yield Text(f"{_INDENT}- and {len(change.people) - len(shown):,} more", "dim")
    yield Text(f"{_INDENT}{_files(change.files)}", "dim")
    yield Text()


def _where(one: HttpChange) -> Text:
    return Text.assemble(
        _headed(one.severity, where_line(one)), "\n", (f"{_INDENT}{_files(one.files)}", "dim")
    )


def _headed(severity: Severity, text: str) -> Text:
    return Text.assemble(
        (f"{severity.value:<{len(_INDENT)}}", _STYLES[severity]), (plain(text, _LONG), "bold")
    )


def _line(text: str, files: Iterable[str]) -> Text:
    return Text.assemble(plain(text, _LONG), "\n", (f"{_INDENT}{_files(files)}", "dim"))


def _section(name: str, lines: Iterable[Text], style: str = "underline") -> Iterator[Text]:
    every = list(lines)
    if every:
        yield Text(name, style)
        yield from every[:_LINES]
        if len(every) > _LINES:
            yield Text(f"and {len(every) - _LINES:,} more", "dim")
        yield Text()


def _files(files: Iterable[str]) -> str:
    names = [plain(each, _LONG) for each in files]
    return f"{counted(len(names), 'file')}: {some(names, _FILES)}"
