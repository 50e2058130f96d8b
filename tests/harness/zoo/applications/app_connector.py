"""An identity provider: its applications, who may use them, and what one may do in them.

Each list of the API is the same, and so is each path with ids in it.
"""

from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import connector_sdk_types.generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import InvalidPageTokenError, InvalidResponseError, NotFoundError
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)
MODES = {"user": sdk.AssignmentMode.ACCOUNT, "role": sdk.AssignmentMode.ENTITLEMENT}
STATES = {
    "ready": sdk.AccountStatus.ACTIVE,
    "invited": sdk.AccountStatus.PENDING,
    "removed": sdk.AccountStatus.DEPROVISIONED,
}
TYPES = {"licence": "", "membership": "group"}


class Tenant(Dto):
    key: Id


class User(Dto):
    id: Id
    name: str
    on: bool


class Group(Dto):
    id: Id
    title: str


class Right(Dto):
    id: Id
    group: str
    kind: Literal["licence", "membership"]


class Grant(Dto):
    user: Id
    right: Id
    group: str


class App(Dto):
    id: Id
    name: str
    on: bool
    modes: list[Literal["user", "role"]]


class AppUser(Dto):
    app: Id
    user: Id
    state: Literal["ready", "invited", "removed"]


class AppGroup(Group):
    app: Id


class AppRole(Right):
    app: Id


class AppGrant(Grant):
    app: Id


class Event(Dto):
    app: Id
    id: Id
    user: Id
    at: str


class Part(Dto, Generic[Item]):
    values: list[Item]
    skip: int
    total: int


class Pagination(PaginationBase):
    """How many of a list's records came before."""

    endpoint: str
    skip: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        headers = {"X-API-Key": header_value(get_token_auth(args).token)}
        return {"headers": headers, "base_url": get_settings(args, Settings).url}

    async def one(self, kind: type[Item], method: str, *path: str, **params: str) -> Item:
        if {"", ".", ".."}.intersection(path):
            raise NotFoundError(message="Nothing has such an id")
        url = "/" + "/".join(quote(part, safe="") for part in path)
        return parse(await self._http_client.request(method, url, params=params), kind)

    async def part(self, kind: type[Item], path: str, skip: int, take: int) -> Part[Item]:
        response = await self._http_client.get(path, params={"skip": skip, "take": take})
        part = parse(response, Part[kind])
        require(part.skip == skip, "it does not start where it was asked to")
        require(
            len(part.values) == max(0, min(take, part.total - skip)), "it has more or fewer than it should"
        )
        return part


async def ask(args: Any, kind: type[Item], method: str, *path: str, **params: str) -> Item:
    async with Client(args) as client:
        return await client.one(kind, method, *path, **params)


async def read(args: Any, kind: type[Item], endpoint: str) -> tuple[list[Item], sdk.Page]:
    size, place = page_size(args), pagination(args, NextPageToken)
    if place is not None and place.endpoint != endpoint:
        raise InvalidPageTokenError(message="The page token is one of another list")
    skip = 0 if place is None else place.skip
    async with Client(args) as client:
        part = await client.part(kind, endpoint, skip, size)
    end = skip + len(part.values)
    following = [Pagination(endpoint=endpoint, skip=end)] if end < part.total else []
    return part.values, NextPageToken.from_paginations(following).to_page(size)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    tenant = await ask(args, Tenant, "GET", "tenant")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.key)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read(args, User, "/users")
    found = [
        sdk.FoundAccountData(
            integration_specific_id=user.id,
            username=user.name,
            user_status=sdk.AccountStatus.ACTIVE if user.on else sdk.AccountStatus.SUSPENDED,
        )
        for user in users
    ]
    return sdk.ListAccountsResponse(response=found, page=page)


def resource(group: Group) -> dict[str, Any]:
    return {"integration_specific_id": group.id, "label": group.title, "resource_type": "group"}


def entitlement(right: Right) -> dict[str, Any]:
    return {
        "integration_specific_id": right.id,
        "integration_specific_resource_id": right.group,
        "entitlement_type": right.kind,
        "label": right.id,
        "is_assignable": True,
    }


def association(grant: Grant) -> dict[str, str]:
    return {
        "account_id": grant.user,
        "integration_specific_entitlement_id": grant.right,
        "integration_specific_resource_id": grant.group,
    }


async def list_resources(args: sdk.ListResourcesRequest) -> sdk.ListResourcesResponse:
    groups, page = await read(args, Group, "/groups")
    found = [sdk.FoundResourceData(**resource(group)) for group in groups]
    return sdk.ListResourcesResponse(response=found, page=page)


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    rights, page = await read(args, Right, "/rights")
    found = [sdk.FoundEntitlementData(**entitlement(right)) for right in rights]
    return sdk.ListEntitlementsResponse(response=found, page=page)


async def find_entitlement_associations(
    args: sdk.FindEntitlementAssociationsRequest,
) -> sdk.FindEntitlementAssociationsResponse:
    grants, page = await read(args, Grant, "/grants")
    found = [sdk.FoundEntitlementAssociation(**association(grant)) for grant in grants]
    return sdk.FindEntitlementAssociationsResponse(response=found, page=page)


def application(app: App) -> sdk.Application:
    return sdk.Application(
        id=app.id,
        name=app.name,
        status=sdk.ApplicationStatus.ACTIVE if app.on else sdk.ApplicationStatus.INACTIVE,
        sign_on_mode=sdk.SignOnMode.SAML,
        assignment_modes=[MODES[mode] for mode in app.modes],
    )


def application_account(user: AppUser) -> sdk.ApplicationAccount:
    return sdk.ApplicationAccount(
        account_id=user.user, application_instance_id=user.app, status=STATES[user.state]
    )


async def list_applications(args: sdk.ListApplicationsRequest) -> sdk.ListApplicationsResponse:
    apps, page = await read(args, App, "/apps")
    return sdk.ListApplicationsResponse(response=[application(app) for app in apps], page=page)


async def get_application(args: sdk.GetApplicationRequest) -> sdk.GetApplicationResponse:
    app = await ask(args, App, "GET", "apps", args.request.application_instance_id)
    return sdk.GetApplicationResponse(response=application(app))


async def list_applications_accounts(
    args: sdk.ListApplicationsAccountsRequest,
) -> sdk.ListApplicationsAccountsResponse:
    users, page = await read(args, AppUser, "/app-users")
    found = [application_account(user) for user in users]
    return sdk.ListApplicationsAccountsResponse(response=found, page=page)


def place(request: Any) -> tuple[str, ...]:
    """The path of an account in an application."""
    account_id = getattr(request, "account_id", None) or request.account_integration_specific_id
    return "apps", request.application_instance_id, "users", account_id


async def get_application_account(
    args: sdk.GetApplicationAccountRequest,
) -> sdk.GetApplicationAccountResponse:
    user = await ask(args, AppUser, "GET", *place(args.request))
    return sdk.GetApplicationAccountResponse(response=application_account(user))


async def list_applications_resources(
    args: sdk.ListApplicationsResourcesRequest,
) -> sdk.ListApplicationsResourcesResponse:
    groups, page = await read(args, AppGroup, "/app-groups")
    found = [
        sdk.ApplicationResourceData(**resource(group), application_instance_id=group.app) for group in groups
    ]
    return sdk.ListApplicationsResourcesResponse(response=found, page=page)


async def list_applications_entitlements(
    args: sdk.ListApplicationsEntitlementsRequest,
) -> sdk.ListApplicationsEntitlementsResponse:
    roles, page = await read(args, AppRole, "/app-roles")
    found = [
        sdk.ApplicationEntitlementData(**entitlement(role), application_instance_id=role.app)
        for role in roles
    ]
    return sdk.ListApplicationsEntitlementsResponse(response=found, page=page)


async def list_applications_entitlement_associations(
    args: sdk.ListApplicationsEntitlementAssociationsRequest,
) -> sdk.ListApplicationsEntitlementAssociationsResponse:
    grants, page = await read(args, AppGrant, "/app-grants")
    found = [
        sdk.ApplicationEntitlementAssociation(**association(grant), application_instance_id=grant.app)
        for grant in grants
    ]
    return sdk.ListApplicationsEntitlementAssociationsResponse(response=found, page=page)


async def list_applications_activity_records(
    args: sdk.ListApplicationsActivityRecordsRequest,
) -> sdk.ListApplicationsActivityRecordsResponse:
    events, page = await read(args, Event, "/app-events")
    actors = {actor.account_id for actor in args.request.actors}
    found = [
        sdk.ApplicationActivityRecord(
            id=event.id,
            application_instance_id=event.app,
            activity_type=sdk.ActivityRecordActivityType(sdk.ActivityType.ACCOUNT_LOGIN),
            timestamp=event.at,
            actor=sdk.ActivityRecordActor(account_id=event.user),
            targets=[],
        )
        for event in events
        if event.at >= args.request.since_date and (not actors or event.user in actors)
    ]
    return sdk.ListApplicationsActivityRecordsResponse(response=found, page=page)


async def assign_application(args: sdk.AssignApplicationRequest) -> sdk.AssignApplicationResponse:
    user = await ask(args, AppUser, "PUT", *place(args.request))
    provisioned = user.state == "ready"
    return sdk.AssignApplicationResponse(
        response=sdk.AssignedApplication(assigned=True, provisioned=provisioned)
    )


async def unassign_application(args: sdk.UnassignApplicationRequest) -> sdk.UnassignApplicationResponse:
    user = await ask(args, AppUser, "DELETE", *place(args.request))
    return sdk.UnassignApplicationResponse(
        response=sdk.UnassignedApplication(unassigned=True, deprovisioned=True, status=STATES[user.state])
    )


async def change_role(args: Any, method: str) -> None:
    request = args.request
    role, group = request.entitlement_integration_specific_id, request.resource_integration_specific_id
    if TYPES.get(request.entitlement_type) != request.resource_type:
        raise NotFoundError(message="There is no such type of entitlements on this type of resources")
    grant = await ask(args, AppGrant, method, *place(request), "roles", role, group=group)
    if (grant.right, grant.group) != (role, group):
        raise InvalidResponseError(message="The answer is about another role")


async def assign_application_entitlement(
    args: sdk.AssignApplicationEntitlementRequest,
) -> sdk.AssignApplicationEntitlementResponse:
    await change_role(args, "PUT")
    return sdk.AssignApplicationEntitlementResponse(
        response=sdk.AssignedApplicationEntitlement(assigned=True)
    )


async def unassign_application_entitlement(
    args: sdk.UnassignApplicationEntitlementRequest,
) -> sdk.UnassignApplicationEntitlementResponse:
    await change_role(args, "DELETE")
    return sdk.UnassignApplicationEntitlementResponse(
        response=sdk.UnassignedApplicationEntitlement(unassigned=True)
    )


async def downgrade_license(args: sdk.DowngradeLicenseRequest) -> sdk.DowngradeLicenseResponse:
    await ask(args, User, "POST", "users", args.request.account_id, "downgrade")
    return sdk.DowngradeLicenseResponse(response=sdk.DowngradedLicense(success=True))


async def release_resources(args: sdk.ReleaseResourcesRequest) -> sdk.ReleaseResourcesResponse:
    await ask(args, User, "POST", "users", args.request.account_id, "release")
    return sdk.ReleaseResourcesResponse(response=sdk.ReleaseResourcesStatus(success=True))


async def transfer_data(args: sdk.TransferDataRequest) -> sdk.TransferDataResponse:
    source, target = args.request.source_account_id, args.request.target_account_id
    await ask(args, User, "POST", "users", source, "transfer", target)
    return sdk.TransferDataResponse(response=sdk.TransferDataStatus(success=True))


integration = StrictIntegration(
    "applications",
    auth=sdk.TokenCredential,
    resource_types=[sdk.ResourceType(type_id="group", type_label="Group")],
    entitlement_types=[
        sdk.EntitlementType(type_id="licence", type_label="Licence", resource_type_id="", min=0),
        sdk.EntitlementType(type_id="membership", type_label="Membership", resource_type_id="group", min=0),
    ],
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName(function.__name__): function
        for function in (
            validate_credentials,
            list_accounts,
            list_resources,
            list_entitlements,
            find_entitlement_associations,
            list_applications,
            get_application,
            list_applications_accounts,
            get_application_account,
            list_applications_resources,
            list_applications_entitlements,
            list_applications_entitlement_associations,
            list_applications_activity_records,
            assign_application,
            unassign_application,
            assign_application_entitlement,
            unassign_application_entitlement,
            downgrade_license,
            release_resources,
            transfer_data,
        )
    }
)
