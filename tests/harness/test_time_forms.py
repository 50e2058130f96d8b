"""What reads as a time, and in which form it is written."""

from __future__ import annotations

from datetime import datetime

import pytest

from connector_contract.recording.time_forms import fits_form, form_from, is_midnight, times, unit_of

FORMS = {
    "2026-10": "YYYY-MM",
    "2026-10-29": "YYYY-MM-DD",
    "20261029": "YYYYMMDD",
    "2026-10-29T06:24Z": "YYYY-MM-DDThh:mmZ",
    "2026-10-29T06:24:31Z": "YYYY-MM-DDThh:mm:ssZ",
    "2026-10-29t06:24:31z": "YYYY-MM-DDthh:mm:ssz",
    "2026-10-29 06:24:31": "YYYY-MM-DD hh:mm:ss",
    "2026-10-29T06:24:31.123Z": "YYYY-MM-DDThh:mm:ss.fffZ",
    "2026-10-29T06:24:31.123456+02:00": "YYYY-MM-DDThh:mm:ss.ffffff+HH:MM",
    "2026-10-29T06:24:31-0500": "YYYY-MM-DDThh:mm:ss+HHMM",
    "2026-10-29T06:24:31 02:00": "YYYY-MM-DDThh:mm:ss HH:MM",
    "20261029T062431Z": "YYYYMMDDThhmmssZ",
    "20261029062431Z": "YYYYMMDDhhmmssZ",
    "Thu, 29 Oct 2026 06:24:31 GMT": "Ddd, DD Mmm YYYY hh:mm:ss GMT",
    "Thu, 29 Oct 2026 06:24:31 -0500": "Ddd, DD Mmm YYYY hh:mm:ss +HHMM",
    "1793255071": "seconds",
    "1793255071.5": "seconds.f",
    "1793255071123": "milliseconds",
    "1793255071123456": "microseconds",
    "1793255071123456789": "nanoseconds",
}


def only(text):
    [(_, _, found)] = times(text)
    return found


@pytest.mark.parametrize("text", FORMS)
def test_a_time_is_found_with_its_form(text):
    found = only(f"since {text}, please")
    assert (found.text, found.form) == (text, FORMS[text])
    assert fits_form(found, FORMS[text])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("created:2026-10-29..2026-11-29", ["2026-10-29", "2026-11-29"]),
        ('lastUpdated gt "2026-10-29T00:00:00Z" and id eq "7"', ["2026-10-29T00:00:00Z"]),
        ("[1793255071,1793255072]", ["1793255071", "1793255072"]),
        ("(2026-10-29)", ["2026-10-29"]),
    ],
)
def test_times_are_found_in_expressions(text, found):
    assert [(text[start:end], each.text) for start, end, each in times(text)] == [(it, it) for it in found]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "2026-13",
        "2026-10-",
        "1-2026-10-2",
        "2026-10-29T25:00:00Z",
        "2026-10-29T06:24:61Z",
        "v2026-10-29",
        "2026-10-29th",
        "1.1793255071",
        "17932550710",
        "550e8400-e29b-41d4-a716-446655440000",
        "x1793255071",
        "1026-10-29",
        "Thu, 31 Feb 2026 06:24:31 GMT",
        "3.10.2026",
        "",
    ],
)
def test_what_is_no_time(text):
    assert list(times(text)) == []


@pytest.mark.parametrize(
    ("text", "unit", "form"),
    [
        ("2026-10-29T06:24:31.000Z", "second", "YYYY-MM-DDThh:mm:ss.fffZ"),
        ("2026-10-29T06:24:00Z", "minute", "YYYY-MM-DDThh:mm:00Z"),
        ("2026-10-29T06:24Z", "minute", "YYYY-MM-DDThh:mmZ"),
        ("2026-10-29T06:30:00+05:30", "hour", "YYYY-MM-DDThh:30:00+HH:MM"),
        ("2026-10-29T23:59:59.999999999Z", "day", "YYYY-MM-DDT23:59:59.999999999Z"),
        ("Thu, 29 Oct 2026 06:00:00 GMT", "hour", "Ddd, DD Mmm YYYY hh:00:00 GMT"),
        ("Thu, 29 Oct 2026 00:00:00 GMT", "day", "Ddd, DD Mmm YYYY 00:00:00 GMT"),
        ("2026-10-29", "day", "YYYY-MM-DD"),
        ("1793232000", "day", "seconds at 00:00:00"),
        ("1793253600", "hour", "seconds at hh:00:00"),
        ("1793253660000", "minute", "milliseconds at hh:mm:00"),
        ("1793253661", "second", "seconds"),
        ("1793253661.25", "second", "seconds.f"),
    ],
)
def test_what_is_the_same_each_time_is_digits_in_the_form_and_the_rest_says_the_unit(text, unit, form):
    assert (form_from(only(text), unit), unit_of(form)) == (form, unit)


def test_a_form_has_its_digits_and_any_other_ones_in_place_of_letters():
    assert fits_form(only("2027-01-02T00:00:00Z"), "YYYY-MM-DDT00:00:00Z")
    assert not fits_form(only("2027-01-02T00:00:01Z"), "YYYY-MM-DDT00:00:00Z")
    assert not fits_form(only("2027-01-02"), "YYYY-MM-DDT00:00:00Z")
    assert not fits_form(only("2027-01-02T00:00:00+00:00"), "YYYY-MM-DDT00:00:00Z")
    assert not fits_form(only("1793253661"), "milliseconds")
    assert not fits_form(only("1793253661").as_json_number(), "seconds")
    assert fits_form(only("1793253661").as_json_number(), "number of seconds")


@pytest.mark.parametrize(
    ("text", "name", "zones"),
    [
        ("2026-10-29T06:24:31Z", "Europe/Berlin", 1),
        ("2026-10-29T06:24:31+00:00", "Europe/Berlin", 1),
        # An offset that is not that of this process: its zone may have summer time.
        ("2026-07-29T06:24:31-05:00", "Europe/Berlin", 3),
        ("2026-07-29T06:24:31+02:00", "Europe/Berlin", 2),
        # UTC, and this process's, as it is then and as it is now.
        ("2026-07-29T06:24:31", "Europe/Berlin", 3),
        ("2026-07-29", "Europe/Berlin", 3),
        ("1793253661", "Europe/Berlin", 3),
        ("1900-01-01", "Europe/Berlin", 3),
    ],
)
def test_the_zones_whose_clocks_may_show_a_time(zone, text, name, zones):
    zone(name)
    assert len(only(text).zones) == zones


def test_a_day_of_this_zone_that_a_number_begins(zone):
    zone("Europe/Berlin")
    # 2026-10-29 00:00 in Berlin.
    assert form_from(only("1793228400"), "day") == "seconds at 00:00:00"


def test_midnight():
    assert is_midnight(datetime(2026, 10, 29))
    assert is_midnight(datetime(2026, 10, 29, 23, 59, 59))
    assert not is_midnight(datetime(2026, 10, 29, 12))
