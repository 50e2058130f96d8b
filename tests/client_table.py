"""Which HTTP client can do what: the table of docs/clients.md, and of the tests that show it."""

from __future__ import annotations

from typing import Any

from async_clients import Aiohttp, AsyncHttpx, Tornado
from blocking_clients import HttpClient, Httpx, Requests, Urllib, Urllib3

CLIENTS: list[type[Any]] = [Httpx, AsyncHttpx, Aiohttp, Requests, Urllib3, HttpClient, Urllib, Tornado]


def cell(client: type[Any], feature: str) -> str:
    """What the table says of a client and a feature."""
    method = getattr(client, feature, None)
    if method is None:
        return "-"
    return "refused" if hasattr(method, "refused") else "yes"
