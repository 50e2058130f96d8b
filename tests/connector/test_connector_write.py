"""What the writing capabilities change, and what they leave alone."""

import json
from typing import Any

import httpx
import pytest

import mock_api_server
from tests.connector.connector_testing import ASSIGNMENT, USER, Connector, Json, listed

NEW = {"email": "new.user@example.com", "display_name": "New User", "entitlements": []}


def effect(response: Json) -> str:
    """Return the kind of a response's effect, after a look at the rest of its summary."""
    summary = response["execution_summary"]
    assert summary["is_idempotent"] is True
    assert len(summary["request_fingerprint"]) == 64
    assert summary["description"]
    kind: str = summary["effect"]["kind"]
    assert summary["effect"].get("reason") == ("state_already_matches" if kind == "noop" else None)
    return kind


def status(connector: Connector, account_id: str) -> str:
    """Return an account's status as it is read back."""
    accounts = connector.call("list_accounts")["response"]
    [found] = [a["user_status"] for a in accounts if a["integration_specific_id"] == account_id]
    return str(found)


def entitlements(connector: Connector, account_id: str) -> list[str]:
    """Return an account's entitlements as they are read back."""
    associations = connector.call("find_entitlement_associations")["response"]
    return [a["integration_specific_entitlement_id"] for a in associations if a["account_id"] == account_id]


def required(kind: str, entitlement_id: str, resource_id: str | None = None) -> Json:
    """Return an entitlement of a create_account request."""
    return {
        "entitlement_type": kind,
        "integration_specific_id": entitlement_id,
        "integration_specific_resource_id": resource_id,
    }


def test_an_account_is_created(connector: Connector) -> None:
    response = connector.call("create_account", NEW)

    assert response["response"] == {"id": "user-13", "status": "ACTIVE", "created": True}
    assert effect(response) == "created"
    assert response["execution_summary"]["caught_errors"] is None
    assert json.loads(connector.requests[0].content) == {"email": NEW["email"], "name": "New User"}
    assert status(connector, "user-13") == "ACTIVE"


def test_creating_an_account_again_changes_nothing(connector: Connector) -> None:
    first = connector.call("create_account", NEW)
    again = connector.call("create_account", {**NEW, "email": "NEW.User@example.com"})

    assert again["response"] == first["response"]
    assert effect(again) == "noop"
    assert len(connector.call("list_accounts")["response"]) == 13


def test_an_existing_account_is_found_on_a_later_page(connector: Connector) -> None:
    connector.upstream = httpx.ASGITransport(mock_api_server.create_app(users=150))
    connector.call("create_account", NEW)

    assert effect(connector.call("create_account", NEW)) == "noop"
    assert connector.asked()[-2:] == [
        "GET /api/users?limit=100&offset=0",
        "GET /api/users?limit=100&offset=100",
    ]


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("alice.martin@example.com", "Another Alice"),
        ("ana.garcia@example.com", 'Ana "Nita" García'),  # inactive
        ("tomas.dvorak@example.com", "Tomáš Dvořák"),  # deleted
    ],
)
def test_an_account_of_somebody_else_is_a_conflict(connector: Connector, email: str, name: str) -> None:
    error = connector.error("create_account", {"email": email, "display_name": name})

    assert error["error_code"] == "conflict"
    assert error["error_metadata"]["retryable"] is False


def test_a_conflict_without_such_a_user_stays_a_conflict(connector: Connector) -> None:
    connector.answer(lambda request: httpx.Response(409) if request.method == "POST" else listed(USER))

    assert connector.error("create_account", NEW)["error_code"] == "conflict"


@pytest.mark.parametrize("field", ["email", "display_name"])
@pytest.mark.parametrize("wrong", ["", None, 7, "missing"])
def test_an_account_needs_an_email_and_a_name(connector: Connector, field: str, wrong: object) -> None:
    request: dict[str, Any] = {**NEW, field: wrong}
    if wrong == "missing":
        del request[field]

    error = connector.error("create_account", request)

    assert error["error_code"] == "bad_request"
    assert f"request.{field}: " in error["message"]
    assert connector.requests == []


def test_an_address_that_mockapp_refuses_is_a_bad_request(connector: Connector) -> None:
    assert connector.error("create_account", {**NEW, "email": "nobody"})["error_code"] == "bad_request"


def test_a_new_account_gets_its_entitlements(connector: Connector) -> None:
    wanted = [
        required("project_role", "project-1-viewer", "project-1"),
        required("team_member", "team-1-member", "team-1"),
        required("admin_role", "admin-billing"),
    ]

    response = connector.call("create_account", {**NEW, "entitlements": wanted})

    assert response["execution_summary"]["caught_errors"] is None
    assert entitlements(connector, "user-13") == ["project-1-viewer", "team-1-member", "admin-billing"]


@pytest.mark.parametrize("resource_id", [None, "", "acme"])
def test_the_global_resources_id_may_be_blank(connector: Connector, resource_id: str | None) -> None:
    wanted = [required("admin_role", "admin-full", resource_id)]

    connector.call("create_account", {**NEW, "entitlements": wanted})

    assert entitlements(connector, "user-13") == ["admin-full"]


def test_what_could_not_be_assigned_is_told_and_the_rest_assigned(connector: Connector) -> None:
    wanted = [
        required("admin_role", "admin-full"),
        required("admin_role", "admin-billing"),
        required("project_role", "project-9-viewer", "project-9"),
        required("project_role", "project-1-viewer", "project-2"),
        required("project_role", "project-1-viewer"),
        required("licence", "gold", "project-1"),
        required("team_member", "team-1-member", "team-1"),
    ]

    response = connector.call("create_account", {**NEW, "entitlements": wanted})

    caught = response["execution_summary"]["caught_errors"]
    assert effect(response) == "created"
    assert [(e["error_code"], e["message"].split(":")[0]) for e in caught] == [
        ("conflict", "Failed to assign the entitlement admin-billing"),
        ("not_found", "Failed to assign the entitlement project-9-viewer"),
        ("bad_request", "Failed to assign the entitlement project-1-viewer"),
        ("bad_request", "Failed to assign the entitlement project-1-viewer"),
        ("unknown_value", "Failed to assign the entitlement gold"),
    ]
    assert {e["app_id"] for e in caught} == {"mockapp"}
    assert entitlements(connector, "user-13") == ["admin-full", "team-1-member"]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (httpx.Response(429, headers={"Retry-After": "30"}), "rate_limit"),
        (httpx.Response(503), "service_error"),
        (httpx.ReadTimeout("slow"), "request_timeout"),
    ],
)
def test_an_assignment_that_may_be_repeated_is_told_as_such(
    connector: Connector, failure: httpx.Response | httpx.HTTPError, code: str
) -> None:
    def only_create(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/users":
            return httpx.Response(201, json=USER)
        if isinstance(failure, httpx.Response):
            return failure
        raise failure

    connector.answer(only_create)
    wanted = [required("team_member", "team-1-member", "team-1")]

    response = connector.call("create_account", {**NEW, "entitlements": wanted})

    [caught] = response["execution_summary"]["caught_errors"]
    assert caught["error_code"] == code
    assert caught["error_metadata"]["retryable"] is True
    assert caught["error_metadata"]["retry_after_seconds"] == (30 if code == "rate_limit" else None)


def test_an_existing_account_gets_what_it_lacks(connector: Connector) -> None:
    wanted = [
        required("team_member", "team-1-member", "team-1"),
        required("project_role", "project-2-viewer", "project-2"),
    ]
    request = {"email": "nora.iversen@example.com", "display_name": "Nora Iversen", "entitlements": wanted}

    first = connector.call("create_account", request)
    again = connector.call("create_account", request)

    assert (effect(first), effect(again)) == ("updated", "noop")
    assert first["response"]["id"] == "user-7"
    assert again["execution_summary"]["caught_errors"] is None
    assert entitlements(connector, "user-7") == ["project-2-viewer", "team-1-member"]


@pytest.mark.parametrize(
    ("capability", "account_id", "flag", "mapped", "kind", "write"),
    [
        ("activate_account", "user-4", "activated", "ACTIVE", "updated", "PUT"),
        ("deactivate_account", "user-1", "deactivated", "INACTIVE", "updated", "PUT"),
        ("delete_account", "user-1", "deleted", "SUSPENDED", "deleted", "DELETE"),
        ("delete_account", "user-4", "deleted", "SUSPENDED", "deleted", "DELETE"),
    ],
)
def test_a_status_is_changed_once(
    connector: Connector, capability: str, account_id: str, flag: str, mapped: str, kind: str, write: str
) -> None:
    first = connector.call(capability, {"account_id": account_id})
    again = connector.call(capability, {"account_id": account_id})

    assert first["response"] == again["response"] == {"status": mapped, flag: True}
    assert (effect(first), effect(again)) == (kind, "noop")
    assert connector.asked() == [
        f"GET /api/users/{account_id}",
        f"{write} /api/users/{account_id}",
        f"GET /api/users/{account_id}",
    ]
    assert status(connector, account_id) == mapped


def test_a_deleted_account_has_no_entitlements(connector: Connector) -> None:
    connector.call("delete_account", {"account_id": "user-1"})

    assert entitlements(connector, "user-1") == []


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account"])
def test_a_deleted_account_stays_deleted(connector: Connector, capability: str) -> None:
    error = connector.error(capability, {"account_id": "user-6"})

    assert error["error_code"] == "conflict"
    assert "user-6 is deleted" in error["message"]
    assert connector.asked() == ["GET /api/users/user-6"]


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account", "delete_account"])
def test_an_unknown_account_is_not_found(connector: Connector, capability: str) -> None:
    assert connector.error(capability, {"account_id": "nobody"})["error_code"] == "not_found"


@pytest.mark.parametrize(
    ("capability", "before"),
    [("activate_account", "inactive"), ("deactivate_account", "active"), ("delete_account", "active")],
)
def test_a_write_without_effect_is_not_a_success(connector: Connector, capability: str, before: str) -> None:
    connector.answer(lambda _: httpx.Response(200, json={**USER, "status": before}))

    error = connector.error(capability, {"account_id": "user-1"})

    assert error["error_code"] == "invalid_response"
    assert f"the account user-1 is {before}, not " in error["message"]


@pytest.mark.parametrize(
    ("capability", "status"),
    [("activate_account", "active"), ("deactivate_account", "inactive"), ("delete_account", "deleted")],
)
def test_a_write_needs_no_more_of_a_user_than_its_id_and_status(
    connector: Connector, capability: str, status: str
) -> None:
    connector.answer(lambda _: httpx.Response(200, json={"id": "user-1", "status": status}))

    assert connector.call(capability, {"account_id": "user-1"})["response"]


@pytest.mark.parametrize("capability", ["activate_account", "deactivate_account", "delete_account"])
def test_a_user_who_was_not_asked_for_is_not_taken_for_the_answer(
    connector: Connector, capability: str
) -> None:
    connector.answer(lambda _: httpx.Response(200, json={**USER, "id": "user-2"}))

    error = connector.error(capability, {"account_id": "user-1"})

    assert error["error_code"] == "invalid_response"
    assert error["message"] == "MockApp answered with a user who was not asked for"


def test_a_token_that_may_only_read_may_not_write(connector: Connector) -> None:
    error = connector.error("delete_account", {"account_id": "user-1"}, token="read-only-token")  # noqa: S106 - the mock server's own

    assert error["error_code"] == "permission_denied"
    assert status(connector, "user-1") == "ACTIVE"


FILTERS = "user_id=user-8&entitlement_id=project-1-viewer&resource_id=project-1"


def test_an_entitlement_is_assigned_once(connector: Connector) -> None:
    first = connector.call("assign_entitlement", ASSIGNMENT)
    again = connector.call("assign_entitlement", ASSIGNMENT)

    assert first["response"] == again["response"] == {"assigned": True}
    assert (effect(first), effect(again)) == ("updated", "noop")
    assert connector.asked() == [
        f"GET /api/associations?limit=1&offset=0&{FILTERS}",
        "POST /api/users/user-8/entitlements",
        f"GET /api/associations?limit=1&offset=0&{FILTERS}",
    ]
    assert entitlements(connector, "user-8") == ["project-1-viewer"]


def test_an_entitlement_is_unassigned_once(connector: Connector) -> None:
    connector.call("assign_entitlement", ASSIGNMENT)

    first = connector.call("unassign_entitlement", ASSIGNMENT)
    again = connector.call("unassign_entitlement", ASSIGNMENT)

    assert first["response"] == again["response"] == {"unassigned": True}
    assert (effect(first), effect(again)) == ("updated", "noop")
    assert connector.asked()[3] == (
        "DELETE /api/users/user-8/entitlements/project-1-viewer?resource_id=project-1"
    )
    assert entitlements(connector, "user-8") == []


@pytest.mark.parametrize("capability", ["assign_entitlement", "unassign_entitlement"])
def test_an_entitlement_of_an_unknown_account_is_not_found(connector: Connector, capability: str) -> None:
    request = {**ASSIGNMENT, "account_integration_specific_id": "nobody"}

    assert connector.error(capability, request)["error_code"] == "not_found"


def test_an_unknown_entitlement_is_not_found(connector: Connector) -> None:
    request = {**ASSIGNMENT, "entitlement_integration_specific_id": "project-1-owner"}

    assert connector.error("assign_entitlement", request)["error_code"] == "not_found"


def test_a_second_admin_role_is_a_conflict(connector: Connector) -> None:
    request = {
        **ASSIGNMENT,
        "account_integration_specific_id": "user-12",
        "resource_type": "global",
        "resource_integration_specific_id": "",
        "entitlement_type": "admin_role",
        "entitlement_integration_specific_id": "admin-full",
    }

    assert connector.error("assign_entitlement", request)["error_code"] == "conflict"


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"entitlement_type": "licence"}, "unknown_value", "'licence'"),
        ({"resource_type": "galaxy"}, "unknown_value", "'galaxy'"),
        ({"resource_type": ""}, "unknown_value", "''"),
        ({"resource_type": "team"}, "bad_request", "'team'"),
        ({"entitlement_type": "admin_role"}, "bad_request", "'admin_role'"),
        ({"account_integration_specific_id": ""}, "bad_request", "account"),
        ({"entitlement_integration_specific_id": ""}, "bad_request", "entitlement"),
        ({"resource_integration_specific_id": ""}, "bad_request", "resource"),
    ],
)
@pytest.mark.parametrize("capability", ["assign_entitlement", "unassign_entitlement"])
def test_a_request_that_does_not_fit_the_declared_types_asks_nothing(
    connector: Connector, capability: str, change: Json, code: str, named: str
) -> None:
    error = connector.error(capability, {**ASSIGNMENT, **change})

    assert error["error_code"] == code
    assert named in error["message"]
    assert connector.requests == []


@pytest.mark.parametrize("capability", ["assign_entitlement", "unassign_entitlement"])
def test_an_association_that_was_not_asked_for_is_not_taken_for_the_answer(
    connector: Connector, capability: str
) -> None:
    stranger = {"user_id": "user-1", "entitlement_id": "project-1-viewer", "resource_id": "project-1"}
    connector.answer(lambda _: listed(stranger))

    error = connector.error(capability, ASSIGNMENT)

    assert error["error_code"] == "invalid_response"
    assert "not asked for" in error["message"]


def test_another_association_than_was_asked_for_is_not_assigned(connector: Connector) -> None:
    other = {"user_id": "user-8", "entitlement_id": "project-1-editor", "resource_id": "project-1"}
    connector.answer(lambda request: listed() if request.method == "GET" else httpx.Response(201, json=other))

    assert connector.error("assign_entitlement", ASSIGNMENT)["error_code"] == "invalid_response"


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, json={"detail": "No."}), httpx.Response(200, html="<h1/>")]
)
def test_an_unassignment_that_is_answered_with_something_is_not_a_success(
    connector: Connector, answer: httpx.Response
) -> None:
    mine = {"user_id": "user-8", "entitlement_id": "project-1-viewer", "resource_id": "project-1"}
    connector.answer(lambda request: listed(mine) if request.method == "GET" else answer)

    assert connector.error("unassign_entitlement", ASSIGNMENT)["error_code"] == "invalid_response"
