"""Accounts that are active or suspended, people's and robots'; roles and licences, with a min and a max."""

from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.capability import CustomRequest
from connector.oai.errors import ClientError, InvalidPageTokenError, InvalidResponseError, NotFoundError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)

STATUSES = {
    "active": sdk.AccountStatus.ACTIVE,
    "suspended": sdk.AccountStatus.SUSPENDED,
    "deleted": sdk.AccountStatus.DELETED,
}
KINDS = {"human": sdk.AccountType.USER, "robot": sdk.AccountType.SERVICE}


class Tenant(Dto):
    key: Id


class User(Dto):
    id: Id
    name: str
    state: Literal["active", "suspended", "deleted"]
    kind: Literal["human", "robot"]


class Entitlement(Dto):
    id: Id
    type: Literal["role", "licence"]
    sold: bool


class Grant(Dto):
    user: Id
    entitlement: Id


class App(Dto):
    id: Id
    title: str
    owner: Id


class Part(Dto, Generic[Item]):
    values: list[Item]
    skip: int
    total: int


class Pagination(PaginationBase):
    endpoint: str
    skip: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        headers = {"X-API-Key": header_value(get_token_auth(args).token)}
        return {"headers": headers, "base_url": get_settings(args, Settings).url}

    async def send(self, kind: type[Item], method: str, path: str, **options) -> Item:
        return parse(await self._http_client.request(method, path, **options), kind)


def user_path(user_id: str, *more: str) -> str:
    if {user_id, *more} & {"", ".", ".."}:
        raise NotFoundError(message="An id is empty, or one that cannot be part of a path")
    return "/".join(["/users", quote(user_id, safe=""), *(quote(part, safe="") for part in more)])


async def read(args, kind: type[Item], endpoint: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), pagination(args, NextPageToken)
    if place is not None and place.endpoint != endpoint:
        raise InvalidPageTokenError(message="The page token is one of another list")
    skip = 0 if place is None else place.skip
    async with Client(args) as client:
        part = await client.send(Part[kind], "GET", endpoint, params={"skip": skip, "take": size})
    require(part.skip == skip, "it does not start where it was asked to")
    require(len(part.values) == max(0, min(size, part.total - skip)), "it has more or fewer than it should")
    end = skip + len(part.values)
    following = [Pagination(endpoint=endpoint, skip=end)] if end < part.total else []
    return part.values, NextPageToken.from_paginations(following).to_page(size)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.send(Tenant, "GET", "/tenant")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.key)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/users")
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=user.id,
                username=user.name,
                user_status=STATUSES[user.state],
                account_type=KINDS[user.kind],
            )
            for user in users
            if user.state != "deleted"
        ],
        page=page,
    )


async def list_non_human_accounts(args: sdk.ListNonHumanAccountsRequest) -> sdk.ListNonHumanAccountsResponse:
    apps, page = await read(args, App, "/apps")
    return sdk.ListNonHumanAccountsResponse(
        response=[
            sdk.NonHumanAccount(
                resource_id=f"app:{app.id}",
                id=app.id,
                label=app.title,
                workload_name=app.title,
                workload_id=app.id,
                type="app",
                status=sdk.AccountStatus.ACTIVE,
            )
            for app in apps
        ],
        page=page,
    )


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    entitlements, page = await read(args, Entitlement, "/entitlements")
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                entitlement_type=entitlement.type,
                integration_specific_id=entitlement.id,
                integration_specific_resource_id="",
                label=entitlement.id.capitalize(),
                is_assignable=entitlement.sold,
            )
            for entitlement in entitlements
        ],
        page=page,
    )


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    grants, page = await read(args, Grant, "/grants")
    return sdk.FindEntitlementAssociationsResponse(
        response=[
            sdk.FoundEntitlementAssociation(
                account_id=grant.user,
                integration_specific_entitlement_id=grant.entitlement,
                integration_specific_resource_id="",
            )
            for grant in grants
        ],
        page=page,
    )


class NewAccount(sdk.CreatableAccount):
    username: str


async def create_account(args: CustomRequest[NewAccount]) -> sdk.CreateAccountResponse:
    roles = [each.integration_specific_id for each in args.request.entitlements]
    if len(roles) != 1:
        raise ClientError(message="A new user has one role")
    new = {"name": args.request.username, "role": roles[0]}
    async with Client(args) as client:
        user = await client.send(User, "POST", "/users", json=new)
    return sdk.CreateAccountResponse(
        response=sdk.CreatedAccount(id=user.id, status=STATUSES[user.state], created=True)
    )


async def set_state(args, state: str) -> sdk.AccountStatus:
    async with Client(args) as client:
        user = await client.send(User, "PATCH", user_path(args.request.account_id), json={"state": state})
    if user.state != state:
        raise InvalidResponseError(message=f"The user was to be {state}, and is {user.state}")
    return STATUSES[user.state]


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    status = await set_state(args, "active")
    return sdk.ActivateAccountResponse(response=sdk.ActivatedAccount(status=status, activated=True))


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    status = await set_state(args, "suspended")
    return sdk.DeactivateAccountResponse(response=sdk.DeactivatedAccount(status=status, deactivated=True))


async def delete_account(args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
    async with Client(args) as client:
        user = await client.send(User, "DELETE", user_path(args.request.account_id))
    if user.state != "deleted":
        raise InvalidResponseError(message=f"The user was to be deleted, and is {user.state}")
    return sdk.DeleteAccountResponse(
        response=sdk.DeletedAccount(status=sdk.AccountStatus.DELETED, deleted=True)
    )


def grant_path(args) -> str:
    request = args.request
    if (request.resource_type, request.resource_integration_specific_id) != ("", ""):
        raise ClientError(message="All entitlements are of the global resource")
    return user_path(
        request.account_integration_specific_id, "grants", request.entitlement_integration_specific_id
    )


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    async with Client(args) as client:
        await client.send(Grant, "PUT", grant_path(args))
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    async with Client(args) as client:
        await client.send(Grant, "DELETE", grant_path(args))
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


integration = StrictIntegration(
    "statuses",
    auth=sdk.TokenCredential,
    entitlement_types=[
        sdk.EntitlementType(type_id="role", type_label="Role", resource_type_id="", min=1, max=1),
        sdk.EntitlementType(
            type_id="licence",
            type_label="Licence",
            resource_type_id="",
            min=0,
            max=1,
            requirements={"create_account": sdk.EntitlementRequirement(max=0)},
        ),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_NON_HUMAN_ACCOUNTS: list_non_human_accounts,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
        sdk.StandardCapabilityName.CREATE_ACCOUNT: create_account,
        sdk.StandardCapabilityName.ACTIVATE_ACCOUNT: activate_account,
        sdk.StandardCapabilityName.DEACTIVATE_ACCOUNT: deactivate_account,
        sdk.StandardCapabilityName.DELETE_ACCOUNT: delete_account,
        sdk.StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
        sdk.StandardCapabilityName.UNASSIGN_ENTITLEMENT: unassign_entitlement,
    }
)
