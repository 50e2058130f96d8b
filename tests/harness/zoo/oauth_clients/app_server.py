"""A print shop, for the clients that have asked for a token: with JSON, and the secret in it."""

from __future__ import annotations

import secrets

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse

CLIENT = {"client_id": "lumos-client", "client_secret": "sesame-of-the-client"}


def create_app() -> FastAPI:
    app = FastAPI()
    issued = {"access-of-the-tests"}

    def check_token(authorization: str = Header("")) -> None:
        if authorization.removeprefix("Bearer ") not in issued:
            raise HTTPException(401, "the access token is unknown")

    @app.post("/token", response_model=None)
    async def token(fields: dict) -> dict | JSONResponse:
        if {name: fields.get(name) for name in CLIENT} != CLIENT:
            return JSONResponse({"error": "invalid_client"}, 401)
        if fields.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if set(fields.get("scope", "").split()) != {"printers:read", "site:read"}:
            return JSONResponse({"error": "invalid_scope"}, 400)
        issued.add(given := secrets.token_urlsafe(24))
        return {"access_token": given, "token_type": "bearer", "expires_in": 3600}

    @app.get("/site", dependencies=[Depends(check_token)])
    async def site() -> dict:
        return {"id": "site-1"}

    return app
