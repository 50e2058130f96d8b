import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.storage.jsontext import compact, indented, is_json_document, spaced

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)
DOCUMENTS = VALUES.filter(lambda value: isinstance(value, (dict, list)))


def test_a_line_a_field():
    assert indented(b'{"a":1,"b":[],"c":[{"d":"x, y"},null]}') == (
        '{\n  "a": 1,\n  "b": [],\n  "c": [\n    {\n      "d": "x, y"\n    },\n    null\n  ]\n}'
    )


@given(DOCUMENTS, st.booleans())
def test_what_was_indented_can_be_had_back(value, ascii_only):
    tight = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":")).encode()
    loose = json.dumps(value, ensure_ascii=ascii_only).encode()
    text = indented(tight)
    assert json.loads(text) == value
    assert text == indented(loose) == indented(text.encode())
    assert compact(text.encode()) == tight
    assert spaced(text.encode()) == loose


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1, "a": 2}',
        b'{"n": 12345678901234567890.123456789012345678901234567890e10}',
        b'{"s": "\\u0041\\/\\ud83d\\ude80", "k\\"": ": , {"}',
        b'{"n": 1.0, "m": 1e2, "k": -0}',
    ],
)
def test_what_reading_and_writing_json_would_lose_is_kept_as_the_server_wrote_it(text):
    assert spaced(indented(text).encode()) == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'"text"',
        b"{truncated",
        b"[1,",
        b"\xff\xfe{}",
        '{"é":1}'.encode("latin-1"),
        b"<p>{}</p>",
    ],
)
def test_what_is_no_json_document(body):
    assert not is_json_document(body)
    assert indented(body) is None


@pytest.mark.parametrize("body", [b'{"a":NaN}', b'{"a":"\\ud800"}', b"[" * 9999 + b"]" * 9999])
def test_what_python_takes_for_json_and_others_do_not_is_no_text_to_indent(body):
    assert indented(body) is compact(body) is spaced(body) is None
