"""How long an upstream asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connector_contract.recording.interactions import Response

_ASKS_TO_WAIT = (429, 503)


def seconds_to_wait(response: Response, now: float) -> float:
    """For how many seconds the upstream asks not to be asked again; 0 if it does not say.

    Args:
        response: Of the upstream. Only a 429 or a 503 asks to wait.
        now: The time, in seconds since the epoch; a date counts from it if the response has no ``Date``.
    """
    if response.status not in _ASKS_TO_WAIT:
        return 0.0
    headers = {name.lower(): value.strip() for name, value in response.headers}
    asked = headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return float(asked)
    until = _date(asked)
    if until is None:
        return 0.0
    # The upstream's own clock may be wrong, and both dates are read from it.
    sent = _date(headers.get("date", "")) or datetime.fromtimestamp(now, UTC)
    return max((until - sent).total_seconds(), 0.0)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
