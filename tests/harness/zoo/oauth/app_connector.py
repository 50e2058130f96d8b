"""OAuth with codes, PKCE and refresh tokens, by the functions of the SDK."""

from typing import Literal

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_oauth,
    get_settings,
)
from connector.oai.modules.oauth_module_types import (
    ClientAuthenticationMethod,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
)
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

URL = "https://desk.example.com"


class Desk(Dto):
    id: Id


class Agent(Dto):
    id: Id
    login: str
    state: Literal["on", "off"]


class AgentPage(Dto):
    agents: list[Agent]
    start: int
    total: int


class Pagination(PaginationBase):
    start: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")
STATUSES = {"on": sdk.AccountStatus.ACTIVE, "off": sdk.AccountStatus.SUSPENDED}


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"base_url": get_settings(args, Settings).url, "auth": bearer(get_oauth(args).access_token)}

    async def get(self, kind, path, **params):
        return parse(await self._http_client.get(path, params=params), kind)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        desk = await client.get(Desk, "/desk")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=desk.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    start = 0 if place is None else place.start
    async with Client(args) as client:
        page = await client.get(AgentPage, "/agents", start=start, count=size)
    require(page.start == start, "it does not start where it was asked to")
    require(len(page.agents) == max(0, min(size, page.total - start)), "it has more or fewer than it should")
    end = start + len(page.agents)
    following = [Pagination(start=end)] if end < page.total else []
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=agent.id, username=agent.login, user_status=STATUSES[agent.state]
            )
            for agent in page.agents
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


integration = StrictIntegration(
    "oauth",
    auth=sdk.OAuthCredential,
    oauth_settings=OAuthSettings(
        authorization_url=f"{URL}/oauth/authorize",
        token_url=f"{URL}/oauth/token",
        scopes={"validate_credentials": "desk:read", "list_accounts": "agents:read offline"},
        client_auth=ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
        request_type=OAuthRequest(method=RequestMethod.POST, data=RequestDataType.FORMDATA),
        pkce=True,
    ),
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
    }
)
