"""Pagination of MockApp's lists, which count their items from an offset."""

from connector.client import PaginationBase, create_next_page_token, get_page
from connector.generated import Page
from connector.integration import Request
from connector.oai.errors import InvalidPageTokenError, InvalidResponseError, InvalidValueError
from pydantic import Field

from mockapp_connector.constants import MockappEndpoint
from mockapp_connector.dto.page import Item, ItemPage

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 100


class Pagination(PaginationBase):
    """Where a walk stands: in which list, after how many items."""

    endpoint: MockappEndpoint
    offset: int = Field(strict=True, ge=0)


NextPageToken = create_next_page_token(Pagination, "NextPageToken")


def pagination_from_args(args: Request, endpoint: MockappEndpoint) -> tuple[Pagination, int]:
    """Return where the requested page starts and how many items it may have.

    Args:
        args: Any capability's request.
        endpoint: The list that the capability reads.

    Raises:
        InvalidPageTokenError: The token is not one that this capability gave out.
        InvalidValueError: The page size is negative.
    """
    page = get_page(args)
    if page.token is None:
        return Pagination(endpoint=endpoint, offset=0), _page_size(page)
    return _decode(page.token, endpoint), _page_size(page)


def next_page(current: Pagination, items: ItemPage[Item], size: int) -> Page | None:
    """Return the SDK's page for what comes after ``items``, None after the last of them."""
    if not items.has_more:
        return None
    following = current.model_copy(update={"offset": current.offset + len(items.items)})
    return NextPageToken.from_paginations([following]).to_page(size)


def check_page(page: ItemPage[Item], *, limit: int, offset: int) -> None:
    """Raise an error for a page with which a walk would go wrong: skip items, or never end.

    Args:
        page: What MockApp answered.
        limit: How many items were asked for at most.
        offset: After how many items the page was asked to start.

    Raises:
        InvalidResponseError: The page contradicts what was asked for, or itself.
    """
    count = len(page.items)
    end = offset + count
    if page.offset != offset:
        problem = f"it starts at offset {page.offset}, not at {offset}"
    elif count > limit:
        problem = f"it has {count} items, more than the limit of {limit}"
    elif page.has_more and not page.items:
        problem = "it is empty, but has_more is true"
    elif page.has_more and end >= page.total:
        problem = f"has_more is true after {end} of {page.total} items"
    elif not page.has_more and end < page.total:
        problem = f"has_more is false after {end} of {page.total} items"
    else:
        return
    raise InvalidResponseError(message=f"MockApp answered with a page that cannot be right: {problem}")


def _page_size(page: Page) -> int:
    # No size and size 0 both leave the choice to the connector.
    if page.size is None or page.size == 0:
        return DEFAULT_PAGE_SIZE
    if page.size < 0:
        raise InvalidValueError(message=f"The page size is {page.size}; it cannot be negative")
    return min(page.size, MAX_PAGE_SIZE)


def _decode(token: str, endpoint: MockappEndpoint) -> Pagination:
    try:
        [pagination] = NextPageToken(token).paginations()
    # What the SDK's decoding of a made-up token ends in: ValueError for text that is not hex, bytes
    # that are not msgpack, fields that are not Pagination's; TypeError for another structure.
    except (TypeError, ValueError) as error:
        raise InvalidPageTokenError(message="The page token is malformed") from error
    if pagination.endpoint is not endpoint:
        raise InvalidPageTokenError(
            message=f"The page token is one for {pagination.endpoint.value}, not for {endpoint.value}"
        )
    # Only a later page has a token: with this one a walk would begin again.
    if pagination.offset == 0:
        raise InvalidPageTokenError(message="The page token is one for the first page")
    return pagination
