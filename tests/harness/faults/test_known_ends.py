"""What the last pages of a list lack, so that its absence is an end."""

from __future__ import annotations

from itertools import chain

import pytest
from fault_planning_testing import said

from connector_contract.faults.known_ends import is_missing_at_an_end, known_ends
from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette


def recorded(*calls):
    """A cassette with these calls, each with the bodies that ``/users`` answered."""
    interactions = [said(f"/users?page={n}", body) for n, body in enumerate(chain(*calls))]
    numbers = iter(range(1, len(interactions) + 1))
    made = [Call("list_accounts", Success(), {}, tuple(next(numbers) for _ in bodies)) for bodies in calls]
    return Cassette(tuple(interactions), tuple(made))


FIRST = {"items": [{"id": 1}], "total": 2, "more": True, "paging": {"after": "x"}}
LAST = {"items": [{"id": 2}], "total": 2, "more": False}


@pytest.mark.parametrize(
    ("last", "place", "expected"),
    [
        (LAST, ("total",), False),
        (LAST, ("more",), False),
        (LAST, ("paging",), True),
        # It is in an object about pages that is not there.
        (LAST, ("paging", "after"), True),
        ({**LAST, "more": None}, ("more",), True),
        ({"items": [], "paging": {}}, ("paging", "after"), True),
        ({"items": [], "paging": {"after": ""}}, ("paging", "after"), False),
        # GraphQL answers one query without what another one asks for.
        ({"data": {"groups": {}}}, ("data", "users", "total"), False),
        ({"data": {"groups": {}}}, ("data", "users"), True),
        # Records by their ids are no fields.
        ({"users": {"u1": {"name": "Ann"}}}, ("users", "u2", "name"), False),
    ],
)
def test_what_a_last_page_lacks_is_an_end(last, place, expected):
    ends = known_ends([recorded([FIRST], [last])])
    assert is_missing_at_an_end(ends, "GET /users", place) is expected


def test_of_a_call_that_walks_itself_the_last_page_counts():
    """What is polled has no count before it is done."""
    ends = known_ends([recorded([{"state": "running"}, {"state": "done", "rows": 5}])])
    assert not is_missing_at_an_end(ends, "GET /users", ("rows",))


def test_an_endpoint_that_nobody_has_asked_has_no_end():
    assert not is_missing_at_an_end(known_ends([recorded([LAST])]), "GET /groups", ("paging",))


def test_what_is_refused_or_has_no_body_says_nothing():
    refused, empty = said("/users", {"error": "no"}, status=403), said("/users", b"", status=204)
    calls = (Call("list_accounts", Success(), {}, (1,)), Call("list_accounts", Success(), {}, (2,)))
    assert known_ends([Cassette((refused, empty), calls)]) == {}
