"""Forms of names within sentences."""

from __future__ import annotations

import pytest

from connector_contract.people.inflections import genitive_of, stem_of, stems_in
from tests.people_testing import people


@pytest.mark.parametrize(
    ("word", "name"),
    [("toms", "tom"), ("brandvolds", "brandvold"), ("tom", None), ("toss", None), ("als", None)],
)
def test_a_genitive_has_an_s_more(word, name):
    assert genitive_of(word) == name


@pytest.mark.parametrize("word", ["alias", "news", "sales", "systems", "plus"])
def test_a_word_of_its_own_is_no_genitive(word):
    assert genitive_of(word) is None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("петрова", "петровои"),
        ("ольга", "ольгу"),
        ("достоевскии", "достоевского"),
        ("παπαδοπουλοσ", "παπαδοπουλου"),
    ],
)
def test_a_form_has_the_stem_of_its_name(name, form):
    assert stem_of(name) in dict(stems_in(form))


@pytest.mark.parametrize("name", ["вера", "anna", "brandvold", "李伟"])
def test_short_names_and_other_scripts_have_no_stem(name):
    assert stem_of(name) is None


TOM = {"id": "1", "email": "tom.brandvold@norvel.io", "name": "Tom Brandvold"}


@pytest.mark.parametrize(
    "text",
    ["Toms-MacBook-Pro.local", "BRANDVOLDS-PC", "tombrandvolds-mbp", "Brandvolds iPhone", "tbrandvolds"],
)
def test_a_device_that_is_called_after_somebody_is_made_up(text):
    known = people(TOM)
    made = known.text(text)
    assert "brandvold" not in made.casefold()
    assert "tom" not in made.casefold()
    assert made[-1] == text[-1]
    assert known.restored_json(made) == text


def test_a_form_is_made_up_whenever_its_name_becomes_known():
    known = people({"id": "0", "email": "zoe.quillard@norvel.io", "name": "Zoe Quillard"})
    assert known.text("Brandvolds iPhone") == "Brandvolds iPhone"
    known.learn_json(TOM)
    assert "Brandvold" not in known.text("Brandvolds iPhone")


def test_somebody_who_is_called_so_is_another_person():
    known = people(TOM, {"email": "ann.toms@norvel.io", "name": "Ann Toms"})
    assert not known.text("Toms").startswith(known.text("Tom"))


@pytest.mark.parametrize("text", ["marks", "pages", "the news", "sales", "status", "TOMCAT"])
def test_ordinary_words_stay(text):
    known = people(
        {"email": "mark.page@norvel.io", "name": "Mark Page"}, {"name": "Rolf New", "email": "x@y.io"}
    )
    assert known.text(text) == text


def test_cases_of_cyrillic_names_are_made_up():
    known = people({"email": "x@norvel.io", "name": "Ольга Петрова"})
    made = known.text("Доступ для Ольги Петровой, отчёт Петрову, Петров")
    assert "Ольг" not in made
    assert "Петров" not in made
    assert made.startswith("Доступ для ")
