"""Which responses of an upstream are pages of one list."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connector_contract.contract.rules.bodies import as_json, asked, data_bodies, form_of, texts
from connector_contract.contract.rules.paging import CURSORS, asks_for_a_page, leads_to, spelled
from connector_contract.recording.interactions import Interaction, Request, query_of

ParsedResponse = tuple[Interaction, Any]
"""A response with its body; ``None`` for a 204, with which some say that there is nothing more."""

# What a request asks for, or a response announces; with whether only as a page.
_Ask = tuple[bool, str]


def lists_of(interactions: Sequence[Interaction]) -> list[list[ParsedResponse]]:
    """The responses of each list of the upstream, in order.

    A request goes on with a list if it differs from one of it in the parameters of paging alone, or asks for
    what a response of it announced.
    """
    lists: list[list[ParsedResponse]] = []
    by_identity: dict[Hashable, list[ParsedResponse]] = {}
    by_announcement: dict[_Ask, list[ParsedResponse]] = {}
    for interaction, body in _responses(interactions):
        identity, asks = _identity(interaction.request), list(_asks(interaction.request))
        announced = (by_announcement[ask] for ask in asks if ask in by_announcement)
        responses = by_identity.get(identity) or next(announced, None)
        if responses is None:
            lists.append(responses := [])
        responses.append((interaction, body))
        by_identity[identity] = responses
        by_announcement.update(dict.fromkeys(set(_announced(interaction, body)).difference(asks), responses))
    return lists


def _responses(interactions: Sequence[Interaction]) -> Iterator[ParsedResponse]:
    for interaction in interactions:
        if interaction.response.status == 204:
            yield interaction, None
        yield from data_bodies([interaction])


def _identity(request: Request) -> Hashable:
    """What is the same for all pages of a list."""
    parameters = sorted(
        pair for pair in [*query_of(request.uri), *form_of(request)] if not asks_for_a_page(pair[0])
    )
    body = json.dumps(_lasting(as_json(request.body)))
    return request.method, urlsplit(request.uri).path, tuple(parameters), body


def _lasting(body: Any) -> Any:
    if isinstance(body, Mapping):
        return {name: _lasting(value) for name, value in body.items() if not asks_for_a_page(name)}
    return body


def _asks(request: Request) -> Iterator[_Ask]:
    _, _, below = request.uri.partition("://")
    yield False, request.uri
    yield False, "/" + below.partition("/")[2]
    for name, value in asked(request):
        for text in texts(value):
            yield False, text
            yield asks_for_a_page(name), text


def _announced(interaction: Interaction, body: Any) -> Iterator[_Ask]:
    """What a next request may ask for: a cursor in whatever way, and any other value for a page."""
    for name, value in interaction.response.headers:
        if name == "link":
            yield from ((False, target) for target in re.findall("<([^>]+)>", value))
    for name, value in _fields(body):
        target = leads_to(value)
        # Many an id and many a count is the same short number.
        if isinstance(target, str | int) and not re.fullmatch("[0-9]{0,5}", str(target)):
            yield True, str(target)
            if spelled(name) in CURSORS:
                yield False, str(target)


def _fields(body: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(body, Mapping):
        for name, value in body.items():
            yield name, value
            yield from _fields(value)
