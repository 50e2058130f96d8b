"""A page of a MockApp list."""

import typing as t

from pydantic import NonNegativeInt

from mockapp_connector.dto.base import Dto

Item = t.TypeVar("Item", bound=Dto)


class ItemPage(Dto, t.Generic[Item]):
    """Some items of a list, and where in the list they stand.

    Attributes:
        items: The page's items, in the list's order.
        total: How many items the whole list has.
        offset: How many items come before this page.
        has_more: Whether items come after this page.
    """

    items: list[Item]
    total: NonNegativeInt
    offset: NonNegativeInt
    has_more: bool
