"""A staff directory: tokens that rotate, links that are made up, numbers for ids and times, a limit.

A refresh ends the tokens that it follows. A link to the next page is another each time. The second page of
the logins is refused once, with a time to wait.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse

CLIENT = {"client_id": "lumos-client", "client_secret": "sesame-of-the-client"}
SCOPES = {"people:read", "people:write", "logins:read", "offline"}
DAY = 86_400
# Times in seconds since 1970; how many days ago a person was changed moves with the clock.
PEOPLE = [
    {"id": 101, "mail": "ann@example.com", "state": "enabled", "created": 1583020800, "seen": 1712045700},
    {"id": 102, "mail": "bob@example.com", "state": "suspended", "created": 1583020801, "seen": 1709640000},
    {"id": 103, "mail": "cy@example.com", "state": "enabled", "created": 1600000000, "seen": 1712649600},
    {"id": 104, "mail": "dan@example.com", "state": "invited", "created": 1712700000, "seen": None},
    {"id": 105, "mail": "eve@example.com", "state": "enabled", "created": 1640995199, "seen": 1711929600},
]
CHANGED_DAYS_AGO = {101: 400, 102: 3, 103: 12, 104: 29, 105: 31}
# In milliseconds.
LOGINS = [
    {"id": 9000 + number, "person": person, "at": 1711929600000 + number * 43_200_123}
    for number, person in enumerate([101, 103, 101, 105, 103, 102, 101])
]


@dataclass(frozen=True)
class Page:
    """A page of some records, and which it is."""

    records: list[dict]
    name: str
    size: int
    number: int = 0


class Refused(Exception):
    def __init__(self, status: int, error: str, **headers: str) -> None:
        self.response = JSONResponse({"error": error}, status, headers)


class Logins:
    """Each login with its newest tokens; only these are good."""

    def __init__(self) -> None:
        self.codes: dict[str, dict] = {}
        self.access = {"access-of-the-tests": SCOPES}
        self.refresh = {"refresh-of-the-tests": ("access-of-the-tests", SCOPES)}

    def redeem(self, fields: dict) -> dict:
        asked = self.codes.pop(fields.get("code"), None)
        if asked is None or asked["redirect_uri"] != fields.get("redirect_uri"):
            raise Refused(400, "invalid_grant")
        return self.tokens(set(asked["scope"].split()))

    def rotate(self, fields: dict) -> dict:
        if (former := self.refresh.pop(fields.get("refresh_token"), None)) is None:
            raise Refused(400, "invalid_grant")
        access, scopes = former
        del self.access[access]
        return self.tokens(scopes)

    def tokens(self, scopes: set[str]) -> dict:
        access, refresh = (secrets.token_urlsafe(24) for _ in range(2))
        self.access[access] = scopes
        self.refresh[refresh] = (access, scopes)
        return {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 300}


class Pages:
    """The pages that links lead to."""

    def __init__(self) -> None:
        self.linked: dict[str, Page] = {}
        self.refused: set[str] = set()

    def find(self, cursor: str, name: str) -> Page:
        page = self.linked.get(cursor)
        if page is None or page.name != name:
            raise HTTPException(400, "the link is not known")
        return page

    def show(self, request: Request, page: Page) -> dict:
        start = page.number * page.size
        end = start + page.size
        following = None
        if end < len(page.records):
            cursor = secrets.token_urlsafe(18)
            self.linked[cursor] = replace(page, number=page.number + 1)
            following = f"{request.url.replace(query='')}?{urlencode({'cursor': cursor})}"
        shown = page.records[start:end]
        return {page.name: shown, "total": len(page.records), "next": following}


def create_app() -> FastAPI:
    app = FastAPI()
    logins, pages = Logins(), Pages()
    people = {person["id"]: dict(person) for person in PEOPLE}

    @app.exception_handler(Refused)
    async def refuse(_request: Request, error: Refused) -> JSONResponse:
        return error.response

    def allowed(scope: str) -> object:
        def check_token(authorization: str = Header("")) -> None:
            scopes = logins.access.get(authorization.removeprefix("Bearer "))
            if scopes is None:
                raise Refused(401, "the access token has expired")
            if scope not in scopes:
                raise Refused(403, f"the scope {scope} is missing")

        return Depends(check_token)

    @app.get("/oauth/authorize")
    async def authorize(request: Request) -> RedirectResponse:
        params = dict(request.query_params)
        if params.get("client_id") != CLIENT["client_id"] or not set(params["scope"].split()) <= SCOPES:
            raise HTTPException(400, "the client or a scope is unknown")
        # The customer agrees.
        logins.codes[code := secrets.token_urlsafe(12)] = params
        return RedirectResponse(
            f"{params['redirect_uri']}?{urlencode({'code': code, 'state': params['state']})}", 302
        )

    @app.post("/oauth/token")
    async def token(request: Request) -> dict:
        fields = dict(parse_qsl((await request.body()).decode()))
        if {name: fields.get(name) for name in CLIENT} != CLIENT:
            raise Refused(401, "invalid_client")
        grants = {"authorization_code": logins.redeem, "refresh_token": logins.rotate}
        if fields.get("grant_type") not in grants:
            raise Refused(400, "unsupported_grant_type")
        return grants[fields["grant_type"]](fields)

    @app.get("/tenant", dependencies=[allowed("people:read")])
    async def tenant() -> dict:
        return {"id": 7}

    @app.get("/people", dependencies=[allowed("people:read")])
    async def list_people(request: Request, size: int = Query(3, ge=1, le=100), cursor: str = "") -> dict:
        found = pages.find(cursor, "people") if cursor else Page(list(people.values()), "people", size)
        return pages.show(request, found)

    @app.get("/changes", dependencies=[allowed("people:read")])
    async def list_changes(
        request: Request, since: int = 0, size: int = Query(3, ge=1, le=100), cursor: str = ""
    ) -> dict:
        """The people that have changed since a time, which is in seconds."""
        if cursor:
            return pages.show(request, pages.find(cursor, "changes"))
        days = (time.time() - since) / DAY
        changed = [person for id_, person in people.items() if CHANGED_DAYS_AGO[id_] < days]
        return pages.show(request, Page(changed, "changes", size))

    @app.get("/logins", dependencies=[allowed("logins:read")])
    async def list_logins(
        request: Request,
        since: int = 0,
        person: list[int] = Query([]),  # noqa: B008
        size: int = Query(3, ge=1, le=100),
        cursor: str = "",
    ) -> dict:
        """The logins since a time, which is in milliseconds."""
        if not cursor:
            found = [each for each in LOGINS if each["at"] >= since and each["person"] in (person or people)]
            return pages.show(request, Page(found, "logins", size))
        page = pages.find(cursor, "logins")
        if page.number == 1 and cursor not in pages.refused:
            pages.refused.add(cursor)
            raise Refused(429, "too many requests", **{"Retry-After": "1"})
        return pages.show(request, page)

    @app.get("/seen", dependencies=[allowed("logins:read")])
    async def list_seen(person: list[int] = Query()) -> list[dict]:  # noqa: B008
        known = [people[id_] for id_ in dict.fromkeys(person) if id_ in people]
        return [{"person": each["id"], "at": each["seen"]} for each in known]

    @app.post("/people/{person_id}/{state}", dependencies=[allowed("people:write")])
    async def change_state(person_id: int, state: str) -> dict:
        if person_id not in people or state not in ("enabled", "suspended"):
            raise HTTPException(404, "there is no such person, or no such state")
        people[person_id]["state"] = state
        return people[person_id]

    return app
