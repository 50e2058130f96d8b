"""Whether the requests of a call grow with the records."""

from __future__ import annotations

import pytest

from connector_contract.reporting.growth import growing


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([], None),
        ([{"/users": 9}], None),
        ([{"/users": 1, "/users/*/roles": 2}], None),
        ([{"/users": 1, "/users/*/roles": 3}], "1 + 1 per /users/*/roles"),
        # The call that took most is what a call may take; one that found nothing shows no growth.
        ([{"/users": 1}, {"/users": 2, "/users/*/roles": 7}], "2 + 1 per /users/*/roles"),
        ([{"/b/*": 3, "/a/*": 4, "/c/*": 1}], "1 + 1 per /a/* + 1 per /b/*"),
    ],
)
def test_what_a_call_takes_for_each_record(calls, expected):
    assert growing(calls) == expected
