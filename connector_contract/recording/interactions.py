"""The data: interactions as they are recorded, kept and played, and the cassette that has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from connector_contract.recording.call import Call

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
    """One response of the upstream.

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


TIMEOUTS = ("read", "write", "pool")
"""The timeouts of a client that are its own affair, as httpx names them.

One for connecting is not: it says that nobody is there.
"""


@dataclass(frozen=True)
class GivenUp:
    """A request that the connector itself gave up before the upstream had answered it.

    Attributes:
        request: What it asked for.
        call: The number of the call that asked, from 1; 0 for a request outside of any call.
        place: How many interactions of that call come before it.
        timeout: Which timeout of the connector's HTTP client ended it, one of ``TIMEOUTS``; ``None`` if none
            did.
    """

    request: Request
    call: int
    place: int
    timeout: str | None = None


FORM = 2
"""The form of the cassettes that are written now."""


@dataclass(frozen=True)
class MadeUp:
    """What a replay sends in place of a value that the connector is configured with.

    Attributes:
        place: Where the value stands, such as ``("settings", "admin_email")``; numbers are of items of lists.
        value: The made-up value, which the recorded requests have.
    """

    place: tuple[str | int, ...]
    value: str


@dataclass(frozen=True)
class Cassette:
    """What one scenario has recorded.

    Attributes:
        interactions: In the order in which the connector asked.
        calls: The calls that they belong to, in the order in which Lumos made them.
        given_up: Requests that the connector gave up itself.
        form: The form of the file: 1 has neither calls nor requests that were given up; ``None`` is stock
            vcrpy's.
        made_up: What stands for people whom the connector is configured with.
    """

    interactions: tuple[Interaction, ...] = ()
    calls: tuple[Call, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    form: int | None = FORM
    made_up: tuple[MadeUp, ...] = ()

    @property
    def requests(self) -> list[Request]:
        """All requests, those last that the connector gave up."""
        return [*(each.request for each in self.interactions), *(each.request for each in self.given_up)]


# A request of a walk is read when its cassette is loaded, and when it is made.
@lru_cache(4096)
def query_of(uri: str) -> tuple[tuple[str, str], ...]:
    """The query parameters of a URI, decoded, those without a value too.

    What is not UTF-8 stays apart from what is.
    """
    return tuple(parse_qsl(urlsplit(uri).query, keep_blank_values=True, errors="surrogateescape"))


def is_form(request: Request) -> bool:
    """Whether a request's body is a form, ``application/x-www-form-urlencoded``."""
    return _says_form(request.headers)


@lru_cache(64)
def _says_form(headers: Headers) -> bool:
    return any(name == "content-type" and "form-urlencoded" in value.lower() for name, value in headers)


def form_of(request: Request) -> tuple[tuple[str, str], ...]:
    """The pairs of a form, decoded, those without a value too; none if the body is no form.

    What is not UTF-8 stays apart from what is.
    """
    if not is_form(request):
        return ()
    text = request.body.decode("utf-8", "surrogateescape")
    return tuple(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
