"""An httpx client of its own; the user name is made of the e-mail, and errors say what the server says."""

from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
from connector import generated as sdk
from connector.client import PaginationBase, create_next_page_token, get_settings, get_token_auth
from connector.oai.capability import CustomRequest
from connector.oai.errors import ClientError, InvalidPageTokenError, InvalidResponseError, NotFoundError
from pydantic import Field, ValidationError
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)
STATUSES = {
    "ACTIVE": sdk.AccountStatus.ACTIVE,
    "SUSPENDED": sdk.AccountStatus.SUSPENDED,
    "STAGED": sdk.AccountStatus.PENDING,
}


class Org(Dto):
    id: Id


class Profile(Dto):
    first: str = Field(alias="firstName")
    last: str | None = Field(alias="lastName")
    display: str = Field("", alias="displayName")
    email: str
    second_email: str | None = Field(None, alias="secondEmail")
    login: str
    mobile: str = Field("", alias="mobilePhone")
    employee_number: str = Field("", alias="employeeNumber")
    manager: str | None = None
    photo: str = Field("", alias="profileUrl")
    title: str = ""
    notes: str = ""


class User(Dto):
    id: Id
    status: Literal["ACTIVE", "SUSPENDED", "STAGED"]
    profile: Profile


class GroupProfile(Dto):
    name: str


class Group(Dto):
    id: Id
    profile: GroupProfile


class Problem(Dto):
    summary: str = Field(alias="errorSummary")


def summary(response: httpx.Response) -> str:
    """What the server says of an error, if it says anything."""
    try:
        return Problem.model_validate_json(response.content).summary
    except ValidationError:
        return f"The server answered {response.status_code}"


class Pagination(PaginationBase):
    """Where the next page is, and how many items came before it; of members, of which group."""

    link: str
    count: int = Field(strict=True, ge=0)
    group: int = Field(strict=True, ge=0, default=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client:
    """Asks the server, below one URL."""

    def __init__(self, args: Any) -> None:
        token = header_value(get_token_auth(args).token)
        self.url = get_settings(args, Settings).url
        self._http = httpx.AsyncClient(headers={"Authorization": f"SSWS {token}"})

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = await self._http.request(method, f"{self.url}{path}", **options)
        if response.is_error:
            raise httpx.HTTPStatusError(summary(response), request=response.request, response=response)
        return response

    async def get(self, kind: type[Item], path: str) -> Item:
        return parse(await self.ask("GET", path), kind)

    async def part(
        self, kind: type[Item], path: str, link: str, count: int, size: int
    ) -> tuple[list[Item], str | None, int]:
        """The items behind a link, the next link if there is one, and how many there are in all."""
        if not link.startswith(f"{self.url}{path}?"):
            raise InvalidPageTokenError(message="The page token is one of another list")
        response = await self.ask("GET", link.removeprefix(self.url))
        items, following = parse(response, list[kind]), response.links.get("next", {}).get("url")
        total, seen = int(response.headers.get("X-Total-Count", -1)), count + len(items)
        require(len(items) <= size, "it is longer than asked")
        require(seen == total if following is None else count < seen < total, "its items are not as many")
        require(following is None or following.startswith(f"{self.url}{path}?"), "it leads elsewhere")
        require(following != link, "it leads to itself")
        return items, following, total

    def first(self, path: str, size: int) -> str:
        return f"{self.url}{path}?limit={size}"

    async def change(self, method: str, path: str) -> None:
        response = await self.ask(method, path)
        if response.status_code != httpx.codes.NO_CONTENT:
            raise InvalidResponseError(message="The answer to a change is not the one without content")


def path_of(*parts: str) -> str:
    if {"", ".", ".."}.intersection(parts):
        raise NotFoundError(message="Nothing has such an id")
    return "".join(f"/{quote(part, safe='')}" for part in parts)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        org = await client.get(Org, "/org")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=org.id)
    )


def account(user: User) -> sdk.FoundAccountData:
    profile = user.profile
    return sdk.FoundAccountData(
        integration_specific_id=user.id,
        given_name=profile.first,
        family_name=profile.last,
        email=profile.email,
        username=profile.email.partition("@")[0],
        user_status=STATUSES[user.status],
        extra_data={
            "login": profile.login,
            "display_name": profile.display,
            "other_email": profile.second_email,
            "employee_number": profile.employee_number,
            "phone": profile.mobile,
            "manager": profile.manager,
            "photo": profile.photo,
            "title": profile.title,
            "notes": profile.notes,
        },
    )


async def read(args: Any, kind: type[Item], path: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), pagination(args, NextPageToken)
    async with Client(args) as client:
        link, count = (client.first(path, size), 0) if place is None else (place.link, place.count)
        items, following, _total = await client.part(kind, path, link, count, size)
    pages = [] if following is None else [Pagination(link=following, count=count + len(items))]
    return items, NextPageToken.from_paginations(pages).to_page(size)


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/users")
    return sdk.ListAccountsResponse(response=[account(user) for user in users], page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    """By the id; the server takes a login as well."""
    async with Client(args) as client:
        user = await client.get(User, path_of("users", args.request.account_id))
    return sdk.GetAccountResponse(response=account(user))


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    groups, page = await read(args, Group, "/groups")
    found = [
        sdk.FoundEntitlementData(
            entitlement_type="group",
            integration_specific_id=group.id,
            integration_specific_resource_id="",
            label=group.profile.name,
            is_assignable=True,
        )
        for group in groups
    ]
    return sdk.ListEntitlementsResponse(response=found, page=page)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    """One group a page, or a part of one."""
    size, place = page_size(args), pagination(args, NextPageToken)
    number = 0 if place is None else place.group
    async with Client(args) as client:
        groups, _following, total = await client.part(Group, "/groups", client.first("/groups", 200), 0, 200)
        require(number < len(groups) == total, "there is no such group")
        path = path_of("groups", groups[number].id, "users")
        link, count = client.first(path, size), 0
        if place is not None and place.count:
            link, count = place.link, place.count
        users, following, _total = await client.part(User, path, link, count, size)
    pages = []
    if following is not None:
        pages = [Pagination(link=following, count=count + len(users), group=number)]
    elif number + 1 < total:
        pages = [Pagination(link="", count=0, group=number + 1)]
    found = [
        sdk.FoundEntitlementAssociation(
            account_id=user.id,
            integration_specific_entitlement_id=groups[number].id,
            integration_specific_resource_id="",
        )
        for user in users
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
        check_group(wanted.entitlement_type, "")
    profile = {
        "firstName": new.given_name,
        "lastName": new.family_name,
        "displayName": f"{new.given_name} {new.family_name}",
        "email": new.email,
        "login": new.email,
    }
    async with Client(args) as client:
        user = parse(await client.ask("POST", "/users", json={"profile": profile}), User)
        for wanted in new.entitlements:
            await client.change("PUT", path_of("groups", wanted.integration_specific_id, "users", user.id))
    created = sdk.CreatedAccount(id=user.id, status=STATUSES[user.status], created=True)
    return sdk.CreateAccountResponse(response=created)


async def set_status(args: Any, change: str, wanted: str) -> sdk.AccountStatus:
    path = path_of("users", args.request.account_id, "lifecycle", change)
    async with Client(args) as client:
        user = parse(await client.ask("POST", path), User)
    if user.status != wanted:
        raise InvalidResponseError(message="The user is not what it was to be")
    return STATUSES[user.status]


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    status = await set_status(args, "activate", "ACTIVE")
    return sdk.ActivateAccountResponse(response=sdk.ActivatedAccount(status=status, activated=True))


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    status = await set_status(args, "suspend", "SUSPENDED")
    return sdk.DeactivateAccountResponse(response=sdk.DeactivatedAccount(status=status, deactivated=True))


async def delete_account(args: sdk.DeleteAccountRequest) -> sdk.DeleteAccountResponse:
    async with Client(args) as client:
        await client.change("DELETE", path_of("users", args.request.account_id))
    deleted = sdk.DeletedAccount(status=sdk.AccountStatus.DELETED, deleted=True)
    return sdk.DeleteAccountResponse(response=deleted)


def check_group(entitlement_type: str, resource_type: str) -> None:
    if (entitlement_type, resource_type) != ("group", ""):
        raise ClientError(message="There is no such entitlement type, or not on this resource type")


async def change_membership(args: Any, method: str) -> None:
    asked = args.request
    check_group(asked.entitlement_type, asked.resource_type)
    if asked.resource_integration_specific_id:
        raise NotFoundError(message="A group belongs to no resource")
    async with Client(args) as client:
        user = await client.get(User, path_of("users", asked.account_integration_specific_id))
        path = path_of("groups", asked.entitlement_integration_specific_id, "users", user.id)
        await client.change(method, path)


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    await change_membership(args, "PUT")
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    await change_membership(args, "DELETE")
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


integration = StrictIntegration(
    "okta-like",
    auth=sdk.TokenCredential,
    entitlement_types=[
        sdk.EntitlementType(type_id="group", type_label="Group", resource_type_id="", min=0),
    ],
)
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
