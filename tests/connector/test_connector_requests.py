"""What Lumos may send: settings, credentials, envelopes; and what an error says of them."""

import json

import pytest
from mockapp_connector.integration import integration

from tests.connector.connector_testing import REQUESTS, Connector, Json

URL = "http://mockapp.test"


@pytest.mark.parametrize(
    ("api_url", "asked"),
    [
        (URL, f"{URL}/api/account"),
        (f"{URL}/", f"{URL}/api/account"),
        (f"{URL}:8000", f"{URL}:8000/api/account"),
        (f"{URL}/eu/mockapp", f"{URL}/eu/mockapp/api/account"),
        (f"{URL}/eu/mockapp/", f"{URL}/eu/mockapp/api/account"),
        ("https://mockapp.test", "https://mockapp.test/api/account"),
    ],
)
def test_the_api_is_asked_where_the_settings_say(connector: Connector, api_url: str, asked: str) -> None:
    connector.call("validate_credentials", api_url=api_url)

    assert str(connector.requests[0].url) == asked


@pytest.mark.parametrize(
    "api_url",
    [
        "",
        "mockapp.test",
        "localhost:8000",
        "//mockapp.test",
        "/api",
        "http://",
        "http:///api",
        "ftp://mockapp.test",
        "file:///etc/hosts",
        f"{URL}?tenant=acme",
        f"{URL}/?",
        f"{URL}#top",
        "http://user:pass@mockapp.test",
        "http://mockapp.test:port",
        "http://mock app.test",
        f" {URL}",
        None,
        7,
        ["http://mockapp.test"],
    ],
)
def test_a_wrong_url_is_one_clear_error(connector: Connector, api_url: object) -> None:
    error = connector.error("list_accounts", api_url=api_url)

    assert error["error_code"] == "bad_request"
    assert error["message"].startswith("Invalid settings: api_url: ")
    assert "pass" not in error["message"]
    assert connector.requests == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "Invalid settings: api_url: Field required"),
        ({"api_url": URL, "account_id": 7}, "Invalid settings: account_id: Input should be a valid string"),
        (None, "No settings passed on request: mockapp requires MockappSettings"),
    ],
)
@pytest.mark.parametrize("capability", REQUESTS)
def test_wrong_settings_are_named(
    connector: Connector, capability: str, settings: Json | None, said: str
) -> None:
    auth = {"token": {"token": "valid-token"}}
    envelope = {"auth": auth, "request": REQUESTS[capability], "settings": settings}

    response = connector.dispatch(capability, json.dumps(envelope))

    assert response["error"]["message"] == said
    assert response["error"]["error_code"] == "bad_request"


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nbreak", "trailing\n", "schlüssel", "\x00"])
def test_a_token_that_no_header_may_hold_is_unauthorized_and_not_quoted(
    connector: Connector, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = connector.error("list_accounts", token=token)

    assert error["error_code"] == "unauthorized"
    assert error["message"] == "The token is empty or has characters that no bearer token has"
    assert "schlüssel" not in caplog.text
    assert connector.requests == []


@pytest.mark.parametrize("auth", [None, {}, {"basic": {"username": "a", "password": "b"}}])
def test_a_request_without_a_token_is_an_error(connector: Connector, auth: Json | None) -> None:
    envelope = {"auth": auth, "request": {}, "settings": {"api_url": URL}}

    response = connector.dispatch("list_accounts", json.dumps(envelope))

    assert response["is_error"] is True
    # Before the connector's turn; the SDK takes it for a request that is badly made.
    assert response["error"]["error_code"] == "bad_request"


SECRET = "a-token-to-keep"  # noqa: S105 - that is what must not be said
ENVELOPE = {"auth": {"token": {"token": SECRET}}, "request": {}, "settings": {"api_url": URL}}


@pytest.mark.parametrize(
    ("request_string", "named"),
    [
        (json.dumps({key: value for key, value in ENVELOPE.items() if key != "request"}), "request: Field"),
        (json.dumps({**ENVELOPE, "auth": {"token": SECRET}}), "auth.token: "),
        (json.dumps({**ENVELOPE, "auth": {"token": {"token": [SECRET]}}}), "auth.token.token: "),
        (json.dumps({**ENVELOPE, "page": 7}), "page: "),
        (json.dumps([ENVELOPE]), "Input should be an object"),
        (json.dumps(ENVELOPE)[:-1], "Invalid JSON: "),
        ("", "Invalid JSON: "),
        ("null", "Input should be an object"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_named_and_not_quoted(
    connector: Connector, request_string: str, named: str
) -> None:
    error = connector.dispatch("list_accounts", request_string)["error"]

    assert error["error_code"] == "bad_request"
    assert error["message"].startswith("Invalid request: ")
    assert named in error["message"]
    assert SECRET not in error["message"]


def test_an_unknown_capability_is_unsupported(connector: Connector) -> None:
    assert connector.error("transfer_data")["error_code"] == "unsupported_operation"


@pytest.mark.parametrize("settings", [None, {}, {"api_url": "not yet known"}])
def test_the_connector_tells_what_it_is_whatever_the_settings(
    connector: Connector, settings: Json | None
) -> None:
    response = connector.dispatch("app_info", json.dumps({"request": {}, "settings": settings}))

    assert response["response"]["app_id"] == "mockapp"


def test_info_names_the_capabilities_and_types() -> None:
    info = integration.info().response

    assert set(REQUESTS) | {"app_info", "probe_integration"} == set(info.capabilities)
    assert [t.type_id for t in info.resource_types or []] == ["project", "team", "global"]
    assert [(t.type_id, t.resource_type_id, t.min, t.max) for t in info.entitlement_types or []] == [
        ("project_role", "project", 0, None),
        ("team_member", "team", 0, None),
        ("admin_role", "global", 0, 1),
    ]
    assert info.request_settings_schema["required"] == ["api_url"]
    assert list(info.request_settings_schema["properties"]) == ["api_url", "account_id"]
    assert info.authentication_schema["x-credential-type"] == "token"
    created = info.capability_schema["create_account"].argument
    assert set(created["required"]) == {"email", "display_name"}


@pytest.mark.parametrize("capability", REQUESTS)
def test_every_capability_works_as_requested_above(connector: Connector, capability: str) -> None:
    assert "is_error" not in connector.call(capability, REQUESTS[capability])
    assert connector.requests
    assert {r.headers["Authorization"] for r in connector.requests} == {"Bearer valid-token"}
