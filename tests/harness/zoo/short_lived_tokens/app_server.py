"""A shop and its staff: an access token is good for two requests, a refresh token for one refresh."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from fastapi import FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse

NAMES = ["ann", "bob", "cy", "dan", "eve", "flo", "gus", "hal"]
STAFF = [{"id": number, "name": name} for number, name in enumerate(NAMES, 1)]


def create_app() -> FastAPI:
    app = FastAPI()
    refresh, left = {"refresh-of-the-tests"}, {}

    def check(authorization: str) -> None:
        token = authorization.removeprefix("Bearer ")
        if left.get(token, 0) < 1:
            raise HTTPException(401, "the access token has expired")
        left[token] -= 1

    @app.post("/token", response_model=None)
    async def token(request: Request) -> dict | JSONResponse:
        used = dict(parse_qsl((await request.body()).decode())).get("refresh_token")
        if used not in refresh:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access, following = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        refresh.remove(used)
        refresh.add(following)
        left.clear()
        left[access] = 2
        return {"access_token": access, "refresh_token": following, "token_type": "Bearer", "expires_in": 30}

    @app.get("/shop")
    async def shop(authorization: str = Header("")) -> dict:
        check(authorization)
        return {"id": "shop-1"}

    @app.get("/staff")
    async def list_staff(
        authorization: str = Header(""), start: int = Query(0, ge=0), count: int = Query(ge=1, le=100)
    ) -> dict:
        check(authorization)
        return {"staff": STAFF[start : start + count], "start": start, "total": len(STAFF)}

    return app
