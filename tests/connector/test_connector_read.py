"""What the reading capabilities make of MockApp's objects."""

import httpx
import pytest
from mockapp_connector.integration import integration

import mock_api_server
from tests.connector.connector_testing import USER, Connector, listed


def test_good_credentials_are_valid_for_the_tokens_account(connector: Connector) -> None:
    response = connector.call("validate_credentials")["response"]

    assert response == {"valid": True, "unique_tenant_id": "acme"}
    assert connector.asked() == ["GET /api/account"]
    assert connector.requests[0].headers["Authorization"] == "Bearer valid-token"


def test_the_accounts_id_may_be_checked(connector: Connector) -> None:
    assert connector.call("validate_credentials", account_id="acme")["response"]["valid"] is True


@pytest.mark.parametrize("account_id", ["initech", ""])
def test_another_account_than_configured_is_an_error(connector: Connector, account_id: str) -> None:
    error = connector.error("validate_credentials", account_id=account_id)

    assert error["error_code"] == "invalid_value"
    assert error["message"] == (
        f"The settings' account_id is {account_id!r}, but the token belongs to 'acme'"
    )


def test_accounts_are_mapped(connector: Connector) -> None:
    users = [
        {**USER, "department": "Engineering", "login_count": 412},
        {
            **USER,
            "id": "user-4",
            "email": "Ana@Example.com",
            "name": 'Ana "Nita" García',
            "status": "inactive",
        },
        {**USER, "id": "user-6", "email": "", "name": "山田 花子", "status": "deleted", "last_login": None},
    ]
    connector.answer(lambda _: listed(*users))

    accounts = connector.call("list_accounts")["response"]

    told = [{field: value for field, value in account.items() if value is not None} for account in accounts]
    assert told == [
        {
            "integration_specific_id": "user-1",
            "email": "alice.martin@example.com",
            "username": "Alice Martin",
            "user_status": "ACTIVE",
        },
        {
            "integration_specific_id": "user-4",
            "email": "Ana@Example.com",
            "username": 'Ana "Nita" García',
            "user_status": "INACTIVE",
        },
        {
            "integration_specific_id": "user-6",
            "email": "",
            "username": "山田 花子",
            "user_status": "SUSPENDED",
        },
    ]


def test_deleted_users_are_listed(connector: Connector) -> None:
    accounts = connector.call("list_accounts")["response"]

    assert len(accounts) == 12
    assert {account["user_status"] for account in accounts} == {"ACTIVE", "INACTIVE", "SUSPENDED"}


@pytest.mark.parametrize(
    ("status", "mapped"), [("active", "ACTIVE"), ("inactive", "INACTIVE"), ("deleted", "SUSPENDED")]
)
def test_each_status_is_mapped(connector: Connector, status: str, mapped: str) -> None:
    connector.answer(lambda _: listed({**USER, "status": status}))

    [account] = connector.call("list_accounts")["response"]

    assert account["user_status"] == mapped


def test_resources_are_mapped_the_account_itself_included(connector: Connector) -> None:
    resources = connector.call("list_resources")["response"]

    kinds = [(r["integration_specific_id"], r["resource_type"], r["label"]) for r in resources]
    assert kinds[0] == ("project-1", "project", "Website")
    assert kinds[3] == ("team-1", "team", "Engineering")
    assert kinds[-1] == ("acme", "global", "Acme GmbH")
    assert resources[0]["description"] == "The public website"


def test_entitlements_are_mapped_with_their_resource(connector: Connector) -> None:
    entitlements = connector.call("list_entitlements")["response"]

    assert entitlements[0] == {
        "entitlement_type": "project_role",
        "extra_data": None,
        "integration_specific_id": "project-1-viewer",
        "integration_specific_resource_id": "project-1",
        "is_assignable": True,
        "label": "Viewer",
        "description": "Reads the project",
        "custom_attributes": None,
    }


def test_entitlements_and_associations_refer_to_what_is_listed(connector: Connector) -> None:
    accounts = connector.call("list_accounts")["response"]
    resources = connector.call("list_resources")["response"]
    entitlements = connector.call("list_entitlements")["response"]
    associations = connector.call("find_entitlement_associations")["response"]
    resource_types = {r["integration_specific_id"]: r["resource_type"] for r in resources}
    belongs_to = {e.type_id: e.resource_type_id for e in integration.entitlement_types}
    granted = {
        (a["integration_specific_entitlement_id"], a["integration_specific_resource_id"])
        for a in associations
    }

    assert len(associations) > 10
    for entitlement in entitlements:
        resource_type = resource_types[entitlement["integration_specific_resource_id"]]
        assert belongs_to[entitlement["entitlement_type"]] == resource_type
    assert granted <= {
        (e["integration_specific_id"], e["integration_specific_resource_id"]) for e in entitlements
    }
    assert {a["account_id"] for a in associations} <= {a["integration_specific_id"] for a in accounts}


def test_the_last_activity_is_the_last_login(connector: Connector) -> None:
    request = {"account_ids": ["user-4", "user-7", "user-1"]}

    activities = connector.call("get_last_activity", request)["response"]

    assert activities == [
        {"account_id": "user-4", "event_type": "last_login", "happened_at": "2024-06-30T17:00:00Z"},
        {"account_id": "user-1", "event_type": "last_login", "happened_at": "2025-01-10T16:45:00Z"},
    ]
    assert connector.asked() == ["GET /api/users/user-4", "GET /api/users/user-7", "GET /api/users/user-1"]


def test_an_offset_of_a_login_is_kept(connector: Connector) -> None:
    connector.answer(lambda _: httpx.Response(200, json={**USER, "last_login": "2025-01-10T16:45:00+02:00"}))

    [activity] = connector.call("get_last_activity", {"account_ids": ["user-1"]})["response"]

    assert activity["happened_at"] == "2025-01-10T16:45:00+02:00"


def test_an_account_that_is_gone_does_not_lose_the_others_activity(connector: Connector) -> None:
    activities = connector.call("get_last_activity", {"account_ids": ["nobody", "user-1"]})["response"]

    assert [activity["account_id"] for activity in activities] == ["user-1"]


def test_accounts_that_are_all_gone_have_no_activity(connector: Connector) -> None:
    request = {"account_ids": ["nobody", "no one"]}

    assert connector.call("get_last_activity", request)["response"] == []
    assert connector.asked()[-1] == "GET /api/users?limit=1&offset=0"


@pytest.mark.parametrize("there", [httpx.Response(404), listed()])
def test_where_no_users_can_be_seen_nobody_is_gone(connector: Connector, there: httpx.Response) -> None:
    connector.answer(
        lambda request: there if request.url.path.endswith("/api/users") else httpx.Response(404)
    )

    error = connector.error("get_last_activity", {"account_ids": ["user-1", "user-2"]})

    assert error["error_code"] == "not_found"


def test_nobody_is_asked_for_where_lumos_asks_for_nobody(connector: Connector) -> None:
    assert connector.call("get_last_activity", {"account_ids": []})["response"] == []
    assert connector.requests == []


@pytest.mark.parametrize("status", [401, 403, 409, 429, 500, 503])
def test_any_other_error_fails_the_last_activity(connector: Connector, status: int) -> None:
    server = httpx.Response(200, json=USER)

    def second_fails(request: httpx.Request) -> httpx.Response:
        return server if request.url.path.endswith("user-1") else httpx.Response(status)

    connector.answer(second_fails)

    error = connector.error("get_last_activity", {"account_ids": ["user-1", "user-2"]})

    assert error["message"] == f"MockApp answered {status} to GET /api/users/user-2"


@pytest.mark.parametrize(
    ("account_id", "path"),
    [
        ("a/b", "/api/users/a%2Fb"),
        ("../account", "/api/users/..%2Faccount"),
        ("a?b=c#d", "/api/users/a%3Fb%3Dc%23d"),
        ("a b", "/api/users/a%20b"),
        ("50%", "/api/users/50%25"),
        ("é", "/api/users/%C3%A9"),
        ("...", "/api/users/..."),
    ],
)
def test_an_id_stays_one_segment_of_the_path(connector: Connector, account_id: str, path: str) -> None:
    connector.call("get_last_activity", {"account_ids": [account_id]})

    assert connector.asked() == [f"GET {path}", "GET /api/users?limit=1&offset=0"]


@pytest.mark.parametrize("account_id", ["", ".", ".."])
def test_what_cannot_be_an_id_is_a_bad_request(connector: Connector, account_id: str) -> None:
    error = connector.error("get_last_activity", {"account_ids": [account_id]})

    assert error["error_code"] == "bad_request"
    assert connector.requests == []


def test_a_long_list_is_walked_to_its_end(connector: Connector) -> None:
    connector.upstream = httpx.ASGITransport(mock_api_server.create_app(users=250))

    pages = connector.walk("list_accounts", 100)

    assert [len(page["response"]) for page in pages] == [100, 100, 50]
