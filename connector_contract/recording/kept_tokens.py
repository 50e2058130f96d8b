"""A connector that uses the token of an earlier scenario, which could not be replayed alone."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote_plus

from connector_contract.errors import UnprovenRecording
from connector_contract.recording.interactions import Request
from connector_contract.recording.mismatch import Place
from connector_contract.recording.unproven import FORGET
from connector_contract.secrets.ordinary import is_ordinary


def sent_in(request: Request, tokens: Collection[str]) -> str | None:
    """Where a request has one of some tokens, such as ``the header cookie``; ``None`` if it has none."""
    # What else may be in a request by chance.
    secret = [token for token in tokens if not is_ordinary(token)]
    places = [
        *((f"the header {name}", value) for name, value in request.headers),
        ("the URL", unquote_plus(request.uri)),
        ("the body", request.body.decode("utf-8", "replace")),
    ]
    return next((place for place, text in places if any(token in text for token in secret)), None)


def kept_token(name: str, request: Request, place: Place) -> UnprovenRecording:
    """A request with a token that an earlier scenario's upstream has handed out."""
    return UnprovenRecording(
        f"The recording was not saved: nothing in it hands out the token that the connector sends in {name}.",
        where=[("request", str(request)), *place.where],
        remedy=f"The upstream handed it out in an earlier scenario.\n{FORGET}",
    )
