from __future__ import annotations

import pytest

from connector_contract.people.made_words import MadeWords
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.vocabulary import Vocabulary

STAND_INS = StandIns(b"key")


def words(*records, kept=()):
    vocabulary = Vocabulary()
    vocabulary.learn(PersonalFields().leaves(list(records)))
    return MadeWords(vocabulary, STAND_INS, frozenset(kept), {})


ALICE = {"givenName": "Alice", "familyName": "Martin", "userName": "ally"}
WILL = {"givenName": "Will", "familyName": "Page"}
LI = {"givenName": "Li", "familyName": "明"}


@pytest.mark.parametrize(
    ("spelled", "made"),
    [
        ("Alice", STAND_INS.word("alice").title()),
        ("MARTIN", STAND_INS.word("martin").upper()),
        ("amartin", "a" + STAND_INS.word("martin")),
        ("AMartin", "A" + STAND_INS.word("martin").title()),
        ("ally", STAND_INS.word("ally")),
        ("AliceMartin", STAND_INS.word("alice").title() + STAND_INS.word("martin").title()),
        ("getMartinUsers", "get" + STAND_INS.word("martin").title() + "Users"),
        ("Bob", None),
        ("a", None),
    ],
)
def test_words_everywhere(spelled, made):
    assert words(ALICE).word(spelled) == made


def test_words_that_mean_something_else_are_doubtful():
    found = words(WILL)
    assert found.word("Page") is None
    assert found.doubtful == {"Page"}
    assert found.word("other") is None
    assert found.plain == {"other"}


def test_short_words_are_names_where_they_are_spelled_so():
    found = words(LI)
    assert found.word("Li") is not None
    assert found.word("li") is None
    assert found.word("LI") is None
    assert found.word("明") is None


@pytest.mark.parametrize(
    ("text", "is_replaced"),
    [
        ("Will Page", True),
        ("PAGE, Will", True),
        ("see will.page", True),
        ("will page you", False),
        ("the Page of Will", False),
        ("Page", False),
        ("Page Page", False),
    ],
)
def test_a_doubtful_word_beside_another_of_the_same_person(text, is_replaced):
    found = words(WILL)
    start = text.lower().index("page")
    made = found.beside(text[start : start + 4], text, start, start + 4)
    assert (made is not None) is is_replaced


def test_another_person_s_word_does_not_count():
    found = words(WILL, {"givenName": "Mark", "familyName": "Rose"})
    assert found.beside("Page", "Mark Page", 5, 9) is None


def test_in_a_field_of_a_person_all_words_are_replaced():
    found = words()
    assert found.personal("Page") == STAND_INS.word("page").title()
    assert found.personal("X") == "X"
    assert found.personal("李") == STAND_INS.word("李")


def test_what_is_kept_stays():
    found = words(ALICE, kept={"alice", "amartin"})
    assert found.word("Alice") is None
    assert found.personal("ALICE") == "ALICE"
    assert found.word("amartin") is None


def test_what_is_made_up_stays():
    found = words(ALICE)
    made = found.word("Alice")
    assert found.personal(made) == made
    assert made in found.made_up


def test_names_in_a_text_without_spaces():
    found = words({"givenName": "明", "familyName": "李"})
    made = STAND_INS.word("李") + STAND_INS.word("明")
    assert found.word("请李明联系") == f"请{made}联系"
    assert found.word("明天") is None


def test_umlauts_stay_umlauts_and_what_stands_for_them_stays_that():
    found = words({"givenName": "Jürgen", "familyName": "Groß"})
    made = found.word("Jürgen")
    assert "ü" in made.lower() or any(letter in made for letter in "äöëïÿ")
    plain = found.word("Juergen")
    assert plain.isascii()
    assert len(plain) == len(made) + 1
    assert found.word("jgross") == "j" + STAND_INS.word("gross")
    assert found.word("JÜRGENGroß").lower() == made.lower() + STAND_INS.word("gross")


def test_the_name_of_a_company_is_not_a_login():
    found = words({"userName": "acme", "email": "x@acme.com", "displayName": "X"})
    assert found.word("acme") is None
    assert words({"givenName": "Acme", "email": "x@acme.com"}).word("acme") is not None
