from __future__ import annotations

from connector_contract.people.listed import listed


def test_the_words_of_a_table():
    assert listed("a b  c b") == {"a", "b", "c"}
