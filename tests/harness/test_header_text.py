"""Header values as text: no byte is lost, and what can be read is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector_contract.clients.header_text import header_bytes, header_text


@given(st.binary())
@example("ü".encode())
@example(b"M\xfcller")
@example("\N{GREEK SMALL LETTER ALPHA}ü".encode())
def test_a_value_comes_back_to_the_byte(value):
    assert header_bytes(header_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(b"a", "a"), (b"M\xfcller", "Müller"), ("漢字".encode(), "漢字"), ("ü".encode(), "Ã¼")],
)
def test_a_value_is_text_where_that_is_no_guess(value, text):
    assert header_text(value) == text
