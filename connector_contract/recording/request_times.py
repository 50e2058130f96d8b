"""Where a request has times: in its path, query, headers and body, and what stands there in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote_plus

from connector_contract.recording.interactions import Request, is_form
from connector_contract.recording.matching import request_key
from connector_contract.recording.relative_times import RELATIVE, is_relative
from connector_contract.recording.time_forms import MAY_BE_TIME, Time, times
from connector_contract.storage.jsontext import JSON_TOKEN, is_json_document

_ORIGIN = re.compile(r"[^:/?#]+://[^/?#]*")
_IN_PATHS = re.compile(r"%[0-9A-Fa-f]{2}")
_IN_PAIRS = re.compile(r"%[0-9A-Fa-f]{2}|[+]")
_IN_JSON = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")


@dataclass(frozen=True)
class Spot:
    """A time in a request, or what is stored in place of one.

    Attributes:
        place: Where it is: ``path``, ``query.since``, ``headers.x-since``, ``body.filter.since``; ``[]``
            stands for any item of a list.
        text: What it says there, in no encoding.
        time: It; ``None`` for what is stored in place of one.
        part: ``uri``, ``body``, or the number of the header.
        start: Where it begins in the part.
        end: Where it ends.
        is_json_number: Whether a text in its place needs quotes.
    """

    place: str
    text: str
    time: Time | None
    part: str | int
    start: int
    end: int
    is_json_number: bool = False


def may_have_times(request: Request) -> bool:
    """Whether something of a request may read as a time: for a first look, as few requests have any."""
    return any(MAY_BE_TIME.search(text) for text in _parts(request).values())


def has_relative_times(request: Request) -> bool:
    """Whether a stored request has times that move with the clock."""
    if "<" in request.uri and is_relative(request.uri):
        return True
    if b"<" in request.body and is_relative(request.body.decode("utf-8", "surrogateescape")):
        return True
    return any("<" in value and is_relative(value) for _, value in request.headers)


def spots_of(request: Request) -> list[Spot]:
    """The times of a normalized request, sorted by their places."""
    found = [spot for text in _texts(request) for spot in _spots(text)]
    return sorted(found, key=lambda spot: spot.place)


def with_texts(request: Request, texts: Mapping[Spot, str]) -> Request:
    """A request with other texts in the places of its times.

    Args:
        request: It.
        texts: What is to stand there, for some of its ``spots_of``.
    """
    if not texts:
        return request
    parts = _parts(request)
    # From the last one on, so that the places of the others stay what they are.
    for spot in sorted(texts, key=lambda spot: spot.start, reverse=True):
        part, text = parts[spot.part], texts[spot]
        if spot.part == "uri" or (spot.part == "body" and is_form(request)):
            text = text.replace("+", "%2B")
        if spot.is_json_number:
            text = json.dumps(text)
        parts[spot.part] = part[: spot.start] + text + part[spot.end :]
    headers = tuple((name, parts[number]) for number, (name, _) in enumerate(request.headers))
    body = parts["body"].encode("utf-8", "surrogateescape")
    return replace(request, uri=parts["uri"], headers=headers, body=body)


def with_relative(request: Request, texts: Mapping[int, str]) -> Request:
    """A request with other texts in the places of some times, by which of its ``spots_of`` they are."""
    spots = spots_of(request) if texts else []
    return with_texts(request, {spots[which]: text for which, text in texts.items()})


def without_times(request: Request) -> Hashable:
    """What requests have in common that differ in their times alone."""
    return key_without_times(request, spots_of(request))


def key_without_times(request: Request, spots: Sequence[Spot]) -> Hashable:
    """The same, if the request's times are known."""
    return request_key(with_texts(request, dict.fromkeys(spots, "<time>")))


def differ_in_times_alone(one: Request, other: Request) -> bool:
    """Whether two requests are the same but for times in the same places."""
    return request_key(one) != request_key(other) and without_times(one) == without_times(other)


class _Text(NamedTuple):
    """A part of a request that is one text.

    Attributes:
        place: Where it is.
        raw: As it is sent.
        part: In which part it is, as ``Spot`` has it.
        start: Where it begins in that.
        escape: What stands for other characters in it, if something does.
        is_json_number: Whether it is a number of JSON.
    """

    place: str
    raw: str
    part: str | int
    start: int
    escape: re.Pattern[str] | None = None
    is_json_number: bool = False


def _parts(request: Request) -> dict[str | int, str]:
    parts: dict[str | int, str] = {number: value for number, (_, value) in enumerate(request.headers)}
    return {"uri": request.uri, **parts, "body": request.body.decode("utf-8", "surrogateescape")}


def _texts(request: Request) -> Iterator[_Text]:
    parts = _parts(request)
    origin = _ORIGIN.match(request.uri)
    start = origin.end() if origin else 0
    path, mark, query = request.uri[start:].partition("?")
    yield _Text("path", path, "uri", start, _IN_PATHS)
    yield from _pairs(query, "query", "uri", start + len(path) + len(mark))
    for number, (name, value) in enumerate(request.headers):
        yield _Text(f"headers.{name}", value, number, 0)
    body = parts["body"]
    if is_form(request):
        yield from _pairs(body, "body", "body", 0)
    elif is_json_document(request.body):
        yield from _json_texts(body)
    else:
        yield _Text("body", body, "body", 0)


def _pairs(text: str, place: str, part: str, start: int) -> Iterator[_Text]:
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        yield _Text(f"{place}.{unquote_plus(name)}", value, part, start + len(name) + len(equals), _IN_PAIRS)
        start += len(pair) + 1


def _json_texts(document: str) -> Iterator[_Text]:
    """Each string and number of a JSON document that is no name."""
    path, names = ["body"], [False]
    for found in JSON_TOKEN.finditer(document):
        part = found[0]
        if part in "{[":
            path.append("" if part == "{" else "[]")
            names.append(part == "{")
        elif part in "}]":
            del path[-1], names[-1]
        elif part in ",:":
            # What comes next in an object is a name after a comma, and a value after a colon.
            names[-1] = part == "," and path[-1] != "[]"
        elif names[-1]:
            path[-1] = f".{json.loads(part)}"
        elif part.startswith('"'):
            yield _Text("".join(path), part[1:-1], "body", found.start() + 1, _IN_JSON)
        else:
            yield _Text("".join(path), part, "body", found.start(), is_json_number=True)


def _spots(text: _Text) -> Iterator[Spot]:
    shown, starts = _unescaped(text)
    spot = partial(Spot, text.place, part=text.part, is_json_number=text.is_json_number)
    for found in RELATIVE.finditer(shown) if is_relative(shown) else ():
        yield spot(found[0], None, start=starts[found.start()], end=starts[found.end()])
    for start, end, time in times(shown) if MAY_BE_TIME.search(shown) else ():
        if not text.is_json_number:
            yield spot(shown[start:end], time, start=starts[start], end=starts[end])
        elif shown == time.text:
            yield spot(shown, time.as_json_number(), start=starts[start], end=starts[end])


def _unescaped(text: _Text) -> tuple[str, Sequence[int]]:
    """What a text says, and where in its part each character of that begins, and the last one ends."""
    raw, first = text.raw, text.start
    if text.escape is None or not text.escape.search(raw):
        return raw, range(first, first + len(raw) + 1)
    starts: list[int] = []
    shown, end = "", 0
    for found in text.escape.finditer(raw):
        shown += raw[end : found.start()] + _character(found[0])
        starts += range(first + end, first + found.start() + 1)
        end = found.end()
    return shown + raw[end:], [*starts, *range(first + end, first + len(raw) + 1)]


def _character(escape: str) -> str:
    if escape.startswith("\\"):
        return str(json.loads(f'"{escape}"'))
    return " " if escape == "+" else chr(int(escape[1:], 16))
