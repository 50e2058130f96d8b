from __future__ import annotations

import pytest

from connector_contract.people.machines import (
    is_machine,
    is_of_program,
    is_of_role,
    is_of_service,
    is_only_marked,
)
from tests.people_testing import left_of, made_up, unchanged


@pytest.mark.parametrize(
    "login",
    ["service-account-admin-cli", "svc-deploy", "SVC_backup", "renovate[bot]", "project_1_bot", "bot-x"],
)
def test_a_login_that_says_that_it_is_a_machines(login):
    assert is_machine(login)
    assert is_of_role(login)


@pytest.mark.parametrize("login", ["alice", "bot.jan", "jan_bot", "service", "svcroute", "alice.service"])
def test_one_that_does_not(login):
    assert not is_machine(login)


@pytest.mark.parametrize(
    "login",
    ["relay-bot", "data_export", "backup.agent", "salesforce-sync", "invoice_webhook", "ci-runner2", "agent"],
)
def test_a_login_of_a_program(login):
    assert is_of_role(login)
    assert unchanged([{"username": login}, {"name": f"{login.split('-')[0]} service"}, {"path": "/relay/in"}])


@pytest.mark.parametrize("login", ["jan.bot", "job", "job.devries", "severin.backup", "sbackup", "dataquist"])
def test_a_login_of_somebody_who_is_called_like_one(login):
    assert not is_of_role(login)
    assert left_of([{"username": login, "name": "Jan Botte"}], "devries", "severin", "Jan") == []


def test_the_name_of_a_program_stays_beside_its_login():
    assert unchanged([{"username": "relay-bot", "name": "Relay Bot"}, {"title": "Relay"}])
    assert is_of_program("Data Export")
    assert not is_of_program("Travis")
    users = [
        {"username": "jan_bot", "name": "Jan Bot"},
        {"username": "travis", "name": "Travis"},
        {"username": "data-export", "firstName": "Sync", "lastName": "Agent"},
        {"username": "sbackup", "name": "Stina Backup", "email": "s.backup@norvel.io"},
    ]
    assert left_of(users, "Jan", "jan_", "Bot", "Travis", "Sync", "Agent", "Stina", "Backup", "backup") == []


THINGS = {
    "users": [{"name": "Ann Quill", "email": "ann.quill@norvel.io"}],
    "projects": [
        {
            "name": "Contact Project",
            "incoming_email": "contact-project+ab12@incoming.gitlab.com",
            "service_desk_address": "contact-project-12-issue-@incoming.gitlab.com",
        }
    ],
    "services": [
        {"name": "Payments", "integrations": [{"integration_email": "payments.xyz@team.pagerduty.com"}]}
    ],
    "folders": [
        {
            "type": "folder",
            "name": "Contracts",
            "folder_upload_email": {"access": "open", "email": "upload.Contracts.asd7asd@u.box.com"},
        }
    ],
    "text": "mail payments.xyz@team.pagerduty.com",
}


def test_the_words_of_addresses_of_things_stay():
    made = made_up(THINGS)
    assert left_of(THINGS, "Ann", "quill", "box.com", "gitlab.com", "pagerduty.com") == []
    [folder], [project], [service] = made["folders"], made["projects"], made["services"]
    assert folder["name"] == "Contracts"
    assert folder["folder_upload_email"]["email"].startswith("upload.Contracts.asd7asd@")
    assert project["name"] == "Contact Project"
    assert project["incoming_email"].startswith("contact-project+ab12@")
    assert project["service_desk_address"].startswith("contact-project-12-issue-@")
    assert made["text"] == f"mail {service['integrations'][0]['integration_email']}"
    assert made["text"].startswith("mail payments.xyz@")


def test_somebodys_address_in_such_a_field_is_made_up():
    value = {
        "users": [{"name": "Ann Quill", "email": "ann.quill@norvel.io"}],
        "service_email": "zoltan.novak@norvel.io",
        "service_contact_email": "bea.quall@other.io",
        "integration_email": "cy.quoll@gmail.com",
        "inbound_email": "ann.quill.tickets@in.vendor.com",
    }
    assert left_of(value, "zoltan", "novak", "bea", "quall", "cy.", "quoll", "ann", "quill") == []
    assert is_of_role("payroll-approvers")
    assert not is_of_role("alice-terraform")


def test_domains_of_services():
    assert is_of_service("proj-1.iam.gserviceaccount.com")
    assert not is_of_service("acme.com")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Former user", True),
        ("Deleted User", True),
        ("User", False),
        ("Former Martin", False),
        ("Alice", False),
    ],
)
def test_names_of_whoever_is_gone(name, expected):
    assert is_only_marked(name) is expected


@pytest.mark.parametrize(
    "record",
    [
        {"username": "svc-deploy", "name": "Deploy Runner"},
        {"id": 1, "name": "Deploy Runner", "username": "x1", "bot": True},
        {"name": "Deploy Runner", "login": "dr", "account_type": "service"},
        {"email": "sa@p.iam.gserviceaccount.com", "displayName": "Build Runner"},
    ],
)
def test_the_names_of_machines_stay(record):
    assert unchanged([record, {"title": record.get("name", "")}])


def test_whoever_says_to_be_no_machine_is_still_somebody():
    users = [{"username": "voleott", "name": "Ott Vole", "bot": False, "account_type": "person"}]
    assert left_of(users, "Ott", "Vole", "voleott") == []
