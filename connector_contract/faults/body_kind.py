"""What a recorded body is, and other ones in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from connector_contract.clients.content_codings import plain
from connector_contract.recording.header_meaning import parameters
from connector_contract.recording.interactions import Interaction, Response

_OF_THE_BODY = ("content-length", "content-encoding", "transfer-encoding", "content-type", "etag")
# The first bytes of what is binary whatever its header says: gzip, zip, PDF.
_BINARY = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF")


class BodyKind(Enum):
    """The format of a body."""

    NONE = "no body"
    JSON = "JSON"
    LINES = "JSON lines"
    XML = "XML"
    HTML = "HTML"
    TABLE = "a table"
    TEXT = "text"
    BINARY = "a file"


@dataclass(frozen=True)
class Body:
    """A recorded body.

    Attributes:
        kind: Its format.
        content: It, in no content coding.
        data: What it holds, of JSON; ``None`` otherwise.
        charset: How its text is encoded, in lower case.
    """

    kind: BodyKind
    content: bytes
    data: Any = None
    charset: str = "utf-8"


# Each fault of a call asks for the bodies of that call.
@lru_cache(64)
def body_of(response: Response) -> Body:
    """The body of a response; what it holds is not to be changed."""
    content, content_type = plain(response), header(response, "content-type").lower()
    charset = parameters(content_type).get("charset") or "utf-8"
    if not content.strip():
        return Body(BodyKind.NONE, content, charset=charset)
    try:
        return Body(BodyKind.JSON, content, json.loads(content), charset)
    except (ValueError, RecursionError):
        return Body(_format(content, content_type), content, charset=charset)


def _format(content: bytes, content_type: str) -> BodyKind:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if content.startswith(_BINARY) or b"\0" in content[:1000]:
        return BodyKind.BINARY
    if start.startswith((b"<!doctype html", b"<html")) or "text/html" in content_type:
        return BodyKind.HTML
    if start.startswith(b"<") or "xml" in content_type:
        return BodyKind.XML
    if start.startswith(b"{"):
        return BodyKind.LINES
    is_table = any(name in content_type for name in ("csv", "comma-separated", "tab-separated"))
    return BodyKind.TABLE if is_table else BodyKind.TEXT


def header(response: Response, name: str) -> str:
    """The value of a header of a response; empty if it has none."""
    return next((value for each, value in response.headers if each == name), "")


def with_body(response: Response, content: bytes, content_type: str | None = None) -> Response:
    """A response with another body, in no content coding.

    Args:
        response: The recorded one.
        content: The body.
        content_type: Its type; ``None`` for the recorded one.
    """
    kept = tuple(pair for pair in response.headers if pair[0] not in _OF_THE_BODY)
    told = header(response, "content-type") if content_type is None else content_type
    typed = (("content-type", told),) if told else ()
    return replace(response, headers=(*kept, *typed, ("content-length", str(len(content)))), body=content)


def error_document(recorded: Body, code: str, message: str, *, is_refused: bool) -> bytes:
    """What an API says that answers with JSON, when it cannot do what it is asked for.

    It is one of GraphQL, or one that says ``ok``, if the API's good answers are. With a status that is no
    success, it is none of GraphQL: such a response is not the GraphQL server's own, but that of something
    before it (GraphQL over HTTP, appendix A), and the SDK's GraphQL client tells the status of no other.

    Args:
        recorded: A good answer.
        code: What is wrong, as programs read it.
        message: The same for people.
        is_refused: Whether its status says that it is no success.
    """
    data = recorded.data if isinstance(recorded.data, Mapping) else {}
    document: dict[str, Any] = {"error": {"code": code, "message": message}}
    if isinstance(data.get("data"), Mapping) and not is_refused:
        document = {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]}
    elif isinstance(data.get("ok"), bool):
        document = {"ok": False, "error": code}
    return json.dumps(document).encode()


def error_response(
    interactions: Mapping[int, Interaction],
    number: int,
    status: int,
    reason: str,
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    """An upstream's refusal of a request.

    It has a document of JSON, of the recorded type, if the upstream answers this request with JSON; or if it
    answers this one with nothing, and others with JSON. Otherwise it has no body.

    Args:
        interactions: Those of the call, by their numbers.
        number: The one whose request is refused.
        status: The HTTP status.
        reason: Its reason phrase.
        headers: Further headers.
    """
    own = interactions[number].response
    for response in (own, *(each.response for each in interactions.values())):
        body = body_of(response)
        if body.kind is BodyKind.JSON:
            typed = header(response, "content-type") or "application/json"
            content = error_document(body, reason.lower().replace(" ", "_"), reason, is_refused=True)
            return with_body(Response(status, reason, headers), content, typed)
        if body.kind is not BodyKind.NONE:
            break
    return Response(status, reason, (*headers, ("content-length", "0")))
