"""JSON documents that say the same are equal, and no others."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.json_meaning import canonical_json, canonical_json_lines, json_leaves


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1, "b": [2, 3]}', b'{"b":[2,3],\n "a":1}'),
        (b'"\\u00fc\\/"', '"ü/"'.encode()),
        (b"1.50", b"1.5"),
        (b"1e2", b"100.0"),
        (b"1E400", b"10e399"),
        (b"[0.10000000000000000055510]", b"[0.1000000000000000005551]"),
        (b'{"b": 1, "a": 1.0e1}', b'{"a": 10.0, "b": 1}'),
        (b'{"b": 1, "a": 1, "a": 2}', b'{"a": 1, "a": 2, "b": 1}'),
        ('{"a": "ü"}'.encode("utf-16"), '{"a": "ü"}'.encode()),
        (b"-0", b"0"),
    ],
)
def test_documents_that_say_the_same(one, other):
    assert canonical_json(one) == canonical_json(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"1", b"1.0"),
        (b"1", b"true"),
        (b"1", b'"1"'),
        (b"0", b"false"),
        (b"null", b'"null"'),
        (b"[]", b"{}"),
        (b"[1, 2]", b"[2, 1]"),
        (b"NaN", b"null"),
        (b"NaN", b'"NaN"'),
        (b"Infinity", b"1e400"),
        (b"1e400", b"1e401"),
        (b"12345678901234567890123", b"12345678901234567890124"),
        (b"9007199254740993.0", b"9007199254740992.0"),
        (b"0.1", b"0.10000000000000001"),
        (b'{"a": 1, "a": 2}', b'{"a": 2, "a": 1}'),
        (b'{"a": 1, "a": 2}', b'{"a": 2}'),
        (b'{"a": 1}', b'{"A": 1}'),
        (b'"\\ud800"', b'"\\ud801"'),
        (b'"\\ud800"', b'"\\\\ud800"'),
    ],
)
def test_documents_that_do_not(one, other):
    assert canonical_json(one) is not None
    assert canonical_json(one) != canonical_json(other) is not None


@pytest.mark.parametrize("body", [b"", b"{", b"a=1", b"{}{}", b'"\xff"', b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json(body):
    assert canonical_json(body) is None


class _Pairs(list):
    """An object, to be told from an array."""


def _meaning(body):
    """A lossless reading that is written another way: values by type, objects as sorted pairs."""

    def of(value):
        if isinstance(value, _Pairs):
            return "object", tuple(
                sorted(((name, of(item)) for name, item in value), key=lambda pair: pair[0])
            )
        return ("array", tuple(map(of, value))) if isinstance(value, list) else (type(value), value)

    return of(json.loads(body, object_pairs_hook=_Pairs, parse_float=Decimal))


def _written(value):
    """A document, with the names of objects as they come, which may be twice the same."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{json.dumps(name)}: {_written(item)}" for name, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return value


LEAVES = st.sampled_from(
    ["1", "1.0", "1.00", "10e-1", "true", "null", '"1"', '"\\u0031"', "0.1", "1e0", "[]"]
)
NAMES = st.sampled_from("ab")
DOCUMENTS = st.recursive(
    LEAVES,
    lambda items: st.lists(items, max_size=3) | st.lists(st.tuples(NAMES, items), max_size=3).map(tuple),
    max_leaves=5,
).map(lambda value: _written(value).encode())


@given(DOCUMENTS, DOCUMENTS)
def test_documents_are_equal_exactly_if_a_lossless_reading_is(one, other):
    assert (canonical_json(one) == canonical_json(other)) == (_meaning(one) == _meaning(other))


def test_lines_of_json():
    assert canonical_json_lines(b'{"a":1}\n{"b":2}\n') == (b'{"a":1}', b'{"b":2}', b"")
    assert canonical_json_lines(b'{"a": 1}\r\n{"b":2}\r\n') == (b'{"a":1}', b'{"b":2}', b"")
    assert canonical_json_lines(b'{"a":1}\n{"b":2}') != canonical_json_lines(b'{"a":1}\n{"b":2}\n')
    assert canonical_json_lines(b'{"b":2}\n{"a":1}') != canonical_json_lines(b'{"a":1}\n{"b":2}')
    assert canonical_json_lines(b'{"a":1}') is None
    assert canonical_json_lines(b'{"a":1}\nx') is None


def test_each_value_has_a_path():
    body = b'{"a": {"b": [1, 1.50, "x"], "c": {}, "d": []}, "a": null, "e": NaN}'
    assert list(json_leaves(body, "body")) == [
        ("body.a.b[0]", "1"),
        ("body.a.b[1]", "1.50"),
        ("body.a.b[2]", '"x"'),
        ("body.a.c", "{}"),
        ("body.a.d", "[]"),
        ("body.a", "null"),
        ("body.e", "NaN"),
    ]
