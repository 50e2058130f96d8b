import asyncio
import itertools
import json

import pytest
from traffic_testing import ORIGIN, traffic_for

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.contract.rules.pages import size_breach, walks_breach
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import EndlessWalk
from connector_contract.recording.endless import EMPTY_PAGES, SeenRecords, endless, too_long
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.lumos import Lumos
from connector_contract.secrets.known_secrets import Secrets


class Paging:
    """Stands for an ``Integration`` whose pages a function gives by their numbers."""

    capabilities = {"list_accounts": None}

    def __init__(self, page):
        self._pages = map(page, itertools.count(1))

    async def dispatch(self, _name, _request):
        return json.dumps(next(self._pages))


def walk(*pages, then=None, **options):
    """Walk through pages of records; after those, ``then`` gives the records of each by its number."""

    def page(number):
        records = pages[number - 1] if number <= len(pages) else then(number)
        is_last = then is None and number == len(pages)
        return {"response": records, "page": {"token": None if is_last else str(number)}}

    connector = ConnectorUnderTest(Paging(page), auth={}, upstream=Upstream(origin=ORIGIN))
    lumos = Lumos(connector, traffic_for(ORIGIN, Cassette()), Secrets())
    return asyncio.run(lumos.walk("list_accounts", **options))


def why(*pages, **options):
    with pytest.raises(EndlessWalk) as caught:
        walk(*pages, **options)
    return caught.value


def ids(*names):
    return [{"id": name} for name in names]


def test_a_page_of_records_that_were_all_seen_ends_the_walk():
    error = why(ids("a", "b"), ids("c"), then=lambda _: ids("b", "c"))
    assert str(error).startswith(
        "Contract breach: The walk of list_accounts does not end: all records of page 3 were on earlier "
        "pages, after 3 pages."
    )
    assert error.reason == "all records of page 3 were on earlier pages after 3 pages"
    assert error.is_endless


def test_records_are_seen_as_a_whole_where_their_first_values_are_the_same():
    same = [{"kind": "user", "id": n} for n in range(4)]
    assert len(walk([same[0]], [same[1]], [same[2], same[3]])) == 3
    error = why([same[0]], [same[1]], then=lambda _: [same[1], same[0]])
    assert "all records of page 3 were on earlier pages" in str(error)


def test_a_page_with_one_new_record_goes_on():
    assert len(walk(ids("a", "b"), ids("a", "c"), ids("c", "d"))) == 3


def test_the_last_page_may_have_what_was_seen():
    """Whether that is right, the standard contract asks; the walk has its end."""
    assert len(walk(ids("a"), ids("a"))) == 2


def test_an_empty_page_in_the_middle_may_be_right():
    assert len(walk(ids("a"), [], [], ids("b"))) == 4


def test_empty_pages_are_counted_in_a_row():
    few = [[]] * (EMPTY_PAGES - 1)
    assert len(walk(*few, ids("a"), *few, ids("b"))) == 2 * EMPTY_PAGES


def test_many_empty_pages_in_a_row_end_the_walk():
    error = why(ids("a"), then=lambda _: [])
    assert error.reason == f"{EMPTY_PAGES} pages in a row are empty after {EMPTY_PAGES + 1} pages"
    assert error.is_endless


def test_a_walk_with_new_records_is_longer_than_allowed_and_not_endless():
    error = why(then=lambda number: ids(str(number)), max_pages=5)
    assert "longer than allowed: page 5 has new records" in str(error)
    assert "does not end" not in str(error)
    assert not error.is_endless


def test_records_of_plain_values_and_of_none():
    seen = SeenRecords()
    assert [seen.all_seen(records) for records in (["a"], [], [{}], ["a", "b"], ["b"], [{}])] == [
        False, False, False, False, True, True,
    ]  # fmt: skip


def given_up(error):
    return Walk("list_things", 3, [], endless=error.reason, is_endless=error.is_endless)


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (
            endless("list_things", "the token of page 1 came again", 2),
            "the walk in pages of 3 does not end: the token of page 1 came again after 2 pages",
        ),
        (
            too_long("list_things", 9),
            "the walk in pages of 3 was not walked to its end: "
            "it is longer than the 9 pages that are allowed",
        ),
    ],
)
def test_a_rule_says_which_of_the_two_it_is(error, title):
    (breach,) = walks_breach([given_up(error)])
    assert breach.title == title
    (sized,) = size_breach(0, given_up(error), Walk("list_things", None, []))
    assert ("does not end" in sized.title) == error.is_endless
    assert ("walks for ever." in sized.consequence) == error.is_endless
