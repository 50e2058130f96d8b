"""Multipart bodies (RFC 2046, 7578), part by part."""

from __future__ import annotations

from collections.abc import Callable

from connector_contract.recording.multipart import is_multipart, parsed

Change = Callable[[str, str, bytes], bytes]
"""What a part becomes: given the name of a field, or the type of a file, and the content."""


def with_parts(content_type: str, body: bytes, change: Change) -> bytes | None:
    """A body with each part changed; ``None`` if it has no parts.

    Args:
        content_type: What its sender calls it.
        body: The body.
        change: What a part becomes, given the name of a field and its content type.
    """
    found = parsed(content_type, body) if is_multipart(content_type) else None
    if found is None or not found.parts:
        return None
    shown, place = [], 0
    for part in found.parts:
        # Each content comes after its head, in their order.
        start = body.index(part.content, body.index(part.head, place) + len(part.head))
        name = "" if "filename" in part.parameters else part.parameters.get("name", "")
        kind = dict(part.headers).get("content-type", "")
        shown += [body[place:start], change(name, kind, part.content)]
        place = start + len(part.content)
    return b"".join([*shown, body[place:]])
