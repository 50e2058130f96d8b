"""A small connector for the harness's own tests, of two capabilities."""

import httpx
from connector.client import (
    BaseIntegrationClient,
    BearerAuth,
    PaginationBase,
    create_next_page_token,
    get_page,
    get_settings,
    get_token_auth,
)
from connector.generated import (
    AccountStatus,
    CreateAccountRequest,
    CreateAccountResponse,
    CreatedAccount,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration
from pydantic import BaseModel


class Settings(BaseModel):
    url: str


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"auth": BearerAuth(get_token_auth(args).token), "base_url": get_settings(args, Settings).url}

    async def get(self, path, **params):
        response = await self._http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()

    async def post(self, path, body):
        response = await self._http_client.post(path, json=body)
        response.raise_for_status()
        return response.json()


class Pagination(PaginationBase):
    start: int


NextPageToken = create_next_page_token(Pagination, "NextPageToken")

STATUSES = {"on": AccountStatus.ACTIVE, "off": AccountStatus.INACTIVE}


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    paginations = NextPageToken(get_page(args).token).paginations()
    start = paginations[0].start if paginations else 0
    size = get_page(args).size or 2
    async with Client(args) as client:
        page = await client.get("/users", limit=size, start=start)
    following = [] if page["next"] is None else [Pagination(start=page["next"])]
    return ListAccountsResponse(
        response=[
            FoundAccountData(
                integration_specific_id=user["id"],
                username=user["login"],
                email=user["mail"],
                user_status=STATUSES[user["state"]],
            )
            for user in page["users"]
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


async def create_account(args: CreateAccountRequest) -> CreateAccountResponse:
    async with Client(args) as client:
        user = await client.post("/users", {"login": "new"})
    return CreateAccountResponse(
        response=CreatedAccount(id=user["id"], status=STATUSES[user["state"]], created=True)
    )


integration = Integration(
    app_id="acme",
    version="1",
    auth=TokenCredential,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    description_data=DescriptionData(user_friendly_name="Acme", categories=[]),
    settings_model=Settings,
)
integration.register_capabilities(
    {
        StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        StandardCapabilityName.CREATE_ACCOUNT: create_account,
    }
)
