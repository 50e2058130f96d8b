"""SCIM 2.0: users with all that it has of people, and groups that name their members."""

from __future__ import annotations

import re
from itertools import count
from typing import Any
from urllib.parse import quote

from fake_tenant import GROUPS, Person, group_name
from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from tenant_people import PEOPLE

URL = "https://scim.example.com/scim/v2"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FILTER = re.compile(r'(userName|displayName) eq "((?:[^"\\]|\\.)*)"')


class Refused(Exception):
    """What the server answers with an error."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise Refused(401, "The token is not valid")


def user_of(person: Person, names: dict[str, str]) -> dict[str, Any]:
    """A person as SCIM has one; of those with one name, it says no family name."""
    family = {"familyName": person.family} if person.family else {}
    manager = {"value": person.manager, "displayName": names.get(person.manager or "", "")}
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": person.id,
        "externalId": person.employee_number,
        "userName": person.login,
        "name": {"formatted": person.full, "givenName": person.given, **family},
        "displayName": person.display,
        "title": person.title,
        "emails": [
            {"value": email, "type": "work" if email == person.email else "other", "primary": True}
            if email == person.email
            else {"value": email, "type": "other"}
            for email in person.emails
        ],
        "phoneNumbers": [{"value": phone, "type": "work"} for phone in person.phones],
        "addresses": [
            {
                "formatted": f"{person.street}\n{person.city}",
                "streetAddress": person.street,
                "locality": person.city,
            }
        ],
        "photos": [{"value": person.photo, "type": "photo"}],
        "active": person.status == "active",
        "notes": person.notes,
        ENTERPRISE: {
            "employeeNumber": person.employee_number,
            **({"manager": manager} if person.manager else {}),
        },
        "meta": {"resourceType": "User", "location": f"{URL}/Users/{person.id}"},
    }


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])
    names = {person.id: person.display for person in PEOPLE}
    users = {person.id: user_of(person, names) for person in PEOPLE}
    members = {
        f"g{number}": [person.id for person in PEOPLE if number in person.groups]
        for number in range(len(GROUPS))
    }
    numbers = count(1)

    @app.exception_handler(Refused)
    async def refuse(_request: Request, error: Refused) -> Response:
        schema = "urn:ietf:params:scim:api:messages:2.0:Error"
        content = {"schemas": [schema], "detail": error.detail, "status": str(error.status)}
        return JSONResponse(content, error.status, media_type="application/scim+json")

    def answer(content: Any, status: int = 200) -> Response:
        return JSONResponse(content, status, media_type="application/scim+json")

    def part(items: list[dict[str, Any]], start: int, size: int) -> Response:
        shown = items[start - 1 : start - 1 + size]
        schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
        return answer(
            {
                "schemas": [schema],
                "totalResults": len(items),
                "startIndex": start,
                "itemsPerPage": len(shown),
                "Resources": shown,
            }
        )

    def find(user_id: str) -> dict[str, Any]:
        if user_id not in users:
            raise Refused(404, f"Resource {user_id} not found")
        return users[user_id]

    def group(group_id: str) -> dict[str, Any]:
        if group_id not in members:
            raise Refused(404, f"Group {group_id} not found")
        return {
            "id": group_id,
            "displayName": group_name(int(group_id[1:]), PEOPLE),
            "members": [
                {"value": id_, "display": users[id_]["displayName"], "$ref": f"{URL}/Users/{quote(id_)}"}
                for id_ in members[group_id]
            ],
        }

    @app.get("/scim/v2/ServiceProviderConfig")
    async def config() -> Response:
        return answer({"documentationUri": "https://scim.example.com/docs", "tenant": "scim-1"})

    @app.get("/scim/v2/Users")
    async def list_users(
        startIndex: int = Query(1, ge=1),  # noqa: N803 - as the API has it
        count: int = Query(100, ge=0, le=200),
        filter: str = "",  # noqa: A002
    ) -> Response:
        found = list(users.values())
        if filter:
            match = FILTER.fullmatch(filter)
            if match is None:
                raise Refused(400, f"The filter {filter} cannot be read")
            wanted = re.sub(r"\\(.)", r"\1", match[2]).casefold()
            found = [user for user in found if user[match[1]].casefold() == wanted]
        return part(found, startIndex, count)

    @app.get("/scim/v2/Users/{user_id}")
    async def get_user(user_id: str) -> Response:
        return answer(find(user_id))

    @app.post("/scim/v2/Users")
    async def create_user(request: Request) -> Response:
        new = await request.json()
        for user in users.values():
            if user["userName"].casefold() == new["userName"].casefold():
                raise Refused(409, f"{user['displayName']} ({user['emails'][0]['value']}) has this userName")
        user_id = f"new-{next(numbers)}"
        users[user_id] = {
            "schemas": [],
            **new,
            "id": user_id,
            "displayName": new["name"]["formatted"],
            "active": True,
            "meta": {"resourceType": "User", "location": f"{URL}/Users/{user_id}"},
        }
        return answer(users[user_id], 201)

    @app.patch("/scim/v2/Users/{user_id}")
    async def change_user(user_id: str, request: Request) -> Response:
        user = find(user_id)
        for change in (await request.json())["Operations"]:
            user[change["path"]] = change["value"]
        return answer(user)

    @app.delete("/scim/v2/Users/{user_id}", status_code=204)
    async def delete_user(user_id: str) -> None:
        del users[find(user_id)["id"]]
        for ids in members.values():
            if user_id in ids:
                ids.remove(user_id)

    @app.get("/scim/v2/Groups")
    async def list_groups(
        startIndex: int = Query(1, ge=1),  # noqa: N803 - as the API has it
        count: int = Query(100, ge=0, le=200),
        excludedAttributes: str = "",  # noqa: N803
    ) -> Response:
        groups = [group(group_id) for group_id in members]
        if excludedAttributes == "members":
            groups = [{key: value for key, value in one.items() if key != "members"} for one in groups]
        return part(groups, startIndex, count)

    @app.patch("/scim/v2/Groups/{group_id}")
    async def change_group(group_id: str, request: Request) -> Response:
        group(group_id)
        for change in (await request.json())["Operations"]:
            user = find(change["value"][0]["value"])
            ids = members[group_id]
            if change["op"] == "add" and user["id"] not in ids:
                ids.append(user["id"])
            elif change["op"] == "remove":
                if user["id"] not in ids:
                    raise Refused(404, f"{user['displayName']} is no member of the group")
                ids.remove(user["id"])
        return answer(group(group_id))

    return app
