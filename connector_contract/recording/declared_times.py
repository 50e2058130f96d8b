"""Times of requests that move with the calendar, as the author has declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from connector_contract.errors import Places
from connector_contract.recording.calendar_spans import AGO, EDGES, SPANS, narrowed, wrong_times
from connector_contract.recording.interactions import Request
from connector_contract.recording.relative_times import Span, declared
from connector_contract.recording.request_times import Spot, key_without_times, spots_of
from connector_contract.recording.time_forms import MONTH


def used_times(times: Mapping[str, str], requests: Iterable[Request]) -> list[tuple[str, str, bool]]:
    """Each declared place and its calendar span, and whether some request has a time there."""
    asked = list(requests) if times else []
    places = {(request.method, _path(request), spot.place) for request in asked for spot in spots_of(request)}

    def is_used(declared: str) -> bool:
        said = narrowed(declared)
        return any(said.place == place and said.covers(*endpoint) for *endpoint, place in places)

    return [(place, span, is_used(place)) for place, span in times.items()]


def _path(request: Request) -> str:
    return urlsplit(request.uri).path or "/"


# The longer the span, the less likely is it that two times are at its edge by chance.
_TELLING = ("year", "quarter", "month", "week")


def proposed(recorded: Request, made: Request) -> dict[str, str]:
    """The declarations of calendar spans that would explain in what two requests differ; none if none would.

    Args:
        recorded: The request as it was recorded.
        made: The same as the connector makes it now.
    """
    old, new = spots_of(recorded), spots_of(made)
    if key_without_times(recorded, old) != key_without_times(made, new):
        return {}
    found = {}
    for before, now in zip(old, new, strict=True):
        if before.text != now.text:
            name = _common_span(before, now)
            if name is None:
                return {}
            found[now.place] = name
    return found


def _common_span(before: Spot, now: Spot) -> str | None:
    if before.time is None or now.time is None:
        return None
    times = (before.time, now.time)
    # Each month begins a quarter in one of three cases: that says nothing of one that has no day.
    units = ("month",) if before.time.form == MONTH else _TELLING
    edges = [(edge, unit) for unit in units for edge in EDGES]
    possible = (each for each in edges if all(declared(each, time, _ANY) for time in times))
    return next((f"{edge} of {unit}" for edge, unit in possible), None)


# Where in the calendar a time is does not depend on what the time is now.
_ANY = Span(0.0, 0.0)


def declared_in(request: Request, times: Mapping[str, str], span: Span, where: Places) -> dict[int, str]:
    """What is stored in the place of each time of a request that is declared, by which one it is, from 0.

    Args:
        request: As it was recorded.
        times: The declarations.
        span: When the request was made.
        where: The scenario, for messages.

    Raises:
        UsageError: A time is not at the start, or end, of what is declared.
    """
    stored = {}
    for which, spot in enumerate(spots_of(request) if times else ()):
        key = _declared_for(spot, request, times)
        if key is not None and spot.time is not None:
            edge, unit = SPANS[times[key]]
            found = declared((edge, unit), spot.time, span)
            if found is None:
                of = times[key] if edge == AGO else f"the {edge} of a {unit}"
                problem = f"the connector sends {spot.text} there, which is not {of}"
                raise wrong_times(key, times[key], problem, [("request", str(request)), *where])
            stored[which] = str(found)
    return stored


def _declared_for(spot: Spot, request: Request, times: Mapping[str, str]) -> str | None:
    """The key of ``times`` that a time of a request has; one that names the endpoint comes first."""
    keys = {key: narrowed(key) for key in times}
    own = [
        key
        for key, said in keys.items()
        if said.place == spot.place and said.covers(request.method, _path(request))
    ]
    return max(own, key=lambda key: bool(keys[key].method), default=None)
