"""A small upstream for the harness's own tests: users, a page at a time."""

from __future__ import annotations

from fastapi import FastAPI, Header, HTTPException

USERS = [
    {"id": "u1", "login": "ada", "mail": "ada@example.com", "state": "on"},
    {"id": "u2", "login": "bob", "mail": "bob@example.com", "state": "off"},
    {"id": "u3", "login": "Zoë", "mail": None, "state": "on"},
]


def create_app() -> FastAPI:
    app = FastAPI()
    users = [dict(user) for user in USERS]

    def check(authorization: str) -> None:
        if authorization != "Bearer open-sesame":
            raise HTTPException(401, "unknown token")

    @app.get("/v1/users")
    async def list_users(limit: int = 2, start: int = 0, authorization: str = Header("")) -> dict:
        check(authorization)
        following = start + limit if start + limit < len(users) else None
        return {"users": users[start : start + limit], "next": following}

    @app.post("/v1/users", status_code=201)
    async def create_user(user: dict, authorization: str = Header("")) -> dict:
        check(authorization)
        users.append({"id": f"u{len(users) + 1}", "mail": None, "state": "on", **user})
        return users[-1]

    return app
