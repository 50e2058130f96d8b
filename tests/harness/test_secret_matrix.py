"""No secret is stored, wherever it travels and however it is spelled, and nothing else changes.

A part of the matrix runs each time; all of it is marked ``slow``, and has its counts in docs/secrets.md.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from secret_cells import CODINGS, KINDS, ORDINARY, PLACES, SPELLINGS
from secret_matrix import (
    LEAK,
    LEFT_OUT,
    REFUSED,
    REPLACED,
    Cell,
    cells,
    changed,
    ordinary_cells,
    outcome,
    raw,
    selected,
    shows,
    travels,
)

TEXT = (Path(__file__).parents[2] / "docs" / "secrets.md").read_text("utf-8")
CELLS = [*selected()]
# It keeps its words around the lines of its key, which UTF-16 hides from whoever replaces it as a whole.
ONLY_LINT = [Cell("service account", "JSON, secret name", "UTF-16", echo) for echo in ("alone", "sent back")]


def counted(what):
    """The number that docs/secrets.md has in the row of something."""
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| {what} |"))
    return int(row.split("|")[2].replace(",", ""))


def misjudged(some):
    """The cells whose secret is stored, and those that lint takes exception to."""
    found = []
    for cell in some:
        what, stored = outcome(cell)
        if what == LEAK or (what in (REPLACED, LEFT_OUT) and cell not in ONLY_LINT and stored.lint()):
            found.append((cell, what))
    return found


def unnoticed(some):
    """The cells whose secret says by its name or form that it is one, and that lint lets pass as they are."""
    return [
        cell
        for cell in some
        if KINDS[cell.kind].is_unseen
        and not any(finding.kind == "secret" for finding in raw(travels(cell), ("x-note",)).lint())
    ]


def invisible(some):
    """The cells that do not show their secret as they are, so that they would prove nothing."""
    return [cell for cell in some if not shows(raw(travels(cell), ("x-note",)), KINDS[cell.kind].sought)]


def test_the_part_has_each_kind_place_and_spelling():
    assert len(CELLS) <= 300
    for position, names in enumerate((KINDS, PLACES, [*SPELLINGS, *CODINGS])):
        times = Counter(cell[position] for cell in CELLS)
        assert {name: times[name] for name in names if times[name] < 2} == {}


def test_no_secret_is_stored_and_lint_agrees():
    assert misjudged(CELLS) == []


def test_lint_finds_by_name_and_by_form_what_a_recording_would_replace():
    assert unnoticed(CELLS) == []


def test_each_cell_shows_its_secret_before_it_is_replaced():
    assert invisible(CELLS) == []


def test_what_is_ordinary_stays():
    some = islice(ordinary_cells(), 0, None, 19)
    assert [each for each in some if changed(KINDS[each[0]].auth, *each[1:])] == []


def test_the_docs_count_what_there_is():
    assert counted("kinds of secrets") == len(KINDS)
    assert counted("places") == len(PLACES)
    assert counted("spellings") == len(SPELLINGS) + len(CODINGS)
    assert counted("ordinary values") == len(ORDINARY)


@pytest.mark.slow
def test_all_of_the_matrix_is_as_the_docs_say():
    every = [*cells()]
    times = Counter(outcome(cell)[0] for cell in every)
    assert times[LEAK] == 0
    found = {"cells": len(every), **{what: times[what] for what in (REPLACED, LEFT_OUT, REFUSED)}}
    assert found == {what: counted(what) for what in found}


@pytest.mark.slow
def test_lint_agrees_with_all_of_the_matrix():
    assert misjudged(cells()) == []
    assert unnoticed(cells()) == []
    assert invisible(cells()) == []


@pytest.mark.slow
def test_nothing_ordinary_is_replaced_anywhere():
    every = [*ordinary_cells()]
    assert [each for each in every if changed(KINDS[each[0]].auth, *each[1:])] == []
    assert counted("cells with ordinary values") == len(every)
