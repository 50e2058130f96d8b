"""Times that move with the clock: what is stored of them, and what they are on another day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest

from connector_contract.recording.calendar_spans import EDGES, SPANS
from connector_contract.recording.later_replay import a_day_later
from connector_contract.recording.relative_times import Relative, Span, declared, measured, relative_of
from connector_contract.recording.time_forms import times

BERLIN = ZoneInfo("Europe/Berlin")
RECORDED = datetime(2026, 11, 29, 6, 24, 31, 500_000, tzinfo=UTC).timestamp()
LATER = datetime(2026, 11, 30, 12, 17, 17, 2_000, tzinfo=UTC).timestamp()
# Tomorrow, at the end of a year, in summer time.
OTHER_DAYS = [
    datetime(2026, 11, 30, 7, 1, 2, 700_000, tzinfo=UTC).timestamp(),
    datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC).timestamp(),
    datetime(2027, 7, 1, 0, 0, 0, 1_000, tzinfo=UTC).timestamp(),
]

# What connectors send, of a time in UTC, and how it is stored beside its distance.
SENDS = {
    "date": (lambda at: at.date().isoformat(), ""),
    "seconds": (lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}", ", YYYY-MM-DDThh:mm:ssZ"),
    "isoformat": (datetime.isoformat, ", YYYY-MM-DDThh:mm:ss.ffffff+HH:MM"),
    "no zone": (lambda at: f"{at:%Y-%m-%d %H:%M:%S}", ", YYYY-MM-DD hh:mm:ss"),
    "milliseconds": (
        lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        ", YYYY-MM-DDThh:mm:ss.fffZ",
    ),
    "midnight": (lambda at: f"{at:%Y-%m-%dT00:00:00Z}", ", YYYY-MM-DDT00:00:00Z"),
    "end of the day": (lambda at: f"{at:%Y-%m-%dT23:59:59.999Z}", ", YYYY-MM-DDT23:59:59.999Z"),
    "eight o'clock": (lambda at: f"{at:%Y-%m-%dT08:00:00Z}", ", YYYY-MM-DDT08:00:00Z"),
    "hour": (lambda at: f"{at:%Y-%m-%dT%H:00:00Z}", ", YYYY-MM-DDThh:00:00Z"),
    "minute": (lambda at: f"{at:%Y-%m-%dT%H:%M:00Z}", ", YYYY-MM-DDThh:mm:00Z"),
    "to the minute": (lambda at: f"{at:%Y-%m-%dT%H:%MZ}", ", YYYY-MM-DDThh:mmZ"),
    "compact": (lambda at: f"{at:%Y%m%dT%H%M%SZ}", ", YYYYMMDDThhmmssZ"),
    "mail": (lambda at: format_datetime(at, usegmt=True), ", Ddd, DD Mmm YYYY hh:mm:ss GMT"),
    "Unix": (lambda at: str(int(at.timestamp())), ", seconds"),
    "Unix, rounded": (lambda at: str(round(at.timestamp())), ", seconds"),
    "Unix, with a fraction": (lambda at: f"{at.timestamp():.6f}", ", seconds.f"),
    "Unix, milliseconds": (lambda at: str(int(at.timestamp() * 1000)), ", milliseconds"),
    "Unix, midnight": (
        lambda at: str(int(at.replace(hour=0, minute=0, second=0).timestamp())),
        ", seconds at 00:00:00",
    ),
}
AGO = {"-30d": 30, "": 0, "+7d": -7}


def only(text):
    [(_, _, found)] = times(text)
    return found


def made(send, at, days=0.0):
    return only(send(datetime.fromtimestamp(at, UTC) - timedelta(days=days)))


def as_measured(send, days):
    return measured(made(send, RECORDED, days), made(send, LATER, days), Span(LATER, LATER + 0.3))


@pytest.mark.parametrize("ago", AGO)
@pytest.mark.parametrize("form", SENDS)
@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York"])
def test_what_moves_with_the_clock_is_the_same_on_another_day(zone, form, ago, name):
    zone(name)
    send, shown = SENDS[form]
    relative = as_measured(send, AGO[ago])
    assert str(relative) == f"<now{ago}{shown}>"
    assert relative_of(str(relative)) == relative
    for now in (RECORDED, *OTHER_DAYS):
        assert relative.fits(made(send, now, AGO[ago]), Span(now - 2, now + 1))


@pytest.mark.parametrize("form", SENDS)
def test_another_distance_is_another_time_and_says_so(zone, form):
    zone("UTC")
    send, shown = SENDS[form]
    relative = as_measured(send, 30)
    for now in (RECORDED, *OTHER_DAYS):
        span = Span(now, now)
        assert not relative.fits(made(send, now, 60), span)
        assert str(relative.now_as(made(send, now, 60), span)) == f"<now-60d{shown}>"
        for days in (29, 31):
            assert not relative.fits(made(send, now, days), span)


@pytest.mark.parametrize(
    ("hours", "shown"), [(6, "-6h"), (1.5, "-90m"), (0.025, "-90s"), (-48, "+2d"), (26, "-26h")]
)
def test_a_distance_is_in_the_largest_unit_that_has_no_rest(hours, shown):
    relative = as_measured(SENDS["seconds"][0], hours / 24)
    assert str(relative) == f"<now{shown}, YYYY-MM-DDThh:mm:ssZ>"
    assert relative_of(str(relative)) == relative


def test_what_does_not_move_or_not_with_the_clock_is_no_time_of_it():
    span = Span(LATER, LATER + 0.3)
    assert measured(only("2026-10-29"), only("2026-10-29"), span) is None
    # The start of a month.
    assert measured(only("2026-11-01"), only("2026-12-01"), span) is None
    assert measured(only("2026-11-02"), only("2026-11-01"), span) is None
    assert measured(only("2026-11-01"), only("20261102"), span) is None


def test_time_that_passes_within_the_scenario_is_no_difference():
    relative = as_measured(SENDS["seconds"][0], 30)
    now = OTHER_DAYS[0]
    assert relative.fits(made(SENDS["seconds"][0], now, 30), Span(now - 90, now + 90))
    assert not relative.fits(made(SENDS["seconds"][0], now - 100, 30), Span(now - 90, now + 90))


def test_a_midnight_within_the_scenario_is_no_difference(zone):
    zone("UTC")
    relative = Relative("day", -30)
    midnight = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    for day in ("2026-12-01", "2026-12-02"):
        assert relative.fits(only(day), Span(midnight - 1, midnight + 1))
    assert not relative.fits(only("2026-12-01"), Span(midnight + 1, midnight + 2))


def berlin(at, days=0, **parts):
    return (datetime.fromtimestamp(at, BERLIN) - timedelta(days=days)).replace(**parts)


MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize(
    ("send", "shown"),
    [
        (lambda at: berlin(at, 30, **MIDNIGHT).isoformat(), "<now-30d, YYYY-MM-DDT00:00:00+HH:MM>"),
        # Python counts days on the clocks of the zone, in which one may have 23 or 25 hours.
        (
            lambda at: berlin(at, 30, microsecond=0).isoformat(),
            "<now-30d, YYYY-MM-DDThh:mm:ss+HH:MM>",
        ),
        (
            lambda at: (
                datetime.fromtimestamp(at, UTC) - timedelta(days=30)
            ).astimezone(BERLIN).isoformat(timespec="seconds"),
            "<now-30d, YYYY-MM-DDThh:mm:ss+HH:MM>",
        ),
    ],
)  # fmt: skip
def test_a_zone_may_go_to_summer_time_and_back(zone, name, send, shown):
    zone(name)
    relative = measured(only(send(RECORDED)), only(send(LATER)), Span(LATER, LATER + 0.3))
    assert str(relative) == shown
    for month in range(1, 13):
        for hour in (0, 1, 12, 22, 23):
            now = datetime(2027, month, 5, hour, 30, tzinfo=UTC).timestamp()
            assert relative.fits(only(send(now)), Span(now - 1, now + 1)), (month, hour)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize(
    ("send", "shown"),
    [
        (lambda at: date.fromtimestamp(at - 30 * 86_400).isoformat(), "<now-30d>"),
        (
            lambda at: (datetime.fromtimestamp(at) - timedelta(days=30)).isoformat(" ", "seconds"),
            "<now-30d, YYYY-MM-DD hh:mm:ss>",
        ),
        (
            lambda at: str(int(datetime.fromtimestamp(at).replace(**MIDNIGHT).timestamp())),
            "<now, seconds at 00:00:00>",
        ),
    ],
)
def test_the_zone_of_the_process_counts_as_well(zone, name, send, shown):
    zone(name)
    later = a_day_later(RECORDED)
    relative = measured(only(send(RECORDED)), only(send(later + 0.1)), Span(later, later + 0.3))
    assert str(relative) == shown
    for month in range(1, 13):
        for hour in range(24):
            now = datetime(2027, month, 5, hour, 30, tzinfo=UTC).timestamp()
            assert relative.fits(only(send(now)), Span(now - 1, now + 1)), (month, hour)


@pytest.mark.parametrize("span", [span for span, (edge, _) in SPANS.items() if edge in EDGES])
def test_a_declared_span_moves_with_the_calendar(span):
    edge, unit = SPANS[span]
    edges = {
        "day": ("2026-11-29", "2026-11-29"),
        "week": ("2026-11-23", "2026-11-29"),
        "month": ("2026-11-01", "2026-11-30"),
        "quarter": ("2026-10-01", "2026-12-31"),
        "year": ("2026-01-01", "2026-12-31"),
    }[unit]
    now = Span(RECORDED, RECORDED + 1)
    text = edges[edge == "end"]
    assert str(declared((edge, unit), only(text), now)) == f"<{span}>"
    clock = {"start": "00:00:00", "end": "23:59:59"}[edge]
    found = declared((edge, unit), only(f"{text}T{clock}Z"), now)
    assert str(found) == f"<{span}, YYYY-MM-DDT{clock}Z>"
    assert relative_of(str(found)) == found
    assert declared((edge, unit), only(f"{text}T12:00:00Z"), now) is None
    if unit != "day":
        assert declared((edge, unit), only("2026-11-17"), now) is None


@pytest.mark.parametrize(
    ("unit", "now", "then", "shown"),
    [
        ("month", "2026-11-29T09:24:31Z", "2026-10-29", "<now-1month>"),
        ("month", "2027-03-31T09:24:31Z", "2027-02-28", "<now-1month>"),
        ("month", "2027-01-15T09:24:31Z", "2026-10-15", "<now-3month>"),
        ("month", "2026-11-29T09:24:31Z", "2026-10-29T00:00:00Z", "<now-1month, YYYY-MM-DDT00:00:00Z>"),
        ("month", "2026-11-29T09:24:31Z", "2026-10-29T09:24:31Z", "<now-1month, YYYY-MM-DDThh:mm:ssZ>"),
        ("year", "2028-02-29T09:24:31Z", "2027-02-28", "<now-1year>"),
        ("year", "2026-11-29T09:24:31Z", "2025-11-29", "<now-1year>"),
    ],
)
def test_the_same_day_of_an_earlier_month(zone, unit, now, then, shown):
    zone("UTC")
    at = datetime.fromisoformat(now).timestamp()
    found = declared(("ago", unit), only(then), Span(at, at))
    assert str(found) == shown
    assert relative_of(shown) == found
    # Some days, or months, more are another time.
    assert not found.fits(only(then), Span(at + 86_400 * 2, at + 86_400 * 2))
    assert not found.fits(only(then), Span(at + 86_400 * 60, at + 86_400 * 60))


def test_now_is_no_earlier_month(zone):
    zone("UTC")
    assert declared(("ago", "month"), only("2026-11-29"), Span(RECORDED, RECORDED)) is None
    assert declared(("ago", "month"), only("2026-10-30"), Span(RECORDED, RECORDED)) is None


def test_a_declared_span_on_another_day(zone):
    zone("UTC")
    month, last = Relative("month", 0, edge="start"), Relative("month", -1, edge="end")
    now = OTHER_DAYS[2]
    span = Span(now, now)
    assert month.fits(only("2027-07-01"), span)
    assert not month.fits(only("2027-06-01"), span)
    assert not month.fits(only("2027-07-02"), span)
    assert last.fits(only("2027-06-30"), span)
    assert str(last) == "<end of month-1>"
    assert str(month.now_as(only("2027-05-01"), span)) == "<start of month-2>"
    assert month.now_as(only("2027-05-02"), span) is None


def test_a_month_is_declared_as_its_start(zone):
    zone("UTC")
    found = declared(("start", "month"), only("2026-10"), Span(RECORDED, RECORDED))
    assert str(found) == "<start of month-1, YYYY-MM>"
    assert relative_of(str(found)) == found
    assert found.fits(only("2026-12"), Span(OTHER_DAYS[1] + 1, OTHER_DAYS[1] + 1))


def test_a_declared_span_as_a_number_begins_in_utc_or_here(zone):
    zone("Europe/Berlin")
    here = int(datetime(2026, 11, 1, tzinfo=BERLIN).timestamp())
    for text in (str(here), "1793491200"):
        found = declared(("start", "month"), only(text), Span(RECORDED, RECORDED))
        assert str(found) == "<start of month, seconds at 00:00:00>"
        assert relative_of(str(found)) == found
    assert declared(("start", "month"), only(str(here + 3600 * 5)), Span(RECORDED, RECORDED)) is None


@pytest.mark.parametrize("text", ["<now", "<password>", "2026-10-29", "<now-3x>", "<start of century>", ""])
def test_what_is_no_stored_time(text):
    assert relative_of(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-12-07", "<now-30d>"),
        ("2026-12-07T00:00:00Z", "<now-30d, YYYY-MM-DDT00:00:00Z>"),
        ("2027-01-06T11:30:00Z", "<now-30m, YYYY-MM-DDThh:mm:ssZ>"),
    ],
)
def test_another_form_says_what_it_is_now(text, shown):
    now = datetime(2027, 1, 6, 12, tzinfo=UTC).timestamp()
    recorded = Relative("second", -86_400 * 30, "YYYY-MM-DDThh:mm:ss+HH:MM")
    assert not recorded.fits(only(text), Span(now, now))
    assert str(recorded.now_as(only(text), Span(now, now))) == shown


def test_a_number_at_another_time_of_day_is_another_time():
    now = datetime(2027, 1, 6, 12, tzinfo=UTC).timestamp()
    recorded = Relative("day", 0, "seconds at 05:00:00")
    at_six = only(str(int(now) - 6 * 3600))
    assert not recorded.fits(at_six, Span(now, now))
    assert str(recorded.now_as(at_six, Span(now, now))) == "<now, seconds at 06:00:00>"
