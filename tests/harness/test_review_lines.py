"""A review in words."""

from __future__ import annotations

import pytest
from changes_testing import COMMIT, HOSTILE, change, review

from connector_contract.review.change import Asked, NotUnderstood, Said, Severity
from connector_contract.review.review_lines import between, closing, revision_name, some, where_line

ASKED = Asked("header x-trace: none → 'on'", "GET /users", 2, ("a",), ("a.yaml",))
SAID = Said("the field name is now called full_name", "", 1, ("a",), ("a.yaml",))
LEFT = NotUnderstood("it is not valid JSON", 2, ("a.json", "b.json"))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (review(compared=0), "No changes: the stored files are the same."),
        (review(compared=1), "No changes: 1 file that differs in form alone."),
        (review(), "No changes: 3 files that differ in form alone."),
        (
            review(change(), change(severity=Severity.CRITICAL), change()),
            "3 changes (1 critical, 2 major), in 3 files that differ.",
        ),
        (
            review(change(), requests=[ASKED, ASKED], upstream=[SAID]),
            "1 change (1 major), 2 in what the connector asks, 1 in what the upstream says, "
            "in 3 files that differ.",
        ),
        (
            review(requests=[ASKED]),
            "No change in what Lumos is told, 1 in what the connector asks, in 3 files that differ.",
        ),
        (
            review(not_understood=[LEFT]),
            "No change found in what could be compared of 3 files that differ. "
            "2 files could not be compared.",
        ),
        (
            review(upstream=[SAID], not_understood=[LEFT]),
            "No change found in what Lumos is told, 1 in what the upstream says, in 3 files that differ. "
            "2 files could not be compared.",
        ),
        (
            review(change(), not_understood=[LEFT]),
            "1 change (1 major), in 3 files that differ. 2 files could not be compared.",
        ),
    ],
)
def test_the_last_line_says_what_was_found_and_what_was_not_compared(found, line):
    assert closing(found) == line


def test_a_commit_is_named_as_people_name_it():
    assert revision_name(COMMIT) == COMMIT[:12]
    assert revision_name("main") == "main"
    assert revision_name(HOSTILE).isprintable()
    assert between(review()) == "0123456789ab and the working tree"


def test_what_is_about_requests_and_responses():
    assert where_line(ASKED) == "GET /users: header x-trace: none → 'on' (2 requests)"
    assert where_line(SAID) == "the field name is now called full_name (1 response)"


def test_some_of_many():
    assert some(["a"], 2) == "a"
    assert some(["a", "b"], 2) == "a, b"
    assert some(map(str, range(2003)), 2) == "0, 1 and 2,001 more"


@pytest.mark.parametrize(
    ("number", "said"), [(1, " 1 file below cassettes/ and snapshots/ is no recording."),
                         (2, " 2 files below cassettes/ and snapshots/ are no recordings.")],
)  # fmt: skip
def test_files_that_are_no_recordings_are_counted(number, said):
    assert closing(review(compared=0, no_recordings=number)).endswith(f"the same.{said}")
