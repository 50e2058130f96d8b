"""Two credentials, each validated alone; a probe, any endpoint, and types that depend on the plan."""

from typing import Generic, Literal, TypeVar

from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
)
from connector.oai.arbitrary_endpoint import ArbitraryEndpointPolicy, build_fulfill_arbitrary_endpoint
from connector.oai.capability import get_credential
from connector.oai.probe.helpers import probe_sample_account, probe_sample_entitlement
from connector_sdk_types import generated as sdk
from connector_sdk_types.oai.modules.credentials_module_types import AuthModel, CredentialConfig
from connector_sdk_types.oai.modules.probe_module_types import ProbeSettings
from connector_sdk_types.oai.probe import ProbeCheckSpec
from pydantic import Field
from strict import (
    Dto,
    Id,
    Settings,
    StrictIntegration,
    bearer,
    header_value,
    page_size,
    pagination,
    parse,
    require,
)

STATUSES = {"enabled": sdk.AccountStatus.ACTIVE, "locked": sdk.AccountStatus.SUSPENDED}
LABELS = {"role": "Role", "licence": "Licence"}
PLANS = {"starter": ["role"], "business": ["role", "licence"]}
RecordT = TypeVar("RecordT", bound=Dto)


class Token(Dto):
    scopes: list[str]


class Workspace(Dto):
    id: Id
    plan: Literal["starter", "business"]


class User(Dto):
    id: Id
    login: Id
    state: Literal["enabled", "locked"]


class Role(Dto):
    id: Id
    name: Id
    kind: Literal["role", "licence"]


class Records(Dto, Generic[RecordT]):
    total: int
    items: list[RecordT]


class Pagination(PaginationBase):
    offset: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        token = get_credential(args, "api", sdk.TokenCredential).token
        key = get_credential(args, "workspace", sdk.TokenCredential).token
        return {
            "auth": bearer(token),
            "headers": {"X-Workspace": header_value(key)},
            "base_url": get_settings(args, Settings).url,
        }

    async def workspace(self) -> Workspace:
        return parse(await self._http_client.get("workspace"), Workspace)

    async def records(self, kind: type[RecordT], path: str, offset: int, size: int) -> Records[RecordT]:
        params = {"offset": offset, "limit": size}
        records = parse(await self._http_client.get(path, params=params), Records[kind])
        expected = max(0, min(size, records.total - offset))
        require(len(records.items) == expected, "it has more or fewer records than it should")
        return records


class ClientOfOne(BaseIntegrationClient):
    """A client with the one credential that is to be validated."""

    @classmethod
    def prepare_client_args(cls, args):
        id_ = args.request.credential.id
        secret = header_value(get_credential(args, id_, sdk.TokenCredential).token)
        with_it = {"auth": bearer(secret)} if id_ == "api" else {"headers": {"X-Workspace": secret}}
        return {**with_it, "base_url": get_settings(args, Settings).url}


async def validate_token(args: sdk.ValidateCredentialConfigRequest) -> sdk.ValidateCredentialConfigResponse:
    async with ClientOfOne(args) as client:
        response = await client._http_client.get("token")
    if response.status_code == 401:
        return invalid("The token is not valid. Please make a new one.")
    missing = {"users:read", "roles:read"} - set(parse(response, Token).scopes)
    return invalid(f"The token lacks {', '.join(sorted(missing))}.") if missing else VALID


async def validate_key(args: sdk.ValidateCredentialConfigRequest) -> sdk.ValidateCredentialConfigResponse:
    """What is refused is raised: the SDK takes that, too."""
    async with ClientOfOne(args) as client:
        parse(await client._http_client.get("workspace"), Workspace)
    return VALID


VALID = sdk.ValidateCredentialConfigResponse(
    response=sdk.ValidatedCredentialConfig(valid=True, validation_errors=[])
)


def invalid(why: str) -> sdk.ValidateCredentialConfigResponse:
    return sdk.ValidateCredentialConfigResponse(
        response=sdk.ValidatedCredentialConfig(valid=False, validation_errors=[why])
    )


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        workspace = await client.workspace()
        await client.records(User, "users", 0, 1)
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=workspace.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read_page(args, User, "users")
    return sdk.ListAccountsResponse(response=[to_account(user) for user in users], page=page)


async def list_entitlements(args: sdk.ListEntitlementsRequest) -> sdk.ListEntitlementsResponse:
    roles, page = await read_page(args, Role, "roles")
    return sdk.ListEntitlementsResponse(response=[to_entitlement(role) for role in roles], page=page)


async def read_page(args, kind, path):
    size, place = page_size(args), pagination(args, NextPageToken)
    offset = 0 if place is None else place.offset
    async with Client(args) as client:
        records = await client.records(kind, path, offset, size)
    end = offset + len(records.items)
    following = [Pagination(offset=end)] if end < records.total else []
    return records.items, NextPageToken.from_paginations(following).to_page(size)


def to_account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.id, username=user.login, user_status=STATUSES[user.state]
    )


def to_entitlement(role: Role) -> sdk.FoundEntitlementData:
    return sdk.FoundEntitlementData(
        integration_specific_id=role.id,
        integration_specific_resource_id="",
        entitlement_type=role.kind,
        is_assignable=True,
        label=role.name,
    )


async def connected_info(args: sdk.GetConnectedInfoRequest) -> sdk.GetConnectedInfoResponse:
    """Which types of entitlements there are depends on the plan of the workspace."""
    async with Client(args) as client:
        plan = (await client.workspace()).plan
    info = integration.info().response
    info.entitlement_types = [entitlement_type(kind) for kind in PLANS[plan]]
    return sdk.GetConnectedInfoResponse(response=info)


def entitlement_type(kind: str) -> sdk.EntitlementType:
    return sdk.EntitlementType(type_id=kind, type_label=LABELS[kind], resource_type_id="", min=0)


async def check_accounts(probe: sdk.ProbeIntegration, args: sdk.ProbeIntegrationRequest) -> sdk.ProbeCheck:
    async with Client(args) as client:
        users = await client.records(User, "users", 0, 2)
    return checked("accounts", [probe_sample_account(to_account(user)) for user in users.items], users.total)


async def check_roles(probe: sdk.ProbeIntegration, args: sdk.ProbeIntegrationRequest) -> sdk.ProbeCheck:
    async with Client(args) as client:
        roles = await client.records(Role, "roles", 0, 100)
    samples = [probe_sample_entitlement(to_entitlement(role)) for role in roles.items]
    check = checked("entitlements", samples, roles.total)
    found = {role.kind for role in roles.items}
    check.entitlement_types = [
        sdk.ProbeEntitlementTypeResult(
            entitlement_type=kind,
            status=sdk.ProbeCoverageStatus.FOUND if kind in found else sdk.ProbeCoverageStatus.NOT_FOUND,
        )
        for kind in LABELS
    ]
    return check


def checked(name: str, samples: list, count: int) -> sdk.ProbeCheck:
    return sdk.ProbeCheck(
        check=sdk.ProbeCheckName(name),
        status=sdk.ProbeCheckStatus.PASSED if samples else sdk.ProbeCheckStatus.FAILED,
        source=sdk.ProbeCheckSource.NATIVE,
        observed_count=count,
        samples=samples,
        message=f"Found {count}.",
    )


integration = StrictIntegration(
    "reports",
    credentials=[
        CredentialConfig(
            id="api", type=AuthModel.TOKEN, description="A token of the API.", validation=validate_token
        ),
        CredentialConfig(
            id="workspace",
            type=AuthModel.TOKEN,
            description="The key of the workspace.",
            validation=validate_key,
        ),
    ],
    entitlement_types=[entitlement_type("role")],
    probe_settings=ProbeSettings(
        checks=[
            ProbeCheckSpec(check="accounts", run=check_accounts, capability="list_accounts"),
            ProbeCheckSpec(check="entitlements", run=check_roles, capability="list_entitlements"),
        ]
    ),
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        sdk.StandardCapabilityName.FULFILL_ARBITRARY_ENDPOINT: build_fulfill_arbitrary_endpoint(
            Client, ArbitraryEndpointPolicy(post_paths={"/search": "application/json"})
        ),
    }
)
# The SDK's register_capabilities knows no signature of it.
integration.capabilities["connected_info"] = connected_info
