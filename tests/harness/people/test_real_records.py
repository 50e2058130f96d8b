"""Records of real APIs with people who stood where nobody looked for them, and with what is nobody's."""

from __future__ import annotations

import json

import pytest

from tests.people_testing import left_of, people, unchanged

ANN = {"id": "1", "userName": "ann.quill@norvel.io", "name": {"givenName": "Ann", "familyName": "Quill"}}


@pytest.mark.parametrize(
    ("value", "needles"),
    [
        # Salesforce, ServiceNow and Graph: fields of a tenant's own are marked.
        (
            {"attributes": {"type": "User"}, "Birthdate__c": "1991-04-05", "Spouse_Name__c": "Jon"},
            ("04-05", "Jon"),
        ),
        ({"sys_class_name": "sys_user", "name": "Tore", "u_birth_day": "12/31/1978"}, ("Tore", "12/31")),
        (
            {"displayName": "X", "extension_ab603c56068041afb2f6832e2a17e237_birthName": "Cruzado"},
            ("Cruzado",),
        ),
        ({"login": "a1", "cf_birthday": "1990-01-09", "Extension": "4432"}, ("01-09", "4432")),
        ({**ANN, "formerName": "Ann Lind", "previous_names": ["Ann Lund"]}, ("Lind", "Lund")),
        # Whatever the type of a record is called.
        ({"data": [{"gid": "2", "resource_type": "user", "name": "Zoltán"}]}, ("Zoltán",)),
        ({"record_type": "contact", "name": "Jan Roos"}, ("Jan", "Roos")),
        ({"resourceType": "user", "resourceName": "Tove Janss"}, ("Tove", "Janss")),
        # Audit logs name a field after whose it is.
        ({"actorIp": "93.184.216.34", "sourceIPAddress": "93.184.216.35"}, ("93.184",)),
        ({"custom_attributes": {"employee_alias": "hzlk"}}, ("hzlk",)),
        (
            {"id": "0ua", "type": "AppUser", "alternateId": "mharagh", "displayName": "Maeve H"},
            ("mharagh", "Maeve"),
        ),
        ({**ANN, "externalId": "vdberg.j"}, ("vdberg",)),
        # Workday has an id after a name; in Korea, a second part of a name begins with a small letter.
        ({"Employee_ID": "100927", "Worker": "Olivia Grace (100927)"}, ("Olivia", "Grace", "100927")),
        ({"Employee_ID": "1", "Manager": "Tyrone Okeke / 100112"}, ("Tyrone", "Okeke")),
        ({"custom_fields": [{"name": "Emergency contact", "value": "Park Seo-yeon"}]}, ("Park", "yeon")),
        # Vietnamese names have the family name first.
        (
            {
                "user": {**ANN, "name": {"givenName": "Nguyễn", "familyName": "Thị Ánh"}},
                "note": "by anguyen",
            },
            ("anguyen",),
        ),
        # Where somebody's own domain is called like a login of theirs.
        (
            {
                "login": "s_odonnell",
                "name": "Siobhán O'Donnell",
                "email": "s@odonnell.family",
                "web_url": "https://git.io/s_odonnell",
            },
            ("s_odonnell",),
        ),
        # Words that mean something else, beside a composite of the same person, and as the name of a host.
        (
            {
                "givenName": "Mark",
                "surname": "de la Cruz",
                "mail": "m@norvel.io",
                "mySite": "https://x.com/personal/mark_delacruz",
            },
            ("mark_",),
        ),
        (
            {
                "email": "w@norvel.io",
                "firstName": "Will",
                "lastName": "Page",
                "sites": ["https://will-page.dev"],
            },
            ("will-page",),
        ),
        # Dropbox, ADP and PagerDuty.
        ({"profile": {"name": {"given_name": "Franz", "familiar_name": "Franzl"}}}, ("Franzl",)),
        ({**ANN, "persistent_id": "ferdfranz"}, ("ferdfranz",)),
        (
            {"reportsTo": [{"reportsToWorkerName": {"formattedName": "Krogh, Per-Åge"}}]},
            ("Krogh", "Åge"),
        ),
        (
            {
                "person": {
                    "legalName": {"givenName": "Ann"},
                    "governmentIDs": [{"idValue": "999-88-7777", "nameCode": {"codeValue": "SSN"}}],
                    "legalAddress": {"lineOne": "1 Quillmere Rise", "cityName": "Roseland"},
                    "communication": {"landlines": [{"formattedNumber": "(973) 345-1212"}]},
                }
            },
            ("7777", "Quillmere", "Roseland", "1212"),
        ),
        ({"targets": [{"type": "user_reference", "summary": "Heath Lowe", "id": "P2"}]}, ("Heath", "Lowe")),
        ({"user": {"login": "tknope", "manager": {"id": "5", "#text": "Ron Swanson"}}}, ("Ron", "Swanson")),
        ({**ANN, "addresses": [{"value": "6 Rue de Savoie", "type": "home"}]}, ("Savoie",)),
        # Jira: a change has a field, and names in two more; a list of addresses has names that are quoted.
        (
            {"items": [{"field": "assignee", "fromString": "Nico Pa", "toString": "Doug Yule"}]},
            ("Nico", "Doug", "Yule"),
        ),
        ({"issues": [{"author": "m.tucker", "approver_chain": ["Clem Burke"]}]}, ("tucker", "Clem")),
        (
            {"cc": '"Cale, John" <jc@norvel.io>; Sterling M. <sm@norvel.io>'},
            ("Cale", "John", "Sterling"),
        ),
        # A text about somebody.
        (
            {**ANN, "notes": {"value": "Allergic, wife on 07700 912999", "contentType": "text_plain"}},
            ("Allergic", "912999"),
        ),
        ({**ANN, "phones": [{"number": "+44 20 7946 1234", "extension": "7781"}]}, ("7781",)),
        ({"attributes": {"type": "User"}, "Email": "rose.stark@norvel.io.invalid"}, ("rose", "norvel")),
    ],
)
def test_nobody_is_left(value, needles):
    assert left_of(value, *needles) == []


@pytest.mark.parametrize(
    ("value", "needles"),
    [
        ({**ANN, "manager_ad_id": "CN=Smith\\, John,OU=Managers,DC=x"}, ("Smith", "John")),
        ({**ANN, "distinguished_name": "CN=Kay\\, Hazel,OU=Sales,DC=x"}, ("Kay", "Hazel")),
        (
            {"users": [{**ANN, "directReports": ["CN=Grübel\\, Änne (EXT),OU=Ext,DC=x"]}]},
            ("Grübel", "Änne"),
        ),
        ({"groups": [{"cn": "VPN Users", "managedBy": "CN=Åsa Lund,OU=Managers,DC=x"}]}, ("Åsa", "Lund")),
        ({**ANN, "manager": {"dn": "CN=Åsa Lund,OU=M,DC=x", "id": "7"}}, ("Åsa", "Lund")),
        ({"groups": [{"cn": "VPN", "nested": [{"owner": "CN=Åsa Lund,OU=M,DC=x"}]}]}, ("Åsa", "Lund")),
    ],
)
def test_an_entry_of_a_directory_is_somebody_s_where_a_field_refers_to_somebody(value, needles):
    assert left_of(value, *needles) == []


@pytest.mark.parametrize(
    "value",
    [
        {"memberOf": ["CN=Sales Ops,OU=Groups,DC=x"]},
        {
            "member": [
                "CN=Print Room,OU=Servers,DC=x",
                "CN=Blue Moon,CN=Groups,DC=x",
                "CN=SRV-SQL01,OU=X,DC=x",
            ]
        },
        {"name": "Blue Moon", "path": "CN=Blue Moon,OU=Sales,DC=x"},
        # The kind of a person is none.
        {"employment_type": {"label": "Salaried, full-time", "name": "SALARIED_FT", "type": "EMPLOYEE"}},
        {"data": [{"status": {"type": "user", "name": "Active Duty"}}]},
        # What another field says to be a group.
        {"value": [{"principalDisplayName": "All Company", "principalType": "Group"}]},
        {"eventType": "user", "eventName": "created"},
        {"sys_class_name": "sys_user_group", "name": "CAB Approval", "description": "CAB"},
        {"worker_image": "nginx:1.2", "staff_notes": "Rotate keys", "account_alias": "norvel-prod"},
        {"member_last": "2024-01-01", "users_first": 5, "member_uid": "a1b2"},
        {"targets": [{"type": "schedule_reference", "summary": "Daily Rota"}]},
        {"addresses": [{"type": "InternalIP", "address": "10.128.0.3"}, {"type": "x", "address": "fe80::1"}]},
        {"u_type": "incident", "State__c": "Open", "custom_status": "Quorum"},
    ],
)
def test_what_is_nobody_s_stays(value):
    assert unchanged(value)


def test_a_sandbox_of_salesforce_is_one_tenant_with_its_people():
    made = people(value := [ANN, {"Email": "ann.quill@norvel.io.invalid"}]).json(value)
    assert made[1]["Email"] == f"{made[0]['userName']}.invalid"


def test_dates_in_a_text_about_somebody_stay():
    value = {**ANN, "bio": "1990-01-02 03:04:05, 20190101"}
    assert people(value).json(value)["bio"] == value["bio"]


def test_an_entry_in_ldif_is_spelled_as_it_was():
    body = "cn: Karel Page\nsn: Page\nmail: k@norvel.io\nmanager: CN=Smith\\, John,OU=Leads,DC=x\n"
    known = people()
    known.learn_body(body.encode())
    made = known.body(body.encode()).decode()
    assert made.endswith(",OU=Leads,DC=x\n")
    assert made.count("\\") == 1
    assert "Smith" not in made
    assert "John" not in made


def test_the_stand_ins_are_those_of_the_parts():
    value = {"users": [{**ANN, "distinguishedName": "CN=Quill\\, Ann,OU=Sales,DC=x"}]}
    made = people(value).json(value)["users"][0]
    name = made["name"]
    assert made["distinguishedName"] == f"CN={name['familyName']}\\, {name['givenName']},OU=Sales,DC=x"
    assert json.dumps(made) != json.dumps(value["users"][0])
