"""What has changed, by a cursor or since a time; what was done; what was spent; and how old all that is."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_settings,
    get_token_auth,
)
from connector.oai.capability import CustomRequest
from connector.oai.errors import InvalidPageTokenError, InvalidValueError, NotFoundError
from connector_sdk_types import generated as sdk
from pydantic import Field
from strict import Dto, Id, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

KINDS = {"login": sdk.ActivityType.ACCOUNT_LOGIN, "grant": "Grant"}


class Tenant(Dto):
    id: Id


class Copied(Dto):
    users: str | None
    events: str | None


class User(Dto):
    id: Id
    email: str
    active: bool


class Event(Dto):
    id: Id
    kind: Literal["login", "grant"]
    user: Id
    at: str
    role: str | None


class Expense(Dto):
    id: Id
    day: str
    cents: int
    currency: str
    paid: str | None
    by: Id


DtoT = TypeVar("DtoT", bound=Dto)


class Listing(Dto, Generic[DtoT]):
    items: list[DtoT]
    total: int


class Changes(Listing[User]):
    last: int


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


async def read_page(args, kind, path: str, **params):
    size, place = page_size(args), pagination(args, NextPageToken)
    if place is not None and place.path != path:
        raise InvalidPageTokenError(message="The page token is one of another list")
    offset = 0 if place is None else place.offset
    async with Client(args) as client:
        listing = await client.get(kind, path, limit=size, offset=offset, **params)
    end = offset + len(listing.items)
    require(len(listing.items) == min(size, max(0, listing.total - offset)), "it is longer or shorter")
    following = [Pagination(path=path, offset=end)] if end < listing.total else []
    return listing, NextPageToken.from_paginations(following).to_page(size)


def in_utc(when: datetime) -> str:
    if when.tzinfo is None:
        raise InvalidValueError(message="The time has no zone")
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: str) -> str:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValueError(message="The time is not ISO 8601") from error
    return in_utc(when if when.tzinfo else when.replace(tzinfo=UTC))


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.get(Tenant, "/me")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.id)
    )


def account(user: User) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=user.id,
        email=user.email,
        user_status=sdk.AccountStatus.ACTIVE if user.active else sdk.AccountStatus.INACTIVE,
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    users, page = await read_page(args, Listing[User], "/users")
    return sdk.ListAccountsResponse(response=[account(user) for user in users.items], page=page)


def number_of(cursor: str) -> int:
    if not cursor.startswith("change-") or not cursor.removeprefix("change-").isdecimal():
        raise InvalidValueError(message="The cursor is not one of this connector")
    return int(cursor.removeprefix("change-"))


async def list_updated_accounts(args: sdk.ListUpdatedAccountsRequest) -> sdk.ListUpdatedAccountsResponse:
    request, asked = args.request, {}
    if request.cursor is not None:
        asked = {"after": number_of(request.cursor)}
    elif request.since is not None:
        asked = {"since": in_utc(request.since)}
    changes, page = await read_page(args, Changes, "/changes", **asked)
    return sdk.ListUpdatedAccountsResponse(
        response=sdk.UpdatedAccounts(
            accounts=[account(user) for user in changes.items],
            cursor=f"change-{changes.last}",
        ),
        page=page,
    )


class ChangedAccount(sdk.UpdateableAccount):
    email: str


async def update_account(args: CustomRequest[ChangedAccount]) -> sdk.UpdateAccountResponse:
    if args.request.id in {"", ".", ".."}:
        raise NotFoundError(message="The id is empty, or one that cannot be part of a path")
    async with Client(args) as client:
        path, change = f"/users/{quote(args.request.id, safe='')}", {"email": args.request.email}
        user = parse(await client._http_client.patch(path, json=change), User)
    return sdk.UpdateAccountResponse(response=sdk.UpdateableAccount(id=user.id))


async def list_activity_records(args: sdk.ListActivityRecordsRequest) -> sdk.ListActivityRecordsResponse:
    asked = {"since": time_of(args.request.since_date)}
    actors = [actor.account_id for actor in args.request.actors]
    events, page = await read_page(args, Listing[Event], "/events", **asked, user=actors)
    return sdk.ListActivityRecordsResponse(
        response=[
            sdk.ActivityRecord(
                id=event.id,
                activity_type=sdk.ActivityRecordActivityType(KINDS[event.kind]),
                timestamp=event.at,
                actor=sdk.ActivityRecordActor(account_id=event.user),
                targets=[target(event.role)] if event.role is not None else [],
            )
            for event in events.items
        ],
        page=page,
    )


def target(role: str) -> sdk.ActivityRecordTarget:
    return sdk.ActivityRecordTarget(entitlement=sdk.ActivityRecordEntitlement(id=role, type="Role"))


async def list_expenses(args: sdk.ListExpensesRequest) -> sdk.ListExpensesResponse:
    days = args.request.filters.transaction_date
    first, last = (None, None) if days is None else (days.start_date, days.end_date)
    asked = {name: day for name, day in (("first", first), ("last", last)) if day is not None}
    expenses, page = await read_page(args, Listing[Expense], "/expenses", **asked)
    return sdk.ListExpensesResponse(response=[expense(each) for each in expenses.items], page=page)


def expense(each: Expense) -> sdk.Expense:
    is_paid = each.paid is not None
    amount = Decimal(each.cents) / 100
    paid = sdk.NormalizedExpensePaymentStatus.PAID if is_paid else sdk.NormalizedExpensePaymentStatus.UNPAID
    return sdk.Expense(
        id=each.id,
        transaction_date=each.day,
        payment_date=each.paid,
        total_amount=sdk.Amount(amount=f"{amount:.2f}", currency=each.currency),
        seller=sdk.Vendor(name="Ink & Paper"),
        description="Ink",
        submitter=sdk.SpendUser(id=each.by),
        type=sdk.ExpenseType.REIMBURSEMENT,
        approval_status=sdk.ExpenseApprovalStatus(
            normalized_value=sdk.NormalizedExpenseApprovalStatus.APPROVED
        ),
        payment_status=sdk.ExpensePaymentStatus(normalized_value=paid),
    )


async def get_data_recency(args: sdk.GetDataRecencyRequest) -> sdk.GetDataRecencyResponse:
    async with Client(args) as client:
        copied = await client.get(Copied, "/copied")
    times = {"list_accounts": copied.users, "list_activity_records": copied.events}
    data = {name: when and datetime.fromisoformat(when) for name, when in times.items()}
    return sdk.GetDataRecencyResponse(response=sdk.DataRecency(data=data))


integration = StrictIntegration("increments", auth=sdk.TokenCredential)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        sdk.StandardCapabilityName.LIST_UPDATED_ACCOUNTS: list_updated_accounts,
        sdk.StandardCapabilityName.UPDATE_ACCOUNT: update_account,
        sdk.StandardCapabilityName.LIST_ACTIVITY_RECORDS: list_activity_records,
        sdk.StandardCapabilityName.LIST_EXPENSES: list_expenses,
        sdk.StandardCapabilityName.GET_DATA_RECENCY: get_data_recency,
    }
)
