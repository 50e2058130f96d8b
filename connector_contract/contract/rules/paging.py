"""What APIs call the parts of paging, in requests and in responses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# As ``spelled`` has them.
MORE = {
    "hasmore", "hasmoreitems", "hasmoreresults", "hasnext", "hasnextpage", "istruncated", "more", "moreitems",
    "moreresults",
}  # fmt: skip
LAST = {"islast", "islastpage", "last"}
CURSORS = {
    "next", "nextcursor", "nextlink", "nextmarker", "nextpage", "nextpagetoken", "nextpageuri", "nextpageurl",
    "nextrecordsurl", "nexttoken", "nexturi", "nexturl", "odatanextlink",
}  # fmt: skip
TOTALS = {"odatacount", "total", "totalcount", "totalelements", "totalitems", "totalresults", "totalsize"}
PAGE = {"currentpage", "number", "page", "pageindex", "pagenumber"}
OFFSETS = {"from", "offset", "skip", "start", "startat", "startindex"}
PAGES = {"lastpage", "pagecount", "pages", "totalpages"}

# Where a response speaks of its pages.
_ABOUT_PAGES = re.compile("meta|pag|info|summary|cursor|links?$")

# In a parameter, these are about paging wherever they stand, be it a filter by a start date: to take one list
# for two is a false alarm, and to take two for one a miss.
_STRONG = (
    "pag(?:es?|ing|ination)|offset|cursor|limit|skip|start(?:ing)?|after|before|token|mark(?:er)?|bookmark"
    "|size|count|continu(?:e|ation)|index|max(?:imum)?|top|scroll|position"
)
# These are so in last_user_id, and not in last_name.
_WEAK = "first|last|next|from"
_BESIDE = "ids?|keys?|nums?|numbers?|nos?|per|at|by|of|results?|items?|records?|rows?|ur[li]|links?|values?"
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Words may be written as one: pagesize, startat.
_ALL = re.compile(f"(?:{_STRONG}|{_WEAK}|{_BESIDE})+")
_SOME_STRONG = re.compile(f"(?:{_WEAK}|{_BESIDE})*(?:{_STRONG})(?:{_STRONG}|{_WEAK}|{_BESIDE})*")
_SOME_WEAK = re.compile(f"(?:{_BESIDE})*(?:{_WEAK})(?:{_WEAK}|{_BESIDE})*")


@lru_cache(1024)
def spelled(name: str) -> str:
    """A field's name in the one spelling that is compared: ``has_more`` and ``hasMore`` are ``hasmore``."""
    return re.sub("[^a-z0-9]", "", name.lower())


def number(value: Any) -> int | None:
    """A count, which some write as text."""
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        return int(value) if len(value) < 16 else None
    return value if type(value) is int else None


def leads_to(cursor: Any) -> Any:
    """What a cursor leads to: itself, or of an object its address, which may be null."""
    if not isinstance(cursor, Mapping):
        return cursor
    addresses = [cursor[name] for name in ("href", "url", "uri", "link") if name in cursor]
    return next(iter(addresses or filter(None, cursor.values())), None)


def is_about_pages(name: Any) -> bool:
    """Whether the field of a response speaks of its pages: ``meta``, ``pageInfo``, ``_links``."""
    return bool(_ABOUT_PAGES.search(str(name).lower()))


def asks_for_a_page(name: Any) -> bool:
    """Whether a parameter of this name says which part of a list is asked for, and not which list."""
    words = [word.lower() for word in _WORD.findall(str(name))]
    if any(map(_SOME_STRONG.fullmatch, words)):
        return True
    return any(map(_SOME_WEAK.fullmatch, words)) and bool(_ALL.fullmatch(words[-1]))
