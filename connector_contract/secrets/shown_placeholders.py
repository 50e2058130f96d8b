"""Placeholders: what stands in a recording in place of a secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.encoded_texts import encoded_texts

# A time that moves with the clock, ``<now-30d>``, is none.
PLACEHOLDER = re.compile(r"<(?!now[->])[\w.:-]+>")
"""What stands in a recording in place of a secret."""
_NOT_SHOWN = re.compile(r"[^\w.:-]+")


def as_placeholder(name: str) -> str:
    """A name as placeholders can have it: ``user_token`` for ``user[token]``."""
    return _NOT_SHOWN.sub("_", name).strip("_") or "secret"


def placeholders(request: Request) -> list[str]:
    """The names of the placeholders in a request that is without secrets."""
    body = request.body.decode("utf-8", "replace")
    texts = [unquote(request.uri), *(value for _, value in request.headers), body]
    return [found[1:-1] for text in texts for found in PLACEHOLDER.findall(text)]


def bracketed(text: str, recorded: Sequence[Interaction]) -> str:
    """A text in which each placeholder that something recorded has is in square brackets.

    A replay plays placeholders: for the connector, ``<access_token>`` is the token.

    Args:
        text: Anything that the connector says.
        recorded: What is played to it.
    """

    def changed(found: re.Match[str]) -> str:
        shown = found[0]
        is_played = any(
            shown[1:-1] in placeholders(each.request) or _has(each.response, shown) for each in recorded
        )
        return f"[{shown[1:-1]}]" if is_played else shown

    shown = PLACEHOLDER.sub(changed, text) if "<" in text else text
    if shown != text or not recorded:
        return shown
    encoded = (each.decode("utf-8", "replace") for each in encoded_texts(text.encode("utf-8", "replace")))
    for inner in (unquote(text), *encoded):
        if "<" in inner and (found := PLACEHOLDER.sub(changed, inner)) != inner:
            return f"{found} (encoded)"
    return text


def _has(response: Response, shown: str) -> bool:
    return shown.encode() in response.body or any(shown in value for _, value in response.headers)
