"""What each answer of MockApp becomes: a status, a body that cannot be read, or no answer at all."""

import gzip
import json

import httpx
import pytest

from tests.connector.connector_testing import (
    ASSOCIATION,
    ENTITLEMENT,
    LISTS,
    REQUESTS,
    RESOURCE,
    USER,
    Connector,
    Json,
    listed,
)

STATUSES = {
    400: "bad_request",
    401: "unauthorized",
    403: "permission_denied",
    404: "not_found",
    405: "unsupported_operation",
    406: "unsupported_operation",
    408: "request_timeout",
    409: "conflict",
    410: "invalid_response",
    413: "bad_request",
    415: "bad_request",
    418: "invalid_response",
    422: "bad_request",
    429: "rate_limit",
    500: "bad_gateway",
    501: "unsupported_operation",
    502: "bad_gateway",
    503: "service_error",
    504: "bad_gateway",
    505: "bad_gateway",
    599: "bad_gateway",
    301: "invalid_response",
    302: "invalid_response",
    304: "invalid_response",
    307: "invalid_response",
}
RETRYABLE = {408, 429, 500, 502, 503, 504, 505, 599}


@pytest.mark.parametrize(("status", "code"), STATUSES.items())
def test_a_status_has_the_code_of_the_sdks_table(connector: Connector, status: int, code: str) -> None:
    connector.answer(lambda _: httpx.Response(status, json={"detail": "No."}, headers={"Location": "/x"}))

    error = connector.error("list_accounts")

    assert error["error_code"] == code
    assert error["message"] == f"MockApp answered {status} to GET /api/users: No."
    assert error["error_metadata"]["retryable"] is (status in RETRYABLE)
    assert len(connector.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
@pytest.mark.parametrize("capability", REQUESTS)
def test_no_capability_takes_an_error_for_an_answer(
    connector: Connector, capability: str, status: int
) -> None:
    connector.answer(lambda _: httpx.Response(status, json={"detail": "No."}))

    assert connector.error(capability, REQUESTS[capability])["error_code"] == STATUSES[status]


@pytest.mark.parametrize("capability", REQUESTS)
def test_no_capability_takes_a_wrong_token(connector: Connector, capability: str) -> None:
    error = connector.error(capability, REQUESTS[capability], token="wrong")  # noqa: S106 - that is the point

    assert error["error_code"] == "unauthorized"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
        ("1.5", None),
        pytest.param("9" * 5000, None, id="more digits than Python reads"),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_retry_after_is_passed_on(
    connector: Connector, status: int, header: str, seconds: int | None
) -> None:
    connector.answer(lambda _: httpx.Response(status, headers={"Retry-After": header}))

    error = connector.error("list_accounts")

    assert error["error_code"] == STATUSES[status]
    assert error["error_metadata"]["retry_after_seconds"] == seconds


def test_a_rate_limit_is_throttled_and_retryable(connector: Connector) -> None:
    metadata = connector.error("list_accounts", token="rate-limited-token")["error_metadata"]  # noqa: S106 - the mock server's own

    assert (metadata["retryable"], metadata["throttled"]) == (True, True)
    assert metadata["retry_after_seconds"] == 30


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"detail": "The token valid-token is\nworn out."}, ": The token [REDACTED] is worn out."),
        ({"detail": "x" * 500}, ": " + "x" * 200),
        ({"detail": [{"input": "valid-token"}]}, ""),
        (["valid-token"], ""),
        ("valid-token", ""),
        (None, ""),
    ],
)
def test_an_error_quotes_only_a_detail_and_no_token(connector: Connector, detail: object, said: str) -> None:
    connector.answer(lambda _: httpx.Response(422, json=detail))

    assert connector.error("list_accounts")["message"] == f"MockApp answered 422 to GET /api/users{said}"


def test_an_error_page_is_not_quoted(connector: Connector) -> None:
    connector.answer(lambda _: httpx.Response(502, html="<h1>Bad gateway</h1>"))

    assert connector.error("list_accounts")["message"] == "MockApp answered 502 to GET /api/users"


WHOLE = json.dumps(listed(USER).json()).encode()
JSON = {"Content-Type": "application/json"}
UNREADABLE = {
    "truncated": httpx.Response(200, content=WHOLE[:-10], headers=JSON),
    "empty": httpx.Response(200, content=b"", headers=JSON),
    "no content": httpx.Response(204),
    "not utf-8": httpx.Response(200, content=WHOLE.replace(b"Alice", b"Al\xefce"), headers=JSON),
    "html": httpx.Response(200, html="<h1>Log in</h1>"),
    "html that says it is json": httpx.Response(200, content=b"<h1>Log in</h1>", headers=JSON),
    "json that says it is html": httpx.Response(200, content=WHOLE, headers={"Content-Type": "text/html"}),
    "no content type": httpx.Response(200, content=WHOLE),
    "an error": httpx.Response(200, json={"detail": "No."}),
    "an object": httpx.Response(200, json={}),
    "a list": httpx.Response(200, json=[]),
    "null": httpx.Response(200, json=None),
    "a number": httpx.Response(200, json=7),
    "a list of users without its page": httpx.Response(200, json=[USER]),
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("capability", sorted(REQUESTS.keys() - {"unassign_entitlement"}))
def test_a_body_that_cannot_be_read_is_an_invalid_response(
    connector: Connector, capability: str, kind: str
) -> None:
    unreadable = UNREADABLE[kind]
    connector.answer(
        lambda _: httpx.Response(
            unreadable.status_code, content=unreadable.content, headers=unreadable.headers
        )
    )

    error = connector.error(capability, REQUESTS[capability])

    assert error["error_code"] == "invalid_response"
    assert error["error_metadata"]["retryable"] is False
    assert error["message"].startswith("MockApp answered ")


@pytest.mark.parametrize(
    "body",
    [
        # The default is the time of day, which the test's name would change with.
        pytest.param(gzip.compress(WHOLE, mtime=0)[:-9] + b"123456789", id="a wrong checksum"),
        pytest.param(b"not gzip", id="no gzip"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_an_invalid_response(connector: Connector, body: bytes) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    connector.answer(lambda _: httpx.Response(200, stream=httpx.ByteStream(body), headers=headers))

    assert connector.error("list_accounts")["error_code"] == "invalid_response"


@pytest.mark.parametrize("status", [200, 201, 202, 206])
def test_another_success_is_judged_by_its_body(connector: Connector, status: int) -> None:
    connector.answer(lambda _: httpx.Response(status, json=listed(USER).json()))

    assert len(connector.call("list_accounts")["response"]) == 1


@pytest.mark.parametrize(
    ("capability", "field"),
    [
        (capability, field)
        for capability, fields in {
            "list_accounts": ["id", "email", "name", "status"],
            "list_resources": ["id", "type", "name"],
            "list_entitlements": ["id", "type", "name", "resource_id"],
            "find_entitlement_associations": ["user_id", "entitlement_id", "resource_id"],
        }.items()
        for field in fields
    ],
)
@pytest.mark.parametrize("wrong", [None, 7, True, ["x"], {"x": 1}, "missing"])
def test_one_wrong_required_field_fails_the_page_and_is_named(
    connector: Connector, capability: str, field: str, wrong: object
) -> None:
    _, good = LISTS[capability]
    bad = {key: value for key, value in good.items() if key != field}
    if wrong != "missing":
        bad[field] = wrong
    connector.answer(lambda _: listed(good, bad, good))

    error = connector.error(capability)

    assert error["error_code"] == "invalid_response"
    assert f"items[1].{field}: " in error["message"]


@pytest.mark.parametrize(
    ("capability", "field"),
    [
        ("list_accounts", "id"),
        ("list_resources", "id"),
        ("list_entitlements", "id"),
        ("list_entitlements", "resource_id"),
        ("find_entitlement_associations", "user_id"),
    ],
)
def test_an_empty_id_is_an_invalid_response(connector: Connector, capability: str, field: str) -> None:
    _, item = LISTS[capability]
    connector.answer(lambda _: listed({**item, field: ""}))

    assert f"items[0].{field}: " in connector.error(capability)["message"]


@pytest.mark.parametrize(
    ("capability", "item", "wrong"),
    [
        ("list_resources", RESOURCE, {"description": 7}),
        ("list_resources", RESOURCE, {"type": "galaxy"}),
        ("list_entitlements", ENTITLEMENT, {"description": []}),
        ("list_entitlements", ENTITLEMENT, {"type": "licence"}),
    ],
)
def test_a_wrong_optional_field_or_unknown_type_is_an_invalid_response(
    connector: Connector, capability: str, item: Json, wrong: Json
) -> None:
    connector.answer(lambda _: listed({**item, **wrong}))

    error = connector.error(capability)

    assert error["error_code"] == "invalid_response"
    assert f"items[0].{next(iter(wrong))}: " in error["message"]


@pytest.mark.parametrize(
    ("capability", "item", "change"),
    [
        ("list_accounts", USER, {"last_login": 1736527500}),
        ("list_resources", RESOURCE, {"description": None}),
        ("list_entitlements", ENTITLEMENT, {"description": None}),
        ("find_entitlement_associations", ASSOCIATION, {"granted_at": None}),
    ],
)
def test_an_optional_field_may_be_otherwise_or_missing_and_a_new_one_come(
    connector: Connector, capability: str, item: Json, change: Json
) -> None:
    null = {**item, **change}
    missing = {key: value for key, value in item.items() if key not in change}
    reordered = {"brand_new": {"a": [1]}, **dict(reversed(null.items()))}

    answers = []
    for variant in (null, missing, reordered):
        connector.answer(lambda _, variant=variant: listed(variant))  # type: ignore[misc]  # a default binds it
        answers.append(connector.call(capability)["response"])

    assert answers[0]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("last_login", [1736527500, "yesterday", "2025-01-10T16:45:00"])
def test_a_time_that_is_none_is_an_invalid_response(connector: Connector, last_login: object) -> None:
    connector.answer(lambda _: httpx.Response(200, json={**USER, "last_login": last_login}))

    error = connector.error("get_last_activity", {"account_ids": ["user-1"]})

    assert error["error_code"] == "invalid_response"
    assert "last_login: " in error["message"]


@pytest.mark.parametrize("status", ["archived", "", "ACTIVE"])
def test_an_unknown_status_is_an_error_that_names_it_and_the_user(connector: Connector, status: str) -> None:
    connector.answer(lambda _: listed(USER, {**USER, "id": "user-2", "status": status}))

    error = connector.error("list_accounts")

    assert error["error_code"] == "invalid_response"
    assert error["message"] == (
        "MockApp answered GET /api/users with what cannot be read:"
        f" items[1].status: unknown status '{status}' of the user 'user-2'"
    )


def test_a_wrong_value_is_not_quoted(connector: Connector, caplog: pytest.LogCaptureFixture) -> None:
    connector.answer(lambda _: listed({**USER, "email": {"password": "hunter2"}}))

    assert "hunter2" not in connector.error("list_accounts")["message"]
    assert "hunter2" not in caplog.text


def test_only_the_first_of_many_problems_are_named(connector: Connector) -> None:
    connector.answer(lambda _: listed(*({**USER, "email": 7} for _ in range(12))))

    message = connector.error("list_accounts")["message"]

    assert message.count(".email: ") == 5
    assert message.endswith("; and 7 more")


NETWORK = [
    (httpx.ConnectError("refused"), "connection_timeout"),
    (httpx.ConnectTimeout("slow"), "connection_timeout"),
    (httpx.PoolTimeout("busy"), "connection_timeout"),
    (httpx.ReadTimeout("slow"), "request_timeout"),
    (httpx.WriteTimeout("slow"), "request_timeout"),
    (httpx.ReadError("reset"), "connection_closed"),
    (httpx.RemoteProtocolError("peer closed connection"), "connection_closed"),
]


@pytest.mark.parametrize(("failure", "code"), NETWORK, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("capability", REQUESTS)
def test_a_network_error_keeps_the_sdks_code(
    connector: Connector, capability: str, failure: httpx.HTTPError, code: str
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure

    connector.answer(fail)

    error = connector.error(capability, REQUESTS[capability])

    assert error["error_code"] == code
    assert error["error_metadata"]["retryable"] is True


def test_a_connection_dropped_within_the_body_is_a_closed_connection(connector: Connector) -> None:
    class Dropped(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]  # httpx's own signature
            yield WHOLE[:20]
            raise httpx.ReadError("reset")

    connector.answer(lambda _: httpx.Response(200, stream=Dropped(), headers=JSON))

    assert connector.error("list_accounts")["error_code"] == "connection_closed"
