"""An upstream for the tests of the standard contract: users, projects, and who has which role or licence."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel

USERS = [
    {"id": "u1", "name": "alice", "status": "active", "last_login": "2024-05-01T09:00:00Z"},
    {"id": "u2", "name": "bob", "status": "active", "last_login": "2024-05-02T10:30:00Z"},
    {"id": "u3", "name": "carol", "status": "suspended", "last_login": "2023-11-20T16:45:00Z"},
    {"id": "u4", "name": "dan", "status": "invited", "last_login": None},
    {"id": "u5", "name": "erin", "status": "active", "last_login": None},
    {"id": "u6", "name": "Zoë", "status": "suspended", "last_login": None},
    {"id": "u7", "name": "grace", "status": "active", "last_login": "2024-04-30T23:59:59Z"},
]
PROJECTS = [{"id": "p1", "name": "Website"}, {"id": "p2", "name": "Payroll"}]
# Licences belong to no project, and a user has one at most.
ENTITLEMENTS = [
    {"id": "p1-admin", "kind": "project_role", "project_id": "p1", "name": "Website admin"},
    {"id": "p1-viewer", "kind": "project_role", "project_id": "p1", "name": "Website viewer"},
    {"id": "p2-admin", "kind": "project_role", "project_id": "p2", "name": "Payroll admin"},
    {"id": "p2-viewer", "kind": "project_role", "project_id": "p2", "name": "Payroll viewer"},
    {"id": "basic", "kind": "licence", "project_id": "", "name": "Basic licence"},
    {"id": "full", "kind": "licence", "project_id": "", "name": "Full licence"},
]
GRANTS = [
    ("u1", "p1-admin"),
    ("u1", "p2-admin"),
    ("u1", "full"),
    ("u2", "p1-viewer"),
    ("u2", "basic"),
    ("u3", "p2-viewer"),
    ("u7", "p1-viewer"),
]


class NewUser(BaseModel):
    name: str
    email: str


class Change(BaseModel):
    status: Literal["active", "suspended"] | None = None
    email: str | None = None


class Window:
    """The part of a list that a request asks for."""

    def __init__(self, limit: int = Query(ge=1, le=100), offset: int = Query(0, ge=0)) -> None:
        self.limit, self.offset = limit, offset

    def of(self, items: list[dict]) -> dict:
        end = self.offset + self.limit
        shown = items[self.offset : end]
        return {"items": shown, "offset": self.offset, "total": len(items), "has_more": end < len(items)}


Asked = Annotated[Window, Depends()]


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise HTTPException(401, "unknown token")


def grant(user_id: str, entitlement: dict) -> dict:
    return {
        "user_id": user_id,
        "entitlement_id": entitlement["id"],
        "project_id": entitlement["project_id"],
    }


def create_app() -> FastAPI:
    """Return the application, with its state as it is at the start."""
    app = FastAPI(dependencies=[Depends(check_token)])
    users = {user["id"]: {**user, "email": f"{user['id']}@example.com"} for user in USERS}
    entitlements = {(one["id"], one["project_id"]): one for one in ENTITLEMENTS}
    licences = {one["id"] for one in ENTITLEMENTS if one["kind"] == "licence"}
    projects = {one["id"]: one["project_id"] for one in ENTITLEMENTS}
    grants = [grant(user_id, entitlements[id_, projects[id_]]) for user_id, id_ in GRANTS]
    numbers = count(len(USERS) + 1)

    def find_user(user_id: str) -> dict:
        if user_id not in users:
            raise HTTPException(404, f"there is no user {user_id!r}")
        return users[user_id]

    def find_entitlement(entitlement_id: str, project_id: str) -> dict:
        if (entitlement_id, project_id) not in entitlements:
            raise HTTPException(404, f"there is no entitlement {entitlement_id!r} in project {project_id!r}")
        return entitlements[entitlement_id, project_id]

    @app.get("/me")
    async def me() -> dict:
        return {"tenant_id": "example-org"}

    @app.get("/users")
    async def list_users(window: Asked) -> dict:
        return window.of(list(users.values()))

    @app.get("/users/updated")
    async def list_updated_users(window: Asked, since: str = "") -> dict:
        return window.of([user for user in users.values() if (user["last_login"] or "") > since])

    @app.get("/projects")
    async def list_projects(window: Asked) -> dict:
        return window.of(PROJECTS)

    @app.get("/entitlements")
    async def list_entitlements(window: Asked) -> dict:
        return window.of(ENTITLEMENTS)

    @app.get("/grants")
    async def list_grants(window: Asked) -> dict:
        return window.of(grants)

    @app.get("/users/{user_id}")
    async def get_user(user_id: str) -> dict:
        return find_user(user_id)

    @app.get("/users/{user_id}/grants")
    async def list_grants_of(user_id: str, window: Asked) -> dict:
        return window.of([one for one in grants if one["user_id"] == find_user(user_id)["id"]])

    @app.post("/users", status_code=201)
    async def create_user(new: NewUser) -> dict:
        if any(user["email"] == new.email for user in users.values()):
            raise HTTPException(409, "there is a user with this address")
        user_id = f"u{next(numbers)}"
        users[user_id] = {"id": user_id, "status": "invited", "last_login": None, **new.model_dump()}
        return users[user_id]

    @app.patch("/users/{user_id}")
    async def change_user(user_id: str, change: Change) -> dict:
        user = find_user(user_id)
        user.update(change.model_dump(exclude_none=True))
        return user

    @app.delete("/users/{user_id}", status_code=204)
    async def delete_user(user_id: str) -> None:
        del users[find_user(user_id)["id"]]
        grants[:] = [kept for kept in grants if kept["user_id"] != user_id]

    @app.put("/users/{user_id}/grants/{entitlement_id}")
    async def add_grant(user_id: str, entitlement_id: str, project_id: str) -> dict:
        wanted = grant(find_user(user_id)["id"], find_entitlement(entitlement_id, project_id))
        if wanted in grants:
            return wanted
        held = {one["entitlement_id"] for one in grants if one["user_id"] == user_id}
        if entitlement_id in licences and held & licences:
            raise HTTPException(409, f"user {user_id} has a licence")
        grants.append(wanted)
        return wanted

    @app.delete("/users/{user_id}/grants/{entitlement_id}", status_code=204)
    async def remove_grant(user_id: str, entitlement_id: str, project_id: str) -> None:
        unwanted = grant(find_user(user_id)["id"], find_entitlement(entitlement_id, project_id))
        if unwanted not in grants:
            raise HTTPException(404, f"user {user_id} has no {entitlement_id}")
        grants.remove(unwanted)

    return app
