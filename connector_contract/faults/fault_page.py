"""The matrix of a sweep as one HTML page: it needs no network, and nothing that it shows can act."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import jinja2

from connector_contract.faults.fault_cells import Matrix, Shown, counts, matrix_of
from connector_contract.faults.fault_groups import SameWrong, badness
from connector_contract.faults.fault_lines import literal
from connector_contract.faults.page_cells import Cell, cells_of
from connector_contract.faults.swept_call import SweptCall, fields_seen, never_used_texts, not_broken
from connector_contract.review.html_template import environment, policy
from connector_contract.review.html_text import many, visible

MEANINGS = {
    Shown.FINDING: "Lumos is told something wrong, and acts on it.",
    Shown.TOLERATED: "The contract's class says why it is meant to be so.",
    Shown.NOTE: "Nothing is wrong, and it is worth knowing.",
    Shown.SAME: "The connector did not need what was broken, or asked again.",
    Shown.EXPECTED: "Lumos is told what is wrong with the upstream.",
}
"""What each number on the page means, in a sentence."""

_SECTIONS = {
    "Findings": (Shown.FINDING,),
    "Tolerated": (Shown.TOLERATED,),
    "Notes": (Shown.NOTE,),
    "Survived": (Shown.SAME, Shown.EXPECTED),
    "Does not apply": (Shown.ABSENT,),
}
# A page with at most so many findings shows all of them open; others show the first ones so.
_OPEN, _FIRST = 10, 3
# Of the fields of a response that are never used, so many are named.
_NAMED = 20


def page(swept: Sequence[SweptCall], not_reached: int = 0) -> str:
    """The matrix as a page of its own, complete in one file.

    Args:
        swept: What came of all calls; their order makes no difference.
        not_reached: How many further calls the run has not come to.
    """
    matrix = matrix_of(swept)
    cells = cells_of(matrix)
    every = [cell for by_fault in cells.values() for found in by_fault.values() for cell in found]
    findings = sum(cell.shown is Shown.FINDING for cell in every)
    styles = "".join(_environment().get_template(f"{each}.css.jinja").render() for each in ("page", "faults"))
    script = _environment().get_template("page.js.jinja").render(noun="entries")
    script += _environment().get_template("faults.js.jinja").render()
    return (
        _environment()
        .get_template("faults.html.jinja")
        .render(
            matrix=matrix,
            cells=cells,
            counts=counts(matrix.rows),
            shown=Shown,
            meanings=MEANINGS,
            sections=_sections(every),
            capabilities=sorted({cell.capability for cell in every}),
            kinds=[each for each in Shown if any(cell.shown is each for cell in every)],
            headline=headline(matrix),
            not_reached=not_reached,
            not_broken=not_broken(swept),
            never_used=never_used_texts(fields_seen(swept), _NAMED),
            opened=_OPEN if findings <= _OPEN else _FIRST,
            styles=styles,
            script=script,
            policy=policy(styles, script),
        )
    )


def headline(matrix: Matrix) -> str:
    """What a reader has to know first, in a sentence."""
    found = counts(matrix.rows)
    replayed = found.total() - found[Shown.ABSENT]
    if not replayed:
        return "No call was broken"
    findings = found[Shown.FINDING]
    what = many(findings, "finding") if findings else "No findings"
    return f"{what} in {many(replayed, 'broken replay')}"


def _sections(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    """The cells by what they show; in each section the worst first, and the others in the matrix's order."""
    worst_first = sorted(cells, key=lambda cell: badness(cell.came[0].same))
    return {
        title: [cell for cell in worst_first if cell.shown in kinds] for title, kinds in _SECTIONS.items()
    }


def _expected(same: SameWrong) -> str:
    """What all rows should have been; empty if they differ in that, so that each place says it."""
    expected = {row.expected for row in same.rows}
    return min(expected) if len(expected) == 1 else ""


def _names(name: str) -> str:
    """A capability as the attribute has it that the filter reads."""
    return json.dumps([visible(name)])


@cache
def _environment() -> jinja2.Environment:
    made = environment("connector_contract.faults", "connector_contract.review")
    made.filters.update(names=_names, literal=literal, expected=_expected)
    return made
