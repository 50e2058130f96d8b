"""Users by page number, for whoever has a password; one of the users is the administrator who asks."""

from __future__ import annotations

import base64

from fastapi import Depends, FastAPI, Header, HTTPException, Query

USERS = [
    {"login": "alice", "state": "enabled", "seen": "2024-05-01T09:00:00Z"},
    {"login": "bob", "state": "enabled", "seen": None},
    {"login": "carol", "state": "locked", "seen": "2023-12-24T18:00:00Z"},
    {"login": "dan", "state": "enabled", "seen": "2024-04-30T12:00:00Z"},
    {"login": "erin", "state": "locked", "seen": None},
]
PASSWORD = "Basic " + base64.b64encode(b"alice:open-sesame").decode()


def check_password(authorization: str = Header("")) -> None:
    if authorization != PASSWORD:
        raise HTTPException(401, "wrong login or password")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_password)])

    @app.get("/organisation")
    async def organisation() -> dict:
        return {"slug": "example-org"}

    @app.get("/users")
    async def list_users(page: int = Query(1, ge=1), per_page: int = Query(50, ge=1, le=100)) -> dict:
        shown = USERS[(page - 1) * per_page : page * per_page]
        return {"users": shown, "page": page, "pages": -(-len(USERS) // per_page), "total": len(USERS)}

    return app
