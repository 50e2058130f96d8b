"""Devices and their owners, for whoever has a fresh access token, which is another each time."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import parse_qsl

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request

OWNERS = [
    {"id": "o1", "name": "alice", "enrolled": True},
    {"id": "o2", "name": "bob", "enrolled": False},
    {"id": "o3", "name": "carol", "enrolled": True},
    {"id": "o4", "name": "dan", "enrolled": True},
]
DEVICES = {"d1": "o1", "d2": "o1", "d3": "o3"}
CLIENT = "Basic " + base64.b64encode(b"lumos-client:open-sesame").decode()


def create_app() -> FastAPI:
    app = FastAPI()
    issued: set[str] = set()
    devices = {name: {"id": name, "owner": owner, "locked": False} for name, owner in DEVICES.items()}

    def check_token(authorization: str = Header("")) -> None:
        if authorization.removeprefix("Bearer ") not in issued:
            raise HTTPException(401, "the access token is unknown")

    asked = [Depends(check_token)]

    @app.post("/oauth/token")
    async def issue(request: Request, authorization: str = Header("")) -> dict:
        asked = dict(parse_qsl((await request.body()).decode()))
        if authorization != CLIENT or asked["grant_type"] != "client_credentials":
            raise HTTPException(401, "invalid_client")
        token = secrets.token_urlsafe(24)
        issued.add(token)
        return {"access_token": token, "token_type": "bearer", "expires_in": 3600, "scope": asked["scope"]}

    @app.get("/tenant", dependencies=asked)
    async def tenant() -> dict:
        return {"id": "fleet-1"}

    @app.get("/owners", dependencies=asked)
    async def list_owners(start: int = Query(0, ge=0), count: int = Query(ge=1, le=100)) -> dict:
        return {"owners": OWNERS[start : start + count], "start": start, "total": len(OWNERS)}

    @app.get("/owners/{owner_id}/devices", dependencies=asked)
    async def list_devices(owner_id: str) -> dict:
        if owner_id not in {owner["id"] for owner in OWNERS}:
            raise HTTPException(404, "no such owner")
        return {"devices": [device for device in devices.values() if device["owner"] == owner_id]}

    @app.post("/devices/{device_id}/lock", dependencies=asked)
    async def lock(device_id: str) -> dict:
        if device_id not in devices:
            raise HTTPException(404, "no such device")
        devices[device_id]["locked"] = True
        return devices[device_id]

    return app
