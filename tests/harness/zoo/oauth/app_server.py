"""A desk and its agents, for whoever has logged in: codes with PKCE, and refresh tokens that rotate."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse

AGENTS = [
    {"id": "a1", "login": "alice", "state": "on"},
    {"id": "a2", "login": "bob", "state": "off"},
    {"id": "a3", "login": "carol", "state": "on"},
    {"id": "a4", "login": "dan", "state": "on"},
]
CLIENT_ID, CLIENT_SECRET = "lumos-client", "sesame-of-the-client"
REDIRECT_URI = "https://lumos.example.com/oauth/callback"
SCOPES = {"desk:read", "agents:read", "offline"}
# How a client authenticates, "basic" or "post"; and how it asks, with a "form", "json" or a "query".
CLIENT_AUTH, DATA = "basic", "form"


class Refused(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        self.response = JSONResponse({"error": error}, status)


class Logins:
    """The codes and tokens that are good at the moment."""

    def __init__(self) -> None:
        self.codes: dict[str, dict] = {}
        self.access = {"access-of-the-tests": SCOPES}
        self.refresh: dict[str, set[str]] = {}

    def code(self, params: dict) -> str:
        code = secrets.token_urlsafe(12)
        self.codes[code] = params
        return code

    def redeem(self, fields: dict) -> set[str]:
        asked = self.codes.pop(fields.get("code") or "", None)
        if asked is None or asked["redirect_uri"] != fields.get("redirect_uri"):
            raise Refused("invalid_grant")
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        if asked.get("code_challenge") != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            raise Refused("invalid_grant")
        return set(asked["scope"].split())

    def rotate(self, fields: dict) -> set[str]:
        scopes = self.refresh.pop(fields.get("refresh_token", ""), None)
        if scopes is None:
            raise Refused("invalid_grant")
        return scopes

    def tokens(self, scopes: set[str]) -> dict:
        access, refresh = (secrets.token_urlsafe(24) for _ in range(2))
        self.access[access] = scopes
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 3600}
        if "offline" in scopes:
            self.refresh[refresh] = scopes
            answer["refresh_token"] = refresh
        return answer


async def fields_of(request: Request) -> dict:
    """The fields of a request for a token, if they are where they should be."""
    text = (await request.body()).decode()
    kind = request.headers.get("content-type", "")
    if DATA == "query":
        return dict(request.query_params)
    if DATA == "json" and kind == "application/json":
        return json.loads(text)
    if DATA == "form" and kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    raise Refused("invalid_request")


def check_client(fields: dict, authorization: str) -> None:
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    if CLIENT_AUTH == "basic":
        good = authorization == f"Basic {basic}"
    else:
        good = (fields.get("client_id"), fields.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    if not good:
        raise Refused("invalid_client", 401)


def create_app() -> FastAPI:
    app = FastAPI()
    logins = Logins()

    @app.exception_handler(Refused)
    async def refuse(_request: Request, error: Refused) -> JSONResponse:
        return error.response

    def allowed(scope: str) -> object:
        def check_token(authorization: str = Header("")) -> None:
            scopes = logins.access.get(authorization.removeprefix("Bearer "))
            if scopes is None:
                raise HTTPException(401, "the access token is unknown")
            if scope not in scopes:
                raise HTTPException(403, f"the scope {scope} is missing")

        return Depends(check_token)

    @app.get("/oauth/authorize")
    async def authorize(request: Request) -> RedirectResponse:
        params = dict(request.query_params)
        if (params.get("client_id"), params.get("redirect_uri")) != (CLIENT_ID, REDIRECT_URI):
            raise HTTPException(400, "the client or its redirect URI is unknown")
        known = set(params.get("scope", "").split()) <= SCOPES
        # The customer agrees.
        answer = {"code": logins.code(params)} if known else {"error": "invalid_scope"}
        return RedirectResponse(f"{REDIRECT_URI}?{urlencode(answer | {'state': params['state']})}", 302)

    @app.api_route("/oauth/token", methods=["POST", "GET"])
    async def token(request: Request, authorization: str = Header("")) -> dict:
        fields = await fields_of(request)
        check_client(fields, authorization)
        if fields.get("grant_type") == "authorization_code":
            return logins.tokens(logins.redeem(fields))
        if fields.get("grant_type") == "refresh_token":
            return logins.tokens(logins.rotate(fields))
        raise Refused("unsupported_grant_type")

    @app.get("/desk", dependencies=[allowed("desk:read")])
    async def desk() -> dict:
        return {"id": "desk-1"}

    @app.get("/agents", dependencies=[allowed("agents:read")])
    async def list_agents(start: int = Query(0, ge=0), count: int = Query(ge=1, le=100)) -> dict:
        return {"agents": AGENTS[start : start + count], "start": start, "total": len(AGENTS)}

    return app
