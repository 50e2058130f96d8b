"""The rule **pages**: each record once, whatever the size of the pages."""

from __future__ import annotations

import pytest
from rules_testing import failure, page, told, walk

from connector_contract.contract.declared_less import ANY_LIST
from connector_contract.contract.rules.pages import (
    length_breach,
    other_token_breach,
    size_breach,
    token_breach,
    walks_breach,
)

A, B, C, D = ({"id": letter, "name": letter.upper()} for letter in "abcd")
WHOLE = [page(A, B, C, D)]


def in_pages_of(size, *pages, **rest):
    return walk(*pages, size=size, **rest)


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([page(A, B), page(C, D)], id="right"),
        pytest.param([page(A), page(), page(B, C), page(D)], id="an empty page in the middle"),
        pytest.param([page(A, B), page(C, D), page()], id="an empty page at the end"),
        pytest.param([page({**A, "extra_data": {"seen": 2}}, B), page(C, D)], id="what changes by itself"),
    ],
)
def test_the_same_records_in_pages_of_any_size(pages):
    assert told(walks_breach([in_pages_of(2, *pages), in_pages_of(100, *WHOLE)])) == []


def test_an_empty_list_is_the_same_in_pages_of_any_size():
    assert told(walks_breach([in_pages_of(2, page()), in_pages_of(100, page())])) == []


TWO, HUNDRED = "the walk in pages of 2", "the walk in pages of 100"


@pytest.mark.parametrize(
    ("pages", "title", "records"),
    [
        pytest.param(
            [page(A, B), page(D)],
            f"{TWO} has other records than {HUNDRED}",
            ["c: missing in pages of 2"],
            id="a record is lost",
        ),
        pytest.param(
            [page(A, B), page(C, {"id": "e"})],
            f"{TWO} has other records than {HUNDRED}",
            ["d: missing in pages of 2", "e: missing in pages of 100"],
            id="a record instead of another",
        ),
        pytest.param(
            [page(A, B), page(C, D), page({"id": "e"})],
            f"{TWO} has other records than {HUNDRED}",
            ["e: missing in pages of 100"],
            id="the largest pages lose one",
        ),
        pytest.param(
            [page(B, A), page(C, D)],
            f"{TWO} has the records in another order than {HUNDRED}",
            ["b", "a"],
            id="another order",
        ),
        pytest.param(
            [page(A, {**B, "name": "Bob"}), page(C, D)],
            f"records of {TWO} differ from those of {HUNDRED}",
            ["b"],
            id="another field",
        ),
        pytest.param(
            [page(A, B), page(B, C), page(D)],
            f"{TWO} gave 1 record more than once",
            ["b: on pages 1, 2"],
            id="a record on two pages",
        ),
        pytest.param(
            [page(A, A), page(C, D)],
            f"{TWO} gave 1 record more than once",
            ["a: on pages 1"],
            id="a record twice on a page",
        ),
        pytest.param(
            [page(A, B), failure("bad_gateway", "It is\n down.")],
            f"{TWO} ended with an error on page 2: bad_gateway: It is down.",
            [],
            id="an error",
        ),
        pytest.param(
            [failure("internal_error", "'id'", "KeyError")],
            f"{TWO} ended with an error on page 1: internal_error (KeyError): 'id'",
            [],
            id="a crash",
        ),
    ],
)
def test_a_walk_that_is_not_as_the_one_in_the_largest_pages(pages, title, records):
    walks = [in_pages_of(2, *pages), in_pages_of(100, *WHOLE)]
    assert told(walks_breach(walks)) == [("list_things", title, records)]


def test_a_walk_that_does_not_end():
    endless = in_pages_of(2, page(A), endless="page 2 has the token of page 1")
    expected = ("list_things", f"{TWO} does not end: page 2 has the token of page 1", [])
    assert told(walks_breach([endless, in_pages_of(100, *WHOLE)])) == [expected]


def test_each_broken_walk_is_told_and_compared_with_none():
    walks = [in_pages_of(1, failure()), in_pages_of(2, page(A, A)), in_pages_of(None, page(B))]
    assert [title for _, title, _ in told(walks_breach(walks))] == [
        "the walk in pages of 1 ended with an error on page 1: not_found: No.",
        f"{TWO} gave 1 record more than once",
    ]


def test_the_default_size_is_compared_with_the_sizes_that_were_asked_for():
    walks = [in_pages_of(None, page(A)), in_pages_of(2, page(A, B))]
    (breach,) = told(walks_breach(walks))
    assert breach[1:] == (
        f"the walk in pages of the default size has other records than {TWO}",
        ["b: missing in pages of the default size"],
    )


@pytest.mark.parametrize(
    ("size", "pages", "expected"),
    [
        pytest.param(2, [page(A, B), page(C)], [], id="as asked for"),
        pytest.param(2, [page(A), page()], [], id="shorter"),
        pytest.param(None, WHOLE, [], id="no size asked for"),
        pytest.param(2, [page(A), failure()], [], id="an error has no records"),
        pytest.param(
            2,
            [page(A, B, C), page(D)],
            [(f"{TWO} has 1 page longer than asked for", ["page 1: 3 records"])],
            id="one longer",
        ),
        pytest.param(
            1,
            [page(A, B), page(C, D)],
            [
                (
                    "the walk in pages of 1 has 2 pages longer than asked for",
                    ["page 1: 2 records", "page 2: 2 records"],
                )
            ],
            id="all longer",
        ),
    ],
)
def test_no_page_is_longer_than_asked_for(size, pages, expected):
    breaches = told(length_breach(in_pages_of(size, *pages)))
    assert breaches == [("list_things", *each) for each in expected]


@pytest.mark.parametrize(
    ("response", "said"),
    [
        pytest.param(failure("invalid_page_token"), None, id="right"),
        pytest.param(failure("bad_request"), None, id="another error"),
        pytest.param(page(A, B), "gave the first page again", id="the first page"),
        pytest.param(page(C), "gave a success", id="another page"),
        pytest.param(page(), "gave a success", id="an empty page"),
        pytest.param(failure("internal_error"), "gave internal_error", id="a crash"),
    ],
)
def test_a_malformed_page_token_is_an_error(response, said):
    breaches = token_breach("list_things", page(A, B), {"x": response})
    expected = [("list_things", f"the malformed page token 'x' {said}", [])] if said else []
    assert told(breaches) == expected


@pytest.mark.parametrize(
    ("response", "said", "chosen"),
    [
        pytest.param(failure("invalid_page_token"), None, None, id="right"),
        pytest.param(page(A), "gave the first page again", "gave the first page again", id="a circle"),
        pytest.param(page(C), "gave a success", None, id="another page"),
        pytest.param(page(), "gave a success", None, id="an end"),
        pytest.param(failure("internal_error"), "gave internal_error", "gave internal_error", id="a crash"),
    ],
)
def test_a_page_token_of_another_list_is_an_error(response, said, chosen):
    for choice, expected in ((None, said), (ANY_LIST, chosen)):
        breaches = other_token_breach("list_things", "list_others", page(A), response, choice)
        title = f"the page token of list_others {expected}"
        assert told(breaches) == ([("list_things", title, [])] if expected else [])


def test_an_error_is_right_though_the_first_page_was_one_as_well():
    assert told(token_breach("list_things", failure(), {"x": failure("invalid_page_token")})) == []


def test_each_malformed_page_token_is_told():
    responses = {"x": page(A), "y": failure("invalid_page_token"), "": failure("internal_error")}
    assert [title for _, title, _ in told(token_breach("list_things", page(A), responses))] == [
        "the malformed page token 'x' gave the first page again",
        "the malformed page token '' gave internal_error",
    ]


@pytest.mark.parametrize(
    ("pages", "said", "records"),
    [
        pytest.param(WHOLE, None, [], id="the default size"),
        pytest.param([page(A), page(B, C, D)], None, [], id="the default size in other pages"),
        pytest.param([failure("bad_request")], None, [], id="an error"),
        pytest.param([failure("internal_error")], "gave internal_error", [], id="a crash"),
        pytest.param([page()], "gave 0 of 4 records, as a success", ["a", "b", "c", "d"], id="nothing"),
        pytest.param([page(A, B)], "gave 2 of 4 records, as a success", ["c", "d"], id="a part"),
        pytest.param([page(A, B, C, D, {"id": "e"})], "gave records that no size gives", ["e"], id="more"),
        pytest.param([page(A, B), page(B, C, D)], "gave records more than once", ["b"], id="one twice"),
        pytest.param([page(B, A, C, D)], "gave the records in another order", [], id="another order"),
    ],
)
def test_a_size_that_cannot_be_is_an_error_or_the_default(pages, said, records):
    breaches = size_breach(0, in_pages_of(0, *pages), in_pages_of(None, *WHOLE))
    assert told(breaches) == ([("list_things", f"page size 0 {said}", records)] if said else [])


def test_a_size_that_cannot_be_makes_no_endless_walk():
    endless = in_pages_of(-1, page(), endless="20 pages in a row are empty")
    assert told(size_breach(-1, endless, in_pages_of(None, *WHOLE))) == [
        ("list_things", "page size -1 makes a walk that does not end: 20 pages in a row are empty", [])
    ]
