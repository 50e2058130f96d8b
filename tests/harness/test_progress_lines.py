"""How far a recording has come, in words."""

import pytest

from connector_contract.reporting.progress_lines import left_lines, progress_line


def test_a_line_says_which_scenario_how_many_requests_and_how_long():
    assert (
        progress_line(2, 40, "test_a.py::test_b", 1, 3.14, is_recorded=True)
        == "recording 2 of 40: test_a.py::test_b: 1 request, 3.1 s"
    )
    assert (
        progress_line(3, 40, "test_a.py::test_c", 7, 0.04, is_recorded=False)
        == "recording 3 of 40: test_a.py::test_c: not recorded, 0.0 s"
    )


def test_what_is_left_is_said_with_the_command_that_goes_on():
    arguments = ["--record-mode=rewrite", "-k", "a or b"]
    assert left_lines(1, 39, arguments, "rewrite", is_listed=True) == [
        "1 scenario done, 39 left to record. Go on:",
        "  pytest --record-mode=rewrite -k 'a or b' --record-resume",
    ]
    again = left_lines(1, 39, [*arguments, "--record-resume"], "rewrite", is_listed=True)
    assert again[1] == "  pytest --record-mode=rewrite -k 'a or b' --record-resume"
    assert left_lines(2, 1, ["--record-mode=once"], "once", is_listed=False) == [
        "2 scenarios done, 1 left to record. Go on:",
        "  pytest --record-mode=once",
    ]


@pytest.mark.parametrize("mode", ["all", "rewrite"])
def test_what_cannot_go_on_starts_over(mode):
    assert left_lines(1, 2, ["-x"], mode, is_listed=False) == [
        "1 scenario done, 2 left to record. Start over:",
        "  pytest -x",
    ]


def test_nothing_is_said_if_nothing_is_left():
    assert left_lines(40, 0, [], "rewrite", is_listed=True) == []
