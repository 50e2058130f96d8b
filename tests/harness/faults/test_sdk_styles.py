"""Connectors in the SDK's own style: what the SDK does is not held against them, and the rest says how.

Each style is right once it has what the sweep has asked for.
"""

import asyncio
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests
from connector import generated as sdk
from connector.client import (
    BaseGraphQLSession,
    BaseIntegrationClient,
    HTTPXAsyncTransport,
    create_client_response,
)
from connector.oai.errors import (
    ErrorMap,
    GQLTransportHandler,
    HTTPHandler,
    InvalidResponseError,
    NetworkError,
)
from connector.oai.integration import DescriptionData, Integration
from connector.utils.rate_limiting import RateLimitConfig
from gql import gql
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportProtocolError,
    TransportQueryError,
    TransportServerError,
)
from pydantic import BaseModel, ValidationError
from scenario_testing import ORIGIN, application
from sweep_testing import swept

from connector_contract import Upstream
from connector_contract.faults.fault import Outcome
from connector_contract.upstream.server import serving

pytestmark = [
    pytest.mark.loopback,
    # The SDK reads it of each error.
    pytest.mark.filterwarnings("ignore:code property is deprecated:DeprecationWarning"),
]

USERS = [{"id": f"u{number}", "name": f"Ann {number}"} for number in range(4)]


def answer(asked):
    if asked.path == "/graphql":
        return {"data": {"made": USERS[0]} if "mutation" in asked.body["query"] else {"users": USERS}}
    if asked.method == "POST":
        return 201, {}, USERS[0]
    start = int(asked.query["start"])
    return {"users": USERS[start : start + 2], "has_more": start + 2 < len(USERS)}


class User(BaseModel):
    id: str
    name: str


class Page(BaseModel):
    users: list[User]
    has_more: bool


class Listed(BaseModel):
    users: list[User]


class Made(BaseModel):
    made: User


class Walk:
    """Reads pages, whichever way one is asked for."""

    async def users(self):
        found = []
        while True:
            page = await self.ask(Page, "GET", "/users", params={"start": len(found)})
            if not page.users or page.users[0] in found:
                raise InvalidResponseError(message="The page leads nowhere")
            found += page.users
            if not page.has_more:
                return found

    async def make(self):
        return await self.ask(User, "POST", "/users", json={"name": "Ann"})


class Plain(Walk, BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"base_url": ORIGIN}

    async def ask(self, kind, method, path, **options):
        asks = {"GET": self._http_client.get, "POST": self._http_client.post}[method]
        return create_client_response(await asks(path, **options), kind)


class Limited(Plain):
    _rate_limit_config = RateLimitConfig(config_id="app", requests_per_window=100, window_seconds=60)


def is_refused(error):
    """Whether the upstream has done nothing."""
    return isinstance(error, httpx.HTTPStatusError) and error.response.status_code == 503


class LimitedOnce(Plain):
    _rate_limit_config = Limited._rate_limit_config.model_copy(update={"transient_error_check": is_refused})


class Graph(BaseGraphQLSession):
    @classmethod
    def prepare_client_args(cls, args):
        # Without a timeout of its own, gql's comes first.
        return {"transport": HTTPXAsyncTransport(f"{ORIGIN}/graphql", timeout=5)}

    async def users(self):
        return Listed.model_validate(await self.execute(gql("{ users { id name } }"))).users

    async def make(self):
        return Made.model_validate(await self.execute(gql("mutation { made { id name } }"))).made


class CarefulGraph(Graph):
    async def execute(self, *args, **options):
        try:
            return await super().execute(*args, **options)
        except TransportConnectionFailed as error:
            raise error.__cause__ from None
        except (AssertionError, TypeError) as error:
            raise InvalidResponseError(message=f"No answer of GraphQL: {error}") from error


class Session:
    """A client of another library, in one session for each call."""

    origin = ORIGIN

    def __init__(self, args):
        self.session = self.opened()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        closing = self.session.close()
        if closing is not None:
            await closing


class Aiohttp(Walk, Session):
    def opened(self):
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5), raise_for_status=True)

    async def ask(self, kind, method, path, **options):
        try:
            asks = self.session.request(method, self.origin + path, allow_redirects=False, **options)
            async with asks as response:
                return kind.model_validate_json(await response.read())
        except aiohttp.ClientPayloadError as error:
            is_coding = isinstance(error.__cause__, aiohttp.http_exceptions.ContentEncodingError)
            raise (InvalidResponseError(message="No gzip") if is_coding else NetworkError) from error
        except (aiohttp.ClientConnectionError, TimeoutError) as error:
            raise NetworkError from error


class Requests(Walk, Session):
    opened = staticmethod(requests.Session)

    async def ask(self, kind, method, path, **options):
        return await asyncio.to_thread(self.read, kind, method, path, options)

    def read(self, kind, method, path, options):
        url = self.origin + path
        try:
            response = self.session.request(method, url, timeout=5, allow_redirects=False, **options)
            response.raise_for_status()
            return kind.model_validate_json(response.content)
        except requests.exceptions.ContentDecodingError as error:
            raise InvalidResponseError(message="No gzip") from error
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise NetworkError from error


HANDLERS: ErrorMap = [(httpx.HTTPStatusError, HTTPHandler, None)]
OF_GRAPHQL: ErrorMap = [
    (TransportServerError, GQLTransportHandler, None),
    (TransportProtocolError, GQLTransportHandler, None),
]
OF_DATA: ErrorMap = [
    (each, HTTPHandler, None)
    for each in (
        ValidationError,
        UnicodeDecodeError,
        httpx.DecodingError,
        TransportQueryError,
        aiohttp.ClientResponseError,
        requests.HTTPError,
    )
]


def integration(client, handlers: ErrorMap):
    async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
        async with client(args) as opened:
            users = await opened.users()
        return sdk.ListAccountsResponse(
            response=[
                sdk.FoundAccountData(integration_specific_id=each.id, given_name=each.name) for each in users
            ]
        )

    async def create_account(args: sdk.CreateAccountRequest) -> sdk.CreateAccountResponse:
        async with client(args) as opened:
            user = await opened.make()
        created = sdk.CreatedAccount(created=True, status=sdk.AccountStatus.ACTIVE, account_id=user.id)
        return sdk.CreateAccountResponse(response=created)

    found = Integration(
        app_id="app",
        version="1",
        auth=sdk.TokenCredential,
        exception_handlers=handlers,
        description_data=DescriptionData(user_friendly_name="App", categories=[]),
    )
    found.register_capabilities(
        {
            sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
            sdk.StandardCapabilityName.CREATE_ACCOUNT: create_account,
        }
    )
    return found


async def lists(lumos):
    return await lumos.call("list_accounts")


async def creates(lumos):
    return await lumos.call("create_account", request={"email": "ann@example.com", "entitlements": []})


SERVED = Upstream(origin=ORIGIN, app=lambda: application(answer))


def findings(client, handlers, test, root, upstream=SERVED):
    rows = swept(integration(client, handlers), upstream, test, root)
    return [row for row in rows if row.is_finding]


def told(found):
    return [(row.fault, row.detail, row.told, row.remedy) for row in found]


@pytest.mark.parametrize("test", [lists, creates])
@pytest.mark.parametrize("client", [Plain, LimitedOnce, CarefulGraph, Aiohttp])
def test_a_connector_in_the_sdks_style_that_has_its_handlers_has_no_finding(tmp_path, client, test):
    handlers = [*HANDLERS, *OF_GRAPHQL, *OF_DATA]
    assert told(findings(client, handlers, test, tmp_path)) == []


def test_a_connector_that_blocks_has_no_finding(tmp_path):
    with serving(lambda: application(answer), Path(), report=lambda error: error) as served:

        class Here(Requests):
            origin = served.url

        upstream = Upstream(origin=served.url)
        assert told(findings(Here, OF_DATA, lists, tmp_path, upstream)) == []


def test_without_handlers_each_finding_names_the_one_that_is_missing(tmp_path):
    found = findings(Plain, HANDLERS, lists, tmp_path)
    assert {row.outcome for row in found} == {Outcome.INTERNAL_ERROR}
    missing = {row.remedy.partition("; ")[0] for row in found}
    assert missing == {
        f"Give the integration a handler, exception_handlers=[({name}, HTTPHandler, None)]"
        for name in ("pydantic.ValidationError", "UnicodeDecodeError", "httpx.DecodingError")
    }


def test_the_sdks_rate_limiter_makes_a_write_twice_unless_it_is_told_not_to(tmp_path):
    found = findings(Limited, [*HANDLERS, *OF_DATA], creates, tmp_path)
    assert {row.outcome for row in found} == {Outcome.WRITTEN_TWICE}
    assert {row.fault for row in found} == {
        "status-502", "status-502-once", "status-504", "status-504-once", "read-timeout", "dropped-mid-body",
    }  # fmt: skip
    assert all("RateLimitConfig(transient_error_check=...)" in row.remedy for row in found)


def test_the_sdks_rate_limiter_has_codes_of_its_own(tmp_path):
    rows = swept(integration(Limited, [*HANDLERS, *OF_DATA]), SERVED, lists, tmp_path)
    assert told([row for row in rows if row.is_finding]) == []
    said = {row.fault: row.told for row in rows}
    assert said["status-503"] == "bad_gateway (UpstreamError), retryable"
    assert said["status-408"] == said["status-503"]
    assert said["status-429"] == "rate_limit (RateLimitError), retryable"
    assert said["deadline-exhausted"] == "budget_exhausted (BudgetExhaustedError), retryable"


def test_what_gql_hides_is_asked_for(tmp_path):
    found = findings(Graph, [*HANDLERS, *OF_GRAPHQL, *OF_DATA], lists, tmp_path)
    hidden = [row for row in found if "TransportConnectionFailed" in row.told]
    assert {row.fault for row in hidden} == {
        "connect-refused", "connect-timeout", "read-timeout", "dropped-mid-body", "broken-gzip",
    }  # fmt: skip
    assert all("raise its __cause__" in row.remedy for row in hidden)
    # gql does not look at what is no object.
    assert {(row.fault, row.detail) for row in found if row not in hidden} == {
        ("null-body", ""),
        ("field-null", "data"),
    }
