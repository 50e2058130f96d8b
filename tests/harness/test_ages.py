"""Which recordings are too old."""

from __future__ import annotations

import pytest

from connector_contract.errors import UsageError
from connector_contract.storage.ages import days, too_old, unknown
from connector_contract.storage.lint import Finding

DAY = 86400


@pytest.mark.parametrize(("text", "expected"), [("180d", 180), ("26w", 182), ("0d", 0)])
def test_an_age_is_in_days_or_weeks(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize("text", ["180", "d", "1y", "-1d", "1.5d", "1 d", ""])
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match="should be a number of days or weeks"):
        days(text)


def test_what_is_older_than_allowed_is_found():
    scenarios = {"old": "t.py::old", "edge": "t.py::edge", "young": "t.py::young", "new": "t.py::new"}
    changed = {"old": 0, "edge": DAY, "young": 10 * DAY}
    assert list(too_old(scenarios, changed, 11 * DAY, 10, is_warning=True)) == [
        Finding(
            "old",
            1,
            "age",
            "it was recorded 11 days ago, and 10 are allowed",
            "record the scenario again: pytest --record-mode=rewrite t.py::old",
            is_warning=True,
        )
    ]


def test_what_nobody_knows_is_said_with_a_remedy():
    finding = unknown("a", 1, "the clone is shallow", "fetch it", is_warning=False)
    assert str(finding) == "a:1: age: the age of 1 recording is unknown: the clone is shallow\n    fetch it"
    warning = unknown("a", 2, "why", "fetch it", is_warning=True)
    assert str(warning) == "a:1: warning: age: the age of 2 recordings is unknown: why\n    fetch it"
