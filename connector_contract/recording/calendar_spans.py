"""Calendar spans, which the author declares for times in requests: ``{"query.since": "start of month"}``."""

from __future__ import annotations

from collections.abc import Mapping

from connector_contract.errors import Places, UsageError

EDGES = ("start", "end")
CALENDAR = ("day", "week", "month", "quarter", "year")
"""What has a start and an end; a week begins on Monday, as ISO 8601 has it."""

SPANS = {f"{edge} of {unit}": (edge, unit) for edge in EDGES for unit in CALENDAR}
"""What may be declared, and what it means."""

PARTS = ("path", "query", "headers", "body")
"""What the places of times begin with."""

_REMEDY = (
    "The calendar spans are: {}.\n"
    "Give one for each place of a time that moves with the calendar, such as\n"
    '{{"query.since": "start of month"}}. '
    "Places are path, query.NAME, headers.NAME, body.NAME and body.LIST[].NAME."
).format(", ".join(SPANS))


def check_times(times: object) -> None:
    """Refuse declarations that mean nothing.

    Args:
        times: What is given as ``ConnectorUnderTest(times=...)``.

    Raises:
        UsageError: It is no mapping from places to calendar spans.
    """
    if not isinstance(times, Mapping):
        raise UsageError(
            f"ConnectorUnderTest(times=...) is {times!r}, which is not a dictionary.", remedy=_REMEDY
        )
    for place, span in times.items():
        part, _, name = str(place).partition(".")
        if place != "path" and (part.partition("[")[0] not in PARTS[1:] or not name):
            raise wrong_times(place, span, "this is no place in a request")
        if not isinstance(span, str) or span not in SPANS:
            raise wrong_times(place, span, "there is no such calendar span")


def wrong_times(place: object, span: object, problem: str, where: Places = ()) -> UsageError:
    """The error of a declaration.

    Args:
        place: The place of the time.
        span: The calendar span.
        problem: What is wrong with it, in a clause.
        where: Where that shows.
    """
    return UsageError(
        f"ConnectorUnderTest(times=...) has {place!r}: {span!r}: {problem}.", where=where, remedy=_REMEDY
    )
