"""The capabilities that change something in MockApp.

Each does nothing where the state already matches, so that a repeat is harmless: it reads first, but for the
creation of an account, which MockApp itself refuses if the e-mail is taken.
"""

import httpx
from connector.generated import (
    ActivateAccountRequest,
    ActivateAccountResponse,
    ActivatedAccount,
    AssignedEntitlement,
    AssignEntitlementRequest,
    AssignEntitlementResponse,
    CreateAccountEntitlement,
    CreateAccountResponse,
    CreatedAccount,
    CreatedEffect,
    DeactivateAccountRequest,
    DeactivateAccountResponse,
    DeactivatedAccount,
    DeleteAccountRequest,
    DeleteAccountResponse,
    DeletedAccount,
    DeletedEffect,
    Error,
    ExecutionSummary,
    NoopEffect,
    NoopEffectReason,
    UnassignedEntitlement,
    UnassignEntitlementRequest,
    UnassignEntitlementResponse,
    UpdatedEffect,
)
from connector.integration import CustomRequest
from connector.oai.errors import (
    ClientError,
    ConflictError,
    ConnectorError,
    InvalidResponseError,
    UnknownValueError,
    handle_exception,
)

from mockapp_connector.client import MockappClient
from mockapp_connector.constants import APP_ID
from mockapp_connector.dto.association import Association
from mockapp_connector.dto.user import CreateAccount, UserState, UserStatus
from mockapp_connector.enums import MockappResourceTypes, entitlement_types

Effect = CreatedEffect | UpdatedEffect | DeletedEffect | NoopEffect

RESOURCE_TYPES = {entitlement.type_id: entitlement.resource_type_id for entitlement in entitlement_types}


async def create_account(args: CustomRequest[CreateAccount]) -> CreateAccountResponse:
    """Create an account with its entitlements.

    An active account with the same e-mail and name is taken as the one that was asked for. What
    entitlements could not be assigned is in the execution summary: the account is there by then.
    """
    async with MockappClient(args) as client:
        user, created = await _create_or_find(client, args.request)
        assigned, caught_errors = await _assign_all(client, user, args.request.entitlements)
    effect: Effect
    if created:
        effect, description = CreatedEffect(), f"Created the account {user.id}"
    elif assigned:
        effect, description = UpdatedEffect(), f"The account {user.id} existed, and got what it lacked"
    else:
        effect, description = _noop(), f"The account {user.id} existed"
    return CreateAccountResponse(
        response=CreatedAccount(id=user.id, status=user.account_status, created=True),
        execution_summary=_summary(args.request.fingerprint(), effect, description, caught_errors),
    )


async def activate_account(args: ActivateAccountRequest) -> ActivateAccountResponse:
    """Make an inactive account active."""
    async with MockappClient(args) as client:
        user, effect = await _set_status(client, args.request.account_id, UserStatus.ACTIVE)
    return ActivateAccountResponse(
        response=ActivatedAccount(status=user.account_status, activated=True),
        execution_summary=_summary(args.request.fingerprint(), effect, f"The account {user.id} is active"),
    )


async def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    """Make an active account inactive."""
    async with MockappClient(args) as client:
        user, effect = await _set_status(client, args.request.account_id, UserStatus.INACTIVE)
    return DeactivateAccountResponse(
        response=DeactivatedAccount(status=user.account_status, deactivated=True),
        execution_summary=_summary(args.request.fingerprint(), effect, f"The account {user.id} is inactive"),
    )


async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
    """Delete an account, which takes its entitlements away; MockApp keeps it as a suspended one."""
    account_id = args.request.account_id
    effect: Effect = _noop()
    async with MockappClient(args) as client:
        user = await client.get_user(account_id)
        if user.status is not UserStatus.DELETED:
            user, effect = await client.delete_user(account_id), DeletedEffect()
    _require_status(user, UserStatus.DELETED)
    return DeleteAccountResponse(
        response=DeletedAccount(status=user.account_status, deleted=True),
        execution_summary=_summary(args.request.fingerprint(), effect, f"The account {user.id} is deleted"),
    )


async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    """Give an account an entitlement on a resource."""
    request = args.request
    _require_resource_type(request.entitlement_type, request.resource_type)
    async with MockappClient(args) as client:
        association = await _association(
            client,
            account_id=request.account_integration_specific_id,
            entitlement_type=request.entitlement_type,
            entitlement_id=request.entitlement_integration_specific_id,
            resource_id=request.resource_integration_specific_id,
        )
        assigned = await _assign(client, association)
    return AssignEntitlementResponse(
        response=AssignedEntitlement(assigned=True),
        execution_summary=_summary(
            request.fingerprint(),
            UpdatedEffect() if assigned else _noop(),
            f"The account {association.user_id} has {association.entitlement_id}",
        ),
    )


async def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    """Take an entitlement on a resource from an account."""
    request = args.request
    _require_resource_type(request.entitlement_type, request.resource_type)
    effect: Effect = _noop()
    async with MockappClient(args) as client:
        association = await _association(
            client,
            account_id=request.account_integration_specific_id,
            entitlement_type=request.entitlement_type,
            entitlement_id=request.entitlement_integration_specific_id,
            resource_id=request.resource_integration_specific_id,
        )
        if await client.has_association(association):
            await client.delete_association(association)
            effect = UpdatedEffect()
        else:
            # That an unknown account lacks the entitlement is a mistake to report, not a success.
            await client.get_user(association.user_id)
    return UnassignEntitlementResponse(
        response=UnassignedEntitlement(unassigned=True),
        execution_summary=_summary(
            request.fingerprint(),
            effect,
            f"The account {association.user_id} does not have {association.entitlement_id}",
        ),
    )


async def _create_or_find(client: MockappClient, request: CreateAccount) -> tuple[UserState, bool]:
    """Return the account's user and whether it was created just now."""
    try:
        return await client.create_user(email=request.email, name=request.display_name), True
    except ConflictError:
        user = await client.find_user_by_email(request.email)
        if user is None or user.status is not UserStatus.ACTIVE or user.name != request.display_name:
            raise
        return user, False


async def _assign_all(
    client: MockappClient, user: UserState, entitlements: list[CreateAccountEntitlement]
) -> tuple[bool, list[Error]]:
    """Return whether any entitlement was assigned just now, and an error for each that could not be."""
    assigned = False
    caught_errors = []
    for entitlement in entitlements:
        try:
            association = await _association(
                client,
                account_id=user.id,
                entitlement_type=entitlement.entitlement_type,
                entitlement_id=entitlement.integration_specific_id,
                resource_id=entitlement.integration_specific_resource_id,
            )
            assigned = await _assign(client, association) or assigned
        except (ConnectorError, httpx.HTTPError) as error:
            caught = handle_exception(error, [], create_account, APP_ID).error
            caught.message = (
                f"Failed to assign the entitlement {entitlement.integration_specific_id}: {caught.message}"
            )
            caught_errors.append(caught)
    return assigned, caught_errors


async def _assign(client: MockappClient, association: Association) -> bool:
    """Return whether the entitlement had to be assigned; it is assigned in any case."""
    if await client.has_association(association):
        return False
    await client.create_association(association)
    return True


async def _association(
    client: MockappClient,
    *,
    account_id: str,
    entitlement_type: str,
    entitlement_id: str,
    resource_id: str | None,
) -> Association:
    """Return the association that a request is about."""
    # Lumos may leave the id of the global resource blank.
    is_global = _resource_type(entitlement_type) == MockappResourceTypes.GLOBAL.value
    if not (account_id and entitlement_id and (resource_id or is_global)):
        raise ClientError(message="The ids of the account, the entitlement and the resource cannot be blank")
    if not resource_id:
        resource_id = (await client.get_account()).id
    return Association(user_id=account_id, entitlement_id=entitlement_id, resource_id=resource_id)


def _resource_type(entitlement_type: str) -> str:
    try:
        return RESOURCE_TYPES[entitlement_type]
    except KeyError:
        raise UnknownValueError(
            message=f"Unknown entitlement type {entitlement_type!r}; there are {', '.join(RESOURCE_TYPES)}"
        ) from None


def _require_resource_type(entitlement_type: str, resource_type: str) -> None:
    expected = _resource_type(entitlement_type)
    if resource_type not in RESOURCE_TYPES.values():
        raise UnknownValueError(
            message=f"Unknown resource type {resource_type!r}; there are {', '.join(RESOURCE_TYPES.values())}"
        )
    if resource_type != expected:
        raise ClientError(
            message=f"An entitlement of the type {entitlement_type!r} is on a resource of the type"
            f" {expected!r}, not {resource_type!r}"
        )


async def _set_status(client: MockappClient, account_id: str, status: UserStatus) -> tuple[UserState, Effect]:
    """Return the user with the status, and what had to be done for it."""
    user = await client.get_user(account_id)
    if user.status is status:
        return user, _noop()
    if user.status is UserStatus.DELETED:
        raise ConflictError(
            message=f"The account {account_id} is deleted, so it cannot be made {status.value}"
        )
    user = await client.set_user_status(account_id, status)
    _require_status(user, status)
    return user, UpdatedEffect()


def _require_status(user: UserState, status: UserStatus) -> None:
    if user.status is not status:
        raise InvalidResponseError(
            message=f"MockApp answered that the account {user.id} is {user.status.value}, not {status.value}"
        )


def _noop() -> NoopEffect:
    return NoopEffect(reason=NoopEffectReason.STATE_ALREADY_MATCHES)


def _summary(
    fingerprint: str, effect: Effect, description: str, caught_errors: list[Error] | None = None
) -> ExecutionSummary:
    return ExecutionSummary(
        effect=effect,
        request_fingerprint=fingerprint,
        is_idempotent=True,
        description=description,
        caught_errors=caught_errors or None,
    )
