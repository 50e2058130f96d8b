"""Users, roles and who has which, for whoever has a token and the key of the workspace; and reports."""

from __future__ import annotations

from fastapi import FastAPI, Header, HTTPException, Query, Response

USERS = [
    {"id": "u1", "login": "alice", "state": "enabled"},
    {"id": "u2", "login": "bob", "state": "enabled"},
    {"id": "u3", "login": "carol", "state": "locked"},
    {"id": "u4", "login": "dan", "state": "enabled"},
]
ROLES = [
    {"id": "r1", "name": "Owner", "kind": "role"},
    {"id": "r2", "name": "Editor", "kind": "role"},
    {"id": "r3", "name": "Seat", "kind": "licence"},
]
REPORT = b"login;roles\nalice;Owner\nbob;\xc3\x89diteur\n"


def create_app() -> FastAPI:
    app = FastAPI()

    def check(authorization: str = "Bearer open-sesame", workspace: str = "workspace-sesame") -> None:
        if authorization != "Bearer open-sesame":
            raise HTTPException(401, "the token is not valid")
        if workspace != "workspace-sesame":
            raise HTTPException(401, "the key is not one of this workspace")

    def page(records: list[dict], offset: int, limit: int) -> dict:
        return {"total": len(records), "items": records[offset : offset + limit]}

    @app.get("/token")
    async def token(authorization: str = Header("")) -> dict:
        check(authorization)
        return {"scopes": ["users:read", "roles:read"]}

    @app.get("/workspace")
    async def workspace(x_workspace: str = Header("")) -> dict:
        check(workspace=x_workspace)
        return {"id": "w-1", "plan": "business"}

    @app.get("/users")
    async def users(
        authorization: str = Header(""),
        x_workspace: str = Header(""),
        offset: int = Query(0, ge=0),
        limit: int = Query(50, ge=1, le=100),
    ) -> dict:
        check(authorization, x_workspace)
        return page(USERS, offset, limit)

    @app.get("/roles")
    async def roles(
        authorization: str = Header(""),
        x_workspace: str = Header(""),
        offset: int = Query(0, ge=0),
        limit: int = Query(50, ge=1, le=100),
    ) -> dict:
        check(authorization, x_workspace)
        return page(ROLES, offset, limit)

    @app.get("/reports/{name}")
    async def report(name: str, authorization: str = Header(""), x_workspace: str = Header("")) -> Response:
        check(authorization, x_workspace)
        if name != "roles":
            raise HTTPException(404, "there is no such report")
        headers = {"X-Total-Count": "2", "X-Request-Id": "made-up"}
        return Response(REPORT, media_type="text/csv; charset=utf-8", headers=headers)

    @app.post("/search")
    async def search(authorization: str = Header(""), x_workspace: str = Header("")) -> dict:
        check(authorization, x_workspace)
        return page(USERS, 0, 2)

    return app
