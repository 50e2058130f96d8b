"""The search for what is a person's finds it in each spelling, and in a clean folder nothing."""

from __future__ import annotations

import base64
import gzip
import html
import json
import unicodedata
from urllib.parse import quote

import pytest
from fake_tenant import API_WORDS, fold, people
from needle_testing import needles_of, search, search_folder

EVERYBODY = people(60)
NEEDLES = needles_of(EVERYBODY)
JOSE, LUKASZ, CJK = EVERYBODY[0], EVERYBODY[3], EVERYBODY[50]

SPELLINGS = {
    "plain": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent-encoded in small letters": lambda text: quote(text, safe="").lower(),
    "percent-encoded without need": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "JSON-escaped": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": text}))[1:-1],
    "escaped by YAML": lambda text: "".join(
        letter
        if ord(letter) < 127
        else f"\\x{ord(letter):02X}"
        if ord(letter) < 256
        else f"\\u{ord(letter):04X}"
        for letter in text
    ),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 of JSON with escapes": lambda text: base64.b64encode(
        json.dumps({"after": text}).encode()
    ).decode(),
    "base64 in a URL": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "base64 of gzip": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "without accents": fold,
    "upper case": str.upper,
    "HTML": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode(),
    "after a line break in JSON": lambda text: rf"seen\n{text}\nby",
}


def personal(person):
    """What is a person's, as far as it is no short or usual word."""
    names = [name for name in (person.given, person.family) if len(name) >= 3 and fold(name) not in API_WORDS]
    full = [person.full] if len(person.full) > 3 or not person.full.isascii() else []
    return [*names, *full, *person.emails, person.phones[0], person.street, person.employee_number]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("person", [JOSE, LUKASZ, CJK], ids=lambda person: person.emails[0])
def test_each_of_a_persons_words_is_found_in_each_spelling(spelling, person):
    for text in personal(person):
        line = f'{{"value": "{SPELLINGS[spelling](text)}"}}'
        assert search(NEEDLES, {"a.yaml": f"interactions:\n{line}\n"}), text


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.emails[0])
def test_everybody_is_found(person):
    for text in personal(person):
        assert NEEDLES.in_line(f"<{text}>"), text


@pytest.mark.parametrize(
    "text",
    [
        "DRASPONTVEPFOR, José",
        "x-draspontvepfor_7",
        "camelDraspontvepforCase",
        "the jdraspontvepforx",
        "7457902690",
        "1-745-790.26 90",
    ],
)
def test_the_parts_of_a_person_are_found_apart(text):
    assert NEEDLES.in_line(text)


def test_a_hit_says_where_it_is():
    (hit,) = search(needles_of([JOSE]), {"a.yaml": "one\n  name: Draspontvepfor\n"})
    assert str(hit) == "a.yaml:2: name 'Draspontvepfor' in: name: Draspontvepfor"


def test_the_name_of_a_file_is_searched_too():
    assert [hit.line for hit in search(needles_of([JOSE]), {"test_x[draspontvepfor].yaml": ""})] == [0]


def test_what_is_wrapped_over_two_lines_is_found():
    text = base64.b64encode(f"{'before ' * 5}Draspontvepfor".encode()).decode()
    lines = f"body: !!binary |\n{' ' * 20}{text[:52]}\n{' ' * 20}{text[52:]}\n"
    assert search(NEEDLES, {"a.yaml": lines})


@pytest.mark.parametrize(
    "line",
    [
        "GET https://example.com/users?page=2&active=true&will=may",
        "Admin Group Page Active User rose",
        "2024-05-01T09:00:00+00:00 201-555-0123 id 00u60857130001 1234567890123",
        "after=eyJhZnRlciI6ICJ1c2VyLTciLCAicGFnZSI6IDN9",
        "the josephine lukaszewski of anything zoology",
        "van der and de la, anne smith",
        "\\u00e9 \\\\ %zz & &amp; &nothing; ==== ////// %",
    ],
)
def test_what_is_nobodys_is_not_found(line):
    assert NEEDLES.in_line(line) == frozenset()


def test_a_clean_folder_has_nothing_and_a_planted_word_is_found(tmp_path):
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "cassettes" / "a.yaml").write_text("version: 1\nbody: |\n  {'name': 'Somebody'}\n", "utf-8")
    (tmp_path / "junit.xml").write_text('<testcase name="test_x[active]"/>', "utf-8")
    (tmp_path / "pixels.png").write_bytes(bytes(range(256)))
    assert search_folder(NEEDLES, tmp_path) == []
    (tmp_path / "cassettes" / "b.yaml").write_text(f"a: 1\nb: {quote(LUKASZ.full)}\n", "utf-8")
    assert {(hit.file, hit.line) for hit in search_folder(NEEDLES, tmp_path)} == {("cassettes/b.yaml", 2)}


def test_some_people_alone_can_be_looked_for():
    assert not needles_of([LUKASZ]).in_line(JOSE.full)
