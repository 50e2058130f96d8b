"""Times in texts: what reads as one, in which form it is written, and when it is.

A form is written as people write it: ``YYYY-MM-DDThh:mm:ssZ``. Digits in it stand for themselves, as those of
a midnight do: ``YYYY-MM-DDT00:00:00Z``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

Zone = Callable[[float], datetime]
"""What clocks show in a time zone, at so many seconds since 1970."""

DATE = "YYYY-MM-DD"
MONTH = "YYYY-MM"
_EPOCH = datetime(1970, 1, 1)
_HOUR = 3600
# Some systems know no local time of the years up to this one.
_FIRST = 1970
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ISO = (
    r"(?P<Y>19\d\d|2[01]\d\d)(?P<dash>[-/]?)(?P<M>\d\d)(?P=dash)(?P<D>\d\d)"
    r"(?:(?P<sep>[Tt ]?)(?P<h>\d\d)(?P<colon>:?)(?P<m>\d\d)(?:(?P=colon)(?P<s>\d\d)(?:\.(?P<f>\d{1,9}))?)?"
    # A "+" that nobody has encoded is a space by the time that it is read.
    r"(?P<zone>[Zz]|[+ -]\d\d:?\d\d)?)?(?!\w|:\d)"
)
_MONTH = r"(?P<yY>19\d\d|2[01]\d\d)-(?P<yM>\d\d)(?![\w-])"
_MAIL = (
    rf"[A-Z][a-z]{{2}}, (?P<mD>\d\d?) (?P<mM>{'|'.join(_MONTHS)}) (?P<mY>\d{{4}}) "
    r"(?P<mh>\d\d):(?P<mm>\d\d):(?P<ms>\d\d) (?P<mzone>GMT|UTC|[+ -]\d{4})(?!\w)"
)
_NUMBER = r"(?<!\d[.-])(?P<n>[12]\d{9})(?P<more>(?:\d{3}){1,3}|\.\d{1,9})?(?!\w|[.-]\d)"
TIME = re.compile(rf"(?<!\w)(?:{_ISO}|{_MONTH}|{_MAIL}|{_NUMBER})")
# What a text has that has a time, to be looked for before all else.
MAY_BE_TIME = re.compile(r"\d{4}(?:[-/]|%2[Ff])?\d\d|\d{10}|\d\d(?::|%3[Aa])\d\d")
_COUNTED = {0: "seconds", 3: "milliseconds", 6: "microseconds", 9: "nanoseconds"}
_LETTERS = {
    "YYYY": r"\d{4}",
    "Mmm": "[A-Z][a-z]{2}",
    "Ddd": "[A-Z][a-z]{2}",
    "MM": r"\d\d",
    "DD": r"\d\d?",
    "hh": r"\d\d",
    "mm": r"\d\d",
    "ss": r"\d\d",
    "HH": r"\d\d",
    "+": "[+-]",
}
_IN_FORMS = re.compile("YYYY|Mmm|Ddd|MM|DD|HH|hh|mm|ss|f+|[+]")


@dataclass(frozen=True)
class Time:
    """A text that reads as a time.

    Attributes:
        text: As it is written.
        form: How it is written.
        wall: What it says that clocks show; ``None`` if it counts from 1970.
        instant: The seconds since 1970, if it counts them.
        offset: How many seconds clocks there are before UTC; ``None`` if it does not say.
    """

    text: str
    form: str
    wall: datetime | None = None
    instant: float | None = None
    offset: int | None = None

    @property
    def is_date(self) -> bool:
        """Whether it has no time of day."""
        return "hh" not in self.form and self.wall is not None

    @property
    def is_number(self) -> bool:
        """Whether it counts from 1970."""
        return self.wall is None

    def wall_in(self, zone: Zone) -> datetime:
        """What clocks show in a zone at this time."""
        return zone(self.instant or 0.0) if self.wall is None else self.wall

    @property
    def zones(self) -> list[Zone]:
        """The zones whose clocks may show it: its own, or UTC and the one of this process.

        A zone that has summer time has another offset now than at a time in the other half of the year.
        """
        if self.wall is None or self.offset is None:
            at = self.wall.timestamp() if self.wall and self.wall.year > _FIRST else self.instant or 0.0
            # Who counts hours and not days is an hour off, if summer time begins or ends between.
            then = round((in_local(at) - in_utc(at)).total_seconds())
            return [in_utc, in_local, in_offset(then)]
        if self.form.endswith(("Z", "z", "GMT", "UTC")):
            return [in_utc]
        own = in_offset(self.offset)
        at = (self.wall - _EPOCH).total_seconds() - self.offset
        if self.wall.year > _FIRST and abs((in_local(at) - self.wall).total_seconds()) < 1:
            return [own, in_local]
        if self.offset == 0:
            return [own]
        return [own, in_offset(self.offset - _HOUR), in_offset(self.offset + _HOUR)]

    def as_json_number(self) -> Time:
        """The same, which JSON has as a number and not as a text."""
        return replace(self, form=f"number of {self.form}")


def in_utc(seconds: float) -> datetime:
    """What clocks show in UTC."""
    return _EPOCH + timedelta(seconds=seconds)


def in_local(seconds: float) -> datetime:
    """What clocks show in the time zone of this process."""
    return datetime.fromtimestamp(seconds)


def in_offset(offset: int) -> Zone:
    """A zone that is so many seconds before UTC."""
    return lambda seconds: in_utc(seconds + offset)


def times(text: str) -> Iterator[tuple[int, int, Time]]:
    """Where each time of a text begins and ends, and what it is."""
    for found in TIME.finditer(text):
        # There is no 30th of February, and no 25 o'clock.
        with suppress(ValueError):
            yield found.start(), found.end(), _time(found)


def fits_form(time: Time, form: str) -> bool:
    """Whether a time is written in a form, in which digits stand for themselves."""
    if time.is_number:
        return time.form == form.partition(" at ")[0]
    return _pattern(form).fullmatch(time.text) is not None


def form_from(time: Time, unit: str) -> str:
    """The form of a time of which all that is smaller than a unit is the same each time.

    Args:
        time: It.
        unit: ``day``, ``hour``, ``minute`` or ``second``.
    """
    same = {"day": "hms", "hour": "ms", "minute": "s", "second": ""}[unit]
    if time.is_date or not same:
        return time.form
    if time.wall is None:
        walls = [time.wall_in(zone) for zone in time.zones]
        # The zone is one in which a day begins or ends then.
        wall = next(filter(is_midnight, walls), walls[0])
        return f"{time.form} at {_with_digits('hh:mm:ss', wall, same)}"
    fraction = re.search(r"\.(\d+)", time.text)
    form = re.sub("f+", fraction[1] if fraction else "", time.form)
    return _with_digits(form, time.wall, same)


def is_midnight(wall: datetime) -> bool:
    """Whether a day begins or ends."""
    return f"{wall:%H:%M:%S}" in ("00:00:00", "23:59:00", "23:59:59")


def unit_of(form: str) -> str:
    """The smallest unit that changes in a form: ``day``, ``hour``, ``minute`` or ``second``."""
    clock = form.partition(" at ")[2] or form
    if "ss" in clock or clock.removesuffix(".f").endswith("seconds"):
        return "second"
    return "minute" if re.search("(?<!M)mm", clock) else "hour" if "hh" in clock else "day"


def _with_digits(form: str, wall: datetime, letters: str) -> str:
    values = {"h": wall.hour, "m": wall.minute, "s": wall.second}
    # Not those of "Mmm", which is a month.
    return re.sub(rf"(?<!M)([{letters}])\1", lambda found: f"{values[found[1]]:02}", form)


@lru_cache(256)
def _pattern(form: str) -> re.Pattern[str]:
    parts, end = [], 0
    for found in _IN_FORMS.finditer(form):
        letters = found[0]
        parts += [re.escape(form[end : found.start()]), _LETTERS.get(letters, rf"\d{{{len(letters)}}}")]
        end = found.end()
    return re.compile("".join(parts) + re.escape(form[end:]))


def _time(found: re.Match[str]) -> Time:
    if found["Y"]:
        return _of_iso(found)
    if found["yY"]:
        return Time(found[0], MONTH, datetime(int(found["yY"]), int(found["yM"]), 1))
    return _of_mail(found) if found["mY"] else _of_number(found)


def _of_iso(found: re.Match[str]) -> Time:
    dash, sep, colon, zone = (found[name] or "" for name in ("dash", "sep", "colon", "zone"))
    digits = found["f"] or ""
    micro = int(f"{digits}000000"[:6])
    year, month, day, hour, minute, second = (int(found[name] or 0) for name in "YMDhms")
    form = dash.join(["YYYY", "MM", "DD"])
    if found["h"]:
        form += sep + colon.join(["hh", "mm", *(["ss"] if found["s"] else [])])
        form += (f".{'f' * len(digits)}" if digits else "") + _zone_form(zone)
    offset = _offset(zone) if zone else None
    return Time(found[0], form, datetime(year, month, day, hour, minute, second, micro), offset=offset)


def _of_mail(found: re.Match[str]) -> Time:
    year, day, hour, minute, second = (int(found[name]) for name in ("mY", "mD", "mh", "mm", "ms"))
    wall = datetime(year, _MONTHS.index(found["mM"]) + 1, day, hour, minute, second)
    form = f"Ddd, DD Mmm YYYY hh:mm:ss {_zone_form(found['mzone'])}"
    return Time(found[0], form, wall, offset=_offset(found["mzone"]))


def _of_number(found: re.Match[str]) -> Time:
    more = found["more"] or ""
    if more.startswith("."):
        return Time(found[0], "seconds.f", instant=float(found[0]))
    return Time(found[0], _COUNTED[len(more)], instant=int(found[0]) / 10 ** len(more))


def _zone_form(zone: str) -> str:
    if zone[1:2].isdigit():
        return (" " if zone[0] == " " else "+") + ("HH:MM" if ":" in zone else "HHMM")
    return zone


def _offset(zone: str) -> int:
    if not zone[1:2].isdigit():
        return 0
    digits = zone[1:].replace(":", "")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-60 if zone[0] == "-" else 60)
