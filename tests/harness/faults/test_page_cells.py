"""What the page shows of each cell."""

from __future__ import annotations

from dataclasses import replace

from fault_rows import DELETED, EMPTY, GOOD, SAME, TOLERATED, many, sweep, swept

from connector_contract.faults.fault_cells import Shown, matrix_of
from connector_contract.faults.page_cells import cells_of


def only(*rows, **more):
    """The cells of one fault in one capability."""
    ((by_fault),) = cells_of(matrix_of([swept(*rows, **more)])).values()
    (cells,) = by_fault.values()
    return cells


def test_rows_that_show_different_things_are_cells_of_their_own_the_worst_first():
    first, second = only(GOOD, EMPTY, replace(EMPTY, place=2))
    assert (first.shown, first.count, second.shown, second.count) == (Shown.FINDING, 2, Shown.EXPECTED, 1)


def test_each_cell_has_an_id_of_its_own():
    ids = [
        cell.id
        for by_fault in cells_of(matrix_of([*many(2_000), *sweep()])).values()
        for cells in by_fault.values()
        for cell in cells
    ]
    assert len(ids) == len(set(ids)) > 100


def test_only_findings_have_what_tolerates_them():
    assert only(EMPTY)[0].came[0].keys == ["status-401[list_accounts-GET /users]"]
    assert only(GOOD)[0].came[0].keys == []
    assert only(DELETED, tolerated=TOLERATED)[0].came[0].keys == []


def test_places_and_evidence_are_bounded_and_counted():
    (cell,) = only(*(replace(EMPTY, detail=f"users[{n}]") for n in range(50)))
    (came,) = cell.came
    assert (len(came.places), came.more, len(came.evidence)) == (20, 30, 3)
    (came,) = only(*(replace(SAME, detail=f"users[{n}]") for n in range(50)))[0].came
    assert (len(came.places), came.more, len(came.evidence)) == (5, 45, 1)


def test_a_place_that_two_calls_have_is_shown_once():
    (came,) = only(EMPTY, replace(EMPTY, scenario="test_a.py::test_c"))[0].came
    assert (len(came.places), came.more, len(came.evidence)) == (1, 0, 2)


def test_outcomes_are_bounded_and_counted():
    (cell,) = only(*(replace(EMPTY, consequence=f"Then {n}.") for n in range(12)))
    assert (len(cell.came), cell.more) == (8, 4)
