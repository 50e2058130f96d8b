"""The codes that the installed SDK has for what an upstream does wrong, read from its own map."""

from __future__ import annotations

from typing import Any

import httpx
from connector.oai.errors import (
    BudgetExhaustedError,
    ConnectorError,
    InvalidPageTokenError,
    RateLimitError,
    UpstreamError,
    transient,
)
from connector.oai.errors.base import DefaultHandler, GQLTransportHandler, _status_code_to_error_code
from connector.oai.modules import oauth_module
from connector_sdk_types.errors import ConnectorErrorCode, build_metadata
from connector_sdk_types.generated import Error, ErrorResponse
from gql.transport.exceptions import TransportProtocolError

from connector_contract.faults.error_map import ErrorMap

_STATUSES = range(300, 600)
# One of each way in which a connection fails, as the SDK's own client raises it.
_LOST = (
    httpx.ConnectError(""),
    httpx.ConnectTimeout(""),
    httpx.ReadTimeout(""),
    httpx.ReadError(""),
    httpx.RemoteProtocolError(""),
)


def error_map() -> ErrorMap:
    """The installed SDK's codes, and whether an error of each is retryable.

    Statuses are what its ``HTTPHandler`` makes of them; lost connections, what its ``DefaultHandler`` makes
    of httpx's errors, and what its own classes of network errors say, which connectors with other clients
    raise.
    """
    return ErrorMap(
        code_of_status={status: str(_status_code_to_error_code(status).value) for status in _STATUSES},
        retryable_of_code={code.value: build_metadata(code).retryable for code in ConnectorErrorCode},
        lost_connection=frozenset({*map(_code_of, _LOST), *_network_codes()}),
        unreadable=_status_code_to_error_code(None).value,
        out_of_time=BudgetExhaustedError.DEFAULT_CODE.value,
        bad_page_token=InvalidPageTokenError.DEFAULT_CODE.value,
        retries_given_up={
            each.__name__: each.DEFAULT_CODE.value
            for each in (UpstreamError, RateLimitError, BudgetExhaustedError)
        },
        transport={TransportProtocolError.__name__: _transport_code()},
    )


def is_of_sdk(integration: object, capability: str) -> bool:
    """Whether a capability is the SDK's own code, as those of OAuth are, and none of the author's."""
    function = (getattr(integration, "capabilities", None) or {}).get(capability)
    return getattr(function, "__module__", "") == oauth_module.__name__


def _code_of(error: Exception) -> str:
    response = _response()
    DefaultHandler._handle_special_cases(response, error)
    return str(response.error.error_code.value)


def _transport_code() -> str:
    response = GQLTransportHandler.handle(TransportProtocolError(""), None, _response())
    return str(response.error.error_code.value)


def _network_codes() -> set[str]:
    """The codes of the SDK's own network errors; a connector's subclasses of them are not asked."""
    classes: list[Any] = [each for each in vars(transient).values() if isinstance(each, type)]
    return {
        each.DEFAULT_CODE.value
        for each in classes
        if issubclass(each, transient.NetworkError) and issubclass(each, ConnectorError)
    }


def _response() -> ErrorResponse:
    error = Error(message="", error_code=ConnectorErrorCode.INTERNAL_ERROR, app_id="")
    return ErrorResponse(is_error=True, error=error)
