"""The codes that the installed SDK has for what an upstream does wrong."""

from __future__ import annotations

from connector.oai.errors import NetworkError
from connector_sdk_types.errors import ConnectorErrorCode

from connector_contract.recording.sdk_errors import error_map


def test_statuses_have_the_codes_of_the_sdks_own_map():
    codes = error_map().code_of_status
    assert {status: codes[status] for status in (302, 401, 404, 409, 429, 500, 503)} == {
        302: "invalid_response",
        401: "unauthorized",
        404: "not_found",
        409: "conflict",
        429: "rate_limit",
        500: "bad_gateway",
        503: "service_error",
    }


def test_every_code_says_whether_it_is_retryable():
    errors = error_map()
    assert set(errors.retryable_of_code) == {code.value for code in ConnectorErrorCode}
    assert (errors.retryable({"rate_limit", "bad_gateway"}), errors.retryable({"not_found"})) == (True, False)
    assert errors.retryable({"rate_limit", "not_found"}) is None
    assert errors.retryable({"unheard_of"}) is None


def test_a_lost_connection_has_the_codes_of_the_sdks_handler_and_of_its_errors():
    class OfAConnector(NetworkError):
        DEFAULT_CODE = ConnectorErrorCode.CONFLICT

    assert issubclass(OfAConnector, NetworkError)
    assert error_map().lost_connection == {
        "connection_timeout",
        "connection_rejected",
        "connection_closed",
        "request_timeout",
    }


def test_what_the_sdk_ends_its_own_retries_with():
    errors = error_map()
    assert errors.retries_given_up == {
        "UpstreamError": "bad_gateway",
        "RateLimitError": "rate_limit",
        "BudgetExhaustedError": "budget_exhausted",
    }
    assert (errors.unreadable, errors.out_of_time) == ("invalid_response", "budget_exhausted")
    assert errors.transport == {"TransportProtocolError": "bad_gateway"}
