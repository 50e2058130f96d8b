"""The capabilities that read from MockApp."""

from connector.client import get_settings
from connector.generated import (
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    GetLastActivityRequest,
    GetLastActivityResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.oai.errors import InvalidConfigurationError, NotFoundError

from mockapp_connector.client import MockappClient
from mockapp_connector.constants import MockappEndpoint
from mockapp_connector.pagination import next_page, pagination_from_args
from mockapp_connector.settings import MockappSettings


async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Check the token with MockApp, and whose it is."""
    expected_id = get_settings(args, MockappSettings).account_id
    async with MockappClient(args) as client:
        account = await client.get_account()
    if expected_id is not None and expected_id != account.id:
        raise InvalidConfigurationError(
            message=f"The settings' account_id is {expected_id!r}, but the token belongs to {account.id!r}"
        )
    return ValidateCredentialsResponse(
        response=ValidatedCredentials(unique_tenant_id=account.id, valid=True),
    )


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List MockApp's users; deleted ones, which MockApp keeps, are suspended accounts."""
    pagination, size = pagination_from_args(args, MockappEndpoint.USERS)
    async with MockappClient(args) as client:
        users = await client.get_users(limit=size, offset=pagination.offset)
    return ListAccountsResponse(
        response=[user.to_account() for user in users.items],
        page=next_page(pagination, users, size),
    )


async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """List MockApp's projects and teams, and the account itself as the global resource."""
    pagination, size = pagination_from_args(args, MockappEndpoint.RESOURCES)
    async with MockappClient(args) as client:
        resources = await client.get_resources(limit=size, offset=pagination.offset)
    return ListResourcesResponse(
        response=[resource.to_resource() for resource in resources.items],
        page=next_page(pagination, resources, size),
    )


async def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """List MockApp's roles and memberships, each with the resource that it is about."""
    pagination, size = pagination_from_args(args, MockappEndpoint.ENTITLEMENTS)
    async with MockappClient(args) as client:
        entitlements = await client.get_entitlements(limit=size, offset=pagination.offset)
    return ListEntitlementsResponse(
        response=[entitlement.to_entitlement() for entitlement in entitlements.items],
        page=next_page(pagination, entitlements, size),
    )


async def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """List which user has which entitlement."""
    pagination, size = pagination_from_args(args, MockappEndpoint.ASSOCIATIONS)
    async with MockappClient(args) as client:
        associations = await client.get_associations(limit=size, offset=pagination.offset)
    return FindEntitlementAssociationsResponse(
        response=[association.to_association() for association in associations.items],
        page=next_page(pagination, associations, size),
    )


async def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    """Tell when each account last logged in; one that never did, or is gone, is left out."""
    logins = []
    missing: NotFoundError | None = None
    async with MockappClient(args) as client:
        for account_id in args.request.account_ids:
            try:
                logins.append(await client.get_user_login(account_id))
            except NotFoundError as error:
                # Lumos asks for what it listed earlier: one account gone must not lose the others'.
                missing = error
        # Where the path is wrong, or the token may see no users, all of them look as if they were gone.
        if missing is not None and not logins and not await client.has_users():
            raise missing
    activities = [login.to_last_activity() for login in logins]
    return GetLastActivityResponse(response=[activity for activity in activities if activity is not None])
