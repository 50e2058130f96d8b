"""Custom attributes: text of accounts and entitlements, JSON of credentials, records of a graph."""

from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import InvalidPageTokenError, NotFoundError
from connector_sdk_types import generated as sdk
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

OF = {
    "user": sdk.CustomAttributeCustomizedType.ACCOUNT,
    "role": sdk.CustomAttributeCustomizedType.ENTITLEMENT,
    "key": sdk.CustomAttributeCustomizedType.CREDENTIAL,
    "room": sdk.CustomAttributeCustomizedType.RESOURCE,
}
KINDS = {
    "text": sdk.CustomAttributeType.STRING,
    "flag": sdk.CustomAttributeType.BOOLEAN,
    "date": sdk.CustomAttributeType.DATETIME,
    "user": sdk.CustomAttributeType.USER,
    "number": sdk.CustomAttributeType.INTEGER,
}


class Tenant(Dto):
    id: Id


class CustomField(Dto):
    of: Literal["user", "role", "key", "room"]
    name: Id
    kind: Literal["text", "flag", "date", "user", "number"]


class Item(Dto):
    id: Id
    name: str
    fields: dict[str, str | bool | int]


class User(Item):
    active: bool


class Key(Item):
    used: str | None


DtoT = TypeVar("DtoT", bound=Dto)


class Listing(Dto, Generic[DtoT]):
    items: list[DtoT]
    total: int


class Pagination(PaginationBase):
    path: str
    offset: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        auth = bearer(get_token_auth(args).token)
        return {"auth": auth, "base_url": get_settings(args, Settings).url}

    async def get(self, kind, path, **params):
        return parse(await self._http_client.get(path, params=params), kind)


def text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def texts(item: Item) -> dict[str, str]:
    return {name: text(value) for name, value in item.fields.items()}


async def read_page(args, dto: type[DtoT], path: str, fields=()):
    size, place = page_size(args), pagination(args, NextPageToken)
    if place is not None and place.path != path:
        raise InvalidPageTokenError(message="The page token is one of another list")
    offset = 0 if place is None else place.offset
    async with Client(args) as client:
        listing = await client.get(Listing[dto], path, limit=size, offset=offset, field=list(fields))
    end = offset + len(listing.items)
    require(len(listing.items) == min(size, max(0, listing.total - offset)), "it is longer or shorter")
    following = [Pagination(path=path, offset=end)] if end < listing.total else []
    return listing.items, NextPageToken.from_paginations(following).to_page(size)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.get(Tenant, "/me")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.id)
    )


async def list_custom_attributes_schema(
    args: sdk.ListCustomAttributesSchemaRequest,
) -> sdk.ListCustomAttributesSchemaResponse:
    fields, page = await read_page(args, CustomField, "/fields")
    return sdk.ListCustomAttributesSchemaResponse(
        response=[
            sdk.CustomAttributeSchema(
                customized_type=OF[field.of], name=field.name, attribute_type=KINDS[field.kind]
            )
            for field in fields
        ],
        page=page,
    )


def account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.id,
        username=user.name,
        user_status=sdk.AccountStatus.ACTIVE if user.active else sdk.AccountStatus.INACTIVE,
        custom_attributes=texts(user),
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read_page(args, User, "/users", args.request.custom_attributes or ())
    return sdk.ListAccountsResponse(response=[account(user) for user in users], page=page)


async def get_account(args: sdk.GetAccountRequest) -> sdk.GetAccountResponse:
    if args.request.account_id in {"", ".", ".."}:
        raise NotFoundError(message="The id is empty, or one that cannot be part of a path")
    async with Client(args) as client:
        path = f"/users/{quote(args.request.account_id, safe='')}"
        user = await client.get(User, path, field=args.request.custom_attributes or [])
    return sdk.GetAccountResponse(response=account(user))


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    roles, page = await read_page(args, Item, "/roles", args.request.custom_attributes or ())
    return sdk.ListEntitlementsResponse(
        response=[
            sdk.FoundEntitlementData(
                entitlement_type="role",
                integration_specific_id=role.id,
                integration_specific_resource_id="",
                label=role.name,
                is_assignable=False,
                custom_attributes=texts(role),
            )
            for role in roles
        ],
        page=page,
    )


async def list_credentials(args: sdk.ListCredentialsRequest) -> sdk.ListCredentialsResponse:
    keys, page = await read_page(args, Key, "/keys", args.request.custom_attributes or ())
    return sdk.ListCredentialsResponse(
        response=[
            sdk.Credential(
                resource_id=f"key:{key.id}",
                external_id=key.id,
                label=key.name,
                credential_type="api_key",
                last_activity=key.used,
                custom_attributes=dict(key.fields),
            )
            for key in keys
        ],
        page=page,
    )


async def find_resource_graph(args: sdk.FindResourceGraphRequest) -> sdk.FindResourceGraphResponse:
    wanted = [each.label for each in args.request.custom_attributes or ()]
    rooms, page = await read_page(args, Item, "/rooms", wanted)
    values: list[tuple[str, str, Any]] = [
        (room.id, name, value) for room in rooms for name, value in room.fields.items()
    ]
    return sdk.FindResourceGraphResponse(
        response=sdk.ResourceGraph(
            resources=[
                sdk.AccessGraphResource(id=room.id, resource_type="room", label=room.name) for room in rooms
            ],
            resource_relationships=[],
            custom_attributes=[
                sdk.CustomAttribute(record_id=id_, label=name, value=value, type=OF["room"])
                for id_, name, value in values
            ],
        ),
        page=page,
    )


integration = StrictIntegration(
    "attributes",
    auth=sdk.TokenCredential,
    resource_types=[sdk.ResourceType(type_id="room", type_label="Room")],
    entitlement_types=[
        sdk.EntitlementType(type_id="role", type_label="Role", resource_type_id="", min=0),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA: list_custom_attributes_schema,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.GET_ACCOUNT: get_account,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.LIST_CREDENTIALS: list_credentials,
        sdk.StandardCapabilityName.FIND_RESOURCE_GRAPH: find_resource_graph,
    }
)
