"""An access graph: resources, entitlements and who has them: people, programs and their credentials."""

from typing import Any, Generic, Literal, TypeVar

import connector_sdk_types.generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.errors import InvalidPageTokenError
from connector_sdk_types.oai.modules.access_graph_rules_module_types import AccessGraphRulesSettings
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require

Item = TypeVar("Item", bound=Dto)
STATUSES = {True: sdk.AccountStatus.ACTIVE, False: sdk.AccountStatus.SUSPENDED}
STATES = {"live": sdk.CredentialStatus.ACTIVE, "revoked": sdk.CredentialStatus.REVOKED}
# Of these people, the cloud's graph has another id than the one that Lumos makes up.
NODES = {"u1": "home-1", "u3": "person-3"}


class Tenant(Dto):
    key: Id


class Person(Dto):
    id: Id
    name: str
    on: bool


class Node(Dto):
    id: Id
    kind: Literal["tenant", "folder", "project", "home"]
    title: str
    below: list[Id]
    person: Id | None
    keys: list[Id]


class Right(Dto):
    id: Id
    node: str
    kind: Literal["admin", "owner", "folder_owner", "editor"]
    implies: list[list[str]]


class Grant(Dto):
    who: Id
    right: Id
    node: str


class Robot(Dto):
    id: Id
    node: Id
    name: str
    job: Id | None
    on: bool
    seen: str | None


class Key(Dto):
    id: Id
    node: Id
    person: Id | None
    robot: Id | None
    state: Literal["live", "revoked"]
    secret: str


class RobotLogin(Dto):
    robot: Id
    at: str


class KeyUse(Dto):
    key: Id
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
    async with Client(args) as client:
        tenant = await client.tenant()
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.key)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    people, page = await read(args, Person, "/people")
    found = [
        sdk.FoundAccountData(
            integration_specific_id=person.id,
            resource_id=NODES.get(person.id),
            username=person.name,
            user_status=STATUSES[person.on],
        )
        for person in people
    ]
    return sdk.ListAccountsResponse(response=found, page=page)


async def find_resource_graph(args: sdk.FindResourceGraphRequest) -> sdk.FindResourceGraphResponse:
    nodes, page = await read(args, Node, "/nodes")
    graph = sdk.ResourceGraph(
        resources=[resource(node) for node in nodes],
        resource_relationships=[
            sdk.AccessGraphResourceRelationship(from_id=node.id, to_ids=node.below, label="contains")
            for node in nodes
            if node.below
        ],
        custom_attributes=[],
    )
    return sdk.FindResourceGraphResponse(response=graph, page=page)


def resource(node: Node) -> sdk.AccessGraphResource:
    return sdk.AccessGraphResource(
        id=node.id,
        resource_type=node.kind,
        label=node.title,
        reference=sdk.Reference(id=node.person, type=sdk.ReferenceType.ACCOUNT) if node.person else None,
        is_credential_bearing=bool(node.keys),
        linked_credential_ids=node.keys or None,
    )


async def find_entitlement_graph(
    args: sdk.FindEntitlementGraphRequest,
) -> sdk.FindEntitlementGraphResponse:
    rights, page = await read(args, Right, "/rights")
    graph = sdk.EntitlementGraph(
        nodes=[
            sdk.AccessGraphEntitlement(
                id=right.id,
                entitlement_type=right.kind,
                resource_id=right.node,
                denies_access=False,
                label=f"{right.id} {right.node}",
            )
            for right in rights
        ],
        entitlement_implications=[
            sdk.AccessGraphImpliedAccess(
                from_entitlement=entitlement(right.id, right.node),
                to_entitlements=[entitlement(*implied) for implied in right.implies],
            )
            for right in rights
            if right.implies
        ],
        custom_attributes=[],
        access_graph_entitlement_rules=[rule("user", "use", "home")],
    )
    return sdk.FindEntitlementGraphResponse(response=graph, page=page)


def entitlement(id_: str, node: str) -> sdk.AccessGraphEntitlementIdentifier:
    return sdk.AccessGraphEntitlementIdentifier(entitlement_id=id_, resource_id=node)


def rule(kind: str, id_: str, resource_type: str) -> sdk.AccessGraphEntitlementRule:
    return sdk.AccessGraphEntitlementRule(
        entitlement_type=kind,
        entitlement_id=id_,
        resource_type=resource_type,
        denies_access=False,
        label=id_,
    )


async def find_entitlement_assignments(
    args: sdk.FindEntitlementAssignmentsRequest,
) -> sdk.FindEntitlementAssignmentsResponse:
    grants, page = await read(args, Grant, "/grants")
    found = [
        sdk.AccessGraphEntitlementAssignment(
            resource_id=grant.who, entitlement_id=grant.right, entitlement_resource_id=grant.node
        )
        for grant in grants
    ]
    return sdk.FindEntitlementAssignmentsResponse(response=found, page=page)


async def list_non_human_accounts(
    args: sdk.ListNonHumanAccountsRequest,
) -> sdk.ListNonHumanAccountsResponse:
    robots, page = await read(args, Robot, "/robots")
    found = [
        sdk.NonHumanAccount(
            resource_id=robot.node,
            id=robot.id,
            label=robot.name,
            workload_name=robot.job or robot.name,
            workload_id=robot.job or robot.id,
            type="robot",
            status=STATUSES[robot.on],
            last_login=robot.seen,
        )
        for robot in robots
    ]
    return sdk.ListNonHumanAccountsResponse(response=found, page=page)


async def list_credentials(args: sdk.ListCredentialsRequest) -> sdk.ListCredentialsResponse:
    keys, page = await read(args, Key, "/keys")
    found = [
        sdk.Credential(
            resource_id=key.node,
            external_id=key.id,
            label=f"Key {key.id}",
            credential_type="api_key",
            status=STATES[key.state],
            grants_access_to_account_id=key.person,
            grants_access_to_non_human_account_id=key.robot,
        )
        for key in keys
    ]
    return sdk.ListCredentialsResponse(response=found, page=page)


async def get_non_human_account_last_activity(
    args: sdk.GetNonHumanAccountLastActivityRequest,
) -> sdk.GetNonHumanAccountLastActivityResponse:
    logins, page = await read(args, RobotLogin, "/robot-logins")
    found = [
        sdk.NonHumanAccountLastActivity(
            non_human_account_id=login.robot,
            event_type=sdk.ActivityEventType.LAST_LOGIN,
            happened_at=login.at,
        )
        for login in logins
    ]
    return sdk.GetNonHumanAccountLastActivityResponse(response=found, page=page)


async def get_credential_last_activity(
    args: sdk.GetCredentialLastActivityRequest,
) -> sdk.GetCredentialLastActivityResponse:
    uses, page = await read(args, KeyUse, "/key-uses")
    found = [
        sdk.CredentialLastActivity(
            credential_id=use.key, event_type=sdk.ActivityEventType.LAST_ACTIVITY, happened_at=use.at
        )
        for use in uses
    ]
    return sdk.GetCredentialLastActivityResponse(response=found, page=page)


integration = StrictIntegration(
    "graph",
    auth=sdk.TokenCredential,
    resource_types=[
        sdk.ResourceType(type_id=kind, type_label=kind.title())
        for kind in ("tenant", "folder", "project", "home")
    ],
    access_graph_entitlement_types=[
        sdk.AccessGraphEntitlementType(type_id=kind, type_label=kind.title(), resource_type_id=resource_type)
        for kind, resource_type in {
            "admin": "",
            "owner": "tenant",
            "folder_owner": "folder",
            "viewer": "folder",
            "editor": "project",
            "user": "home",
        }.items()
    ],
    access_graph_rules=AccessGraphRulesSettings(
        entitlement_rules=[rule("viewer", "view", "folder")], implied_access_rules=[]
    ),
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName(function.__name__): function
        for function in (
            validate_credentials,
            list_accounts,
            find_resource_graph,
            find_entitlement_graph,
            find_entitlement_assignments,
            list_non_human_accounts,
            list_credentials,
            get_non_human_account_last_activity,
            get_credential_last_activity,
        )
    }
)
