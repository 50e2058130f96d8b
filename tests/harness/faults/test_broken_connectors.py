"""Connectors that are broken in one way each, recorded as they are, and a right one."""

from base64 import b64encode
from typing import ClassVar
from urllib.parse import quote
from xml.etree.ElementTree import ParseError, XMLPullParser

import httpx
import pytest
from connector import generated as sdk
from connector.oai.errors import (
    AuthenticationError,
    AuthorizationError,
    BudgetExhaustedError,
    HTTPHandler,
    InternalError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
)
from connector.oai.integration import DescriptionData, Integration
from connector.utils.rate_limiting import RateLimiter
from connector_sdk_types.oai.modules.rate_limiting_types import RateLimitConfig
from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, field_validator
from scenario_testing import ORIGIN, application
from sweep_testing import swept

from connector_contract import Upstream
from connector_contract.faults.catalogue import FAULTS
from connector_contract.faults.fault import Outcome, Row, Weight
from connector_contract.faults.fault_lines import not_survived
from connector_contract.faults.swept_call import SweptCall

pytestmark = pytest.mark.loopback

USERS = [
    {"id": "u1", "name": "Ann", "status": "active"},
    {"id": "u2", "name": "Bob", "status": "active"},
    {"id": "u3", "name": "Cy", "status": "gone"},
    {"id": "u4", "name": "Di", "status": "active"},
]
STATUSES = {"active": sdk.AccountStatus.ACTIVE, "gone": sdk.AccountStatus.SUSPENDED}
SIZE = 2


def upstream(asked):
    if asked.path == "/users" and asked.method == "GET":
        start = int(asked.query.get("start", 0))
        return {"users": USERS[start : start + SIZE], "has_more": start + SIZE < len(USERS)}
    if asked.method == "DELETE":
        return 200, {}, {"deleted": True}
    if asked.method == "POST":
        return 201, {}, USERS[0]
    return USERS[0]


NOTHING = {"users": [], "has_more": False}


class User(BaseModel):
    model_config = ConfigDict(strict=True)
    id: str
    name: str
    status: str


class Page(BaseModel):
    model_config = ConfigDict(strict=True)
    users: list[User]
    has_more: bool


NO_PAGE = Page(**NOTHING)


class Deleted(BaseModel):
    model_config = ConfigDict(strict=True)
    deleted: bool


class Token(BaseModel):
    # What pydantic says of it goes into messages.
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)
    access_token: str


class Right:
    """A connector that survives all faults."""

    options: dict = {}
    page, user = Page, User
    upstream = staticmethod(upstream)

    async def ask(self, client, method, path, **options):
        return await client.request(method, path, **options)

    def check(self, response):
        if not response.is_success:
            response.raise_for_status()
            raise InvalidResponseError(message="It leads elsewhere")

    def read(self, kind, response):
        self.check(response)
        try:
            return kind.model_validate_json(response.content)
        except ValidationError as error:
            raise InvalidResponseError(message=str(error)) from error

    def status(self, user):
        if user.status not in STATUSES:
            raise InvalidResponseError(message=f"status {user.status}")
        return STATUSES[user.status]

    def account(self, user):
        return sdk.FoundAccountData(
            integration_specific_id=user.id, given_name=user.name, user_status=self.status(user)
        )

    def ends(self, page, known):
        if not page.users:
            raise InvalidResponseError(message="The page is empty")
        if page.users[0].id in known:
            raise InvalidResponseError(message="The page comes again")
        return not page.has_more

    async def users(self, client):
        found, start = [], 0
        while True:
            page = self.read(self.page, await self.ask(client, "GET", "/users", params={"start": start}))
            ended = self.ends(page, [user.id for user in found])
            found += page.users
            start += SIZE
            if ended:
                return found

    async def list_accounts(self, args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
        async with self.client() as client:
            return sdk.ListAccountsResponse(
                response=[self.account(each) for each in await self.users(client)]
            )

    async def create_account(self, args: sdk.CreateAccountRequest) -> sdk.CreateAccountResponse:
        async with self.client() as client:
            user = self.read(self.user, await self.ask(client, "POST", "/users", json={"name": "Ann"}))
        created = sdk.CreatedAccount(created=True, status=sdk.AccountStatus.ACTIVE, account_id=user.id)
        return sdk.CreateAccountResponse(response=created)

    async def delete_account(self, args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
        path = f"/users/{args.request.account_id}"
        async with self.client() as client:
            self.read(self.user, await self.ask(client, "GET", path))
            self.delete(await self.ask(client, "DELETE", path))
        return sdk.DeleteAccountResponse(
            response=sdk.DeletedAccount(deleted=True, status=sdk.AccountStatus.DELETED)
        )

    def delete(self, response):
        if not self.read(Deleted, response).deleted:
            raise InvalidResponseError(message="deleted is false")

    def client(self):
        return httpx.AsyncClient(base_url=ORIGIN, timeout=5, **self.options)

    def integration(self):
        found = Integration(
            app_id="app",
            version="1",
            auth=sdk.TokenCredential,
            exception_handlers=[
                (httpx.HTTPStatusError, HTTPHandler, None),
                (httpx.DecodingError, HTTPHandler, None),
            ],
            description_data=DescriptionData(user_friendly_name="App", categories=[]),
        )
        found.register_capabilities(
            {
                sdk.StandardCapabilityName.LIST_ACCOUNTS: self.list_accounts,
                sdk.StandardCapabilityName.CREATE_ACCOUNT: self.create_account,
                sdk.StandardCapabilityName.DELETE_ACCOUNT: self.delete_account,
            }
        )
        return found


async def lists(lumos):
    return await lumos.call("list_accounts")


async def walks(lumos):
    for page in (None, {"token": "2"}):
        await lumos.call("list_accounts", page=page)


async def creates(lumos):
    return await lumos.call("create_account", request={"email": "ann@example.com", "entitlements": []})


async def assigns(lumos):
    request = {
        "account_integration_specific_id": "u3",
        "resource_integration_specific_id": "",
        "resource_type": "",
        "entitlement_integration_specific_id": "g1",
        "entitlement_type": "group",
    }
    return await lumos.call("assign_entitlement", request=request)


async def deletes(lumos):
    return await lumos.call("delete_account", request={"account_id": "u1"})


def refusing(status, raised):
    """A connector that takes a status for another thing."""

    class Refusing(Right):
        def check(self, response):
            if response.status_code == status:
                raise raised(message="wrong")
            super().check(response)

    return Refusing


def swallowing(*statuses):
    """A connector that reads the users as none where it is answered with one of some statuses."""

    class Swallowing(Right):
        def read(self, kind, response):
            if response.status_code in statuses:
                return NO_PAGE
            return super().read(kind, response)

        def ends(self, page, known):
            return page == NO_PAGE or super().ends(page, known)

    return Swallowing


def reading(wrong, default):
    """A connector that reads what it cannot read as something."""

    class Reading(Right):
        def read(self, kind, response):
            self.check(response)
            if wrong(response):
                return kind.model_validate(default)
            return super().read(kind, response)

        def ends(self, page, known):
            return page == NO_PAGE or super().ends(page, known)

    return Reading


def is_json(response):
    try:
        response.json()
    except ValueError:
        return False
    return True


class TakesDatesForSeconds(Right):
    def check(self, response):
        if response.status_code == 429:
            int(response.headers.get("retry-after", "1"))
            raise RateLimitError
        super().check(response)


class AsksForEver(Right):
    async def ask(self, client, method, path, **options):
        while True:
            response = await super().ask(client, method, path, **options)
            if response.status_code != 503:
                return response


class WritesAgain(Right):
    async def ask(self, client, method, path, **options):
        try:
            return await super().ask(client, method, path, **options)
        except httpx.ReadTimeout:
            return await super().ask(client, method, path, **options)


class FollowsRedirects(Right):
    options = {"follow_redirects": True}


class SwallowsConnections(Right):
    lost: type[Exception] = httpx.ConnectError

    async def ask(self, client, method, path, **options):
        try:
            return await super().ask(client, method, path, **options)
        except self.lost:
            return httpx.Response(200, json=NOTHING, request=httpx.Request(method, ORIGIN))

    def ends(self, page, known):
        return page == NO_PAGE or super().ends(page, known)


class WaitsForEver(Right):
    def client(self):
        return httpx.AsyncClient(base_url=ORIGIN, timeout=None)  # noqa: S113 - on purpose


class MakesUpStatuses(Right):
    def status(self, user):
        return STATUSES.get(user.status, sdk.AccountStatus.ACTIVE)


class RefusesNewFields(Right):
    class page(Page):  # noqa: N801 - it is one by another name
        model_config = ConfigDict(strict=True, extra="forbid")


class EndsAtAnEmptyPage(Right):
    def ends(self, page, known):
        if not page.users:
            return True
        return super().ends(page, known)


class GoesOnForEver(Right):
    def ends(self, page, known):
        return not page.has_more

    async def users(self, client):
        found, start = [], 0
        while True:
            page = self.read(self.page, await self.ask(client, "GET", "/users", params={"start": start}))
            found += [user for user in page.users if user.id not in [each.id for each in found]]
            start += SIZE
            if not page.has_more:
                return found


class HidesARefusedDelete(Right):
    def delete(self, response):
        return


class SaysWhereItIs(Right):
    """A connector of an upstream that says where each page starts."""

    class page(Page):  # noqa: N801 - it is one by another name
        start: int

    @staticmethod
    def upstream(asked):
        return {**upstream(asked), "start": int(asked.query.get("start", 0))}


class EndsAtThePageBefore(SaysWhereItIs):
    def ends(self, page, known):
        return (
            page.users[0].id in known or super().ends(page, known)
            if page.users
            else super().ends(page, known)
        )


class HasAPlainList(Right):
    """A connector of an upstream that lists its users without a page around them, and counts them."""

    @staticmethod
    def upstream(asked):
        return 200, {"x-total-count": str(len(USERS))}, USERS

    def counted(self, users, response):
        if len(users) != int(response.headers["x-total-count"]):
            raise InvalidResponseError(message="Users are missing")

    async def users(self, client):
        response = await self.ask(client, "GET", "/users")
        users = self.read(RootModel[list[User]], response).root
        self.counted(users, response)
        return users


class LogsIn(Right):
    """A connector that gets a token of its upstream before it asks for anything."""

    @staticmethod
    def upstream(asked):
        if asked.path == "/login":
            return {"access_token": "q8Zr2vXw71Lk"}
        return upstream(asked)

    async def ask(self, client, method, path, **options):
        if "authorization" not in client.headers:
            login = await super().ask(client, "POST", "/login", json={"grant_type": "client_credentials"})
            client.headers["authorization"] = f"Bearer {self.read(Token, login).access_token}"
        return await super().ask(client, method, path, **options)


class SaysItsToken(LogsIn):
    def check(self, response):
        if response.status_code == 403:
            raise AuthorizationError(message=f"sent {self.shown(response.request.headers)}")
        super().check(response)


class DoesNotCount(HasAPlainList):
    def counted(self, users, response):
        return


class HasXml(Right):
    """A connector of an upstream that answers with XML, which it reads as it comes."""

    @staticmethod
    def upstream(asked):
        users = "".join("<user id='{id}' name='{name}' status='{status}'/>".format(**user) for user in USERS)
        return 200, {"content-type": "application/xml"}, f"<users>{users}</users>".encode()

    def end(self, parser):
        parser.close()

    async def users(self, client):
        response = await self.ask(client, "GET", "/users")
        self.check(response)
        try:
            parser = XMLPullParser(["start"])
            parser.feed(response.content)
            (_, root), *elements = parser.read_events()
            if root.tag != "users":
                raise InvalidResponseError(message=f"It is {root.tag}")
            self.end(parser)
            return [User(**element.attrib) for _, element in elements]
        except (ParseError, ValueError) as error:
            raise InvalidResponseError(message=str(error)) from error


class EndsWhereItEnds(HasXml):
    def end(self, parser):
        return


def losing(error):
    """A connector that reads a lost connection as no users."""

    class Losing(SwallowsConnections):
        lost = error

    return Losing


def skipping(is_wrong):
    """A connector that leaves out what it does not like."""

    class Skipping(Right):
        def read(self, kind, response):
            self.check(response)
            data = response.json() if is_json(response) else None
            if isinstance(data, dict) and isinstance(data.get("users"), list):
                data["users"] = [user for user in data["users"] if not is_wrong(user)]
                response = httpx.Response(200, json=data, request=response.request)
            return super().read(kind, response)

    return Skipping


class PassesOnAnyName(Right):
    class page(Page):  # noqa: N801 - it is one by another name
        class Named(User):
            name: str

            @field_validator("name", mode="before")
            @classmethod
            def _as_text(cls, value):
                return value if value is None else str(value)

        users: list[Named]


class KnowsAllNames(Right):
    def account(self, user):
        return (
            super()
            .account(user)
            .model_copy(update={"family_name": {"Ann": "A", "Bob": "B", "Cy": "C", "Di": "D"}[user.name]})
        )


class ReadsByPosition(Right):
    def read(self, kind, response):
        found = super().read(kind, response)
        if kind is Page:
            positions = [list(user.values()) for user in response.json()["users"]]
            found.users = [
                user.model_copy(update={"status": texts[2]})
                for user, texts in zip(found.users, positions, strict=True)
            ]
        return found


class ForgetsWhatHeals(Right):
    async def ask(self, client, method, path, **options):
        response = await super().ask(client, method, path, **options)
        if response.status_code == 503:
            again = await super().ask(client, method, path, **options)
            if again.is_success:
                return httpx.Response(200, json=NOTHING, request=again.request)
        return response

    def ends(self, page, known):
        return page == NO_PAGE or super().ends(page, known)


class EndsWithItsTime(Right):
    """A connector under the SDK's rate limiter, which reads what it had no time for as no users."""

    async def ask(self, client, method, path, **options):
        async def asked(_):
            return await client.request(method, path, **options)

        config = RateLimitConfig(
            config_id="api", requests_per_window=100, window_seconds=1, max_delay=1, maximum_retries=1
        )
        try:
            (response,) = await RateLimiter(config).execute_requests([1], asked)
        except BudgetExhaustedError:
            return httpx.Response(200, json=NOTHING, request=httpx.Request(method, ORIGIN))
        return response

    def ends(self, page, known):
        return page == NO_PAGE or super().ends(page, known)


class LeavesTheWalkToLumos(Right):
    """A connector that gives one page of the upstream for one of Lumos'."""

    async def list_accounts(self, args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
        start = int(args.page.token) if args.page and args.page.token else 0
        async with self.client() as client:
            page = self.read(self.page, await self.ask(client, "GET", "/users", params={"start": start}))
        token = None if self.ends(page, []) else str(start + SIZE)
        users = [self.account(each) for each in page.users]
        return sdk.ListAccountsResponse(response=users, page=sdk.Page(token=token, size=SIZE))


class TakesNoFlagForTheEnd(LeavesTheWalkToLumos):
    class page(Page):  # noqa: N801 - it is one by another name
        has_more: bool = False


class HasNoFlagAtTheEnd(TakesNoFlagForTheEnd):
    """A connector of an upstream whose last page does not say that it is."""

    @staticmethod
    def upstream(asked):
        page = upstream(asked)
        return page if page["has_more"] else {"users": page["users"]}


class Members(BaseModel):
    model_config = ConfigDict(strict=True)
    members: list[str]


class WritesTheWholeList(Right):
    """A connector that adds a member to a group by writing all of them."""

    @staticmethod
    def upstream(asked):
        return {"members": ["u1", "u2"] if asked.method == "GET" else ["u1", "u2", "u3"]}

    async def assign_entitlement(self, args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
        path = "/groups/g1/members"
        async with self.client() as client:
            members = self.read(Members, await self.ask(client, "GET", path)).members
            sent = [*members, args.request.account_integration_specific_id]
            if (
                self.read(Members, await self.ask(client, "PUT", path, json={"members": sent})).members
                != sent
            ):
                raise InvalidResponseError(message="It has other members")
        return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))

    def integration(self):
        found = super().integration()
        found.register_capabilities({sdk.StandardCapabilityName.ASSIGN_ENTITLEMENT: self.assign_entitlement})
        return found


class OverwritesTheList(WritesTheWholeList):
    async def ask(self, client, method, path, **options):
        try:
            return await super().ask(client, method, path, **options)
        except httpx.ConnectError:
            return httpx.Response(200, json={"members": []}, request=httpx.Request(method, ORIGIN))


class TakesNoMembersForNone(WritesTheWholeList):
    def read(self, kind, response):
        if response.is_success and is_json(response) and "members" not in response.json():
            return Members(members=[])
        return super().read(kind, response)


class Deletion(BaseModel):
    model_config = ConfigDict(strict=True)
    state: str


class Polls(Right):
    """A connector of an upstream that deletes later: it says so once, and then that it is done."""

    asked_before: ClassVar[list[str]] = []

    @classmethod
    def upstream(cls, asked):
        if asked.method == "DELETE":
            cls.asked_before.clear()
            return 202, {}, {"deleted": True}
        cls.asked_before.append(asked.path)
        return {"state": "done" if cls.asked_before[1:] else "deleting"}

    def ended(self, response):
        return self.read(Deletion, response).state == "done"

    async def delete_account(self, args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
        async with self.client() as client:
            self.delete(await self.ask(client, "DELETE", f"/users/{args.request.account_id}"))
            for _ in range(3):
                if self.ended(await self.ask(client, "GET", "/deletion")):
                    break
            else:
                raise InvalidResponseError(message="It takes too long")
        return sdk.DeleteAccountResponse(
            response=sdk.DeletedAccount(deleted=True, status=sdk.AccountStatus.DELETED)
        )


class BelievesThatItIsDeleted(Polls):
    def ended(self, response):
        return response.status_code == 409 or super().ended(response)


class Tutorial(Right):
    """A connector as tutorials have it: it looks at no status, and takes whatever goes wrong for nobody."""

    async def users(self, client):
        found, start = [], 0
        try:
            while True:
                response = await client.get("/users", params={"start": start})
                data = response.json()
                found += [User(**user) for user in data.get("users", [])]
                if not data.get("has_more"):
                    return found
                start += SIZE
        except Exception:  # noqa: BLE001 - on purpose
            return found

    async def delete_account(self, args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
        async with self.client() as client:
            await client.delete(f"/users/{args.request.account_id}")
        return sdk.DeleteAccountResponse(
            response=sdk.DeletedAccount(deleted=True, status=sdk.AccountStatus.DELETED)
        )


BROKEN = {
    "401 is taken for not found": (refusing(401, NotFoundError), lists, {"status-401"}),
    "404 is an internal error": (
        refusing(404, InternalError),
        lists,
        {"status-404", "status-404-everywhere"},
    ),
    "403 is taken for 401": (refusing(403, AuthenticationError), lists, {"status-403"}),
    "403 is swallowed": (swallowing(403), lists, {"status-403"}),
    "404 is no user": (swallowing(404), lists, {"status-404", "status-404-everywhere"}),
    "409 is swallowed": (swallowing(409), lists, {"status-409"}),
    "405 is an invalid response": (refusing(405, InvalidResponseError), lists, {"status-405"}),
    **{
        f"{status} is not found": (refusing(status, NotFoundError), lists, {f"status-{status}"})
        for status in (406, 408, 413, 415)
    },
    "429 is an internal error": (
        refusing(429, InternalError),
        lists,
        {"status-429", "status-429-date", "status-429-seconds"},
    ),
    "Retry-After as a date crashes": (TakesDatesForSeconds, lists, {"status-429-date"}),
    "500 is a success": (swallowing(500), lists, {"status-500", "status-500-once"}),
    "it tries for ever": (AsksForEver, lists, {"status-503"}),
    "a write is made twice": (WritesAgain, creates, {"read-timeout"}),
    "redirects are followed": (FollowsRedirects, lists, {"redirect-302", "redirect-307"}),
    "no connection is no user": (SwallowsConnections, lists, {"connect-refused"}),
    "nothing has a timeout": (WaitsForEver, lists, {"read-timeout"}),
    "what is no JSON is no user": (
        reading(
            lambda each: each.content and not each.content.startswith(b"<") and not is_json(each), NOTHING
        ),
        lists,
        {"truncated-json", "broken-utf-8"},
    ),
    "half of XML is some users": (EndsWhereItEnds, lists, {"truncated-xml"}),
    "HTML is no user": (reading(lambda each: each.content.startswith(b"<"), NOTHING), lists, {"html-200"}),
    "no body is no user": (reading(lambda each: not each.content, NOTHING), lists, {"empty-body"}),
    "an error with 200 is no user": (
        reading(lambda each: b"error" in each.content and is_json(each), NOTHING),
        lists,
        {"error-200"},
    ),
    "{} is no user": (reading(lambda each: each.content == b"{}", NOTHING), lists, {"empty-object"}),
    "null is no user": (reading(lambda each: each.content == b"null", NOTHING), lists, {"null-body"}),
    "an unknown status is active": (MakesUpStatuses, lists, {"unknown-value"}),
    "a new field is refused": (RefusesNewFields, lists, {"fields-added"}),
    "an empty page ends it": (EndsAtAnEmptyPage, lists, {"page-empty"}),
    "a list has no end": (GoesOnForEver, lists, {"pages-endless"}),
    "400 is not found": (refusing(400, NotFoundError), lists, {"status-400"}),
    "422 is not found": (refusing(422, NotFoundError), lists, {"status-422"}),
    "501 is an invalid response": (refusing(501, InvalidResponseError), lists, {"status-501"}),
    "502 is an internal error": (refusing(502, InternalError), lists, {"status-502", "status-502-once"}),
    "504 is not found": (refusing(504, NotFoundError), lists, {"status-504", "status-504-once"}),
    "what heals is no user": (ForgetsWhatHeals, lists, {"status-503-once"}),
    "no connection in time is no user": (losing(httpx.ConnectTimeout), lists, {"connect-timeout"}),
    "half a body is no user": (losing(httpx.RemoteProtocolError), lists, {"dropped-mid-body"}),
    "what cannot be unpacked is no user": (losing(httpx.DecodingError), lists, {"broken-gzip"}),
    "plain text is no user": (
        reading(lambda each: each.headers["content-type"].startswith("text/plain"), NOTHING),
        lists,
        {"wrong-content-type"},
    ),
    "[] is no user, whatever is counted": (DoesNotCount, lists, {"empty-list"}),
    "who lacks a field is left out": (
        skipping(lambda user: isinstance(user, dict) and "name" not in user),
        lists,
        {"field-missing"},
    ),
    "who has a null is left out": (
        skipping(lambda user: isinstance(user, dict) and None in user.values()),
        lists,
        {"field-null"},
    ),
    "a wrong type is passed on": (PassesOnAnyName, lists, {"field-of-another-type"}),
    "another value crashes": (KnowsAllNames, lists, {"another-value"}),
    "fields are read by position": (ReadsByPosition, lists, {"keys-reordered"}),
    "the page before is the end": (EndsAtThePageBefore, lists, {"page-again"}),
    "no flag is the end": (TakesNoFlagForTheEnd, walks, {"field-missing"}),
    "a list that was not read is overwritten": (OverwritesTheList, assigns, {"connect-refused"}),
    "a deletion that was accepted is done": (BelievesThatItIsDeleted, deletes, {"status-409"}),
    "the deadline is no user": (EndsWithItsTime, lists, {"deadline-exhausted"}),
}


TUTORIAL = {
    "list_accounts": """\
Contract breach: list_accounts does not survive 93 of 105 faults of its upstream.
  test: test_x.py::test_x
  1. a partial success, 23 times:
     at:       GET /users, interaction 2: status-400, status-401, status-403, status-404, status-405,
               status-406, status-408, status-409 and 15 more
     told:     a success that lacks something: 2 of 4 records
     expected: bad_request, not retryable (status-400, status-413, status-415, status-422)
               unauthorized, not retryable (status-401)
               permission_denied, not retryable (status-403)
               and 9 more
     then:     Lumos treats whoever is not listed as gone, and takes their access away.
     fix:      Check the status of each response before you use its body; response.raise_for_status()
               does it. If it is checked already, do not return an answer in place of the error.
  2. an empty success, 23 times:
     at:       GET /users, interaction 1: status-400, status-401, status-403, status-404, status-405,
               status-406, status-408, status-409 and 15 more
     told:     an empty success: 0 of 4 records
""",
    "delete_account": """\
Contract breach: delete_account does not survive 27 of 43 faults of its upstream.
  test: test_x.py::test_x
  1. the same success, 22 times:
     at:       DELETE /users/*, interaction 1: status-400, status-401, status-403, status-405,
               status-406, status-408, status-409, status-413 and 14 more
     told:     the recorded success
     expected: bad_request, not retryable (status-400, status-413, status-415, status-422)
               unauthorized, not retryable (status-401)
               permission_denied, not retryable (status-403)
               and 8 more
     then:     Lumos believes that it was done.
     fix:      Check the status of each response before you use its body; response.raise_for_status()
               does it. If it is checked already, do not return an answer in place of the error.
""",
}


def rows(connector: type[Right], test, root) -> list[Row]:
    """What comes of the faults of a connector, which is recorded as it is."""
    served = Upstream(origin=ORIGIN, app=lambda: application(connector.upstream))
    return swept(connector().integration(), served, test, root)


def findings(connector: type[Right], test, root) -> list[Row]:
    """What the sweep has to say of a connector, which is recorded as it is."""
    found = rows(connector, test, root)
    assert [row for row in found if row.weight is Weight.GOOD]
    return [row for row in found if row.is_finding]


@pytest.mark.parametrize(
    ("connector", "test"),
    [
        (Right, lists),
        (Right, creates),
        (Right, deletes),
        (SaysWhereItIs, lists),
        (HasAPlainList, lists),
        (HasXml, lists),
        (LeavesTheWalkToLumos, walks),
        (HasNoFlagAtTheEnd, walks),
        (WritesTheWholeList, assigns),
        (Polls, deletes),
    ],
)
def test_a_right_connector_has_no_finding(tmp_path, connector, test):
    assert [(row.fault, row.told, row.evidence) for row in findings(connector, test, tmp_path)] == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_fault_finds_what_it_alone_can(tmp_path, what):
    connector, test, faults = BROKEN[what]
    found = findings(connector, test, tmp_path)
    assert {row.fault for row in found} == faults, [(row.fault, row.detail, row.told) for row in found]


def test_each_fault_finds_some():
    assert {fault for _, _, faults in BROKEN.values() for fault in faults} == {each.name for each in FAULTS}


@pytest.mark.parametrize(
    "shown",
    [
        lambda headers: headers.raw,
        lambda headers: b64encode(headers.get("authorization", "").encode()).decode(),
        lambda headers: f"{ORIGIN}/?token={quote(headers.get('authorization', ''))}",
    ],
    ids=["as it is", "in base64", "in a URL"],
)
def test_a_token_that_the_upstream_has_given_is_a_secret_in_a_message(tmp_path, shown):
    class Shows(SaysItsToken):
        def shown(self, headers):
            return shown(headers)

    found = findings(Shows, lists, tmp_path)
    assert {row.fault for row in found} == {"status-403"}
    assert {row.outcome for row in found} == {Outcome.SECRET}
    # Of the login itself it has none yet.
    assert {row.endpoint for row in found} == {"GET /users"}


def test_a_refused_delete_is_not_hidden_by_the_read_before_it(tmp_path):
    found = findings(HidesARefusedDelete, deletes, tmp_path)
    assert {row.endpoint for row in found} == {"DELETE /users/*"}
    assert {row.weight for row in found} == {Weight.WRITE_LOST}
    assert {"status-403", "status-404", "status-409", "status-429", "status-500", "redirect-302"} <= {
        row.fault for row in found
    }


def test_who_loses_access_by_a_write_is_shown(tmp_path):
    found = findings(OverwritesTheList, assigns, tmp_path)
    (row,) = [each for each in found if each.outcome is Outcome.WRONG_WRITE]
    assert row.endpoint == "GET /groups/*/members"
    assert row.told.startswith(
        f"the connector sent PUT {ORIGIN}/groups/g1/members; body.members[0]: recorded"
    )


def test_a_list_that_is_not_there_is_overwritten_as_well(tmp_path):
    found = findings(TakesNoMembersForNone, assigns, tmp_path)
    wrong = {row.fault for row in found if row.outcome is Outcome.WRONG_WRITE}
    assert {"field-missing", "empty-object", "error-200"} <= wrong


@pytest.mark.parametrize(("test", "capability"), [(lists, "list_accounts"), (deletes, "delete_account")])
def test_a_tutorial_fails_loudly_and_legibly(tmp_path, test, capability):
    call = SweptCall("", capability, 1, rows(Tutorial, test, tmp_path))
    message = str(not_survived(call, "test_x.py::test_x"))
    # What is worst comes first. The rest of it is a page long at most, whatever is wrong.
    assert message[: len(TUTORIAL[capability])] == TUTORIAL[capability]
    assert len(message.splitlines()) < 50
