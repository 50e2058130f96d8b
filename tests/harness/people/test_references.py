"""Fields that refer to somebody."""

from __future__ import annotations

import pytest

from connector_contract.people.references import (
    CAPITAL,
    LONE,
    NOT,
    WHOLE,
    is_nobody,
    kind_of_reference,
    referring,
)
from tests.people_testing import left_of, unchanged


@pytest.mark.parametrize(
    ("name", "how"),
    [
        *[(each, LONE) for each in ("createdBy", "sys_created_by", "opened_by", "SubmittedBy", "updatedby")],
        *[(each, LONE) for each in ("assignee", "assigned_to", "assignedTo", "u_manager", "projectManager")],
        *[(each, WHOLE) for each in ("requested_for", "openedFor")],
        *[(each, NOT) for each in ("created_for", "used_for")],
        *[(each, LONE) for each in ("maintainers", "uploader", "accountExecutive", "members", "spouse")],
        *[(each, CAPITAL) for each in ("owner", "teamLead", "tech_lead", "data_owners")],
        *[
            (each, WHOLE)
            for each in (
                "by",
                "managed_by",
                "raised_by",
                "issued_by",
                "caller_id",
                "emergencyContact",
                "dependents",
            )
        ],
        *[(each, NOT) for each in ("sort_by", "grouped_by", "orderBy", "powered_by", "nearby", "standby")],
        *[(each, NOT) for each in ("package_manager", "repository_owner", "member_count", "created_at", "")],
    ],
)
def test_the_words_of_a_name_say_whom_it_may_have(name, how):
    assert referring(name) == how


@pytest.mark.parametrize("value", ["Automation Rule", "See wiki", "Platform Engineering", "Sales Team"])
def test_whole_names_of_nobody_stay(value):
    assert is_nobody(value)
    assert unchanged({"updated_by": value, "contact": value, "owner": value})


@pytest.mark.parametrize("value", ["Jack Field", "See, Anna", "Summer Post", "Alice Rule"])
def test_whoever_is_called_like_something_else_is_made_up(value):
    assert not is_nobody(value)
    assert left_of({"updated_by": value, "owner": value}, *value.replace(",", "").split()) == []


@pytest.mark.parametrize(
    ("how", "value", "kind"),
    [
        (LONE, "sdahlq", "login"),
        (LONE, "fred.luddyson", "login"),
        (LONE, "zennica2", "login"),
        (LONE, "Severin", "name"),
        (CAPITAL, "Severin", "name"),
        (CAPITAL, "sdahlq", ""),
        (WHOLE, "Severin", ""),
        *[(LONE, each, "") for each in ("u1", "usr_8812", "00u1abcd", "W012A3", "8812", "team-platform", "")],
        *[(LONE, each, "") for each in ("terraform", "admin", "System", "unassigned", "Everyone", "support")],
        *[(LONE, each, "") for each in ("TRUE", "abc", "https://x.example/u", "Platform", "sales.team")],
        *[(LONE, each, "") for each in ("HTTPStatusError", "ConnectorError", "Status2")],
        (NOT, "Severin", ""),
    ],
)
def test_a_single_word_is_somebodys_by_its_form(how, value, kind):
    assert kind_of_reference(how, value) == kind
