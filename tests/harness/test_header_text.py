"""Header values as text: no byte is lost, and what can be read is."""

from __future__ import annotations

import pytest
from clients_testing import CLIENTS, once, served
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


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_is_played_the_bytes_that_were_sent(tmp_path, client):
    sent = [
        (b"content-disposition", "attachment; filename=Müller €.csv".encode()),
        (b"x-latin", b"M\xfcller"),
        (b"x-many", b"1"),
        (b"x-many", b""),
        (b"x-many", "ü".encode()),
        (b"x-long", b"0123456789" * 500),
    ]
    lines = [b"HTTP/1.1 200 Trouv\xc3\xa9", *(b": ".join(pair) for pair in sent), b"Content-Length: 2"]

    async def read(session):
        said = await session.ask("/users")
        found = [(name.lower(), value) for name, value in said.raw_headers]
        return [said.reason, [[str(value) for value in pair] for pair in found if pair in sent]]

    with served(tmp_path) as project:
        made = project(client, read, {"/users": b"\r\n".join([*lines, b"", b"{}"])})
        stored = made.record(once)
        assert made.record(once) == stored
        assert "filename=Müller €.csv" in stored
        made.replay(once)
        response = made.cassette().interactions[0].response
        played = [(name.encode(), header_bytes(value)) for name, value in response.headers]
        assert sorted(played) == sorted(sent)
