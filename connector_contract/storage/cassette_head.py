"""The head of a cassette as text: what is ours in it, before the interactions.

A call is one line of JSON, which is YAML as well, and several lines where it is long::

    version: 1
    form: 2
    count: 1
    calls:
    - {"capability": "list_accounts", "page": {"size": 3}, "interactions": [1], "success": 3}

A form-1 cassette has no ``form`` and no ``calls``.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, TypeVar

from connector_contract.recording.call import Call
from connector_contract.recording.interactions import FORM, TIMEOUTS, Cassette, GivenUp, MadeUp, Request
from connector_contract.storage.cassette_yaml import flat, grouped

VERSION = 1

_START = re.compile(rb"version: 1\n(?:form: ([0-9]+)\n)?count: ([0-9]+)\n")
_LISTS = re.compile(
    rb"calls:(?: \[\]|(?P<calls>(?:\n- \{.*(?:\n  .*)*)*))\n"
    rb"(?:given_up:(?P<given_up>(?:\n- \{.*(?:\n  .*)*)+)\n)?"
    rb"(?:made_up:(?P<made_up>(?:\n- \{.*(?:\n  .*)*)+)\n)?"
)
_BEFORE_ENTRY = b"\n- "
# Longer lines are broken at the keys of a call.
_WIDTH = 110
# What YAML does not have as it is, though JSON does.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# A number that YAML takes for text, as it has no point: 1e+16. Texts are matched to be passed over.
_EXPONENT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?[0-9]+(?:\.[0-9]+)?)(e[+-][0-9]+)')

_Entry = TypeVar("_Entry")


class Head(NamedTuple):
    """What a cassette says before its interactions.

    Attributes:
        form: 1, or the form that it names.
        length: How many interactions it holds, as it says in ``count``.
        calls: Its calls.
        given_up: Requests that the connector gave up itself.
        made_up: What stands for people whom the connector is configured with.
    """

    form: int
    length: int
    calls: tuple[Call, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    made_up: tuple[MadeUp, ...] = ()


def head_text(cassette: Cassette) -> bytes:
    """The head of a cassette, up to the key ``interactions``."""
    lines = [f"version: {VERSION}"]
    if cassette.form != 1:
        lines.append(f"form: {FORM}")
    lines.append(f"count: {len(cassette.interactions)}")
    if cassette.form != 1:
        lines.append("calls:" if cassette.calls else "calls: []")
        lines += [line for call in cassette.calls for line in _lines(call.to_json())]
        if cassette.given_up:
            lines.append("given_up:")
            lines += [line for each in cassette.given_up for line in _lines(_given_up_data(each))]
        if cassette.made_up:
            lines.append("made_up:")
            lines += [line for each in cassette.made_up for line in _lines(asdict(each))]
    return "\n".join([*lines, ""]).encode()


def head_of(text: bytes) -> tuple[Head, bytes] | None:
    """The head that a cassette's text starts with, and the rest; ``None`` if it is not of the usual form.

    Raises:
        ValueError: A call is none.
    """
    start = _START.match(text)
    if start is None:
        return None
    form, count = int(start[1] or 1), int(start[2])
    if start[1] is None:
        return Head(form, count), text[start.end() :]
    lists = _LISTS.match(text, start.end())
    if lists is None or form != FORM:
        return None
    calls = _entries(lists["calls"], Call.from_json)
    given_up, made_up = _entries(lists["given_up"], _given_up), _entries(lists["made_up"], _made_up)
    return Head(form, count, calls, given_up, made_up), text[lists.end() :]


def head_from(data: Mapping[str, Any]) -> Head:
    """The head of a cassette that was read as YAML.

    Raises:
        ValueError: A part is missing, or a wrong one.
    """
    ours = [name for name in ("form", "count", "calls") if name in data]
    if "form" not in ours and "calls" not in ours:
        return Head(1, data.get("count", len(data["interactions"])))
    if missing := [name for name in ("form", "count", "calls") if name not in ours]:
        raise ValueError(f"it has {' and '.join(ours)}, and no {' and no '.join(missing)}")
    if data["form"] != FORM:
        raise ValueError(f"its form is {data['form']!r}, and this release reads form {FORM} or none")
    calls = tuple(Call.from_json(each) for each in _list(data, "calls"))
    given_up = tuple(_given_up(each) for each in _list(data, "given_up"))
    made_up = tuple(_made_up(each) for each in _list(data, "made_up"))
    return Head(FORM, data["count"], calls, given_up, made_up)


def check_numbers(head: Head) -> None:
    """Raise ``ValueError`` if a number of an interaction or of a call is none, or comes twice."""
    callers: dict[int, int] = {}
    for number, call in enumerate(head.calls, 1):
        for each in call.interactions:
            if not 0 < each <= head.length:
                raise ValueError(f"call {number} has the interaction {each}, and there are {head.length}")
            if each in callers:
                raise ValueError(f"the interaction {each} is of the calls {callers[each]} and {number}")
            callers[each] = number
    for given_up in head.given_up:
        if not 0 <= given_up.call <= len(head.calls) or given_up.place < 0:
            raise ValueError(f"a request was given up in call {given_up.call}, place {given_up.place}")


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    line = f"- {_json(data)}"
    if len(line) <= _WIDTH:
        yield line
        return
    last = len(data) - 1
    for index, (key, value) in enumerate(data.items()):
        start, end = "- {" if index == 0 else "   ", "}" if index == last else ","
        text = f"{start}{_json(key)}: {_json(value)}{end}"
        yield from [text] if len(text) <= _WIDTH else _broken(f"{start}{_json(key)}: ", value, end)


def _broken(start: str, value: Any, end: str) -> Iterator[str]:
    """A long value, a line for each of its own."""
    if not isinstance(value, dict):
        yield f"{start}{_json(value)}{end}"
        return
    yield start + "{"
    last = len(value) - 1
    for index, (key, item) in enumerate(value.items()):
        yield f"     {_json(key)}: {_json(item)}{'' if index == last else ','}"
    yield "   }" + end


def _json(value: Any) -> str:
    text = _SURROGATE.sub("\ufffd", _EXPONENT.sub(_with_point, json.dumps(value, ensure_ascii=False)))
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _with_point(found: re.Match[str]) -> str:
    return f"{found[1]}.0{found[2]}" if found[1] and "." not in found[1] else found[0]


def _entries(text: bytes | None, read: Callable[[Any], _Entry]) -> tuple[_Entry, ...]:
    entries: Iterable[bytes] = text.split(_BEFORE_ENTRY)[1:] if text else ()
    return tuple(read(json.loads(entry)) for entry in entries)


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"its {name} is not a list")
    return value


def _given_up_data(given_up: GivenUp) -> dict[str, Any]:
    request = given_up.request
    return {
        "call": given_up.call,
        "place": given_up.place,
        **({} if given_up.timeout is None else {"timeout": given_up.timeout}),
        "method": request.method,
        "uri": request.uri,
        "headers": grouped(request.headers),
        **_body_data(request.body),
    }


def _body_data(body: bytes) -> dict[str, Any]:
    try:
        return {"body": body.decode() or None}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _given_up(data: Any) -> GivenUp:
    try:
        body = base64.b64decode(data["base64"], validate=True) if "base64" in data else data["body"] or ""
        whole = body if isinstance(body, bytes) else body.encode()
        request = Request(data["method"], data["uri"], flat(data["headers"]), whole)
        given_up = GivenUp(request, data["call"], data["place"], data.get("timeout"))
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        given_up = None
    if given_up is None or not _is_whole(given_up):
        raise ValueError("a request that was given up lacks a part, or has a wrong one")
    return given_up


def _made_up(data: Any) -> MadeUp:
    place, value = (data.get("place"), data.get("value")) if isinstance(data, dict) else (None, None)
    if not isinstance(place, list) or not isinstance(value, str) or not {*map(type, place)} <= {str, int}:
        raise ValueError("a made-up value lacks a part, or has a wrong one")
    return MadeUp(tuple(place), value)


def _is_whole(given_up: GivenUp) -> bool:
    """Whether all parts are of the kind that they ought to be."""
    request = given_up.request
    texts = [request.method, request.uri, *(text for pair in request.headers for text in pair)]
    numbers = [given_up.call, given_up.place]
    are_typed = all(type(each) is str for each in texts) and all(type(each) is int for each in numbers)
    return are_typed and given_up.timeout in (None, *TIMEOUTS)
