"""A search with details, groups in XML and a report in CSV, all compressed, with hooks in the client.

For each account there are two more requests, the second for what the first has answered; those for a page of
accounts go out together.
"""

import asyncio
import csv
import gzip
import json
import uuid
from typing import Any, Literal
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.capability import CustomRequest
from connector.oai.errors import ClientError, InvalidPageTokenError, InvalidResponseError, NotFoundError
from connector_sdk_types import generated as sdk
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

STATUSES = {"valid": sdk.AccountStatus.ACTIVE, "blocked": sdk.AccountStatus.SUSPENDED}
COMPRESSED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


class Office(Dto):
    office: Id


class Hit(Dto):
    user: Id


class Hits(Dto):
    hits: list[Hit]
    start: int = Field(alias="from")
    total: int


class User(Dto):
    id: Id
    login: str
    mail: str
    badge: int | None


class Badge(Dto):
    badge: int
    user: Id
    state: Literal["valid", "blocked"]


class Membership(Dto):
    user: Id
    group: Id
    member: bool


class Pagination(PaginationBase):
    """How many of a list's records came before."""

    endpoint: str
    start: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


async def name_request(request: httpx.Request) -> None:
    request.headers["X-Request-Id"] = str(uuid.uuid4())


async def raise_on_error(response: httpx.Response) -> None:
    if response.is_error:
        await response.aread()
        message = f"The server answered {response.status_code}"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {
            "base_url": get_settings(args, Settings).url,
            "auth": bearer(get_token_auth(args).token),
            "event_hooks": {"request": [name_request], "response": [raise_on_error]},
        }

    async def get(self, kind, *path: str | int):
        if {"", ".", ".."}.intersection(path):
            raise NotFoundError(message="Nothing has such an id")
        url = "/" + "/".join(quote(str(part), safe="") for part in path)
        return parse(await self._http_client.get(url), kind)

    async def post(self, kind, path: str, **fields: Any):
        content = gzip.compress(json.dumps(fields).encode())
        return parse(await self._http_client.post(path, content=content, headers=COMPRESSED), kind)

    async def text(self, path: str, content_type: str, **params: int) -> str:
        response = await self._http_client.get(path, params=params)
        if response.headers.get("Content-Type", "").partition(";")[0] != content_type:
            raise InvalidResponseError(message=f"The answer is not {content_type}")
        try:
            return response.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidResponseError(message="The answer is not UTF-8") from error

    async def accounts(self, ids: list[str]) -> list[sdk.FoundAccountData]:
        """Accounts by their ids: first their details, then the badges that these name."""
        users = await asyncio.gather(*(self.get(User, "users", id_) for id_ in ids))
        require([user.id for user in users] == ids, "the details are of other users")
        numbers = [user.badge for user in users if user.badge is not None]
        badges = await asyncio.gather(*(self.get(Badge, "badges", number) for number in numbers))
        require([badge.badge for badge in badges] == numbers, "the badges are others")
        holders = [user.id for user in users if user.badge is not None]
        require([badge.user for badge in badges] == holders, "the badges are those of other users")
        states = {badge.user: STATUSES[badge.state] for badge in badges}
        return [
            sdk.FoundAccountData(
                integration_specific_id=user.id,
                username=user.login,
                email=user.mail,
                user_status=states[user.id] if user.badge is not None else sdk.AccountStatus.PENDING,
            )
            for user in users
        ]

    async def groups(self, start: int, size: int) -> tuple[list[tuple[str, str]], int]:
        """The ids and names of some groups, and how many groups there are."""
        text = await self.text("/groups.xml", "application/xml", **{"from": start, "size": size})
        try:
            root = ElementTree.fromstring(text)  # noqa: S314 - of the server that the customer has named
            groups = [(group.attrib["id"], group.findtext("name") or "") for group in root.iterfind("group")]
            first, total = int(root.attrib["from"]), int(root.attrib["total"])
        except (ElementTree.ParseError, KeyError, ValueError) as error:
            raise InvalidResponseError(message="The groups cannot be read") from error
        check_part(first == start, len(groups), start, size, total)
        return groups, total

    async def members(self) -> list[tuple[str, str]]:
        """The users and groups of all memberships."""
        text = await self.text("/reports/memberships.csv", "text/csv")
        table = csv.DictReader(text.splitlines(), delimiter=";")
        rows = [(row.get("user") or "", row.get("group") or "") for row in table]
        require(all(user and group for user, group in rows), "a row has no user or no group")
        require(rows[-1:] == [("#rows", str(len(rows) - 1))], "it has no end")
        return [(user, group) for user, group in rows[:-1]]

    async def change(self, user: str, group: str, *, member: bool) -> None:
        done = await self.post(Membership, "/memberships", user=user, group=group, member=member)
        if (done.user, done.group, done.member) != (user, group, member):
            raise InvalidResponseError(message="The answer is about another membership")


def check_part(starts_right: bool, length: int, start: int, size: int, total: int) -> None:
    require(starts_right, "it does not start where it was asked to")
    require(length == max(0, min(size, total - start)), "it has more or fewer than it should")


def position(args: Any, endpoint: str) -> tuple[int, int]:
    """How many records came before, and how many are wanted."""
    place = pagination(args, NextPageToken)
    if place is not None and place.endpoint != endpoint:
        raise InvalidPageTokenError(message="The page token is one of another list")
    return (0 if place is None else place.start), page_size(args)


def next_page(endpoint: str, end: int, total: int, size: int) -> sdk.Page:
    following = [Pagination(endpoint=endpoint, start=end)] if end < total else []
    return NextPageToken.from_paginations(following).to_page(size)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        office = await client.get(Office, "office")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=office.office)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    start, size = position(args, "users")
    async with Client(args) as client:
        found = await client.post(Hits, "/users/search", order="id", **{"from": start, "size": size})
        check_part(found.start == start, len(found.hits), start, size, found.total)
        accounts = await client.accounts([hit.user for hit in found.hits])
    page = next_page("users", start + len(accounts), found.total, size)
    return sdk.ListAccountsResponse(response=accounts, page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    async with Client(args) as client:
        [account] = await client.accounts([args.request.account_id])
    return sdk.GetAccountResponse(response=account)


async def read_groups(args: Any, kind: str) -> tuple[list[tuple[str, str]], sdk.Page]:
    start, size = position(args, kind)
    async with Client(args) as client:
        groups, total = await client.groups(start, size)
    return groups, next_page(kind, start + len(groups), total, size)


async def list_resources(args: sdk.ListResourcesRequest) -> sdk.ListResourcesResponse:
    groups, page = await read_groups(args, "resources")
    found = [
        sdk.FoundResourceData(integration_specific_id=id_, label=name, resource_type="group")
        for id_, name in groups
    ]
    return sdk.ListResourcesResponse(response=found, page=page)


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    """What one can have of a group is to be its member."""
    groups, page = await read_groups(args, "entitlements")
    found = [
        sdk.FoundEntitlementData(
            entitlement_type="membership",
            integration_specific_id="member",
            integration_specific_resource_id=id_,
            label=f"Member of {name}",
            is_assignable=True,
        )
        for id_, name in groups
    ]
    return sdk.ListEntitlementsResponse(response=found, page=page)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    """The report has no pages: each page is a part of it."""
    start, size = position(args, "members")
    async with Client(args) as client:
        members = await client.members()
    found = [
        sdk.FoundEntitlementAssociation(
            account_id=user,
            integration_specific_entitlement_id="member",
            integration_specific_resource_id=group,
        )
        for user, group in members[start : start + size]
    ]
    page = next_page("members", start + len(found), len(members), size)
    return sdk.FindEntitlementAssociationsResponse(response=found, page=page)


def check_type(entitlement_type: str, entitlement: str) -> None:
    if entitlement_type != "membership":
        raise ClientError(message="There is no such entitlement type")
    if entitlement != "member":
        raise NotFoundError(message="There is no such entitlement; there is 'member'")


async def change_membership(args: Any, *, member: bool) -> None:
    request = args.request
    check_type(request.entitlement_type, request.entitlement_integration_specific_id)
    if request.resource_type != "group":
        raise ClientError(message="There are memberships of groups alone")
    user, group = request.account_integration_specific_id, request.resource_integration_specific_id
    async with Client(args) as client:
        await client.change(user, group, member=member)


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    await change_membership(args, member=True)
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: sdk.UnassignEntitlementRequest) -> sdk.UnassignEntitlementResponse:
    await change_membership(args, member=False)
    return sdk.UnassignEntitlementResponse(response=sdk.UnassignedEntitlement(unassigned=True))


class NewAccount(sdk.CreatableAccount):
    username: str
    email: str


async def create_account(args: CustomRequest[NewAccount]) -> sdk.CreateAccountResponse:
    request = args.request
    for wanted in request.entitlements:
        check_type(wanted.entitlement_type, wanted.integration_specific_id)
    async with Client(args) as client:
        user = await client.post(User, "/users", login=request.username, mail=request.email)
        groups = [wanted.integration_specific_resource_id or "" for wanted in request.entitlements]
        await asyncio.gather(*(client.change(user.id, group, member=True) for group in groups))
    return sdk.CreateAccountResponse(
        response=sdk.CreatedAccount(id=user.id, created=True, status=sdk.AccountStatus.PENDING)
    )


integration = StrictIntegration(
    "search-and-exports",
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
            assign_entitlement,
            unassign_entitlement,
            create_account,
        )
    }
)
