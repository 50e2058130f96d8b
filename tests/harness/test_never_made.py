"""Which recorded requests should have been made by the middle of a test."""

from __future__ import annotations

import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.recording.never_made import never_made


def call(name, *numbers, after=None, **request):
    page = {"token": after} if after else {}
    return Call(name, Success(), {"page": page, "request": request}, numbers)


WALK = [call("users", 1), call("users", 2, after="a"), call("users", 3, after="b")]


@pytest.mark.parametrize(
    ("recorded", "made", "left", "walk", "expected"),
    [
        pytest.param([], 0, [], False, [], id="nothing"),
        pytest.param(WALK, 3, [], True, [], id="all"),
        pytest.param(WALK, 2, [3], False, [], id="a call that is not yet made"),
        pytest.param(WALK, 2, [2, 3], False, [2], id="a call that made fewer"),
        pytest.param(WALK, 1, [2, 3], True, [2, 3], id="a walk that stopped"),
        pytest.param([*WALK, call("roles", 4)], 1, [2, 3, 4], True, [2, 3], id="what comes after the walk"),
        pytest.param([call("users", 1), call("users", 2)], 1, [2], True, [], id="another walk"),
        pytest.param(
            [call("users", 1), call("users", 2, after="a", of="b")], 1, [2], True, [], id="of others"
        ),
        pytest.param(WALK, 0, [1, 2, 3], True, [], id="before the first call"),
        pytest.param(WALK[:1], 4, [], True, [], id="more calls than recorded"),
    ],
)  # fmt: skip
def test_what_a_test_should_have_asked_for_by_now(recorded, made, left, walk, expected):
    assert never_made(recorded, made, left, ends_with_walk=walk) == expected
