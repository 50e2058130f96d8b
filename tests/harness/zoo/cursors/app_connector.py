"""Cursors and an OAuth access token.

A cursor may be 0 or "0", which is one, and "" or null, which is none. The roles' cursors are page tokens as
they are: Lumos gets "" on the last page.
"""

import httpx
from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_oauth,
    get_page,
    get_settings,
)
from connector.oai.errors import InvalidPageTokenError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require


class Team(Dto):
    id: Id


class User(Dto):
    id: int
    name: str
    active: bool


class UserPage(Dto):
    users: list[User]
    next: int | None


class Role(Dto):
    id: Id
    name: str


class RolePage(Dto):
    roles: list[Role]
    next: str


class Pagination(PaginationBase):
    cursor: int = Field(strict=True, ge=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        auth = bearer(get_oauth(args).access_token)
        return {"auth": auth, "base_url": get_settings(args, Settings).url}

    async def get(self, kind, path, **params):
        return parse(await self._http_client.get(path, params=params), kind)

    async def roles(self, cursor: str | None, size: int) -> RolePage:
        params = {"limit": size} if cursor is None else {"limit": size, "cursor": cursor}
        response = await self._http_client.get("/roles", params=params)
        if response.status_code == httpx.codes.BAD_REQUEST and cursor is not None:
            raise InvalidPageTokenError(message="The server knows no such cursor")
        page = parse(response, RolePage)
        require(0 < len(page.roles) <= size, "it is empty, or longer than asked")
        following = "0" if cursor is None else str(int(cursor) + 1)
        require(page.next in ("", following), "the next one does not follow it")
        return page


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        team = await client.get(Team, "/team")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=team.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    cursor = {} if place is None else {"cursor": place.cursor}
    async with Client(args) as client:
        page = await client.get(UserPage, "/users", limit=size, **cursor)
    require(0 < len(page.users) <= size, "it is empty, or longer than asked")
    require(place is None or page.users[0].id == place.cursor, "it does not start at its cursor")
    oldest = page.users[-1].id
    require(page.next == (oldest - 1 if oldest else None), "the next one does not follow it")
    following = [] if page.next is None else [Pagination(cursor=page.next)]
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=str(user.id),
                username=user.name,
                user_status=sdk.AccountStatus.ACTIVE if user.active else sdk.AccountStatus.INACTIVE,
            )
            for user in page.users
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    size, cursor = page_size(args), get_page(args).token
    if cursor == "":
        raise InvalidPageTokenError(message="The page token is empty")
    async with Client(args) as client:
        page = await client.roles(cursor, size)
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                entitlement_type="role",
                integration_specific_id=role.id,
                integration_specific_resource_id="",
                label=role.name,
                is_assignable=False,
            )
            for role in page.roles
        ],
        page=sdk.Page(token=page.next, size=size),
    )


integration = StrictIntegration(
    "cursors",
    auth=sdk.OAuthCredential,
    entitlement_types=[
        sdk.EntitlementType(type_id="role", type_label="Role", resource_type_id="", min=0),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
    }
)
