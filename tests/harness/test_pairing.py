"""Which interaction of one cassette belongs to which of another."""

from __future__ import annotations

import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import endpoint
from connector_contract.review.pairing import paired
from tests.review_testing import ORIGIN, said


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/users", "GET /users"),
        ("/v1/users/17/roles?a=1", "GET /v1/users/*/roles"),
        ("/users/u-1", "GET /users/*"),
        ("/users/a%2Fb", "GET /users/*"),
        ("/users/ann@example.com", "GET /users/*"),
        ("", "GET /"),
    ],
)
def test_an_endpoint_has_a_star_for_an_id(path, shown):
    assert endpoint(Request("GET", ORIGIN + path)) == shown


def test_equal_requests_belong_together_then_those_to_one_endpoint():
    base = [said("/users?offset=0", "a"), said("/users?offset=5", "b"), said("/teams", "c")]
    head = [said("/users?offset=6", "d"), said("/users?offset=0", "e"), said("/roles", "f")]
    pairs = paired(base, head)
    assert pairs.equal == [(base[0], head[1])]
    assert pairs.changed == [(base[1], head[0])]
    assert (pairs.removed, pairs.added) == ([base[2]], [head[2]])


def test_a_request_made_twice_is_paired_twice():
    one = said("/users", [])
    pairs = paired([one, one], [one, one, one])
    assert (len(pairs.equal), len(pairs.added), pairs.removed, pairs.changed) == (2, 1, [], [])
