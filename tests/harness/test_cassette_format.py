import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.storage import cassette_format
from connector_contract.storage.cassette_format import (
    CassetteFormatError,
    cassette_parts,
    read_cassette,
    read_head,
)
from connector_contract.storage.cassette_yaml import (
    dump_yaml,
    grouped,
    load_yaml,
    request_body_data,
    response_body_data,
)
from connector_contract.storage.jsontext import indented

ROOT = Path(__file__).parents[2]
RECORDED = [*ROOT.glob("cassettes/**/*.yaml"), *ROOT.glob("tests/harness/**/cassettes/**/*.yaml")]
HEADERS = st.lists(st.tuples(st.sampled_from(["link", "x-a"]), st.text(max_size=9)), max_size=3).map(
    lambda pairs: tuple(sorted(pairs, key=lambda pair: pair[0]))
)
JSON = st.recursive(st.none() | st.text(max_size=9), lambda inner: st.lists(inner), max_leaves=9)
BODIES = (
    st.binary(max_size=99)
    # What begins as indented JSON does, and is none, or has other space.
    | st.text('{}[]"a1:, \n', max_size=30).map(lambda text: b"{\n" + text.encode())
    | st.text(max_size=99).map(str.encode)
    | st.builds(json.dumps, JSON, indent=st.sampled_from([None, 0, 2])).map(str.encode)
)
URIS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=9).map(
    "https://a.example/".__add__
)
CASSETTES = st.lists(
    st.builds(
        Interaction,
        st.builds(
            Request,
            st.sampled_from(["GET", "POST"]),
            URIS,
            HEADERS,
            BODIES.filter(lambda body: indented(body) is None),
        ),
        st.builds(Response, st.integers(100, 599), st.sampled_from(["", "OK"]), HEADERS, BODIES),
    ),
    max_size=3,
).map(lambda interactions: Cassette(tuple(interactions)))


def dump_cassette(cassette: Cassette) -> str:
    return b"".join(cassette_parts(cassette)).decode()


def parse_cassette(text: str) -> Cassette:
    return read_cassette(io.BytesIO(text.encode()))


def interaction_data(interaction: Interaction) -> dict:
    request, response = interaction.request, interaction.response
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": grouped(request.headers),
            "body": request_body_data(request.body),
        },
        "response": {
            "status": {"code": response.status, "message": response.reason},
            "headers": grouped(response.headers),
            "body": response_body_data(response.body),
        },
    }


def example(body: bytes) -> Cassette:
    request = Request("GET", "https://a.example/v1?a=b", (("authorization", "Bearer <token.token>"),))
    return Cassette(
        (Interaction(request, Response(200, "OK", (("content-type", "application/json"),), body)),)
    )


@given(CASSETTES)
def test_what_is_written_is_read_again(cassette):
    assert parse_cassette(dump_cassette(cassette)) == cassette


@given(CASSETTES)
def test_what_is_written_as_text_is_what_pyyaml_would_write(cassette):
    data = {
        "version": 1,
        "form": 2,
        "count": len(cassette.interactions),
        "calls": [],
        "interactions": [interaction_data(interaction) for interaction in cassette.interactions],
    }
    # But for the mark of a document's end.
    assert dump_cassette(cassette) == re.sub(r"^\.\.\.\n\Z", "", dump_yaml(data), flags=re.MULTILINE)


@given(CASSETTES)
def test_what_is_read_as_text_is_what_pyyaml_would_read(cassette):
    text = dump_cassette(cassette)
    # A comment in front changes nothing for YAML, and is no form that is read as text.
    assert parse_cassette("# of another form\n" + text) == parse_cassette(text)


def test_each_recording_of_this_repository_is_written_as_it_is():
    for path in RECORDED:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        assert b"".join(cassette_parts(read_cassette(io.BytesIO(data)))) == data, path
        assert parse_cassette("# of another form\n" + data.decode()) == read_cassette(io.BytesIO(data)), path


# A text, one in quotes, one that is no text, JSON in an unusual space, and what only looks like JSON.
@pytest.mark.parametrize(
    "body",
    [b"a,b\n1,2\n", b"\n \n", b"a\tb\r\n", b"it's: a", b"\x00\xff", b'{"a":\n1}', b"[a]\nb=1\n", b"", b"1"],
)
def test_a_body_of_any_kind_is_read_as_text(monkeypatch, body):
    text = dump_cassette(example(body))
    monkeypatch.setattr(cassette_format, "_of_other_form", None)
    assert parse_cassette(text) == example(body)


@given(CASSETTES)
def test_vcrpy_reads_the_same_but_for_the_space_in_json(cassette):
    requests, responses = deserialize(dump_cassette(cassette), yamlserializer)
    bodies = [request.body or b"" for request in requests]
    bodies += [response["body"]["string"] for response in responses]
    recorded = [interaction.request.body for interaction in cassette.interactions]
    recorded += [interaction.response.body for interaction in cassette.interactions]
    assert [legible(body) for body in bodies] == [legible(body) for body in recorded]


def legible(body):
    text = indented(body)
    return body if text is None else text.encode()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"a":1,"b":[2]}', None),
        (b'{"a": 1, "b": [2]}', "spacing: spaced"),
        (b'{\n  "a": 1\n}', "spacing: as it is"),
        (b'{"a":1, "b":2}', "spacing: as it is"),
        (b'{"a":1}\n', "spacing: as it is"),
        (b'{\n  "a": 1\n}\n', "spacing: as it is"),
        (b'{\n"a": 1 \n}', "spacing: as it is"),
        (b'{\n\n  "a": 1\n}', "spacing: as it is"),
        (b"{\n  no JSON\n}\n", None),
        (b"[\n \n no JSON]", None),
        (b'{\n  "a": NaN\n}', None),
        (b"{}", None),
        (b"plain\ntext", None),
    ],
)
def test_a_body_is_read_back_as_it_was_sent_to_the_byte(body, says):
    text = dump_cassette(example(body))
    assert parse_cassette(text) == example(body)
    assert ("spacing" in text) == (says is not None)
    assert says is None or says in text


def test_a_body_of_several_lines_is_a_literal_block():
    text = dump_cassette(example('{"name":"Zoë \U0001f680"}'.encode()))
    assert '      string: |-\n        {\n          "name": "Zoë \U0001f680"\n        }\n' in text


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        "a\n\n",
        "...\n",
        "a\n...\n",
        "a\n\u2028b",
        "a\n\x85b",
        "a\n\x07",
        "a\r\nb",
        "\n\ta",
        "  a\nb",
        "a \nb\n\n",
    ],
)
def test_a_body_that_a_literal_block_would_change_is_kept_exactly(text):
    assert parse_cassette(dump_cassette(example(text.encode()))) == example(text.encode())


def test_equal_values_are_spelled_out():
    cassette = Cassette(example(b"same\nbody").interactions * 2)
    assert "&" not in dump_cassette(cassette)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("version: 1", "version: 2", "its version is 2, not 1"),
        ("count: 1", "count: 2", "its count says 2 interactions, and it holds 1"),
        ("method: GET", "methods: GET", "interaction 1 lacks a part, or has a wrong one: no 'method'"),
        (
            "code: 200",
            "code: fine",
            "its status code is no number",
        ),
        (
            "code: 200",
            "code: .inf",
            "its status code is no number",
        ),
        (
            "code: 200",
            "code: true",
            "its status code is no number",
        ),
        (
            "code: 200",
            "code: 1000",
            "its status code is no number",
        ),
        ("method: GET", "method: 2020-01-01", "its method is no text"),
        ("method: GET", "method: !!set {a}", "its method is no text"),
        ("uri: ", "uri: http://[::1 #", "its uri is no URL: Invalid IPv6 URL"),
        ("uri: ", "uri: http://a:b/ #", "its uri is no URL: Port could not be cast"),
        ("uri: ", "uri: 5 #", "its uri is no text"),
        ("body:", "body: [a]\n    other:", "its body is no text"),
        ("message:", "message: [a] #", "its message is no text"),
        ("headers:", "headers: [a]\n    other:", "its headers are not names with values"),
        ("headers:", "headers: {a: {b: c}}\n    other:", "a header is no text"),
        ("headers:", "headers: {5: c}\n    other:", "a header is no text"),
        ("method: GET", "method: &a GET", "it has a YAML anchor or alias, and a recording has none"),
        ("interactions:", "other: &a [x]\nmore: [*a, *a]\ninteractions:", "it has a YAML anchor or alias"),
        ("interactions:", "interaction:", "it has no list of interactions"),
        ("request:", "request: [", "it is not the YAML of a cassette"),
    ],
)
def test_a_text_that_is_no_cassette(old, new, complaint):
    text = dump_cassette(example(b"{}"))
    assert old in text
    with pytest.raises(CassetteFormatError, match=complaint.replace("(", r"\(")):
        parse_cassette(text.replace(old, new))


@pytest.mark.parametrize("depth", [300, 1_000, 5_000])
def test_what_is_nested_without_end_is_refused(depth):
    text = dump_cassette(example(b"{}"))
    called = f'calls:\n- {{"capability": {"[" * depth}{"]" * depth}}}\ninteractions:'
    deep = text.replace("calls: []\ninteractions:", called)
    assert deep != text
    assert read_head(io.BytesIO(deep.encode())) is None
    with pytest.raises(CassetteFormatError):
        parse_cassette(deep)


def test_two_contents_in_one_file_are_refused():
    """Such as git leaves behind with its merge driver "union"."""
    text = dump_cassette(example(b"{}"))
    with pytest.raises(CassetteFormatError, match="it has 'version' twice") as raised:
        parse_cassette(text + text)
    assert raised.value.line == text.count("\n") + 1


def test_references_that_stand_for_more_than_memory_holds_are_refused_at_once():
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40))]
    text = dump_cassette(example(b"{}")) + "\n".join(lines) + "\n"
    with pytest.raises(CassetteFormatError, match="anchor") as raised:
        parse_cassette(text)
    assert text.splitlines()[raised.value.line - 1] == lines[0]


def test_a_text_with_what_looks_like_an_anchor_is_a_text():
    for body in (b"a: &b [*c]\n- *d\n", b"<p>, &amp; *x*"):
        assert parse_cassette(dump_cassette(example(body))) == example(body)


def test_a_cassette_of_stock_vcrpy_is_read():
    text = (
        "interactions:\n- request:\n    body: null\n    headers: {Accept: ['*/*']}\n    method: GET\n"
        "    uri: https://a.example/\n  response:\n    body: {string: '{}'}\n    headers: {}\n"
        "    status: {code: 200, message: OK}\nversion: 1\n"
    )
    (interaction,) = parse_cassette(text).interactions
    assert interaction.request == Request("GET", "https://a.example/", (("accept", "*/*"),))


def many(body: bytes, count: int = 50) -> Cassette:
    (interaction,) = example(body).interactions
    return Cassette(
        tuple(
            Interaction(
                replace(interaction.request, uri=f"https://a.example/?page={n}"), interaction.response
            )
            for n in range(count)
        )
    )


def test_interactions_of_the_usual_form_do_not_go_through_pyyaml(monkeypatch):
    cassette = many('{"name":"Zoë","list":[1,{"a":null}]}'.encode())
    text = dump_cassette(cassette)
    loaded = []
    monkeypatch.setattr(cassette_format, "load_yaml", lambda part: loaded.append(part) or load_yaml(part))
    assert parse_cassette(text) == cassette
    # The headers and the status, which are the same in all.
    assert len(loaded) <= 3
    assert all(len(part) < 200 for part in loaded)


def test_one_interaction_of_another_form_does_not_keep_the_rest_from_being_read_as_text(monkeypatch):
    cassette = many(b'{"a":[1,2]}')
    text = dump_cassette(cassette).replace("page=7", "page=7 # a comment")
    loaded = []
    monkeypatch.setattr(cassette_format, "load_yaml", lambda part: loaded.append(part) or load_yaml(part))
    assert parse_cassette(text) == cassette
    assert len(loaded) <= 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('          "a": 1', '       "a": 1'),
        ('"a": 1', '"a": \x01'),
        ("- request:", "-request:"),
        ("code: 200", "code: [200"),
    ],
)
def test_an_edit_that_yaml_does_not_take_is_no_cassette(old, new):
    text = dump_cassette(many(b'{"a":1}'))
    with pytest.raises(CassetteFormatError):
        parse_cassette(text.replace(old, new, 1))


def test_an_edit_that_yaml_takes_is_read_as_yaml_reads_it():
    text = dump_cassette(example(b'{"a":1,"b":2}'))
    edited = text.replace('          "a"', '            "a"').replace("    uri: h", "    uri:  h")
    assert parse_cassette(edited) == example(b'{"a":1,"b":2}')


def test_an_interaction_longer_than_what_is_read_at_once(monkeypatch):
    monkeypatch.setattr(cassette_format, "_READ_AT_ONCE", 7)
    cassette = many(b'{"a":1}', count=3)
    assert parse_cassette(dump_cassette(cassette)) == cassette
