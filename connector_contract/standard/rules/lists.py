"""Which answers of an upstream are pages of one list."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connector_contract.interactions import Interaction, Request, query_of
from connector_contract.standard.rules.bodies import as_json, asked, form_of, json_bodies, texts
from connector_contract.standard.rules.paging import CURSORS, asks_for_a_page, leads_to, spelled

Answer = tuple[Interaction, Any]
"""An answer with its body; ``None`` for a 204, with which some say that there is nothing more."""

# What a request asks for, or an answer announces; with whether only as a page.
_Ask = tuple[bool, str]


def lists_of(exchanges: Sequence[Interaction]) -> list[list[Answer]]:
    """The answers of each list of the upstream, in order.

    A request goes on with a list if it differs from one of it in the parameters of paging alone, or asks for
    what an answer of it announced.
    """
    lists: list[list[Answer]] = []
    by_identity: dict[Hashable, list[Answer]] = {}
    by_announcement: dict[_Ask, list[Answer]] = {}
    for exchange, body in _answers(exchanges):
        identity, asks = _identity(exchange.request), list(_asks(exchange.request))
        announced = (by_announcement[ask] for ask in asks if ask in by_announcement)
        answers = by_identity.get(identity) or next(announced, None)
        if answers is None:
            lists.append(answers := [])
        answers.append((exchange, body))
        by_identity[identity] = answers
        by_announcement.update(dict.fromkeys(set(_announced(exchange, body)).difference(asks), answers))
    return lists


def _answers(exchanges: Sequence[Interaction]) -> Iterator[Answer]:
    for exchange in exchanges:
        if exchange.response.status == 204:
            yield exchange, None
        yield from json_bodies([exchange])


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


def _announced(exchange: Interaction, body: Any) -> Iterator[_Ask]:
    """What a next request may ask for: a cursor in whatever way, and any other value for a page."""
    for name, value in exchange.response.headers:
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
