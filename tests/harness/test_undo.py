"""How to put back what a scenario has written: what is known is undone, what is in doubt is listed."""

from __future__ import annotations

import pytest

from connector_contract.safety.undo import MadeCall, as_seen, undo

ALL = (
    "list_accounts",
    "create_account",
    "update_account",
    "activate_account",
    "deactivate_account",
    "delete_account",
    "assign_entitlement",
    "unassign_entitlement",
)
ACCESS = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "e1",
    "resource_integration_specific_id": "",
}
U1 = {"account_id": "u1"}
NEW = {"email": "new@example.com"}


def wrote(capability, request, response=None, code=None, *, ended=True):
    answer = {"response": response or {}}
    if code is not None:
        answer = {"is_error": True, "error": {"error_code": code, "message": "no"}}
    return MadeCall(capability, request, answer if ended else None, writes=True)


def read(capability, records, *, more=False, first=True):
    response = {"response": records, "page": {"token": "2" if more else None}}
    return MadeCall(capability, {}, response, writes=False, is_first_page=first)


def accounts(**statuses):
    return read(
        "list_accounts",
        [{"integration_specific_id": id_, "user_status": status} for id_, status in statuses.items()],
    )


def access(*entitlements, account="u1", **kwargs):
    return read(
        "find_entitlement_associations",
        [
            {
                "account_id": account,
                "integration_specific_entitlement_id": each,
                "integration_specific_resource_id": "",
            }
            for each in entitlements
        ],
        **kwargs,
    )


ASSIGNS, UNASSIGNS = wrote("assign_entitlement", ACCESS), wrote("unassign_entitlement", ACCESS)
ACTIVATES, DEACTIVATES = wrote("activate_account", U1), wrote("deactivate_account", U1)
DELETES = wrote("delete_account", U1)
CREATES = wrote("create_account", NEW, {"id": "u8", "created": True})
AGAIN = wrote("create_account", NEW, {"id": "u8", "created": False})
UPDATES = wrote("update_account", {"id": "u5", "email": "x@example.com"})


def calls_of(*made, capabilities=ALL, restore=None, examples=None):
    plan = undo(made, capabilities, restore or {}, examples or {})
    assert list(plan.left) == []
    return [(each.capability, each.request) for each in plan.calls]


def left_of(*made, capabilities=ALL, restore=None, examples=None):
    plan = undo(made, capabilities, restore or {}, examples or {})
    assert list(plan.calls) == []
    return list(plan.left)


@pytest.mark.parametrize(
    ("made", "calls"),
    [
        pytest.param([ASSIGNS], [("unassign_entitlement", ACCESS)], id="an assignment"),
        pytest.param([UNASSIGNS], [("assign_entitlement", ACCESS)], id="its opposite"),
        pytest.param([ACTIVATES], [("deactivate_account", U1)], id="an activation"),
        pytest.param([DEACTIVATES], [("activate_account", U1)], id="a deactivation"),
        pytest.param([ASSIGNS, ASSIGNS], [("unassign_entitlement", ACCESS)], id="a repeat"),
        pytest.param([ASSIGNS, UNASSIGNS], [], id="there and back"),
        pytest.param([ASSIGNS, UNASSIGNS, ASSIGNS], [("unassign_entitlement", ACCESS)], id="and again"),
        pytest.param(
            [ASSIGNS, ACTIVATES],
            [("deactivate_account", U1), ("unassign_entitlement", ACCESS)],
            id="the last first",
        ),
        pytest.param([access("e1"), ASSIGNS], [], id="it was assigned before"),
        pytest.param([access("e1"), ASSIGNS, UNASSIGNS], [("assign_entitlement", ACCESS)], id="and is not"),
        pytest.param(
            [access("e1", account="u2"), ASSIGNS], [("unassign_entitlement", ACCESS)], id="somebody else's"
        ),
        pytest.param([access("e2"), UNASSIGNS], [], id="it was not assigned before"),
        pytest.param(
            [access("e2", more=True), access("e1", first=False), ASSIGNS], [], id="on the second page"
        ),
        pytest.param([accounts(u1="ACTIVE"), ACTIVATES], [], id="it was active before"),
        pytest.param([accounts(u1="SUSPENDED"), DEACTIVATES], [], id="it was inactive before"),
        pytest.param([accounts(u1="SUSPENDED"), ACTIVATES], [("deactivate_account", U1)], id="it was not"),
        pytest.param([accounts(u1=None), ACTIVATES], [("deactivate_account", U1)], id="no status"),
        pytest.param([CREATES], [("delete_account", {"account_id": "u8"})], id="a creation"),
        pytest.param([CREATES, AGAIN], [("delete_account", {"account_id": "u8"})], id="its repeat"),
        pytest.param([AGAIN], [], id="nothing was created"),
        pytest.param([CREATES, wrote("delete_account", {"account_id": "u8"})], [], id="deleted by the test"),
        pytest.param(
            [CREATES, wrote("activate_account", {"account_id": "u8"})],
            [("delete_account", {"account_id": "u8"})],
            id="what was created goes as a whole",
        ),
        pytest.param([wrote("delete_account", U1, code="not_found")], [], id="it was refused"),
        pytest.param([ASSIGNS, wrote("unassign_entitlement", ACCESS, code="conflict")],
                     [("unassign_entitlement", ACCESS)], id="the way back was refused"),
        pytest.param([read("list_accounts", [])], [], id="no write"),
    ],
)  # fmt: skip
def test_what_is_known_is_put_back_as_it_was(made, calls):
    assert calls_of(*made) == calls


@pytest.mark.parametrize(
    ("made", "left"),
    [
        pytest.param([DELETES], ["delete_account u1: a deletion cannot be undone"], id="a deletion"),
        pytest.param(
            [UPDATES],
            ["update_account u5: restore['update_account'] in the contract's class does not say how"],
            id="an update",
        ),
        pytest.param(
            [wrote("assign_entitlement", ACCESS, code="internal_error")],
            ["assign_entitlement u1 / e1: it ended in internal_error, and may have changed something"],
            id="half done",
        ),
        pytest.param(
            [ASSIGNS, wrote("unassign_entitlement", ACCESS, code="api_error")],
            ["unassign_entitlement u1 / e1: it ended in api_error, and may have changed something"],
            id="the way back half done",
        ),
        pytest.param(
            [wrote("assign_entitlement", ACCESS, ended=False)],
            ["assign_entitlement u1 / e1: it did not come to its end, and may have changed something"],
            id="interrupted",
        ),
        pytest.param(
            [accounts(u1="PENDING"), ACTIVATES], ["activate_account u1: the account was PENDING before"],
            id="no way",
        ),
        pytest.param(
            [access("e2"), ASSIGNS, access("e1")],
            ["assign_entitlement u1 / e1: it took the place of e2"],
            id="a role replaced",
        ),
        pytest.param(
            [wrote("create_account", NEW, {"created": True})],
            [
                "create_account new@example.com: its response does not say that it has created something "
                "with an id"
            ],
            id="no id",
        ),
        pytest.param(
            [accounts(u8="ACTIVE"), CREATES],
            ["create_account new@example.com: u8 was there before"],
            id="it was there",
        ),
    ],
)  # fmt: skip
def test_what_is_in_doubt_is_listed(made, left):
    assert left_of(*made) == left


def test_what_the_connector_cannot_call_is_listed():
    assert left_of(CREATES, capabilities=["create_account"]) == [
        "create_account new@example.com: the connector has no delete_account; it created u8"
    ]
    assert left_of(ASSIGNS, capabilities=["assign_entitlement"]) == [
        "assign_entitlement u1 / e1: the connector has no unassign_entitlement"
    ]


def test_the_author_says_how_an_example_is_undone():
    back = {"update_account": {"id": "u5", "email": "old@example.com"}, "activate_account": U1}
    facts = {"restore": {"update_account": back}, "examples": {"update_account": UPDATES.request}}
    assert calls_of(UPDATES, UPDATES, **facts) == list(back.items())
    # Of another request, the author says nothing.
    (line,) = left_of(wrote("update_account", {"id": "u6"}), **facts)
    assert line.startswith("update_account u6: ")
    # What may be half done is for a person to look at.
    (line,) = left_of(wrote("update_account", UPDATES.request, code="internal_error"), **facts)
    assert "may have changed something" in line


def test_a_call_that_puts_back_is_given_what_the_write_was_given():
    call = MadeCall("activate_account", U1, {"response": {}}, writes=True, given={"settings": {"t": "2"}})
    (each,) = undo([call], ALL, {}, {}).calls
    assert each.given == {"settings": {"t": "2"}}
    assert str(each) == "deactivate_account u1, after activate_account u1"


def test_what_an_earlier_scenario_has_read_shows_how_it_was():
    seen = [accounts(u1="ACTIVE"), access("e1")]
    for written in (ACTIVATES, ASSIGNS):
        plan = undo([written], ALL, {}, {}, seen)
        assert (list(plan.calls), list(plan.left)) == ([], [])
    plan = undo([CREATES], ALL, {}, {}, [accounts(u8="ACTIVE")])
    assert (plan.calls, len(plan.left)) == ([], 1)
    assert "u8 was there before" in plan.left[0]


@pytest.mark.parametrize("written", [ACTIVATES, DEACTIVATES, ASSIGNS, UNASSIGNS])
def test_what_was_looked_for_and_not_seen_is_left(written):
    """As in the first pages of a long list."""
    seen = [accounts(u7="ACTIVE"), access("e1", account="u7", more=True)]
    (line,) = left_of(*seen, written)
    assert line.endswith(": what was read before does not show how it was")


def test_a_read_is_kept_without_what_nobody_needs():
    record = {"integration_specific_id": "u1", "user_status": "ACTIVE", "email": "ann@example.com"}
    short = as_seen(read("list_accounts", [record], more=True))
    assert short.response == {
        "response": [{"integration_specific_id": "u1", "user_status": "ACTIVE"}],
        "page": {"token": "2"},
    }
    assert as_seen(read("list_resources", [record])) is None
    assert as_seen(wrote("get_account", {}, code="not_found")) is None


# Applications

IN_A1 = {"account_id": "u1", "application_instance_id": "a1"}
ROLE = {**ACCESS, "application_instance_id": "a1"}
APPLICATIONS = (
    "list_applications_accounts",
    "list_applications_entitlement_associations",
    "assign_application",
    "unassign_application",
    "assign_application_entitlement",
    "unassign_application_entitlement",
)


def members(*pairs, status="ACTIVE"):
    records = [{"account_id": one, "application_instance_id": app, "status": status} for one, app in pairs]
    return read("list_applications_accounts", records)


def roles(*entitlements, app="a1"):
    records = [{**each, "application_instance_id": app} for each in access(*entitlements).records]
    return read("list_applications_entitlement_associations", records)


INTO, OUT_OF = wrote("assign_application", IN_A1), wrote("unassign_application", IN_A1)
GIVES = wrote("assign_application_entitlement", ROLE)
TAKES = wrote("unassign_application_entitlement", ROLE)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param([members(), INTO], [("unassign_application", IN_A1)], id="assigned"),
        pytest.param([INTO], [("unassign_application", IN_A1)], id="assigned, nothing read"),
        pytest.param([members(("u1", "a1")), INTO], [], id="assigned before"),
        pytest.param(
            [members(("u1", "a1"), status="DEPROVISIONED"), INTO],
            [("unassign_application", IN_A1)],
            id="it was removed before",
        ),
        pytest.param(
            [members(("u1", "a2"), ("u2", "a1")), INTO], [("unassign_application", IN_A1)], id="not that one"
        ),
        pytest.param([members(("u1", "a1")), OUT_OF], [("assign_application", IN_A1)], id="taken away"),
        pytest.param([members(("u1", "a1")), OUT_OF, INTO], [], id="undone"),
        pytest.param(
            [members(("u1", "a1")), OUT_OF, wrote("assign_application", {**IN_A1, "note": "x"})],
            [],
            id="undone, and asked for more",
        ),
        pytest.param([roles(), GIVES], [("unassign_application_entitlement", ROLE)], id="given"),
        pytest.param(
            [roles("e1", app="a2"), GIVES], [("unassign_application_entitlement", ROLE)], id="elsewhere"
        ),
        pytest.param([roles("e1"), GIVES], [], id="given before"),
        pytest.param([roles("e1"), TAKES], [("assign_application_entitlement", ROLE)], id="taken"),
    ],
)
def test_a_write_to_an_application_is_put_back_by_its_opposite(made, expected):
    assert calls_of(*made, capabilities=APPLICATIONS) == expected


def test_what_an_application_took_with_it_is_left_to_a_person():
    calls = [members(("u1", "a1")), roles("e1"), OUT_OF, members(), roles()]
    plan = undo(calls, APPLICATIONS, {}, {})
    assert [(each.capability, each.request) for each in plan.calls] == [("assign_application", IN_A1)]
    assert list(plan.left) == [
        "unassign_application u1 / a1: it took away e1 / a1, which assign_application does not give back"
    ]


def test_a_role_that_took_the_place_of_another_is_left_to_a_person():
    calls = [roles("e0"), GIVES, roles("e1")]
    [line] = left_of(*calls, capabilities=APPLICATIONS)
    assert line.endswith("it took the place of e0 / a1")


def test_of_a_list_of_applications_what_nobody_needs_is_forgotten():
    seen = as_seen(members(("u1", "a1")))
    assert seen is not None
    assert seen.records == [{"account_id": "u1", "application_instance_id": "a1", "status": "ACTIVE"}]


FAILED = wrote("create_account", NEW, code="not_found")


def named(**emails):
    records = [{"integration_specific_id": id_, "email": email} for id_, email in emails.items()]
    return read("list_accounts", records)


OLD, BOTH = named(u1="a@example.com"), named(u1="a@example.com", u8="NEW@example.com")


def test_an_account_that_is_there_though_its_creation_failed_is_deleted():
    plan = undo([OLD, FAILED, BOTH], ALL, {}, {})
    assert [(each.capability, each.request) for each in plan.calls] == [
        ("delete_account", {"account_id": "u8"})
    ]
    assert (list(plan.left), list(plan.found)) == ([], ["u8"])
    # It was read before the scenario, and without e-mails.
    seen = [as_seen(OLD)]
    assert list(undo([FAILED, BOTH], ALL, {}, {}, seen).found) == ["u8"]
    unclear = wrote("create_account", NEW, code="internal_error")
    assert list(undo([OLD, unclear, BOTH], ALL, {}, {}).found) == ["u8"]


def test_whoever_may_have_been_there_before_is_never_deleted():
    says = (
        "create_account new@example.com: it ended in not_found, and u8 is there, which may have been there "
    )
    says += "before"
    assert left_of(FAILED, BOTH) == [says]
    # The list was not read to its end.
    begun = read("list_accounts", [{"integration_specific_id": "u1", "email": "a@example.com"}], more=True)
    assert left_of(begun, FAILED, BOTH) == [says]
    two = named(u8="new@example.com", u9="new@example.com")
    assert left_of(OLD, FAILED, two) == [says]
    assert left_of(OLD, FAILED, BOTH, capabilities=("list_accounts", "create_account")) == [
        "create_account new@example.com: the connector has no delete_account; it created u8"
    ]


def test_a_creation_that_was_refused_has_left_nothing():
    conflict = wrote("create_account", NEW, code="conflict")
    assert calls_of(OLD, FAILED, OLD) == calls_of(BOTH, FAILED, BOTH) == calls_of(OLD, conflict, BOTH) == []
    # A repeat is of the account that the first has created, which is put back once.
    assert calls_of(OLD, CREATES, FAILED, BOTH) == [("delete_account", {"account_id": "u8"})]
