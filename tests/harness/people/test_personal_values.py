from __future__ import annotations

import re

import pytest

from connector_contract.people.made_words import MadeWords
from connector_contract.people.personal_values import PersonalValues, hashes
from connector_contract.people.phones import Phones
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.vocabulary import Vocabulary
from tests.people_testing import made_up, people

STAND_INS = StandIns(b"key")


def shown(kind, value):
    words = MadeWords(Vocabulary(), STAND_INS, frozenset({"kept@acme.com"}), {})
    return PersonalValues(words, Phones(STAND_INS), STAND_INS, lambda text: text).value(kind, value)


def word(text):
    return STAND_INS.word(text)


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("name", "Alice van Martin", f"{word('alice').title()} van {word('martin').title()}"),
        ("name", "alice <a@example.com>", f"{word('alice')} <a@example.com>"),
        ("name", "<b>Alice</b> &amp; 3rd", f"<b>{word('alice').title()}</b> &amp; 3rd"),
        ("login", "amartin2", f"{word('amartin')}2"),
        ("login", "martin1984", f"{word('martin')}{STAND_INS.number('1984')}"),
        ("login", "ACME\\martin", f"ACME\\{word('martin')}"),
        ("login", "admin", "admin"),
        ("login", "550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("email", "martin", word("martin")),
        ("email", "noreply@example.com", "noreply@example.com"),
        ("email", "kept@acme.com", "kept@acme.com"),
        ("email", "SMTP:x@a.test", "SMTP:x@a.test"),
        ("address", "12 Rose St, CA", f"{STAND_INS.number('12')} {word('rose').title()} St, CA"),
        ("number", "EMP-00123", f"EMP-{STAND_INS.number('00123')}"),
        ("number", "550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("number", "n/a", "n/a"),
        ("ip", "10.0.0.1", "10.0.0.1"),
        ("ip", "unknown", "unknown"),
        ("ip", "10.0.0.0/8", "10.0.0.0/8"),
        ("photo", "https://photos.example.com/a.png", "https://photos.example.com/a.png"),
        ("photo", "small", "small"),
        ("name", "", ""),
        ("name", " ", " "),
    ],
)
def test_values_by_their_kind(kind, value, made):
    assert shown(kind, value) == made


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        ("email", "noreply@acme.com", r"noreply@\w+\.example\.com"),
        ("email", "ann\u2603@acme.com", "\\w+\u2603@\\w+\\.example\\.com"),
        ("phone", "+1 415 321 7654", r"\+1 \d{3} 555 01\d\d"),
        ("photo", "https://acme.com/alice.jpg", r"https://photos\.example\.com/[0-9a-f]{32}\.png"),
        ("photo", "data:image/gif;base64,R0lGODlh", r"data:image/gif;base64,[\w+/]+=="),
        ("photo", "d41d8cd98f00b204e9800998ecf8427e", r"[0-9a-f]{32}"),
        ("date", "1985-04-30", r"1985-(0[1-9]|1[0-2])-(0[1-9]|1[0-2])"),
        ("date", "1985-04-30T00:00:00Z", r"1985-\d\d-\d\dT00:00:00Z"),
        ("date", "30/4/1985", r"\d\d/\d\d?/1985"),
        ("ip", "8.8.8.8", r"198\.1[89]\.\d+\.\d+"),
        ("ip", "2a00:1450::1", r"2001:db8::[0-9a-f:]+"),
        ("text", "I <b>code</b> &amp; SING", r"I <b>[a-z]{4}</b> &amp; [A-Z]{4}"),
    ],
)
def test_values_have_another_of_their_form(kind, value, form):
    made = shown(kind, value)
    assert made != value
    assert re.fullmatch(form, made)
    assert shown(kind, value) == made


def test_hashes_that_photos_are_found_by():
    assert hashes(" A@example.com ") == hashes("a@example.com")
    assert [len(each) for each in hashes("a@example.com")] == [32, 64]


def test_a_photo_s_media_type_stays_and_its_file_name_does_not():
    photo = {"content_type": "image/png", "file_name": "alice.png", "url": "https://cdn.acme.com/a.png"}
    made = made_up({"users": [{"displayName": "Alice Martin", "photo": photo}]})["users"][0]["photo"]
    assert made["content_type"] == "image/png"
    assert re.fullmatch(r"[0-9a-f]{16}\.png", made["file_name"])
    assert made["url"].startswith("https://photos.example.com/")


def test_an_address_of_an_old_mail_system_keeps_the_names_of_its_parts():
    address = "X500:/o=Acme/ou=Exchange Administrative Group/cn=Recipients/cn=amartin"
    user = {"displayName": "Alice Martin", "mail": "amartin@acme.com", "proxyAddresses": [address]}
    made = made_up({"users": [user]})["users"][0]
    login = made["mail"].partition("@")[0]
    assert made["proxyAddresses"] == [address.replace("amartin", login)]
    assert login != "amartin"


def test_who_is_called_like_a_street_is_so_in_no_address():
    street = {"addresses": [{"formatted": "12 Foo Lane"}]}
    called = {"userName": "n.lane@acme.com", "name": {"givenName": "Nathan", "familyName": "Lane"}}
    assert " Lane" in made_up([street])[0]["addresses"][0]["formatted"]
    assert "Lane" not in str(made_up([street, called]))


@pytest.mark.parametrize(
    "family", ["van der Berg", "al-Mutairi Ünsal", "de la Cruz", "von Trapp", "El Sayed"]
)
@pytest.mark.parametrize("spell", [str.upper, str.lower])
def test_a_particle_stays_whatever_the_connector_makes_of_the_name(family, spell):
    tenant = people({"users": [{"id": "1", "givenName": "Xavi", "familyName": family}]})
    made = tenant.json({"users": [{"id": "1", "familyName": family}]})["users"][0]["familyName"]
    for before in ("", "x "):
        for told in ("username", "displayName"):
            assert tenant.json({told: f"{before}{spell(family)}, Xavi"})[told].startswith(
                before + spell(made)
            )
    assert tenant.json({"username": "ben.xavi"})["username"].partition(".")[0] != "ben"


@pytest.mark.parametrize(
    "name",
    ["Pieter van der Merwe", "van der Merwe, Pieter", "Merwe, Pieter van der", "Dr. P. van der Merwe Jr."],
)
def test_a_text_about_a_person_has_names_as_a_whole(name):
    record = {"name": "Pieter van der Merwe", "email": "pieter@acme.com"}
    known = people(record, {"name": name, "notes": f"Covers for {name} on Mondays"})
    made = known.json({"name": name, "notes": f"Covers for {name} on Mondays"})
    assert made["name"] in made["notes"]
    assert made["name"] != name


def test_a_text_about_a_person_has_no_other_word_as_it_is():
    notes = "the dog of la Salle: of der van Pieter."
    made = made_up({"name": "Pieter van der Merwe", "email": "p@acme.com", "notes": notes})["notes"].split()
    assert [word in made for word in ("the", "dog", "la", "Salle:")] == [False] * 4
    assert made[-3:-1] == ["der", "van"]
