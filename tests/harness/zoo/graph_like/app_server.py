"""Users whose id is an e-mail, pages by ``@odata.nextLink``, and errors that name who is meant."""

from __future__ import annotations

import base64
import json
import re
from itertools import count
from typing import Any

from fake_tenant import GROUPS, Person, group_name
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from tenant_people import PEOPLE

URL = "https://graph-like.example.com/v1.0"
FILTER = re.compile(r"(mail|userPrincipalName) eq '((?:[^']|'')*)'")


class Refused(Exception):
    """What the server answers with an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def check_token(authorization: str = Header("")) -> None:
    if authorization != "Bearer open-sesame":
        raise Refused(401, "InvalidAuthenticationToken", "The access token is not valid")


def user_of(person: Person, names: dict[str, str]) -> dict[str, Any]:
    """A person; of those with one name, the surname is empty."""
    return {
        "id": person.guid,
        "userPrincipalName": person.email,
        "displayName": person.display,
        "givenName": person.given,
        "surname": person.family,
        "mail": person.email,
        "mailNickname": person.login.rpartition("\\")[2].partition("@")[0],
        "onPremisesSamAccountName": person.login,
        "proxyAddresses": [
            f"{'SMTP' if email == person.email else 'smtp'}:{email}" for email in person.emails
        ],
        "businessPhones": list(person.phones),
        "mobilePhone": person.phones[0],
        "streetAddress": person.street,
        "city": person.city,
        "employeeId": person.employee_number,
        "jobTitle": person.title or None,
        "aboutMe": person.notes,
        "manager": {"displayName": names[person.manager]} if person.manager else None,
        "photo": {"@odata.mediaReadLink": person.photo},
        "accountEnabled": person.status == "active",
    }


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(check_token)])
    names = {person.id: person.display for person in PEOPLE}
    users = {one["id"]: one for one in (user_of(person, names) for person in PEOPLE)}
    ids = {person.id: one for person, one in zip(PEOPLE, users, strict=True)}
    members = {
        f"role-{number}": [ids[person.id] for person in PEOPLE if number in person.groups]
        for number in range(len(GROUPS))
    }
    numbers = count(1)

    @app.exception_handler(Refused)
    async def refuse(_request: Request, error: Refused) -> Response:
        return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status)

    def find(user_id: str) -> dict[str, Any]:
        """A user by the id, or by the principal name."""
        for user in users.values():
            if user_id == user["id"] or user_id.casefold() == user["userPrincipalName"].casefold():
                return user
        message = f"Resource '{user_id}' does not exist or one of its queried reference-property objects"
        raise Refused(404, "Request_ResourceNotFound", f"{message} are not present.")

    def role(role_id: str) -> list[str]:
        if role_id not in members:
            raise Refused(404, "Request_ResourceNotFound", f"Resource '{role_id}' does not exist.")
        return members[role_id]

    def token_of(item: dict[str, Any]) -> str:
        """Where a page ends, as a text that says nothing to a reader, but names somebody."""
        place = {"id": item["id"], "after": item.get("userPrincipalName", ""), "name": item["displayName"]}
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")

    def part(request: Request, items: list[dict[str, Any]]) -> dict[str, Any]:
        top, token = request.query_params.get("$top", "100"), request.query_params.get("$skiptoken", "")
        if not top.isdigit() or not 1 <= int(top) <= 999:
            raise Refused(400, "Request_BadRequest", f"Invalid page size specified: '{top}'.")
        tokens = [token_of(item) for item in items]
        if token and token not in tokens:
            raise Refused(400, "Directory_ExpiredPageToken", "The specified page token value has expired.")
        start = tokens.index(token) + 1 if token else 0
        shown = items[start : start + int(top)]
        page = {"@odata.context": f"{URL}/$metadata#items", "@odata.count": len(items), "value": shown}
        if start + len(shown) < len(items):
            page["@odata.nextLink"] = (
                f"{URL}{request.url.path[5:]}?$top={top}&$skiptoken={token_of(shown[-1])}"
            )
        return page

    @app.get("/v1.0/organization")
    async def organization() -> dict:
        return {"value": [{"id": "graph-like-1"}]}

    @app.get("/v1.0/users")
    async def list_users(request: Request) -> dict:
        found = list(users.values())
        if wanted := request.query_params.get("$filter"):
            match = FILTER.fullmatch(wanted)
            if match is None:
                raise Refused(400, "Request_BadRequest", f"Invalid filter clause: {wanted}")
            value = match[2].replace("''", "'").casefold()
            found = [user for user in found if (user[match[1]] or "").casefold() == value]
        return part(request, found)

    @app.get("/v1.0/users/{user_id}")
    async def get_user(user_id: str) -> dict:
        return find(user_id)

    @app.post("/v1.0/users", status_code=201)
    async def create_user(request: Request) -> dict:
        new = await request.json()
        for user in users.values():
            if user["userPrincipalName"].casefold() == new["userPrincipalName"].casefold():
                message = f"Another object, {user['displayName']}, has the value {new['userPrincipalName']}"
                raise Refused(409, "Request_MultipleObjectsWithSameKeyValue", message)
        user_id = f"new-{next(numbers)}"
        blank = dict.fromkeys(user_of(PEOPLE[0], names))
        lists = {
            "businessPhones": [],
            "proxyAddresses": [f"SMTP:{new['mail']}"],
            "employeeId": "",
            "aboutMe": "",
        }
        users[user_id] = {**blank, **lists, **new, "id": user_id}
        return users[user_id]

    @app.patch("/v1.0/users/{user_id}", status_code=204)
    async def change_user(user_id: str, request: Request) -> None:
        find(user_id).update(await request.json())

    @app.delete("/v1.0/users/{user_id}", status_code=204)
    async def delete_user(user_id: str) -> None:
        user = find(user_id)
        del users[user["id"]]
        for role_members in members.values():
            if user["id"] in role_members:
                role_members.remove(user["id"])

    @app.get("/v1.0/directoryRoles")
    async def list_roles(request: Request) -> dict:
        return part(
            request,
            [{"id": id_, "displayName": group_name(int(id_.rpartition("-")[2]), PEOPLE)} for id_ in members],
        )

    @app.get("/v1.0/directoryRoles/{role_id}/members")
    async def list_members(role_id: str, request: Request) -> dict:
        fields = ("id", "displayName", "mail", "userPrincipalName")
        shown = [{name: users[id_][name] for name in fields} for id_ in role(role_id)]
        return part(request, shown)

    @app.post("/v1.0/directoryRoles/{role_id}/members/$ref", status_code=204)
    async def add(role_id: str, request: Request) -> None:
        user = find((await request.json())["@odata.id"].rpartition("/")[2])
        if user["id"] in role(role_id):
            message = f"One or more added object references already exist: {user['userPrincipalName']}."
            raise Refused(400, "Request_BadRequest", message)
        role(role_id).append(user["id"])

    @app.delete("/v1.0/directoryRoles/{role_id}/members/{user_id}/$ref", status_code=204)
    async def remove(role_id: str, user_id: str) -> None:
        user = find(user_id)
        if user["id"] not in role(role_id):
            message = f"{user['displayName']} <{user['mail']}> does not have the role {role_id}."
            raise Refused(404, "Request_ResourceNotFound", message)
        role(role_id).remove(user["id"])

    return app
