"""Records of further applications: audit logs, reports of HR, fields that customers define, sandboxes."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.people_testing import made_up, people

IP, NAME = "81.2.69.78", "Severin Dahlqvist"
LOGIN = {"email": "severin.dahlqvist@norvel.io", "firstName": "Severin", "lastName": "Dahlqvist"}


def text_of(value, *more):
    return json.dumps(made_up(value, *more), ensure_ascii=False)


@pytest.mark.parametrize(
    "event",
    [
        {"entity_type": "Group", "details": {"author_name": NAME, "ip_address": IP}},
        {"entity_type": "Group", "author_name": NAME, "ip_address": IP},
        {"resource_type": "document", "actor": {"name": NAME}, "SourceIp": IP},
        {"type": "group", "name": "Payroll", "ownerName": NAME, "lastLoginIp": IP},
        {"remoteAddress": IP},
        {"ipaddr": IP},
        {"network": {"client": {"ip": IP}}},
        {"location": {"ip": IP}},
        {"access_device": {"ip": IP}},
        {"Session_IP_Address": IP, "login_ip": IP, "from_ip": IP, "signInIp": IP},
        {"user": NAME, "ip": IP},
        {"action": {"type": "org_user_create", "details": {"target": NAME, "to": "s.dahlqvist@norvel.io"}}},
    ],
)
def test_who_did_something_and_from_where(event):
    shown = text_of(event)
    assert [each for each in ("Severin", "Dahlqvist", IP) if each in shown] == []


@pytest.mark.parametrize(
    "thing",
    [
        {"hostname": "web-01", "ip": IP},
        {"server_ip": IP, "private_ip": IP},
        {"type": "team", "contact_name": "Support Desk", "name": "IT"},
        {"keyed_custom_fields": {"referrer": {"name": "Referrer", "type": "user", "value": None}}},
        [{"name": "Onboarding Buddy", "type": "user", "name_key": "onboarding_buddy"}],
        {"account": {"name": "Kestrel", "slug": "kestrel"}},
        {"version": "1.2.3.4", "ip": "10.0.0.1"},
    ],
)
def test_what_is_no_persons_stays(thing):
    assert made_up(thing, LOGIN) == thing


def test_an_account_may_be_somebodys_and_have_a_slug():
    shown = text_of({"account": {"name": "sdahlq", "displayName": NAME, "slug": "sdahlq"}})
    assert "Severin" not in shown


@pytest.mark.parametrize(
    "report",
    [
        {"Home_Address_-_Formatted": "1847 Larkspur Terrace, Sausalito 94965"},
        {"Address_-_Home_-_Line_1": "1847 Larkspur Terrace"},
        {"MailingStreet": "1847 Larkspur Terrace", "homeAddressFull": "1847 Larkspur Terrace"},
        {"Phone_-_Primary_Home": "415 630 4471", "Landline": "4156304471", "personalMobile": "415 630 4471"},
        {"HRBP": NAME, "reports_to": NAME, "Full_Legal_Name": NAME, "sourcer": NAME},
        {"Geb.-Datum": "07.03.1971", "Mitarbeiter-Nr": "77123"},
        {"manager_employee_id": 77123, "matricule": "77123"},
    ],
)
def test_the_fields_of_reports(report):
    shown = text_of(report)
    needles = ("Larkspur", "94965", "630 4471", "6304471", "Severin", "Dahlqvist", "07.03", "77123")
    assert [each for each in needles if each in shown] == []


def test_a_hash_of_an_address_is_found_whatever_digits_it_has():
    emails = [f"p{number}.dahlqvist@norvel.io" for number in range(300)]
    known = people([{"email": email} for email in emails])
    for email in emails:
        spelled = hashlib.md5(email.encode(), usedforsecurity=False).hexdigest()
        made = hashlib.md5(known.text(email).encode(), usedforsecurity=False).hexdigest()
        assert known.text(f"/avatar/{spelled}") == f"/avatar/{made}"
        assert known.text(spelled.upper()) == made.upper()


@pytest.mark.parametrize(
    ("login", "spelled"),
    [
        ("m.alqahtani", "https://malqahtani.dev"),
        ("xiaoming.wang", "live:xiaomingwang"),
        ("m.alqahtani@norvel.io", "linkedin.com/in/malqahtani"),
    ],
)
def test_a_login_without_its_signs(login, spelled):
    known = people({"login": login, "firstName": "محمد", "lastName": "القحطاني"})
    made = known.json({"login": login})["login"].partition("@")[0].replace(".", "")
    assert known.text(spelled) == spelled.replace(login.partition("@")[0].replace(".", ""), made)


def test_the_first_of_two_family_names_beside_the_given_one():
    value = {"id": "9", "name": "Ifeoma Okonkwo-Reyes", "values": [{"text": "ifeoma.okonkwo@norvel.io"}]}
    shown = text_of(value)
    assert [each for each in ("Ifeoma", "Okonkwo", "Reyes", "ifeoma") if each in shown] == []


@pytest.mark.parametrize(
    "joined",
    [
        "csv-severin.dahlqvist@norvel.io",
        "okta.severin.dahlqvist@norvel.io",
        "guest_severin.dahlqvist@norvel.io",
        "severin.dahlqvist+lumos@norvel.io",
        "severin.dahlqvist-admin@norvel.io",
    ],
)
def test_a_word_that_a_connector_joins_to_an_address_is_nobodys(joined):
    known = people(LOGIN)
    answer = [{"email": joined, "username": joined}]
    known.keep_own_words(answer, lambda word: word in ("severin", "dahlqvist", "norvel", "io"))
    known.learn_json(answer)
    own = known.text(LOGIN["email"]).partition("@")
    made = joined.replace("severin.dahlqvist", own[0]).replace("norvel.io", own[2])
    assert known.json(answer) == [{"email": made, "username": made}]
    assert known.uri("/export.csv?okta=lumos") == "/export.csv?okta=lumos"


def test_a_word_that_the_upstream_joins_to_an_address_is_made_up():
    known = people(LOGIN, {"email": "severin.dahlqvist+brandulo@norvel.io"})
    assert "brandulo" not in known.text("severin.dahlqvist+brandulo@norvel.io")


def test_an_employees_id_that_a_record_is_called_by_stays():
    directory, users = [{"id": "103", **LOGIN}], [{"employeeId": 103, "email": LOGIN["email"]}]
    known = people(directory, users)
    assert known.json(users)[0]["employeeId"] == 103
    assert known.json(directory)[0]["id"] == "103"
    others = known.json([{"employee_id": "104", "manager_employee_id": 104}])[0]
    assert others["employee_id"] == str(others["manager_employee_id"]) != "104"


@pytest.mark.parametrize("mark", ["uat", "fullcopy", "invalid"])
def test_an_address_in_a_sandbox(mark):
    known = people({**LOGIN, "Username": f"{LOGIN['email']}.{mark}"})
    assert known.text(f"{LOGIN['email']}.{mark}") == f"{known.text(LOGIN['email'])}.{mark}"


def test_a_domain_of_a_country_is_no_sandbox():
    known = people(LOGIN, {"email": "a.b@norvel.com.au"}, {"email": "a.b@norvel.com"})
    assert known.text("a.b@norvel.com.au").partition("@")[2] != f"{known.text('norvel.com')}.au"


def test_a_job_title_that_several_have_is_an_ordinary_word():
    others = [{"firstName": f"Q{x}ll", "lastName": f"Z{x}rd", "jobtitle": "Dahlqvist"} for x in "aeiou"]
    assert {each["jobtitle"] for each in made_up([*others, LOGIN])[:5]} == {"Dahlqvist"}


def test_a_word_in_camel_case_beside_another_of_the_same_person():
    known = people({"firstName": "Rose", "lastName": "Dahlqvist"})
    assert known.text("RoseDahlqvistTeam") == known.text("Rose Dahlqvist").replace(" ", "") + "Team"
    assert known.text("RoseTeam") == "RoseTeam"


def test_one_character_of_a_name_is_not_shown():
    assert people({"firstName": "小明", "lastName": "王"}).hidden("王", "明小") == "*"


def test_references_within_an_address_stay():
    made = made_up({"Formatted_Address": "77 Quillfeather Lane&#xa;Oakland"})["Formatted_Address"]
    assert "&#xa;" in made
    assert "Quillfeather" not in made


def test_an_address_of_two_words_of_somebody_is_no_address_of_one():
    known = people({"email": "will@norvel.io"}, {"email": "will.page@norvel.io", "name": "Will Page"})
    assert "page" not in known.text("will.page@norvel.io")
