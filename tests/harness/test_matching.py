import pytest

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import differences, is_below, nearest, request_key

BASE = Request(
    "POST",
    "https://a.example/v1/users?b=2&a=1&a=0",
    (("authorization", "Bearer <t>"),),
    b'{"x": 1, "y": [1]}',
)


def variant(**changes):
    parts = {"method": BASE.method, "uri": BASE.uri, "headers": BASE.headers, "body": BASE.body, **changes}
    return Request(**parts)


@pytest.mark.parametrize(
    "same",
    [
        variant(uri="https://a.example/v1/users?a=1&b=2&a=0"),
        variant(uri="HTTPS://A.EXAMPLE/v1/users?b=2&a=1&a=0"),
        variant(method="post"),
        variant(body=b'{"y":[1],\n"x":1}'),
    ],
)
def test_equal_requests(same):
    assert request_key(same) == request_key(BASE)
    assert differences(BASE, same) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (variant(method="PUT"), ["method: recorded POST, now PUT"]),
        (variant(uri="http://a.example/v1/users?b=2&a=1&a=0"), ["origin: recorded https://a.example, now http://a.example"]),
        (variant(uri="https://a.example/v1/user?b=2&a=1&a=0"), ["path: recorded /v1/users, now /v1/user"]),
        (variant(uri="https://a.example/v1/users?b=&c=3"), [
            "query a: recorded '1', '0', now none",
            "query b: recorded '2', now ''",
            "query c: recorded none, now '3'",
        ]),
        (variant(headers=()), ["header authorization: recorded 'Bearer <t>', now none"]),
        (variant(body=b'{"x": true, "y": [1, 2]}'), [
            "body.x: recorded 1, now true",
            "body.y[1]: recorded none, now 2",
        ]),
        (variant(body=b'{"x": 1, "y": []}'), ["body.y[0]: recorded 1, now none"]),
        (variant(body=b"x=1"), [
            "body.x: recorded 1, now none",
            "body.y[0]: recorded 1, now none",
            "body: recorded none, now b'x=1'",
        ]),
        (variant(body=b""), ["body.x: recorded 1, now none", "body.y[0]: recorded 1, now none"]),
    ],
)  # fmt: skip
def test_each_part_of_a_request_counts_and_is_told(other, said):
    assert request_key(other) != request_key(BASE)
    assert [str(difference) for difference in differences(BASE, other)] == said


def form(body, kind="application/x-www-form-urlencoded"):
    return variant(headers=(("content-type", kind),), body=body)


@pytest.mark.parametrize(
    ("recorded", "made"),
    [
        (b"a=1&b=2", b"b=2&a=1"),
        (b"a=1&b=2&a=0", b"b=2&a=1&a=0"),
        (b"a=x+y&b=%C3%BC", b"b=%c3%bc&a=x%20y"),
        # What a response has handed out is a placeholder, and is encoded when it is sent.
        (b'{"a": 1, "b": 2}', b'{"b": 2, "a": 1}'),
        (b"token=<refresh_token>&b=", b"b=&token=%3Crefresh_token%3E"),
    ],
)
def test_forms_are_compared_as_pairs(recorded, made):
    assert request_key(form(recorded)) == request_key(form(made))
    assert differences(form(recorded), form(made)) == []
    shouted = form(made, "Application/X-WWW-Form-URLencoded; charset=utf-8")
    assert [str(each) for each in differences(form(recorded), shouted)] == [
        "header content-type: recorded 'application/x-www-form-urlencoded', "
        "now 'Application/X-WWW-Form-URLencoded; charset=utf-8'"
    ]


@pytest.mark.parametrize(
    ("recorded", "made", "said"),
    [
        (b"a=1&a=0", b"a=0&a=1", ["form field a: recorded '1', '0', now '0', '1'"]),
        (b"a=1&b=2", b"a=1&c=2", [
            "form field b: recorded '2', now none",
            "form field c: recorded none, now '2'",
        ]),
        (b"a=%FF", b"a=%FE", ["form field a: recorded '\\udcff', now '\\udcfe'"]),
        (b"a=1", b"", ["form field a: recorded '1', now none"]),
        # Some clients call all that they send a form.
        (b'{"a": 1, "b": 2}', b'{"b": 2, "a": 3}', ["body.a: recorded 1, now 3"]),
    ],
)  # fmt: skip
def test_a_form_that_differs_is_told_by_its_fields(recorded, made, said):
    assert request_key(form(recorded)) != request_key(form(made))
    assert [str(each) for each in differences(form(recorded), form(made))] == said


def test_nearest_has_most_parts_in_common_then_is_unplayed_then_reads_alike():
    far = Request("GET", "https://b.example/")
    page1, page2, page3 = (Request("GET", f"https://a.example/users?offset={n}") for n in (0, 30, 60))
    made = Request("GET", "https://a.example/users?offset=31")
    assert nearest([far, page1, page2, page3], made, unplayed=()) == 2
    assert nearest([far, page1, page2, page3], made, unplayed={0, 1}) == 1
    assert nearest([], made, unplayed=()) is None


@pytest.mark.parametrize(
    ("uri", "origin", "expected"),
    [
        ("https://a.example/x?y=1", "https://a.example", True),
        ("https://a.example:443", "https://a.example/", True),
        ("https://A.example/v1/x", "https://a.example/v1", True),
        ("https://a.example/v1", "https://a.example/v1/", True),
        ("https://a.example/v11", "https://a.example/v1", False),
        ("https://a.example/", "https://a.example/v1", False),
        ("http://a.example/", "https://a.example", False),
        ("https://a.example.evil/", "https://a.example", False),
        ("https://b.example@a.example/", "https://b.example", False),
        ("http://localhost:8001/", "http://localhost:8000", False),
    ],
)
def test_what_is_at_an_origin(uri, origin, expected):
    assert is_below(uri, origin) is expected


def test_a_long_value_is_shown_where_it_differs():
    texts = ["x" * 500 + f"{each}" + "y" * 500 for each in "12"]
    old, new = (Request("GET", f"https://a.example/?q={text}") for text in texts)
    (difference,) = differences(old, new)
    before, now = str(difference).removeprefix("query q: recorded ").split(", now ")
    assert (before.count("1"), now.count("2"), len(before), len(now)) == (1, 1, 206, 206)


@pytest.mark.parametrize(
    ("recorded", "made", "expected"),
    [
        ("", "{}", ["body: recorded none, now {}"]),
        ('{"a": 1}', "{}", ["body.a: recorded 1, now none"]),
        ("{}", '{"a": 1}', ["body.a: recorded none, now 1"]),
        ('{"a": [1]}', '{"a": []}', ["body.a[0]: recorded 1, now none"]),
        ('{"a": {}}', '{"a": []}', ["body.a: recorded {}, now []"]),
        ("[]", '{"a": 1}', ["body: recorded [], now none", "body.a: recorded none, now 1"]),
        ('{"a": {}}', '{"ab": 1}', ["body.a: recorded {}, now none", "body.ab: recorded none, now 1"]),
    ],
)
def test_what_is_empty_is_no_difference_beside_what_is_in_it(recorded, made, expected):
    old, new = (Request("POST", "https://a.example/", (), body.encode()) for body in (recorded, made))
    assert list(map(str, differences(old, new))) == expected
