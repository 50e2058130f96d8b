"""What MockApp's responses mean: an object, or one of the SDK's errors."""

import re
import typing as t

import httpx
from connector.oai.errors import (
    AuthenticationError,
    AuthorizationError,
    ClientError,
    ConflictError,
    ConnectorError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    RequestTimeoutError,
    TransientError,
    UnsupportedOperationError,
    UpstreamError,
)
from pydantic import ValidationError

from mockapp_connector.dto.base import Dto
from mockapp_connector.validation import describe

MAX_DETAIL_LENGTH = 200
REDACTED = "[REDACTED]"

# The SDK's own table of codes, as exceptions; `raise_for_error` says what the other statuses mean.
ERRORS: dict[int, type[ConnectorError]] = {
    400: ClientError,
    401: AuthenticationError,
    403: AuthorizationError,
    404: NotFoundError,
    405: UnsupportedOperationError,
    406: UnsupportedOperationError,
    408: RequestTimeoutError,
    409: ConflictError,
    413: ClientError,
    415: ClientError,
    422: ClientError,
    429: RateLimitError,
    501: UnsupportedOperationError,
    503: TransientError,
}

DTO = t.TypeVar("DTO", bound=Dto)


class Refusal(Dto):
    """The body of MockApp's errors."""

    detail: str


def raise_for_error(response: httpx.Response) -> None:
    """Raise the SDK's error for a response that is not a success.

    Args:
        response: Any response; redirects are not followed, so they are errors, too.

    Raises:
        ConnectorError: Of the class that the status stands for, with MockApp's own words where it
            gave a ``detail``, and with the seconds of ``Retry-After`` where a retry may help.
    """
    if response.is_success:
        return
    status = response.status_code
    error = ERRORS.get(status, UpstreamError if status >= 500 else InvalidResponseError)
    message = f"MockApp answered {status} to {request_line(response)}{_detail(response)}"
    if issubclass(error, TransientError):
        raise error(message=message, retry_after_seconds=_retry_after(response))
    raise error(message=message)


def parse(response: httpx.Response, dto: type[DTO]) -> DTO:
    """Return the object in a successful response.

    Args:
        response: A response that ``raise_for_error`` let pass.
        dto: The class of the object that it has to hold.

    Raises:
        InvalidResponseError: The body is not JSON or not such an object; the message names the
            fields and the position of the record.
    """
    content_type = response.headers.get("Content-Type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise InvalidResponseError(
            message=f"MockApp answered {request_line(response)} with {content_type!r}, which is not JSON"
        )
    try:
        return dto.model_validate_json(response.content)
    except ValidationError as error:
        raise InvalidResponseError(
            message=f"MockApp answered {request_line(response)} with what cannot be read: {describe(error)}"
        ) from error


def require_no_content(response: httpx.Response) -> None:
    """Raise an error for a successful response that says something where nothing is to be said.

    Raises:
        InvalidResponseError: There is a body: an error page sent as a success, say.
    """
    if response.content:
        raise InvalidResponseError(
            message=f"MockApp answered {request_line(response)} with content where none is expected"
        )


def request_line(response: httpx.Response) -> str:
    """Return the method and the path that were asked for; the query is left out."""
    path = response.request.url.raw_path.partition(b"?")[0].decode("ascii")
    return f"{response.request.method} {path}"


def _detail(response: httpx.Response) -> str:
    try:
        detail = Refusal.model_validate_json(response.content).detail
    except ValidationError:
        return ""
    token = response.request.headers["Authorization"].removeprefix("Bearer ")
    return f": {' '.join(detail.replace(token, REDACTED).split())[:MAX_DETAIL_LENGTH]}"


def _retry_after(response: httpx.Response) -> int | None:
    # The other form that HTTP allows is a date, which would need a clock that agrees with MockApp's.
    seconds = response.headers.get("Retry-After", "")
    return int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else None
