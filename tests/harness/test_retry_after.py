"""How long an upstream asks to be left alone."""

import pytest

from connector_contract.recording.interactions import Response
from connector_contract.upstream.retry_after import seconds_to_wait

# 2026-01-01 00:00 UTC
NOW = 1767225600.0


def asked(status=429, **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return seconds_to_wait(Response(status, "", pairs, b""), NOW)


@pytest.mark.parametrize("status", [429, 503])
def test_a_limit_asks_to_wait_for_seconds(status):
    assert asked(status, retry_after="30") == 30
    assert asked(status, Retry_After=" 30 ") == 30


@pytest.mark.parametrize("status", [200, 301, 404, 500, 502])
def test_nothing_else_does(status):
    assert asked(status, retry_after="30") == 0


def test_a_limit_asks_to_wait_until_a_date():
    assert asked(retry_after="Thu, 01 Jan 2026 00:01:30 GMT") == 90


def test_a_date_is_read_by_the_clock_of_the_upstream():
    later = {"retry_after": "Thu, 01 Jan 2026 10:01:00 GMT", "date": "Thu, 01 Jan 2026 10:00:00 GMT"}
    assert asked(**later) == 60


def test_a_date_that_is_over_asks_for_nothing():
    assert asked(retry_after="Wed, 31 Dec 2025 23:59:00 GMT") == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "1.5", "\N{SUPERSCRIPT TWO}", "Thu, 99 Foo 2026 00:00:00 GMT"]
)
def test_what_is_neither_asks_for_nothing(text):
    assert asked(retry_after=text) == 0


def test_without_the_header_nothing_is_asked():
    assert asked() == 0
