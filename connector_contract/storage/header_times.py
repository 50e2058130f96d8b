"""Times in response headers, stored as how long before or after the response they are.

So two recordings are the same, and a replay plays a time that fits its own clock.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime

_TIME = re.compile(
    r"(?P<http>[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(?P<iso_digits>\d{1,6})\d*)?(?P<zone>Z|[+-]\d{2}:\d{2}))"
    r"|(?P<milliseconds>\d{13})"
    r"|(?P<seconds>\d{10}(?:\.(?P<digits>\d{1,6})\d*)?)"
)
_STORED = re.compile(
    r"<now(?:(?P<delta>[+-]\d+)s)?, (?P<kind>http|iso|milliseconds|seconds)"
    r"(?:\.(?P<digits>\d))?(?P<zone>Z|[+-]\d{2}:\d{2})?>"
)
# What is further away is no time that moves with the clock: a date in the past that means never, say.
_NEAR = 2 * 365 * 24 * 60 * 60.0
# A server cuts its clock to seconds, and some time passes on the way: the time that it meant comes at most so
# many seconds after what is seen.
_LATE = 2
_ROUND = (86_400, 3_600, 60, 10, 5, 1)


def relative(value: str, at: float) -> str:
    """A header's value as it is stored, if it is a time that is near the response's.

    Args:
        value: As the upstream sent it.
        at: When the response came, in seconds since 1970.

    Returns:
        ``<now, http>`` or ``<now+3600s, seconds>``, say; any other value as it is.
    """
    found = _TIME.fullmatch(value)
    if found is None:
        return value
    try:
        moment = _seconds(found)
    except ValueError:
        return value
    if abs(moment - at) > _NEAR:
        return value
    digits = found["iso_digits"] or found["digits"]
    delta = round(moment - at) if digits else _meant(moment - at)
    shown = f"{delta:+d}s" if delta else ""
    return f"<now{shown}, {_kind(found)}{f'.{len(digits)}' if digits else ''}{found['zone'] or ''}>"


def resolved(value: str, now: float) -> str:
    """A value that is stored as ``relative`` has it, as it is played.

    Args:
        value: As it is stored.
        now: The time, in seconds since 1970.
    """
    found = _STORED.fullmatch(value)
    if found is None:
        return value
    moment = now + int(found["delta"] or 0)
    digits = int(found["digits"] or 0)
    if found["kind"] == "http":
        return format_datetime(datetime.fromtimestamp(int(moment), UTC), usegmt=True)
    if found["kind"] == "milliseconds":
        return str(int(moment * 1000))
    if found["kind"] == "seconds":
        return f"{moment:.{digits}f}" if digits else str(int(moment))
    return _iso(moment, digits, found["zone"] or "Z")


def is_relative(value: str) -> bool:
    """Whether a value is a time as it is stored."""
    return _STORED.fullmatch(value) is not None


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in ("http", "iso", "milliseconds", "seconds") if found[kind])


def _seconds(found: re.Match[str]) -> float:
    if found["http"]:
        return parsedate_to_datetime(found["http"]).timestamp()
    if found["iso"]:
        return datetime.fromisoformat(found["iso"]).timestamp()
    return int(found["milliseconds"]) / 1000 if found["milliseconds"] else float(found["seconds"])


def _meant(seconds: float) -> int:
    """The roundest number of seconds that a server may have meant."""
    first = math.ceil(seconds)
    possible = range(first, first + _LATE)
    return min(possible, key=lambda each: next(n for n, size in enumerate(_ROUND) if each % size == 0))


def _iso(moment: float, digits: int, zone: str) -> str:
    offset = timedelta()
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:])) * (-1 if zone[0] == "-" else 1)
    shown = datetime.fromtimestamp(moment, timezone(offset))
    fraction = f"{shown.microsecond:06d}"[:digits]
    return f"{shown:%Y-%m-%dT%H:%M:%S}{f'.{fraction}' if digits else ''}{zone}"
