import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.secrets.base64_runs import (
    Run,
    contents,
    digits_in,
    encode_text,
    encoded,
    has_run,
    is_hex,
    runs,
    stretches,
)

DIGITS = base64.b64encode(b"a text that is encoded")


@given(st.binary(min_size=12), st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]), st.booleans())
def test_what_is_encoded_is_found_in_a_text(content, encode, filled):
    spelled = encode(content) if filled else encode(content).rstrip(b"=")
    (run,) = runs(b'{"a": "' + spelled + b'"}')
    assert (run.start, run.end) == (7, 7 + len(spelled))
    assert contents(run.digits) == content
    assert encoded(content, run.digits).rstrip(b"=") == spelled.rstrip(b"=")


@pytest.mark.parametrize("length", [64, 76])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n  "])
@pytest.mark.parametrize("size", [47, 48, 49, 57, 96, 200])
def test_lines_are_one_run(length, end, size):
    content = bytes(number * 7 % 256 for number in range(size))
    digits = base64.b64encode(content)
    lines = end.join(digits[start : start + length] for start in range(0, len(digits), length))
    found = list(runs(b"a:\n" + lines + b"\nthat is all"))
    assert found == [Run(3, 3 + len(lines), digits.rstrip(b"="))]


def test_lines_of_other_lengths_are_runs_of_their_own():
    assert [run.digits for run in runs(b"%b\n%b" % (b"a" * 30, b"b" * 30))] == [b"a" * 30, b"b" * 30]
    assert digits_in(b"%b\n%b" % (b"a" * 30, b"b" * 30)) == [b"a" * 30, b"b" * 30]


def test_a_word_is_no_run():
    assert list(runs(b"words, and num3ers 1234 of_ten")) == []
    assert not has_run(b"words, and num3ers 1234 of_ten")
    assert has_run(DIGITS)


@pytest.mark.parametrize("digits", [b"abcde", b"ab+d-fgh", b"ab/d_fgh"])
def test_what_cannot_be_base64_encodes_nothing(digits):
    assert contents(digits) is None


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ([DIGITS], True),
        ([b"x" + DIGITS[:3], DIGITS], True),
        ([b"the text in hexadecimal".hex().encode()], True),
        ([b"H4sIAAAAAAAA"], True),
        ([base64.b64encode(bytes(range(128, 200)))], False),
        ([b"f" * 40], False),
        ([b"files/" + DIGITS.rstrip(b"=") + b"/download"], True),
        ([], False),
    ],
)
def test_only_digits_of_a_text_are_worth_a_look(digits, expected):
    assert encode_text(digits) is expected


def test_hexadecimal_is_of_pairs():
    assert is_hex(b"0x0aF9")
    assert not is_hex(b"0aF")
    assert not is_hex(b"0aFg")


def test_stretches_are_text():
    assert list(stretches(b"\0short\xffis long enough\x80 and this\0", 8)) == [
        b"is long enough",
        b" and this",
    ]


@pytest.mark.parametrize("after", ["--b0--", "  --b0--", "-----END CERTIFICATE-----"])
def test_a_line_that_begins_with_dashes_is_no_digits(after):
    digits = base64.b64encode(bytes(range(48)))
    assert next(runs(digits + b"\r\n" + after.encode() + b"\r\n")).digits == digits
