"""Users, roles, keys and rooms with fields that each customer adds; a request names those that it wants."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query

FIELDS = [
    {"of": "user", "name": "team", "kind": "text"},
    {"of": "user", "name": "remote", "kind": "flag"},
    {"of": "user", "name": "hired", "kind": "date"},
    {"of": "user", "name": "manager", "kind": "user"},
    {"of": "user", "name": "locker", "kind": "number"},
    {"of": "role", "name": "team", "kind": "text"},
    {"of": "role", "name": "level", "kind": "number"},
    {"of": "key", "name": "rotated", "kind": "flag"},
    {"of": "key", "name": "uses", "kind": "number"},
    {"of": "room", "name": "seats", "kind": "number"},
    {"of": "room", "name": "floor", "kind": "text"},
]
ITEMS: dict[str, list[dict[str, Any]]] = {
    "user": [
        {"id": "u1", "name": "alice", "active": True, "fields": {"team": "sea", "remote": True}},
        {"id": "u2", "name": "bob", "active": False, "fields": {"team": "land", "remote": False}},
        {"id": "u3", "name": "carol", "active": True, "fields": {}},
        {
            "id": "u4",
            "name": "dan",
            "active": True,
            "fields": {"team": "", "hired": "2024-02-01", "manager": "u1"},
        },
    ],
    "role": [
        {"id": "r1", "name": "Captain", "fields": {"team": "sea", "level": 7}},
        {"id": "r2", "name": "Cook", "fields": {"level": 0}},
        {"id": "r3", "name": "Guest", "fields": {}},
        {"id": "r4", "name": "Farmer", "fields": {"team": "land"}},
    ],
    "key": [
        {
            "id": "k1",
            "name": "backup",
            "used": "2024-05-01T09:00:00Z",
            "fields": {"rotated": False, "uses": 3},
        },
        {"id": "k2", "name": "deploy", "used": None, "fields": {"uses": 0}},
        {"id": "k3", "name": "mail", "used": "2024-04-30T12:00:00Z", "fields": {"rotated": True}},
        {"id": "k4", "name": "old", "used": None, "fields": {}},
    ],
    "room": [
        {"id": "m1", "name": "Bridge", "fields": {"seats": 4, "floor": "top"}},
        {"id": "m2", "name": "Galley", "fields": {"seats": 0}},
        {"id": "m3", "name": "Hold", "fields": {"floor": "bottom"}},
        {"id": "m4", "name": "Stable", "fields": {}},
    ],
}
PATHS = {"user": "/users", "role": "/roles", "key": "/keys", "room": "/rooms"}


class Window:
    """The part of a list that a request asks for, and the fields of each item."""

    def __init__(
        self,
        limit: int = Query(ge=1, le=100),
        offset: int = Query(0, ge=0),
        field: Annotated[list[str] | None, Query()] = None,
    ) -> None:
        self.limit, self.offset, self.fields = limit, offset, field or []

    def of(self, items: list[dict]) -> dict:
        shown = items[self.offset : self.offset + self.limit]
        return {"items": [chosen(item, self.fields) for item in shown], "total": len(items)}


Asked = Annotated[Window, Depends()]


def chosen(item: dict, names: list[str]) -> dict:
    known = item.get("fields", {})
    return {**item, "fields": {name: known[name] for name in names if name in known}}


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise HTTPException(401, "unknown token")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])

    @app.get("/me")
    async def me() -> dict:
        return {"id": "ship-1"}

    @app.get("/fields")
    async def list_fields(window: Asked) -> dict:
        end = window.offset + window.limit
        return {"items": FIELDS[window.offset : end], "total": len(FIELDS)}

    def list_items(of: str) -> None:
        @app.get(PATHS[of])
        async def items(window: Asked) -> dict:
            return window.of(ITEMS[of])

    for of in PATHS:
        list_items(of)

    @app.get("/users/{user_id}")
    async def get_user(user_id: str, field: Annotated[list[str] | None, Query()] = None) -> dict:
        for user in ITEMS["user"]:
            if user["id"] == user_id:
                return chosen(user, field or [])
        raise HTTPException(404, "there is no such user")

    return app
