"""Pages of an upstream's list that contradict each other, or never end.

A page has a successor if its call reads on, or if it announces one: by a flag, a cursor, a link, a count. The
call may read the whole list, or be one page of a walk that Lumos makes itself.

- **empty**: the page has no records, and announces the next one as before. Some upstreams send such pages:
  they filter what they have read. So the success has the records of all other pages, or there is an error; a
  call that is one page of Lumos' walk leads on to the next one.
- **the same page again**: a page is answered with the one before it. Where the body echoes its position, such
  as ``offset``, it contradicts what was asked for: an error. Where it does not, the walk ends, be it with an
  error, and has the records that the pages up to there have served.
- **endless**: the last page announces another, and so does whatever is asked for beyond it. The walk ends,
  with all records or with an error. A call that is one page of Lumos' walk may lead on: it was told to.

``Owed.may_differ`` is about records that come twice, and those that were never served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from connector_contract.contract.rules.lists import lists_of
from connector_contract.contract.rules.paging import MORE, number, spelled
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial
from connector_contract.faults.json_places import Found, Place, with_value
from connector_contract.faults.record_ids import all_ids, ids_served_by
from connector_contract.faults.records_in_body import (
    NEXT,
    PageSigns,
    emptied,
    leads_on,
    page_signs,
    record_lists,
)
from connector_contract.faults.rewritten_body import Body, NotRewritable, body_of
from connector_contract.recording.interactions import Interaction, Request, Response

PAGE_EMPTY = Fault(
    "page-empty",
    Group.PAGE,
    "a page has no records, though it announces more",
    "Microsoft Graph, Slack and DynamoDB: a page may be empty, and only a missing cursor is the end",
)
PAGE_AGAIN = Fault("page-again", Group.PAGE, "a page is answered with the one before it", "a stale cache")
PAGES_ENDLESS = Fault(
    "pages-endless",
    Group.PAGE,
    "the last page announces another one, and so does each after it",
    "an upstream that ignores a cursor, or an offset beyond the end",
)
FAULTS = (PAGE_EMPTY, PAGE_AGAIN, PAGES_ENDLESS)
"""The faults of this module, in the order in which reports show them."""

_NEW_CURSOR = "unexpected-cursor"


@dataclass(frozen=True)
class LastPageAgain:
    """Answers whatever asks for more of a list with its last page.

    Attributes:
        last: The interaction of the last page, as it is changed: it announces another one.
    """

    last: Interaction

    def __call__(self, request: Request) -> Response | None:
        """The last page, if a normalized request is for more of its list; else ``None``."""
        made = Interaction(request, self.last.response)
        return self.last.response if len(lists_of([self.last, made])) == 1 else None


@dataclass(frozen=True)
class _Page:
    """A page of an upstream's list.

    Attributes:
        call: The call that reads it.
        number: Its interaction.
        body: Its body.
        signs: What it says of the pages.
        before: The interactions of the call that read the list up to it.
        after: Those that read on.
        previous: The page before it, which another call may have read; ``None`` if there is none.
    """

    call: BrokenCall
    number: int
    body: Body
    signs: PageSigns
    before: tuple[int, ...]
    after: tuple[int, ...]
    previous: Interaction | None

    @property
    def request(self) -> Request:
        """What asks for it."""
        return self.call.interactions[self.number].request

    @property
    def records(self) -> int:
        """How many records it has."""
        return max((len(each.records) for each in record_lists(self.body.data)), default=0)

    @property
    def has_next(self) -> bool:
        """Whether there is a page after it."""
        said = _says_more(self.signs, self.records)
        return bool(self.after) if said is None else said


def trials(call: BrokenCall, number: int) -> Iterator[Trial | NotApplicable]:
    """The trials of an interaction's response as a page of a list.

    Args:
        call: The call.
        number: The interaction.
    """
    try:
        page = _page(call, number)
    except NotRewritable as error:
        yield from (NotApplicable(fault, number, str(error)) for fault in FAULTS)
        return
    for fault, planned in ((PAGE_EMPTY, _empty), (PAGE_AGAIN, _again), (PAGES_ENDLESS, _endless)):
        found = planned(page)
        yield found if isinstance(found, Trial) else NotApplicable(fault, number, found)


def _page(call: BrokenCall, number: int) -> _Page:
    interaction = call.interactions[number]
    if not 200 <= interaction.response.status < 300:
        raise NotRewritable(f"its response is a {interaction.response.status}")
    if call.handed_on:
        raise NotRewritable(call.handed_on)
    body = body_of(interaction)
    if not record_lists(body.data):
        raise NotRewritable("its body has no list")
    pages = _pages_in(call).get(number, (number,))
    place = pages.index(number)
    before, after = pages[:place], pages[place + 1 :]
    signs = page_signs(interaction.response, body.data)
    return _Page(call, number, body, signs, before, after, _previous(call, number, before))


@lru_cache(4)
def _pages_in(call: BrokenCall) -> Mapping[int, tuple[int, ...]]:
    """The interactions that read the same list of the upstream, for each interaction of a call."""
    numbers = {id(interaction): number for number, interaction in call.interactions.items()}
    found: dict[int, tuple[int, ...]] = {}
    for responses in lists_of([*call.interactions.values()]):
        pages = _different([(numbers[id(each)], each) for each, _ in responses])
        found.update(dict.fromkeys(pages, pages))
    return found


def _different(asked: Sequence[tuple[int, Interaction]]) -> tuple[int, ...]:
    """The numbers of what asks for different pages: the same page asked for again is none of its own."""
    first: dict[Request, int] = {}
    for place, interaction in asked:
        first.setdefault(interaction.request, place)
    return tuple(first.values())


def _previous(call: BrokenCall, number: int, before: Sequence[int]) -> Interaction | None:
    """The page before a page: of its call, or of the cassette."""
    if before:
        return call.interactions[before[-1]]
    return _previous_in(call).get(number)


@lru_cache(4)
def _previous_in(call: BrokenCall) -> Mapping[int, Interaction]:
    """The page before each page that a call begins with, if an earlier call of the cassette has read it."""
    own = {id(interaction): number for number, interaction in call.interactions.items()}
    found: dict[int, Interaction] = {}
    for responses in lists_of(call.recorded):
        for (one, data), (other, _) in pairwise(responses):
            goes_on = data is not None and _goes_on(one, data)
            if id(other) in own and id(one) not in own and one.request != other.request and goes_on:
                found[own[id(other)]] = one
    return found


def _goes_on(interaction: Interaction, data: Any) -> bool:
    records = max((len(each.records) for each in record_lists(data)), default=0)
    return _says_more(page_signs(interaction.response, data), records) is True


def _says_more(signs: PageSigns, records: int) -> bool | None:
    """Whether a page announces another one; ``None`` if it does not say."""
    if signs.more is not None:
        return signs.more
    all_read = signs.all_read(records)
    return None if all_read is None else not all_read


def _empty(page: _Page) -> Trial | str:
    if not page.has_next:
        return "there is no page after it"
    if not page.records:
        return "it has no records"
    change = page.body.response_with(emptied(page.body.data))
    keeps = ids_served_by(page.call, [*page.before, *page.after])
    owed = Owed(may_be_same=True, may_differ=True, keeps=keeps, leads_on=page.call.leads_on)
    return Trial(PAGE_EMPTY, page.number, {page.number: change}, owed)


def _again(page: _Page) -> Trial | str:
    if page.previous is None:
        return "no page before it is recorded"
    try:
        before = body_of(page.previous)
    except NotRewritable as error:
        return f"of the page before it, {error}"
    if not page.before and not _goes_on(page.previous, before.data):
        return "no page before it is recorded"
    changes = {page.number: page.previous.response}
    said = _contradiction(page_signs(page.previous.response, before.data), page.signs)
    if said:
        return Trial(PAGE_AGAIN, page.number, changes, Owed(), detail=said)
    keeps = ids_served_by(page.call, page.before)
    return Trial(PAGE_AGAIN, page.number, changes, Owed(may_be_same=True, may_differ=True, keeps=keeps))


def _contradiction(again: PageSigns, due: PageSigns) -> str:
    """Where a page that comes again says that it is not the one that is due; empty if it does not say."""
    right = {each.path: number(each.value) for each in due.positions}
    said = {each.path: number(each.value) for each in again.positions}
    return next((path for path in said if right.get(path, said[path]) != said[path]), "")


def _endless(page: _Page) -> Trial | str:
    if page.has_next or page.after:
        return "it is not the last page"
    if not page.records:
        return "it has no records"
    found = _announcing(page)
    if found is None:
        return "it does not say whether there are more pages"
    detail, response = found
    last = Interaction(page.request, response)
    owed = Owed(may_be_same=True, may_differ=True, keeps=all_ids(page.call))
    return Trial(
        PAGES_ENDLESS, page.number, {page.number: response}, owed, detail, otherwise=LastPageAgain(last)
    )


def _announcing(page: _Page) -> tuple[str, Response] | None:
    """A last page that announces another one, in its own way, with what says so; ``None`` if it has none."""
    signs, data = page.signs, page.body.data
    changed = {each.place: spelled(each.name) in MORE for each in signs.flags}
    cursor = _cursor(page)
    if cursor is not None:
        changed[cursor.place] = cursor.value
    if not changed and (link := _next_link(page)):
        headers = (*page.body.response.headers, ("link", f'<{link}>; rel="next"'))
        return "Link", replace(page.body.response, headers=headers)
    if not changed:
        counts = signs.pages or signs.totals
        changed = {each.place: type(each.value)((number(each.value) or 0) + 1) for each in counts[:1]}
    if not changed:
        return None
    for place, value in changed.items():
        data = _with_sign(data, place, value)
    return ".".join(map(str, next(iter(changed)))), page.body.response_with(data)


def _with_sign(data: Any, place: Place, value: Any) -> Any:
    """A body with a value at a place, which is in objects that it may lack."""
    within = data
    for depth, step in enumerate(place[:-1]):
        if not isinstance(within.get(step), Mapping):
            for name in reversed(place[depth + 1 :]):
                value = {name: value}
            return with_value(data, place[: depth + 1], value)
        within = within[step]
    return with_value(data, place, value)


def _cursor(page: _Page) -> Found | None:
    """A cursor for a page that has none, made like that of the page before; ``None`` if it has no place."""
    previous = _signs_before(page).cursors
    known = next((each for each in previous if leads_on(each.value)), None)
    own = next((each for each in page.signs.cursors if known is None or each.place == known.place), None)
    if known is not None:
        return known._replace(value=_further(known.value))
    if own is None:
        return None
    is_address = spelled(own.name).endswith(("link", "url", "uri"))
    return own._replace(value=_with_query(page.request.uri) if is_address else _NEW_CURSOR)


def _signs_before(page: _Page) -> PageSigns:
    try:
        return PageSigns() if page.previous is None else _signs_of(page.previous)
    except NotRewritable:
        return PageSigns()


def _signs_of(interaction: Interaction) -> PageSigns:
    return page_signs(interaction.response, body_of(interaction).data)


def _further(cursor: Any) -> Any:
    """Another cursor than one that is known, of its form."""
    if isinstance(cursor, Mapping):
        return {name: _further(value) if isinstance(value, str) else value for name, value in cursor.items()}
    if not isinstance(cursor, str):
        return cursor + 1 if isinstance(cursor, int) else cursor
    return _with_query(cursor) if "/" in cursor and urlsplit(cursor).path else f"{cursor}x"


def _with_query(uri: str) -> str:
    return f"{uri}{'&' if urlsplit(uri).query else '?'}cursor={_NEW_CURSOR}"


def _next_link(page: _Page) -> str:
    """Where a header ``Link`` would lead to from a page without one, by that of the page before."""
    headers = page.previous.response.headers if page.previous is not None else ()
    targets = (found[1] for name, value in headers if name == "link" for found in NEXT.finditer(value))
    return next(map(_with_query, targets), "")
