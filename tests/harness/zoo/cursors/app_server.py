"""Cursors that look like nothing: the last page's is 0, or the first one's is "0" and the end is ""."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Header, HTTPException, Query

USERS = [{"id": number, "name": name, "active": name != "bob"} for number, name in
         enumerate(["alice", "bob", "carol", "dan", "erin"])]  # fmt: skip
ROLES = [{"id": f"role-{number}", "name": f"Role {number}"} for number in range(4)]


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer access-open-sesame":
        raise HTTPException(401, "the access token is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])

    @app.get("/team")
    async def team() -> dict:
        return {"id": "team-1"}

    @app.get("/users")
    async def list_users(limit: int = Query(ge=1, le=100), cursor: int | None = None) -> dict:
        """The newest first: a cursor is the number of the newest user of its page."""
        newest = len(USERS) - 1 if cursor is None else cursor
        if not 0 <= newest < len(USERS):
            raise HTTPException(400, "no such cursor")
        oldest = max(newest - limit + 1, 0)
        return {"users": USERS[oldest : newest + 1][::-1], "next": oldest - 1 if oldest else None}

    @app.get("/roles")
    async def list_roles(limit: int = Query(ge=1, le=100), cursor: str = "") -> dict:
        """A cursor counts the pages that came before; the first page's is empty, and so is the end's."""
        pages = ["", *(str(number) for number in range(-(-len(ROLES) // limit) - 1))]
        if cursor not in pages:
            raise HTTPException(400, "no such cursor")
        number = pages.index(cursor)
        shown = ROLES[number * limit : (number + 1) * limit]
        return {"roles": shown, "next": "" if cursor == pages[-1] else pages[number + 1]}

    return app
