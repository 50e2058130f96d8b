"""The fields that a last page may lack: there, that a field is missing says that there are no more pages.

A page that leads on always has a next link, and a last one never: to take its absence for the end is right. A
total or a flag that each recorded last page has as well says nothing by its absence, and a connector that
takes it for the end loses all further pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from connector_contract.contract.rules.paging import is_about_pages
from connector_contract.faults.json_places import Place, is_by_id
from connector_contract.faults.rewritten_body import NotRewritable, body_of
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.matching import endpoint

Ends = Mapping[str, frozenset[frozenset[Place]]]
"""What the last responses of calls have outside of their lists, by the endpoint that was asked."""


def known_ends(cassettes: Iterable[Cassette]) -> Ends:
    """What the last response of each endpoint has in each recorded call."""
    found: dict[str, set[frozenset[Place]]] = defaultdict(set)
    for cassette in cassettes:
        for call in cassette.calls:
            interactions = [cassette.interactions[number - 1] for number in call.interactions]
            good = [each for each in interactions if 200 <= each.response.status < 300]
            for asked, last in {endpoint(each.request): each for each in good}.items():
                with suppress(NotRewritable):
                    body = body_of(last)
                    found[asked].add(frozenset(_places(body.data)))
    return {asked: frozenset(places) for asked, places in found.items()}


def is_missing_at_an_end(ends: Ends, asked: str, place: Place) -> bool:
    """Whether some last response of an endpoint lacks a field, or has null there.

    A field of an object that is not there either is missing if that object is about pages: ``paging.after``.
    """
    return any(_lacks(places, place) for places in ends.get(asked, ()))


def _lacks(places: frozenset[Place], place: Place) -> bool:
    above = (place[:length] for length in range(1, len(place) + 1))
    missing = next((each for each in above if each not in places), None)
    return missing is not None and (missing == place or is_about_pages(missing[-1]))


def _places(data: Any, within: Place = ()) -> Iterator[Place]:
    """The places of all values outside of lists that are not null."""
    if not isinstance(data, Mapping) or is_by_id(data):
        return
    for name, value in data.items():
        if value is not None:
            yield (*within, name)
            yield from _places(value, (*within, name))
