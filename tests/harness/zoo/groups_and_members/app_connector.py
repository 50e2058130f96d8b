"""Several calls for one capability: the groups, then the members of each of them.

A group without members is a page without associations, which is not the last one.
"""

from typing import Generic, TypeVar
from urllib.parse import quote

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import ClientError, InvalidPageTokenError, InvalidResponseError, NotFoundError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)


class Tenant(Dto):
    key: Id


class User(Dto):
    id: Id
    name: str


class Group(Dto):
    id: Id
    title: str


class Member(Dto):
    user: Id


class Part(Dto, Generic[Item]):
    values: list[Item]
    skip: int
    total: int


class Pagination(PaginationBase):
    """How many of a list's items came before; of the members of a group, which is one of the groups."""

    endpoint: str
    skip: int = Field(strict=True, ge=0)
    groups: int = Field(strict=True, ge=0, default=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        headers = {"X-API-Key": header_value(get_token_auth(args).token)}
        return {"headers": headers, "base_url": get_settings(args, Settings).url}

    async def tenant(self) -> Tenant:
        return parse(await self._http_client.get("/tenant"), Tenant)

    async def part(self, kind: type[Item], path: str, skip: int, take: int) -> Part[Item]:
        response = await self._http_client.get(path, params={"skip": skip, "take": take})
        part = parse(response, Part[kind])
        require(part.skip == skip, "it does not start where it was asked to")
        require(
            len(part.values) == max(0, min(take, part.total - skip)), "it has more or fewer than it should"
        )
        return part

    async def change_member(self, method: str, group_id: str, user_id: str) -> None:
        if {group_id, user_id} & {"", ".", ".."}:
            raise NotFoundError(message="No group or no user has such an id")
        path = f"/groups/{quote(group_id, safe='')}/members/{quote(user_id, safe='')}"
        member = parse(await self._http_client.request(method, path), Member)
        if member.user != user_id:
            raise InvalidResponseError(message="The answer is about another user")


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.tenant()
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.key)
    )


def position(args, endpoint: str) -> Pagination:
    place = pagination(args, NextPageToken)
    if place is None:
        return Pagination(endpoint=endpoint, skip=0)
    if place.endpoint != endpoint or place.skip + place.groups == 0:
        raise InvalidPageTokenError(message="The page token is one of another list, or of no later page")
    return place


def next_page(following: list[Pagination], size: int) -> sdk.Page:
    return NextPageToken.from_paginations(following).to_page(size)


async def read(args, kind: type[Item], path: str, endpoint: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), position(args, endpoint)
    async with Client(args) as client:
        part = await client.part(kind, path, place.skip, size)
    end = place.skip + len(part.values)
    return part.values, next_page([Pagination(endpoint=endpoint, skip=end)] if end < part.total else [], size)


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/users", "users")
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(integration_specific_id=user.id, username=user.name) for user in users
        ],
        page=page,
    )


async def list_resources(args: sdk.ListResourcesRequest) -> sdk.ListResourcesResponse:
    groups, page = await read(args, Group, "/groups", "resources")
    return sdk.ListResourcesResponse(
        response=[
            sdk.FoundResourceData(integration_specific_id=group.id, label=group.title, resource_type="group")
            for group in groups
        ],
        page=page,
    )


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    """What one can have of a group is to be its member."""
    groups, page = await read(args, Group, "/groups", "entitlements")
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                entitlement_type="membership",
                integration_specific_id="member",
                integration_specific_resource_id=group.id,
                label=f"Member of {group.title}",
                is_assignable=True,
            )
            for group in groups
        ],
        page=page,
    )


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    """One group a page, or a part of one: the members of some groups are more than a page."""
    size, place = page_size(args), position(args, "members")
    async with Client(args) as client:
        groups = await client.part(Group, "/groups", place.groups, 1)
        found, following = [], []
        for group in groups.values:
            path = f"/groups/{quote(group.id, safe='')}/members"
            members = await client.part(Member, path, place.skip, size)
            found = [association(group, member) for member in members.values]
            end = place.skip + len(found)
            if end < members.total:
                following = [Pagination(endpoint="members", groups=place.groups, skip=end)]
            elif place.groups + 1 < groups.total:
                following = [Pagination(endpoint="members", groups=place.groups + 1, skip=0)]
    return sdk.FindEntitlementAssociationsResponse(response=found, page=next_page(following, size))


def association(group: Group, member: Member) -> sdk.FoundEntitlementAssociation:
    return sdk.FoundEntitlementAssociation(
        account_id=member.user,
        integration_specific_entitlement_id="member",
        integration_specific_resource_id=group.id,
    )


def membership(args) -> tuple[str, str]:
    """The group and the user of a request."""
    request = args.request
    if (request.entitlement_type, request.resource_type) != ("membership", "group"):
        raise ClientError(message="There is no such entitlement type, or not on this resource type")
    if request.entitlement_integration_specific_id != "member":
        raise NotFoundError(message="There is no such entitlement; there is 'member'")
    return request.resource_integration_specific_id, request.account_integration_specific_id


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    async with Client(args) as client:
        await client.change_member("PUT", *membership(args))
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    async with Client(args) as client:
        await client.change_member("DELETE", *membership(args))
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


integration = StrictIntegration(
    "groups-and-members",
    auth=sdk.TokenCredential,
    resource_types=[sdk.ResourceType(type_id="group", type_label="Group")],
    entitlement_types=[
        sdk.EntitlementType(type_id="membership", type_label="Membership", resource_type_id="group", min=0),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_RESOURCES: list_resources,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
        sdk.StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
        sdk.StandardCapabilityName.UNASSIGN_ENTITLEMENT: unassign_entitlement,
    }
)
