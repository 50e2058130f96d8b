"""Tokens that rotate, absolute links, a limit that is waited for, and numbers for ids and times.

Lumos refreshes the tokens, by the function of the SDK. A link to the next page goes into the page token as it
is. Times are seconds since 1970, and milliseconds where logins are listed.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_oauth,
    get_settings,
)
from connector.oai.errors import InvalidPageTokenError, InvalidResponseError, InvalidValueError, NotFoundError
from connector.oai.modules.oauth_module_types import (
    ClientAuthenticationMethod,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
)
from connector_sdk_types import generated as sdk
from pydantic import Field
from strict import Dto, Settings, StrictIntegration, bearer, page_size, pagination, parse, require

URL = "https://staff.example.com"
STATUSES = {
    "enabled": sdk.AccountStatus.ACTIVE,
    "suspended": sdk.AccountStatus.SUSPENDED,
    "invited": sdk.AccountStatus.PENDING,
}
LOOK_BACK = timedelta(days=30)
TRIES, LONGEST_WAIT = 3, 60


class Tenant(Dto):
    id: int


class Person(Dto):
    id: int
    mail: str
    state: Literal["enabled", "suspended", "invited"]
    created: int


class Seen(Dto):
    person: int
    at: int | None


class Login(Dto):
    id: int
    person: int
    at: int


class Page(Dto):
    total: int
    next: str | None


class People(Page):
    people: list[Person]


class Changes(Page):
    changes: list[Person]


class Logins(Page):
    logins: list[Login]


class Pagination(PaginationBase):
    """Where the next page is, and how many records came before it."""

    link: str
    count: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"base_url": get_settings(args, Settings).url, "auth": bearer(get_oauth(args).access_token)}

    async def get(self, kind, link: str, **params):
        """What is there; if that is too much at the moment, after the time that the server asks for."""
        for _ in range(TRIES):
            response = await self._http_client.get(link, params=params or None)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(seconds_to_wait(response))
        return parse(response, kind)

    async def change_state(self, person_id: str, state: str) -> Person:
        if (number := number_of(person_id)) is None:
            raise NotFoundError(message="No account has such an id")
        person = parse(await self._http_client.post(f"/people/{number}/{state}"), Person)
        if (person.id, person.state) != (number, state):
            raise InvalidResponseError(message="The answer is about another person, or another state")
        return person


def seconds_to_wait(response: httpx.Response) -> int:
    asked = response.headers.get("Retry-After", "")
    return min(int(asked), LONGEST_WAIT) if asked.isdecimal() else 1


def number_of(id_: str) -> int | None:
    """The number that an id is; ``None`` if it is none."""
    return int(id_) if re.fullmatch("[0-9]{1,18}", id_) else None


async def read(args: Any, kind: type[Page], name: str, **params: Any) -> tuple[list[Any], sdk.Page]:
    size, place = page_size(args), pagination(args, NextPageToken)
    # The token must not be sent anywhere else.
    links = f"{get_settings(args, Settings).url}/{name}?"
    if place is not None and not place.link.startswith(links):
        raise InvalidPageTokenError(message="The page token leads elsewhere")
    async with Client(args) as client:
        if place is None:
            page = await client.get(kind, f"/{name}", **params, size=size)
        else:
            page = await client.get(kind, place.link)
    records = getattr(page, name)
    seen = len(records) + (0 if place is None else place.count)
    require(len(records) <= size, "it is longer than asked")
    if page.next is None:
        require(seen == page.total, "records are missing, and it has no next one")
        return records, NextPageToken.from_paginations([]).to_page(size)
    require(len(records) > 0 and seen < page.total, "it is empty or the last one, and it has a next one")
    require(page.next.startswith(links), "its next one is elsewhere")
    following = Pagination(link=page.next, count=seen)
    return records, NextPageToken.from_paginations([following]).to_page(size)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.get(Tenant, "/tenant")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=str(tenant.id))
    )


def account(person: Person) -> sdk.FoundAccountData:
    return sdk.FoundAccountData(
        integration_specific_id=str(person.id),
        email=person.mail,
        user_status=STATUSES[person.state],
        extra_data={"created_at": time_of(person.created)},
    )


def time_of(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    people, page = await read(args, People, "people")
    return sdk.ListAccountsResponse(response=[account(person) for person in people], page=page)


async def list_updated_accounts(args: sdk.ListUpdatedAccountsRequest) -> sdk.ListUpdatedAccountsResponse:
    """Without a time, what has changed in the last days."""
    since = args.request.since or datetime.now(UTC) - LOOK_BACK
    if since.tzinfo is None:
        raise InvalidValueError(message="The time has no zone")
    people, page = await read(args, Changes, "changes", since=int(since.timestamp()))
    return sdk.ListUpdatedAccountsResponse(
        response=sdk.UpdatedAccounts(accounts=[account(person) for person in people]), page=page
    )


async def get_last_activity(args: sdk.GetLastActivityRequest) -> sdk.GetLastActivityResponse:
    numbers = [number for id_ in args.request.account_ids if (number := number_of(id_)) is not None]
    if not numbers:
        return sdk.GetLastActivityResponse(response=[])
    async with Client(args) as client:
        seen = await client.get(list[Seen], "/seen", person=numbers)
    require({each.person for each in seen} <= set(numbers), "it is about others")
    return sdk.GetLastActivityResponse(
        response=[
            sdk.LastActivityData(
                account_id=str(each.person), event_type="last_login", happened_at=time_of(each.at)
            )
            for each in seen
            if each.at is not None
        ]
    )


async def list_activity_records(args: sdk.ListActivityRecordsRequest) -> sdk.ListActivityRecordsResponse:
    since, actors = milliseconds(args.request.since_date), [each.account_id for each in args.request.actors]
    numbers = [number for id_ in actors if (number := number_of(id_)) is not None]
    if actors and not numbers:
        return sdk.ListActivityRecordsResponse(response=[], page=sdk.Page())
    logins, page = await read(args, Logins, "logins", since=since, person=numbers)
    found = [
        sdk.ActivityRecord(
            id=str(login.id),
            activity_type=sdk.ActivityRecordActivityType(sdk.ActivityType.ACCOUNT_LOGIN),
            timestamp=time_of(login.at / 1000),
            actor=sdk.ActivityRecordActor(account_id=str(login.person)),
            targets=[],
        )
        for login in logins
    ]
    return sdk.ListActivityRecordsResponse(response=found, page=page)


def milliseconds(text: str) -> int:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValueError(message="The time is not ISO 8601") from error
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)


async def activate_account(args: sdk.ActivateAccountRequest) -> sdk.ActivateAccountResponse:
    async with Client(args) as client:
        person = await client.change_state(args.request.account_id, "enabled")
    return sdk.ActivateAccountResponse(
        response=sdk.ActivatedAccount(activated=True, status=STATUSES[person.state])
    )


async def deactivate_account(args: sdk.DeactivateAccountRequest) -> sdk.DeactivateAccountResponse:
    async with Client(args) as client:
        person = await client.change_state(args.request.account_id, "suspended")
    return sdk.DeactivateAccountResponse(
        response=sdk.DeactivatedAccount(deactivated=True, status=STATUSES[person.state])
    )


integration = StrictIntegration(
    "rotating-tokens",
    auth=sdk.OAuthCredential,
    oauth_settings=OAuthSettings(
        authorization_url=f"{URL}/oauth/authorize",
        token_url=f"{URL}/oauth/token",
        scopes={
            "list_accounts": "people:read offline",
            "list_activity_records": "logins:read",
            "activate_account": "people:write",
        },
        client_auth=ClientAuthenticationMethod.CLIENT_SECRET_POST,
        request_type=OAuthRequest(method=RequestMethod.POST, data=RequestDataType.FORMDATA),
    ),
)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName(function.__name__): function
        for function in (
            validate_credentials,
            list_accounts,
            list_updated_accounts,
            get_last_activity,
            list_activity_records,
            activate_account,
            deactivate_account,
        )
    }
)
