"""OAuth scopes, which are a set: the SDK writes them in another order in each process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from connector_contract.recording.interactions import Request, is_form

_SCOPE = "scope"
# What is beside them in a request for a token, or in an authorization URL (RFC 6749). A field of another
# API may have the same name, and a text in it.
_BESIDE = frozenset({"grant_type", "response_type"})


def with_sorted_scopes(request: Request) -> Request:
    """``request`` with the scopes in its query and its body, a form or JSON, in alphabetical order."""
    uri, body = url_with_sorted_scopes(request.uri), request.body
    if b"scope" in body:
        body = _form(body) if is_form(request) else _json(body)
    return request if (uri, body) == (request.uri, request.body) else replace(request, uri=uri, body=body)


def url_with_sorted_scopes(url: str) -> str:
    """``url`` with the scopes in its query in alphabetical order, and all else as it is."""
    before, mark, query = url.partition("?")
    if not mark or _SCOPE not in query:
        return url
    query, hash_, fragment = query.partition("#")
    return before + mark + _sorted_pairs(query) + hash_ + fragment


def response_with_sorted_scopes(value: Any) -> Any:
    """The response of ``get_authorization_url`` with the scopes of its URL in order; any other as it is."""
    payload = value.get("response") if isinstance(value, Mapping) else None
    url = payload.get("authorization_url") if isinstance(payload, Mapping) else None
    if not isinstance(payload, Mapping) or not isinstance(url, str):
        return value
    return {**value, "response": {**payload, "authorization_url": url_with_sorted_scopes(url)}}


def sorted_scopes(value: str) -> str:
    """Scopes in alphabetical order; a space is between each two, and none is lost."""
    return " ".join(sorted(value.split(" "))) if " " in value else value


def _form(body: bytes) -> bytes:
    return _sorted_pairs(body.decode("latin-1")).encode("latin-1")


def _json(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    scopes = value.get(_SCOPE) if isinstance(value, dict) and _BESIDE.intersection(value) else None
    if not isinstance(scopes, str) or sorted_scopes(scopes) == scopes:
        return body
    return json.dumps({**value, _SCOPE: sorted_scopes(scopes)}, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _sorted_pairs(query: str) -> str:
    pairs = query.split("&")
    # A second "?" is the start of nothing: what the SDK writes after it is a query all the same.
    names = {pair.partition("=")[0].rpartition("?")[2] for pair in pairs}
    return "&".join(map(_sorted_pair, pairs)) if _BESIDE & names else query


def _sorted_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if name != _SCOPE:
        return pair
    scopes = unquote_plus(value, errors="surrogateescape")
    ordered = sorted_scopes(scopes)
    if ordered == scopes:
        return pair
    encode = quote_plus if "+" in value else quote
    return name + equals + encode(ordered, safe="", errors="surrogateescape")
