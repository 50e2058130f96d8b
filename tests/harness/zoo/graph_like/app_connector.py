"""The SDK's client and ``create_client_response``; whoever gets a role is looked up by the e-mail first."""

from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_client_response,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.capability import CustomRequest
from connector.oai.errors import (
    ClientError,
    HTTPHandler,
    InvalidPageTokenError,
    InvalidResponseError,
    NotFoundError,
)
from pydantic import Field, ValidationError
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, require

Item = TypeVar("Item", bound=Dto)
STATUSES = {True: sdk.AccountStatus.ACTIVE, False: sdk.AccountStatus.INACTIVE}


class Organization(Dto):
    id: Id


class Manager(Dto):
    display: str = Field(alias="displayName")


class User(Dto):
    id: Id
    principal: Id = Field(alias="userPrincipalName")
    display: str = Field(alias="displayName")
    given: str = Field(alias="givenName")
    surname: str
    mail: str
    sam: str | None = Field(alias="onPremisesSamAccountName")
    nickname: str = Field(alias="mailNickname")
    addresses: list[str] = Field(alias="proxyAddresses")
    phones: list[str] = Field(alias="businessPhones")
    employee_id: str = Field(alias="employeeId")
    job: str | None = Field(alias="jobTitle")
    about: str = Field(alias="aboutMe")
    manager: Manager | None
    enabled: bool = Field(alias="accountEnabled")


class Role(Dto):
    id: Id
    display: str = Field(alias="displayName")


class Member(Dto):
    principal: Id = Field(alias="userPrincipalName")


class Part(Dto, Generic[Item]):
    count: int = Field(-1, alias="@odata.count")
    next: str | None = Field(None, alias="@odata.nextLink")
    value: list[Item]


class Pagination(PaginationBase):
    """Where the next page is, and how many items came before it; of members, of which role."""

    link: str
    count: int = Field(strict=True, ge=0)
    role: int = Field(strict=True, ge=0, default=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {
            "auth": bearer(get_token_auth(args).token),
            "base_url": get_settings(args, Settings).url,
        }

    def url(self, path: str) -> str:
        return f"{str(self._http_client.base_url).rstrip('/')}{path}"

    async def get(self, kind: type[Item], path: str, **params: str) -> Item:
        return create_client_response(await self._http_client.get(path, params=params or None), kind)

    async def send(self, method: str, path: str, **options: Any) -> None:
        response = await self._http_client.request(method, path, **options)
        response.raise_for_status()
        if response.status_code != httpx.codes.NO_CONTENT:
            raise InvalidResponseError(message="The answer to a change is not the one without content")

    async def part(self, kind: type[Item], path: str, link: str, count: int, size: int) -> Part[Item]:
        if not link.startswith(f"{self.url(path)}?"):
            raise InvalidPageTokenError(message="The page token is one of another list")
        part = await self.get(Part[kind], link)
        seen = count + len(part.value)
        require(len(part.value) <= size, "it is longer than asked")
        require(
            seen == part.count if part.next is None else count < seen < part.count,
            "its items are not as many",
        )
        require(part.next is None or part.next.startswith(f"{self.url(path)}?"), "it leads elsewhere")
        require(part.next != link, "it leads to itself")
        return part

    async def by_mail(self, mail: str) -> User:
        quoted = mail.replace("'", "''")
        found = await self.get(Part[User], "/users", **{"$filter": f"mail eq '{quoted}'", "$top": "2"})
        if len(found.value) != 1:
            raise NotFoundError(message=f"{len(found.value)} users have the e-mail {mail}")
        return found.value[0]


def path_of(*parts: str) -> str:
    if {"", ".", ".."}.intersection(parts):
        raise NotFoundError(message="Nothing has such an id")
    return "".join(f"/{quote(part, safe='$')}" for part in parts)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        found = await client.get(Part[Organization], "/organization")
    [organization] = found.value
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=organization.id)
    )


def primary(addresses: list[str]) -> str:
    """The address that Exchange marks by large letters."""
    marked = [address for address in addresses if address.startswith("SMTP:")]
    require(len(marked) == 1, "a user has no primary address, or several")
    return marked[0].partition(":")[2]


def account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.principal,
        given_name=user.given,
        family_name=user.surname or None,
        email=primary(user.addresses),
        username=user.sam or user.nickname,
        user_status=STATUSES[user.enabled],
        extra_data={
            "display_name": user.display,
            "nickname": user.nickname,
            "employee_number": user.employee_id,
            "phones": user.phones,
            "manager": "" if user.manager is None else user.manager.display,
            "title": user.job,
            "about": user.about,
        },
    )


async def read(args: Any, kind: type[Item], path: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), pagination(args, NextPageToken)
    async with Client(args) as client:
        if place is None:
            place = Pagination(link=f"{client.url(path)}?$top={size}", count=0)
        part = await client.part(kind, path, place.link, place.count, size)
    pages = [] if part.next is None else [Pagination(link=part.next, count=place.count + len(part.value))]
    return part.value, NextPageToken.from_paginations(pages).to_page(size)


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/users")
    return sdk.ListAccountsResponse(response=[account(user) for user in users], page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    async with Client(args) as client:
        user = await client.get(User, path_of("users", args.request.account_id))
    return sdk.GetAccountResponse(response=account(user))


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    roles, page = await read(args, Role, "/directoryRoles")
    found = [
        sdk.FoundEntitlementData(
            entitlement_type="role",
            integration_specific_id=role.id,
            integration_specific_resource_id="",
            label=role.display,
            is_assignable=True,
        )
        for role in roles
    ]
    return sdk.ListEntitlementsResponse(response=found, page=page)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    """One role a page, or a part of one."""
    size, place = page_size(args), pagination(args, NextPageToken)
    number = 0 if place is None else place.role
    async with Client(args) as client:
        url = f"{client.url('/directoryRoles')}?$top=200"
        roles = (await client.part(Role, "/directoryRoles", url, 0, 200)).value
        require(number < len(roles), "there is no such role")
        path = path_of("directoryRoles", roles[number].id, "members")
        link, count = f"{client.url(path)}?$top={size}", 0
        if place is not None and place.count:
            link, count = place.link, place.count
        part = await client.part(Member, path, link, count, size)
    pages = []
    if part.next is not None:
        pages = [Pagination(link=part.next, count=count + len(part.value), role=number)]
    elif number + 1 < len(roles):
        pages = [Pagination(link="", count=0, role=number + 1)]
    found = [
        sdk.FoundEntitlementAssociation(
            account_id=member.principal,
            integration_specific_entitlement_id=roles[number].id,
            integration_specific_resource_id="",
        )
        for member in part.value
    ]
    return sdk.FindEntitlementAssociationsResponse(
        response=found, page=NextPageToken.from_paginations(pages).to_page(size)
    )


class NewAccount(sdk.CreatableAccount):
    given_name: str
    family_name: str
    email: str


async def create_account(args: CustomRequest[NewAccount]) -> sdk.CreateAccountResponse:
    new = args.request
    for wanted in new.entitlements:
        check_role(wanted.entitlement_type, "")
    body = {
        "userPrincipalName": new.email,
        "displayName": f"{new.given_name} {new.family_name}".strip(),
        "givenName": new.given_name,
        "surname": new.family_name,
        "mail": new.email,
        "mailNickname": new.email.partition("@")[0],
        "accountEnabled": True,
    }
    async with Client(args) as client:
        response = await client._http_client.post("/users", json=body)
        user = create_client_response(response, User)
        for wanted in new.entitlements:
            await add(client, wanted.integration_specific_id, user.id)
    created = sdk.CreatedAccount(id=user.principal, status=STATUSES[user.enabled], created=True)
    return sdk.CreateAccountResponse(response=created)


async def set_enabled(args: Any, enabled: bool) -> sdk.AccountStatus:
    path = path_of("users", args.request.account_id)
    async with Client(args) as client:
        await client.send("PATCH", path, json={"accountEnabled": enabled})
        user = await client.get(User, path)
    if user.enabled != enabled:
        raise InvalidResponseError(message="The user is not what it was to be")
    return STATUSES[user.enabled]


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    status = await set_enabled(args, True)
    return sdk.ActivateAccountResponse(response=sdk.ActivatedAccount(status=status, activated=True))


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    status = await set_enabled(args, False)
    return sdk.DeactivateAccountResponse(response=sdk.DeactivatedAccount(status=status, deactivated=True))


async def delete_account(args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
    async with Client(args) as client:
        await client.send("DELETE", path_of("users", args.request.account_id))
    deleted = sdk.DeletedAccount(status=sdk.AccountStatus.DELETED, deleted=True)
    return sdk.DeleteAccountResponse(response=deleted)


def check_role(entitlement_type: str, resource_type: str) -> None:
    if (entitlement_type, resource_type) != ("role", ""):
        raise ClientError(message="There is no such entitlement type, or not on this resource type")


async def add(client: Client, role_id: str, user_id: str) -> None:
    path = path_of("directoryRoles", role_id, "members", "$ref")
    await client.send("POST", path, json={"@odata.id": client.url(f"/users/{user_id}")})


async def change_role(args: Any, *, has: bool) -> None:
    asked = args.request
    check_role(asked.entitlement_type, asked.resource_type)
    if asked.resource_integration_specific_id:
        raise NotFoundError(message="A role belongs to no resource")
    async with Client(args) as client:
        user = await client.by_mail(asked.account_integration_specific_id)
        if has:
            await add(client, asked.entitlement_integration_specific_id, user.id)
        else:
            role_id = asked.entitlement_integration_specific_id
            path = path_of("directoryRoles", role_id, "members", user.id, "$ref")
            await client.send("DELETE", path)


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    await change_role(args, has=True)
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    await change_role(args, has=False)
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


integration = StrictIntegration(
    "graph-like",
    auth=sdk.TokenCredential,
    entitlement_types=[
        sdk.EntitlementType(type_id="role", type_label="Role", resource_type_id="", min=0),
    ],
)
# create_client_response raises these as they come.
integration.exception_handlers += [
    (each, HTTPHandler, None) for each in (ValidationError, UnicodeDecodeError)
]
integration.register_capabilities(
    {
        sdk.StandardCapabilityName(function.__name__): function
        for function in (
            validate_credentials,
            list_accounts,
            get_account,
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
