from __future__ import annotations

import pytest

from connector_contract.people.same_people import About, count_people


def about(names="", emails="", logins=""):
    return About(*(frozenset(each.split()) for each in (names, emails, logins)))


ALICE = about("alice martin", "alice@acme.com", "amartin")


@pytest.mark.parametrize(
    "another",
    [
        about("martin alice"),
        about("alice"),
        about("amartin"),
        about("", "", "amartin"),
        about("", "", "alice"),
        about("", "alice@acme.com"),
        about("ally", "alice@acme.com a.martin@acme.org"),
    ],
)
def test_what_says_less_of_a_person_is_about_nobody_else(another):
    assert count_people([ALICE, another]) == count_people([another, ALICE]) == 1


@pytest.mark.parametrize(
    "another",
    [
        about("alice martin", "alice@acme.org"),
        about("alice page"),
        about("alice martin page"),
        about("bob"),
        about("", "", "bob"),
    ],
)
def test_others_are_others(another):
    assert count_people([ALICE, another]) == count_people([another, ALICE]) == 2


def test_addresses_that_some_record_has_together_are_those_of_one():
    one, other, both = about("", "a@acme.com"), about("", "b@acme.com"), about("", "a@acme.com b@acme.com")
    assert count_people([one, other]) == 2
    assert count_people([one, other, both]) == count_people([both, one, other]) == 1


def test_names_alone_are_counted_once():
    assert count_people([about("alice"), about("alice martin"), about("martin")]) == 1
    assert count_people([about("", "", "bob"), about("bob", "", "bob")]) == 1
    assert count_people([]) == 0
