import pytest

from connector_contract.reporting.growth import growing


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([], None),
        ([{"/users": 9}], None),
        ([{"/users": 1, "/users/*/groups": 2}], None),
        ([{"/users": 1, "/users/*/groups": 3}], "1 + 1 per /users/*/groups"),
        ([{"/users/*": 3}], "1 per /users/*"),
        (
            [{"/users": 2, "/users/*/groups": 3, "/users/*/roles": 4}],
            "2 + 1 per /users/*/groups + 1 per /users/*/roles",
        ),
        # The last page has one user: what is asked about it looks like nothing that grows.
        (
            [{"/users": 1, "/users/*/groups": 3}, {"/users": 1, "/users/u4/groups": 1}],
            "1 + 1 per /users/*/groups",
        ),
        (
            [{"/users": 1, "/users/*/groups": 3}, {"/users": 1, "/users/*/groups": 1}],
            "1 + 1 per /users/*/groups",
        ),
    ],
)
def test_how_the_requests_of_calls_grow(calls, said):
    assert growing(calls) == said
