"""The secrets of OAuth: those that Lumos sends to get a token, and those that it is handed.

They are in the requests of capabilities, and not in ``auth``, so that nothing else knows of them before a
connector sends them. A challenge and its verifier (PKCE, RFC 7636) are made up each time, and so is a nonce
(OpenID Connect).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connector_contract.contract.standard_capabilities import OAUTH

_ASKED = ("client_secret", "code_verifier", "refresh_token")
_TOKENS = ("access_token", "refresh_token")
_REDIRECT, _URL = "redirect_uri_with_code", "authorization_url"


def asked_secrets(capability: str, request: object) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in the request of a capability; none if it hands out no tokens.

    Args:
        capability: Its name.
        request: The capability's own part of the request.
    """
    if capability in OAUTH and isinstance(request, Mapping):
        yield from _texts(request, _ASKED)
        yield from _parameters(request.get(_REDIRECT), "code")


def asked_public(capability: str, request: object) -> Iterator[str]:
    """The client's id in the request of a capability, which is no secret; none if it hands out no tokens."""
    if capability in OAUTH and isinstance(request, Mapping):
        yield from (value for _, value in _texts(request, ("client_id",)) if value)


def handed_out_secrets(capability: str, response: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in a capability's response, and of what it has made up for it."""
    payload = response.get("response")
    if capability in OAUTH and isinstance(payload, Mapping):
        # The upstream's own names are for what is in its responses.
        yield from ((f"handed_out.{name}", value) for name, value in _texts(payload, _TOKENS))
        yield from _texts(payload, ("code_verifier",))
        for name in ("code_challenge", "nonce"):
            yield from _parameters(payload.get(_URL), name)


def is_placeholder_of(name: str, value: str) -> bool:
    """Whether a value is what a recording has in place of a secret of this name."""
    return re.fullmatch(rf"<(?:[\w:-]+\.)*{name}(?:-\d+)?>", value) is not None


def _texts(value: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((name, value[name]) for name in names if isinstance(value.get(name), str))


def _parameters(url: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(url, str):
        yield from ((key, value) for key, value in parse_qsl(_query(url)) if key == name)


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""
