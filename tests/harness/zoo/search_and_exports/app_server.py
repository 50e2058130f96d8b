"""A company's access office: a search, details and badges as JSON, groups as XML, memberships as CSV.

All that it sends is compressed, and what it is sent may be. A request without an id of its own is refused.
"""

from __future__ import annotations

import gzip
import json
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from starlette.middleware.gzip import GZipMiddleware

USERS = [
    {"id": "u1", "login": "ann", "mail": "ann@example.com", "badge": 501},
    {"id": "u2", "login": "bob", "mail": "bob@example.com", "badge": 502},
    {"id": "u3", "login": "cy", "mail": "cy@example.com", "badge": None},
    {"id": "u4", "login": "dan", "mail": "dan@example.com", "badge": 504},
    {"id": "u5", "login": "eve", "mail": "eve@example.com", "badge": 505},
]
BADGES = {501: "valid", 502: "blocked", 504: "valid", 505: "valid"}
GROUPS = {"sales": "Sales", "r&d": "Research <& development>", "nights": "Nachtwächter", "empty": "Nobody"}
MEMBERS = [("u1", "sales"), ("u2", "sales"), ("u1", "r&d"), ("u4", "nights"), ("u5", "nights")]


async def body_of(request: Request) -> dict:
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return json.loads(body)


def check_request(authorization: str = Header(""), x_request_id: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise HTTPException(401, "the token is not valid")
    if not x_request_id:
        raise HTTPException(400, "the request has no id")


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_request)])
    app.add_middleware(GZipMiddleware, minimum_size=1)
    users = {user["id"]: user for user in USERS}
    members = list(MEMBERS)
    numbers = count(len(users) + 1)

    @app.middleware("http")
    async def answer_with_the_id(request: Request, call_next: object) -> Response:
        response = await call_next(request)
        response.headers["X-Request-Id"] = request.headers.get("x-request-id", "")
        return response

    @app.get("/office")
    async def office() -> dict:
        return {"office": "office-1"}

    @app.post("/users/search")
    async def search(request: Request) -> dict:
        asked = await body_of(request)
        start, size = asked["from"], asked["size"]
        if asked["order"] != "id" or start < 0 or not 1 <= size <= 100:
            raise HTTPException(400, "the search is wrong")
        hits = [{"user": id_} for id_ in users]
        return {"from": start, "total": len(hits), "hits": hits[start : start + size]}

    @app.get("/users/{user_id}")
    async def get_user(user_id: str) -> dict:
        if user_id not in users:
            raise HTTPException(404, "there is no such user")
        return users[user_id]

    @app.post("/users", status_code=201)
    async def create_user(request: Request) -> dict:
        asked = await body_of(request)
        if asked["login"] in {user["login"] for user in users.values()}:
            raise HTTPException(409, "there is such a user")
        user = {"id": f"u{next(numbers)}", "login": asked["login"], "mail": asked["mail"], "badge": None}
        users[user["id"]] = user
        return user

    @app.get("/badges/{badge}")
    async def get_badge(badge: int) -> dict:
        [holder] = [user["id"] for user in users.values() if user["badge"] == badge]
        return {"badge": badge, "user": holder, "state": BADGES[badge]}

    @app.get("/groups.xml")
    async def list_groups(
        start: int = Query(0, alias="from", ge=0), size: int = Query(3, ge=1, le=100)
    ) -> Response:
        shown = list(GROUPS.items())[start : start + size]
        groups = "".join(
            f"<group id={quoteattr(id_)}><name>{escape(name)}</name></group>" for id_, name in shown
        )
        text = f'<?xml version="1.0"?>\n<groups from="{start}" total="{len(GROUPS)}">{groups}</groups>'
        return Response(text, media_type="application/xml")

    @app.get("/reports/memberships.csv")
    async def report() -> Response:
        """All of them, as a spreadsheet writes them; the last row counts the others."""
        rows = [("user", "group"), *members, ("#rows", str(len(members)))]
        text = "\ufeff" + "".join(f'{user};"{group}"\r\n' for user, group in rows)
        return Response(text, media_type="text/csv; charset=utf-8")

    @app.post("/memberships")
    async def change_membership(request: Request) -> dict:
        asked = await body_of(request)
        user, group, wanted = asked["user"], asked["group"], asked["member"]
        if user not in users or group not in GROUPS or (not wanted and (user, group) not in members):
            raise HTTPException(404, "there is no such user, group or membership")
        if wanted and (user, group) not in members:
            members.append((user, group))
        elif not wanted:
            members.remove((user, group))
        return asked

    return app
