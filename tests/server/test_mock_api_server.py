"""The example upstream behaves as a real API does, and the same way each time."""

import asyncio
import inspect
import itertools
import json
import runpy
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

import mock_api_server
from mock_api_server import MAX_BODY, create_app

LISTS = ["/api/users", "/api/resources", "/api/entitlements", "/api/associations"]
OPERATIONS = [
    (method.upper(), path)
    for path, operations in create_app().openapi()["paths"].items()
    for method in operations
    if path != "/api/health"
]
WRITES = [(method, path) for method, path in OPERATIONS if method != "GET"]
CHUNK = 65_536
WITH_BODY = [(method, path) for method, path in OPERATIONS if method in ("POST", "PUT")]


class Client:
    """Asks an application in the same process, a request at a time."""

    def __init__(self, app: FastAPI, token: str = "valid-token") -> None:  # noqa: S107 # it is public
        self.app = app
        self.headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, **options: object) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **{"headers": self.headers, **options})

        return asyncio.run(send())

    def get(self, path: str, **params: object) -> dict:
        response = self("GET", path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def items(self, path: str, **params: object) -> list[dict]:
        return self.get(path, limit=100, **params)["items"]


@pytest.fixture
def api() -> Client:
    return Client(create_app())


def refusal(response: httpx.Response) -> tuple[int, str]:
    """The status and the reason; a refusal says nothing else."""
    assert list(response.json()) == ["detail"], response.text
    return response.status_code, response.json()["detail"]


# --- Health, documents ---


def test_health_wants_no_token(api):
    response = api("GET", "/api/health", headers={})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_docs_are_served(api):
    response = api("GET", "/docs", headers={})
    assert response.status_code == 200
    assert "swagger" in response.text


def test_docs_explain_the_tokens(api):
    description = api("GET", "/openapi.json", headers={}).json()["info"]["description"]
    for token in ("valid-token", "read-only-token", "rate-limited-token", "unavailable-token"):
        assert f"`{token}`" in description


def test_docs_know_one_kind_of_error(api):
    document = api("GET", "/openapi.json", headers={}).json()
    errors = {
        json.dumps(response.get("content"))
        for operations in document["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status >= "400"
    }
    assert errors == {'{"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}'}


def test_account(api):
    assert (
        api("GET", "/api/account").text == '{"id":"acme","name":"Acme GmbH","plan":"business","region":"eu"}'
    )


# --- Tokens ---


@pytest.mark.parametrize(
    "authorization",
    [None, "", "valid-token", "Bearer", "Bearer another-token", "Bearer Valid-Token", "Basic valid-token"],
)
def test_everything_else_wants_a_token(api, authorization):
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    for method, path in OPERATIONS:
        # Neither the ids, which are unknown, nor the body, which is not JSON, are looked at.
        response = api(method, path, headers=headers, content="{")
        assert refusal(response) == (401, "The token is missing or not valid.")
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_of_a_token_has_no_case(api):
    assert api("GET", "/api/account", headers={"Authorization": "bearer valid-token"}).status_code == 200


@pytest.mark.parametrize(
    ("token", "status", "retry_after"), [("rate-limited-token", 429, "30"), ("unavailable-token", 503, "120")]
)
def test_tokens_that_get_no_answer(token, status, retry_after):
    api = Client(create_app(), token)
    for method, path in OPERATIONS:
        response = api(method, path)
        assert refusal(response)[0] == status
        assert response.headers["Retry-After"] == retry_after


def test_read_only_token_cannot_write(api):
    reader = Client(api.app, "read-only-token")
    for method, path in WRITES:
        response = reader(method, path.format(user_id="user-1", entitlement_id="admin-full"))
        assert refusal(response) == (403, "This token may read only.")
    assert state(api) == state(Client(create_app()))


@pytest.mark.parametrize("path", ["/api/account", "/api/users/user-1", *LISTS])
def test_read_only_token_can_read(api, path):
    assert Client(api.app, "read-only-token").get(path) == api.get(path)


# --- Pages ---


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 3, 4, 10, 100])
def test_pages_of_any_size_make_the_same_list(api, path, limit):
    every, walked = api.items(path), []
    for offset in itertools.count(0, limit):
        page = api.get(path, limit=limit, offset=offset)
        walked += page["items"]
        assert list(page) == ["items", "total", "limit", "offset", "has_more"]
        assert (page["total"], page["limit"], page["offset"]) == (len(every), limit, offset)
        assert page["has_more"] == (len(walked) < len(every))
        if not page["has_more"]:
            break
        assert len(page["items"]) == limit
    assert walked == every


@pytest.mark.parametrize("path", LISTS)
def test_a_page_has_ten_items_from_the_start_by_default(api, path):
    page = api.get(path)
    assert (page["limit"], page["offset"]) == (10, 0)
    assert page["items"] == api.items(path)[:10]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("beyond", [0, 1, 10**30])
def test_beyond_the_end_is_nothing(api, path, beyond):
    page = api.get(path, offset=api.get(path)["total"] + beyond)
    assert (page["items"], page["has_more"]) == ([], False)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("limit=0", "limit: Input should be greater than or equal to 1."),
        ("limit=-1", "limit: Input should be greater than or equal to 1."),
        ("limit=101", "limit: Input should be less than or equal to 100."),
        ("limit=ten", "limit: Input should be a valid integer, unable to parse string as an integer."),
        ("limit=", "limit: Input should be a valid integer, unable to parse string as an integer."),
        ("offset=-1", "offset: Input should be greater than or equal to 0."),
        ("offset=1.5", "offset: Input should be a valid integer, unable to parse string as an integer."),
    ],
)
def test_a_bad_page_is_refused_with_the_reason(api, path, query, reason):
    assert refusal(api("GET", f"{path}?{query}")) == (422, reason)


# --- Users ---


def test_a_user_says_all_in_order(api):
    assert api("GET", "/api/users/user-1").text == (
        '{"id":"user-1","email":"alice.martin@example.com","name":"Alice Martin","status":"active",'
        '"created_at":"2024-01-15T09:30:00Z","last_login":"2025-01-10T16:45:00Z","department":"Engineering",'
        '"phone":"+44 20 7946 0101","locale":"en-GB","avatar_url":"https://avatars.example.com/user-1.png",'
        '"login_count":412}'
    )


def test_every_listed_user_can_be_shown(api):
    for user in api.items("/api/users"):
        assert api.get(f"/api/users/{user['id']}") == user


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/users/{}", None),
        ("PUT", "/api/users/{}", {"name": "Somebody"}),
        ("DELETE", "/api/users/{}", None),
        ("POST", "/api/users/{}/entitlements", {"entitlement_id": "team-1-member", "resource_id": "team-1"}),
        ("DELETE", "/api/users/{}/entitlements/team-1-member?resource_id=team-1", None),
    ],
)
@pytest.mark.parametrize("user_id", ["user-13", "user-01", "USER-1", "user-1 ", "é'\"\\"])
def test_an_unknown_user_is_not_found(api, method, path, body, user_id):
    assert refusal(api(method, path.format(user_id), json=body)) == (404, f"There is no user {user_id!r}.")


def test_create_user(api):
    response = api("POST", "/api/users", json={"email": "new@example.com", "name": "Né 'w\" 新"})
    assert response.status_code == 201
    assert response.json() == {
        "id": "user-13",
        "email": "new@example.com",
        "name": "Né 'w\" 新",
        "status": "active",
        "created_at": "2025-01-15T12:00:00Z",
        "last_login": None,
        "locale": "en-GB",
        "avatar_url": None,
        "login_count": 0,
    }
    assert api.items("/api/users")[-1] == api.get("/api/users/user-13") == response.json()


@pytest.mark.parametrize("department", ["Sales", None])
def test_create_user_in_a_department(api, department):
    body = {"email": "new@example.com", "name": "New", "department": department}
    assert api("POST", "/api/users", json=body).json()["department"] == department


def test_created_ids_and_times_count_up(api):
    created = [
        api("POST", "/api/users", json={"email": f"new-{number}@example.com", "name": "New"}).json()
        for number in range(3)
    ]
    assert [(user["id"], user["created_at"]) for user in created] == [
        ("user-13", "2025-01-15T12:00:00Z"),
        ("user-14", "2025-01-15T12:00:01Z"),
        ("user-15", "2025-01-15T12:00:02Z"),
    ]


@pytest.mark.parametrize(
    "change", [{"email": "a.m@example.com"}, {"name": "A. M."}, {"status": "inactive"}, {}], ids=str
)
def test_change_user(api, change):
    before = api.get("/api/users/user-8")
    response = api("PUT", "/api/users/user-8", json=change)
    assert (response.status_code, response.json()) == (200, {**before, **change})
    assert api.items("/api/users")[7] == response.json()


def test_what_is_null_in_a_change_stays(api):
    before = api.get("/api/users/user-1")
    response = api("PUT", "/api/users/user-1", json={"email": None, "name": None, "status": None})
    assert (response.status_code, response.json()) == (200, before)


def test_a_user_can_become_active_again(api):
    assert api("PUT", "/api/users/user-4", json={"status": "active"}).json()["status"] == "active"


def test_delete_user_leaves_a_tombstone_without_entitlements(api):
    before, total = api.get("/api/users/user-1"), api.get("/api/associations")["total"]
    assert api.get("/api/associations", user_id="user-1")["total"] == 8
    response = api("DELETE", "/api/users/user-1")
    assert (response.status_code, response.json()) == (200, {**before, "status": "deleted"})
    assert api.items("/api/users")[0] == response.json()
    assert api.get("/api/associations", user_id="user-1")["total"] == 0
    assert api.get("/api/associations")["total"] == total - 8
    assert all(
        item["user_id"] != "user-1" for item in api.items("/api/associations", resource_id="project-1")
    )


def test_deleting_twice_answers_the_same(api):
    before = api.get("/api/users/user-8")
    for response in (api("DELETE", "/api/users/user-8"), api("DELETE", "/api/users/user-8")):
        assert (response.status_code, response.json()) == (200, {**before, "status": "deleted"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "New"}, "email"),
        ({"email": "new@example.com"}, "name"),
        ({"email": None, "name": "New"}, "email"),
        ({"email": 5, "name": "New"}, "email"),
        ({"email": "new@example.com", "name": ""}, "name"),
        ({"email": "new@example.com", "name": " \t"}, "name"),
        ({"email": "new@example.com", "name": "x" * 201}, "name"),
        ({"email": "new@example.com", "name": "New", "department": 7}, "department"),
        ({"email": "new@example.com", "name": "New", "status": "deleted"}, "status"),
        ([], "body"),
        ("new@example.com", "body"),
        (None, "body"),
    ],
)
def test_a_bad_new_user_is_refused_with_the_field(api, body, field):
    status, reason = refusal(api("POST", "/api/users", json=body))
    assert (status, reason.partition(": ")[0]) == (422, field)


BAD_EMAILS = [
    "", "new", "@example.com", "new@", "new@example", "new@.com", "new@example.", "new@@example.com",
    "ne w@example.com", "new@exa mple.com", "new@example.com ", "new@example.com\n", "<new@example.com>",
    "a@example.com,b@example.com", "nëw@example.com", "n" * 250 + "@example.com",
]  # fmt: skip


@pytest.mark.parametrize("email", BAD_EMAILS)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/users"), ("PUT", "/api/users/user-1")])
def test_a_bad_email_is_refused(api, method, path, email):
    status, reason = refusal(api(method, path, json={"email": email, "name": "New"}))
    assert (status, reason.partition(": ")[0]) == (422, "email")


@pytest.mark.parametrize(
    "email", ["new@example.com", "n.e-w+tag@mail.example.co.uk", "o'neil_99%x@example.com", "X@1-2.example"]
)
@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/api/users", 201), ("PUT", "/api/users/user-1", 200)]
)
def test_a_good_email_is_taken_as_it_is(api, method, path, status, email):
    response = api(method, path, json={"email": email, "name": "New"})
    assert (response.status_code, response.json()["email"]) == (status, email)


@pytest.mark.parametrize(
    "email", ["bjorn.angstrom@example.com", "Bjorn.Angstrom@EXAMPLE.com", "nora.iversen@example.com"]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/users"), ("PUT", "/api/users/user-1")])
def test_an_email_belongs_to_one_user(api, method, path, email):
    response = api(method, path, json={"email": email, "name": "New"})
    assert refusal(response) == (409, f"The e-mail {email!r} belongs to another user.")
    assert state(api) == state(Client(create_app()))


def test_a_deleted_user_keeps_the_email(api):
    assert (
        api("POST", "/api/users", json={"email": "tomas.dvorak@example.com", "name": "New"}).status_code
        == 409
    )


def test_an_email_that_was_given_up_is_free(api):
    assert api("PUT", "/api/users/user-1", json={"email": "am@example.com"}).status_code == 200
    body = {"email": "alice.martin@example.com", "name": "New"}
    assert api("POST", "/api/users", json=body).status_code == 201
    assert api("PUT", "/api/users/user-1", json=body).status_code == 409


def test_the_case_of_the_own_email_can_change(api):
    response = api("PUT", "/api/users/user-1", json={"email": "Alice.Martin@example.com"})
    assert (response.status_code, response.json()["email"]) == (200, "Alice.Martin@example.com")
    assert (
        api("POST", "/api/users", json={"email": "alice.martin@example.com", "name": "New"}).status_code
        == 409
    )


@pytest.mark.parametrize("status", ["deleted", "Active", "", "suspended", 1])
def test_only_active_and_inactive_can_be_set(api, status):
    response = api("PUT", "/api/users/user-1", json={"status": status})
    assert refusal(response) == (422, "status: Input should be 'active' or 'inactive'.")


@pytest.mark.parametrize("body", [{"status": "active"}, {"name": "New"}, {}], ids=str)
def test_a_deleted_user_cannot_change(api, body):
    assert refusal(api("PUT", "/api/users/user-6", json=body)) == (409, "User 'user-6' is deleted.")


def test_a_field_that_is_not_known_is_refused(api):
    response = api("PUT", "/api/users/user-1", json={"nane": "Alice"})
    assert refusal(response) == (422, "nane: Extra inputs are not permitted.")


# --- Entitlements ---


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/api/resources", ["id", "type", "name", "description", "created_at"]),
        ("/api/entitlements", ["id", "type", "name", "description", "resource_id"]),
        ("/api/associations", ["user_id", "entitlement_id", "resource_id", "granted_at"]),
    ],
)
def test_items_say_all_in_order(api, path, fields):
    assert all(list(item) == fields for item in api.items(path))


def test_associations_pass_all_filters(api):
    every = api.items("/api/associations")
    for values in itertools.product(
        [None, "user-1", "user-2", "user-4", "user-99", ""],
        [None, "project-1-viewer", "admin-full", "project-3-editor", "nothing"],
        [None, "project-1", "acme", "team-3", "nothing"],
    ):
        named = zip(["user_id", "entitlement_id", "resource_id"], values, strict=True)
        filters = {name: value for name, value in named if value is not None}
        expected = [item for item in every if filters.items() <= item.items()]
        page = api.get("/api/associations", limit=3, **filters)
        assert (page["items"], page["total"]) == (expected[:3], len(expected)), filters


def test_assign(api):
    before = api.items("/api/associations")
    response = api(
        "POST",
        "/api/users/user-8/entitlements",
        json={"entitlement_id": "team-1-member", "resource_id": "team-1"},
    )
    assert response.status_code == 201
    assert response.json() == {
        "user_id": "user-8",
        "entitlement_id": "team-1-member",
        "resource_id": "team-1",
        "granted_at": "2025-01-15T12:00:00Z",
    }
    assert api.items("/api/associations") == [*before, response.json()]


@pytest.mark.parametrize(
    ("user_id", "entitlement_id", "resource_id", "status", "reason"),
    [
        ("user-2", "nothing", "team-1", 404, "There is no entitlement 'nothing'."),
        ("user-2", "team-2-member", "team-1", 422, "resource_id: 'team-2-member' is not of 'team-1'."),
        ("user-2", "team-2-member", "nothing", 422, "resource_id: 'team-2-member' is not of 'nothing'."),
        ("user-2", "team-1-member", "team-1", 409, "User 'user-2' has entitlement 'team-1-member' already."),
        ("user-1", "admin-full", "acme", 409, "User 'user-1' has entitlement 'admin-full' already."),
        (
            "user-1",
            "admin-billing",
            "acme",
            409,
            "User 'user-1' has an admin role already, and may have only one.",
        ),
        ("user-6", "team-1-member", "team-1", 409, "User 'user-6' is deleted."),
    ],
)
def test_what_cannot_be_assigned(api, user_id, entitlement_id, resource_id, status, reason):
    body = {"entitlement_id": entitlement_id, "resource_id": resource_id}
    assert refusal(api("POST", f"/api/users/{user_id}/entitlements", json=body)) == (status, reason)
    assert state(api) == state(Client(create_app()))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "entitlement_id"),
        ({"entitlement_id": "team-1-member"}, "resource_id"),
        ({"entitlement_id": None, "resource_id": "team-1"}, "entitlement_id"),
        ({"entitlement_id": "team-1-member", "resource_id": ["team-1"]}, "resource_id"),
        ([], "body"),
    ],
)
def test_a_bad_assignment_is_refused_with_the_field(api, body, field):
    status, reason = refusal(api("POST", "/api/users/user-8/entitlements", json=body))
    assert (status, reason.partition(": ")[0]) == (422, field)


def test_unassign(api):
    before = api.items("/api/associations")
    response = api("DELETE", "/api/users/user-2/entitlements/team-1-member?resource_id=team-1")
    assert (response.status_code, response.content) == (204, b"")
    assert api.items("/api/associations") == [
        item for item in before if (item["user_id"], item["entitlement_id"]) != ("user-2", "team-1-member")
    ]
    for filters in ({"user_id": "user-2"}, {"entitlement_id": "team-1-member"}, {"resource_id": "team-1"}):
        assert all(
            (item["user_id"], item["entitlement_id"]) != ("user-2", "team-1-member")
            for item in api.items("/api/associations", **filters)
        )


def test_the_admin_role_can_be_changed_for_the_other(api):
    assert api("DELETE", "/api/users/user-1/entitlements/admin-full?resource_id=acme").status_code == 204
    body = {"entitlement_id": "admin-billing", "resource_id": "acme"}
    assert api("POST", "/api/users/user-1/entitlements", json=body).status_code == 201


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("user-2/entitlements/nothing?resource_id=team-1", 404, "There is no entitlement 'nothing'."),
        (
            "user-2/entitlements/team-1-member?resource_id=team-2",
            404,
            "User 'user-2' does not have 'team-1-member' to 'team-2'.",
        ),
        (
            "user-4/entitlements/team-1-member?resource_id=team-1",
            404,
            "User 'user-4' does not have 'team-1-member' to 'team-1'.",
        ),
        ("user-2/entitlements/team-1-member", 422, "resource_id: Field required."),
        (
            "user-2/entitlements/team-1-member?resource_id=",
            422,
            "resource_id: String should have at least 1 character.",
        ),
    ],
)
def test_what_cannot_be_unassigned(api, path, status, reason):
    assert refusal(api("DELETE", f"/api/users/{path}")) == (status, reason)
    assert state(api) == state(Client(create_app()))


def test_unassigning_twice_is_not_found(api):
    path = "/api/users/user-2/entitlements/team-1-member?resource_id=team-1"
    assert [api("DELETE", path).status_code for _ in range(2)] == [204, 404]


# --- What no API expects ---


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", 422, "body: Field required."),
        (b"{", 422, "body: JSON decode error."),
        (b"name=New", 422, "body: JSON decode error."),
        (b"\xff", 400, "There was an error parsing the body"),
        (b"[" * 100_000, 400, "There was an error parsing the body"),
        (b"9" * 5000, 400, "There was an error parsing the body"),
    ],
    ids=["empty", "cut off", "a form", "not UTF-8", "deep", "a huge number"],
)
def test_bad_json_is_refused(api, method, path, content, status, reason):
    headers = {**api.headers, "Content-Type": "application/json"}
    response = api(method, path.format(user_id="user-1"), content=content, headers=headers)
    assert refusal(response) == (status, reason)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
def test_a_wrong_content_type_is_refused(api, method, path, content_type):
    headers = {**api.headers, "Content-Type": content_type}
    response = api(method, path.format(user_id="user-1"), content=b'{"name":"New"}', headers=headers)
    assert refusal(response)[0] == 422


def test_half_a_surrogate_pair_is_refused(api):
    headers = {**api.headers, "Content-Type": "application/json"}
    for content in (rb'{"email":"new@example.com","name":"\ud800"}', rb'{"\ud800":1}'):
        assert refusal(api("POST", "/api/users", content=content, headers=headers))[0] == 422


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("token", "status", "read"), [("valid-token", 413, MAX_BODY + CHUNK), ("another-token", 401, 0)]
)
def test_a_huge_body_is_not_read_to_its_end(api, method, path, announced, token, status, read):
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += CHUNK
            yield b" " * CHUNK

    length = {"Content-Length": str(1000 * CHUNK)} if announced else {"Transfer-Encoding": "chunked"}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **length}
    response = api(method, path.format(user_id="user-1"), content=chunks(), headers=headers)
    assert refusal(response)[0] == status
    assert sent == read


def test_the_largest_body_is_read(api):
    body = b'{"email":"new@example.com","name":"New"}'
    headers = {**api.headers, "Content-Type": "application/json"}
    response = api("POST", "/api/users", content=body.ljust(MAX_BODY), headers=headers)
    assert response.status_code == 201
    assert api("POST", "/api/users", content=body.ljust(MAX_BODY + 1), headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/health", "GET"),
        ("/api/users", "GET, POST"),
        ("/api/users/user-1", "DELETE, GET, PUT"),
        ("/api/users/user-1/entitlements", "POST"),
        ("/api/users/user-1/entitlements/admin-full", "DELETE"),
        ("/api/associations", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "BREW"])
def test_an_unknown_method_is_refused_with_the_known_ones(api, method, path, allowed):
    response = api(method, path)
    assert refusal(response) == (405, f"{method} is not allowed here.")
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/", "/api/user", "/api/users/", "/api/users/user-1/", "/users"]
)
def test_an_unknown_path_is_not_found(api, path):
    assert refusal(api("GET", path)) == (404, "Not Found")


# --- The state ---


def state(api: Client) -> list[list[dict]]:
    return [api.items(path) for path in LISTS]


SEQUENCE = [
    *(("GET", path, None) for path in LISTS),
    ("POST", "/api/users", {"email": "new@example.com", "name": "New"}),
    ("POST", "/api/users", {"email": "NEW@example.com", "name": "Again"}),
    ("POST", "/api/users", {"email": "newer@example.com", "name": "Ñewer", "department": None}),
    ("PUT", "/api/users/user-13", {"status": "inactive"}),
    ("POST", "/api/users/user-13/entitlements", {"entitlement_id": "admin-full", "resource_id": "acme"}),
    ("POST", "/api/users/user-13/entitlements", {"entitlement_id": "admin-billing", "resource_id": "acme"}),
    ("DELETE", "/api/users/user-1/entitlements/admin-full?resource_id=acme", None),
    ("DELETE", "/api/users/user-2", None),
    ("GET", "/api/users/nobody", None),
    ("GET", "/api/users?limit=0", None),
    ("PATCH", "/api/users", None),
    *(("GET", f"{path}?offset=10", None) for path in LISTS),
]


def test_two_servers_answer_the_same_bytes():
    one, other = Client(create_app()), Client(create_app())
    for method, path, body in SEQUENCE:
        answers = [api(method, path, json=body) for api in (one, other)]
        first, second = [(answer.status_code, answer.headers.raw, answer.content) for answer in answers]
        assert first == second


def test_servers_share_no_state(api):
    other = Client(create_app())
    untouched = state(other)
    for method, path, body in SEQUENCE:
        api(method, path, json=body)
    assert state(api) != untouched
    assert state(other) == state(Client(create_app())) == untouched


def test_the_clock_can_be_given():
    moments = iter([datetime(2030, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
    api = Client(create_app(clock=lambda: next(moments)))
    created = api("POST", "/api/users", json={"email": "new@example.com", "name": "New"}).json()
    # What is refused or creates nothing does not read the clock.
    api("POST", "/api/users", json={"email": "new@example.com", "name": "New"})
    api("PUT", "/api/users/user-1", json={"name": "New"})
    body = {"entitlement_id": "team-1-member", "resource_id": "team-1"}
    granted = api("POST", "/api/users/user-13/entitlements", json=body).json()
    assert (created["created_at"], granted["granted_at"]) == ("2030-02-03T04:05:06Z", "2031-01-01T00:00:00Z")


def test_no_operation_runs_in_a_thread():
    # All that guards the state is that operations run one after another, on the event loop.
    operations = [route.endpoint for route in mock_api_server.router.routes]
    assert all(map(inspect.iscoroutinefunction, [*operations, mock_api_server.store_of]))


# --- The seed ---


def test_users_have_every_status_and_missing_fields(api):
    users = api.items("/api/users")
    assert {user["status"] for user in users} == {"active", "inactive", "deleted"}
    for field in ("department", "phone"):
        assert {type(user.get(field, ...)) for user in users} == {str, type(None), type(...)}
    for field in ("last_login", "avatar_url"):
        assert {type(user[field]) for user in users} == {str, type(None)}
    assert any(user["email"] != user["email"].lower() for user in users)


@pytest.mark.parametrize("characters", ["ö", "'", '"', "花", "<", "Ł"])
def test_names_are_not_all_plain(api, characters):
    assert any(characters in user["name"] for user in api.items("/api/users"))


def test_no_list_fits_the_default_page_but_the_resources(api):
    assert {path for path in LISTS if api.get(path)["has_more"]} == {*LISTS} - {"/api/resources"}


def test_users_have_none_one_and_many_entitlements(api):
    held = [api.get("/api/associations", user_id=user["id"])["total"] for user in api.items("/api/users")]
    assert {0, 1} <= set(held)
    assert max(held) >= 5
    assert held.count(0) >= 3


def test_resources_and_entitlements_have_every_type(api):
    resources = {resource["id"]: resource["type"] for resource in api.items("/api/resources")}
    kinds = {(item["type"], resources[item["resource_id"]]) for item in api.items("/api/entitlements")}
    assert kinds == {("project_role", "project"), ("team_member", "team"), ("admin_role", "global")}
    assert [id_ for id_, type_ in resources.items() if type_ == "global"] == [api.get("/api/account")["id"]]


def is_consistent(api: Client, users: list[dict], associations: list[dict]) -> bool:
    entitlements = {item["id"]: item for item in api.items("/api/entitlements")}
    deleted = {user["id"] for user in users if user["status"] == "deleted"}
    holders = [(item["user_id"], item["entitlement_id"]) for item in associations]
    admins = [user_id for user_id, id_ in holders if entitlements[id_]["type"] == "admin_role"]
    return (
        {user_id for user_id, _ in holders} <= {user["id"] for user in users} - deleted
        and all(
            entitlements[item["entitlement_id"]]["resource_id"] == item["resource_id"]
            for item in associations
        )
        and len(set(holders)) == len(holders)
        and len(set(admins)) == len(admins)
        and len({user["email"].lower() for user in users}) == len(users)
    )


def test_the_seed_keeps_the_rules_of_the_api(api):
    assert is_consistent(api, api.items("/api/users"), api.items("/api/associations"))


# --- The number of users ---


@pytest.mark.parametrize("users", [0, 1, 5, 12, 13, 99])
def test_as_many_users_as_asked_for(users):
    api = Client(create_app(users=users))
    listed = api.items("/api/users")
    assert [user["id"] for user in listed] == [f"user-{number}" for number in range(1, users + 1)]
    assert listed[:12] == Client(create_app()).items("/api/users")[:users]
    created = api("POST", "/api/users", json={"email": "new@example.com", "name": "New"})
    assert created.json()["id"] == f"user-{users + 1}"


def test_many_users_keep_the_rules_of_the_api():
    api = Client(create_app(users=100))
    users = api.items("/api/users")
    associations = [item for offset in (0, 100) for item in api.items("/api/associations", offset=offset)]
    assert len(associations) == api.get("/api/associations")["total"] > 100
    assert {user["status"] for user in users[12:]} == {"active", "inactive", "deleted"}
    assert is_consistent(api, users, associations)


def test_thousands_of_users_are_there():
    page = Client(create_app(users=10_000)).get("/api/users", limit=100, offset=9_950)
    assert (page["total"], len(page["items"]), page["has_more"]) == (10_000, 50, False)


def test_the_environment_can_ask_for_users(monkeypatch):
    monkeypatch.setenv("MOCKAPP_USERS", "3")
    assert Client(create_app()).get("/api/users")["total"] == 3
    assert Client(create_app(users=4)).get("/api/users")["total"] == 4


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "1e3", " 3", "٣"])
def test_a_bad_environment_is_one_clear_error(monkeypatch, value):
    monkeypatch.setenv("MOCKAPP_USERS", value)
    with pytest.raises(ValueError, match="MOCKAPP_USERS must be a whole number of 0 or more, not") as caught:
        create_app()
    assert repr(value) in str(caught.value)
    assert caught.value.__context__ is None


def test_a_server_does_not_start_in_a_bad_environment(monkeypatch):
    monkeypatch.setenv("MOCKAPP_USERS", "many")
    with pytest.raises(SystemExit, match=r"^mock_api_server: MOCKAPP_USERS must be .* not 'many'$"):
        runpy.run_path(mock_api_server.__file__)


def test_a_negative_number_of_users_is_an_error():
    with pytest.raises(ValueError, match=r"^users must be 0 or more, not -1$"):
        create_app(users=-1)
