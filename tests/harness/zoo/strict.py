"""What the connectors here share: they believe nothing that they have not checked."""

import re
from typing import Annotated, Any, TypeVar

import httpx
from connector import generated as sdk
from connector.client import BearerAuth, PaginationBase, get_page
from connector.oai.capability import get_capability_annotations
from connector.oai.errors import (
    AuthenticationError,
    HTTPHandler,
    InvalidPageTokenError,
    InvalidResponseError,
    InvalidValueError,
)
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types.errors import ConnectorErrorCode
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

Id = Annotated[str, StringConstraints(min_length=1)]
T = TypeVar("T")
PaginationT = TypeVar("PaginationT", bound=PaginationBase)


class Settings(BaseModel):
    url: str


class Dto(BaseModel):
    """An object of the upstream's API, as far as it is read."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class StrictIntegration(Integration):
    """The SDK quotes a request that it cannot read, token and all; this says what is wrong with it."""

    def __init__(self, app_id: str, **options: Any) -> None:
        super().__init__(
            app_id=app_id,
            version="1",
            exception_handlers=[
                (httpx.HTTPStatusError, HTTPHandler, None),
                # Of a body that is no gzip.
                (httpx.DecodingError, HTTPHandler, None),
            ],
            description_data=DescriptionData(user_friendly_name=app_id, categories=[]),
            **{"settings_model": Settings, **options},
        )

    async def dispatch(self, name, request_string):
        if name in self.capabilities:
            request_type, _ = get_capability_annotations(self.capabilities[name])
            try:
                request_type.model_validate_json(request_string)
            except ValidationError as error:
                return self._refuse(f"Invalid request: {describe(error)}")
        return await super().dispatch(name, request_string)

    def _refuse(self, message: str) -> str:
        error = sdk.Error(message=message, error_code=ConnectorErrorCode.BAD_REQUEST, app_id=self.app_id)
        return sdk.ErrorResponse(is_error=True, error=error).model_dump_json()


def parse(response: httpx.Response, kind: type[T], media_type: str = "application/json") -> T:
    """What a response holds, if it is a success and what was expected."""
    if not response.is_success:
        # httpx's own message has the whole URL, and so a key that is in its query.
        message = f"The server answered {response.status_code}"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)
    if response.headers.get("Content-Type", "").partition(";")[0] != media_type:
        raise InvalidResponseError(message="The answer is no JSON")
    try:
        return TypeAdapter(kind).validate_json(response.content)
    except ValidationError as error:
        raise InvalidResponseError(message=f"The answer is wrong: {describe(error)}") from error


def require(condition: bool, message: str) -> None:
    """Refuse an answer with which a walk would skip records, repeat them or never end."""
    if not condition:
        raise InvalidResponseError(message=f"The page cannot be right: {message}")


def page_size(args: Any, default: int = 3, most: int = 100) -> int:
    size = get_page(args).size
    if size is not None and size < 0:
        raise InvalidValueError(message=f"The page size is {size}; it cannot be negative")
    return min(size or default, most)


def pagination(args: Any, token_type: Any) -> Any:
    """What the page token of a request says; None for the first page, which has no token."""
    token = get_page(args).token
    if token is None:
        return None
    try:
        [found] = token_type(token).paginations()
    except (TypeError, ValueError) as error:
        raise InvalidPageTokenError(message="The page token is malformed") from error
    return found


def bearer(token: str) -> BearerAuth:
    """Authentication by a token, if it is one that a header can carry."""
    return BearerAuth(header_value(token))


def header_value(secret: str) -> str:
    # In a header, another would be an error that quotes it.
    if not re.fullmatch("[!-~]+", secret):
        raise AuthenticationError(message="The token is empty, or has characters that no token has")
    return secret


def describe(error: ValidationError) -> str:
    """Where a document is wrong and how, without its values: one may be secret."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems[:3])
