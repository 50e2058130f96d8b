"""The client of MockApp's API."""

import typing as t
from collections.abc import Mapping
from urllib.parse import quote

import httpx
from connector.client import BaseIntegrationClient, BearerAuth, get_settings, get_token_auth
from connector.integration import Request
from connector.oai.errors import AuthenticationError, ClientError, InvalidResponseError

from mockapp_connector.constants import MockappEndpoint
from mockapp_connector.dto.account import Account
from mockapp_connector.dto.association import Association
from mockapp_connector.dto.base import Dto
from mockapp_connector.dto.entitlement import Entitlement
from mockapp_connector.dto.page import Item, ItemPage
from mockapp_connector.dto.resource import Resource
from mockapp_connector.dto.user import User, UserId, UserLogin, UserState, UserStatus
from mockapp_connector.pagination import MAX_PAGE_SIZE, check_page
from mockapp_connector.responses import DTO, parse, raise_for_error, require_no_content
from mockapp_connector.settings import MockappSettings

Params = Mapping[str, str | int]
OneUser = t.TypeVar("OneUser", bound=UserId)


class MockappClient(BaseIntegrationClient):
    """MockApp's API, an endpoint a method.

    Every method raises one of the SDK's errors for a response that is not a success, and
    ``InvalidResponseError`` for one that cannot be read or contradicts itself. What httpx raises
    where there is no response is left to the SDK, which has codes for it.
    """

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, t.Any]:
        """Return what the SDK makes the HTTP client with."""
        return {
            "auth": BearerAuth(token=_bearer_token(args)),
            "base_url": get_settings(args, MockappSettings).api_url,
        }

    async def __aenter__(self) -> "MockappClient":
        """Open the connections."""
        await super().__aenter__()  # type: ignore[no-untyped-call]  # the SDK does not annotate it
        return self

    async def get_account(self) -> Account:
        """Return the account that the token belongs to."""
        return await self._request(Account, "GET", _path(MockappEndpoint.ACCOUNT))

    async def get_users(self, *, limit: int, offset: int) -> ItemPage[User]:
        """Return a page of the users, deleted ones included."""
        return await self._list(ItemPage[User], MockappEndpoint.USERS, limit=limit, offset=offset)

    async def has_users(self) -> bool:
        """Return whether there is any user that the token may see."""
        page = await self._list(ItemPage[Dto], MockappEndpoint.USERS, limit=1, offset=0)
        return bool(page.items)

    async def get_user(self, user_id: str) -> UserState:
        """Return a user."""
        return await self._one_user(UserState, "GET", user_id)

    async def get_user_login(self, user_id: str) -> UserLogin:
        """Return when a user last logged in."""
        return await self._one_user(UserLogin, "GET", user_id)

    async def find_user_by_email(self, email: str) -> User | None:
        """Return the user with an e-mail address, in whatever case, or None where there is none."""
        offset = 0
        while True:
            page = await self.get_users(limit=MAX_PAGE_SIZE, offset=offset)
            for user in page.items:
                if user.email.casefold() == email.casefold():
                    return user
            if not page.has_more:
                return None
            offset += len(page.items)

    async def create_user(self, *, email: str, name: str) -> UserState:
        """Create a user, which is active from the start."""
        return await self._request(
            UserState, "POST", _path(MockappEndpoint.USERS), json={"email": email, "name": name}
        )

    async def set_user_status(self, user_id: str, status: UserStatus) -> UserState:
        """Make a user active or inactive; a deleted one stays so, which is a conflict."""
        return await self._one_user(UserState, "PUT", user_id, json={"status": status.value})

    async def delete_user(self, user_id: str) -> UserState:
        """Delete a user, of whom a tombstone is left."""
        return await self._one_user(UserState, "DELETE", user_id)

    async def get_resources(self, *, limit: int, offset: int) -> ItemPage[Resource]:
        """Return a page of the projects, the teams and the account itself."""
        return await self._list(ItemPage[Resource], MockappEndpoint.RESOURCES, limit=limit, offset=offset)

    async def get_entitlements(self, *, limit: int, offset: int) -> ItemPage[Entitlement]:
        """Return a page of the roles and memberships."""
        return await self._list(
            ItemPage[Entitlement], MockappEndpoint.ENTITLEMENTS, limit=limit, offset=offset
        )

    async def get_associations(self, *, limit: int, offset: int) -> ItemPage[Association]:
        """Return a page of who has what."""
        return await self._list(
            ItemPage[Association], MockappEndpoint.ASSOCIATIONS, limit=limit, offset=offset
        )

    async def has_association(self, association: Association) -> bool:
        """Return whether a user has an entitlement on a resource."""
        page = await self._list(
            ItemPage[Association],
            MockappEndpoint.ASSOCIATIONS,
            limit=1,
            offset=0,
            filters=association.model_dump(),
        )
        if page.items not in ([], [association]):
            raise InvalidResponseError(message="MockApp answered with an association that was not asked for")
        return bool(page.items)

    async def create_association(self, association: Association) -> None:
        """Give a user an entitlement on a resource."""
        created = await self._request(
            Association,
            "POST",
            _path(MockappEndpoint.USERS, association.user_id, "entitlements"),
            json={"entitlement_id": association.entitlement_id, "resource_id": association.resource_id},
        )
        if created != association:
            raise InvalidResponseError(message="MockApp created another association than was asked for")

    async def delete_association(self, association: Association) -> None:
        """Take an entitlement on a resource from a user."""
        path = _path(MockappEndpoint.USERS, association.user_id, "entitlements", association.entitlement_id)
        response = await self._send("DELETE", path, params={"resource_id": association.resource_id})
        require_no_content(response)

    async def _one_user(
        self, dto: type[OneUser], method: str, user_id: str, *, json: Mapping[str, str] | None = None
    ) -> OneUser:
        user = await self._request(dto, method, _path(MockappEndpoint.USERS, user_id), json=json)
        if user.id != user_id:
            raise InvalidResponseError(message="MockApp answered with a user who was not asked for")
        return user

    async def _list(
        self,
        page_type: type[ItemPage[Item]],
        endpoint: MockappEndpoint,
        *,
        limit: int,
        offset: int,
        filters: Params | None = None,
    ) -> ItemPage[Item]:
        params = {"limit": limit, "offset": offset, **(filters or {})}
        page = await self._request(page_type, "GET", _path(endpoint), params=params)
        check_page(page, limit=limit, offset=offset)
        return page

    async def _request(
        self,
        dto: type[DTO],
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Mapping[str, str] | None = None,
    ) -> DTO:
        return parse(await self._send(method, path, params=params, json=json), dto)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            response = await self._http_client.request(method, path, params=params, json=json)
        except httpx.DecodingError as error:
            raise InvalidResponseError(
                message=f"MockApp answered {method} {path} with content that cannot be decoded"
            ) from error
        raise_for_error(response)
        return response


def _path(endpoint: MockappEndpoint, *segments: str) -> str:
    for segment in segments:
        # No encoding keeps these from naming the list, or what lies above it.
        if segment in {"", ".", ".."}:
            raise ClientError(message=f"{segment!r} cannot be an id")
    return "/".join([endpoint.value, *(quote(segment, safe="") for segment in segments)])


def _bearer_token(args: Request) -> str:
    token = get_token_auth(args).token
    # Such a token is no valid credential, and in a header it would be an error that quotes it.
    if not token or not all("!" <= character <= "~" for character in token):
        raise AuthenticationError(message="The token is empty or has characters that no bearer token has")
    return token
