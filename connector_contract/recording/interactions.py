"""The data: requests and responses as they are recorded, kept and played."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

Headers = tuple[tuple[str, str], ...]
"""Names in lower case, in the order that they came in; a name may come more than once."""


@dataclass(frozen=True)
class Request:
    """One request of a connector to its upstream.

    Attributes:
        method: In upper case.
        uri: Absolute, under the declared origin.
        headers: Those that identify the request: authentication, content type, and the named ones.
        body: As sent; empty if there was none.
    """

    method: str
    uri: str
    headers: Headers = ()
    body: bytes = b""

    def __str__(self) -> str:
        """Method and URI, as messages name a request."""
        return f"{self.method} {self.uri}"


@dataclass(frozen=True)
class Response:
    """One answer of the upstream.

    Attributes:
        status: The HTTP status code.
        reason: The reason phrase, which may be empty.
        headers: Those that carry meaning.
        body: As received, which includes any content encoding.
    """

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True)
class Interaction:
    """One recorded request and its response."""

    request: Request
    response: Response


@dataclass(frozen=True)
class Cassette:
    """The interactions of one scenario, in the order in which they happened."""

    interactions: tuple[Interaction, ...] = field(default=())


@lru_cache(64)
def query_of(uri: str) -> tuple[tuple[str, str], ...]:
    """The query parameters of a URI, decoded, those without a value too."""
    return tuple(parse_qsl(urlsplit(uri).query, keep_blank_values=True))
