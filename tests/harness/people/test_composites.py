from __future__ import annotations

import pytest

from connector_contract.people.composites import spellings, with_initials

ALICE, MARTIN = ("alice", True), ("martin", True)


@pytest.mark.parametrize(
    ("login", "pieces"),
    [
        ("amartin", (("a", False), MARTIN)),
        ("martina", (MARTIN, ("a", False))),
        ("alicem", (ALICE, ("m", False))),
        ("malice", (("m", False), ALICE)),
        ("alicemartin", (ALICE, MARTIN)),
        ("martinalice", (MARTIN, ALICE)),
    ],
)
def test_logins_are_made_of_names(login, pieces):
    assert spellings("Alice", "Martin")[login] == pieces


def test_particles_and_initials_stay_within():
    found = spellings("Anne-Marie", "van der Berg")
    assert found["avanderberg"] == (("a", False), ("van", False), ("der", False), ("berg", True))
    assert found["amvanderberg"][0] == ("a", False)
    assert found["annemarie"] == (("anne", True), ("marie", True))
    assert spellings("Pat", "O'Brien")["pobrien"] == (("p", False), ("o", False), ("brien", True))


def test_names_without_spaces_have_no_initials():
    assert spellings("明", "李") == {
        "明李": (("明", True), ("李", True)),
        "李明": (("李", True), ("明", True)),
    }


def test_half_a_name_has_none():
    assert spellings("Teller", "") == {}


@pytest.mark.parametrize(
    ("login", "pieces"),
    [
        ("ajmartin", (("aj", False), MARTIN)),
        ("martinaj", (MARTIN, ("aj", False))),
        ("smartina", None),
        ("unmartin", (("un", False), MARTIN)),
        ("xyzmartin", None),
        ("martin", None),
    ],
)
def test_a_login_with_other_initials(login, pieces):
    assert with_initials(login, {"martin", "al"}) == pieces


def test_what_stands_before_an_apostrophe():
    found = spellings("Pietro", "D'Angelo")
    assert found["pd"] == (("p", False), ("d", False))
    assert found["pietrod"] == (("pietro", True), ("d", False))
    assert "pl" not in spellings("Pietro", "la Rosa")


def test_an_initial_that_is_two_letters_where_it_is_plain():
    assert spellings("Þór", "Æsir")["thaesir"] == (("th", False), ("aesir", True))
