"""Multipart bodies (RFC 2046, 7578): their parts, whatever the boundary, which clients make up each time."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, count

from connector_contract.clients.content_codings import without_time
from connector_contract.recording.header_meaning import meant, parameters
from connector_contract.recording.interactions import Headers, Request
from connector_contract.recording.urls import shown_name

_BOUNDARY = re.compile(r';\s*boundary=(?:"((?:[^"\\]|\\.)+)"|([^\s;"]+))', re.IGNORECASE)
_LINE = b"\r\n"


@dataclass(frozen=True)
class Part:
    """One part.

    Attributes:
        head: Its headers, as they were sent, without the empty line after them.
        content: What it holds, as it was sent.
        nested: The parts of it, if it is multipart itself.
    """

    head: bytes
    content: bytes
    nested: Multipart | None = None

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers, names in lower case; that of a nested part has no boundary."""
        lines = self.head.decode("utf-8", "surrogateescape").split("\r\n") if self.head else []
        split = (line.partition(":") for line in lines)
        found = [(name.strip().lower(), value.strip()) for name, _, value in split]
        if self.nested is None:
            return found
        return list(without_boundaries(tuple(found)))

    @property
    def said(self) -> Headers:
        """What the headers say; the length of the content says nothing beside the content."""
        length = ("content-length", str(len(self.content)))
        return meant(tuple(pair for pair in self.headers if pair != length))

    @property
    def document(self) -> tuple[str, Hashable] | None:
        """What it says as JSON, if it is that."""
        # Takes long to import, and the plugin reads secrets of parts.
        from connector_contract.recording.json_meaning import said_as_json

        return said_as_json(self.content, dict(self.headers).get("content-type", ""))

    @property
    def key(self) -> Hashable:
        """What equal parts have in common."""
        return self.said, (self.document or self.content) if self.nested is None else self.nested.key

    @property
    def parameters(self) -> dict[str, str]:
        """What its ``Content-Disposition`` says, such as the field's name, and that of a file."""
        return parameters(dict(self.headers).get("content-disposition", ""))


@dataclass(frozen=True)
class Multipart:
    """The parts of a body, in their order.

    Attributes:
        parts: The parts.
        end: What follows the last delimiter: nothing, or the end of a line.
    """

    parts: tuple[Part, ...]
    end: bytes

    @property
    def key(self) -> Hashable:
        """What equal bodies have in common."""
        return tuple(part.key for part in self.parts)

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Name and content of each part that is a field, and no file."""
        for part in self.parts:
            name = part.parameters.get("name")
            if name is not None and "filename" not in part.parameters:
                yield name, part.content.decode("utf-8", "surrogateescape")

    def fields(self, prefix: str = "part ") -> Iterator[tuple[str, str]]:
        """All that it says, by names, as messages show it."""
        names = [
            shown_name(part.parameters.get("name") or str(place)) for place, part in enumerate(self.parts, 1)
        ]
        yield f"{prefix.rstrip(' >')}s in order", ", ".join(names)
        for name, part in zip(names, self.parts, strict=True):
            yield from _fields(f"{prefix}{name}", part)


def parsed(content_type: str, body: bytes) -> Multipart | None:
    """The parts of a body; ``None`` if it is not multipart, or not a whole one."""
    boundary = _boundary(content_type)
    if boundary is None:
        return None
    delimiter = b"--" + boundary.encode("utf-8", "surrogateescape")
    end = next((end for end in (_LINE, b"") if body.endswith(delimiter + b"--" + end)), None)
    if end is None:
        return None
    inner = body.removesuffix(end).removesuffix(delimiter + b"--")
    if not inner:
        return Multipart((), end)
    start, last = delimiter + _LINE, _LINE
    if not (inner.startswith(start) and inner.endswith(last)) or len(inner) < len(start) + len(last):
        return None
    texts = inner[len(start) : -len(last)].split(_LINE + delimiter + _LINE)
    if any(text.startswith(delimiter) or _LINE + delimiter in text for text in texts):
        return None
    parts = [_part(text) for text in texts]
    return Multipart(tuple(part for part in parts if part), end) if all(parts) else None


def text_parts(request: Request) -> list[tuple[str, str]]:
    """Name and content of each part of a request's body that is a field, and no file."""
    content_type = next((value for name, value in request.headers if name == "content-type"), "")
    found = parsed(content_type, request.body) if is_multipart(content_type) else None
    return [] if found is None else list(found.texts)


def is_multipart(content_type: str) -> bool:
    """Whether a content type says that a body has parts."""
    return content_type.lstrip()[:10].lower() == "multipart/"


def with_stable_boundary(content_type: str, body: bytes) -> tuple[str, bytes]:
    """Content type and body with a boundary that is the same each time, if the body is multipart.

    So is a part that is in gzip, which may say when that was compressed.
    """
    found = parsed(content_type, body)
    if found is None:
        return content_type, body
    parts = [_with_stable_boundary(part) for part in found.parts]
    candidates = chain(["boundary"], (f"boundary-{number}" for number in count(2)))
    boundary = next(each for each in candidates if not any(b"--" + each.encode() in p.content for p in parts))
    delimiter = b"--" + boundary.encode()
    texts = [delimiter + _LINE + part.head + _LINE * (2 if part.head else 1) + part.content for part in parts]
    stable = _LINE.join([*texts, delimiter + b"--"]) + found.end
    return _BOUNDARY.sub(f"; boundary={boundary}", content_type, count=1), stable


def without_boundary(content_type: str) -> str:
    """A content type that says nothing of a boundary."""
    return _BOUNDARY.sub("", content_type, count=1)


def without_boundaries(headers: Headers) -> Headers:
    """Headers of which none says anything of a boundary."""
    return tuple(
        (name, without_boundary(value) if name == "content-type" else value) for name, value in headers
    )


def _boundary(content_type: str) -> str | None:
    if not is_multipart(content_type):
        return None
    found = _BOUNDARY.search(content_type)
    return None if found is None else found[2] or re.sub(r"\\(.)", r"\1", found[1])


def _part(text: bytes) -> Part | None:
    head, separator, content = (b"", _LINE, text[2:]) if text.startswith(_LINE) else text.partition(_LINE * 2)
    if not separator or any(b":" not in line for line in head.split(_LINE) if head):
        return None
    part = Part(head, content)
    content_type = dict(part.headers).get("content-type", "")
    return replace(part, nested=parsed(content_type, content))


def _with_stable_boundary(part: Part) -> Part:
    if part.nested is None:
        return replace(part, content=without_time(part.content))
    lines = part.head.decode("utf-8", "surrogateescape").split("\r\n")
    sent = dict(Part(part.head, b"").headers)["content-type"]
    content_type, content = with_stable_boundary(sent, part.content)
    lines = [
        f"{name}: {content_type}" if name.strip().lower() == "content-type" else line
        for line in lines
        for name in [line.partition(":")[0]]
    ]
    return Part("\r\n".join(lines).encode("utf-8", "surrogateescape"), content, part.nested)


def _fields(label: str, part: Part) -> Iterator[tuple[str, str]]:
    for name, value in part.parameters.items():
        if name != "name":
            yield f"{label}, {name}", repr(value)
    for name, value in part.said:
        if name != "content-disposition":
            yield f"{label}, {name}", repr(value)
    if part.nested is not None:
        yield from part.nested.fields(f"{label} > ")
    elif part.document is not None:
        from connector_contract.recording.json_meaning import json_fields

        yield from json_fields(part.content, part.document[0], label)
    else:
        yield label, shown(part.content)


def shown(content: bytes) -> str:
    """What bytes say: as a text, or, if they are none, how many there are of which sum."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return f"{len(content)} bytes with the SHA-256 {sha256(content).hexdigest()[:16]}"
    return repr(text)
