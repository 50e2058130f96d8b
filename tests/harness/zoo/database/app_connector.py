"""Users and groups over HTTP; who is in which group is in the application's database."""

import sqlite3
from contextlib import closing
from typing import Generic, TypeVar

from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from pydantic import Field
from strict import (
    Dto,
    Id,
    Settings,
    StrictIntegration,
    bearer,
    page_size,
    pagination,
    parse,
    require,
)

RecordT = TypeVar("RecordT", bound=Dto)


class DatabaseSettings(Settings):
    database: str


class Base(Dto):
    tenant: Id


class User(Dto):
    uid: Id
    locked: bool


class Group(Dto):
    name: Id
    title: Id


class Entries(Dto, Generic[RecordT]):
    total: int
    entries: list[RecordT]


class Pagination(PaginationBase):
    start: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"auth": bearer(get_token_auth(args).token), "base_url": get_settings(args, Settings).url}

    async def base(self) -> Base:
        return parse(await self._http_client.get("/base"), Base)

    async def entries(self, kind: type[RecordT], path: str, start: int, size: int) -> Entries[RecordT]:
        params = {"start": start, "count": size}
        entries = parse(await self._http_client.get(path, params=params), Entries[kind])
        require(len(entries.entries) == max(0, min(size, entries.total - start)), "it has too few entries")
        return entries


def ask(args, statement: str, *values: str) -> list[tuple[str, ...]]:
    path = get_settings(args, DatabaseSettings).database
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as database, database:
        return database.execute(statement, values).fetchall()


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        base = await client.base()
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=base.tenant)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read_page(args, User, "/users")
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=user.uid,
                username=user.uid,
                user_status=sdk.AccountStatus.SUSPENDED if user.locked else sdk.AccountStatus.ACTIVE,
            )
            for user in users
        ],
        page=page,
    )


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    groups, page = await read_page(args, Group, "/groups")
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                integration_specific_id=group.name,
                integration_specific_resource_id="",
                entitlement_type="group",
                is_assignable=True,
                label=group.title,
            )
            for group in groups
        ],
        page=page,
    )


async def read_page(args, kind, path):
    size, place = page_size(args), pagination(args, NextPageToken)
    start = 0 if place is None else place.start
    async with Client(args) as client:
        found = await client.entries(kind, path, start, size)
    end = start + len(found.entries)
    following = [Pagination(start=end)] if end < found.total else []
    return found.entries, NextPageToken.from_paginations(following).to_page(size)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    members = ask(args, "SELECT name, uid FROM members ORDER BY name, uid")
    return sdk.FindEntitlementAssociationsResponse(
        response=[
            sdk.FoundEntitlementAssociation(
                account_id=uid, integration_specific_entitlement_id=name, integration_specific_resource_id=""
            )
            for name, uid in members
        ]
    )


async def assign_entitlement(args: sdk.AssignEntitlementRequest) -> sdk.AssignEntitlementResponse:
    asked = args.request
    pair = asked.entitlement_integration_specific_id, asked.account_integration_specific_id
    ask(args, "INSERT INTO members (name, uid) VALUES (?, ?)", *pair)
    return sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))


integration = StrictIntegration(
    "database",
    auth=sdk.TokenCredential,
    settings_model=DatabaseSettings,
    entitlement_types=[
        sdk.EntitlementType(type_id="group", type_label="Group", resource_type_id="", min=0, max=1)
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
        sdk.StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
    }
)
