"""Whole documents in which people stood in fields that seldom have them."""

from __future__ import annotations

import json

import pytest

from tests.people_testing import people

PERSON = {"id": "1", "email": "x@norvel.io", "name": "Severin Dahlqvist"}


def left_of(value, *needles):
    text = json.dumps(people(value).json(value), ensure_ascii=False)
    return [needle for needle in needles if needle in text]


@pytest.mark.parametrize(
    ("value", "needles"),
    [
        ({"issues": [{"id": "1", "assignee": "sdahlq", "reporter": "mharagh"}]}, ("sdahlq", "mharagh")),
        (
            {"issues": [{"createdBy": "sdahlq", "owner": "Severin", "manager": "Dahlqvist"}]},
            ("sdahlq", "Severin"),
        ),
        ({"group": {"name": "g", "members": ["sdahlq", "mharagh"]}}, ("sdahlq", "mharagh")),
        ({"type": "group", "owner": "Severin Dahlqvist", "name": "g"}, ("Severin", "Dahlqvist")),
        (
            {"sys_created_by": "fred.luddyson", "caller_id": "Abel Tuterdale"},
            ("fred", "luddyson", "Tuterdale"),
        ),
        ({"teamLead": "Severin Dahlqvist", "accountExecutive": "Quill Fen"}, ("Severin", "Quill")),
        ({"emergencyContactName": "Severin Dahlqvist", "spouse": "Maeve Haraghan"}, ("Severin", "Maeve")),
        (
            {"login": "a1", "dependents": [{"name": "Maeve Haraghan", "birth": "2012-03-04"}]},
            ("Maeve", "2012-03-04"),
        ),
        ({"user": "qquuz", "mail": "z@norvel.io", "fullname": "Zed Mortens"}, ("qquuz", "Zed")),
        ({"FIRST_NAME": "Severin", "LAST_NAME": "Dahlqvist", "USERID": "SDAHLQ"}, ("Severin", "SDAHLQ")),
        ({"nameFirst": "Severin", "nameLast": "Dahlqvist"}, ("Severin", "Dahlqvist")),
        ({"personName": {"content": "Severin Dahlqvist"}}, ("Severin", "Dahlqvist")),
        ({"login": "a1", "nicknames": [{"value": "Sevvo"}]}, ("Sevvo",)),
        (
            {"vorname": "Severin", "nachname": "Dahlqvist", "benutzername": "sdahlq", "ort": "Graz"},
            ("Sev", "sd", "Graz"),
        ),
        ({"prénom": "Séverine", "nom": "Dalquiste", "ville": "Nantes"}, ("Séverine", "Dalquiste", "Nantes")),
        ({"nombre": "Severino", "apellidos": "Dalquisto"}, ("Severino", "Dalquisto")),
        ({"nome": "Severina", "cognome": "Dalquista", "indirizzo": "Via Lunga 3"}, ("Severina", "Lunga")),
        ({"voornaam": "Sevrijn", "achternaam": "Dalkwist"}, ("Sevrijn", "Dalkwist")),
        ({**PERSON, "zip": 94117}, ("94117",)),
        ({"login": "a1", "addresses": [{"postalCode": "SW1A 2AA"}]}, ("SW1A", "2AA")),
        ({"login": "a1", "address": "4 Mews, Bath BA1 2QR, UK"}, ("BA1", "2QR")),
        (
            {"login": "a1", "postalCode": "K1A 0B1", "city": "1012 AB Amstelveld"},
            ("K1A", "0B1", "1012", "AB"),
        ),
        (
            {
                "Address_Data": {
                    "Address_Line_Data": "9 Cobblers",
                    "Municipality": "Tilbury",
                    "Postal_Code": "94117",
                }
            },
            ("Cobblers", "Tilbury", "94117"),
        ),
        (
            [{**PERSON, "city": "Poughkeepsie"}, {"client": {"geo": {"city": "Poughkeepsie"}}}],
            ("Poughkeepsie",),
        ),
        (
            {**PERSON, "contact_methods": [{"type": "phone_contact_method", "address": "4155559981"}]},
            ("4155559981",),
        ),
        (
            {"primaryEmail": "a@norvel.io", "externalIds": [{"value": "99127", "type": "organization"}]},
            ("99127",),
        ),
        ({"n": "x", "p": "+46 8 123 456 78"}, ("123 456",)),
        (
            {
                **PERSON,
                "photo": {
                    "content_url": "https://z.io/sevvi.png",
                    "thumbnails": [
                        {"url": "https://z.io/sevvi_t.png", "file_name": "sevvi_t.png"},
                        {"sizes": {"small": {"content_url": "https://z.io/sevvi_s.png?X-Expires=300"}}},
                    ],
                },
            },
            ("sevvi",),
        ),
        ({"wd:Phone_Number_Without_Area_Code": "731 4456"}, ("731", "4456")),
        ({"phoneNumberFormatted": "731-4456", "national": "x"}, ("731", "4456")),
        ([{**PERSON, "employeeNumber": 884213}, {"ids": [884213]}], ("884213",)),
        ({**PERSON, "nin": "QQ123456C", "iban": "DE89370400440532013000"}, ("123456", "8937")),
        ({**PERSON, "born": "1984-03-07", "birth": {"date": "07/03/1984"}}, ("03-07", "07/03")),
        (
            {
                **PERSON,
                "twitter": "@sevdahl",
                "skype": "live:sevdahl",
                "linkedIn": "www.linkedin.com/in/sevdahl",
            },
            ("sevdahl",),
        ),
        ([PERSON, {"department": "Dahlqvist"}, {"title": "ask Dahlqvist"}], ("Dahlqvist",)),
    ],
)
def test_people_are_found(value, needles):
    assert left_of(value, *needles) == []


@pytest.mark.parametrize(
    "value",
    [
        {"sort_by": "name", "grouped_by": "Region", "order_by": "Last Login"},
        {"owner": "team-platform", "managed_by": "terraform", "created_by": "system", "updatedBy": "u1"},
        {
            "assignee": None,
            "reporter": "00u1abcd",
            "members": ["u1", "u2", "W012A3"],
            "approver": "unassigned",
        },
        {"repository_owner": "Netflix", "package_manager": "npm", "owner": "platform"},
        {"items": [{"nombre": "Ventas", "ville": "Nantes"}, {"nome": "Vendas"}]},
        {"id": "1", "user": "u1", "email": None, "github": "acme/repo", "sin": "x"},
        {"user": {"id": "u1", "userId": "W012A3CDE"}, "born": "x"},
        {"offset": "+02:00", "delta": "+12", "dial": "+46", "count": 884213},
        {"office": {"name": "HQ", "zone": "SW1A 2AA", "zip": 94117}},
        {"type": "role", "kind": "group", "level": "Haraghan"},
        {"products": [{"name": "Lamp", "thumbnails": [{"url": "https://z.io/lamp_thumb.png"}]}]},
        {
            "phoneNumberId": "41555512345",
            "phone_number_verified_at": "2024-01-01",
            "phoneNumberCount": "4155",
        },
        {"fields": [{"id": "supervisor", "type": "employee", "name": "Supervisor"}], "job": "Supervisor"},
    ],
)
def test_what_is_nobodys_stays(value):
    assert people(value).json(value) == value


def test_an_id_of_a_person_is_no_login():
    value = {"email": "x@norvel.io", "fullname": "Zed Mortens", "user": "u1", "userId": "U012AB34"}
    made = people(value).json(value)
    assert (made["user"], made["userId"]) == ("u1", "U012AB34")


def test_what_a_handle_is_on_stays():
    value = {**PERSON, "linkedin": "https://linkedin.com/in/sev-dahl", "skype": "live:sevdahl"}
    known = people(value)
    made = known.json(value)
    assert made["linkedin"].startswith("https://linkedin.com/in/")
    assert made["skype"].startswith("live:")
    assert known.text("live on linkedin.com") == "live on linkedin.com"


def test_domains_that_are_keys_are_made_up():
    known = people(PERSON, {"norvel.io": ["1"]})
    assert list(known.json({"norvel.io": ["1"]})) == [known.text("norvel.io")]
    assert "norvel" not in known.text("norvel.io")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dahlq", "*****"),
        ("Dahlq tsivqlhaD nireveS", "***** ********* *******"),
        ("x@norv", "x@****"),
        ("x@norvel.io", "*@******.**"),
        ("of Sever and others", "of ***** and others"),
    ],
)
def test_a_piece_of_a_name_is_not_shown(text, shown):
    assert people(PERSON).hidden(text, "of others") == shown


def test_what_both_texts_have_is_shown():
    known = people(PERSON, {"email": "akt@norvel.io"})
    made = known.text("AKT")
    assert known.hidden(f"{made} {made}", f"{made} AKT") == f"{made} {made}"
    assert known.hidden(f"{made} AKT", f"{made} {made}") == f"{made} ***"
    assert known.hidden("a Sever", "the Sever") == "a Sever"


def test_what_is_made_up_is_shown():
    known = people(PERSON)
    for text in (known.text("Severin Dahlqvist"), "a list of 3", "2024-01-01", "Admin"):
        assert known.hidden(text, "") == text
