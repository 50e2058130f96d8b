from __future__ import annotations

import pytest

from connector_contract.people.machines import is_of_role
from connector_contract.people.name_words import (
    camel_parts,
    given_and_family,
    name_words,
    words_in,
)


def test_words_of_names():
    assert list(name_words("Dr. Anne-Marie O'Brien van der Berg X")) == ["anne", "marie", "brien", "berg"]
    assert list(name_words("李 明")) == ["李", "明"]
    assert words_in("getHTTPUsers_by-id") == ["get", "HTTP", "Users", "by", "id"]
    assert camel_parts("AliceMartin") == ["Alice", "Martin"]
    assert camel_parts("ALICE") == ["ALICE"]


def test_names_as_a_whole():
    assert given_and_family("Alice van Martin") == ("Alice", "van Martin")
    assert [each.strip() for each in given_and_family("MARTIN, Alice")] == ["Alice", "MARTIN"]
    assert given_and_family("Teller") == ("Teller", "")


def test_logins_of_roles():
    assert is_of_role("no-reply")
    assert not is_of_role("alice.admin")
    assert not is_of_role("123")


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Ben", "given_name", ["ben"]),
        ("Ben Smith", "name", ["ben", "smith"]),
        ("BEN SMITH", "name", ["ben", "smith"]),
        ("Le", "family_name", ["le"]),
        ("LE, Anna", "name", ["le", "anna"]),
        ("Le Gall", "family_name", ["gall"]),
        ("Anna van der Berg", "name", ["anna", "berg"]),
        ("van der Berg, Anna", "name", ["berg", "anna"]),
        ("VAN DER BERG, Anna", "name", ["berg", "anna"]),
        ("Dr. Al Du", "name", ["du"]),
        ("Al Du", "name", ["al", "du"]),
        ("ben.smith", "login", ["ben", "smith"]),
        ("anna.van.berg", "login", ["anna", "berg"]),
        ("Ann Lee, PhD", "name", ["ann", "lee"]),
    ],
)
def test_particles_where_another_word_follows(text, kind, words):
    assert list(name_words(text, kind)) == words
