"""A connector that answers with the time answers a moment later, and that is no difference."""

from __future__ import annotations

import pytest

from connector_contract.recording.moments import same_moment

AT = 1795854900.0


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("2026-11-28T08:34:41Z", "2026-11-28T08:34:42Z"),
        ("2026-11-28T08:34:41.123456+00:00", "2026-11-28T09:34:42+01:00"),
        ("2026-11-28 08:34", "2026-11-28 08:35"),
        ("20261128T083441Z", "20261128T083442Z"),
        ("Sat, 28 Nov 2026 08:34:41 GMT", "Sat, 28 Nov 2026 08:34:42 GMT"),
        ("read at 2026-11-28T08:34:41Z by Lumos", "read at 2026-11-28T08:34:43Z by Lumos"),
        ("1795854881", "1795854882"),
        ("at 1795854881123", "at 1795854882123"),
        (1795854881, 1795854882.5),
        (1795854881123, 1795854882123),
    ],
)
def test_a_moment_later(before, now):
    assert same_moment(before, now, AT)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("2026-11-28T08:34:41Z", "2026-11-28T08:36:41Z"),
        ("2026-11-28T08:34:41Z", "2026-11-28T08:34:41+05:00"),
        ("a 2026-11-28T08:34:41Z", "b 2026-11-28T08:34:41Z"),
        ("2026-99-28T08:34:41Z", "2026-99-28T08:34:42Z"),
        ("2026-11-28T08:34:41Z", "2026-11-28T08:34:41Z 2026-11-28T08:34:41Z"),
        ("n1", "n2"),
        ("u1795854881", "u1795854882"),
        (1, 2),
        (True, 1),
        # Ids.
        (5000000001, 5000000002),
        (1795854881, "1795854882"),
        (None, 1795854882),
    ],
)
def test_another_value(before, now):
    assert not same_moment(before, now, AT)
