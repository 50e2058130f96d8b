"""The API of an application: its users and groups. Who is in which group, only its database says."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Header, HTTPException, Query

USERS = [{"uid": uid, "locked": uid == "carol"} for uid in ("alice", "bob", "carol", "dan")]
GROUPS = [{"name": name, "title": name.title()} for name in ("admins", "staff")]


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise HTTPException(401, "the token is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])

    def page(records: list[dict], start: int, count: int) -> dict:
        return {"total": len(records), "entries": records[start : start + count]}

    @app.get("/base")
    async def base() -> dict:
        return {"tenant": "example-org"}

    @app.get("/users")
    async def users(start: int = Query(0, ge=0), count: int = Query(50, ge=1, le=100)) -> dict:
        return page(USERS, start, count)

    @app.get("/groups")
    async def groups(start: int = Query(0, ge=0), count: int = Query(50, ge=1, le=100)) -> dict:
        return page(GROUPS, start, count)

    return app
