"""Bare lists of users, with the next page in the header ``Link``, below a path that the tenant has."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response

USERS = [
    {"id": "u/1", "mail": "alice@example.com", "status": "ACTIVE"},
    {"id": "u/2", "mail": "bob@example.com", "status": "ACTIVE"},
    {"id": "u/3", "mail": "carol@example.com", "status": "STAGED"},
    {"id": "u/4", "mail": "dan@example.com", "status": "ACTIVE"},
    {"id": "u/5", "mail": "erin@example.com", "status": "LOCKED"},
]


def check_token(authorization: str = Header("")) -> None:
    if authorization != "SSWS open-sesame":
        raise HTTPException(401, "the token is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])

    @app.get("/org")
    async def org() -> dict:
        return {"id": "tenant-1"}

    @app.get("/users")
    async def list_users(
        request: Request, response: Response, limit: int = Query(ge=1, le=100), after: str | None = None
    ) -> list[dict]:
        ids = [user["id"] for user in USERS]
        if after is not None and after not in ids:
            raise HTTPException(400, "no such place in the list")
        start = 0 if after is None else ids.index(after) + 1
        shown = USERS[start : start + limit]
        response.headers["X-Total-Count"] = str(len(USERS))
        links = [f'<{request.url}>; rel="self"']
        if start + limit < len(USERS):
            following = request.url.include_query_params(after=shown[-1]["id"])
            links.append(f'<{following}>; rel="next"')
        response.headers["Link"] = ", ".join(links)
        return shown

    @app.get("/users/{user_id:path}")
    async def get_user(user_id: str) -> dict:
        for user in USERS:
            if user["id"] == user_id:
                return user
        raise HTTPException(404, "no such user")

    return app
