"""Users by the header ``Link``, whose cursor is a login in base64; a life cycle; groups that have users."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

from fake_tenant import GROUPS, Person, group_name
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from tenant_people import PEOPLE

URL = "https://okta-like.example.com/api/v1"
STATUSES = {"active": "ACTIVE", "inactive": "SUSPENDED", "invited": "STAGED"}


def check_token(authorization: str = Header("")) -> None:
    if authorization != "SSWS open-sesame":
        raise HTTPException(401, "Invalid token provided")


def user_of(person: Person, names: dict[str, str]) -> dict[str, Any]:
    """A person as a profile; of those with one name, the other is null."""
    others = [email for email in person.emails if email != person.email]
    return {
        "id": person.id,
        "status": STATUSES[person.status],
        "profile": {
            "firstName": person.given,
            "lastName": person.family or None,
            "displayName": person.display,
            "email": person.email,
            "secondEmail": others[0] if others else None,
            "login": person.email,
            "mobilePhone": person.phones[0],
            "primaryPhone": person.phones[-1],
            "streetAddress": person.street,
            "city": person.city,
            "employeeNumber": person.employee_number,
            "manager": names.get(person.manager or ""),
            "managerId": person.manager,
            "profileUrl": person.photo,
            "title": person.title,
            "notes": person.notes,
        },
        "_links": {"self": {"href": f"{URL}/users/{person.id}"}},
    }


def cursor(user: dict[str, Any]) -> str:
    """Where a page ends: after the user with this login."""
    return base64.urlsafe_b64encode(user["profile"]["login"].encode()).decode()


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])
    names = {person.id: person.display for person in PEOPLE}
    users = {person.id: user_of(person, names) for person in PEOPLE}
    members = {
        f"g{number}": [person.id for person in PEOPLE if number in person.groups]
        for number in range(len(GROUPS))
    }
    numbers = count(1)

    @app.exception_handler(HTTPException)
    async def refuse(_request: Request, error: HTTPException) -> Response:
        content = {"errorCode": f"E{error.status_code}", "errorSummary": error.detail, "errorCauses": []}
        return JSONResponse(content, error.status_code)

    def part(request: Request, response: Response, items: list[dict], after: str, limit: int) -> list[dict]:
        """The items after a cursor, and the links to this page and to the next one."""
        cursors = [
            cursor(item) if "profile" in item and "login" in item["profile"] else item["id"] for item in items
        ]
        if after and after not in cursors:
            raise HTTPException(400, f"There is nothing after {after}")
        start = cursors.index(after) + 1 if after else 0
        links = [f'<{request.url}>; rel="self"']
        if start + limit < len(items):
            following = request.url.include_query_params(after=cursors[start + limit - 1])
            links.append(f'<{following}>; rel="next"')
        response.headers["Link"] = ", ".join(links)
        response.headers["X-Total-Count"] = str(len(items))
        return items[start : start + limit]

    def find(user_id: str) -> dict[str, Any]:
        """A user by the id, or by the login, as Okta does."""
        for user in users.values():
            if user_id == user["id"] or user_id.casefold() == user["profile"]["login"].casefold():
                return user
        raise HTTPException(404, f"Not found: Resource not found: {user_id} (User)")

    def group(group_id: str) -> list[str]:
        if group_id not in members:
            raise HTTPException(404, f"Not found: Resource not found: {group_id} (UserGroup)")
        return members[group_id]

    def called(user: dict[str, Any]) -> str:
        return f"{user['profile']['displayName']} <{user['profile']['email']}>"

    @app.get("/api/v1/org")
    async def org() -> dict:
        return {"id": "okta-like-1"}

    @app.get("/api/v1/users")
    async def list_users(
        request: Request, response: Response, limit: int = Query(ge=1, le=200), after: str = ""
    ) -> list[dict]:
        return part(request, response, list(users.values()), after, limit)

    @app.get("/api/v1/users/{user_id}")
    async def get_user(user_id: str) -> dict:
        return find(user_id)

    @app.post("/api/v1/users")
    async def create_user(request: Request) -> dict:
        profile = (await request.json())["profile"]
        for user in users.values():
            if user["profile"]["login"].casefold() == profile["login"].casefold():
                raise HTTPException(409, f"login: {called(user)} already has {profile['login']}")
        user_id = f"new-{next(numbers)}"
        users[user_id] = {"id": user_id, "status": "STAGED", "profile": profile}
        return users[user_id]

    @app.post("/api/v1/users/{user_id}/lifecycle/{change}")
    async def change_status(user_id: str, change: str) -> dict:
        user = find(user_id)
        wanted = {"activate": "ACTIVE", "suspend": "SUSPENDED"}[change]
        if user["status"] == wanted:
            raise HTTPException(400, f"{called(user)} is {wanted} already")
        user["status"] = wanted
        return user

    @app.delete("/api/v1/users/{user_id}", status_code=204)
    async def delete_user(user_id: str) -> None:
        user = find(user_id)
        del users[user["id"]]
        for ids in members.values():
            if user["id"] in ids:
                ids.remove(user["id"])

    @app.get("/api/v1/groups")
    async def list_groups(
        request: Request, response: Response, limit: int = Query(ge=1, le=200), after: str = ""
    ) -> list[dict]:
        groups = [
            {"id": id_, "profile": {"name": group_name(int(id_[1:]), PEOPLE), "description": None}}
            for id_ in members
        ]
        return part(request, response, groups, after, limit)

    @app.get("/api/v1/groups/{group_id}/users")
    async def list_members(
        group_id: str, request: Request, response: Response, limit: int = Query(ge=1, le=200), after: str = ""
    ) -> list[dict]:
        return part(request, response, [users[id_] for id_ in group(group_id)], after, limit)

    @app.put("/api/v1/groups/{group_id}/users/{user_id}", status_code=204)
    async def add(group_id: str, user_id: str) -> None:
        user, ids = find(user_id), group(group_id)
        if user["id"] not in ids:
            ids.append(user["id"])

    @app.delete("/api/v1/groups/{group_id}/users/{user_id}", status_code=204)
    async def remove(group_id: str, user_id: str) -> None:
        user, ids = find(user_id), group(group_id)
        if user["id"] not in ids:
            raise HTTPException(404, f"{called(user)} is not in the group {group_id}")
        ids.remove(user["id"])

    return app
