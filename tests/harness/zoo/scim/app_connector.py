"""SCIM 2.0 by the SDK's client; the display name is made of the given and the family name."""

from typing import Any, Generic, TypeVar
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
from connector.oai.errors import (
    ClientError,
    ConflictError,
    InvalidPageTokenError,
    InvalidResponseError,
    NotFoundError,
)
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)
STATUSES = {True: sdk.AccountStatus.ACTIVE, False: sdk.AccountStatus.SUSPENDED}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Config(Dto):
    tenant: Id


class Name(Dto):
    given: str = Field(alias="givenName")
    family: str = Field("", alias="familyName")


class Value(Dto):
    value: str
    primary: bool = False


class Manager(Dto):
    name: str = Field(alias="displayName")


class Enterprise(Dto):
    employee_number: str = Field("", alias="employeeNumber")
    manager: Manager | None = None


class User(Dto):
    id: Id
    login: str = Field(alias="userName")
    name: Name
    title: str = ""
    notes: str = ""
    emails: list[Value] = Field(min_length=1)
    phones: list[Value] = Field([], alias="phoneNumbers")
    active: bool
    enterprise: Enterprise = Field(Enterprise(), alias=ENTERPRISE)


class Group(Dto):
    id: Id
    name: str = Field(alias="displayName")


class Member(Dto):
    value: Id


class FullGroup(Group):
    members: list[Member]


class Part(Dto, Generic[Item]):
    total: int = Field(alias="totalResults")
    start: int = Field(alias="startIndex")
    items: list[Item] = Field(alias="Resources")


class Pagination(PaginationBase):
    """How many of a list's items came before; of the members of a group, which is one of the groups."""

    endpoint: str
    skip: int = Field(strict=True, ge=0)
    groups: int = Field(strict=True, ge=0, default=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {
            "auth": bearer(get_token_auth(args).token),
            "base_url": get_settings(args, Settings).url,
        }

    async def ask(self, kind: type[Item], method: str, path: str, **options: Any) -> Item:
        response = await self._http_client.request(method, path, **options)
        return parse(response, kind, "application/scim+json")

    async def part(self, kind: type[Item], path: str, skip: int, size: int, **params: str) -> Part[Item]:
        asked = {"startIndex": skip + 1, "count": size, **params}
        part = await self.ask(Part[kind], "GET", path, params=asked)
        require(part.start == skip + 1, "it does not start where it was asked to")
        expected = max(0, min(size, part.total - skip))
        require(len(part.items) == expected, "it has more or fewer than it should")
        return part

    async def delete(self, path: str) -> None:
        response = await self._http_client.delete(path)
        response.raise_for_status()
        if response.content:
            raise InvalidResponseError(message="The answer to a deletion has content")


def path_of(collection: str, id_: str) -> str:
    if id_ in ("", ".", ".."):
        raise NotFoundError(message="Nothing has such an id")
    return f"/{collection}/{quote(id_, safe='')}"


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        config = await client.ask(Config, "GET", "/ServiceProviderConfig")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=config.tenant)
    )


def primary(values: list[Value]) -> str:
    return next((one.value for one in values if one.primary), values[0].value)


def account(user: User) -> sdk.FoundAccountData:
    manager = user.enterprise.manager
    return sdk.FoundAccountData(
        integration_specific_id=user.id,
        given_name=user.name.given,
        family_name=user.name.family or None,
        email=primary(user.emails),
        username=user.login,
        user_status=STATUSES[user.active],
        extra_data={
            "display_name": f"{user.name.given} {user.name.family}".strip(),
            "employee_number": user.enterprise.employee_number,
            "phones": [phone.value for phone in user.phones],
            "manager": "" if manager is None else manager.name,
            "title": user.title,
            "notes": user.notes,
        },
    )


def position(args: Any, endpoint: str) -> Pagination:
    place = pagination(args, NextPageToken)
    if place is None:
        return Pagination(endpoint=endpoint, skip=0)
    if place.endpoint != endpoint or place.skip + place.groups == 0:
        raise InvalidPageTokenError(message="The page token is one of another list, or of no later page")
    return place


def next_page(following: list[Pagination], size: int) -> sdk.Page:
    return NextPageToken.from_paginations(following).to_page(size)


async def read(args: Any, kind: type[Item], endpoint: str, **params: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), position(args, endpoint)
    async with Client(args) as client:
        part = await client.part(kind, endpoint, place.skip, size, **params)
    end = place.skip + len(part.items)
    return part.items, next_page([Pagination(endpoint=endpoint, skip=end)] if end < part.total else [], size)


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/Users")
    return sdk.ListAccountsResponse(response=[account(user) for user in users], page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    async with Client(args) as client:
        user = await client.ask(User, "GET", path_of("Users", args.request.account_id))
    return sdk.GetAccountResponse(response=account(user))


async def list_resources(args: sdk.ListResourcesRequest) -> sdk.ListResourcesResponse:
    groups, page = await read(args, Group, "/Groups", excludedAttributes="members")
    found = [
        sdk.FoundResourceData(integration_specific_id=group.id, label=group.name, resource_type="group")
        for group in groups
    ]
    return sdk.ListResourcesResponse(response=found, page=page)


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    groups, page = await read(args, Group, "/Groups", excludedAttributes="members")
    found = [
        sdk.FoundEntitlementData(
            entitlement_type="membership",
            integration_specific_id="member",
            integration_specific_resource_id=group.id,
            label=f"Member of {group.name}",
            is_assignable=True,
        )
        for group in groups
    ]
    return sdk.ListEntitlementsResponse(response=found, page=page)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    """One group a page, or a part of one: SCIM has no pages of members, so the connector makes them."""
    size, place = page_size(args), position(args, "members")
    async with Client(args) as client:
        groups = await client.part(FullGroup, "/Groups", place.groups, 1)
    [group] = groups.items
    end = place.skip + size
    found = [association(group, member) for member in group.members[place.skip : end]]
    following = []
    if end < len(group.members):
        following = [Pagination(endpoint="members", groups=place.groups, skip=end)]
    elif place.groups + 1 < groups.total:
        following = [Pagination(endpoint="members", groups=place.groups + 1, skip=0)]
    return sdk.FindEntitlementAssociationsResponse(response=found, page=next_page(following, size))


def association(group: FullGroup, member: Member) -> sdk.FoundEntitlementAssociation:
    return sdk.FoundEntitlementAssociation(
        account_id=member.value,
        integration_specific_entitlement_id="member",
        integration_specific_resource_id=group.id,
    )


class NewAccount(sdk.CreatableAccount):
    given_name: str
    family_name: str
    email: str
    username: str


async def create_account(args: CustomRequest[NewAccount]) -> sdk.CreateAccountResponse:
    new = args.request
    for wanted in new.entitlements:
        check_membership(wanted.entitlement_type, "group", wanted.integration_specific_id)
    name = {
        "givenName": new.given_name,
        "familyName": new.family_name,
        "formatted": f"{new.given_name} {new.family_name}".strip(),
    }
    body = {
        "userName": new.username,
        "name": name,
        "emails": [{"value": new.email, "type": "work", "primary": True}],
    }
    quoted = new.username.replace("\\", "\\\\").replace('"', '\\"')
    async with Client(args) as client:
        known = await client.part(User, "/Users", 0, 1, filter=f'userName eq "{quoted}"')
        if known.items:
            raise ConflictError(message=f"{known.items[0].emails[0].value} has the user name {new.username}")
        user = await client.ask(User, "POST", "/Users", json=body)
        for wanted in new.entitlements:
            await change_member(client, "add", wanted.integration_specific_resource_id or "", user.id)
    created = sdk.CreatedAccount(id=user.id, status=STATUSES[user.active], created=True)
    return sdk.CreateAccountResponse(response=created)


async def set_active(args: Any, active: bool) -> sdk.AccountStatus:
    change = {"Operations": [{"op": "replace", "path": "active", "value": active}]}
    async with Client(args) as client:
        user = await client.ask(User, "PATCH", path_of("Users", args.request.account_id), json=change)
    if user.active != active:
        raise InvalidResponseError(message="The user is not what it was to be")
    return STATUSES[user.active]


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    status = await set_active(args, True)
    return sdk.ActivateAccountResponse(response=sdk.ActivatedAccount(status=status, activated=True))


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    status = await set_active(args, False)
    return sdk.DeactivateAccountResponse(response=sdk.DeactivatedAccount(status=status, deactivated=True))


async def delete_account(args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
    async with Client(args) as client:
        await client.delete(path_of("Users", args.request.account_id))
    deleted = sdk.DeletedAccount(status=sdk.AccountStatus.DELETED, deleted=True)
    return sdk.DeleteAccountResponse(response=deleted)


def check_membership(entitlement_type: str, resource_type: str, entitlement_id: str) -> None:
    if (entitlement_type, resource_type) != ("membership", "group"):
        raise ClientError(message="There is no such entitlement type, or not on this resource type")
    if entitlement_id != "member":
        raise NotFoundError(message="There is no such entitlement; there is 'member'")


async def change_member(client: Client, what: str, group_id: str, user_id: str) -> None:
    change = {"Operations": [{"op": what, "path": "members", "value": [{"value": user_id}]}]}
    group = await client.ask(FullGroup, "PATCH", path_of("Groups", group_id), json=change)
    if (user_id in {member.value for member in group.members}) != (what == "add"):
        raise InvalidResponseError(message="The members are not what they were to be")


async def change_membership(args: Any, what: str) -> None:
    asked = args.request
    check_membership(asked.entitlement_type, asked.resource_type, asked.entitlement_integration_specific_id)
    async with Client(args) as client:
        await change_member(
            client, what, asked.resource_integration_specific_id, asked.account_integration_specific_id
        )


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    await change_membership(args, "add")
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    await change_membership(args, "remove")
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


integration = StrictIntegration(
    "scim",
    auth=sdk.TokenCredential,
    resource_types=[sdk.ResourceType(type_id="group", type_label="Group")],
    entitlement_types=[
        sdk.EntitlementType(type_id="membership", type_label="Membership", resource_type_id="group", min=0),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName(function.__name__): function
        for function in (
            validate_credentials,
            list_accounts,
            get_account,
            list_resources,
            list_entitlements,
            find_entitlement_associations,
            create_account,
            activate_account,
            deactivate_account,
            delete_account,
            assign_entitlement,
            unassign_entitlement,
        )
    }
)
