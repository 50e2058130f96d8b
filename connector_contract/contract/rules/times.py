"""Times as the SDK's specification has them, ISO 8601: when they may be, and which of two is the earlier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DATE = r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d|\d{4}-\d{3}"
_ISO = re.compile(rf"(?P<date>{_DATE})(?:[T ](?P<time>\d{{2}}.*))?", re.IGNORECASE)
_ORDINAL = re.compile(r"(?P<year>\d{4})-(?P<day>\d{3})")
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
_WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})", re.IGNORECASE)
# The end of a day, and a leap second, which Python does not know.
_MIDNIGHT = re.compile(r"24(?=(?::?00){0,2}(?:(?<=0000)[.,]0+|(?<=00:00)[.,]0+)?(?:Z|[+-].*)?$)")
_LEAP = re.compile(r"(?<=^\d{2}:\d{2}:)60|(?<=^\d{4})60")
# Of a time that does not say where, as far as clocks are apart on earth.
_BEHIND, _AHEAD = timedelta(hours=12), timedelta(hours=14)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """A time, as far as its text says when it was.

    Attributes:
        first: The earliest that it may be, in UTC.
        last: The latest that it may be.
        day: The date, if it is a date alone; of a month or a week, the first.
        last_day: The last day of a month or a week; of a date, the same.
        has_zone: Whether it says where; a date does not.
    """

    first: datetime
    last: datetime
    day: date | None
    has_zone: bool
    last_day: date | None = None

    @property
    def is_span(self) -> bool:
        """Whether it is a month or a week, and no day."""
        return self.day != self.last_day

    def is_before(self, other: Moment) -> bool:
        """Whether it is earlier for certain."""
        if self.last_day is not None and other.day is not None:
            return self.last_day < other.day
        return self.last < other.first


def moment_of(text: object) -> Moment | None:
    """A date, a month, a week, or a date with a time; ``None`` for what is not ISO 8601."""
    if not isinstance(text, str):
        return None
    text = text.strip()
    try:
        if (days := _span(text)) is not None:
            return _of_days(*days)
        found = _ISO.fullmatch(text)
        if found is None:
            return None
        day = _date(found["date"])
        return _of_days(day, day) if found["time"] is None else _of_time(day, found["time"].upper())
    except (ValueError, OverflowError):
        return None


def _of_days(day: date, last: date) -> Moment:
    start, end = (datetime.combine(each, time(), UTC) for each in (day, last))
    return Moment(start - _AHEAD, end + _DAY + _BEHIND, day, has_zone=False, last_day=last)


def _of_time(day: date, text: str) -> Moment:
    usual, days = _MIDNIGHT.subn("00", text)
    usual, seconds = _LEAP.subn("59", usual)
    moment = datetime.fromisoformat(f"{day.isoformat()}T{usual}") + days * _DAY
    has_zone = moment.tzinfo is not None
    moment = moment.astimezone(UTC) if has_zone else moment.replace(tzinfo=UTC)
    # A leap second ends a day in UTC; where that is, a time without a zone does not say.
    if seconds and (moment.minute != 59 or (has_zone and moment.hour != 23)):
        raise ValueError(text)
    moment += seconds * _SECOND
    # Some leave out what is less than a second.
    spread = (timedelta(), _SECOND) if has_zone else (_AHEAD, _BEHIND)
    return Moment(moment - spread[0], moment + spread[1], None, has_zone)


def _date(text: str) -> date:
    if (found := _ORDINAL.fullmatch(text)) is None:
        return date.fromisoformat(text.upper())
    first = date(int(found["year"]), 1, 1)
    day = first + (int(found["day"]) - 1) * _DAY
    if day.year != first.year:
        raise ValueError(text)
    return day


def _span(text: str) -> tuple[date, date] | None:
    """The first and the last day of a month or a week."""
    if found := _MONTH.fullmatch(text):
        first = date(int(found["year"]), int(found["month"]), 1)
        return first, (first + 31 * _DAY).replace(day=1) - _DAY
    if found := _WEEK.fullmatch(text):
        first = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
        return first, first + 6 * _DAY
    return None


def written_like(example: object, moment: Moment) -> str:
    """A time in the form of another: a date alone, or a time in UTC.

    Args:
        example: The other.
        moment: The time. Of a date, the day begins in UTC.
    """
    text = example if isinstance(example, str) else ""
    known = moment_of(text)
    day = moment.day or moment.first.date()
    if known is not None and known.day is not None:
        return day.isoformat()
    start = moment.first if moment.day is None else datetime.combine(day, time(), UTC)
    return start.strftime("%Y-%m-%dT%H:%M:%S") + ("+00:00" if "+00:00" in text else "Z")
