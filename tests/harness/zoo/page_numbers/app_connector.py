"""Page numbers and basic credentials; a connector that only reads, with three capabilities."""

from typing import Literal

import httpx
from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_basic_auth,
    get_settings,
)
from connector.oai.errors import AuthenticationError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, page_size, pagination, parse, require

STATUSES = {"enabled": sdk.AccountStatus.ACTIVE, "locked": sdk.AccountStatus.SUSPENDED}


class Organisation(Dto):
    slug: Id


class User(Dto):
    login: Id
    state: Literal["enabled", "locked"]
    seen: str | None = None


class UserPage(Dto):
    users: list[User]
    page: int
    pages: int
    total: int


class Pagination(PaginationBase):
    number: int = Field(strict=True, gt=1)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        basic = get_basic_auth(args)
        if not basic.username or not basic.password:
            raise AuthenticationError(message="The login or the password is empty")
        auth = httpx.BasicAuth(basic.username, basic.password)
        return {"auth": auth, "base_url": get_settings(args, Settings).url}

    async def organisation(self) -> Organisation:
        return parse(await self._http_client.get("/organisation"), Organisation)

    async def users(self, number: int, size: int) -> UserPage:
        params = {"page": number, "per_page": size}
        page = parse(await self._http_client.get("/users", params=params), UserPage)
        rest = page.total - (number - 1) * size
        require(page.page == number, "it has another number than was asked for")
        require(page.pages == -(-page.total // size), "it says of another number of pages")
        require(len(page.users) == max(0, min(rest, size)), "it has more or fewer users than it should")
        return page


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        organisation = await client.organisation()
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=organisation.slug)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    number = 1 if place is None else place.number
    async with Client(args) as client:
        page = await client.users(number, size)
    following = [Pagination(number=number + 1)] if number < page.pages else []
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=user.login,
                username=user.login,
                user_status=STATUSES[user.state],
            )
            for user in page.users
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


async def get_last_activity(args: sdk.GetLastActivityRequest) -> sdk.GetLastActivityResponse:
    """There is no such question to the server, so this looks through all of its users."""
    wanted, found, number, pages = set(args.request.account_ids), [], 1, 1
    async with Client(args) as client:
        while number <= pages:
            page = await client.users(number, 100)
            found += [user for user in page.users if user.login in wanted and user.seen is not None]
            number, pages = number + 1, page.pages
    return sdk.GetLastActivityResponse(
        response=[
            sdk.LastActivityData(account_id=user.login, event_type="last_login", happened_at=user.seen)
            for user in found
        ]
    )


integration = StrictIntegration("page-numbers", auth=sdk.BasicCredential)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.GET_LAST_ACTIVITY: get_last_activity,
    }
)
