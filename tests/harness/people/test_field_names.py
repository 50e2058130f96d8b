from __future__ import annotations

import pytest

from connector_contract.people.field_names import field, normalized
from connector_contract.personal_kinds import KINDS


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("givenName", "given_name"),
        ("given_name", "given_name"),
        ("first-name", "given_name"),
        ("First Name", "given_name"),
        ("managerLastName", "family_name"),
        ("userPrincipalName", "login"),
        ("user_name", "login"),
        ("real_name", "name"),
        ("managerDisplayName", "name"),
        ("owner_name", "name"),
        ("secondEmail", "email"),
        ("user[email]", "email"),
        ("proxyAddresses", "email"),
        ("mobilePhone", "phone"),
        ("contact_phone_number", "phone"),
        ("streetAddress", "address"),
        ("thumbnailPhotoUrl", "photo"),
        ("employeeNumber", "number"),
        ("staff_no", "number"),
        ("contactPerson", "name"),
        ("dateOfBirth", "date"),
        ("lastLoginIp", "ip"),
        ("bio", "text"),
        ("ns:givenName", "given_name"),
        ("@login", None),
        ("last_login", None),
        ("name", None),
        ("group_name", None),
        ("filename", None),
        ("displayName", None),
        ("email_verified", None),
        ("emailType", None),
        ("phone_type", None),
    ],
)
def test_what_a_field_of_any_record_holds(name, kind):
    assert field(name).kind == kind
    assert kind is None or kind in KINDS


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("name", "name"),
        ("displayName", "name"),
        ("login", "login"),
        ("mailNickname", "login"),
        ("city", "address"),
        ("avatar_url", "photo"),
        ("image_72", "photo"),
        ("ipAddress", "ip"),
        ("title", None),
        ("status", None),
        ("department", None),
        ("country", None),
    ],
)
def test_what_a_field_of_a_person_holds(name, kind):
    assert field(name).of_person == kind


def test_what_holds_people_and_what_holds_others():
    assert field("members").is_persons
    assert field("groupOwners").is_persons
    assert field("manager").is_persons
    assert field("groups").is_groups
    assert not field("groups").is_persons
    assert field("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").is_container
    assert field("meta").is_part
    assert not field("items").is_part


def test_which_fields_hold_one_of_a_few_values():
    assert all(field(name).is_enum for name in ("status", "userType", "account_status", "ROLE"))
    assert not any(field(name).is_enum for name in ("name", "typename", "id"))


def test_letters_of_a_name():
    assert normalized("x:Given_Name2") == "givenname"
