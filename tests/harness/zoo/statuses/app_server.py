"""Users whom a deletion leaves in the list, people and robots, and how much of each thing they may have."""

from __future__ import annotations

from typing import Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel

USERS = [
    {"id": "u1", "name": "alice", "state": "active", "kind": "human"},
    {"id": "u2", "name": "bob", "state": "suspended", "kind": "human"},
    {"id": "u3", "name": "carol", "state": "deleted", "kind": "human"},
    {"id": "u4", "name": "deploy", "state": "active", "kind": "robot"},
    {"id": "u5", "name": "erin", "state": "active", "kind": "human"},
    {"id": "u6", "name": "frank", "state": "deleted", "kind": "human"},
]
# Each active user has one role; a licence is for who wants one, and the old one is sold no more.
ENTITLEMENTS = [
    {"id": "admin", "type": "role", "sold": True},
    {"id": "member", "type": "role", "sold": True},
    {"id": "basic", "type": "licence", "sold": True},
    {"id": "full", "type": "licence", "sold": True},
    {"id": "old", "type": "licence", "sold": False},
]
GRANTS = [("u1", "admin"), ("u1", "full"), ("u4", "member"), ("u5", "member"), ("u2", "old")]
APPS = [
    {"id": "a1", "title": "Backup", "owner": "u1"},
    {"id": "a2", "title": "Billing", "owner": "u5"},
]


class NewUser(BaseModel):
    name: str
    role: Literal["admin", "member"]


class Change(BaseModel):
    state: Literal["active", "suspended"]


def check_key(x_api_key: str = Header("")) -> None:
    if x_api_key != "open-sesame":
        raise HTTPException(401, "the key is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_key)])
    users = {user["id"]: dict(user) for user in USERS}
    entitlements = {each["id"]: each for each in ENTITLEMENTS}
    grants = list(GRANTS)

    def part(items: list, skip: int, take: int) -> dict:
        return {"values": items[skip : skip + take], "skip": skip, "total": len(items)}

    def find(user_id: str) -> dict:
        if user_id not in users or users[user_id]["state"] == "deleted":
            raise HTTPException(404, "no such user")
        return users[user_id]

    def entitlement(entitlement_id: str) -> dict:
        if entitlement_id not in entitlements:
            raise HTTPException(404, "no such entitlement")
        return entitlements[entitlement_id]

    def held(user_id: str, kind: str) -> list[str]:
        return [each for user, each in grants if user == user_id and entitlements[each]["type"] == kind]

    @app.get("/tenant")
    async def tenant() -> dict:
        return {"key": "statuses-1"}

    @app.get("/users")
    async def list_users(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part(list(users.values()), skip, take)

    @app.get("/entitlements")
    async def list_entitlements(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part(ENTITLEMENTS, skip, take)

    @app.get("/grants")
    async def list_grants(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part([{"user": user, "entitlement": each} for user, each in grants], skip, take)

    @app.get("/apps")
    async def list_apps(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part(APPS, skip, take)

    @app.post("/users")
    async def create(new: NewUser) -> dict:
        if any(user["name"] == new.name for user in users.values()):
            raise HTTPException(409, "there is a user with this name")
        user = {"id": f"u{len(users) + 1}", "name": new.name, "state": "active", "kind": "human"}
        users[user["id"]] = user
        grants.append((user["id"], new.role))
        return user

    @app.patch("/users/{user_id}")
    async def change(user_id: str, wanted: Change) -> dict:
        find(user_id)["state"] = wanted.state
        return users[user_id]

    @app.delete("/users/{user_id}")
    async def delete(user_id: str) -> dict:
        find(user_id)["state"] = "deleted"
        grants[:] = [(user, each) for user, each in grants if user != user_id]
        return users[user_id]

    @app.put("/users/{user_id}/grants/{entitlement_id}")
    async def grant(user_id: str, entitlement_id: str) -> dict:
        find(user_id)
        wanted = entitlement(entitlement_id)
        if not wanted["sold"]:
            raise HTTPException(409, "it is sold no more")
        if (user_id, entitlement_id) not in grants:
            if wanted["type"] == "licence" and held(user_id, "licence"):
                raise HTTPException(409, "the user has a licence")
            # A role takes the place of another.
            grants[:] = [
                (user, each)
                for user, each in grants
                if user != user_id or entitlements[each]["type"] != "role" or wanted["type"] != "role"
            ]
            grants.append((user_id, entitlement_id))
        return {"user": user_id, "entitlement": entitlement_id}

    @app.delete("/users/{user_id}/grants/{entitlement_id}")
    async def revoke(user_id: str, entitlement_id: str) -> dict:
        find(user_id)
        if (user_id, entitlement_id) not in grants:
            raise HTTPException(404, "the user has no such entitlement")
        if entitlement(entitlement_id)["type"] == "role":
            raise HTTPException(409, "a user has a role always")
        grants.remove((user_id, entitlement_id))
        return {"user": user_id, "entitlement": entitlement_id}

    return app
