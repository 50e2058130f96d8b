"""The matrix of a sweep for a terminal: a sign for each capability and fault, and what is worth a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from connector_contract.faults.fault import Group, Row
from connector_contract.faults.fault_cells import (
    Capability,
    Matrix,
    Shown,
    counts,
    matrix_of,
    shown,
    worst_shown,
)
from connector_contract.faults.fault_groups import same_wrong
from connector_contract.faults.fault_places import LONG, fault_names, wrapped
from connector_contract.faults.swept_call import SweptCall, key_of
from connector_contract.reporting.messages import counted
from connector_contract.review.plain_text import plain

_WORDS = {
    Group.STATUS: "status",
    Group.RATE_LIMIT: "limit",
    Group.SERVER_ERROR: "5xx",
    Group.CONNECTION: "conn",
    Group.BODY: "body",
    Group.MEANING: "sense",
    Group.FIELD: "field",
    Group.PAGE: "pages",
    Group.DEADLINE: "time",
}
_CODES = {
    Shown.FINDING: "1;31",
    Shown.TOLERATED: "33",
    Shown.NOTE: "36",
    Shown.SAME: "32",
    Shown.EXPECTED: "32",
    Shown.ABSENT: "2",
}
# Of capabilities with long names, of what is listed below, and of the names in a line of it.
_NAME, _LISTED, _NAMED = 32, 10, 5
# Of a terminal that says nothing of its width, or that nobody could read.
_NARROWEST = 40

Paint = Callable[[str, Shown], str]


def matrix_lines(swept: Sequence[SweptCall], width: int, *, in_colour: bool) -> list[str]:
    """The matrix, capability by fault, with its legend, its totals, and what is noted or tolerated.

    Args:
        swept: What came of all calls; their order makes no difference.
        width: Of the terminal. Where it has no room for a column a fault, each group of faults has one.
        in_colour: Whether the terminal can show colours.
    """
    matrix = matrix_of(swept)
    paint = _in_colour if in_colour else _plainly
    return [
        *_table(matrix, max(width, _NARROWEST), paint),
        *_listed(matrix, max(width, _NARROWEST)),
        *_totals(matrix, max(width, _NARROWEST)),
    ]


def _in_colour(text: str, what: Shown) -> str:
    return f"\x1b[{_CODES[what]}m{text}\x1b[0m"


def _plainly(text: str, what: Shown) -> str:
    del what
    return text


def _table(matrix: Matrix, width: int, paint: Paint) -> Iterator[str]:
    names = min(max((len(_name(each)) for each in matrix.cells), default=0), _NAME)
    columns = [len(faults) for faults in matrix.faults.values()]
    if names + sum(columns) + 2 * len(columns) <= width:
        yield from _whole(matrix, names, width, paint)
    else:
        yield from _folded(matrix, names, paint)
    yield ""
    yield from wrapped("", "; ".join(f"{each.sign} {each.meaning}" for each in Shown), width)


def _whole(matrix: Matrix, names: int, width: int, paint: Paint) -> Iterator[str]:
    """A column for each fault: the letter of its group stands above, and what the columns are below."""
    letters = dict(zip(matrix.faults, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    heads = (f"  {letters[group]:<{len(faults)}}" for group, faults in matrix.faults.items())
    yield f"{'':{names}}{''.join(heads)}".rstrip()
    for capability in _with_connectors(matrix):
        if isinstance(capability, str):
            yield capability
            continue
        signs = ("  " + _signs(matrix, capability, group, paint) for group in matrix.faults)
        yield f"{_name(capability):{names}}{''.join(signs)}".rstrip()
    yield ""
    for group, faults in matrix.faults.items():
        start = f"{letters[group]}  {group.value}: "
        yield from wrapped(start, ", ".join(plain(each, 80) for each in faults), width, "   ")


def _signs(matrix: Matrix, capability: Capability, group: Group, paint: Paint) -> str:
    found = (matrix.cells[capability].get(fault) for fault in matrix.faults[group])
    return "".join(_sign(worst_shown(rows), paint) if rows else " " for rows in found)


def _sign(what: Shown, paint: Paint) -> str:
    return paint(what.sign, what)


def _folded(matrix: Matrix, names: int, paint: Paint) -> Iterator[str]:
    """A column for each group of faults: the worst sign, and of what is to be looked at how often."""
    widths = {group: max(len(_WORDS[group]), 4) + 1 for group in matrix.faults}
    # What is left of eighty columns beside all groups.
    names = min(names, 80 - sum(widths.values()))
    yield f"{'':{names}}{''.join(f'{_WORDS[group]:>{widths[group]}}' for group in matrix.faults)}"
    for capability in _with_connectors(matrix):
        if isinstance(capability, str):
            yield capability
            continue
        cells = (_folded_cell(matrix.of(capability, each), widths[each], paint) for each in matrix.faults)
        yield f"{_name(capability, names):{names}}{''.join(cells)}".rstrip()


def _folded_cell(rows: Sequence[Row], width: int, paint: Paint) -> str:
    if not rows:
        return " " * width
    what = worst_shown(rows)
    is_counted = what in (Shown.FINDING, Shown.TOLERATED, Shown.NOTE)
    text = what.sign + (f"{counts(rows)[what]}" if is_counted else "")
    return " " * (width - len(text)) + paint(text, what)


def _with_connectors(matrix: Matrix) -> Iterator[Capability | str]:
    """The capabilities, and above those of each connector, if there are several, its name."""
    last = None
    for connector, capability in matrix.cells:
        if connector != last and len(matrix.connectors) > 1:
            yield f"{plain(connector, LONG)}:"
        last = connector
        yield connector, capability


def _name(capability: Capability, longest: int = _NAME) -> str:
    text = plain(capability[1])
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def _listed(matrix: Matrix, width: int) -> Iterator[str]:
    """What is found, tolerated and noted."""
    rows = matrix.rows
    for what, title, line in (
        (Shown.FINDING, "findings", _wrong_lines),
        (Shown.TOLERATED, "tolerated", _tolerated_lines),
        (Shown.NOTE, "notes", _wrong_lines),
    ):
        lines = line([row for row in rows if shown(row) is what])
        if lines:
            yield from ("", f"{title}:")
        for each in lines[:_LISTED]:
            yield from wrapped("  ", each, width, "    ")
        if len(lines) > _LISTED:
            yield f"  and {len(lines) - _LISTED:,} more"


def _wrong_lines(rows: Sequence[Row]) -> list[str]:
    """What is wrong in each capability, the worst first."""
    found = []
    # Remedies may name requests, which a line has no room for.
    for same in same_wrong(replace(row, remedy="") for row in rows):
        for capability in dict.fromkeys(row.capability for row in same.rows):
            own = fault_names([row for row in same.rows if row.capability == capability], _NAMED)
            then = plain(same.consequence or same.weight.value, LONG)
            found.append(f"{plain(capability, 80)}: {plain(same.came, 120)}, with {own}: {then}")
    return found


def _tolerated_lines(rows: Sequence[Row]) -> list[str]:
    found = {plain(key_of(row), LONG): plain(row.tolerated or "", LONG) for row in rows}
    return [f"{key}: {reason}" for key, reason in sorted(found.items())]


def _totals(matrix: Matrix, width: int) -> Iterator[str]:
    found = counts(matrix.rows)
    replayed = found.total() - found[Shown.ABSENT]
    absent = found[Shown.ABSENT]
    yield ""
    yield from wrapped(
        "",
        f"{counted(replayed, 'fault')} replayed in {counted(matrix.calls, 'call')} of "
        f"{counted(len(matrix.cells), 'capability', 'capabilities')}: "
        f"{counted(found[Shown.FINDING], 'finding')}, {found[Shown.TOLERATED]} tolerated, "
        f"{counted(found[Shown.NOTE], 'note')}; {absent} {'does' if absent == 1 else 'do'} not apply",
        width,
    )
