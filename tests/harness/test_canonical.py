import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.canonical import canonical_interaction
from connector_contract.interactions import Interaction, Request, Response

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


REQUEST = Request("get", "https://a.example/")


def canonical(request=REQUEST, response=None, match_headers=()):
    return canonical_interaction(Interaction(request, response or Response(200)), match_headers)


def body_of(body: bytes) -> bytes:
    return canonical(response=Response(200, body=body)).response.body


def test_a_json_body_has_a_line_a_field():
    assert body_of(b'{"a":1,"b":[],"c":[{"d":"x, y"},null]}').decode() == (
        '{\n  "a": 1,\n  "b": [],\n  "c": [\n    {\n      "d": "x, y"\n    },\n    null\n  ]\n}'
    )


@given(
    JSON.filter(lambda value: isinstance(value, (dict, list))),
    st.booleans(),
    st.sampled_from([None, 1, "\t"]),
)
def test_a_json_body_keeps_its_value_and_is_the_same_however_it_was_spaced(value, ascii_only, indent):
    sent = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    compact = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":")).encode()
    assert json.loads(body_of(sent)) == value
    assert body_of(sent) == body_of(compact) == body_of(body_of(sent))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"n": 12345678901234567890.123456789012345678901234567890e10}',
        '{"s": "\\u0041\\/\\ud83d"}',
        '{"n": 1.0, "m": 1e2, "k": -0}',
    ],
)
def test_what_reading_and_writing_json_would_lose_is_kept_as_the_server_wrote_it(text):
    assert body_of(text.encode()).decode().split() == text.replace("{", "{ ").replace("}", " }").split()


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b'"text"', b"{truncated", b"[1,", b"\xff\xfe{}", "{é}".encode("latin-1"), b"<p>{}</p>"],
)
def test_any_other_body_is_kept_exactly(body):
    assert body_of(body) == body


def test_only_headers_that_carry_meaning_are_kept():
    response = Response(
        200,
        headers=(
            ("date", "Mon"),
            ("content-length", "3"),
            ("set-cookie", "a=b"),
            ("cf-ray", "1"),
            ("link", "</2>; rel=next"),
            ("retry-after", "30"),
            ("x-next-cursor", "abc"),
        ),
    )
    assert canonical(response=response).response.headers == (
        ("link", "</2>; rel=next"),
        ("retry-after", "30"),
        ("x-next-cursor", "abc"),
    )


def test_a_request_keeps_its_authentication_its_content_type_and_what_the_author_names():
    request = Request(
        "post",
        "https://a.example/",
        headers=(
            ("user-agent", "python"),
            ("x-api-version", "2"),
            ("content-type", "application/json"),
            ("authorization", "Bearer x"),
        ),
    )
    kept = canonical(request, match_headers=("x-api-version",)).request
    assert kept.method == "POST"
    assert [name for name, _ in kept.headers] == ["authorization", "content-type", "x-api-version"]
    assert [name for name, _ in canonical(request).request.headers] == ["authorization", "content-type"]
