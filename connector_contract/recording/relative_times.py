"""Times that move with the clock, as they are stored: ``<now-30d>``, ``<start of month>``, ``<now-1month>``.

What follows a comma is the form that the time is written in, if it is not that of a date. A date counts in
days of its own zone, and so does what has the same time of day each day; what is on the hour counts in hours.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from connector_contract.recording.calendar_spans import AGO, CALENDAR
from connector_contract.recording.time_forms import (
    DATE,
    Time,
    Zone,
    fits_form,
    form_from,
    is_midnight,
    unit_of,
)

_INDEX: dict[str, Callable[[datetime], int]] = {
    "second": lambda wall: 86_400 * wall.toordinal() + 3600 * wall.hour + 60 * wall.minute + wall.second,
    "minute": lambda wall: 1440 * wall.toordinal() + 60 * wall.hour + wall.minute,
    "hour": lambda wall: 24 * wall.toordinal() + wall.hour,
    "day": lambda wall: wall.toordinal(),
    "week": lambda wall: (wall.toordinal() - 1) // 7,
    "month": lambda wall: 12 * wall.year + wall.month - 1,
    "quarter": lambda wall: 4 * wall.year + (wall.month - 1) // 3,
    "year": lambda wall: wall.year,
}
_SIZES = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_LETTERS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
# The numbers of seconds that a person would say, the roundest first.
_ROUND = (86_400, 3600, 60, 10, 5, 1)
# The times of day at which a day starts, or ends.
_CLOCKS = {"start": ["00:00:00"], "end": ["23:59:59", "23:59:00"]}
# In the later replay, a time that moves with the clock moves by less than so many days: by two where its day
# had begun in one zone, and not in another.
_FURTHEST = 3.5
RELATIVE = re.compile(
    r"<(?:now(?:(?P<number>[+-]\d+)(?P<letter>month|year|[dhms]))?"
    rf"|(?P<edge>start|end) of (?P<span>{'|'.join(CALENDAR)})(?P<spans>[+-]\d+)?)"
    r"(?:, (?P<form>[\w:.+ ,/-]+))?>"
)


@dataclass(frozen=True)
class Span:
    """When the connector may have read the clock.

    Attributes:
        started: When the scenario began, in seconds since 1970.
        now: The time, in seconds since 1970.
    """

    started: float
    now: float


@dataclass(frozen=True)
class Relative:
    """A time that moves with the clock.

    Attributes:
        unit: What it counts in, one of those that a clock or the calendar has.
        count: How many of them it is after now; negative for a time before.
        form: How it is written.
        edge: ``start`` or ``end`` of the unit; ``ago`` if it is on the same day of another month, or the last
            one of that; empty if it is as long ago as it counts.
    """

    unit: str
    count: int
    form: str = DATE
    edge: str = ""

    def __str__(self) -> str:
        """The time as it is stored, and as messages name it."""
        form = "" if self.form == DATE else f", {self.form}"
        if self.edge == AGO:
            return f"<now{self.count:+d}{self.unit}{form}>"
        if self.edge:
            return f"<{self.edge} of {self.unit}{f'{self.count:+d}' if self.count else ''}{form}>"
        seconds = self.count * _SIZES[self.unit]
        letter = next(letter for letter, size in _LETTERS.items() if seconds % size == 0)
        return f"<now{f'{seconds // _LETTERS[letter]:+d}{letter}' if seconds else ''}{form}>"

    def fits(self, time: Time, span: Span) -> bool:
        """Whether a time is this one, whenever in a span the connector has read the clock."""
        if not fits_form(time, self.form):
            return False
        if self.edge == AGO:
            return self._fits_day(time, span)
        # Who rounds, and does not cut off, is up to half a second ahead.
        late = self.unit == "second"
        return any(
            self._is_there(time, zone) and low - late <= self.count <= high
            for zone, low, high in _counts(time, self.unit, span)
        )

    def now_as(self, time: Time, span: Span) -> Relative | None:
        """What another time is that stands in the place of this one; ``None`` if that cannot be said."""
        if self.edge:
            return declared((self.edge, self.unit), time, span)
        unit = self.unit
        if not fits_form(time, self.form):
            unit = "day" if _is_of_day(time) else "second"
        return _roundest(time, unit, span, may_be_rounded=True)

    def _fits_day(self, time: Time, span: Span) -> bool:
        unit = unit_of(self.form)
        index, months = _INDEX[unit], self.count * (12 if self.unit == "year" else 1)
        # Who rounds, and does not cut off, is up to half a second ahead.
        late = unit == "second"
        return any(
            index(_months_later(zone(span.started), months))
            <= index(time.wall_in(zone))
            <= index(_months_later(zone(span.now), months)) + late
            for zone in time.zones
            if self._is_there(time, zone)
        )

    def _is_there(self, time: Time, zone: Zone) -> bool:
        """Whether a time is where a unit starts or ends, in a zone; of a number, also at its time of day."""
        wall = time.wall_in(zone)
        if time.is_number and (clock := self.form.partition(" at ")[2]):
            return _fits_clock(wall, clock) and (not self.edge or self._is_at_day(wall))
        return not self.edge or self._is_at_day(wall)

    def _is_at_day(self, wall: datetime) -> bool:
        if self.edge == AGO:
            return True
        index, day = _INDEX[self.unit], timedelta(days=1)
        return index(wall) != index(wall - day if self.edge == "start" else wall + day)


def relative_of(text: str) -> Relative | None:
    """A stored time; ``None`` if a text is none."""
    return _parsed(text) if text.startswith("<") else None


def is_relative(text: str) -> bool:
    """Whether a text has a stored time in it; cheap, for texts of which few have one."""
    return "<now" in text or "<start of " in text or "<end of " in text


def measured(recorded: Time, later: Time, span: Span) -> Relative | None:
    """What a time is that was made again a day later; ``None`` if it has not moved with the clock.

    Args:
        recorded: As it was recorded, at another time of day.
        later: The same in the later replay.
        span: From when the call began there until it made the request. It began 17 minutes and seconds after
            an hour, so that what is so many minutes or hours ago is not on the minute, or on the hour.
    """
    if recorded.form != later.form or not 0 < _days_between(recorded, later) < _FURTHEST:
        return None
    return _roundest(later, _fixed_from(recorded, later), span)


def declared(edge_and_unit: tuple[str, str], time: Time, span: Span) -> Relative | None:
    """What a time is that the author has declared; ``None`` if it is not at that edge of a unit.

    Args:
        edge_and_unit: One of ``EDGES``, or ``AGO``, and one of ``CALENDAR``.
        time: As it was recorded.
        span: When it was.
    """
    edge, unit = edge_and_unit
    if edge == AGO:
        form = form_from(time, "day" if _is_of_day(time) else "second")
        counts = {count for _, *both in _counts(time, unit, span) for count in both if count}
        possible = (Relative(unit, count, form, edge) for count in sorted(counts))
        return next((each for each in possible if each.fits(time, span)), None)
    for zone, _, high in _counts(time, unit, span):
        if time.is_date or f"{time.wall_in(zone):%H:%M:%S}" in _CLOCKS[edge]:
            found = Relative(unit, high, form_from(time, "day"), edge)
            if found.fits(time, span):
                return found
    return None


def _is_of_day(time: Time) -> bool:
    return time.is_date or any(is_midnight(time.wall_in(zone)) for zone in time.zones)


def _months_later(wall: datetime, months: int) -> datetime:
    """The same day so many months later, or the last one of that month if it has none such."""
    year, month = divmod(12 * wall.year + wall.month - 1 + months, 12)
    return wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))


def _fits_clock(wall: datetime, clock: str) -> bool:
    """Whether clocks show such a time of day, in which letters stand for any digit."""
    return re.fullmatch(re.sub("[hms]", r"\\d", clock), f"{wall:%H:%M:%S}") is not None


def _counts(time: Time, unit: str, span: Span) -> Iterator[tuple[Zone, int, int]]:
    """In each zone, how many units a time is after now at least, and at most."""
    index = _INDEX[unit]
    for zone in time.zones:
        at = index(time.wall_in(zone))
        yield zone, at - index(zone(span.now)), at - index(zone(span.started))


def _roundest(time: Time, unit: str, span: Span, *, may_be_rounded: bool = False) -> Relative:
    """The roundest number of units that may be meant.

    Args:
        time: The time.
        unit: What it counts in.
        span: When it was made.
        may_be_rounded: Whether it may be a second ahead, because its seconds were rounded and not cut off.
    """
    any_count = Relative(unit, 0, form_from(time, unit))
    late = may_be_rounded and unit == "second"
    counts = [
        count
        for zone, low, high in _counts(time, unit, span)
        if any_count._is_there(time, zone)
        for count in range(low - late, high + 1)
    ]
    size = _SIZES[unit]
    count = min(counts, key=lambda each: next(n for n, r in enumerate(_ROUND) if each * size % r == 0))
    return replace(any_count, count=count)


def _fixed_from(recorded: Time, later: Time) -> str:
    """The unit that all smaller ones are the same of, at two times of different days and times of day."""
    if later.is_date:
        return "day"
    for zone in later.zones:
        old, new = recorded.wall_in(zone), later.wall_in(zone)
        if (old.hour, old.minute, old.second) == (new.hour, new.minute, new.second):
            return "day"
        # Some zones are half an hour off.
        if (old.minute, old.second) == (new.minute, new.second) in ((0, 0), (30, 0), (59, 59)):
            return "hour"
        if old.second == new.second and new.second in (0, 59):
            return "minute"
    return "second"


def _days_between(recorded: Time, later: Time) -> float:
    if recorded.wall is not None and later.wall is not None:
        return (later.wall - recorded.wall) / timedelta(days=1)
    return ((later.instant or 0.0) - (recorded.instant or 0.0)) / 86_400


@lru_cache(1024)
def _parsed(text: str) -> Relative | None:
    found = RELATIVE.fullmatch(text)
    if found is None:
        return None
    form = found["form"] or DATE
    if found["letter"] in ("month", "year"):
        return Relative(found["letter"], int(found["number"]), form, AGO)
    if found["edge"]:
        return Relative(found["span"], int(found["spans"] or 0), form, found["edge"])
    unit = unit_of(form)
    return Relative(unit, int(found["number"] or 0) * _LETTERS[found["letter"] or "s"] // _SIZES[unit], form)
