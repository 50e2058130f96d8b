"""Synchronous capabilities: some ask the server, by ``httpx.Client``, and one knows the answer itself.

The server has no pages, so the connector makes them. The key is in the query.
"""

from typing import Any, Literal

import httpx
from connector import generated as sdk
from connector.client import PaginationBase, create_next_page_token, get_settings, get_token_auth
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

ROLES = {"owner": "Owner", "member": "Member"}


class Person(Dto):
    id: Id
    mail: str
    role: Literal["owner", "member"]


class Staff(Dto):
    site: Id
    count: int
    staff: list[Person]


class Pagination(PaginationBase):
    offset: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


def read_staff(args: Any) -> Staff:
    key = header_value(get_token_auth(args).token)
    with httpx.Client(base_url=get_settings(args, Settings).url) as client:
        staff = parse(client.get("/staff", params={"api_key": key}), Staff)
    require(len(staff.staff) == staff.count, "it has more or fewer people than it says")
    return staff


def page_of(args: Any, records: list[Any]) -> dict[str, Any]:
    """The page of all records that Lumos asks for."""
    size, place = page_size(args), pagination(args, NextPageToken)
    start = 0 if place is None else place.offset
    end = start + size
    following = [Pagination(offset=end)] if end < len(records) else []
    page = NextPageToken.from_paginations(following).to_page(size)
    return {"response": records[start:end], "page": page}


def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    staff = read_staff(args)
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=staff.site)
    )


def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    accounts = [
        sdk.FoundAccountData(integration_specific_id=person.id, email=person.mail)
        for person in read_staff(args).staff
    ]
    return sdk.ListAccountsResponse(**page_of(args, accounts))


def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    """The roles are always the same, so no server is asked for them."""
    roles = [
        sdk.FoundEntitlementData(
            entitlement_type="role",
            integration_specific_id=role,
            integration_specific_resource_id="",
            label=label,
            is_assignable=False,
        )
        for role, label in ROLES.items()
    ]
    return sdk.ListEntitlementsResponse(**page_of(args, roles))


def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    associations = [
        sdk.FoundEntitlementAssociation(
            account_id=person.id,
            integration_specific_entitlement_id=person.role,
            integration_specific_resource_id="",
        )
        for person in read_staff(args).staff
    ]
    return sdk.FindEntitlementAssociationsResponse(**page_of(args, associations))


integration = StrictIntegration(
    "synchronous",
    auth=sdk.TokenCredential,
    entitlement_types=[
        sdk.EntitlementType(type_id="role", type_label="Role", resource_type_id="", min=1, max=1),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
    }
)
