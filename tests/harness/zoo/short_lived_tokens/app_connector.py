"""Tokens that the connector refreshes itself, in the middle of a walk, and keeps in the process."""

import httpx
from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import AuthenticationError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

# The newest tokens, by the refresh token that Lumos has.
KEPT: dict[str, dict[str, str]] = {}


class Tokens(Dto):
    access_token: Id
    refresh_token: Id


class Shop(Dto):
    id: Id


class Person(Dto):
    id: int
    name: str


class StaffPage(Dto):
    staff: list[Person]
    start: int
    total: int


class Pagination(PaginationBase):
    start: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Refreshed(httpx.Auth):
    """Authentication by an access token, which is refreshed if there is none, or if it has expired."""

    requires_response_body = True

    def __init__(self, url: str, refresh_token: str) -> None:
        self._url = url
        self._kept = KEPT.setdefault(refresh_token, {"refresh": refresh_token})

    def auth_flow(self, request):
        if "access" not in self._kept:
            self._keep((yield self._refresh(request)))
        response = yield self._with_token(request)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._keep((yield self._refresh(request)))
            yield self._with_token(request)

    def _refresh(self, request: httpx.Request) -> httpx.Request:
        fields = {"grant_type": "refresh_token", "refresh_token": self._kept["refresh"]}
        # What the client asks has its timeouts; a new request has none.
        return httpx.Request("POST", self._url, data=fields, extensions=request.extensions)

    def _keep(self, response: httpx.Response) -> None:
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise AuthenticationError(message="The refresh token is not valid any more")
        tokens = parse(response, Tokens)
        self._kept.update(access=header_value(tokens.access_token), refresh=tokens.refresh_token)

    def _with_token(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._kept['access']}"
        return request


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        url = get_settings(args, Settings).url
        return {"base_url": url, "auth": Refreshed(f"{url}/token", header_value(get_token_auth(args).token))}

    async def get(self, kind, path, **params):
        return parse(await self._http_client.get(path, params=params), kind)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        shop = await client.get(Shop, "/shop")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=shop.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    start = 0 if place is None else place.start
    async with Client(args) as client:
        page = await client.get(StaffPage, "/staff", start=start, count=size)
    require(page.start == start, "it does not start where it was asked to")
    require(len(page.staff) == max(0, min(size, page.total - start)), "it has more or fewer than it should")
    end = start + len(page.staff)
    following = [Pagination(start=end)] if end < page.total else []
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(integration_specific_id=str(person.id), username=person.name)
            for person in page.staff
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


integration = StrictIntegration("short-lived-tokens", auth=sdk.TokenCredential)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
    }
)
