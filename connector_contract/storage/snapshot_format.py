"""Snapshots as text: what Lumos was told, so that a person can read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgpack


def snapshot_text(data: Any) -> str:
    """The text of a snapshot: JSON with keys in their own order and page tokens decoded."""
    return json.dumps(_readable(data), indent=2, ensure_ascii=False) + "\n"


def declarations_text(declarations: Mapping[str, Any]) -> str:
    """The text of what a contract class declares: JSON, sorted, because its order says nothing."""
    return json.dumps(declarations, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def decode_page_token(token: str) -> Any:
    """What is in a page token made by connector-py's ``NextPageToken``, which is msgpack in hexadecimal.

    Returns:
        ``{"NextPageToken": [...]}``, or the token itself where it is of another make.
    """
    try:
        packed = bytes.fromhex(token)
        paginations = msgpack.unpackb(packed)
    except (ValueError, msgpack.exceptions.UnpackException):
        return token
    # Only what would be encoded to the same token again is shown decoded: nothing may get lost.
    if not isinstance(paginations, list) or not paginations or msgpack.packb(paginations) != packed:
        return token
    return {"NextPageToken": paginations}


def _readable(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _readable_page(value) if key == "page" else _readable(value) for key, value in data.items()
        }
    if isinstance(data, (list, tuple)):
        return [_readable(item) for item in data]
    return data


def _readable_page(page: Any) -> Any:
    if isinstance(page, Mapping) and isinstance(page.get("token"), str):
        return {**page, "token": decode_page_token(page["token"])}
    return _readable(page)


def is_error_snapshot(text: str) -> bool:
    """Whether a snapshot has an ``ErrorResponse``."""
    return '"is_error": true' in text
