"""The connector as Lumos calls it, JSON in and JSON out, with MockApp's part played in the process."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from mockapp_connector.integration import integration

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "mockapp_connector"

Json = dict[str, Any]
Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Connector:
    """Calls capabilities; the upstream is the mock server, or whatever ``upstream`` is set to.

    Attributes:
        upstream: Answers the connector's requests.
        requests: The requests that the connector made.
    """

    upstream: httpx.AsyncBaseTransport
    requests: list[httpx.Request] = field(default_factory=list)

    def call(
        self,
        capability: str,
        request: Json | None = None,
        *,
        token: str = "valid-token",  # noqa: S107 - the mock server's own
        page: Json | None = None,
        **settings: Any,
    ) -> Json:
        """Call a capability and return its response, success or error."""
        envelope = {
            "auth": {"token": {"token": token}},
            "request": request or {},
            "page": page,
            "settings": {"api_url": "http://mockapp.test", **settings},
        }
        return self.dispatch(capability, json.dumps(envelope))

    def dispatch(self, capability: str, request_string: str) -> Json:
        """Call a capability with any text."""
        response: Json = json.loads(asyncio.run(integration.dispatch(capability, request_string)))
        return response

    def error(self, capability: str, request: Json | None = None, **arguments: Any) -> Json:
        """Call a capability that has to fail, and return the error."""
        response = self.call(capability, request, **arguments)
        assert response.get("is_error"), response
        error: Json = response["error"]
        return error

    def walk(self, capability: str, size: int) -> list[Json]:
        """Call a capability page after page."""
        pages = [self.call(capability, page={"size": size})]
        while page := pages[-1]["page"]:
            assert len(pages) < 100, "the walk does not end"
            pages.append(self.call(capability, page=page))
        return pages

    def answer(self, answer: Answer) -> None:
        """Let a function be the upstream."""
        self.upstream = httpx.MockTransport(answer)

    def asked(self) -> list[str]:
        """Return the methods and targets of the requests."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


USER: Json = {
    "id": "user-1",
    "email": "alice.martin@example.com",
    "name": "Alice Martin",
    "status": "active",
    "last_login": "2025-01-10T16:45:00Z",
}
RESOURCE: Json = {"id": "project-1", "type": "project", "name": "Website", "description": "The website"}
ENTITLEMENT: Json = {
    "id": "project-1-viewer",
    "type": "project_role",
    "name": "Viewer",
    "description": "Reads the project",
    "resource_id": "project-1",
}
ASSOCIATION: Json = {
    "user_id": "user-1",
    "entitlement_id": "project-1-viewer",
    "resource_id": "project-1",
}

# Each capability that pages, its path and an item of its list.
LISTS = {
    "list_accounts": ("/api/users", USER),
    "list_resources": ("/api/resources", RESOURCE),
    "list_entitlements": ("/api/entitlements", ENTITLEMENT),
    "find_entitlement_associations": ("/api/associations", ASSOCIATION),
}

ASSIGNMENT: Json = {
    "account_integration_specific_id": "user-8",
    "resource_integration_specific_id": "project-1",
    "resource_type": "project",
    "entitlement_type": "project_role",
    "entitlement_integration_specific_id": "project-1-viewer",
}

# Every capability with a request that works with the mock server, before anything else was changed.
REQUESTS: dict[str, Json] = {
    "validate_credentials": {},
    **{capability: {} for capability in LISTS},
    "get_last_activity": {"account_ids": ["user-1"]},
    "create_account": {"email": "new.user@example.com", "display_name": "New User", "entitlements": []},
    "activate_account": {"account_id": "user-4"},
    "deactivate_account": {"account_id": "user-1"},
    "delete_account": {"account_id": "user-1"},
    "assign_entitlement": ASSIGNMENT,
    "unassign_entitlement": {**ASSIGNMENT, "account_integration_specific_id": "user-1"},
}


def listed(*items: Json, **contradictions: Any) -> httpx.Response:
    """Answer with the only page of a list, or one that is not what its fields say."""
    page = {"items": list(items), "total": len(items), "limit": 100, "offset": 0, "has_more": False}
    return httpx.Response(200, json={**page, **contradictions})


def envelope(api_url: str, request: Json, token: str = "valid-token") -> str:  # noqa: S107 - the mock server's own
    """Return what is passed as ``--json``."""
    return json.dumps(
        {"auth": {"token": {"token": token}}, "request": request, "settings": {"api_url": api_url}}
    )
