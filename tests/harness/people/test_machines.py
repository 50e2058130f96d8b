from __future__ import annotations

import pytest

from connector_contract.people.machines import is_machine, is_of_role, is_of_service, is_only_marked
from tests.people_testing import left_of, unchanged


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


def test_roles_and_programs():
    assert is_of_role("terraform")
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
