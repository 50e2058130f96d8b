"""Groups, and the members of each group: no single question answers who is in which."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Header, HTTPException, Query

USERS = [
    {"id": "u1", "name": "alice"},
    {"id": "u2", "name": "bob"},
    {"id": "u3", "name": "carol"},
    {"id": "u4", "name": "dan"},
]
GROUPS = {"g1": ["u1", "u2", "u3", "u4"], "g2": [], "g3": ["u2"], "g4": ["u1", "u4"]}


def check_key(x_api_key: str = Header("")) -> None:
    if x_api_key != "open-sesame":
        raise HTTPException(401, "the key is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_key)])
    groups = {group_id: list(members) for group_id, members in GROUPS.items()}

    def part(items: list, skip: int, take: int) -> dict:
        return {"values": items[skip : skip + take], "skip": skip, "total": len(items)}

    def find(group_id: str) -> list[str]:
        if group_id not in groups:
            raise HTTPException(404, "no such group")
        return groups[group_id]

    @app.get("/tenant")
    async def tenant() -> dict:
        return {"key": "groups-1"}

    @app.get("/users")
    async def list_users(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part(USERS, skip, take)

    @app.get("/groups")
    async def list_groups(skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        return part([{"id": group_id, "title": group_id.upper()} for group_id in groups], skip, take)

    @app.get("/groups/{group_id}/members")
    async def list_members(
        group_id: str, skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)
    ) -> dict:
        return part([{"user": member} for member in find(group_id)], skip, take)

    @app.put("/groups/{group_id}/members/{user_id}")
    async def add(group_id: str, user_id: str) -> dict:
        if user_id not in {user["id"] for user in USERS}:
            raise HTTPException(404, "no such user")
        if user_id not in find(group_id):
            groups[group_id].append(user_id)
        return {"user": user_id}

    @app.delete("/groups/{group_id}/members/{user_id}")
    async def remove(group_id: str, user_id: str) -> dict:
        if user_id not in find(group_id):
            raise HTTPException(404, "the group has no such member")
        groups[group_id].remove(user_id)
        return {"user": user_id}

    return app
