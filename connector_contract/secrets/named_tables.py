"""Secrets by name in tables: the cells of a column of CSV, or of its kin, whose head is a secret's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.secrets.named_json import IsSecret, Shown
from connector_contract.secrets.ordinary import cannot_be_secret

# What may be before the head: a mark of the byte order, and what tells Excel the delimiter.
_BEFORE = re.compile(r"\ufeff?(?:sep=.\r?\n)?\s*")
_LINE_ENDS = ("\r\n", "\n", "\r", "")
_LINE = re.compile(r"[^\r\n]++")
# A head that is a name, and no sentence.
_HEAD = re.compile(r"[\w .:/()#-]{0,60}")


def _cells_of(delimiter: str) -> re.Pattern[str]:
    return re.compile(
        rf' *+(?:"(?P<quoted>(?:[^"]|"")*+)(?:"|\Z))?(?P<plain>[^{delimiter}\r\n]*+)'
        rf"(?P<end>[{delimiter}]|\r\n|\n|\r|\Z)"
    )


_DELIMITERS = {each: _cells_of(re.escape(each)) for each in (",", ";", "\t", "|")}


def with_table_values(text: str, is_secret: IsSecret, shown: Shown) -> str:
    """A text with other values in the columns of secret names, if it is a table.

    Args:
        text: The text.
        is_secret: Says of a name whether its value is secret.
        shown: Gives what is to stand in place of a value.
    """
    parts, at = [], 0
    for name, cell in _named_cells(text, is_secret):
        start, end, value = _value_of(cell)
        if cannot_be_secret(value):
            continue
        new = shown(name, value)
        if new != value:
            parts += [text[at:start], new]
            at = end
    return "".join([*parts, text[at:]])


def _named_cells(text: str, is_secret: IsSecret) -> Iterator[tuple[str, re.Match[str]]]:
    before = _BEFORE.match(text)
    start = before.end() if before is not None else 0
    first = _LINE.match(text, start)
    if first is None:
        return
    for delimiter, cells in _DELIMITERS.items():
        if delimiter not in first[0]:
            continue
        head = [_value_of(cell)[2] for cell in _row(text, start, cells)]
        names = {column: name for column, name in enumerate(head) if is_secret(name)}
        below = _after_line(text, first.end())
        # A sentence with a comma is no table: the next line has as many cells.
        is_table = all(map(_HEAD.fullmatch, head)) and len(list(_row(text, below, cells))) == len(head)
        if names and is_table:
            yield from _below(text, below, cells, names)
            return


def _row(text: str, start: int, cells: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for cell in cells.finditer(text, start):
        yield cell
        if cell["end"] in _LINE_ENDS:
            return


def _below(
    text: str, start: int, cells: re.Pattern[str], names: dict[int, str]
) -> Iterator[tuple[str, re.Match[str]]]:
    column = 0
    for cell in cells.finditer(text, start):
        if column in names:
            yield names[column], cell
        column = 0 if cell["end"] in _LINE_ENDS else column + 1


def _after_line(text: str, at: int) -> int:
    return at + (2 if text.startswith("\r\n", at) else 1)


def _value_of(cell: re.Match[str]) -> tuple[int, int, str]:
    """Where a cell's value is, and what it is."""
    if cell["quoted"] is not None:
        return *cell.span("quoted"), cell["quoted"].replace('""', '"')
    return *cell.span("plain"), cell["plain"].strip()
