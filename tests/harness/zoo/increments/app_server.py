"""A journal of changes, an audit log and expenses; the users are copied from elsewhere every night."""

from __future__ import annotations

from itertools import count

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel

USERS = [
    {"id": "u1", "email": "alice@example.com", "active": True, "changed": "2024-03-01T08:00:00Z"},
    {"id": "u2", "email": "bob@example.com", "active": False, "changed": "2024-03-05T12:30:00Z"},
    {"id": "u3", "email": "carol@example.com", "active": True, "changed": "2024-04-02T16:45:00Z"},
    {"id": "u4", "email": "dan@example.com", "active": True, "changed": "2024-04-09T07:15:00Z"},
]
EVENTS = [
    {"id": "e1", "kind": "login", "user": "u1", "at": "2024-04-01T09:00:00Z", "role": None},
    {"id": "e2", "kind": "grant", "user": "u2", "at": "2024-04-03T10:00:00Z", "role": "editor"},
    {"id": "e3", "kind": "login", "user": "u1", "at": "2024-04-05T09:30:00Z", "role": None},
    {"id": "e4", "kind": "login", "user": "u3", "at": "2024-04-08T11:00:00Z", "role": None},
    {"id": "e5", "kind": "grant", "user": "u1", "at": "2024-04-09T17:20:00Z", "role": "reader"},
]
EXPENSES = [
    {"id": "x1", "day": "2024-01-10", "cents": 120000, "currency": "EUR", "paid": "2024-02-01", "by": "u1"},
    {"id": "x2", "day": "2024-01-31", "cents": 950, "currency": "USD", "paid": None, "by": "u2"},
    {"id": "x3", "day": "2024-02-14", "cents": 5, "currency": "EUR", "paid": None, "by": "u1"},
    {"id": "x4", "day": "2024-03-20", "cents": 7700, "currency": "USD", "paid": "2024-04-01", "by": "u3"},
]


class Change(BaseModel):
    email: str


class Window:
    """The part of a list that a request asks for."""

    def __init__(self, limit: int = Query(ge=1, le=100), offset: int = Query(0, ge=0)) -> None:
        self.limit, self.offset = limit, offset

    def of(self, items: list[dict]) -> dict:
        return {"items": items[self.offset : self.offset + self.limit], "total": len(items)}


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise HTTPException(401, "unknown token")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])
    numbers = count(1)
    users = {user["id"]: {**user, "number": next(numbers)} for user in USERS}

    @app.get("/me")
    async def me() -> dict:
        return {"id": "office-1"}

    @app.get("/copied")
    async def copied() -> dict:
        return {"users": "2024-04-10T02:00:00Z", "events": None}

    @app.get("/users")
    async def list_users(window: Window = Depends()) -> dict:  # noqa: B008
        return window.of(list(users.values()))

    @app.get("/changes")
    async def list_changes(
        window: Window = Depends(),  # noqa: B008
        since: str = "",
        after: int = Query(0, ge=0),
    ) -> dict:
        """The users that have changed, and the number of the last change there is."""
        changed = [user for user in users.values() if user["number"] > after and user["changed"] > since]
        last = max(user["number"] for user in users.values())
        if after > last:
            raise HTTPException(400, "no such change")
        return {**window.of(changed), "last": last}

    @app.patch("/users/{user_id}")
    async def change_user(user_id: str, change: Change) -> dict:
        if user_id not in users:
            raise HTTPException(404, "there is no such user")
        if users[user_id]["email"] != change.email:
            users[user_id].update(email=change.email, number=next(numbers))
        return users[user_id]

    @app.get("/events")
    async def list_events(
        since: str,
        window: Window = Depends(),  # noqa: B008
        user: list[str] | None = Query(None),  # noqa: B008
    ) -> dict:
        found = [each for each in EVENTS if each["at"] >= since and (user is None or each["user"] in user)]
        return window.of(found)

    @app.get("/expenses")
    async def list_expenses(
        window: Window = Depends(),  # noqa: B008
        first: str = "",
        last: str = "9999-12-31",
    ) -> dict:
        return window.of([each for each in EXPENSES if first <= each["day"] <= last])

    return app
