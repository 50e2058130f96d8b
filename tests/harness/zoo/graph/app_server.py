"""A cloud: folders and projects, what one may do in them, and the programs that may do it."""

from copy import deepcopy

from fastapi import Depends, FastAPI, Header, HTTPException, Query

STATE = {
    "people": [{"id": f"u{n}", "name": name, "on": True} for n, name in enumerate(["ann", "bob", "cy"], 1)],
    "nodes": [
        {"id": "t", "kind": "tenant", "title": "Company", "below": ["f1", "f2"], "person": None, "keys": []},
        {"id": "f1", "kind": "folder", "title": "Sales", "below": ["p1"], "person": None, "keys": []},
        {"id": "f2", "kind": "folder", "title": "Abroad", "below": ["p2", "p3"], "person": None, "keys": []},
        {"id": "p1", "kind": "project", "title": "One", "below": [], "person": None, "keys": []},
        {"id": "p2", "kind": "project", "title": "Two", "below": [], "person": None, "keys": ["k2"]},
        {"id": "p3", "kind": "project", "title": "Three", "below": ["robot-1"], "person": None, "keys": []},
        # Of one person, the cloud has a node; of the others, it has none.
        {"id": "home-1", "kind": "home", "title": "Ann's", "below": [], "person": "u1", "keys": []},
    ],
    # Whoever may view a folder is a rule: each folder has it, and none has a node for it.
    "rights": [
        {"id": "root", "node": "", "kind": "admin", "implies": [["own", "t"]]},
        {"id": "own", "node": "t", "kind": "owner", "implies": [["own", "f1"], ["view", "f2"]]},
        {"id": "own", "node": "f1", "kind": "folder_owner", "implies": [["edit", "p1"]]},
        {"id": "edit", "node": "p1", "kind": "editor", "implies": []},
        {"id": "edit", "node": "p2", "kind": "editor", "implies": []},
    ],
    "grants": [
        {"who": "home-1", "right": "own", "node": "t"},
        {"who": "account:u2", "right": "view", "node": "f1"},
        {"who": "person-3", "right": "edit", "node": "p1"},
        {"who": "robot-1", "right": "edit", "node": "p2"},
        {"who": "key-1", "right": "root", "node": ""},
    ],
    "robots": [
        {
            "id": "r1",
            "node": "robot-1",
            "name": "deploy",
            "job": None,
            "on": True,
            "seen": "2024-05-01T08:00:00Z",
        },
        {"id": "r2", "node": "robot-2", "name": "mail", "job": "queue", "on": True, "seen": None},
        {"id": "r3", "node": "robot-3", "name": "old", "job": None, "on": False, "seen": None},
    ],
    "keys": [
        {
            "id": "k1",
            "node": "key-1",
            "person": "u1",
            "robot": None,
            "state": "live",
            "secret": "c0ffee-of-ann",
        },
        {
            "id": "k2",
            "node": "key-2",
            "person": None,
            "robot": "r1",
            "state": "live",
            "secret": "c0ffee-of-bot",
        },
        # Whose it was is gone.
        {
            "id": "k3",
            "node": "key-3",
            "person": "u9",
            "robot": None,
            "state": "revoked",
            "secret": "c0ffee-old",
        },
        {
            "id": "k4",
            "node": "key-4",
            "person": None,
            "robot": None,
            "state": "live",
            "secret": "c0ffee-alone",
        },
    ],
    "robot-logins": [
        {"robot": "r1", "at": "2024-05-01T08:00:00Z"},
        {"robot": "r2", "at": "2024-05-02T08:00:00Z"},
    ],
    "key-uses": [{"key": "k1", "at": "2024-05-01T08:00:00Z"}, {"key": "k2", "at": "2024-05-02T08:00:00Z"}],
}


def check_key(x_api_key: str = Header("")) -> None:
    if x_api_key != "open-sesame":
        raise HTTPException(401, "the key is not valid")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_key)])
    state = deepcopy(STATE)

    @app.get("/tenant")
    async def tenant() -> dict:
        return {"key": "cloud-1"}

    @app.get("/{kind}")
    async def list_records(kind: str, skip: int = Query(0, ge=0), take: int = Query(ge=1, le=100)) -> dict:
        if kind not in state:
            raise HTTPException(404, "no such list")
        return {"values": state[kind][skip : skip + take], "skip": skip, "total": len(state[kind])}

    return app
