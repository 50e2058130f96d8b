"""The head of a cassette: written as text, and read as text, as YAML, and by stock vcrpy."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.interactions import (
    TIMEOUTS,
    Cassette,
    GivenUp,
    Interaction,
    MadeUp,
    Request,
    Response,
)
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage import cassette_format
from connector_contract.storage.cassette_format import CassetteFormatError, cassette_parts, read_cassette
from connector_contract.storage.cassette_head import Head, head_from, head_of, head_text
from connector_contract.storage.lint import lint_cassette

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["\n- ", "}\n- {", "\x85\u2028\ufeff\x00\x7f", '"', "\\", "#: [a]", "yes", "1e5", "2020-01-01", "x" * 130]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=3)
ASKED = st.fixed_dictionaries(
    {}, optional={"request": OBJECTS, "page": OBJECTS, "auth": OBJECTS, "credentials": st.lists(OBJECTS)}
)
OUTCOMES = st.builds(Success, st.none() | st.integers(0, 99)) | st.builds(Failure, TEXTS)
# Each takes some time.
FEW = settings(max_examples=50)
ONE = Interaction(Request("GET", "https://a.example/"), Response(200))
HEADERS = st.lists(st.tuples(st.sampled_from(["link", "x-a"]), TEXTS), max_size=3).map(
    lambda pairs: tuple(sorted(pairs, key=lambda pair: pair[0]))
)
REQUESTS = st.builds(
    Request, st.sampled_from(["GET", "POST"]), TEXTS, HEADERS, st.binary() | TEXTS.map(str.encode)
)


@st.composite
def cassettes(draw):
    calls, number = [], 0
    for _ in range(draw(st.integers(0, 3))):
        numbers = tuple(range(number + 1, number + 1 + draw(st.integers(0, 3))))
        number += len(numbers)
        concurrent = tuple(each for each in numbers if draw(st.booleans()))
        snapshots = tuple(draw(st.lists(TEXTS, max_size=2)))
        calls.append(Call(draw(TEXTS), draw(OUTCOMES), draw(ASKED), numbers, concurrent, snapshots))
    number += draw(st.integers(0, 1))
    given_up = st.builds(
        GivenUp, REQUESTS, st.integers(0, len(calls)), st.integers(0, 3), st.sampled_from([None, *TIMEOUTS])
    )
    made_up = st.builds(MadeUp, st.lists(TEXTS | st.integers(0, 3), max_size=3).map(tuple), TEXTS)
    lists = (tuple(draw(st.lists(each, max_size=2))) for each in (given_up, made_up))
    return Cassette((ONE,) * number, tuple(calls), next(lists), made_up=next(lists))


def written(cassette):
    return b"".join(cassette_parts(cassette))


def read(text):
    return read_cassette(io.BytesIO(text))


@given(cassettes())
@FEW
def test_what_is_written_is_read_back_as_text(cassette):
    head, rest = head_of(head_text(cassette) + b"interactions:\n")
    assert head == Head(2, len(cassette.interactions), cassette.calls, cassette.given_up, cassette.made_up)
    assert rest == b"interactions:\n"
    assert read(written(cassette)) == cassette


@given(cassettes())
@FEW
def test_what_is_written_is_read_back_as_yaml(cassette):
    data = yaml.safe_load(head_text(cassette))
    assert head_from({**data, "interactions": []}) == head_of(head_text(cassette))[0]
    assert read(b"# as YAML\n" + written(cassette)) == cassette


@given(cassettes())
@FEW
def test_stock_vcrpy_reads_the_interactions(cassette):
    requests, responses = deserialize(written(cassette).decode(), yamlserializer)
    assert len(requests) == len(responses) == len(cassette.interactions)


@given(cassettes())
@FEW
def test_lint_finds_a_recording_in_order(cassette):
    kinds = {finding.kind for finding in lint_cassette("c.yaml", written(cassette), WELL_KNOWN)}
    assert kinds <= {"secret"}


def test_the_form_of_a_head():
    short = Call("info", Success(), {}, (), (), ("a.json",))
    long = Call(
        "list_accounts",
        Failure("rate_limit"),
        {"request": {"ids": ["x" * 99], "n": 1}, "page": {"size": 2}},
        (1, 2),
        (2,),
    )
    given_up = GivenUp(Request("POST", "https://a.example/", (("x-a", "1"), ("x-a", "2")), b'{"a":1}'), 1, 0)
    binary = GivenUp(Request("PUT", "https://a.example/" + "x" * 40, (), b"\xff"), 0, 3)
    cassette = Cassette((ONE,) * 2, (short, long), (given_up, binary))
    assert head_text(cassette).decode() == (
        "version: 1\n"
        "form: 2\n"
        "count: 2\n"
        "calls:\n"
        '- {"capability": "info", "interactions": [], "success": true, "snapshots": ["a.json"]}\n'
        '- {"capability": "list_accounts",\n'
        '   "request": {\n'
        f'     "ids": ["{"x" * 99}"],\n'
        '     "n": 1\n'
        "   },\n"
        '   "page": {"size": 2},\n'
        '   "interactions": [1, 2],\n'
        '   "concurrent": [2],\n'
        '   "error": "rate_limit"}\n'
        "given_up:\n"
        '- {"call": 1,\n'
        '   "place": 0,\n'
        '   "method": "POST",\n'
        '   "uri": "https://a.example/",\n'
        '   "headers": {"x-a": ["1", "2"]},\n'
        '   "body": "{\\"a\\":1}"}\n'
        '- {"call": 0,\n'
        '   "place": 3,\n'
        '   "method": "PUT",\n'
        f'   "uri": "https://a.example/{"x" * 40}",\n'
        '   "headers": {},\n'
        '   "base64": "/w=="}\n'
    )
    assert read(written(cassette)) == cassette


def test_the_earlier_form_has_no_calls_and_stays_so():
    old = Cassette((ONE,), form=1)
    assert head_text(old) == b"version: 1\ncount: 1\n"
    assert read(written(old)) == old
    assert read(b"# as YAML\n" + written(old)) == old
    assert list(lint_cassette("c.yaml", written(old), WELL_KNOWN)) == []


def test_stock_vcrpys_own_has_neither():
    stock = written(Cassette((ONE,), form=1)).replace(b"count: 1\n", b"")
    assert read(stock) == Cassette((ONE,), form=None)


CALL = b'- {"capability": "x", "interactions": [1], "success": 3}\n'
GIVEN_UP = (
    b'- {"call": 1, "place": 0, "method": "GET", "uri": "https://a.example/", "headers": {}, "body": null}\n'
)
EDITED = written(Cassette((ONE,), (Call("x", Success(3), {}, (1,)),))).replace(
    b"interactions:\n", b"given_up:\n" + GIVEN_UP + b"interactions:\n", 1
)


@pytest.mark.parametrize(
    "call",
    [
        b"- capability: x\n  interactions: [1]\n  success: 3\n",
        b"- {capability: x, interactions: [1], success: 3}\n",
        b"- capability: x\n  interactions:\n  - 1\n  success: 3 # three\n",
    ],
)
def test_calls_in_another_style_are_read_and_found_by_lint(call):
    edited = EDITED.replace(CALL, call)
    assert read(edited) == read(EDITED)
    assert [finding.kind for finding in lint_cassette("c.yaml", edited, WELL_KNOWN)] == ["form"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"form: 2\n", b"", "it has count and calls, and no form"),
        (b"form: 2\ncount: 1\n", b"", "it has calls, and no form and no count"),
        (b"count: 1\n", b"", "it has form and calls, and no count"),
        (b"calls:\n" + CALL, b"", "it has form and count, and no calls"),
        (b"form: 2", b"form: 3", "its form is 3, and this release reads form 2 or none"),
        (b"form: 2", b"form: 1", "its form is 1, and this release reads form 2 or none"),
        (b"form: 2", b"form: two", "its form is 'two', and"),
        (b"form: 2", b"form: [2]", r"its form is \[2\], and"),
        (b"count: 1", b"count: 2", "its count says 2 interactions, and it holds 1"),
        (b"count: 1", b"count: one", "its count says one interactions, and it holds 1"),
        (b"count: 1", b"count: {}", "interactions, and it holds 1"),
        (CALL, b"  x: 1\n", "its calls is not a list"),
        (b"calls:\n" + CALL, b"calls: 7\n", "its calls is not a list"),
        (b"calls:\n" + CALL, b"calls:\n", "its calls is not a list"),
        (CALL, b"- x\n", "a call names no capability"),
        (CALL, b"- [x]\n", "a call names no capability"),
        (
            CALL,
            b"- {capability: x, interactions: [1], success: 3, 4: 5, y: 6}\n",
            "a call has the unknown part 4, y",
        ),
        (CALL, b"- {capability: x, interactions: [1], success: 2020-01-01}\n", "in the place of numbers"),
        (CALL, b"- {capability: x, page: {a: 2020-01-01}, interactions: [1], success: 3}\n", "as its page"),
        (
            CALL,
            b'- {"capability": "x", "interactions": [1], "success": 3\n',
            "it is not the YAML of a cassette",
        ),
        (b"[1]", b"[2]", "call 1 has the interaction 2, and there are 1"),
        (b"[1]", b"[0]", "call 1 has the interaction 0, and there are 1"),
        (b"[1]", b"[1, 1]", "the interaction 1 is of the calls 1 and 1"),
        (CALL, CALL + CALL, "the interaction 1 is of the calls 1 and 2"),
        (b'"call": 1', b'"call": 2', "a request was given up in call 2, place 0"),
        (b'"place": 0', b'"place": -1', "a request was given up in call 1, place -1"),
        (b'"place": 0', b'"place": "0"', "a request that was given up lacks a part"),
        (b'"place": 0', b'"place": 0, "timeout": "connect"', "a request that was given up lacks a part"),
        (b'"method": "GET"', b'"method": 1', "a request that was given up lacks a part"),
        (b'"uri": "https://a.example/", "h', b'"h', "a request that was given up lacks a part"),
        (b'"headers": {}', b'"headers": []', "a request that was given up lacks a part"),
        (b'"headers": {}', b'"headers": {"a": [1]}', "a request that was given up lacks a part"),
        (b'"headers": {}', b'"headers": {"a": null}', "a request that was given up lacks a part"),
        (b'"body": null', b'"body": 3', "a request that was given up lacks a part"),
        (b'"body": null', b'"base64": "?"', "a request that was given up lacks a part"),
        (GIVEN_UP, b"- 3\n", "a request that was given up lacks a part"),
        (b"given_up:\n" + GIVEN_UP, b"given_up: 3\n", "its given_up is not a list"),
        (b"given_up:\n" + GIVEN_UP, b"made_up: 3\n", "its made_up is not a list"),
        *[
            (b"given_up:\n" + GIVEN_UP, b"made_up:\n- " + each + b"\n", "a made-up value lacks a part")
            for each in (
                b"3",
                b'{"place": ["a"]}',
                b'{"place": [true], "value": "x"}',
                b'{"place": "a", "value": ""}',
            )
        ],
    ],
)
def test_what_was_edited_is_an_error_with_a_reason_and_a_finding(old, new, said):
    assert EDITED.count(old) == 1
    edited = EDITED.replace(old, new)
    with pytest.raises(CassetteFormatError, match=said):
        read(edited)
    (finding,) = lint_cassette("c.yaml", edited, WELL_KNOWN)
    assert finding.kind == "corrupt"
    assert re.search(said, finding.what)


@given(st.integers(0, len(EDITED)), st.integers(0, 9), st.binary(max_size=9))
def test_no_edit_is_a_traceback(at, length, data):
    edited = EDITED[:at] + data + EDITED[at + length :]
    try:
        read(edited)
    except CassetteFormatError as error:
        assert str(error)  # noqa: PT017 - most edits are none
    list(lint_cassette("c.yaml", edited, WELL_KNOWN))


@pytest.mark.parametrize("where", ["asked", "given up"])
def test_lint_finds_a_secret_beside_the_interactions(where):
    asked = {"auth": {"oauth": {"access_token": "hunter2hunter2"}}}
    request = Request("GET", "https://a.example/", (("authorization", "Bearer hunter2hunter2"),))
    call = Call("x", Success(), asked if where == "asked" else {}, (1,))
    given_up = (GivenUp(request, 1, 0),) if where == "given up" else ()
    text = written(Cassette((ONE,), (call,), given_up))
    findings = list(lint_cassette("c.yaml", text, WELL_KNOWN))
    assert [finding.kind for finding in findings] == ["secret"]
    redacted = text.replace(b"hunter2hunter2", b"<token.token>")
    assert list(lint_cassette("c.yaml", redacted, WELL_KNOWN)) == []


def test_the_head_of_a_long_recording_is_read_without_pyyaml(monkeypatch):
    calls = tuple(Call("x", Success(n), {"page": {"token": "x" * 120}}, (n + 1,)) for n in range(100))
    cassette = Cassette((ONE,) * 100, calls)
    text = written(cassette)
    monkeypatch.setattr(cassette_format, "_read_as_yaml", None)
    assert read(text) == cassette
    assert read(text).calls[99] == replace(calls[99])
