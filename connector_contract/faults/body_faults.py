"""Bodies that cannot be read: cut off, of another type, or in an encoding that they do not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from connector_contract.faults.body_kind import Body, BodyKind, body_of, header, with_body
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.recording.interactions import Response

_SOURCE = 'connector-sdk-types, ConnectorErrorCode "invalid_response"'
TRUNCATED_JSON = Fault("truncated-json", Group.BODY, "the body is JSON that ends in the middle", _SOURCE)
TRUNCATED_XML = Fault("truncated-xml", Group.BODY, "the body is XML that ends in the middle", _SOURCE)
HTML = Fault("html-200", Group.BODY, "the upstream answers 200 with a page in HTML", _SOURCE)
EMPTY = Fault("empty-body", Group.BODY, "the upstream answers as recorded, but without a body", _SOURCE)
GZIP = Fault(
    "broken-gzip", Group.BODY, "the body is said to be gzip, and is not", "RFC 9110, 8.4.1.3; RFC 1952"
)
UTF_8 = Fault("broken-utf-8", Group.BODY, "a text in the body is not UTF-8", "RFC 8259, 8.1; RFC 3629")
CONTENT_TYPE = Fault("wrong-content-type", Group.BODY, "the body has another content type", "RFC 9110, 8.3")
FAULTS: tuple[Fault, ...] = (TRUNCATED_JSON, TRUNCATED_XML, HTML, EMPTY, GZIP, UTF_8, CONTENT_TYPE)

_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n"
# A gzip header, and a block of a type that deflate does not have.
_NOT_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff" * 16
_NOT_UTF_8 = b"\xff"
# What comes before the first text that is a value.
_BEFORE_TEXT = {
    BodyKind.JSON: re.compile(rb'"\s*:\s*"|[\[,]\s*"(?=[^"\\]*"\s*[,\]])|\A\s*"'),
    BodyKind.LINES: re.compile(rb'"\s*:\s*"'),
    BodyKind.XML: re.compile(rb">\s*(?=[^<\s])"),
    BodyKind.TABLE: re.compile(rb"\n(?=[^\r\n])"),
    BodyKind.TEXT: re.compile(rb"\A"),
}
_UNICODE = {"utf-8", "utf8", "us-ascii", "ascii"}

_Broken = Response | str
"""A broken response, or why there is none, in a clause."""


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of all faults of this module, at one interaction.

    Args:
        call: The call.
        number: The number of the interaction.
    """
    response = call.interactions[number].response
    body = body_of(response)
    for fault in FAULTS:
        broken = not_about_bodies(call, response, body) or _BREAKS[fault](response, body)
        if isinstance(broken, str):
            yield NotApplicable(fault, number, broken)
        else:
            changes = {number: broken}
            if fault is CONTENT_TYPE:
                changes |= _with_wrong_type(call, number)
            yield Trial(fault, number, changes, _owed(call, fault), in_turn=fault is CONTENT_TYPE)


def not_about_bodies(call: BrokenCall, response: Response, body: Body) -> str:
    """Why no fault of a body applies, in a clause; empty if some may."""
    if not 200 <= response.status < 300:
        return f"its response is no success: {response.status}"
    if body.kind is BodyKind.NONE:
        return "its response has no body"
    return call.handed_on


def _owed(call: BrokenCall, fault: Fault) -> Owed:
    codes = frozenset({call.errors.unreadable})
    return Owed(codes, call.errors.retryable(codes), may_be_same=fault is CONTENT_TYPE)


def _truncated_json(response: Response, body: Body) -> _Broken:
    if body.kind is BodyKind.JSON:
        if not isinstance(body.data, (dict, list, str)):
            return "a number that ends early is a number"
        return with_body(response, body.content.rstrip()[: max(1, len(body.content.rstrip()) // 2)])
    if body.kind is BodyKind.LINES:
        return with_body(response, body.content.rstrip()[:-1])
    return f"its body is {body.kind.value}, and not JSON"


def _truncated_xml(response: Response, body: Body) -> _Broken:
    if body.kind is not BodyKind.XML:
        return f"its body is {body.kind.value}, and not XML"
    return with_body(response, body.content[: len(body.content) // 2])


def _html(response: Response, body: Body) -> _Broken:
    if body.kind is BodyKind.HTML:
        return "its body is HTML as it is"
    return with_body(replace(response, status=200, reason="OK"), _PAGE, "text/html; charset=utf-8")


def _empty(response: Response, body: Body) -> _Broken:
    if body.kind in (BodyKind.LINES, BodyKind.TEXT):
        return f"{body.kind.value} may be empty"
    return with_body(response, b"")


def _broken_gzip(response: Response, _body: Body) -> _Broken:
    broken = with_body(response, _NOT_GZIP)
    return replace(broken, headers=(*broken.headers, ("content-encoding", "gzip")))


def _broken_utf_8(response: Response, body: Body) -> _Broken:
    if body.charset not in _UNICODE:
        return f"in {body.charset}, any byte may be a character"
    found = _BEFORE_TEXT[body.kind].search(body.content) if body.kind in _BEFORE_TEXT else None
    if found is None:
        return "its body has no text"
    content = body.content[: found.end()] + _NOT_UTF_8 + body.content[found.end() :]
    return with_body(response, content)


def _with_wrong_type(call: BrokenCall, number: int) -> Iterator[tuple[int, Response]]:
    """Further responses to the same request, each with another content type, which may be right."""
    for later in call.equal_from(number)[1:]:
        response = call.interactions[later].response
        body = body_of(response)
        if not not_about_bodies(call, response, body):
            yield later, _wrong_content_type(response, body)


def _wrong_content_type(response: Response, body: Body) -> Response:
    is_text = header(response, "content-type").lower().startswith("text/plain")
    return with_body(response, body.content, "application/octet-stream" if is_text else "text/plain")


_BREAKS: dict[Fault, Callable[[Response, Body], _Broken]] = {
    TRUNCATED_JSON: _truncated_json,
    TRUNCATED_XML: _truncated_xml,
    HTML: _html,
    EMPTY: _empty,
    GZIP: _broken_gzip,
    UTF_8: _broken_utf_8,
    CONTENT_TYPE: _wrong_content_type,
}
