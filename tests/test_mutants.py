"""The mutants of MockApp's connector: which there are, and what their page says of them."""

from __future__ import annotations

import pytest

from benchmarks.mutants import PACKAGE, PAGE, ROOT, Which, chosen, made
from benchmarks.mutants_by_hand import BY_HAND
from benchmarks.mutants_explained import EQUIVALENT, SURVIVORS
from benchmarks.mutants_page import page
from benchmarks.mutations import Mutant, mutants
from benchmarks.reached import reached

SOURCE = """
def read(page, size=1):
    if page.total < size or not page.items:
        raise InvalidResponseError(message="is True")
    return FoundAccountData(email=page.email, username=page.name)
"""


def test_each_rule_changes_one_place():
    found = [(each.what, each.old, each.new) for each in mutants("a.py", SOURCE)]
    assert ("a comparison is another one", "page.total < size", "page.total <= size") in found
    assert ("a check is gone", "page.total < size or not page.items", "False") in found
    assert ("half of a condition is gone", "page.total < size or not page.items", "not page.items") in found
    assert ("one more", "1", "2") in found
    mapped = "FoundAccountData(email=page.email, username=page.name)"
    swapped = "FoundAccountData(email=page.name, username=page.email)"
    assert ("two arguments are swapped", mapped, swapped) in found
    assert ("an argument is dropped", mapped, "FoundAccountData(email=page.email)") in found
    # What a person reads is left alone.
    assert not any("is True" in old for _, old, _ in found)
    for each in mutants("a.py", SOURCE):
        assert each.of(SOURCE) != SOURCE


def test_a_change_by_hand_has_to_be_where_it_is_expected():
    mutant = Mutant("a.py", "read", "by hand", "page.name", "page.id")
    assert "username=page.id" in mutant.of(SOURCE)
    with pytest.raises(ValueError, match="has this 2 times"):
        mutant.of(SOURCE + SOURCE)


def test_there_are_enough_and_each_can_be_made():
    every = chosen()
    assert len(every) >= 150
    assert len({mutant.name for mutant in every}) == len(every)
    for mutant in every:
        source = (ROOT / PACKAGE / mutant.file).read_text("utf-8")
        compile(mutant.of(source), mutant.file, "exec")


def test_what_is_explained_is_a_mutant():
    names = {mutant.name for each in made().values() for mutant in each} | {each.name for each in BY_HAND}
    assert not {*EQUIVALENT, *SURVIVORS} - names
    assert not EQUIVALENT.keys() & SURVIVORS.keys()


def test_a_capability_reaches_what_it_uses():
    sources = {
        "a.py": "async def lists(args):\n    async with Client() as client:\n"
        "        return await client.users()\n",
        "b.py": "class Client:\n    async def __aenter__(self): return open_it()\n"
        "    async def users(self): return ask()\n    async def groups(self): return ask()\n",
        "c.py": "def ask(): return 1\ndef open_it(): return 1\ndef deletes(args): return ask()\n",
    }
    found = reached(sources, frozenset({"lists", "deletes"}))
    assert found["ask"] == {"lists", "deletes"}
    assert found["users"] == found["open_it"] == {"lists"}
    assert "groups" not in found


def test_a_run_has_the_tests_of_its_capabilities():
    about = Which(frozenset({"list_accounts"}))
    assert about.has("t.py::C::test_page_size[list_accounts--1]")
    assert about.has("t.py::C::reads[list_accounts-5]::faults[list_accounts-1]")
    assert not about.has("t.py::C::reads[list_resources-5]::faults[list_resources-1]")
    assert not about.has("t.py::C::test_info")
    assert Which(frozenset(), others=True).has("t.py::C::test_tokens[none]")


def test_the_page_counts_and_explains():
    one, two, three = (Mutant("a.py", "read", "one more", str(number), "9", 0) for number in (1, 2, 3))
    by_hand = Mutant("a.py", "read", "a record is lost", "4", "")
    text = page(
        [one, two, three, by_hand],
        {one.name: "contract", two.name: "faults", three.name: "", by_hand.name: ""},
    )
    assert "| one more | 3 | 0 | 1 | 1 | 1 |" in text
    assert "| by hand | 1 | 0 | 0 | 0 | 1 |" in text
    assert "**2 of 4, 50 %**" in text
    assert "- `a.py read`, a record is lost: `4` becomes nothing: (not explained)" in text


def test_each_that_nothing_names_is_explained():
    assert "(not explained)" not in PAGE.read_text("utf-8")
