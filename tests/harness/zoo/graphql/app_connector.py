"""GraphQL, whose errors come with status 200; and two credentials, both of which each request needs."""

from typing import Any, Generic, TypeVar

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
)
from connector.oai.capability import get_credential
from connector.oai.errors import (
    AuthenticationError,
    AuthorizationError,
    ClientError,
    InvalidPageTokenError,
    InvalidResponseError,
    RateLimitError,
)
from connector_sdk_types.oai.modules.credentials_module_types import (
    AuthModel,
    CredentialConfig,
)
from pydantic import Field
from strict import (
    Dto,
    Id,
    Settings,
    StrictIntegration,
    bearer,
    header_value,
    page_size,
    pagination,
    parse,
    require,
)

VIEWER = "query Viewer { viewer { organization { id } } }"
USERS = """query Users($first: Int!, $after: String) {
  users(first: $first, after: $after) {
    totalCount
    nodes { id login suspendedAt }
    pageInfo { endCursor hasNextPage }
  }
}"""
ERRORS = {
    "UNAUTHENTICATED": AuthenticationError,
    "FORBIDDEN": AuthorizationError,
    "BAD_USER_INPUT": ClientError,
    "RATE_LIMITED": RateLimitError,
}


DataT = TypeVar("DataT", bound=Dto)


class Extensions(Dto):
    code: str


class Problem(Dto):
    message: str
    extensions: Extensions


class Answer(Dto, Generic[DataT]):
    data: DataT | None = None
    errors: list[Problem] = []


class Organization(Dto):
    id: Id


class Viewer(Dto):
    organization: Organization


class ViewerData(Dto):
    viewer: Viewer


class User(Dto):
    id: Id
    login: str
    suspended_at: str | None = Field(alias="suspendedAt")


class PageInfo(Dto):
    end_cursor: str | None = Field(alias="endCursor")
    has_next_page: bool = Field(alias="hasNextPage")


class Users(Dto):
    total_count: int = Field(alias="totalCount")
    nodes: list[User]
    page_info: PageInfo = Field(alias="pageInfo")


class UsersData(Dto):
    users: Users


class Pagination(PaginationBase):
    after: str
    count: int = Field(strict=True, ge=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        token = get_credential(args, "api", sdk.TokenCredential).token
        key = get_credential(args, "workspace", sdk.TokenCredential).token
        return {
            "auth": bearer(token),
            "headers": {"X-Workspace": header_value(key)},
            "base_url": get_settings(args, Settings).url,
        }

    async def ask(self, kind: type[DataT], query: str, **variables: Any) -> DataT:
        """The data that answers a query; the operation has the name of what it is read as."""
        name = kind.__name__.removesuffix("Data")
        body = {"query": query, "operationName": name, "variables": variables}
        answer = parse(await self._http_client.post("/graphql", json=body), Answer[kind])
        for problem in answer.errors:
            raise ERRORS.get(problem.extensions.code, InvalidResponseError)(message=problem.message)
        if answer.data is None:
            raise InvalidResponseError(message=f"The answer to {name} has no data, and no errors")
        return answer.data

    async def users(self, size: int, place: Pagination | None) -> Users:
        after, count = (None, 0) if place is None else (place.after, place.count)
        try:
            users = (await self.ask(UsersData, USERS, first=size, after=after)).users
        except ClientError as error:
            if after is None:
                raise
            raise InvalidPageTokenError(message="The server knows no such cursor") from error
        seen, page = count + len(users.nodes), users.page_info
        require(len(users.nodes) <= size, "it is longer than asked")
        require(page.has_next_page == (seen < users.total_count), "its users are not as many")
        require(not page.has_next_page or page.end_cursor not in (None, after), "it leads nowhere")
        return users


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        viewer = (await client.ask(ViewerData, VIEWER)).viewer
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=viewer.organization.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    async with Client(args) as client:
        users = await client.users(size, place)
    count = len(users.nodes) + (0 if place is None else place.count)
    page = users.page_info
    following = [Pagination(after=page.end_cursor, count=count)] if page.has_next_page else []
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=user.id,
                username=user.login,
                user_status=status(user),
            )
            for user in users.nodes
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


def status(user: User) -> sdk.AccountStatus:
    return sdk.AccountStatus.ACTIVE if user.suspended_at is None else sdk.AccountStatus.SUSPENDED


integration = StrictIntegration(
    "graphql",
    credentials=[
        CredentialConfig(id="api", type=AuthModel.TOKEN, description="A token of the API."),
        CredentialConfig(id="workspace", type=AuthModel.TOKEN, description="The key of the workspace."),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
    }
)
