"""OAuth client credentials, with which the connector asks for a token first; and custom capabilities."""

from urllib.parse import quote

import httpx
from connector import generated as sdk
from connector.client import (
    BaseIntegrationClient,
    PaginationBase,
    create_next_page_token,
    get_oauth,
    get_settings,
)
from connector.integration import CustomRequest, CustomResponse
from connector.oai.errors import AuthenticationError, InvalidResponseError, NotFoundError
from pydantic import BaseModel, Field
from strict import Dto, Id, Settings, StrictIntegration, header_value, page_size, pagination, parse, require


class Token(Dto):
    access_token: Id


class Tenant(Dto):
    id: Id


class Owner(Dto):
    id: Id
    name: str
    enrolled: bool


class OwnerPage(Dto):
    owners: list[Owner]
    start: int
    total: int


class Device(Dto):
    id: Id
    locked: bool


class Devices(Dto):
    devices: list[Device]


class Pagination(PaginationBase):
    start: int = Field(strict=True, gt=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


class FetchedToken(httpx.Auth):
    """Authentication by a token for which the server is asked before the first request."""

    requires_response_body = True

    def __init__(self, url: str, credential: sdk.OAuthClientCredential) -> None:
        if not credential.client_id or not credential.client_secret:
            raise AuthenticationError(message="The client's id or secret is empty")
        self._client = httpx.BasicAuth(credential.client_id, credential.client_secret)
        self._form = {"grant_type": "client_credentials", "scope": " ".join(credential.scopes)}
        self._url = url
        self._token: str | None = None

    def auth_flow(self, request):
        if self._token is None:
            # What the client asks has its timeouts; a new request has none.
            asked = httpx.Request("POST", self._url, data=self._form, extensions=request.extensions)
            response = yield next(self._client.auth_flow(asked))
            self._token = header_value(parse(response, Token).access_token)
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        url = get_settings(args, Settings).url
        return {"base_url": url, "auth": FetchedToken(f"{url}/oauth/token", get_oauth(args))}

    async def get(self, kind, path, **params):
        return parse(await self._http_client.get(path, params=params), kind)

    async def lock(self, device_id: str) -> Device:
        return parse(await self._http_client.post(f"/devices/{quoted(device_id)}/lock"), Device)


def quoted(part: str) -> str:
    if part in ("", ".", ".."):
        raise NotFoundError(message="Nothing has such an id")
    return quote(part, safe="")


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        tenant = await client.get(Tenant, "/tenant")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=tenant.id)
    )


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    size, place = page_size(args), pagination(args, NextPageToken)
    start = 0 if place is None else place.start
    async with Client(args) as client:
        page = await client.get(OwnerPage, "/owners", start=start, count=size)
    require(page.start == start, "it does not start where it was asked to")
    require(len(page.owners) == max(0, min(size, page.total - start)), "it has more or fewer than it should")
    end = start + len(page.owners)
    following = [Pagination(start=end)] if end < page.total else []
    return sdk.ListAccountsResponse(
        response=[
            sdk.FoundAccountData(
                integration_specific_id=owner.id,
                username=owner.name,
                user_status=sdk.AccountStatus.ACTIVE if owner.enrolled else sdk.AccountStatus.PENDING,
            )
            for owner in page.owners
        ],
        page=NextPageToken.from_paginations(following).to_page(size),
    )


class CountDevices(BaseModel):
    account_id: str


class DeviceCount(BaseModel):
    devices: int
    locked: int


async def count_devices(args: CustomRequest[CountDevices]) -> CustomResponse[DeviceCount]:
    async with Client(args) as client:
        devices = (await client.get(Devices, f"/owners/{quoted(args.request.account_id)}/devices")).devices
    locked = sum(device.locked for device in devices)
    return CustomResponse[DeviceCount](response=DeviceCount(devices=len(devices), locked=locked))


class LockDevice(BaseModel):
    device_id: str


class LockedDevice(BaseModel):
    id: str
    locked: bool


async def lock_device(args: CustomRequest[LockDevice]) -> CustomResponse[LockedDevice]:
    async with Client(args) as client:
        device = await client.lock(args.request.device_id)
    if device.id != args.request.device_id or not device.locked:
        raise InvalidResponseError(message="The device was to be locked, and is not")
    return CustomResponse[LockedDevice](response=LockedDevice(id=device.id, locked=device.locked))


integration = StrictIntegration("client-credentials", auth=sdk.OAuthClientCredential)
integration.register_capabilities(
    {
        sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
    }
)
integration.register_custom_capabilities({"count_devices": count_devices, "lock_device": lock_device})
