"""Times in a connector's responses: those of a replay come a moment later than in the recording."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# Times that differ by no more than this, in seconds, differ because the one was made after the other.
_MOMENT = 60.0
# Numbers that are within two years of the recording are times: how long ago, or until when.
_NEAR = 2 * 365 * 24 * 60 * 60.0
_ISO = r"\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
_HTTP = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})"
_NUMBER = r"(?<![\w.-])1\d{9}(?:\d{3})?(?![\w-])"
_TIME = re.compile(rf"(?P<iso>{_ISO})|(?P<http>{_HTTP})|(?P<number>{_NUMBER})")


def same_moment(before: Any, now: Any, at: float) -> bool:
    """Whether two values differ only in times, of which the one is of a moment after the other.

    Args:
        before: The value in the recording.
        now: The value in the replay.
        at: When it was recorded, in seconds since 1970. A number is a time if it is near that.
    """
    if isinstance(before, bool) or isinstance(now, bool):
        return False
    if isinstance(before, (int, float)) and isinstance(now, (int, float)):
        scale = 1000 if min(before, now) > 1e11 else 1
        return abs(before / scale - at) <= _NEAR and abs(now - before) / scale <= _MOMENT
    if not (isinstance(before, str) and isinstance(now, str)):
        return False
    if _TIME.sub("", before) != _TIME.sub("", now):
        return False
    return all(map(_is_moment_later, _times(before), _times(now)))


def _times(text: str) -> list[float | None]:
    return [_seconds(found) for found in _TIME.finditer(text)]


def _is_moment_later(before: float | None, now: float | None) -> bool:
    return before is not None and now is not None and abs(now - before) <= _MOMENT


def _seconds(found: re.Match[str]) -> float | None:
    """A time in seconds since 1970; ``None`` for what only looks like one."""
    text, kind = found[0], found.lastgroup
    try:
        if kind == "number":
            return int(text) / (1000 if len(text) > 10 else 1)
        if kind == "http":
            return parsedate_to_datetime(text).timestamp()
        return _iso(text).timestamp()
    except ValueError:
        return None


def _iso(text: str) -> datetime:
    """A time of ISO 8601, in UTC if it does not say where."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
