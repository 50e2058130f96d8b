"""One endpoint for all questions, which answers with status 200 whatever happens.

It knows its two queries by their operation names: what is tested here is the connector, not GraphQL.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Header

USERS = [
    {"id": "VXNlcjox", "login": "alice", "suspendedAt": None},
    {"id": "VXNlcjoy", "login": "bob", "suspendedAt": "2024-02-29T00:00:00Z"},
    {"id": "VXNlcjoz", "login": "carol", "suspendedAt": None},
    {"id": "VXNlcjo0", "login": "dan", "suspendedAt": None},
]


class Refused(Exception):
    """An error as GraphQL tells it."""


def viewer(_variables: dict) -> dict:
    return {"viewer": {"organization": {"id": "T3JnOjE="}}}


def users(variables: dict) -> dict:
    first, after = variables["first"], variables["after"]
    ids = [user["id"] for user in USERS]
    if after is not None and after not in ids:
        raise Refused("BAD_USER_INPUT", "after is no cursor")
    start = 0 if after is None else ids.index(after) + 1
    nodes = USERS[start : start + first]
    page = {"endCursor": nodes[-1]["id"] if nodes else None, "hasNextPage": start + first < len(USERS)}
    return {"users": {"totalCount": len(USERS), "nodes": nodes, "pageInfo": page}}


OPERATIONS = {"Viewer": viewer, "Users": users}


def create_app() -> FastAPI:
    app = FastAPI()

    def answer(asked: dict, authorization: str, workspace_key: str) -> dict:
        if authorization != "Bearer open-sesame":
            raise Refused("UNAUTHENTICATED", "the token is not valid")
        if workspace_key != "workspace-sesame":
            raise Refused("UNAUTHENTICATED", "the key is not one of this workspace")
        return OPERATIONS[asked["operationName"]](asked.get("variables", {}))

    @app.post("/graphql")
    async def graphql(
        asked: dict[str, Any], authorization: str = Header(""), x_workspace: str = Header("")
    ) -> dict:
        try:
            return {"data": answer(asked, authorization, x_workspace)}
        except Refused as error:
            code, message = error.args
            return {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]}

    return app
