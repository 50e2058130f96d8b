"""Tests of the sweep that are named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.faults.chosen_tests import Argument, collected_for, no_such_test

FOLDER = Path("/project")
FILE = FOLDER / "tests" / "test_x.py"


@pytest.mark.parametrize(
    ("argument", "collected"),
    [
        ("tests/test_x.py::test_a::faults[list_accounts-1]", "tests/test_x.py"),
        ("tests/test_x.py::TestX::reads[list_accounts-3]::faults[list_accounts-1]", "tests/test_x.py::TestX"),
        ("tests/test_x.py::test_a[x::y]::faults[list_accounts-1]", "tests/test_x.py"),
        ("tests/test_x.py::test_a", "tests/test_x.py::test_a"),
        ("tests", "tests"),
    ],
)
def test_what_lies_around_a_test_of_the_sweep_is_collected(argument, collected):
    assert collected_for([argument, argument]) == [collected]


@pytest.mark.parametrize(
    ("argument", "names", "is_covered"),
    [
        ("tests", "test_a", True),
        ("tests/test_x.py", "test_a::faults[list_accounts-1]", True),
        ("tests/test_x.py::test_a", "test_a[eu]", True),
        ("tests/test_x.py::test_a", "test_a::faults[list_accounts-1]", True),
        ("tests/test_x.py::test_a", "test_ab", False),
        ("tests/test_x.py::test_a::faults[list_accounts-1]", "test_a::faults[list_accounts-1]", True),
        ("tests/test_x.py::test_a::faults[list_accounts-1]", "test_a::faults[list_accounts-11]", False),
        ("tests/test_x.py::test_a::faults[list_accounts-1]", "test_a", False),
        ("tests/test_y.py", "test_a", False),
    ],
)
def test_an_argument_covers_what_it_names(argument, names, is_covered):
    assert Argument.of(argument, FOLDER).covers(FILE, names) is is_covered


def test_a_test_that_there_is_not_is_told_with_those_near_it():
    argument = Argument.of("tests/test_x.py::test_a::faults[list_accounts-9]", FOLDER)
    said = no_such_test(argument, ["test_a", "test_a::faults[list_accounts-1]"])
    assert said.splitlines() == [
        "The sweep has no test test_a::faults[list_accounts-9] in test_x.py.",
        "  there is: test_a::faults[list_accounts-1]",
        "Name it as a failure of the sweep shows it.",
    ]
    assert "no scenario in it has a recorded call" in no_such_test(argument, ["test_a"])
