"""What the upstream says now to the same requests, and said before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_contract.review.change import Severity
from tests.review_testing import Scenario, reviewed, said, stored, success


def files(*bodies, name="test_walk"):
    interactions = [[said(f"/users?page={number}", body) for number, body in enumerate(bodies)]]
    return stored(Scenario(name, "list_accounts", [success([])], interactions=interactions))


def upstream(base, head):
    review = reviewed(files(*base), files(*head))
    assert review.severity is (Severity.INFO if review.upstream else None)
    return [(each.count, each.endpoint, each.text) for each in review.upstream]


ONE, OTHER = {"id": 1, "name": "Ann"}, {"id": 2, "name": "Lee"}


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"items": [ONE]}, {"items": [ONE, OTHER]}, [(1, "a record of items[]: added")]),
        ({"items": [ONE, OTHER]}, {"items": [OTHER]}, [(1, "a record of items[]: removed")]),
        ([ONE, OTHER], [OTHER, ONE], [(1, "the order of []: changed")]),
        ({"total": 1}, {"total": 2}, [(1, "the field total: 1 → 2")]),
        ({"a": {"b": 1}}, {"a": {}}, [(1, "the field a.b: removed")]),
        ([1, 2], [1, 2, 3], [(1, "the length of []: 2 → 3")]),
        (1, 2, [(1, "the field (the whole body): 1 → 2")]),
        (b'{"a": 2}', b'{"a": 1, "a": 2}', [(1, "the field a (no. 2): added"), (1, "the field a: 2 → 1")]),
        (b'{"a": 1, "a": 2}', b'{"a": 1, "a": 3}', [(1, "the field a (no. 2): 2 → 3")]),
        (b"\x00\x01", b"\x00\x01\x02", [(1, 'the body: "2 bytes" → "3 bytes"')]),
        (b"\xff", b"id;name", [(1, 'the body: "1 byte" → "7 bytes"')]),
        (b"", b"id;name", [(1, 'the body: "nothing" → "7 bytes"')]),
        (b"id;name\r\n1;Ann\r\n", b"id;name\r\n1;Eve\r\n", [(1, 'a line of the body: "1;Ann" → "1;Eve"')]),
        (b"id;name\n1;Ann\n", b"id;name\n1;Ann\n2;Bob\n3;Cy\n", [(1, "2 lines of the body: added")]),
        (b"id;name\n1;Ann\n1;Ann\n", b"id;name\n1;Ann\n", [(1, "a line of the body: removed")]),
        (
            b"<a><u><id>1</id></u><u><id>2</id></u></a>",
            b"<a><u><id>1</id></u><u><id>3</id></u></a>",
            [(1, 'a line of the body: "<id>2</id></u></a>" → "<id>3</id></u></a>"')],
        ),
        (
            b"1;Ann\n2;Bob\n",
            b"2;Bob\n1;Ann\n",
            [(1, "the order of the body's lines, or its white space: changed")],
        ),
        (
            b"1;Ann\n2;Bob\n",
            b"1;Ann\r\n2;Bob\r\n",
            [(1, "the order of the body's lines, or its white space: changed")],
        ),
        (
            [{**ONE, "mail": "a"}, {**OTHER, "mail": "b"}],
            [{**ONE, "email": "a"}, {**OTHER, "email": "b"}],
            [
                (1, "the field [].mail is now called [].email"),
            ],
        ),
    ],
)
def test_what_has_changed_in_a_body(before, after, lines):
    assert upstream([before], [after]) == [(count, "GET /users", text) for count, text in lines]


def test_a_record_that_has_moved_to_another_page_is_no_change():
    assert upstream([[ONE, OTHER], []], [[ONE], [OTHER]]) == []


def test_a_line_that_has_moved_to_another_page_is_no_change():
    assert upstream([b"1;Ann\n2;Bob\n3;Cy", b"4;Dan"], [b"1;Ann\n2;Bob", b"3;Cy\n4;Dan"]) == []
    before = [b"id;name\n1;Ann\n2;Bob", b"id;name\n3;Cy\n4;Dan", b"id;name"]
    after = [b"id;name\n0;Zoe\n1;Ann", b"id;name\n2;Bob\n3;Cy", b"id;name\n4;Dan"]
    assert upstream(before, after) == [(1, "GET /users", "a line of the body: added")]


def test_a_field_of_many_responses_is_one_line():
    base = [[{**ONE, "role": "a"}], [{**OTHER, "role": "b"}]]
    head = [[{**ONE, "role": "x"}], [{**OTHER, "role": "y"}]]
    assert upstream(base, head) == [(2, "GET /users", 'the field [].role: "a" → "x", and other values')]


def test_two_fields_that_swap_their_values_are_not_renamed():
    before, after = {"id": 1, "a": "x", "b": "y"}, {"id": 1, "a": "y", "b": "x"}
    assert upstream([before], [after]) == [
        (1, "GET /users", 'the field a: "x" → "y"'),
        (1, "GET /users", 'the field b: "y" → "x"'),
    ]


def test_a_long_value_is_shortened():
    ((_, _, text),) = upstream([{"a": "x" * 10_000}], [{"a": "y"}])
    assert len(text) < 100


def test_a_long_value_is_shown_where_it_differs():
    ((_, _, text),) = upstream([b"x" * 10_000 + b"1"], [b"x" * 10_000 + b"2"])
    assert text.endswith('xx2"')
    assert len(text) < 200


def test_a_header_of_all_responses_is_one_line():
    def both(server):
        interactions = []
        for path in ("/users", "/roles"):
            one = said(path, [])
            response = replace(one.response, headers=(*one.response.headers, ("x-server", server)))
            interactions.append(replace(one, response=response))
        return stored(Scenario("test_walk", "list_accounts", [success([])], interactions=[interactions]))

    review = reviewed(both("a"), both("b"))
    assert [(each.count, each.text) for each in review.upstream] == [(2, 'the header x-server: "a" → "b"')]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ({"reason": "OK"}, {"reason": "Fine"}, 'the reason: "OK" → "Fine"'),
        (
            {"headers": (("set-cookie", "a=1"), ("set-cookie", "b=2"))},
            {"headers": (("set-cookie", "a=3"), ("set-cookie", "b=2"))},
            'the header set-cookie: "a=1, b=2" → "a=3, b=2"',
        ),
    ],
)
def test_what_has_changed_beside_a_body(before, after, text):
    def of(more):
        one = said("/users", [])
        other = replace(one, response=replace(one.response, **more))
        return stored(Scenario("test_walk", "list_accounts", [success([])], interactions=[[other]]))

    assert [each.text for each in reviewed(of(before), of(after)).upstream] == [text]
