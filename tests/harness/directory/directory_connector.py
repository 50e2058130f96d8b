"""A complete small connector, for the tests of the standard contract.

Each line does one thing, so that a test can break one thing by editing one line.
"""

import re
from typing import Annotated, Generic, Literal, TypeVar
from urllib.parse import quote

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
from connector.oai.capability import CustomRequest, get_capability_annotations
from connector.oai.errors import (
    AuthenticationError,
    ClientError,
    HTTPHandler,
    InvalidPageTokenError,
    InvalidResponseError,
    InvalidValueError,
    NotFoundError,
)
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types import generated as sdk
from connector_sdk_types.errors import ConnectorErrorCode
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

DEFAULT_PAGE_SIZE = 5
MAX_PAGE_SIZE = 100

STATUSES = {
    "active": sdk.AccountStatus.ACTIVE,
    "suspended": sdk.AccountStatus.SUSPENDED,
    "invited": sdk.AccountStatus.PENDING,
}
RESOURCE_TYPES = {"project_role": "project", "licence": ""}


class Settings(BaseModel):
    url: str


# What the server answers, as far as it is read.

Id = Annotated[str, StringConstraints(min_length=1)]


class Dto(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class Tenant(Dto):
    tenant_id: Id


class User(Dto):
    id: Id
    name: str
    email: str
    status: Literal["active", "suspended", "invited"]
    last_login: str | None = None


class Project(Dto):
    id: Id
    name: str


class Entitlement(Dto):
    id: Id
    kind: Literal["project_role", "licence"]
    project_id: str
    name: str


class Grant(Dto):
    user_id: Id
    entitlement_id: Id
    project_id: str


DtoT = TypeVar("DtoT", bound=Dto)


class Listing(Dto, Generic[DtoT]):
    items: list[DtoT]
    offset: int
    total: int
    has_more: bool


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        token = get_token_auth(args).token
        if not re.fullmatch("[!-~]+", token):
            raise AuthenticationError(message="The token is empty, or has characters that no token has")
        return {"auth": BearerAuth(token), "base_url": get_settings(args, Settings).url}

    async def read(self, dto: type[DtoT], method: str, path: str, **options) -> DtoT:
        response = await self._http_client.request(method, path, **options)
        response.raise_for_status()
        if response.headers.get("Content-Type") != "application/json":
            raise InvalidResponseError(message=f"The answer to {method} {path} is no JSON")
        try:
            return dto.model_validate_json(response.content)
        except ValidationError as error:
            raise InvalidResponseError(
                message=f"The answer to {method} {path} is wrong: {describe(error)}"
            ) from error

    async def delete(self, path: str, **options) -> None:
        response = await self._http_client.request("DELETE", path, **options)
        response.raise_for_status()
        if response.content:
            raise InvalidResponseError(message=f"The answer to DELETE {path} has content")


def describe(error: ValidationError) -> str:
    """Where a document is wrong and how, without its values: one may be secret."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems[:3])


def user_path(user_id: str, *more: str) -> str:
    if {user_id, *more} & {"", ".", ".."}:
        raise NotFoundError(message="An id is empty, or one that cannot be part of a path")
    return "/".join(["/users", quote(user_id, safe=""), *(quote(part, safe="") for part in more)])


# Pages: the token says which list is read, and how many of its items were read.


class Pagination(PaginationBase):
    endpoint: str
    offset: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


def page_size(size: int | None) -> int:
    if size is not None and size < 0:
        raise InvalidValueError(message=f"The page size is {size}; it cannot be negative")
    return min(size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


def page_offset(token: str | None, endpoint: str) -> int:
    if token is None:
        return 0
    try:
        [pagination] = NextPageToken(token).paginations()
    except (TypeError, ValueError) as error:
        raise InvalidPageTokenError(message="The page token is malformed") from error
    if pagination.endpoint != endpoint:
        raise InvalidPageTokenError(message="The page token is one of another list")
    return pagination.offset


async def read_page(args, dto: type[DtoT], endpoint: str, **asked: str):
    """The items of the page that Lumos asks for, and what it asks for the next one with."""
    size = page_size(get_page(args).size)
    offset = page_offset(get_page(args).token, endpoint)
    async with Client(args) as client:
        params = {"limit": size, "offset": offset}
        listing = await client.read(Listing[dto], "GET", endpoint, params={**params, **asked})
    end = offset + len(listing.items)
    check_listing(listing, offset, size)
    if not listing.has_more:
        return listing.items, None
    following = Pagination(endpoint=endpoint, offset=end)
    return listing.items, NextPageToken.from_paginations([following]).to_page(size)


def check_listing(listing: Listing, offset: int, size: int) -> None:
    """Refuse a page with which a walk would skip items, repeat them or never end."""
    count = len(listing.items)
    if listing.offset != offset or count > size:
        raise InvalidResponseError(message="The page is not the one that was asked for")
    if listing.has_more != (offset + count < listing.total) or (listing.has_more and not count):
        raise InvalidResponseError(message="The page contradicts itself: has_more, total and its items")


# What Lumos calls.


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.read(Tenant, "GET", "/me")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.tenant_id)
    )


def account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.id,
        username=user.name,
        email=user.email,
        user_status=STATUSES[user.status],
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read_page(args, User, "/users")
    return sdk.ListAccountsResponse(response=[account(user) for user in users], page=page)


async def list_updated_accounts(args: sdk.ListUpdatedAccountsRequest) -> sdk.ListUpdatedAccountsResponse:
    since = {} if args.request.since is None else {"since": args.request.since.isoformat()}
    users, page = await read_page(args, User, "/users/updated", **since)
    updated = [account(user) for user in users]
    return sdk.ListUpdatedAccountsResponse(response=sdk.UpdatedAccounts(accounts=updated), page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    async with Client(args) as client:
        user = await client.read(User, "GET", user_path(args.request.account_id))
    return sdk.GetAccountResponse(response=account(user))


async def list_resources(args: sdk.ListResourcesRequest) -> sdk.ListResourcesResponse:
    projects, page = await read_page(args, Project, "/projects")
    return sdk.ListResourcesResponse(
        response=[
            sdk.FoundResourceData(
                integration_specific_id=project.id,
                label=project.name,
                resource_type="project",
            )
            for project in projects
        ],
        page=page,
    )


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    entitlements, page = await read_page(args, Entitlement, "/entitlements")
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                entitlement_type=entitlement.kind,
                integration_specific_id=entitlement.id,
                integration_specific_resource_id=entitlement.project_id,
                label=entitlement.name,
                is_assignable=True,
            )
            for entitlement in entitlements
        ],
        page=page,
    )


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    grants, page = await read_page(args, Grant, "/grants")
    return sdk.FindEntitlementAssociationsResponse(response=[association(one) for one in grants], page=page)


async def get_account_entitlement_associations(
    args: sdk.GetAccountEntitlementAssociationsRequest,
) -> sdk.GetAccountEntitlementAssociationsResponse:
    grants, page = await read_page(args, Grant, user_path(args.request.account_id, "grants"))
    return sdk.GetAccountEntitlementAssociationsResponse(
        response=[association(one) for one in grants], page=page
    )


def association(grant: Grant) -> sdk.FoundEntitlementAssociation:
    return sdk.FoundEntitlementAssociation(
        account_id=grant.user_id,
        integration_specific_entitlement_id=grant.entitlement_id,
        integration_specific_resource_id=grant.project_id,
    )


async def get_last_activity(args: sdk.GetLastActivityRequest) -> sdk.GetLastActivityResponse:
    activities = []
    async with Client(args) as client:
        users = [await find_user(client, account_id) for account_id in args.request.account_ids]
        if users and not any(users):
            # With a wrong URL, everybody looks as if they were gone.
            await client.read(Tenant, "GET", "/me")
        for user in users:
            if user is None or user.last_login is None:
                continue
            activities.append(
                sdk.LastActivityData(
                    account_id=user.id,
                    event_type="last_login",
                    happened_at=user.last_login,
                )
            )
    return sdk.GetLastActivityResponse(response=activities)


async def find_user(client: Client, user_id: str) -> User | None:
    """The user, or None where Lumos asks for one who is gone meanwhile."""
    try:
        return await client.read(User, "GET", user_path(user_id))
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise
        return None


class NewAccount(sdk.CreatableAccount):
    email: str
    username: str


async def create_account(args: CustomRequest[NewAccount]) -> sdk.CreateAccountResponse:
    request = args.request
    async with Client(args) as client:
        new = {"email": request.email, "name": request.username}
        user = await client.read(User, "POST", "/users", json=new)
        for wanted in request.entitlements:
            path = user_path(user.id, "grants", wanted.integration_specific_id)
            params = {"project_id": wanted.integration_specific_resource_id or ""}
            await client.read(Grant, "PUT", path, params=params)
    return sdk.CreateAccountResponse(
        response=sdk.CreatedAccount(
            id=user.id,
            status=STATUSES[user.status],
            created=True,
        )
    )


class ChangedAccount(sdk.UpdateableAccount):
    email: str


async def update_account(args: CustomRequest[ChangedAccount]) -> sdk.UpdateAccountResponse:
    change = {"email": args.request.email}
    async with Client(args) as client:
        user = await client.read(User, "PATCH", user_path(args.request.id), json=change)
    return sdk.UpdateAccountResponse(response=sdk.UpdateableAccount(id=user.id))


async def set_status(args, status: str) -> sdk.AccountStatus:
    path = user_path(args.request.account_id)
    async with Client(args) as client:
        user = await client.read(User, "PATCH", path, json={"status": status})
    if user.status != status:
        raise InvalidResponseError(message=f"The user was to be {status}, and is {user.status}")
    return STATUSES[user.status]


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    status = await set_status(args, "active")
    return sdk.ActivateAccountResponse(response=sdk.ActivatedAccount(status=status, activated=True))


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    status = await set_status(args, "suspended")
    return sdk.DeactivateAccountResponse(response=sdk.DeactivatedAccount(status=status, deactivated=True))


async def delete_account(args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
    async with Client(args) as client:
        await client.delete(user_path(args.request.account_id))
    return sdk.DeleteAccountResponse(
        response=sdk.DeletedAccount(status=sdk.AccountStatus.DELETED, deleted=True)
    )


def grant_request(args) -> tuple[str, dict[str, str]]:
    """Path and query of a grant."""
    request = args.request
    if RESOURCE_TYPES.get(request.entitlement_type) != request.resource_type:
        raise ClientError(message="There is no such entitlement type, or not on this resource type")
    path = user_path(
        request.account_integration_specific_id, "grants", request.entitlement_integration_specific_id
    )
    return path, {"project_id": request.resource_integration_specific_id}


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    path, params = grant_request(args)
    async with Client(args) as client:
        await client.read(Grant, "PUT", path, params=params)
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    path, params = grant_request(args)
    async with Client(args) as client:
        await client.delete(path, params=params)
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


class DirectoryIntegration(Integration):
    """The SDK quotes a request that it cannot read, token and all; this says what is wrong with it."""

    async def dispatch(self, name, request_string):
        if name in self.capabilities:
            request_type, _ = get_capability_annotations(self.capabilities[name])
            try:
                request_type.model_validate_json(request_string)
            except ValidationError as error:
                return bad_request(f"Invalid request: {describe(error)}")
        return await super().dispatch(name, request_string)


def bad_request(message: str) -> str:
    error = sdk.Error(message=message, error_code=ConnectorErrorCode.BAD_REQUEST, app_id="directory")
    return sdk.ErrorResponse(is_error=True, error=error).model_dump_json()


integration = DirectoryIntegration(
    app_id="directory",
    version="1",
    auth=sdk.TokenCredential,
    exception_handlers=[
        (httpx.HTTPStatusError, HTTPHandler, None),
        (httpx.DecodingError, HTTPHandler, None),
    ],
    description_data=DescriptionData(user_friendly_name="Directory", categories=[]),
    settings_model=Settings,
    resource_types=[sdk.ResourceType(type_id="project", type_label="Project")],
    entitlement_types=[
        sdk.EntitlementType(type_id="project_role", type_label="Role", resource_type_id="project", min=0),
        sdk.EntitlementType(type_id="licence", type_label="Licence", resource_type_id="", min=0, max=1),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_UPDATED_ACCOUNTS: list_updated_accounts,
        sdk.StandardCapabilityName.GET_ACCOUNT: get_account,
        sdk.StandardCapabilityName.LIST_RESOURCES: list_resources,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
        sdk.StandardCapabilityName.GET_ACCOUNT_ENTITLEMENT_ASSOCIATIONS: get_account_entitlement_associations,
        sdk.StandardCapabilityName.GET_LAST_ACTIVITY: get_last_activity,
        sdk.StandardCapabilityName.CREATE_ACCOUNT: create_account,
        sdk.StandardCapabilityName.UPDATE_ACCOUNT: update_account,
        sdk.StandardCapabilityName.ACTIVATE_ACCOUNT: activate_account,
        sdk.StandardCapabilityName.DEACTIVATE_ACCOUNT: deactivate_account,
        sdk.StandardCapabilityName.DELETE_ACCOUNT: delete_account,
        sdk.StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
        sdk.StandardCapabilityName.UNASSIGN_ENTITLEMENT: unassign_entitlement,
    }
)
