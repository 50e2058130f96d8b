"""One revision's stored files."""

from __future__ import annotations

import pytest

from connector_contract.review.stored import Place, Revision, place_of
from tests.review_testing import MODULE, account, accounts, stored


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (
            "cassettes/tests/test_a/test_b.yaml",
            Place("", "cassettes", "tests/test_a", "test_b", ".yaml"),
        ),
        (
            "connectors/acme/snapshots/test_a/test_b[x.y].json",
            Place("connectors/acme", "snapshots", "test_a", "test_b[x.y]", ".json"),
        ),
        ("snapshots/a.json", Place("", "snapshots", "", "a", ".json")),
        ("snapshots/.a.json", None),
        ("snapshots/a.txt", None),
        ("src/a.json", None),
        ("cassettes", None),
    ],
)
def test_where_a_file_lies(path, place):
    assert place_of(path) == place


def test_the_title_of_a_scenario():
    place = place_of("cassettes/tests/test_a/TestB.test_c[1].yaml")
    assert place is not None
    assert place.title == "tests/test_a.py::TestB.test_c[1]"


def test_the_calls_that_a_snapshot_answers():
    revision = Revision(stored(accounts("test_walk", account(1), account(2), size=1)))
    calls = revision.calls_of(("", MODULE))
    assert [call.capability for _, call in calls["test_walk.json"]] == ["list_accounts"] * 2
    assert revision.calls_of(("", "elsewhere")) == {}


def test_a_cassette_that_cannot_be_read():
    path = f"cassettes/{MODULE}/test_walk.yaml"
    revision = Revision({path: b"interactions: 7"})
    assert revision.cassette(path) is None
    assert revision.head(path) is None
    assert revision.broken[path].startswith("it is not a valid cassette: ")
    assert revision.cassette("cassettes/none.yaml") is None
