"""MockApp, the example upstream: an identity API that lives in memory and behaves as a real one does.

Run it with ``uvicorn mock_api_server:app`` and read http://127.0.0.1:8000/docs. Every server that
`create_app` makes starts from the same state, counts its ids up and has a clock of its own, so that
the same requests get the same bytes.

From top to bottom: what is said (models), what there is at the start (seed), what is known (store),
who may ask (tokens), what can be asked (operations), and all of it together (application).
"""

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.routing import Match
from starlette.types import Message, Receive

DESCRIPTION = """
An identity API to try connectors on: users, resources, and the entitlements to them that users have.
The state is in memory and starts afresh with the server.

Everything but `GET /api/health` wants `Authorization: Bearer <token>`. The test tokens get from the
server what a healthy one would not answer:

| token | answer |
|---|---|
| `valid-token` | the real one |
| `read-only-token` | 403 to every write |
| `rate-limited-token` | 429 with `Retry-After: 30` to everything |
| `unavailable-token` | 503 with `Retry-After: 120` to everything, as if down for maintenance |
| another, or none | 401 |

Every error is `{"detail": "<one sentence>"}`. A body may have 1 MiB.
"""
MAX_BODY = 1024 * 1024  # bytes


# --- Models -------------------------------------------------------------------------------------------

Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254)
]
Name = Annotated[str, StringConstraints(pattern=r"\S", max_length=200)]
Item = TypeVar("Item")


class Model(BaseModel):
    """A JSON object that does not change and has the documented fields only."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Error(Model):
    """Why a request is refused."""

    detail: str


class Account(Model):
    """The tenant that a token belongs to."""

    id: str
    name: str
    plan: str
    region: str


class User(Model):
    """A person or a bot. The keys `department` and `phone` may be missing."""

    id: str
    email: str
    name: str
    status: Literal["active", "inactive", "deleted"]
    created_at: datetime
    last_login: datetime | None
    department: str | None = None
    phone: str | None = None
    locale: str
    avatar_url: str | None
    login_count: int


class NewUser(Model):
    """A user to create."""

    email: Email = Field(examples=["ines.sousa@example.com"])
    name: Name = Field(examples=["Inês Sousa"])
    department: str | None = None


class UserChanges(Model):
    """What to change about a user. What is null or missing stays as it is."""

    email: Email | None = None
    name: Name | None = Field(None, examples=["Alice Martin-Roux"])
    status: Literal["active", "inactive"] | None = None


class Resource(Model):
    """What an entitlement is to. The global resource is the account."""

    id: str
    type: Literal["project", "team", "global"]
    name: str
    description: str | None
    created_at: datetime


class Entitlement(Model):
    """What users may have: a role in a project, the membership of a team, an admin role in the account."""

    id: str
    type: Literal["project_role", "team_member", "admin_role"]
    name: str
    description: str | None
    resource_id: str


class Assignment(Model):
    """An entitlement to give, and the resource that it belongs to."""

    entitlement_id: str = Field(examples=["project-3-editor"])
    resource_id: str = Field(examples=["project-3"])


class Association(Model):
    """A user has an entitlement."""

    user_id: str
    entitlement_id: str
    resource_id: str
    granted_at: datetime


class Page(Model, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    total: int
    limit: int
    offset: int
    has_more: bool

    @classmethod
    def of(cls, rows: Sequence[Item], limit: int, offset: int) -> "Page[Item]":
        """Take `limit` rows at most, after the first `offset`."""
        items, total = list(rows[offset : offset + limit]), len(rows)
        return cls(items=items, total=total, limit=limit, offset=offset, has_more=offset + limit < total)


# --- Seed ---------------------------------------------------------------------------------------------

Row = TypeVar("Row", bound=Model)


def table(model: type[Row], *rows: tuple[object, ...]) -> list[Row]:
    """Make a model of each row: the values of its fields in order, with `...` where a key is missing."""
    named = (zip(model.model_fields, row, strict=True) for row in rows)
    return [model.model_validate({field: value for field, value in row if value is not ...}) for row in named]


# A table, and to stay one.
# fmt: off
USERS = table(User,
    ("user-1", "alice.martin@example.com", "Alice Martin", "active", "2024-01-15T09:30Z", "2025-01-10T16:45Z",
        "Engineering", "+44 20 7946 0101", "en-GB", "https://avatars.example.com/user-1.png", 412),
    ("user-2", "bjorn.angstrom@example.com", "Björn Ångström", "active", "2024-01-16T10:00Z",
        "2025-01-09T08:12:30Z", "Engineering", None, "sv-SE", None, 98),
    ("user-3", "sean.o'brien@example.com", "Seán O'Brien", "active", "2024-01-17T11:15Z",
        "2024-12-31T23:59:59Z", "Sales", "+44 20 7946 0103", "en-IE", None, 57),
    ("user-4", "ana.garcia@example.com", 'Ana "Nita" García', "inactive", "2024-02-01T08:00Z",
        "2024-06-30T17:00Z", "Sales", "+44 20 7946 0104", "es-ES", None, 31),
    ("user-5", "hanako.yamada@example.com", "山田 花子", "active", "2024-02-14T00:30Z", "2025-01-08T01:05Z",
        "Support", ..., "ja-JP", None, 140),
    ("user-6", "tomas.dvorak@example.com", "Tomáš Dvořák", "deleted", "2024-02-20T12:00Z",
        "2024-05-05T05:05:05Z", None, None, "cs-CZ", None, 12),
    ("user-7", "Nora.Iversen@Example.com", "Nora Iversen", "active", "2024-03-01T07:45Z", None,
        None, ..., "nb-NO", None, 0),
    ("user-8", "plato@example.com", "Plato", "active", "2024-03-03T03:03:03Z", "2025-01-02T03:04:05Z",
        ..., ..., "el-GR", None, 3),
    ("user-9", "mjose+hr@example.com", "María José de la Cruz Núñez", "inactive", "2024-03-10T15:20Z", None,
        "People", "", "es-MX", None, 0),
    ("user-10", "build-bot@ci.example.com", "Build Bot <ci>", "active", "2024-04-01T00:00Z",
        "2025-01-10T23:00Z", "R&D", ..., "en-US", None, 9001),
    ("user-11", "zoe.devries@example.com", "Zoë de Vries", "deleted", "2024-04-18T13:37Z", None,
        ..., ..., "nl-NL", None, 0),
    ("user-12", "lukasz.zolc@example.com", "Łukasz Żółć", "active", "2024-05-02T09:00Z",
        "2025-01-07T07:07:07Z", "Finance", "+44 20 7946 0112", "pl-PL", None, 77),
)
# fmt: on
ACCOUNT = Account(id="acme", name="Acme GmbH", plan="business", region="eu")
RESOURCES = table(
    Resource,
    ("project-1", "project", "Website", "The public website", "2024-01-02T08:00Z"),
    ("project-2", "project", "Billing & Invoices", None, "2024-01-03T08:00Z"),
    ("project-3", "project", 'Café "Zur Post"', "", "2024-01-04T08:00Z"),
    ("team-1", "team", "Engineering", "Builds things", "2024-01-02T09:00Z"),
    ("team-2", "team", "Vertrieb Österreich", None, "2024-01-03T09:00Z"),
    ("team-3", "team", "Newcomers", "Nobody has joined yet", "2024-01-04T09:00Z"),
    ("acme", "global", "Acme GmbH", "The whole account", "2024-01-01T08:00Z"),
)
ENTITLEMENTS = table(
    Entitlement,
    ("project-1-viewer", "project_role", "Viewer", "Reads the project", "project-1"),
    ("project-1-editor", "project_role", "Editor", "Reads and writes the project", "project-1"),
    ("project-2-viewer", "project_role", "Viewer", "Reads the project", "project-2"),
    ("project-2-editor", "project_role", "Editor", None, "project-2"),
    ("project-3-viewer", "project_role", "Viewer", None, "project-3"),
    ("project-3-editor", "project_role", "Editor", None, "project-3"),
    ("team-1-member", "team_member", "Member", "Belongs to the team", "team-1"),
    ("team-2-member", "team_member", "Member", "Belongs to the team", "team-2"),
    ("team-3-member", "team_member", "Member", None, "team-3"),
    ("admin-full", "admin_role", "Administrator", "May do everything", "acme"),
    ("admin-billing", "admin_role", "Billing administrator", "Pays the invoices", "acme"),
)
GRANTS = {  # user id: ids of entitlements
    "user-1": "project-1-viewer project-1-editor project-2-viewer project-2-editor project-3-viewer "
    "team-1-member team-2-member admin-full",
    "user-2": "project-1-viewer project-1-editor team-1-member",
    "user-3": "project-2-viewer team-2-member",
    "user-5": "project-1-viewer project-3-viewer",
    "user-7": "project-2-viewer",
    "user-9": "team-2-member",
    "user-10": "project-1-editor project-2-editor",
    "user-12": "project-2-viewer admin-billing",
}


def seed() -> Iterator[tuple[User, list[str]]]:
    """Yield users with the ids of their entitlements: the written ones, then generated ones without end."""
    for user in USERS:
        yield user, GRANTS.get(user.id, "").split()
    for number in itertools.count(len(USERS) + 1):
        status = {0: "inactive", 5: "deleted"}.get(number % 10, "active")
        new = {"id": f"user-{number}", "email": f"user-{number}@example.com", "name": f"Ngozi Šimić {number}"}
        last_login = USERS[0].last_login if number % 3 else None
        user = USERS[-1].model_copy(update={**new, "status": status, "last_login": last_login})
        yield user, ["project-1-viewer", "team-2-member"] if status == "active" else []


def ticking_clock() -> Callable[[], datetime]:
    """Make a clock that starts at a fixed time and is a second later whenever it is read."""
    seconds = itertools.count()
    return lambda: datetime(2025, 1, 15, 12, tzinfo=UTC) + timedelta(seconds=next(seconds))


# --- Store --------------------------------------------------------------------------------------------


class Store:
    """The state of one server. What it does not do, it refuses with the `HTTPException` to answer with."""

    def __init__(self, users: int, clock: Callable[[], datetime]) -> None:
        """Start with so many users, and with a clock that tells the time in UTC."""
        self._clock = clock
        self.users: list[User] = []  # in the order of creation; none ever leaves it
        self._places: dict[str, int] = {}  # user id: index in users
        self._emails: dict[str, str] = {}  # e-mail in lower case: user id
        self._entitlements = {entitlement.id: entitlement for entitlement in ENTITLEMENTS}
        # By user id and entitlement id: all associations, and for each field and value those that have it.
        self._associations: dict[tuple[str, str], Association] = {}
        self._by_field: dict[tuple[str, str], dict[tuple[str, str], Association]] = defaultdict(dict)
        for user, entitlement_ids in itertools.islice(seed(), users):
            self._put(user)
            for days, entitlement_id in enumerate(entitlement_ids, start=1):
                self._grant(user, self._entitlements[entitlement_id], user.created_at + timedelta(days))

    def user(self, user_id: str) -> User:
        """Find a user."""
        if user_id not in self._places:
            raise HTTPException(404, f"There is no user {user_id!r}.")
        return self.users[self._places[user_id]]

    def create_user(self, new: NewUser) -> User:
        """Add an active user."""
        self._refuse_taken(new.email)
        unknown = {"last_login": None, "locale": "en-GB", "avatar_url": None, "login_count": 0}
        made = {"id": f"user-{len(self.users) + 1}", "status": "active", "created_at": self._clock()}
        return self._put(User.model_validate({**new.model_dump(exclude_unset=True), **made, **unknown}))

    def change_user(self, user_id: str, changes: UserChanges) -> User:
        """Change a user who is not deleted."""
        user = self._not_deleted(user_id)
        if changes.email is not None:
            self._refuse_taken(changes.email, unless_by=user_id)
            del self._emails[user.email.lower()]
        return self._put(user.model_copy(update=changes.model_dump(exclude_none=True)))

    def delete_user(self, user_id: str) -> User:
        """Take a user's entitlements away, and leave the rest as a tombstone."""
        user = self.user(user_id)
        for association in self.associations(user_id=user_id):
            self._revoke(association)
        return self._put(user.model_copy(update={"status": "deleted"}))

    def associations(self, **filters: str | None) -> list[Association]:
        """List the associations that have these values in their fields, where None stands for any value."""
        found = [self._by_field.get((field, id_), {}) for field, id_ in filters.items() if id_ is not None]
        first, *others = found or [self._associations]
        if not others:
            return list(first.values())
        return [association for key, association in first.items() if all(key in other for other in others)]

    def assign(self, user_id: str, assignment: Assignment) -> Association:
        """Give an entitlement to a user who is not deleted and does not have it, nor two admin roles."""
        user, entitlement = self._not_deleted(user_id), self._entitlement(assignment.entitlement_id)
        if assignment.resource_id != entitlement.resource_id:
            raise HTTPException(422, f"resource_id: {entitlement.id!r} is not of {assignment.resource_id!r}.")
        held = [self._entitlement(has.entitlement_id) for has in self.associations(user_id=user_id)]
        if entitlement in held:
            raise HTTPException(409, f"User {user_id!r} has entitlement {entitlement.id!r} already.")
        if entitlement.type == "admin_role" and any(has.type == "admin_role" for has in held):
            raise HTTPException(409, f"User {user_id!r} has an admin role already, and may have only one.")
        return self._grant(user, entitlement, self._clock())

    def unassign(self, user_id: str, entitlement_id: str, resource_id: str) -> None:
        """Take an entitlement to a resource from a user."""
        key = self.user(user_id).id, self._entitlement(entitlement_id).id
        association = self._associations.get(key)
        if association is None or association.resource_id != resource_id:
            raise HTTPException(404, f"User {user_id!r} does not have {entitlement_id!r} to {resource_id!r}.")
        self._revoke(association)

    def _entitlement(self, entitlement_id: str) -> Entitlement:
        if entitlement_id not in self._entitlements:
            raise HTTPException(404, f"There is no entitlement {entitlement_id!r}.")
        return self._entitlements[entitlement_id]

    def _not_deleted(self, user_id: str) -> User:
        user = self.user(user_id)
        if user.status == "deleted":
            raise HTTPException(409, f"User {user_id!r} is deleted.")
        return user

    def _refuse_taken(self, email: str, unless_by: str | None = None) -> None:
        if self._emails.get(email.lower()) not in (None, unless_by):
            raise HTTPException(409, f"The e-mail {email!r} belongs to another user.")

    def _put(self, user: User) -> User:
        place = self._places.setdefault(user.id, len(self.users))
        self.users[place : place + 1] = [user]
        self._emails[user.email.lower()] = user.id
        return user

    def _grant(self, user: User, entitlement: Entitlement, granted_at: datetime) -> Association:
        resource_id = entitlement.resource_id
        association = Association(
            user_id=user.id, entitlement_id=entitlement.id, resource_id=resource_id, granted_at=granted_at
        )
        for associations in self._indexes(association):
            associations[user.id, entitlement.id] = association
        return association

    def _revoke(self, association: Association) -> None:
        for associations in self._indexes(association):
            del associations[association.user_id, association.entitlement_id]

    def _indexes(self, association: Association) -> list[dict[tuple[str, str], Association]]:
        fields = ("user_id", "entitlement_id", "resource_id")
        return [self._associations, *(self._by_field[field, getattr(association, field)] for field in fields)]


# --- Tokens -------------------------------------------------------------------------------------------


def authorize(request: Request) -> None:
    """Refuse what the bearer token does not allow."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    match token if scheme.lower() == "bearer" else None:
        case "valid-token":
            pass
        case "read-only-token":
            if request.method != "GET":
                raise HTTPException(403, "This token may read only.")
        case "rate-limited-token":
            raise HTTPException(429, "Too many requests.", {"Retry-After": "30"})
        case "unavailable-token":
            raise HTTPException(503, "Down for maintenance.", {"Retry-After": "120"})
        case _:
            raise HTTPException(401, "The token is missing or not valid.", {"WWW-Authenticate": "Bearer"})


def limited(receive: Receive) -> Receive:
    """Refuse a body as soon as it has more than `MAX_BODY` bytes, announced or not."""
    size = 0

    async def counting() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413, f"The body has more than {MAX_BODY} bytes.")
        return message

    return counting


class GuardedRoute(APIRoute):
    """An operation that looks at the token first. A dependency would look after the body is parsed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the guard before the operation."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            authorize(request)
            return await handle(Request(request.scope, limited(request.receive)))

        return guarded


# --- Operations ---------------------------------------------------------------------------------------


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Document the errors that an operation may answer with."""
    required = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
    header = {"required": True, "schema": {"type": "string"}}
    return {
        status: {"model": Error, "headers": {required[status]: header} if status in required else {}}
        for status in statuses
    }


CREATE = refusals(400, 403, 409, 413)
CHANGE = refusals(400, 403, 404, 409, 413)
REMOVE = refusals(403, 404)


async def store_of(request: Request) -> Store:
    """Find the state of the server that is asked."""
    store: Store = request.app.state.store
    return store


TheStore = Annotated[Store, Depends(store_of)]
UserId = Annotated[str, Path(examples=["user-1"])]
EntitlementId = Annotated[str, Path(examples=["project-1-viewer"])]
ResourceId = Annotated[str, Query(min_length=1, examples=["project-1"])]
Filter = Annotated[str | None, Query(description="Only those with this id.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many items at most.")]
Offset = Annotated[int, Query(ge=0, description="How many items to leave out before.")]

# The route checks the token; the dependency is there to document that.
bearer = HTTPBearer(auto_error=False, description="`valid-token`, or one of the test tokens above.")
router = APIRouter(
    prefix="/api",
    route_class=GuardedRoute,
    dependencies=[Security(bearer)],
    responses=refusals(401, 422, 429, 503),
)


@router.get("/account")
async def get_account() -> Account:
    """Show the tenant that the token belongs to."""
    return ACCOUNT


@router.get("/users", response_model_exclude_unset=True)
async def list_users(store: TheStore, limit: Limit = 10, offset: Offset = 0) -> Page[User]:
    """List the users in the order of their creation, the deleted ones too."""
    return Page[User].of(store.users, limit, offset)


@router.post("/users", status_code=201, responses=CREATE, response_model_exclude_unset=True)
async def create_user(store: TheStore, new: NewUser) -> User:
    """Create an active user. Whatever its case, an e-mail belongs to one user."""
    return store.create_user(new)


@router.get("/users/{user_id}", responses=refusals(404), response_model_exclude_unset=True)
async def get_user(store: TheStore, user_id: UserId) -> User:
    """Show a user, who may be deleted."""
    return store.user(user_id)


@router.put("/users/{user_id}", responses=CHANGE, response_model_exclude_unset=True)
async def change_user(store: TheStore, user_id: UserId, changes: UserChanges) -> User:
    """Change a user who is not deleted."""
    return store.change_user(user_id, changes)


@router.delete("/users/{user_id}", responses=REMOVE, response_model_exclude_unset=True)
async def delete_user(store: TheStore, user_id: UserId) -> User:
    """Delete a user, who stays listed, with the status deleted, the e-mail, and no entitlements."""
    return store.delete_user(user_id)


@router.get("/resources")
async def list_resources(limit: Limit = 10, offset: Offset = 0) -> Page[Resource]:
    """List the projects, the teams and the one global resource."""
    return Page[Resource].of(RESOURCES, limit, offset)


@router.get("/entitlements")
async def list_entitlements(limit: Limit = 10, offset: Offset = 0) -> Page[Entitlement]:
    """List the entitlements that users may have."""
    return Page[Entitlement].of(ENTITLEMENTS, limit, offset)


@router.get("/associations")
async def list_associations(
    store: TheStore,
    user_id: Filter = None,
    entitlement_id: Filter = None,
    resource_id: Filter = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> Page[Association]:
    """List which users have which entitlements. For an unknown id that is none."""
    filters = {"user_id": user_id, "entitlement_id": entitlement_id, "resource_id": resource_id}
    return Page[Association].of(store.associations(**filters), limit, offset)


@router.post("/users/{user_id}/entitlements", status_code=201, responses=CHANGE)
async def assign(store: TheStore, user_id: UserId, assignment: Assignment) -> Association:
    """Give an entitlement to a user. One admin role is the most that a user may have."""
    return store.assign(user_id, assignment)


@router.delete("/users/{user_id}/entitlements/{entitlement_id}", status_code=204, responses=REMOVE)
async def unassign(
    store: TheStore, user_id: UserId, entitlement_id: EntitlementId, resource_id: ResourceId
) -> None:
    """Take an entitlement to a resource from a user."""
    store.unassign(user_id, entitlement_id, resource_id)


# --- Application --------------------------------------------------------------------------------------


def create_app(*, users: int | None = None, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """Make a server with a state of its own.

    Args:
        users: How many users to start with: the written ones first, then generated ones. By default as many
            as the environment variable ``MOCKAPP_USERS`` says, or else the written ones.
        clock: Tells the time, aware and in UTC, once for each user created and entitlement assigned. By
            default it starts at a fixed time and is a second later whenever it is read.

    Returns:
        The ASGI application.

    Raises:
        ValueError: The number of users is negative, or ``MOCKAPP_USERS`` is not a number.
    """
    if users is None:
        users = users_from(os.environ.get("MOCKAPP_USERS", str(len(USERS))))
    if users < 0:
        raise ValueError(f"users must be 0 or more, not {users}")
    app = FastAPI(title="MockApp", version="1.0", description=DESCRIPTION, redirect_slashes=False)
    app.state.store = Store(users, clock or ticking_clock())
    app.include_router(router)

    @app.get("/api/health")
    async def get_health() -> dict[str, str]:
        """Say that the server runs. Wants no token."""
        return {"status": "ok"}

    @app.exception_handler(RequestValidationError)
    async def refuse_invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        """Name the first parameter or field that is not valid, or else the body."""
        first = error.errors()[0]
        *_, name = (part for part in first["loc"] if isinstance(part, str))
        return JSONResponse({"detail": f"{name}: {first['msg']}."}, 422)

    @app.exception_handler(405)
    async def refuse_method(request: Request, error: HTTPException) -> JSONResponse:
        """Name all methods of the path, where the framework names those of its first operation."""
        routes = [route for route in router.routes if route.matches(request.scope)[0] is Match.PARTIAL]
        allowed = sorted(method for route in routes for method in getattr(route, "methods", ()))
        headers = {"Allow": ", ".join(allowed)} if allowed else error.headers
        return JSONResponse({"detail": f"{request.method} is not allowed here."}, 405, headers)

    return app


def users_from(text: str) -> int:
    """Read the number of users in ``MOCKAPP_USERS``."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"MOCKAPP_USERS must be a whole number of 0 or more, not {text!r}")
    return int(text)


try:
    app = create_app()
except ValueError as error:
    # Whoever starts the server reads one line, not the imports of uvicorn.
    raise SystemExit(f"mock_api_server: {error}") from None
