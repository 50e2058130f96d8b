"""The header ``Link``, and an API below a path: https://links.example.com/tenant-1/api.

The body is a bare list, so an empty one is told from a broken one by the header ``X-Total-Count``.
"""

from typing import Literal
from urllib.parse import quote

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    BearerAuth,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import InvalidPageTokenError, NotFoundError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

STATUSES = {
    "ACTIVE": sdk.AccountStatus.ACTIVE,
    "STAGED": sdk.AccountStatus.PENDING,
    "LOCKED": sdk.AccountStatus.SUSPENDED,
}


class Org(Dto):
    id: Id


class User(Dto):
    id: Id
    mail: str
    status: Literal["ACTIVE", "STAGED", "LOCKED"]


class Pagination(PaginationBase):
    """Where the next page is, and how many users came before it."""

    link: str
    count: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        token = header_value(get_token_auth(args).token)
        auth = BearerAuth(token, token_prefix="SSWS")  # noqa: S106 - the scheme, not a secret
        return {"auth": auth, "base_url": get_settings(args, Settings).url}

    async def get(self, kind, path):
        return parse(await self._http_client.get(path), kind)

    async def users(self, link: str, count: int, size: int) -> tuple[list[User], str | None]:
        """The users behind a link, and the next link if there is one."""
        response = await self._http_client.get(link)
        users = parse(response, list[User])
        following = response.links.get("next", {}).get("url")
        total, seen = int(response.headers.get("X-Total-Count", -1)), count + len(users)
        require(len(users) <= size, "it is longer than asked")
        require(seen == total if following is None else count < seen < total, "its users are not as many")
        require(following is None or following.startswith(self.users_url()), "it leads elsewhere")
        require(following != link, "it leads to itself")
        return users, following

    def users_url(self) -> str:
        """Where each page of the users is: the token must not be sent anywhere else."""
        return f"{str(self._http_client.base_url).rstrip('/')}/users?"


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        org = await client.get(Org, "/org")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=org.id)
    )


def account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.id, email=user.mail, user_status=STATUSES[user.status]
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    async with Client(args) as client:
        if place is None:
            place = Pagination.model_construct(link=f"{client.users_url()}limit={size}", count=0)
        if not place.link.startswith(client.users_url()):
            raise InvalidPageTokenError(message="The page token leads elsewhere")
        users, following = await client.users(place.link, place.count, size)
    pages = [] if following is None else [Pagination(link=following, count=place.count + len(users))]
    return sdk.ListAccountsResponse(
        response=[account(user) for user in users],
        page=NextPageToken.from_paginations(pages).to_page(size),
    )


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    user_id = args.request.account_id
    if user_id in ("", ".", ".."):
        raise NotFoundError(message="No account has such an id")
    async with Client(args) as client:
        user = await client.get(User, f"/users/{quote(user_id, safe='')}")
    return sdk.GetAccountResponse(response=account(user))


integration = StrictIntegration("link-header", auth=sdk.TokenCredential)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.GET_ACCOUNT: get_account,
    }
)
