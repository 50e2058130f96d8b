"""Rules take requests from what the connector answers: where its lists have changed, that is a regression."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.loopback

CONNECTOR = "directory_connector.py"
CHANGED = "The lists have changed, so this rule would call {} for something else than recorded."


@pytest.mark.parametrize(
    ("old", "new", "rule", "called", "recorded", "now"),
    [
        pytest.param(
            "integration_specific_id=entitlement.id",
            'integration_specific_id=entitlement.id.replace("basic", "a-basic")',
            "max_assignments",
            "assign_entitlement",
            '"entitlement_integration_specific_id": "basic"',
            '"entitlement_integration_specific_id": "a-basic"',
            id="another entitlement comes first",
        ),
        pytest.param(
            "account_id=grant.user_id",
            'account_id="u0" if grant.user_id == "u1" else grant.user_id',
            "max_assignments",
            "assign_entitlement",
            '"account_integration_specific_id": "u1"',
            '"account_integration_specific_id": "u0"',
            id="another account comes first",
        ),
        pytest.param(
            "response=[account(user) for user in users], page=page",
            "response=[account(user) for user in reversed(users)], page=page",
            "agreement and get_account and not associations",
            "get_account",
            "account_id",
            "account_id",
            id="the accounts come in another order",
        ),
        pytest.param(
            "response=[account(user) for user in users], page=page",
            "response=[account(user) for user in users[:1]], page=page",
            "agreement and get_account and not associations",
            "get_account",
            "account_id",
            "no such call",
            id="there are fewer accounts",
        ),
    ],
)
def test_other_lists_are_a_regression_and_no_request_change(directory, old, new, rule, called, recorded, now):
    project = directory.run("--record-mode=once", "-k", rule).project
    run = project.edit(CONNECTOR, old, new).run("-k", rule)
    assert run.outcomes["failed"] == 1, run.output
    run.said(f"Regression: {CHANGED.format(called)}", "verdicts: 1 regression")
    lines = {key: line for key, _, line in (each.strip().partition(": ") for each in run.output.splitlines())}
    assert recorded in lines["recorded"], run.output
    assert now in lines["now"], run.output


def test_an_example_that_only_now_is_there(directory):
    """The recording has found nothing to check, and a replay finds something."""
    one_left = ("min=0, max=1", "min=0, max=2")
    project = directory.edit(CONNECTOR, *one_left).run("--record-mode=once", "-k", "max_assignments").project
    run = project.edit(CONNECTOR, *reversed(one_left)).run("-k", "max_assignments")
    run.said("Nothing was compared: The scenario is not recorded", "verdicts: nothing compared in 1 test")
