"""Times as the SDK's specification has them, ISO 8601: when they may be, and which of two is the earlier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DATE = r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d"
_ISO = re.compile(rf"(?P<date>{_DATE})(?:[T ](?P<time>\d{{2}}.*))?", re.IGNORECASE)
# Of a time that does not say where, as far as clocks are apart on earth.
_BEHIND, _AHEAD = timedelta(hours=12), timedelta(hours=14)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """A time, as far as its text says when it was.

    Attributes:
        first: The earliest that it may be, in UTC.
        last: The latest that it may be.
        day: The date, if it is a date alone.
        has_zone: Whether it says where; a date does not.
    """

    first: datetime
    last: datetime
    day: date | None
    has_zone: bool

    def is_before(self, other: Moment) -> bool:
        """Whether it is earlier for certain."""
        if self.day is not None and other.day is not None:
            return self.day < other.day
        return self.last < other.first


def moment_of(text: object) -> Moment | None:
    """A date, or a date with a time; ``None`` for what is not ISO 8601."""
    found = _ISO.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        if found["time"] is None:
            day = date.fromisoformat(found["date"].upper())
            start = datetime.combine(day, time(), UTC)
            return Moment(start - _AHEAD, start + _DAY + _BEHIND, day, has_zone=False)
        moment = datetime.fromisoformat(f"{found['date']}T{found['time']}".upper())
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
            # Some leave out what is less than a second.
            return Moment(moment, moment + _SECOND, None, has_zone=True)
        moment = moment.replace(tzinfo=UTC)
        return Moment(moment - _AHEAD, moment + _BEHIND, None, has_zone=False)
    except (ValueError, OverflowError):
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
