"""Times in ISO 8601: when they may be, and which is the earlier."""

from __future__ import annotations

import pytest

from connector_contract.contract.rules.times import moment_of, written_like


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01",
        "20240501",
        "2024-W18-3",
        "2024-05-01T09:00:00Z",
        "2024-05-01t09:00:00.123456789z",
        "2024-05-01 09:00:00+02:00",
        "20240501T090000+0200",
        "2024-05-01T09:00",
        "2024-060",
        "2024-060T09:00Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T24:00+02:00",
        "20240501T240000.0",
        "2024-12-31T23:59:60Z",
        "2025-01-01T00:59:60.5+01:00",
        "2024-12-31T18:59:60",
        "2024-02",
        "2024-W07",
    ],
)
def test_what_is_iso_8601(text):
    assert moment_of(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        None,
        1714554000,
        "",
        "1714554000",
        "1714554000123",
        "05/01/2024",
        "yesterday",
        "2024-13-01",
        "2024-01-01T:00:00+00:00",
        "2024-05-01T25:00:00Z",
        "0001-01-01",
        "9999-12-31T23:59:59-14:00",
        "9999-12",
        "202402",
        "2024",
        "2024-13",
        "2024-W60",
        "2023-366",
        "2024-000",
        "2024-05-01T24:00:01Z",
        "2024-05-01T24:30Z",
        "2024-12-31T23:59:61Z",
        pytest.param("2024-12-31T12:00:60Z", id="no leap second is at noon"),
        "2024-12-31T23:59:60+01:00",
    ],
)
def test_what_is_not(text):
    assert moment_of(text) is None


@pytest.mark.parametrize(
    ("one", "other", "is_before"),
    [
        pytest.param("2024-05-01", "2024-05-02", True, id="two dates are exact"),
        pytest.param("2024-05-01", "2024-05-01", False, id="the same date"),
        pytest.param("2024-05-01T09:00:00Z", "2024-05-01T09:00:02Z", True, id="two times"),
        pytest.param("2024-05-01T09:00:00Z", "2024-05-01T09:00:00.5Z", False, id="parts of a second"),
        pytest.param("2024-05-01T09:00:00Z", "2024-05-01T11:00:00+02:00", False, id="the same elsewhere"),
        pytest.param("2024-05-01T09:00:00+02:00", "2024-05-01T09:00:00Z", True, id="earlier elsewhere"),
        pytest.param("2024-05-01T09:00:00", "2024-05-01T12:00:00Z", False, id="nobody knows where"),
        pytest.param("2024-05-01T09:00:00", "2024-05-03T12:00:00Z", True, id="wherever it is"),
        pytest.param("2024-05-01T23:00:00Z", "2024-05-02", False, id="a date begins earlier elsewhere"),
        pytest.param("2024-04-30T09:00:00Z", "2024-05-02", True, id="but not so much"),
        pytest.param("2024-05-01", "2024-05-02T09:00:00Z", False, id="and ends later"),
        pytest.param("2024-05-01T24:00:00Z", "2024-05-02T00:00:00Z", False, id="midnight has two names"),
        pytest.param("2024-12-31T23:59:58Z", "2024-12-31T23:59:60Z", True, id="a leap second"),
        pytest.param("2024-05-31", "2024-06", True, id="before a month"),
        pytest.param("2024-05", "2024-06-01", True, id="a month before"),
        pytest.param("2024-05", "2024-05-31", False, id="a day of a month"),
        pytest.param("2024-W18", "2024-05-04T09:00:00Z", False, id="a day of a week"),
    ],
)
def test_which_is_the_earlier_for_certain(one, other, is_before):
    assert moment_of(one).is_before(moment_of(other)) is is_before
    assert not moment_of(other).is_before(moment_of(one))


def test_only_a_time_has_a_zone():
    assert [
        moment_of(text).has_zone for text in ("2024-05-01T09:00:00Z", "2024-05-01T09:00:00", "2024-05-01")
    ] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("example", "text", "written"),
    [
        ("2024-01-01", "2024-05-01T23:00:00-02:00", "2024-05-02"),
        ("2024-01-01T00:00:00Z", "2024-05-01T23:00:00-02:00", "2024-05-02T01:00:00Z"),
        ("2024-01-01T00:00:00+00:00", "2024-05-01T09:00:00Z", "2024-05-01T09:00:00+00:00"),
        ("2024-01-01T00:00:00Z", "2024-05-01", "2024-05-01T00:00:00Z"),
        ("2024-01-01", "2024-05-01", "2024-05-01"),
        ("2024-01-01", "2024-05", "2024-05-01"),
        ("2024-01-01T00:00:00Z", "2024-05-01T24:00:00Z", "2024-05-02T00:00:00Z"),
        (None, "2024-05-01T09:00:00.25Z", "2024-05-01T09:00:00Z"),
    ],
)
def test_a_time_is_written_in_the_form_of_another(example, text, written):
    assert written_like(example, moment_of(text)) == written
