"""Calendar spans, which the author declares for times in requests: ``{"query.since": "start of month"}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from connector_contract.errors import Places, UsageError

EDGES = ("start", "end")
CALENDAR = ("day", "week", "month", "quarter", "year")
"""What has a start and an end; a week begins on Monday, as ISO 8601 has it."""

AGO = "ago"
"""What stands for an edge where a time is on the same day of an earlier month or year."""

SPANS = {
    **{f"{edge} of {unit}": (edge, unit) for edge in EDGES for unit in CALENDAR},
    **{f"a {unit} {AGO}": (AGO, unit) for unit in ("month", "year")},
}
"""What may be declared, and what it means."""

PARTS = ("path", "query", "headers", "body")
"""What the places of times begin with."""

_REMEDY = (
    "The calendar spans are: {}.\n"
    "Give one for each place of a time that moves with the calendar, such as\n"
    '{{"query.since": "start of month"}}. '
    "Places are path, query.NAME, headers.NAME, body.NAME and body.LIST[].NAME.\n"
    'Where it holds for one endpoint alone, name that, too: {{"GET /events query.since": "start of month"}}.'
).format(", ".join(SPANS))

# An endpoint before a place: a method, and a path in which a star stands for any part.
_NARROWED = re.compile(r"([A-Z]+) (/\S*) (\S.*)")


class Narrowed(NamedTuple):
    """A place that is declared.

    Attributes:
        place: The place in a request.
        method: The method of the requests that it is declared for; empty for all.
        path: Their path.
    """

    place: str
    method: str = ""
    path: str = ""

    def covers(self, method: str, path: str) -> bool:
        """Whether it is declared for the requests of an endpoint."""
        pattern = re.escape(self.path).replace(r"\*", "[^/]*")
        return not self.method or (self.method == method and re.fullmatch(pattern, path) is not None)


def narrowed(declared: str) -> Narrowed:
    """What a key of ``ConnectorUnderTest(times=...)`` says; names of headers have no case."""
    found = _NARROWED.fullmatch(declared)
    method, path, place = found.groups() if found else ("", "", declared)
    return Narrowed(place.lower() if place.startswith("headers.") else place, method, path)


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
        said = narrowed(str(place)).place
        part, _, name = said.partition(".")
        if said != "path" and (part.partition("[")[0] not in PARTS[1:] or not name):
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
