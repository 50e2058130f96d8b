"""What the end of a recording says of made-up people."""

from __future__ import annotations

import pytest

from connector_contract.personal_kinds import KINDS, MAKE_KEY
from connector_contract.reporting.people_counts import PeopleCounts
from connector_contract.reporting.people_lines import people_lines


def test_people_fields_and_values_are_counted():
    fields = {"phone": 20, "email": 530, "name": 1000, "given_name": 12, "family_name": 12, "photo": 0}
    assert people_lines(PeopleCounts(512, fields, 12345)) == [
        "People: 512 made up (1,024 names, 530 e-mail addresses, 20 telephone numbers), "
        "12,345 values replaced."
    ]


def test_one_of_each():
    assert people_lines(PeopleCounts(1, {"photo": 1, "text": 1, "address": 1, "email": 1}, 1)) == [
        "People: 1 made up (1 e-mail address, 1 postal address, 1 text, 1 photo), 1 value replaced."
    ]
    assert people_lines(PeopleCounts(1, {}, 1)) == ["People: 1 made up, 1 value replaced."]


@pytest.mark.parametrize("kind", [*KINDS, "login", "number", "date", "ip"])
def test_each_kind_has_words(kind):
    assert "(2 " in people_lines(PeopleCounts(1, {kind: 2}, 2))[0]


def test_nobody():
    assert people_lines(PeopleCounts()) == ["People: none found, so nobody is made up."]
    # It costs nothing to have no key for nobody.
    assert people_lines(PeopleCounts(has_key=False)) == people_lines(PeopleCounts())


def stayed(number):
    return tuple((f"users[].f{each}", "an e-mail address") for each in range(number))


@pytest.mark.parametrize(
    ("number", "more"), [(1, []), (5, []), (6, ["  and 1 more"]), (1205, ["  and 1,200 more"])]
)
def test_what_stayed_is_named_by_its_place(number, more):
    lines = people_lines(PeopleCounts(1, {}, 1, stayed(number)))
    shown = [f"  users[].f{each}: an e-mail address" for each in range(min(number, 5))]
    assert lines[1:] == [
        "Looks personal, and is stored as it is:",
        *shown,
        *more,
        'To replace a field, name it by its kind: personal_data={"name": "users[].nick"}',
        "What a test names itself stays as it is: have it name somebody who is made up.",
    ]


def test_a_place_that_is_told_twice_counts_once():
    lines = people_lines(PeopleCounts(1, {}, 1, stayed(5) * 3))
    assert not [line for line in lines if "more" in line]
    assert len(lines) == 9


def test_nothing_in_the_servers_names_moves_a_cursor():
    lines = people_lines(PeopleCounts(1, {}, 1, (("a\n\x1b[31m" + "x" * 200, "a name\n"),)))
    assert lines[2].startswith("  a\\n\\x1b[31mxxx")
    assert lines[2].endswith("more letters): a name\\n")


def test_without_a_key_it_says_what_that_costs_and_how_to_make_one():
    assert people_lines(PeopleCounts(2, {}, 2, has_key=False))[1:] == [
        "No key for made-up people: they are numbered in order, so one person more or less in the tenant "
        "changes others, too, and nobody is known from recordings of another run or process. "
        "Make a key, and add .contract-people-key to .gitignore:",
        f"  {MAKE_KEY}",
    ]


def test_a_path_that_leads_nowhere_is_told():
    lines = people_lines(PeopleCounts(2, {}, 2, unfound=(("name", "rows[][1]"),) * 2))
    assert lines[1:] == [
        "No response that was read has anything at rows[][1] (personal_data, name): check the path."
    ]
