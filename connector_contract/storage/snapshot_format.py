"""Snapshots as text: the responses to Lumos, so that a person can read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgpack

from connector_contract.storage.volatile import without_volatile

# What connector-py calls the page tokens that it makes.
_OWN_KIND = "NextPageToken"


def snapshot_text(data: Any) -> str:
    """The text of a snapshot: JSON with keys in order, page tokens decoded, and without what moves."""
    return readable_text(readable(data))


def readable_text(data: Any) -> str:
    """The text of a snapshot with what ``readable`` has made."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


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
    return {_OWN_KIND: paginations}


def encoded(data: Any) -> Any:
    """What ``readable`` was made of."""
    if isinstance(data, Mapping):
        if list(data) == [_OWN_KIND] and isinstance(data[_OWN_KIND], list):
            return msgpack.packb(data[_OWN_KIND]).hex()
        return {key: encoded(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [encoded(item) for item in data]
    return data


def readable(data: Any) -> Any:
    """A request of Lumos or the response to it, with page tokens decoded."""
    # Most values are these, and to ask whether they are a Mapping takes longer.
    if data is None or isinstance(data, (str, int)):
        return data
    if isinstance(data, Mapping):
        return {
            key: _readable_page(value) if key == "page" else readable(value)
            for key, value in without_volatile(data).items()
        }
    if isinstance(data, (list, tuple)):
        return [readable(item) for item in data]
    return data


def _readable_page(page: Any) -> Any:
    if isinstance(page, Mapping) and isinstance(page.get("token"), str):
        return {**page, "token": decode_page_token(page["token"])}
    return readable(page)


def is_error_snapshot(text: str) -> bool:
    """Whether a snapshot has an ``ErrorResponse``."""
    return '"is_error": true' in text
