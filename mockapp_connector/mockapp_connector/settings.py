"""What an administrator configures for one MockApp tenant."""

import typing as t

import httpx
from connector.integration import AnnotatedField
from pydantic import AfterValidator, BaseModel


def _http_url(value: str) -> str:
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL as error:
        raise ValueError("not a URL") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("not an http(s) URL with a host")
    if url.userinfo or any(character in "?#" or character.isspace() for character in value):
        raise ValueError("a URL with credentials, a query, a fragment or a space")
    return value


class MockappSettings(BaseModel):
    """The connector's settings.

    Attributes:
        api_url: Where MockApp is served: an http(s) URL without credentials, query or fragment.
            The API's paths are put below its path; a trailing slash makes no difference.
        account_id: The id of the MockApp account that the token must belong to, or None not to check.
    """

    api_url: t.Annotated[str, AfterValidator(_http_url)] = AnnotatedField(
        title="API URL", description="Where MockApp is served, https://mockapp.example.com say."
    )
    account_id: str | None = AnnotatedField(
        title="Account ID",
        description="The MockApp account that the token must belong to. Leave out not to check.",
        default=None,
    )
