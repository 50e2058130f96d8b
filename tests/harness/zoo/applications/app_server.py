"""The applications of a company, who may use them, and licences and groups of the company itself."""

from copy import deepcopy

from fastapi import Depends, FastAPI, Header, HTTPException, Query

STATE = {
    "users": [
        {"id": f"u{n}", "name": name, "on": n != 4} for n, name in enumerate(["ann", "bob", "cy", "dan"], 1)
    ],
    "groups": [{"id": "g1", "title": "Sales"}, {"id": "g2", "title": "Sales abroad"}],
    "rights": [
        {"id": "pro", "group": "", "kind": "licence"},
        {"id": "free", "group": "", "kind": "licence"},
        {"id": "member", "group": "g1", "kind": "membership"},
        {"id": "member", "group": "g2", "kind": "membership"},
    ],
    "grants": [
        {"user": "u1", "right": "pro", "group": ""},
        {"user": "u1", "right": "member", "group": "g1"},
        {"user": "u2", "right": "pro", "group": ""},
        {"user": "u2", "right": "member", "group": "g1"},
        {"user": "u2", "right": "member", "group": "g2"},
        {"user": "u3", "right": "member", "group": "g2"},
    ],
    "apps": [
        {"id": "a1", "name": "crm", "on": True, "modes": ["user", "role"]},
        {"id": "a2", "name": "wiki", "on": False, "modes": ["user"]},
        # Whoever has a role in it may use it; nobody is assigned to it.
        {"id": "a3", "name": "mail", "on": True, "modes": ["role"]},
    ],
    "app-users": [
        {"app": "a1", "user": "u1", "state": "ready"},
        {"app": "a1", "user": "u2", "state": "ready"},
        {"app": "a2", "user": "u1", "state": "invited"},
    ],
    "app-groups": [{"app": "a1", "id": "r1", "title": "Leads"}, {"app": "a2", "id": "r1", "title": "Pages"}],
    "app-roles": [
        {"app": "a1", "id": "seat", "group": "", "kind": "licence"},
        {"app": "a1", "id": "editor", "group": "r1", "kind": "membership"},
        {"app": "a2", "id": "editor", "group": "r1", "kind": "membership"},
        {"app": "a3", "id": "seat", "group": "", "kind": "licence"},
    ],
    "app-grants": [
        {"app": "a1", "user": "u1", "right": "seat", "group": ""},
        {"app": "a1", "user": "u1", "right": "editor", "group": "r1"},
        {"app": "a2", "user": "u1", "right": "editor", "group": "r1"},
        {"app": "a3", "user": "u3", "right": "seat", "group": ""},
    ],
    "app-events": [
        {"app": "a1", "id": "n1", "user": "u1", "at": "2024-05-01T08:00:00Z"},
        {"app": "a2", "id": "n2", "user": "u1", "at": "2024-05-02T08:00:00Z"},
    ],
}


def check_key(x_api_key: str = Header("")) -> None:
    if x_api_key != "open-sesame":
        raise HTTPException(401, "the key is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_key)])
    state = deepcopy(STATE)

    def find(kind: str, **wanted: str) -> dict:
        for record in state[kind]:
            if wanted.items() <= record.items():
                return record
        raise HTTPException(404, f"no such record in {kind}")

    def remove(kind: str, **wanted: str) -> None:
        state[kind] = [record for record in state[kind] if not wanted.items() <= record.items()]

    @app.get("/tenant")
    async def tenant() -> dict:
        return {"key": "company-1"}

    @app.get("/apps/{app_id}")
    async def get_app(app_id: str) -> dict:
        return find("apps", id=app_id)

    @app.get("/apps/{app_id}/users/{user_id}")
    async def get_assignment(app_id: str, user_id: str) -> dict:
        return find("app-users", app=app_id, user=user_id)

    @app.put("/apps/{app_id}/users/{user_id}")
    async def assign(app_id: str, user_id: str) -> dict:
        pair = {"app": find("apps", id=app_id)["id"], "user": find("users", id=user_id)["id"]}
        if not any(pair.items() <= each.items() for each in state["app-users"]):
            state["app-users"].append({**pair, "state": "invited"})
        return find("app-users", **pair)

    @app.delete("/apps/{app_id}/users/{user_id}")
    async def unassign(app_id: str, user_id: str) -> dict:
        pair = {"app": app_id, "user": user_id}
        gone = find("app-users", **pair)
        remove("app-users", **pair)
        remove("app-grants", **pair)
        return {**gone, "state": "removed"}

    @app.put("/apps/{app_id}/users/{user_id}/roles/{role}")
    async def give(app_id: str, user_id: str, role: str, group: str = "") -> dict:
        find("app-roles", app=app_id, id=role, group=group)
        grant = {"app": app_id, "user": find("users", id=user_id)["id"], "right": role, "group": group}
        if grant not in state["app-grants"]:
            state["app-grants"].append(grant)
        return grant

    @app.delete("/apps/{app_id}/users/{user_id}/roles/{role}")
    async def take(app_id: str, user_id: str, role: str, group: str = "") -> dict:
        grant = find("app-grants", app=app_id, user=user_id, right=role, group=group)
        state["app-grants"].remove(grant)
        return grant

    @app.post("/users/{user_id}/downgrade")
    async def downgrade(user_id: str) -> dict:
        user = find("users", id=user_id)
        for grant in state["grants"]:
            if grant["user"] == user_id and grant["right"] == "pro":
                grant["right"] = "free"
        return user

    @app.post("/users/{user_id}/release")
    async def release(user_id: str) -> dict:
        user = find("users", id=user_id)
        remove("grants", user=user_id, right="member")
        return user

    @app.post("/users/{user_id}/transfer/{target_id}")
    async def transfer(user_id: str, target_id: str) -> dict:
        find("users", id=target_id)
        return find("users", id=user_id)

    @app.get("/{kind}")
    async def list_records(kind: str, skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        if kind not in state:
            raise HTTPException(404, "no such list")
        return {"values": state[kind][skip : skip + take], "skip": skip, "total": len(state[kind])}

    return app
